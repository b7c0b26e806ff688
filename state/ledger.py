"""Every write: one verb, and in its one transaction the rows and the event that tells them.

A verb either does what it says or raises and leaves everything as it was. It returns the records as they are after.
Which attempt to make and what follows its end is decided elsewhere and handed in.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from state import queries, rows
from state.claiming import Choose, candidates, new_token
from state.codec import record_to_json
from state.database import Database
from state.errors import NoSuchRowError
from state.lifecycle import FINAL, JOB_MOVES, IllegalTransitionError, check_move, group_status
from state.records import (
    Attempt,
    AttemptStatus,
    Engine,
    GroupStatus,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    Limit,
    LimitKind,
    Run,
    Workstream,
    WorkstreamFile,
)
from state.tables import (
    engines,
    errors,
    events,
    holds,
    job_dependencies,
    jobs,
    limits,
    runs,
    settings,
    step_attempts,
    workstream_files,
    workstreams,
)

_STORY_LINES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A job to be entered, with its file's contents as JSON values."""

    job: Job
    spec: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptOutcome:
    """How an attempt ended: the columns of its row and the whole result as JSON values."""

    status: AttemptStatus
    result: Mapping[str, Any]
    exit_code: int | None = None
    duration_s: float = 0.0
    failure_class: str | None = None
    summary: str = ""
    cost_usd: float | None = None
    files: Sequence[WorkstreamFile] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """What becomes of the job whose attempt has ended.

    `extra_attempts` are given on top where the ended one shall not count. `hold` is a stop sign set with it.
    """

    status: JobStatus
    not_before: float | None = None
    waits_for: str | None = None
    tool: str | None = None
    quarantined: bool = False
    extra_attempts: int = 0
    hold: Hold | None = None
    hold_reason: str | None = None


class Ledger:
    """The writing face of one database; `clock` gives epoch seconds."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def transaction(self) -> AbstractContextManager[Connection]:
        """Join several verbs: all or nothing."""
        return self._database.write()

    # --- runs ---------------------------------------------------------------------------------------------------

    def create_run(self, run: Run, streams: Sequence[Workstream] = ()) -> Run:
        """Enter a run and its workstreams; rows that are there already stay as they are."""
        with self.transaction() as connection:
            if (found := queries.find_run(connection, run.run_id)) is None:
                values = {
                    **_columns(run, "run_id", "title", "status", "repo"),
                    "metadata_json": rows.dump(dict(run.metadata)),
                }
                found = replace(run, created_at=run.created_at or self._clock())
                connection.execute(insert(runs).values(**values, created_at=found.created_at))
                self._tell(connection, "run.created", f"Run {run.title or run.run_id} was added.", run=found)
            for stream in streams:
                self._enter_workstream(connection, stream)
            return found

    def set_run_status(self, run_id: str, status: GroupStatus) -> Run:
        """Set the status of a run from outside; its times follow."""
        with self.transaction() as connection:
            run = self._run(connection, run_id)
            return self._move_run(connection, run, status)

    def _enter_workstream(self, connection: Connection, stream: Workstream) -> None:
        if queries.find_workstream(connection, stream.ws_id, stream.run_id) is not None:
            return
        place = select(func.count()).select_from(workstreams).where(workstreams.c.run_id == stream.run_id)
        position = connection.execute(place).scalar() or 0
        entered = replace(stream, created_at=stream.created_at or self._clock(), position=position)
        names = ("run_id", "ws_id", "title", "status", "repo", "position", "created_at")
        connection.execute(insert(workstreams).values(**_columns(entered, *names)))
        message = f"Workstream {stream.title or stream.ws_id} was added."
        self._tell(connection, "workstream.created", message, workstream=entered)

    # --- the queue ----------------------------------------------------------------------------------------------

    def accept(self, new: Sequence[NewJob]) -> list[Job]:
        """Enter jobs whose run and workstream are there; committed means accepted."""
        now = self._clock()
        with self.transaction() as connection:
            entered = []
            groups = set()
            for item in new:
                job = replace(item.job, created_at=item.job.created_at or now)
                connection.execute(insert(jobs).values(**rows.job_values(job, item.spec)))
                seq = connection.exec_driver_sql("SELECT last_insert_rowid()").scalar() or 0
                job = replace(job, seq=seq)
                self._enter_dependencies(connection, job)
                files = self._declare(connection, job, now)
                held = job.status is JobStatus.HELD
                message = f"{job.job_id} was added" + (f" and is held: {job.hold_reason}" if held else ".")
                self._tell(connection, f"job.{job.status}", message, job=job, files=files)
                entered.append(job)
                groups.add((job.run_id, job.ws_id))
            for run_id, ws_id in sorted(groups):
                self._follow(connection, run_id, ws_id)
            return entered

    def claim(self, engine: Engine, choose: Choose, *, runner: str, now: float) -> list[tuple[Job, Attempt]]:
        """Decide and claim in one immediate transaction: each chosen job runs, with an attempt of this engine."""
        with self.transaction() as connection:
            chosen = list(candidates(connection, choose, now))
            return [self._start(connection, job, engine, runner=runner, now=now) for job in chosen]

    def claim_one(self, job_id: str, engine: Engine, *, runner: str, now: float) -> tuple[Job, Attempt]:
        """Claim just this job, whatever its slots; illegal moves are refused with the job's story."""
        with self.transaction() as connection:
            return self._start(connection, self._job(connection, job_id), engine, runner=runner, now=now)

    def _start(
        self,
        connection: Connection,
        job: Job,
        engine: Engine | None,
        *,
        runner: str,
        now: float,
        token: str = "",
    ) -> tuple[Job, Attempt]:
        number = job.attempts + 1
        attempt = Attempt(
            id=0, run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, step_name=job.step_name, number=number,
            tool=job.tool, status=AttemptStatus.RUNNING, runner=runner, started_at=now,
            engine_id=engine.engine_id if engine else None, home_id=engine.home_id if engine else None,
            token=token or new_token(),
        )  # fmt: skip
        names = (
            "run_id", "ws_id", "job_id", "step_name", "number", "tool", "status", "runner", "started_at", "engine_id",
            "home_id", "token",
        )  # fmt: skip
        connection.execute(insert(step_attempts).values(**_columns(attempt, *names)))
        attempt = replace(attempt, id=connection.exec_driver_sql("SELECT last_insert_rowid()").scalar() or 0)
        moved = self._move(
            connection, job, JobStatus.RUNNING, attempts=number, max_attempts=max(job.max_attempts, number),
            not_before=None, waits_for=None, started_at=now, completed_at=None, exit_code=None, hold_reason=None,
            cancel_requested_at=None, quarantined=False,
        )  # fmt: skip
        message = f"{job.job_id} started with {job.tool}, attempt {number} of {moved.max_attempts}."
        self._tell(connection, "job.running", message, job=moved, attempt=attempt)
        self._follow(connection, job.run_id, job.ws_id)
        return moved, attempt

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None where somebody else was first."""
        with self.transaction() as connection:
            mine = (step_attempts.c.id == attempt.id) & (step_attempts.c.status == AttemptStatus.RUNNING)
            owned = mine & (step_attempts.c.engine_id == attempt.engine_id)
            changed = connection.execute(
                update(step_attempts).where(owned).values(engine_id=engine_id)
            ).rowcount
            return replace(attempt, engine_id=engine_id) if changed else None

    def end_attempt(
        self,
        attempt: Attempt,
        outcome: AttemptOutcome,
        following: Following,
        *,
        now: float,
    ) -> tuple[Job, Attempt] | None:
        """Write the end of an attempt and what follows; None where it is no longer this engine's to end."""
        with self.transaction() as connection:
            ended = replace(
                attempt, status=outcome.status, completed_at=now, exit_code=outcome.exit_code,
                duration_s=outcome.duration_s, failure_class=outcome.failure_class, summary=outcome.summary,
                cost_usd=outcome.cost_usd, result=outcome.result,
            )  # fmt: skip
            names = (
                "status",
                "completed_at",
                "exit_code",
                "duration_s",
                "failure_class",
                "summary",
                "cost_usd",
            )
            mine = (step_attempts.c.id == attempt.id) & (step_attempts.c.status == AttemptStatus.RUNNING)
            mine &= step_attempts.c.engine_id.is_not_distinct_from(attempt.engine_id)
            values = {**_columns(ended, *names), "result_json": rows.dump(dict(outcome.result))}
            if not connection.execute(update(step_attempts).where(mine).values(**values)).rowcount:
                return None
            job = self._job(connection, attempt.job_id)
            moved = self._settle_job(connection, job, outcome, following, now)
            files = self._touch(connection, moved, outcome.files, now)
            if outcome.status is not AttemptStatus.COMPLETED:
                self._count_error(connection, ended, now)
            if following.hold is not None:
                self._set_hold(connection, following.hold)
            self._tell(
                connection, f"job.{moved.status}", _ending(moved, ended), level=_LEVELS.get(moved.status, "info"),
                job=moved, attempt=replace(ended, result={}), files=files, exit_code=ended.exit_code,
                duration_s=ended.duration_s,
            )  # fmt: skip
            self._follow(connection, job.run_id, job.ws_id)
            return moved, ended

    def _settle_job(
        self,
        connection: Connection,
        job: Job,
        outcome: AttemptOutcome,
        following: Following,
        now: float,
    ) -> Job:
        status, quarantined = following.status, following.quarantined
        if job.cancel_requested_at is not None and status not in {JobStatus.COMPLETED, JobStatus.TIMEOUT}:
            status, quarantined = (
                JobStatus.CANCELLED,
                False,
            )  # asked to stop: never retried, whatever the tool said
        waiting = status in {JobStatus.QUEUED, JobStatus.HELD}
        interrupted = outcome.status is AttemptStatus.INTERRUPTED
        return self._move(
            connection, job, status, quarantined=quarantined, summary=outcome.summary,
            failure_class=outcome.failure_class, exit_code=outcome.exit_code,
            not_before=following.not_before if waiting else None, waits_for=following.waits_for if waiting else None,
            completed_at=None if waiting else now, cancel_requested_at=None, tool=following.tool or job.tool,
            max_attempts=job.max_attempts + following.extra_attempts,
            interruptions=job.interruptions + 1 if interrupted else job.interruptions,
            hold_reason=following.hold_reason if status is JobStatus.HELD else None,
            cost_usd=_sum(job.cost_usd, outcome.cost_usd),
        )  # fmt: skip

    def unclaim(self, attempt: Attempt, why: str, *, now: float) -> Job | None:
        """End an attempt that never started anything; the job is queued again and the attempt costs no retry."""
        outcome = AttemptOutcome(
            status=AttemptStatus.INTERRUPTED, result={"metadata": {"summary": why}}, summary=why
        )
        following = Following(status=JobStatus.QUEUED, extra_attempts=1)
        with self.transaction() as connection:
            ended = self.end_attempt(attempt, outcome, following, now=now)
            if ended is None:
                return None
            job = replace(ended[0], interruptions=max(ended[0].interruptions - 1, 0))
            values = {"interruptions": job.interruptions}
            connection.execute(update(jobs).where(jobs.c.job_id == job.job_id).values(**values))
            return job

    # --- what a person asks -------------------------------------------------------------------------------------

    def request_cancel(self, job_id: str, why: str) -> Job:
        """Cancel a waiting job at once; ask the owner of a running one to stop it."""
        now = self._clock()
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            if job.status is JobStatus.RUNNING:
                if job.cancel_requested_at is not None:
                    return job
                asked = self._change(connection, job, cancel_requested_at=now)
                self._tell(connection, "job.cancel_requested", f"{job_id} was asked to stop{why}.", job=asked)
                return asked
            cancelled = self._move(
                connection, job, JobStatus.CANCELLED, completed_at=now, summary=f"Cancelled{why}.", hold_reason=None,
                not_before=None, waits_for=None, quarantined=False,
            )  # fmt: skip
            self._tell(
                connection, "job.cancelled", f"{job_id} was cancelled{why}.", job=cancelled, exit_code=None
            )
            self._follow(connection, job.run_id, job.ws_id)
            return cancelled

    def hold(self, job_id: str, reason: str) -> Job:
        """Keep a queued job from starting."""
        return self._command(
            job_id, JobStatus.HELD, f"{job_id} is held: {reason}", only_from={JobStatus.QUEUED}, hold_reason=reason,
        )  # fmt: skip

    def release(self, job_id: str) -> Job:
        """Let a held job start."""
        return self._command(
            job_id, JobStatus.QUEUED, f"{job_id} was released.", only_from={JobStatus.HELD}, hold_reason=None,
            quarantined=False,
        )  # fmt: skip

    def retry(self, job_id: str, *, tool: str | None = None) -> Job:
        """Queue an ended job again, with one more attempt at least."""
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            return self._command(
                job_id, JobStatus.QUEUED, f"{job_id} was queued again.", only_from=FINAL, quarantined=False,
                not_before=None, waits_for=None, completed_at=None, interruptions=0, tool=tool or job.tool,
                max_attempts=max(job.max_attempts, job.attempts + 1),
            )  # fmt: skip

    def skip(self, job_id: str, reason: str) -> Job:
        """Accept a job as it is: its dependents may start."""
        return self._command(
            job_id, JobStatus.SKIPPED, f"{job_id} was accepted as it is{reason}.", quarantined=False,
            completed_at=self._clock(), hold_reason=None, not_before=None, waits_for=None,
        )  # fmt: skip

    def set_priority(self, job_id: str, priority: int) -> Job:
        """Move a waiting job forward or back in the line."""
        with self.transaction() as connection:
            changed = self._change(connection, self._job(connection, job_id), priority=priority)
            self._tell(connection, "job.reprioritised", f"{job_id} has priority {priority} now.", job=changed)
            return changed

    def _command(
        self,
        job_id: str,
        status: JobStatus,
        message: str,
        *,
        only_from: Iterable[JobStatus] = (),
        **values: Any,
    ) -> Job:
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            allowed = frozenset(only_from)
            if allowed and job.status not in allowed:
                raise IllegalTransitionError(job_id, job.status, status, self._story(connection, job_id))
            moved = self._move(connection, job, status, **values)
            self._tell(
                connection, f"job.{status}", message, job=moved, exit_code=job.exit_code, duration_s=None
            )
            self._follow(connection, job.run_id, job.ws_id)
            return moved

    # --- stop signs, limits, settings, engines ---------------------------------------------------------------------

    def set_hold(self, hold: Hold) -> Hold:
        """Set a stop sign, or change the one that stands there."""
        with self.transaction() as connection:
            return self._set_hold(connection, hold)

    def lift_hold(self, kind: HoldKind, key: str) -> bool:
        """Take a stop sign away; False where none stood."""
        with self.transaction() as connection:
            row = (
                connection.execute(select(holds).where(holds.c.kind == kind, holds.c.key == key))
                .mappings()
                .first()
            )
            if row is None:
                return False
            connection.execute(delete(holds).where(holds.c.kind == kind, holds.c.key == key))
            message = (
                "The engine was resumed."
                if kind is HoldKind.ENGINE
                else f"The hold on {kind} {key} was lifted."
            )
            self._tell(connection, "hold.lifted", message, hold=rows.hold(row))
            return True

    def set_limit(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once."""
        with self.transaction() as connection:
            values = _columns(limit, "kind", "key", "value")
            statement = upsert(limits).values(**values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["kind", "key"], set_={"value": limit.value})
            )
            named = f" for {limit.kind} {limit.key}" if limit.kind is not LimitKind.GLOBAL else ""
            self._tell(
                connection, "limit.set", f"At most {limit.value} jobs run at once{named}.", limit=limit
            )
            return limit

    def remove_limit(self, kind: LimitKind, key: str) -> bool:
        """Take a limit away; False where there was none."""
        with self.transaction() as connection:
            found = select(limits).where(limits.c.kind == kind, limits.c.key == key)
            row = connection.execute(found).mappings().first()
            if row is None:
                return False
            connection.execute(delete(limits).where(limits.c.kind == kind, limits.c.key == key))
            self._tell(
                connection, "limit.removed", f"{kind} {key} has no limit any more.", limit=rows.limit(row)
            )
            return True

    def change_setting(self, key: str, value: Any) -> None:
        """Change a setting; None takes it away."""
        with self.transaction() as connection:
            connection.execute(delete(settings).where(settings.c.key == key))
            if value is not None:
                connection.execute(insert(settings).values(key=key, value_json=rows.dump(value)))
            self._tell(connection, "setting.changed", f"The setting {key} was changed.", extra={"key": key})

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine took up work."""
        with self.transaction() as connection:
            names = ("engine_id", "home_id", "host", "pid", "kind", "started_at")
            connection.execute(insert(engines).values(**_columns(engine, *names)))
            self._tell(
                connection, "engine.started", f"An engine started (process {engine.pid}).", engine=engine
            )

    def engine_stopped(self, engine_id: str, why: str) -> None:
        """Record that an engine laid down its work."""
        with self.transaction() as connection:
            mine = (engines.c.engine_id == engine_id) & engines.c.stopped_at.is_(None)
            if connection.execute(update(engines).where(mine).values(stopped_at=self._clock())).rowcount:
                extra = {"engine_id": engine_id}
                self._tell(connection, "engine.stopped", f"The engine stopped{why}.", extra=extra)

    def record(
        self,
        kind: str,
        message: str,
        *,
        level: str = "info",
        extra: Mapping[str, Any] | None = None,
        run_id: str | None = None,
        ws_id: str | None = None,
        job_id: str | None = None,
        tool: str | None = None,
    ) -> int:
        """Record something that happened beside the rows."""
        with self.transaction() as connection:
            return self._tell(
                connection, kind, message, level=level, extra=extra,
                where={"run_id": run_id, "ws_id": ws_id, "job_id": job_id, "tool": tool},
            )  # fmt: skip

    # --- from outside ---------------------------------------------------------------------------------------------

    def start_external(self, job_id: str) -> Attempt:
        """Record that somebody else runs this job; no engine will adopt it."""
        with self.transaction() as connection:
            job = self._job(connection, job_id)
            return self._start(connection, job, None, runner="external", now=self._clock())[1]

    # --- shared steps -----------------------------------------------------------------------------------------------

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
        connection.execute(update(jobs).where(jobs.c.seq == job.seq).values(**values))
        return replace(job, **values)

    def _story(self, connection: Connection, job_id: str) -> list[str]:
        told = queries.events_of_job(connection, job_id, _STORY_LINES)
        return [
            f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(event.at))} {event.message}"
            for event in told
        ]

    def _enter_dependencies(self, connection: Connection, job: Job) -> None:
        values = [
            {"job_id": job.job_id, "depends_on": parent, "position": place}
            for place, parent in enumerate(dict.fromkeys(job.depends_on))
        ]
        if values:
            connection.execute(insert(job_dependencies), values)

    def _follow(self, connection: Connection, run_id: str, ws_id: str) -> None:
        """Bring a workstream and its run to the state that follows from their jobs."""
        if (stream := queries.find_workstream(connection, ws_id, run_id)) is not None:
            status = _status_of(connection, (jobs.c.run_id == run_id) & (jobs.c.ws_id == ws_id))
            if status is not None and status is not stream.status:
                started, completed = self._times(stream, status)
                moved = replace(stream, status=status, started_at=started, completed_at=completed)
                key = (workstreams.c.run_id == run_id) & (workstreams.c.ws_id == ws_id)
                values = _columns(moved, "status", "started_at", "completed_at")
                connection.execute(update(workstreams).where(key).values(**values))
                message = f"Workstream {stream.title or ws_id} is {status}."
                self._tell(connection, f"workstream.{status}", message, level="debug", workstream=moved)
        status = _status_of(connection, jobs.c.run_id == run_id)
        run = queries.find_run(connection, run_id)
        if run is not None and status is not None and status is not run.status:
            self._move_run(connection, run, status)

    def _move_run(self, connection: Connection, run: Run, status: GroupStatus) -> Run:
        started, completed = self._times(run, status)
        moved = replace(run, status=status, started_at=started, completed_at=completed)
        values = _columns(moved, "status", "started_at", "completed_at")
        connection.execute(update(runs).where(runs.c.run_id == run.run_id).values(**values))
        self._tell(connection, f"run.{status}", f"Run {run.title or run.run_id} is {status}.", run=moved)
        return moved

    def _times(self, group: Run | Workstream, status: GroupStatus) -> tuple[float | None, float | None]:
        now = self._clock()
        going = status in {GroupStatus.RUNNING, GroupStatus.QUEUED, GroupStatus.HELD}
        started = group.started_at or (now if status is GroupStatus.RUNNING else None)
        return started, None if going else now

    def _declare(self, connection: Connection, job: Job, now: float) -> list[WorkstreamFile]:
        declared = [path for path in job.files_scope if not set(path) & set("*?[")]
        return [
            self._put_file(connection, WorkstreamFile(
                run_id=job.run_id, ws_id=job.ws_id, path=path, declared=True, updated_at=now,
            ))
            for path in declared
        ]  # fmt: skip

    def _touch(
        self,
        connection: Connection,
        job: Job,
        files: Sequence[WorkstreamFile],
        now: float,
    ) -> list[WorkstreamFile]:
        return [
            self._put_file(connection, replace(
                file, run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, tool=job.tool, touched=True,
                updated_at=now,
            ))
            for file in files
        ]  # fmt: skip

    def _put_file(self, connection: Connection, file: WorkstreamFile) -> WorkstreamFile:
        table = workstream_files
        key = (table.c.run_id == file.run_id) & (table.c.ws_id == file.ws_id) & (table.c.path == file.path)
        row = connection.execute(select(table).where(key)).mappings().first()
        if row is not None:
            known = rows.file(row)
            file = replace(
                file, declared=file.declared or known.declared, touched=file.touched or known.touched
            )
            connection.execute(delete(table).where(key))
        connection.execute(insert(table).values(**record_to_json(file)))
        return file

    def _count_error(self, connection: Connection, attempt: Attempt, now: float) -> None:
        if attempt.status in {AttemptStatus.CANCELLED, AttemptStatus.INTERRUPTED}:
            return
        signature = (
            f"{attempt.tool}:{attempt.failure_class or attempt.status}:{_without_numbers(attempt.summary)}"[
                :200
            ]
        )
        values = {
            "signature": signature, "tool": attempt.tool, "count": 1, "first_at": now, "last_at": now,
            "last_job_id": attempt.job_id, "text": attempt.summary,
        }  # fmt: skip
        again = {
            "count": errors.c.count + 1,
            "last_at": now,
            "last_job_id": attempt.job_id,
            "text": attempt.summary,
        }
        statement = upsert(errors).values(**values)
        connection.execute(statement.on_conflict_do_update(index_elements=["signature"], set_=again))

    def _set_hold(self, connection: Connection, hold: Hold) -> Hold:
        values = _columns(hold, "kind", "key", "reason", "since", "until")
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
        connection.execute(insert(events).values(
            at=self._clock(), kind=kind, level=level, message=message, payload_json=rows.dump(payload),
            attempt_id=None if attempt is None else attempt.id, **place,
        ))  # fmt: skip
        return int(connection.exec_driver_sql("SELECT last_insert_rowid()").scalar() or 0)


_LEVELS = {
    JobStatus.FAILED: "error",
    JobStatus.TIMEOUT: "error",
    JobStatus.CANCELLED: "warning",
    JobStatus.HELD: "warning",
}


def _columns(record: Any, *names: str) -> dict[str, Any]:
    values = record_to_json(record)
    return {name: values[name] for name in names}


def _status_of(connection: Connection, condition: Any) -> GroupStatus | None:
    query = select(jobs.c.status, jobs.c.quarantined).where(condition).distinct()
    found = [(JobStatus(status), quarantined) for status, quarantined in connection.execute(query)]
    return group_status((status for status, _ in found), quarantined=any(flag for _, flag in found))


def _ending(job: Job, attempt: Attempt) -> str:
    told = f" {attempt.summary}" if attempt.summary else ""
    tried = f"attempt {attempt.number} of {job.max_attempts}"
    match job.status:
        case JobStatus.COMPLETED:
            return f"{job.job_id} completed.{told}"
        case JobStatus.QUEUED:
            return f"{job.job_id}: {tried} ended as {attempt.status}, another follows.{told}"
        case JobStatus.HELD:
            return f"{job.job_id} waits for a person.{told}"
        case JobStatus.TIMEOUT:
            return f"{job.job_id} timed out, {tried}.{told}"
        case _:
            return f"{job.job_id} {job.status}, {tried}.{told}"


def _sum(total: float | None, more: float | None) -> float | None:
    return total if more is None else (total or 0.0) + more


def _without_numbers(text: str) -> str:
    return "".join("#" if character.isdigit() else character for character in text)
