"""Maintains a home: backups, pruning of old history, export and import, and health checks."""
