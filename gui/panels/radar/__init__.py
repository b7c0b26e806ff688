"""The radar: which files running jobs write, where they meet, and the stages of a pipeline."""
