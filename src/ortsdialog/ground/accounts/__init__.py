"""Accounts: people who work with the house, and what they may do where.

Responsible for: users, sign-in with second factor or passkey, roles in a place or a programme,
invitations by single-use link, signing out everywhere.
Not responsible for: guests of an event; they need no account and have none.
"""
