"""The checks. Each takes what it looks at and returns its complaints, so that a test can hand it a violation."""
