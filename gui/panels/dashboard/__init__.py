"""The dashboard: what needs a person, the runs, and charts of the recent past."""
