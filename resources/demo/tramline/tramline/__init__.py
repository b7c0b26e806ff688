"""Departure boards of a small tram company."""
