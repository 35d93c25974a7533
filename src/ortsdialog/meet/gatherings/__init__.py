"""Gatherings: an event on one day, its format, tables, rounds and guiding questions.

Responsible for: events and their publication, tables with code and host, rounds, questions, table signs.
Not responsible for: names of guests (participants), what is said (contributions), devices (capture).
"""
