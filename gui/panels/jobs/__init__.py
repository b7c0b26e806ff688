"""The table of jobs: sorting, filtering, choosing columns, and commands on many jobs at once."""
