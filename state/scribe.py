"""The steps all verbs of the ledger share: legal moves, groups that follow, and one event with each change."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, insert, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from state import queries, rows
from state.codec import record_to_json
from state.database import Database
from state.errors import NoSuchRowError
from state.lifecycle import JOB_MOVES, check_move, group_status
from state.records import (
    GroupStatus,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.tables import (
    events,
    holds,
    jobs,
    runs,
    workstreams,
)

_STORY_LINES = 20


class Scribe:
    """One database to write to, and the steps every verb is made of; `clock` gives epoch seconds."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._database.write()

    def _job(self, connection: Connection, job_id: str) -> Job:
        if (job := queries.find_job(connection, job_id)) is None:
            raise NoSuchRowError(f"There is no job {job_id!r} here; `signalbox jobs` lists those there are.")
        return job

    def _run(self, connection: Connection, run_id: str) -> Run:
        if (run := queries.find_run(connection, run_id)) is None:
            raise NoSuchRowError(f"There is no run {run_id!r} here; `signalbox status` lists the newest.")
        return run

    def _move(self, connection: Connection, job: Job, status: JobStatus, **values: Any) -> Job:
        if status not in JOB_MOVES[job.status]:
            check_move(job.job_id, job.status, status, self._story(connection, job.job_id))
        return self._change(connection, job, status=status, **values)

    def _change(self, connection: Connection, job: Job, **values: Any) -> Job:
        connection.execute(_update_of_job(frozenset(values)), {"this": job.seq, **values})
        return replace(job, **values)

    def _story(self, connection: Connection, job_id: str) -> list[str]:
        told = queries.events_of_job(connection, job_id, _STORY_LINES)
        return [
            f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(event.at))} {event.message}"
            for event in told
        ]

    def _follow(self, connection: Connection, run_id: str, ws_id: str) -> None:
        """Bring a workstream and its run to the state that follows from their jobs."""
        found = connection.execute(_STATES, {"run_id": run_id, "ws_id": ws_id}).all()
        stream, status = (
            queries.find_workstream(connection, ws_id, run_id),
            _group(row for row in found if row[0]),
        )
        if stream is not None and status is not None and status is not stream.status:
            started, completed = self._times(stream, status)
            moved = replace(stream, status=status, started_at=started, completed_at=completed)
            key = (workstreams.c.run_id == run_id) & (workstreams.c.ws_id == ws_id)
            values = columns(moved, "status", "started_at", "completed_at")
            connection.execute(update(workstreams).where(key).values(**values))
            message = f"Workstream {stream.title or ws_id} is {status}."
            self._tell(connection, f"workstream.{status}", message, level="debug", workstream=moved)
        run, status = queries.find_run(connection, run_id), _group(row for row in found if not row[0])
        if run is not None and status is not None and status is not run.status:
            self._move_run(connection, run, status)

    def _move_run(self, connection: Connection, run: Run, status: GroupStatus) -> Run:
        started, completed = self._times(run, status)
        moved = replace(run, status=status, started_at=started, completed_at=completed)
        values = columns(moved, "status", "started_at", "completed_at")
        connection.execute(update(runs).where(runs.c.run_id == run.run_id).values(**values))
        self._tell(connection, f"run.{status}", f"Run {run.title or run.run_id} is {status}.", run=moved)
        return moved

    def _times(self, group: Run | Workstream, status: GroupStatus) -> tuple[float | None, float | None]:
        now = self._clock()
        going = status in {GroupStatus.RUNNING, GroupStatus.QUEUED, GroupStatus.HELD}
        started = group.started_at or (now if status is GroupStatus.RUNNING else None)
        return started, None if going else now

    def _set_hold(self, connection: Connection, hold: Hold) -> Hold:
        values = columns(hold, "kind", "key", "reason", "since", "until")
        again = {name: values[name] for name in ("reason", "since", "until")}
        statement = upsert(holds).values(**values)
        connection.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=again))
        what = (
            "The engine was paused" if hold.kind is HoldKind.ENGINE else f"{hold.kind} {hold.key} is on hold"
        )
        why = f": {hold.reason}" if hold.reason else "."
        self._tell(connection, "hold.set", what + why, level="warning", hold=hold)
        return hold

    def _tell(
        self,
        connection: Connection,
        kind: str,
        message: str,
        *,
        level: str = "info",
        extra: Mapping[str, Any] | None = None,
        where: Mapping[str, str | None] | None = None,
        files: Sequence[WorkstreamFile] = (),
        **told: Any,
    ) -> int:
        """Write one event whose payload carries the records as they are after, under the names of `told`."""
        payload: dict[str, Any] = dict(extra or {})
        place: dict[str, Any] = dict(where or {})
        for name, value in told.items():
            if name in {"exit_code", "duration_s"}:
                payload[name] = value
                continue
            payload[name] = record_to_json(value, sparse=True)
            for column in ("run_id", "ws_id", "job_id", "tool"):
                if column in payload[name]:
                    place.setdefault(column, payload[name][column])
        if (job := told.get("job")) is not None:
            payload.update(job_id=job.job_id, ws_id=job.ws_id, tool=job.tool, status=job.status.value)
        if files:
            payload["files"] = [record_to_json(file, sparse=True) for file in files]
        attempt = told.get("attempt")
        values = {
            "run_id": None, "ws_id": None, "job_id": None, "tool": None, **place,
            "at": self._clock(), "kind": kind, "level": level, "message": message, "payload_json": rows.dump(payload),
            "attempt_id": None if attempt is None else attempt.id,
        }  # fmt: skip
        return connection.execute(_NEW_EVENT, values).lastrowid


# Built once: building a statement costs more than running it.
_NEW_EVENT = insert(events)
_POSSIBLE = ", ".join(f"('{status}', {flag})" for status in JobStatus for flag in (0, 1))
# One look into an index for each possible state: reading the jobs of a run of thousands at each start would show.
_STATES = text(f"""
    WITH possible (state, flag) AS (VALUES {_POSSIBLE})
    SELECT 1, state, flag FROM possible WHERE EXISTS (
        SELECT 1 FROM jobs WHERE run_id = :run_id AND ws_id = :ws_id AND status = state AND quarantined = flag)
    UNION ALL
    SELECT 0, state, flag FROM possible WHERE EXISTS (
        SELECT 1 FROM jobs WHERE run_id = :run_id AND status = state AND quarantined = flag)
""")  # noqa: S608 - made of constants


@cache
def _update_of_job(names: frozenset[str]) -> Update:
    return (
        update(jobs).where(jobs.c.seq == bindparam("this")).values({name: bindparam(name) for name in names})
    )


def columns(record: Any, *names: str) -> dict[str, Any]:
    """These fields of a record as column values."""
    values = record_to_json(record)
    return {name: values[name] for name in names}


def _group(found: Iterable[Any]) -> GroupStatus | None:
    """The state of a group with jobs of these (in it, status, quarantined)."""
    states = [(JobStatus(status), quarantined) for _, status, quarantined in found]
    return group_status((status for status, _ in states), quarantined=any(flag for _, flag in states))
