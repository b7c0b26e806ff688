"""The job-centric face of the database."""
