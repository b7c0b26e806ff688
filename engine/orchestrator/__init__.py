"""Decide what runs next, and carry the decision out through the ports."""
