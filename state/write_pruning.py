"""Prunes old history from the database, a few milliseconds of the write lock at a time; files are deleted elsewhere.

A run is deleted as a whole, and only if it is closed, needs nobody's attention, no job outside depends on its
jobs, the commands at their ends have run, its worktrees are gone, and so are the archives of its merged and
discarded work. Events are deleted from the beginning without a gap, never those of an open run, and never the last one.
"""

import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TextClause, bindparam, text

from state.callback_queries import OPEN as OPEN_CALLBACKS
from state.compaction import give_back
from state.event_queries import first_of_run
from state.ledger_writer import LedgerWriter
from state.lifecycle import SATISFIED
from state.records import GroupStatus, JobStatus, ReviewState
from state.worktree_records import TreeState

JOBS_AT_ONCE = 50
ROWS_AT_ONCE = 500
PAGES_AT_ONCE = 250
"""How much goes in one transaction: the engine and the window write between two of them, and wait for none longer."""
_OPEN = (
    GroupStatus.HELD, GroupStatus.QUEUED, GroupStatus.RUNNING, GroupStatus.QUARANTINED, GroupStatus.REVIEW,
    GroupStatus.MERGING,
)  # fmt: skip
_OPEN_JOBS = (JobStatus.HELD, JobStatus.QUEUED, JobStatus.RUNNING)
_LAST = (JobStatus.SKIPPED, JobStatus.COMPLETED, JobStatus.CANCELLED, JobStatus.TIMEOUT, JobStatus.FAILED)
"""The order in which the jobs of a run are deleted, so that the run's status stays right to the very end."""
_WORDS: Mapping[str, tuple[str, ...]] = {
    "open": _OPEN, "open_jobs": _OPEN_JOBS, "satisfied": tuple(sorted(SATISFIED)),
    "open_callbacks": OPEN_CALLBACKS, "open_trees": (TreeState.PLANNED, TreeState.READY),
    "archived": (TreeState.ARCHIVED,), "closed": (ReviewState.MERGED, ReviewState.DISCARDED),
}  # fmt: skip

_OF_RUN = (
    "workstream_files", "tree_snapshots", "merges", "predicted_conflicts", "review_comments", "viewed_files",
    "worktrees", "jobs", "workstreams", "forecasts", "runs",
)  # fmt: skip
"""The tables with rows of a run, in the order in which they can be deleted."""
_MANY_OF_RUN = ("workstream_files", "viewed_files", "forecasts")
"""Those that may have thousands, and that nothing refers to."""

_OLD_RUNS = """
SELECT run_id FROM runs WHERE completed_at < :before AND status NOT IN :open
AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.run_id = runs.run_id AND (status IN :open_jobs OR quarantined))
AND NOT EXISTS (
    SELECT 1 FROM jobs parent JOIN job_dependencies ON depends_on = parent.job_id
    JOIN jobs child ON child.job_id = job_dependencies.job_id
    WHERE parent.run_id = runs.run_id AND child.run_id <> runs.run_id AND child.status NOT IN :satisfied
)
AND NOT EXISTS (SELECT 1 FROM callbacks WHERE callbacks.run_id = runs.run_id AND callbacks.status IN :open_callbacks)
AND NOT EXISTS (
    SELECT 1 FROM worktrees JOIN workstreams USING (run_id, ws_id) WHERE worktrees.run_id = runs.run_id
    AND (worktrees.state IN :open_trees OR (worktrees.state IN :archived AND workstreams.review IN :closed))
)
ORDER BY completed_at
"""
_IS_OLD = _OLD_RUNS.replace("WHERE completed_at", "WHERE runs.run_id = :run_id AND completed_at")
_OPEN_RUNS = "SELECT run_id FROM runs WHERE status IN :open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prunable:
    """What can be pruned: whole runs with their jobs and attempts, and events up to and including an id."""

    runs: tuple[str, ...] = ()
    jobs: int = 0
    attempts: int = 0
    events: int = 0
    last_event: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """What a step deleted from the database but not from the disk: (attempt id, token) and source files of jobs.

    `jobs` and `events` are how many it deleted.
    """

    attempts: tuple[tuple[int, str], ...] = ()
    sources: tuple[str, ...] = ()
    jobs: int = 0
    events: int = 0


def prunable(connection: Connection, before: float) -> Prunable:
    """What ended before a time (epoch seconds) and is no longer needed."""
    found = tuple(_ask(connection, _OLD_RUNS, before=before))
    jobs = attempts = 0
    for run_id in found:
        count = "SELECT count(*), coalesce(sum(attempts), 0) FROM jobs WHERE run_id = :run_id"
        more, tries = connection.execute(text(count), {"run_id": run_id}).one()
        jobs, attempts = jobs + more, attempts + tries
    first, last = connection.exec_driver_sql("SELECT min(id), max(id) FROM events").one()
    if first is None:
        return Prunable(runs=found, jobs=jobs, attempts=attempts)
    mark = _first_kept(connection, before, last) - 1
    return Prunable(
        runs=found, jobs=jobs, attempts=attempts, events=max(mark - first + 1, 0), last_event=mark
    )


def old_outputs(connection: Connection, before: float) -> list[tuple[int, str]]:
    """(attempt id, token) of attempts that ended before a time, of jobs that will not run again by themselves."""
    query = (
        "SELECT a.id, a.token FROM step_attempts a JOIN jobs ON jobs.job_id = a.job_id "
        "WHERE a.completed_at < :before AND jobs.status NOT IN :open_jobs AND NOT jobs.quarantined"
    )
    statement = text(query).bindparams(bindparam("open_jobs", _OPEN_JOBS, expanding=True))
    return [(number, token) for number, token in connection.execute(statement, {"before": before})]


def known_attempts(connection: Connection) -> set[int]:
    """The ids of all attempts there are."""
    return set(connection.exec_driver_sql("SELECT id FROM step_attempts").scalars())


def _first_kept(connection: Connection, before: float, last: int) -> int:
    first = connection.execute(
        text("SELECT id FROM events WHERE at >= :before ORDER BY id LIMIT 1"), {"before": before}
    ).scalar()
    kept = [last if first is None else first]
    oldest = (first_of_run(connection, run_id) for run_id in _ask(connection, _OPEN_RUNS))
    return min([*kept, *(one for one in oldest if one is not None)])


def _ask(connection: Connection, query: str, **values: float | str) -> list[str]:
    names = [name for name in _WORDS if re.search(rf":{name}\b", query)]
    words: list[Any] = [bindparam(name, _WORDS[name], expanding=True) for name in names]
    return list(connection.execute(text(query).bindparams(*words), values).scalars())


class HistoryPruner:
    """Deletes history, each step in its own transaction; an interrupted prune can be continued."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def prune(self, old: Prunable, *, before: float) -> Generator[Pruned, None, None]:
        """Delete step by step; the caller decides how long to rest between two steps.

        It closes this generator to stop earlier: what is deleted until then is recorded, so that windows read again.
        """
        jobs = events = 0
        try:
            for step in self._delete(old, before):
                jobs, events = jobs + step.jobs, events + step.events
                yield step
        except GeneratorExit:
            if jobs or events:
                with self._writer.transaction() as connection:
                    message = (
                        f"History was pruned in part: {jobs} jobs, {events} events. The next prune goes on."
                    )
                    extra = {"jobs": jobs, "events": events}
                    self._writer.record_event(connection, "run.pruned", message, extra=extra)
            raise
        self._record_end(old, before)
        yield Pruned()
        while self._give_back():
            yield Pruned()

    def _delete(self, old: Prunable, before: float) -> Iterator[Pruned]:
        for run_id in old.runs:
            while (pruned := self._prune_jobs(run_id, before)) is not None:
                yield pruned
        while (deleted := self._prune_events(old.last_event)) is not None:
            yield Pruned(events=deleted)

    def _record_end(self, old: Prunable, before: float) -> None:
        with self._writer.transaction() as connection:
            for query in (
                "DELETE FROM errors WHERE last_at < :before",
                "DELETE FROM engines WHERE stopped_at < :before",
            ):
                connection.execute(text(query), {"before": before})
            if old.runs or old.events:
                message = (
                    f"History was pruned: {len(old.runs)} runs with {old.jobs} jobs, {old.events} events."
                )
                extra = {"runs": len(old.runs), "jobs": old.jobs, "events": old.events}
                self._writer.record_event(connection, "run.pruned", message, extra=extra)

    def _give_back(self) -> bool:
        """Give some pages back to the disk; return whether there are more."""
        with self._writer.transaction() as connection:
            return give_back(connection, PAGES_AT_ONCE)

    def _prune_jobs(self, run_id: str, before: float) -> Pruned | None:
        """Delete some jobs of a run, and the run itself with the last of them; None if it is gone or needed again."""
        with self._writer.transaction() as connection:
            if not _ask(connection, _IS_OLD, before=before, run_id=run_id):
                return None
            rank = " ".join(f"WHEN '{status}' THEN {place}" for place, status in enumerate(_LAST))
            query = "SELECT job_id, source_path FROM jobs WHERE run_id = :run_id ORDER BY "
            query += f"CASE status {rank} END LIMIT :most"
            rows = connection.execute(text(query), {"run_id": run_id, "most": JOBS_AT_ONCE}).all()
            if len(rows) < JOBS_AT_ONCE and self._prune_rows(connection, run_id):
                return Pruned()  # with the last jobs goes what belongs to the run: first most of that
            ids = [job_id for job_id, _ in rows]
            attempts = _of_jobs(connection, "SELECT id, token FROM step_attempts WHERE job_id IN :ids", ids)
            for table in ("callbacks", "step_attempts", "job_dependencies", "jobs"):
                connection.execute(_with_ids(f"DELETE FROM {table} WHERE job_id IN :ids", ids))
            if len(rows) < JOBS_AT_ONCE:
                for table in _OF_RUN:
                    connection.execute(
                        text(f"DELETE FROM {table} WHERE run_id = :run_id"),
                        {"run_id": run_id},
                    )
            sources = tuple(source for _, source in rows if source)
            return Pruned(attempts=attempts, sources=sources, jobs=len(rows))

    @staticmethod
    def _prune_rows(connection: Connection, run_id: str) -> bool:
        """Delete some rows of tables that have many for a run; return whether there are more."""
        for table in _MANY_OF_RUN:
            some = f"SELECT rowid FROM {table} WHERE run_id = :run_id LIMIT {ROWS_AT_ONCE}"
            query = text(f"DELETE FROM {table} WHERE rowid IN ({some})")
            if connection.execute(query, {"run_id": run_id}).rowcount == ROWS_AT_ONCE:
                return True
        return False

    def _prune_events(self, last: int) -> int | None:
        """Delete some of the oldest events up to this id; return how many, None where there are no more."""
        with self._writer.transaction() as connection:
            first = connection.exec_driver_sql("SELECT min(id) FROM events").scalar()
            if first is None or first > last:
                return None
            upto = min(first + ROWS_AT_ONCE - 1, last)
            return connection.execute(text("DELETE FROM events WHERE id <= :upto"), {"upto": upto}).rowcount


def _with_ids(query: str, ids: list[str]) -> TextClause:
    return text(query).bindparams(bindparam("ids", ids, expanding=True))


def _of_jobs(connection: Connection, query: str, ids: list[str]) -> tuple[tuple[int, str], ...]:
    found = connection.execute(_with_ids(query, ids))
    return tuple((number, token) for number, token in found)
