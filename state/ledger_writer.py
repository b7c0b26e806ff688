"""What writers share that use SQLAlchemy: its connection, and what is kept in memory of the queue."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection

from state.change_writer import ChangeWriter
from state.claim_query import QueueMemory
from state.database import Database


class LedgerWriter(ChangeWriter):
    """The steps of verbs in a transaction of SQLAlchemy."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(database, clock=clock)
        self._opened = database
        self.queue = QueueMemory(database)
        """What is kept in memory of the queue."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._opened.write()
