"""Deciding what runs next, and carrying the decision out through the ports."""
