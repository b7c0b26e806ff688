"""The root of every error raised on purpose, and the errors of the database."""

from pathlib import Path


class SignalboxError(Exception):
    """A known failure that is told to the user; anything else is a bug and crashes loudly."""


class DatabaseError(SignalboxError):
    """The database cannot be used as asked; the message says where it lies and what to do."""


class DatabaseBusyError(DatabaseError):
    """Another process holds the write lock; nothing was changed, try again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is being written by another process; nothing was changed. Try again.")


class ViewOnlyError(DatabaseError):
    """The database was written by a newer Signalbox, or cannot be written; it is shown and never changed."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can only be looked at: {why}.")


class ForeignDatabaseError(DatabaseError):
    """The file is no database of Signalbox; it is left as it is."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a Signalbox database ({why}); it was left as it is. Name another with --home."
        )


class DamagedDatabaseError(ForeignDatabaseError):
    """The file was a database of ours once; it is left as it is, and a backup may be put in its place."""

    def __init__(self, path: Path, why: str) -> None:
        DatabaseError.__init__(
            self,
            f"{path} is damaged ({why}); it was left as it is. `signalbox backup --restore` puts the last good "
            "backup in its place and moves this file aside.",
        )


class NoSuchRowError(SignalboxError, LookupError):
    """The record asked for is not in the database."""
