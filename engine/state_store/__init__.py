"""The job-centred interface to the database."""
