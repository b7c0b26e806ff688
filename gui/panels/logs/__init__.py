"""The logs of all jobs in one list: reading, filtering, finding and drawing lines."""
