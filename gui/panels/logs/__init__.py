"""The logs of all jobs in one list: read, filter, search and paint lines."""
