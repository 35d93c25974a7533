"""Ground floor: where we are, who we are, what runs."""
