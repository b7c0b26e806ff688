"""Gives the pages of deleted rows back to the disk: in slices beside other work, or all at once by writing anew.

SQLite keeps free pages for later rows. Where `auto_vacuum` is INCREMENTAL, as new databases and migrated ones have it,
they can be cut off at the end of the file, some at a time; an older file becomes one by being written anew.
"""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

log = logging.getLogger(__name__)

INCREMENTAL = 2
"""The value of `PRAGMA auto_vacuum` with which free pages can be given back in slices."""
_COPIES = 2.5
"""So many times its size a file needs on its disk to be written anew: the copy, its log, and some room for others."""
_SHARE_KEPT = 50
"""One page in so many may stay free: the next rows need some."""


def give_back(connection: Connection, pages: int) -> bool:
    """Cut up to so many free pages off the file, in the transaction of the connection; return whether any are left."""
    driver: Any = connection.connection.driver_connection
    if _number(driver, "auto_vacuum") != INCREMENTAL:
        return False
    free = _number(driver, "freelist_count") - _number(driver, "page_count") // _SHARE_KEPT
    if free <= 0:
        return False
    for _ in range(min(pages, free)):
        driver.execute(
            "PRAGMA incremental_vacuum(1)"
        )  # the driver ends the statement after one page, whatever it says
    return free > pages


def make_shrinkable(path: Path, *, most_bytes: int | None) -> bool:
    """Write a file anew that cannot shrink in slices; return whether it was written.

    That was skipped when it was brought up to date, as others used it or its disk was full. One in which more than
    `most_bytes` are in use stays as it is: others would have to wait too long to write.
    """
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            used = (_number(connection, "page_count") - _number(connection, "freelist_count")) * _number(
                connection, "page_size"
            )
            if _number(connection, "auto_vacuum") == INCREMENTAL:
                return False
    except sqlite3.Error as error:
        log.info("%s keeps its free pages: %s", path, error)
        return False
    return (most_bytes is None or used <= most_bytes) and write_anew(path)


def write_anew(path: Path) -> bool:
    """Write the file anew, without free pages; it shrinks in slices from then on. Return whether it was written.

    Nobody else can write meanwhile, so it is for a moment when nobody has to. A file that others use, or that its disk
    has no room for, stays as it is.
    """
    try:
        if shutil.disk_usage(path.parent).free < _COPIES * path.stat().st_size:
            return False
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (OSError, sqlite3.Error) as error:
        log.info("%s keeps its free pages: %s", path, error)
        return False
    return True


def _number(driver: Any, pragma: str) -> int:
    return int(driver.execute(f"PRAGMA {pragma}").fetchone()[0])
