"""Opens the database: file modes, transactions, and migration of older databases.

A `Database` has one writing connection (``BEGIN IMMEDIATE``, ``synchronous=FULL``) and hands out reading ones
(``query_only``, short busy timeout). It knows nothing of jobs.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.exc import IntegrityError, ProgrammingError

from state.change_counts import ChangeCounts, written_table
from state.compaction import write_anew
from state.database_errors import (
    NOTHING_STORED,
    DamagedDatabaseError,
    DatabaseError,
    ViewOnlyError,
    translated,
)
from state.foreign_writes import ForeignWrites
from state.locks import KernelLock
from state.migrations import REVISIONS
from state.overwrite_guard import Overwriting
from state.schema_version import may_write, plain_connection, version_on_disk
from state.sqlite_engines import READER_BUSY_MS, reading_engine, writing_engine

__all__ = ["Connection", "Database"]

R = TypeVar("R")
_OPENING_S = 60
"""How long to wait for another process that upgrades the schema."""
_MIXED = (
    "What it holds now is of two databases: nothing is written to it or saved from it. End Signalbox, then put a "
    "backup in place with `signalbox backup --restore FILE`; `signalbox backup --list` names them."
)


class Database:
    """One SQLite file, opened for this process.

    Args:
        path: the file; created with mode 0600 if it does not exist.
        backups: folder for the copy made before a migration; the folder of the file if None.

    Raises:
        ForeignDatabaseError: the file is something else; it is not touched.
        DatabaseError: the file or its folder cannot be read or made.
    """

    def __init__(self, path: Path, *, backups: Path | None = None) -> None:
        self.path = path
        self.view_only_because: str | None = None
        """Why this database is read-only: a newer release wrote it, or it cannot be written."""
        self.after_commit: Callable[[], None] = _nothing
        """Called after each commit of this process, by the thread that wrote; it must only signal."""
        self._backups = backups or path.parent
        self._lock = threading.RLock()
        self._open: Connection | None = None
        self._owner: int | None = None
        self._immutable = ""
        if path.is_file() and path.stat().st_size and not may_write(path):
            self._look_only()
        else:
            is_new = not path.exists()
            with _opening(path):
                self._prepare(is_new=is_new)
        self.changes = ChangeCounts()
        """What this process has written through this database."""
        self._writer = writing_engine(path, self.changes) if self.view_only_because is None else None
        self._foreign = ForeignWrites()
        self._owner_of_look: int | None = None
        self._kept: dict[Hashable, tuple[int, Any]] = {}
        self._on_end: list[Callable[[bool], None]] = []
        if self._writer is not None:
            event.listen(self._writer, "before_cursor_execute", self._note_write)
        self._identity = _identity(path)
        self._overwriting: Overwriting | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction; entered again in the same thread, it joins the open one.

        Raises:
            DatabaseBusyError: another process held the lock for five seconds.
            ViewOnlyError: this database is read-only.
        """
        if self._writer is None:
            raise ViewOnlyError(self.path, self.view_only_because or "it is open for reading")
        if self._overwriting is not None and self._overwriting.happened():
            raise DatabaseError(f"{self.path} was overwritten while it was open. {_MIXED}")
        with self._lock:
            if self._open is not None:
                yield self._open
                return
            try:
                with self._translating(), self._writer.begin() as connection:
                    self._foreign.look(connection)  # nobody else can write before this transaction has ended
                    self._open, self._owner = connection, threading.get_ident()
                    try:
                        yield connection
                    finally:
                        self._open = self._owner = None
            except BaseException:
                self.changes.rolled_back()
                self._end(committed=False)
                raise
            self.changes.committed()
            self._end(committed=True)
            self.after_commit()

    @contextmanager
    def looked_once(self) -> Iterator[None]:
        """Let this thread notice the writes of others now and as its transactions begin, and not in between."""
        self.change_stamp()
        before, self._owner_of_look = self._owner_of_look, threading.get_ident()
        try:
            yield
        finally:
            self._owner_of_look = before

    def on_end(self, call: Callable[[bool], None]) -> None:
        """Call this once when the transaction of this thread has ended, with whether it was committed."""
        self._on_end.append(call)

    def _end(self, *, committed: bool) -> None:
        calls, self._on_end = self._on_end, []
        for call in calls:
            call(committed)

    @property
    def joined(self) -> Connection | None:
        """The transaction that this thread has open, to read what it has just written."""
        return self._open if self._owner == threading.get_ident() else None

    def change_stamp(self, *tables: str) -> int:
        """A number that differs once another connection has written, or this process to one of these tables.

        Without tables, whatever this process has written. It never waits for a transaction of another thread. Take it
        before what it is to be compared for is read. What the transaction of this thread has written counts once it is
        committed; `changes` says what that is. As long as the file cannot be looked at, as on a full disk, each call
        counts as a write of others: whoever then reads learns what is wrong.
        """
        is_known = self._owner_of_look == threading.get_ident()
        if (
            self._writer is not None
            and not is_known
            and self.joined is None
            and self._lock.acquire(blocking=False)
        ):
            try:
                if self._open is None:
                    self._foreign.look_by(self._writer)
            finally:
                self._lock.release()
        return self._foreign.count + self.changes.of(*tables)

    def stamp_once_committed(self, *tables: str) -> int:
        """What `change_stamp` is after the transaction of this thread, if nobody else writes until then."""
        return self._foreign.count + self.changes.once_committed(*tables)

    def kept(self, key: Hashable, tables: Sequence[str], read: Callable[[], R]) -> R:
        """What `read` makes of these tables, from memory as long as none of them can have changed since.

        Whatever is read under the same `key` must be the same.
        """
        if self.joined is not None and self.changes.is_open(*tables):
            return read()  # not committed yet, so nobody may keep it
        stamp = self.change_stamp(*tables)  # taken first: what is read after it can only be newer
        found = self._kept.get(key)
        if found is None or found[0] != stamp:
            found = self._kept[key] = (stamp, read())
        result: R = found[1]
        return result

    def _note_write(
        self,
        _connection: object,
        _cursor: object,
        statement: str,
        _parameters: object,
        context: Any,
        *_: object,
    ) -> None:
        table = written_table(statement, context)
        if table is not None:
            self.changes.note(table)

    @property
    def reading_address(self) -> str:
        """What readers add to the address of the file."""
        return f"?mode=ro{self._immutable}"

    def reading_engine(self, *, busy_ms: int = READER_BUSY_MS) -> Engine:
        """An engine for one reader; its connection can write nothing."""
        return reading_engine(self.path, busy_ms=busy_ms, query=self._immutable)

    def was_replaced(self) -> bool:
        """Whether the file at the path is no longer the one that was opened; writes would then be lost."""
        return _identity(self.path) != self._identity

    def was_overwritten(self) -> bool:
        """Whether another file was copied over the open one; its contents are then a mixture of both.

        Only a process that calls this checks at all; once it is true, it writes nothing more into the file.
        """
        if self._writer is None or not self.path.exists() or self.was_replaced():
            return False
        if self._overwriting is None:
            try:
                with self._lock, self._writer.connect() as connection:
                    writer: Any = connection.connection.driver_connection
                    self._overwriting = Overwriting(self.path, writer)
            except (sqlite3.Error, DriverError):
                return False  # full or locked at the moment; the next check tries again
        return self._overwriting.happened()

    def checkpoint(self) -> None:
        """Write what the log holds into the file, as far as nobody reads it; so a file that became smaller shrinks."""
        if self._writer is not None:
            with suppress(sqlite3.Error, DriverError), self._lock, self._writer.connect() as connection:
                held: Any = connection.connection.driver_connection
                held.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def backup(self, target: Path) -> None:
        """Copy the database as it stands into `target` (mode 0600), through SQLite's backup interface.

        Raises:
            DatabaseError: a file of that name exists, or the copy cannot be made; no partial copy remains.
        """
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with (
                plain_connection(self.path, f"?mode=ro{self._immutable}") as source,
                plain_connection(target) as copy,
            ):
                source.backup(copy)
        except OSError as error:
            raise DatabaseError(f"{target} cannot be written: {error.strerror}.") from error
        except sqlite3.Error as error:
            target.unlink()
            raise DatabaseError(f"{self.path} cannot be backed up to {target}: {error}.") from error

    def save_copy(self, target: Path) -> None:
        """Copy the open database into `target`, even if its file has been deleted or moved meanwhile.

        Raises:
            DatabaseError: a file of that name exists, or the copy cannot be made.
        """
        if self._writer is None:
            raise ViewOnlyError(self.path, self.view_only_because or "it is open for reading")
        if self.was_overwritten():
            raise DatabaseError(f"{self.path} was overwritten while it was open. {_MIXED}")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with self._lock, self._writer.connect() as connection, plain_connection(target) as copy:
                held: Any = connection.connection.driver_connection
                held.backup(copy)
        except OSError as error:
            raise DatabaseError(f"{target} cannot be written: {error.strerror}.") from error
        except (sqlite3.Error, DriverError) as error:
            raise DatabaseError(f"{self.path} cannot be copied: {error}.") from error

    def close(self) -> None:
        """Close the writing connection."""
        if self._writer is not None:
            self._writer.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a bug in this program, not a fault of the file
        except (DriverError, sqlite3.Error) as error:
            cause = error.orig if isinstance(error, DriverError) else error
            raise translated(cause, self.path, NOTHING_STORED) from error

    def _look_only(self) -> None:
        """Open a file that cannot be written. If it has a write-ahead log, reading that needs a writable folder."""
        wal = self.path.with_name(self.path.name + "-wal")
        unread = wal.exists() and wal.stat().st_size > 0
        if not os.access(self.path.parent, os.W_OK):
            if unread:
                raise DatabaseError(
                    f"{self.path} has changes in its log that can only be read where they can be written too. "
                    "Make its disk writable, or copy the whole folder elsewhere and name that with --home."
                )
            self._immutable = "&immutable=1"
        version = version_on_disk(self.path, self._immutable)
        if version in REVISIONS and version != REVISIONS[-1]:
            raise DatabaseError(
                f"{self.path} is of an older Signalbox (schema {version}) and cannot be written, so it cannot be "
                "brought up to date. Make it writable, or copy it elsewhere and name that folder with --home."
            )
        self.view_only_because = "it cannot be written"

    def _prepare(self, *, is_new: bool) -> None:
        version = version_on_disk(self.path)
        if version == REVISIONS[-1]:
            return
        if version is not None and version not in REVISIONS:
            self.view_only_because = f"it was written by a newer Signalbox (schema {version})"
            return
        if version is None and not is_new and any(self._backups.glob(f"{self.path.stem}-*.db")):
            raise DamagedDatabaseError(self.path, "it is empty, although there are backups of it")
        if version is not None:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
            self.backup(self._backups / f"{self.path.stem}-schema-{version}-{stamp}.db")
        engine = writing_engine(self.path, ChangeCounts(), foreign_keys=False)
        try:
            with self._translating():
                if version is None:
                    _make(engine)
                else:
                    _upgrade(engine)
        finally:
            engine.dispose()
        if version is not None:
            write_anew(self.path)  # here, where nobody has opened it yet


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Make processes that open a new database at the same time take turns."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        with KernelLock.take(path.with_name(path.name + ".opening"), timeout_s=_OPENING_S):
            yield
    except TimeoutError as error:
        raise DatabaseError(f"{path}: {error.strerror}. Try again once it has been upgraded.") from error
    except OSError as error:
        raise DatabaseError(f"{path}: {error.strerror}. Choose another folder with --home.") from error


def _nothing() -> None:
    """Do nothing after a commit."""


def _make(engine: Engine) -> None:
    """Write the newest schema into an empty file; importing Alembic for this would take half of the first start."""
    with engine.begin() as connection:
        for statement in _newest_schema():
            connection.exec_driver_sql(statement)


@cache
def _newest_schema() -> tuple[str, ...]:
    """Its statements, in their order."""
    script = files("state.migrations").joinpath("newest.sql").read_text(encoding="utf-8")
    statements, statement = [], ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            statements.append(statement)
            statement = ""
    return tuple(statements)


def _upgrade(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - takes a second, which only migrations need
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "state:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise DatabaseError(f"Migrating would break {len(broken)} references; nothing was changed.")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
