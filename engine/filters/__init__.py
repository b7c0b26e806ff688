"""Saved filter sets of lines: the files they are kept in."""
