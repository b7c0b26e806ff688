"""The Night: workstreams as rows, attempts as bars and waits between them on one time axis."""
