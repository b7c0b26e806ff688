"""The sheet for job files that are dropped on the window: reading, checking, trusting."""
