"""Plan: what follows from what was said. Vision, fields of action, goals, measures and their owners.

Responsible for: the master plan of a process, measures made from clusters, asking owners and their
answers, the states of a measure, the way of a statement from the table to the deed.
Not responsible for: recommendations to the Land, money (other rooms of this floor).
"""
