"""Decides what may start: what a job would run, what the user has allowed, and how both are shown."""
