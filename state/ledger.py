"""Every write, by role: each verb changes the rows and records the event in one transaction.

A verb either does what it says, or raises and changes nothing. It returns the records as they are afterwards.
Which attempt to start and what follows its end is decided elsewhere and passed in.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection

from state.attempt_columns import AttemptOutcome, AttemptRun, Ending, Following
from state.database import Database
from state.event_queries import has_recent_event
from state.job_ledger import JobLedger
from state.ledger_writer import LedgerWriter
from state.write_attempts import AttemptWriter
from state.write_commands import Applied
from state.write_engines import EngineWriter
from state.write_forecasts import ForecastWriter
from state.write_holds import HoldWriter
from state.write_jobs import JobWriter, NewJob
from state.write_limits import LimitWriter
from state.write_merge_steps import MergeStepWriter
from state.write_owner import OwnerWriter
from state.write_pruning import HistoryPruner
from state.write_reviews import ReviewWriter
from state.write_settings import SettingWriter

__all__ = ["Applied", "AttemptOutcome", "AttemptRun", "Ending", "Following", "Ledger", "NewJob"]


class Ledger(JobLedger):
    """What can be written to one database; the roles share its transaction.

    Attributes:
        jobs: runs, workstreams and jobs are added.
        attempts: an attempt is claimed, taken over, ended, given back.
        holds, limits: what keeps jobs from starting.
        settings, engines: the settings, and which engines started and stopped.
        owner: which home the database belongs to.
        history: old history that is no longer needed is deleted.
        reviews: what people decide on finished work, and their comments on it.
        merge_steps: how far the merges of the queues have come.
        forecasts: what was forecast first of each job and run.
    """

    def __init__(
        self, database: Database, *, clock: Callable[[], float] = time.time, is_history: bool = False
    ) -> None:
        """Write to `database`; `clock` gives epoch seconds. Where `is_history`, no end has a command of the user's."""
        self._ledger_writer = LedgerWriter(database, clock=clock)
        super().__init__(self._ledger_writer, is_history=is_history)
        self.jobs = JobWriter(self._ledger_writer)
        self.holds = HoldWriter(self._ledger_writer)
        self.attempts = AttemptWriter(self._ledger_writer, self.holds)
        self.limits = LimitWriter(self._ledger_writer)
        self.settings = SettingWriter(self._ledger_writer)
        self.owner = OwnerWriter(self._ledger_writer, self.commands, self.settings, self.callbacks)
        self.engines = EngineWriter(self._ledger_writer)
        self.history = HistoryPruner(self._ledger_writer)
        self.reviews = ReviewWriter(self._ledger_writer)
        self.merge_steps = MergeStepWriter(self._ledger_writer)
        self.forecasts = ForecastWriter(self._ledger_writer)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._ledger_writer.transaction()

    def record_event(
        self,
        event_type: str,
        message: str,
        *,
        level: str = "info",
        extra: Mapping[str, Any] | None = None,
        **where: str | None,
    ) -> int:
        """Record something that changes no row and return the event's id; `where`: run_id, ws_id, job_id, tool."""
        with self._ledger_writer.transaction() as connection:
            return self._ledger_writer.record_event(
                connection, event_type, message, level=level, extra=extra, where=where
            )

    def record_event_once(
        self,
        event_type: str,
        message: str,
        *,
        after: float,
        extra: Mapping[str, Any],
        level: str = "info",
        is_same: bool = False,
    ) -> bool:
        """Record what several engines notice, unless one of them has done so after this time; return whether it was.

        Where `is_same`, only an event with this very payload counts.
        """
        with self._ledger_writer.transaction() as connection:
            if has_recent_event(connection, event_type, after, payload=extra if is_same else None):
                return False
            self._ledger_writer.record_event(connection, event_type, message, level=level, extra=extra)
            return True
