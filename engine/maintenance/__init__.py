"""Looks after a home: backups, old history, export and import, and checks of its health."""
