"""What follows: the plan and its measures."""
