"""Contributions: what somebody said, and how it was sorted.

Responsible for: statements with table, round, question, channel and languages, moderation, kinds,
clusters, receipt codes.
Not responsible for: who said it. Nothing here refers to a person, and nothing ever may.
"""
