"""Recurring runs: when a template or a job file is due again, and what puts it into the queue then."""
