"""Carries the user's intent to the engine and the desktop, and reports the outcome."""
