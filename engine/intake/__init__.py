"""Takes in job files that are dropped into a folder."""
