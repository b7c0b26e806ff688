"""Detects that another file was copied over an open database: same path, same inode, other contents.

A database has a random mark in its header, and the id of its newest event never decreases. Both are read from the
file itself, bypassing the log and SQLite's cache, whenever the file has changed.
"""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

_LARGEST = 2**31 - 1


class Overwriting:
    """Guards one open file. A check takes one stat, and some hundred microseconds if the file has changed."""

    def __init__(self, path: Path, writer: sqlite3.Connection) -> None:
        """Read the mark of the database, or set one; `writer` must be outside a transaction.

        Raises:
            sqlite3.Error: it cannot be written at this moment.
        """
        self._path = path
        self._mark = _mark_of(writer)
        self._looks: tuple[int, int] | None = None
        self._newest, self._doubted, self._happened = 0, False, False

    def happened(self) -> bool:
        """Whether the contents are another database's or an older state of this one; once true, it stays true."""
        if self._happened:
            return True
        try:
            found = self._path.stat()
        except OSError:  # the file is gone, which is reported elsewhere
            return False
        looks = (found.st_mtime_ns, found.st_size)
        if looks != self._looks or self._doubted:
            self._looks = looks
            self._happened = self._is_another()
        return self._happened

    def _is_another(self) -> bool:
        try:
            mark, newest = _read(self._path)
        except sqlite3.Error:  # in the middle of a change; garbage stays unreadable, and is damage
            self._looks = None
            return False
        if mark not in {0, self._mark}:  # 0: the mark is still only in the log
            return True
        doubted, self._doubted = self._doubted, newest < self._newest
        if self._doubted:  # a page may be half written at this moment: the next check decides
            return doubted
        self._newest = newest
        return False


def _mark_of(writer: sqlite3.Connection) -> int:
    (mark,) = writer.execute("PRAGMA user_version").fetchone()
    if not mark:
        writer.execute("BEGIN IMMEDIATE")
        (mark,) = writer.execute("PRAGMA user_version").fetchone()  # another process may have been first
        if not mark:
            mark = secrets.randbelow(_LARGEST) + 1
            writer.execute(f"PRAGMA user_version={mark}")
        writer.execute("COMMIT")
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    return int(mark)


def _read(path: Path) -> tuple[int, int]:
    """The mark and the id of the newest event in the file.

    SQLite opens it: closing our own descriptor would release the locks this process has on the file.
    """
    query = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(query, uri=True)) as connection:
        (mark,) = connection.execute("PRAGMA user_version").fetchone()
        newest = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
        return int(mark), int(newest[0]) if newest else 0
