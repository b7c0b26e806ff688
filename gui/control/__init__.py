"""Carries a person's intent to the engine and the desktop, and tells what came of it."""
