"""Accepts job files that are dropped into a folder."""
