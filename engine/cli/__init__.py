"""The command line: the same engine without a window. Reads and writes through the store; rules nothing."""

from engine.cli.app import app, main

__all__ = ["app", "main"]
