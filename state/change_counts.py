"""Counts what this process has written to a database, by table, so that what was read can be kept until it may be old.

The writes of others are counted by the database itself (`Database.change_stamp` adds them); nothing is read here.
"""

from collections import Counter
from typing import Any, ClassVar

UNKNOWN = "?"
"""Stands for every table: what wrote is no statement whose table is known."""
BY_ATTEMPTS = "jobs by attempts"
"""Stands for the rows of jobs and attempts where attempts start and end as usual.

All others that write to these tables count by the names of the tables. These two changes happen with every job, and
most of what is kept stays true through them.
"""
_READING = ("SELECT", "WITH", "PRAGMA", "BEGIN", "EXPLAIN")


def written_table(statement: str, context: Any) -> str | None:
    """The table that a statement of SQLAlchemy writes to, `UNKNOWN` where it is not known, None where it only reads."""
    if (
        context is not None
        and context.compiled is not None
        and (context.isinsert or context.isupdate or context.isdelete)
    ):
        return str(context.compiled.statement.table.name)
    return None if statement.lstrip().upper().startswith(_READING) else UNKNOWN


class ChangeCounts:
    """Counts commits by table. Only the thread with the open transaction writes; any thread may read.

    `has_written` is whether this process has changed any database.
    """

    has_written: ClassVar[bool] = False

    def __init__(self) -> None:
        self._commits: Counter[str] = Counter()
        self._all = 0
        self._open: set[str] = set()

    def note(self, table: str) -> None:
        """Note that the open transaction writes to this table."""
        self._open.add(table)

    def committed(self) -> None:
        """Count what was noted: every connection can read it now."""
        self._commits.update(self._open)
        self._all += 1
        ChangeCounts.has_written = True
        self._open = set()

    def rolled_back(self) -> None:
        """Count nothing of what was noted."""
        self._open = set()

    def is_open(self, *tables: str) -> bool:
        """Whether the open transaction has written to one of these tables."""
        return bool(self._open) and not self._open.isdisjoint((*tables, UNKNOWN))

    def of(self, *tables: str) -> int:
        """How many commits wrote to one of these tables; without tables, how many there were at all."""
        if not tables:
            return self._all
        return sum(map(self._commits.__getitem__, tables), self._commits[UNKNOWN])

    def once_committed(self, *tables: str) -> int:
        """What `of` is after the open transaction, if nobody else writes."""
        return self.of(*tables) + sum(table in self._open for table in (*tables, UNKNOWN))
