"""The command line: the same engine without a window. Reads and writes through the store and makes no rules."""

from engine.cli.root import app, main

__all__ = ["app", "main"]
