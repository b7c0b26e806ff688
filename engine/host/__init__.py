"""Runs an engine inside a process: what it is assembled of, its turns, its commands, and what goes on beside jobs."""
