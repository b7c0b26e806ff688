"""The root of every error raised on purpose, and the errors of the database."""

import sqlite3
from enum import StrEnum
from pathlib import Path


class SignalboxError(Exception):
    """A known failure that is shown to the user; anything else is a bug and crashes loudly."""


class DatabaseFailure(StrEnum):
    """Why a database cannot be used, if that is known."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"


_FAILURES = {
    sqlite3.SQLITE_FULL: DatabaseFailure.DISK_FULL,
    sqlite3.SQLITE_READONLY: DatabaseFailure.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DatabaseFailure.DAMAGED,
    sqlite3.SQLITE_NOTADB: DatabaseFailure.DAMAGED,
}
_SHOWN_BITS = 256
_PRIMARY = 0xFF
"""SQLite's extended codes carry the primary one in their lowest byte."""


class DatabaseError(SignalboxError):
    """The database cannot be used that way; the message says where it lies and what to do, `failure` why."""

    def __init__(self, message: str, *, failure: DatabaseFailure = DatabaseFailure.UNKNOWN) -> None:
        super().__init__(message)
        self.failure = failure


class DatabaseBusyError(DatabaseError):
    """Another process holds the write lock; nothing was changed, try again."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is being written by another process; nothing was changed. Try again.")


class ViewOnlyError(DatabaseError):
    """The database was written by a newer Signalbox or cannot be written; it is shown but never changed."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} can only be read: {why}.")


class ForeignDatabaseError(DatabaseError):
    """The file is not a Signalbox database; it is left as it is."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a Signalbox database ({why}); it was left as it is. Name another with --home."
        )


class DamagedDatabaseError(ForeignDatabaseError):
    """The file was a Signalbox database but is damaged; it is left as it is, and a backup can be restored."""

    def __init__(self, path: Path, why: str) -> None:
        DatabaseError.__init__(
            self,
            f"{path} is damaged ({why}); it was left as it is. `signalbox backup --restore` puts the last good "
            "backup in its place and moves this file aside.",
            failure=DatabaseFailure.DAMAGED,
        )


class NumberTooLargeError(SignalboxError):
    """A whole number does not fit into a column; nothing was changed."""

    def __init__(self, number: int) -> None:
        size = f"a number of {number.bit_length()} bits" if number.bit_length() > _SHOWN_BITS else str(number)
        super().__init__(
            f"The database cannot hold {size}: the largest it can is 2^63 - 1. Use a smaller one."
        )


class NoSuchRowError(SignalboxError, LookupError):
    """The requested record is not in the database."""


def error_code(error: BaseException | None) -> int:
    """SQLite's primary result code for an error; 0 for one that is not SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY


def translated(error: BaseException | None, path: Path, consequence: str = "") -> DatabaseError:
    """Our error for an error of SQLite, chosen by its result code, since its message is not reliable."""
    code = error_code(error)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseBusyError(path)
    message = f"{path}: {error}.{consequence}"
    return DatabaseError(message, failure=_FAILURES.get(code, DatabaseFailure.UNKNOWN))
