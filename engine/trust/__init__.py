"""Decides what may start: what a job would run, what a person has allowed, and how it is shown."""
