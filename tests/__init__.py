"""Tests that concern the whole house; those of one context live in the context."""
