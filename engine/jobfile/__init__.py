"""Reads job files and pipelines: their fields, their schemas, and the messages for mistakes."""
