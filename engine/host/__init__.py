"""Run an engine inside a process: its assembly, its turns, its commands, and its side tasks."""
