"""The talk: events, what is said at the tables, and how it is captured."""
