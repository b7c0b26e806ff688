"""What all writers share: one transaction, legal moves, groups that follow, an event with each change.

All of it is SQL as text, so that it also serves commands that load no SQLAlchemy; for writers that use it there is
`LedgerWriter`.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

from state import event_queries, queries, rows, worktree_queries
from state.codec import values_to_json, with_values
from state.database_errors import NoSuchRowError
from state.event_rows import event_row
from state.lifecycle import (
    ENDED_WELL,
    FINAL,
    JOB_MOVES,
    STATUS_OF_REVIEW,
    check_move,
    check_review_move,
    group_status,
    review_after,
    run_status,
    workstream_status,
)
from state.records import (
    GroupStatus,
    Job,
    JobStatus,
    ReviewState,
    Run,
    Workstream,
)
from state.row_changes import insert_row, insert_rows, update_each, update_rows
from state.sql_text import Connection, column, tuples
from state.status_words import status_in_words

_STORY_LINES = 20


class EndedJob(NamedTuple):
    """A job that ends, and the number of the attempt that ends with it; None where none runs."""

    job: Job
    attempt: int | None


class WritableDatabase(Protocol):
    """A database that is opened for writing; see `Database` and `PlainWriter`."""

    def write(self) -> AbstractContextManager[Connection]:
        """A writing transaction; entered again in the same thread, it joins the open one."""


class ChangeWriter:
    """One database to write to, and the steps that verbs are made of; `clock` gives epoch seconds."""

    def __init__(self, database: WritableDatabase, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self.clock = clock
        self.on_ended: Callable[[Connection, Sequence[EndedJob]], None] = lambda _connection, _ended: None
        """Called with the jobs that have ended, in the transaction that ends them, whoever does."""
        self.on_review: list[Callable[[Connection, Workstream, Workstream], None]] = []
        """Called with a workstream whose review has moved, as it was and as it is, in the same transaction."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._database.write()

    def job(self, connection: Connection, job_id: str) -> Job:
        """The job; raises NoSuchRowError."""
        if (job := queries.find_job(connection, job_id)) is None:
            raise no_such_job(job_id)
        return job

    def run(self, connection: Connection, run_id: str) -> Run:
        """The run; raises NoSuchRowError."""
        if (run := queries.find_run(connection, run_id)) is None:
            raise NoSuchRowError(f"There is no run {run_id!r} here; `signalbox status` lists the newest.")
        return run

    def workstream(self, connection: Connection, run_id: str, ws_id: str) -> Workstream:
        """The workstream; raises NoSuchRowError."""
        if (found := queries.find_workstream(connection, ws_id, run_id)) is None:
            raise NoSuchRowError(
                f"There is no workstream {run_id}/{ws_id} here; `signalbox status` lists the newest."
            )
        return found

    def change(self, connection: Connection, job: Job, **values: Any) -> Job:
        """Change columns of one job; see `change_all`."""
        return self.change_all(connection, [(job, values)])[0]

    def change_all(
        self,
        connection: Connection,
        changes: Sequence[tuple[Job, Mapping[str, Any]]],
        *,
        counted_as: str = "jobs",
    ) -> list[Job]:
        """Change columns of several jobs, in one statement for all that change the same columns.

        What is kept of jobs is read anew, unless it is `counted_as` a change that it stays true through.

        Raises IllegalTransitionError where the lifecycle does not allow a new `status`.
        """
        alike: defaultdict[frozenset[str], dict[int, Mapping[str, Any]]] = defaultdict(dict)
        for job, values in changes:
            if "status" in values and values["status"] not in JOB_MOVES[job.status]:
                story = self.story(connection, job.job_id)
                check_move(job.job_id, job.status, values["status"], story)
            changed_columns = rows.job_columns(_different(job, values))
            if changed_columns:
                alike[frozenset(changed_columns)][job.seq] = changed_columns
        for alike_rows in alike.values():
            update_each(connection, "jobs", alike_rows, "seq", counted_as=counted_as)
        changed = [with_values(job, values) for job, values in changes]
        self._follow_ends(connection, [job for job, _ in changes], changed)
        return changed

    def _follow_ends(self, connection: Connection, before: Sequence[Job], after: Sequence[Job]) -> None:
        ended = [
            EndedJob(now, now.attempts if was.status is JobStatus.RUNNING else None)
            for was, now in zip(before, after, strict=True)
            if now.status in FINAL and was.status not in FINAL
        ]
        if ended:
            self.on_ended(connection, ended)

    def story(self, connection: Connection, job_id: str) -> list[str]:
        """What happened to a job last, a line each."""
        events_so_far = event_queries.events_of_job(connection, job_id, _STORY_LINES)
        return [
            f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(event.at))} {event.message}"
            for event in events_so_far
        ]

    def follow_all(self, connection: Connection, moved: Iterable[Job]) -> None:
        """Update the runs and workstreams of these jobs, each once."""
        for run_id, ws_id in dict.fromkeys((job.run_id, job.ws_id) for job in moved):
            self.follow(connection, run_id, ws_id)

    def follow(self, connection: Connection, run_id: str, ws_id: str) -> None:
        """Update a workstream and its run to the status that follows from their jobs and reviews."""
        found = tuples(connection, _STATES, (run_id, ws_id))
        stands = {whose: state for whose, state, flag in found if flag is None}
        status = _group(row for row in found if row[0] == _OF_WORKSTREAM)
        is_isolated = stands.get(_REVIEW_OF_WORKSTREAM, ReviewState.NONE) != ReviewState.NONE
        if status is not None and (is_isolated or stands.get(_OF_WORKSTREAM, status) != status):
            self._move_workstream(connection, run_id, ws_id, status)
        status = _group(row for row in found if row[0] == _OF_RUN)
        if status in ENDED_WELL:
            reviews = column(
                connection, "SELECT DISTINCT review FROM workstreams WHERE run_id = ?", (run_id,)
            )
            status = run_status(status, reviews)
        if status is not None and stands.get(_OF_RUN, status) != status:
            self.move_run(connection, self.run(connection, run_id), status)

    def _move_workstream(self, connection: Connection, run_id: str, ws_id: str, jobs: GroupStatus) -> None:
        stream = queries.find_workstream(connection, ws_id, run_id)
        if stream is None:
            return
        needs_review = stream.needs_review or not self._has_target(connection, stream)
        review = review_after(stream.review, jobs, needs_review=needs_review)
        status = workstream_status(jobs, review)
        if (status, review) == (stream.status, stream.review):
            return
        waits = stream.waits_since if review is stream.review else None
        since = self.clock() if review is ReviewState.WAITING and waits is None else waits
        reviewed = replace(stream, review=review, waits_since=since)
        self.write_workstream(connection, reviewed, status)

    @staticmethod
    def _has_target(connection: Connection, stream: Workstream) -> bool:
        """Whether it is known which branch the work is for; a person has to say it otherwise."""
        tree = worktree_queries.find_worktree(connection, stream.run_id, stream.ws_id)
        return tree is not None and tree.target is not None

    def write_workstream(
        self, connection: Connection, changed: Workstream, status: GroupStatus
    ) -> Workstream:
        """Write a workstream whose review may have changed with its status; its times follow, the event reports it.

        Raises:
            IllegalReviewError: its review may not go there.
        """
        before = self.workstream(connection, changed.run_id, changed.ws_id)
        check_review_move(before.ws_id, before.review, changed.review)
        started, completed = self._times(changed, status)
        moved = replace(changed, status=status, started_at=started, completed_at=completed)
        values = columns(moved, *_MOVED_WORKSTREAM)
        update_rows(
            connection, "workstreams", values, "run_id = ? AND ws_id = ?", (moved.run_id, moved.ws_id)
        )
        message = f"Workstream {moved.title or moved.ws_id} {status_in_words(status)}."
        level = "info" if status in STATUS_OF_REVIEW.values() else "debug"
        self.record_event(connection, f"workstream.{status}", message, level=level, workstream=moved)
        if moved.review is not before.review:
            for follow in self.on_review:
                follow(connection, before, moved)
        return moved

    def move_run(self, connection: Connection, run: Run, status: GroupStatus) -> Run:
        """Move a run to another status; its times follow."""
        started, completed = self._times(run, status)
        moved = replace(run, status=status, started_at=started, completed_at=completed)
        values = columns(moved, "status", "started_at", "completed_at")
        update_rows(connection, "runs", values, "run_id = ?", (run.run_id,))
        self.record_event(
            connection,
            f"run.{status}",
            f"Run {run.title or run.run_id} {status_in_words(status)}.",
            run=moved,
        )
        return moved

    def _times(self, group: Run | Workstream, status: GroupStatus) -> tuple[float | None, float | None]:
        now = self.clock()
        going = status in {GroupStatus.RUNNING, GroupStatus.QUEUED, GroupStatus.HELD}
        started = group.started_at or (now if status is GroupStatus.RUNNING else None)
        return started, None if going else now

    def record_event(self, connection: Connection, event_type: str, message: str, **details: Any) -> int:
        """Write one event and return its id; for the details see `event_row`."""
        return insert_row(connection, "events", self.event_row(event_type, message, **details))

    def record_events(self, connection: Connection, event_rows: Sequence[Mapping[str, Any]]) -> None:
        """Write several events in one statement; each was made by `event_row`."""
        insert_rows(connection, "events", event_rows)

    def event_row(self, event_type: str, message: str, **details: Any) -> dict[str, Any]:
        """The row of an event of now; for the details see `event_rows.event_row`."""
        return event_row(event_type, message, at=self.clock(), **details)


_OF_RUN, _OF_WORKSTREAM, _REVIEW_OF_WORKSTREAM = 0, 1, 2
_MOVED_WORKSTREAM = (
    "status", "started_at", "completed_at", "review", "waits_since", "reviewed_commit", "reviewed_at",
)  # fmt: skip
_POSSIBLE = ", ".join(f"('{status}', {flag})" for status in JobStatus for flag in (0, 1))
# One index lookup for each possible state: reading all jobs of a run of thousands at each start would be slow.
# The present states of the groups come with it, without a flag.
_STATES = f"""
    WITH possible (state, flag) AS (VALUES {_POSSIBLE})
    SELECT 1, state, flag FROM possible WHERE EXISTS (
        SELECT 1 FROM jobs WHERE run_id = ?1 AND ws_id = ?2 AND status = state AND quarantined = flag)
    UNION ALL
    SELECT 0, state, flag FROM possible WHERE EXISTS (
        SELECT 1 FROM jobs WHERE run_id = ?1 AND status = state AND quarantined = flag)
    UNION ALL
    SELECT 1, status, NULL FROM workstreams WHERE run_id = ?1 AND ws_id = ?2
    UNION ALL
    SELECT 2, review, NULL FROM workstreams WHERE run_id = ?1 AND ws_id = ?2
    UNION ALL
    SELECT 0, status, NULL FROM runs WHERE run_id = ?1
"""


def no_such_job(job_id: str) -> NoSuchRowError:
    """The error for the id of a job that does not exist."""
    return NoSuchRowError(f"There is no job {job_id!r} here; `signalbox jobs` lists those there are.")


def columns(record: Any, *names: str) -> dict[str, Any]:
    """These fields of a record as column values."""
    return values_to_json(record, names)


def _different(job: Job, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that a job does not have: the others would be written into every index that they are in."""
    return {name: value for name, value in values.items() if getattr(job, name) != value}


def _group(found: Iterable[Any]) -> GroupStatus | None:
    """The state of a group with jobs of these (kind of row, status, quarantined); a row without a flag is no job."""
    states = [(JobStatus(status), quarantined) for _, status, quarantined in found if quarantined is not None]
    return group_status((status for status, _ in states), quarantined=any(flag for _, flag in states))
