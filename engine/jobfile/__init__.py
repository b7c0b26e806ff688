"""Reads job files and pipelines: their fields, their schemas, and what is said of a mistake."""
