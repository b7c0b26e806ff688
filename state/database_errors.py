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
_WAY_OUT = (
    "`signalbox doctor --strict` names all damage and the last good backup, which "
    "`signalbox backup --restore FILE` puts in place."
)
NOTHING_STORED = " Nothing of this change was stored."
"""What it means that a transaction could not be committed."""
_BRIEF = 60
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
            f"{path} is damaged ({why}); it was left as it is. `signalbox backup --restore FILE` puts a backup "
            "in its place and moves this file aside; `signalbox doctor` names the last good one.",
            failure=DatabaseFailure.DAMAGED,
        )


class DamagedRecordError(DatabaseError, ValueError):
    """A stored value is none that its field can have; the row is left as it is, and nothing is guessed in its place.

    Args:
        record: what the row holds, as a noun.
        field: the name of the field; empty if it is the whole record.
        value: what is stored.
        needed: what it should be, as the end of a sentence.
    """

    def __init__(self, record: str, field: str, value: object, needed: str, *, place: str = "") -> None:
        self.record, self.field, self.value, self.needed, self.place = record, field, value, needed, place
        super().__init__(f"{self.sentence} Nothing was changed. {_WAY_OUT}", failure=DatabaseFailure.DAMAGED)

    @property
    def sentence(self) -> str:
        """What is wrong, and where."""
        where = f" ({self.place})" if self.place else ""
        what = (
            f"its {self.field} is {_brief(self.value)}, not {self.needed}"
            if self.field
            else "it is not whole"
        )
        return f"A stored {self.record}{where} is damaged: {what}."

    def at(self, place: str) -> "DamagedRecordError":
        """The same with its table and row."""
        return DamagedRecordError(self.record, self.field, self.value, self.needed, place=place)


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
    failure = _FAILURES.get(code, DatabaseFailure.UNKNOWN)
    # SQLITE_ERROR: a table or column is gone, or a text is in no encoding.
    is_damage = failure is DatabaseFailure.DAMAGED or code == sqlite3.SQLITE_ERROR
    way_out = f" {_WAY_OUT}" if is_damage else ""
    return DatabaseError(f"{path}: {error}.{consequence}{way_out}", failure=failure)


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"
