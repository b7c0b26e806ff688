"""The details of one job: its steps, facts, attempts, output and changes."""
