"""Writes attempts: claimed, taken over, ended, given back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

from state import write_touched_files as files
from state.attempt_columns import (
    AttemptOutcome,
    AttemptRun,
    Ending,
    Following,
    ended_attempt,
    ended_columns,
    ending_sentence,
    run_columns,
    settled_job,
    started_job,
    without_numbers,
)
from state.change_counts import BY_ATTEMPTS
from state.change_writer import columns
from state.claim_query import Choose, candidates, new_token
from state.ledger_writer import LedgerWriter
from state.lifecycle import FINAL
from state.new_session import NewSession, session_in_words
from state.prepared_statement import PreparedStatement
from state.records import (
    Attempt,
    AttemptStatus,
    Engine,
    Job,
    JobStatus,
)
from state.row_changes import last_id
from state.tables import (
    errors,
    jobs,
    step_attempts,
)
from state.write_holds import HoldWriter

_LEVELS = {
    JobStatus.FAILED: "error",
    JobStatus.TIMEOUT: "error",
    JobStatus.CANCELLED: "warning",
    JobStatus.HELD: "warning",
}


_STARTED = (
    "id", "run_id", "ws_id", "job_id", "step_name", "number", "tool", "status", "runner", "started_at", "engine_id",
    "home_id", "token", "rung", "account", "model", "permission", "session_id", "follow_up",
    "resumes", "new_session",
)  # fmt: skip
_ENDED = (
    "status", "completed_at", "exit_code", "duration_s", "failure_class", "summary", "cost_usd", "cost_source",
    "input_tokens", "cached_tokens", "output_tokens", "result_json", "session_id",
)  # fmt: skip
# Built once: building a statement costs more than running it.
_NEW_ATTEMPT = PreparedStatement(
    insert(step_attempts).values({**{name: bindparam(name) for name in _STARTED}, "summary": ""})
)
_END_ATTEMPT = PreparedStatement(
    update(step_attempts)
    .where(
        step_attempts.c.id == bindparam("this"),
        step_attempts.c.status == AttemptStatus.RUNNING,
        step_attempts.c.engine_id.is_not_distinct_from(bindparam("owner")),
    )
    .values({name: bindparam(name) for name in _ENDED})
)


DescribeRuns = Callable[[Connection, Sequence[Job]], Mapping[str, AttemptRun]]
"""Says how the tools of jobs that start now run, by the ids of the jobs; called in the claiming transaction."""


_NOTHING_NAMED = AttemptRun()


def _nothing_named(_connection: Connection, _jobs: Sequence[Job]) -> Mapping[str, AttemptRun]:
    return {}


class AttemptWriter:
    """Starts and ends attempts; what to start and what follows an end is passed in."""

    def __init__(self, writer: LedgerWriter, holds: HoldWriter) -> None:
        self._writer, self._holds = writer, holds

    def claim(
        self, engine: Engine, choose: Choose, *, runner: str, now: float, runs: DescribeRuns = _nothing_named
    ) -> list[tuple[Job, Attempt]]:
        """Decide and claim in one immediate transaction: each chosen job runs, with an attempt of this engine."""
        with self._writer.transaction() as connection:
            chosen = list(candidates(connection, choose, now, self._writer.queue))
            return self._start(connection, chosen, engine, runner=runner, now=now, runs=runs)

    def claim_one(
        self, job_id: str, engine: Engine, *, runner: str, now: float, runs: DescribeRuns = _nothing_named
    ) -> tuple[Job, Attempt]:
        """Claim just this job, whatever the limits; an illegal transition is refused with what happened to the job."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            return self._start(connection, [job], engine, runner=runner, now=now, runs=runs)[0]

    def last_id(self, connection: Connection) -> int:
        """The greatest id that an attempt ever had here."""
        return last_id(connection, "step_attempts")

    def take_in(self, found: Attempt, *, now: float) -> tuple[Job, Attempt]:
        """Record an attempt that was started while another copy of this database was in use; its job runs."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, found.job_id)
            attempt = replace(
                found, run_id=job.run_id, ws_id=job.ws_id, step_name=job.step_name, number=job.attempts + 1,
                status=AttemptStatus.RUNNING, started_at=found.started_at or now, result={},
            )  # fmt: skip
            here = replace(job, tool=found.tool, rung=found.rung)
            return self._record_starts(connection, [here], [attempt], now=attempt.started_at)[0]

    def start_external(self, job_id: str) -> Attempt:
        """Record that somebody else runs this job; no engine will adopt it."""
        with self._writer.transaction() as connection:
            job = self._writer.job(connection, job_id)
            return self._start(connection, [job], None, runner="external", now=self._writer.clock())[0][1]

    def take_over(self, attempt: Attempt, engine_id: str) -> Attempt | None:
        """Compare and set the owner of a running attempt; None where somebody else was first."""
        with self._writer.transaction() as connection:
            mine = (step_attempts.c.id == attempt.id) & (step_attempts.c.status == AttemptStatus.RUNNING)
            owned = mine & (step_attempts.c.engine_id == attempt.engine_id)
            changed = connection.execute(
                update(step_attempts).where(owned).values(engine_id=engine_id)
            ).rowcount
            return replace(attempt, engine_id=engine_id) if changed else None

    def begin_new_session(self, attempt: Attempt, reason: NewSession) -> Attempt:
        """Record that the tool of an attempt begins a new session where it was to resume one; the event says why."""
        with self._writer.transaction() as connection:
            values: dict[str, Any] = {"session_id": None, "resumes": None, "new_session": reason}
            connection.execute(update(step_attempts).where(step_attempts.c.id == attempt.id).values(**values))
            changed = replace(attempt, **values)
            job = self._writer.job(connection, attempt.job_id)
            message = f"{attempt.job_id} began {session_in_words(changed)}."
            self._writer.record_event(connection, "attempt.new_session", message, job=job, attempt=changed)
            return changed

    def jobs_of(self, connection: Connection, job_ids: Sequence[str]) -> dict[str, Job]:
        """The jobs with these ids, from memory where they run; ids that do not exist are left out."""
        return self._writer.queue.running.find(connection, job_ids)

    def end(
        self,
        attempt: Attempt,
        outcome: AttemptOutcome,
        following: Following,
        *,
        now: float,
    ) -> tuple[Job, Attempt] | None:
        """Write the end of one attempt; see `end_all`."""
        ending = Ending(attempt=attempt, outcome=outcome, following=following)
        return self.end_all([ending], now=now)[0]

    def end_all(self, endings: Sequence[Ending], *, now: float) -> list[tuple[Job, Attempt] | None]:
        """Write the ends of attempts and what follows, in one transaction.

        One event reports each. None stands for an attempt that is no longer its engine's to end.
        """
        rows_of = [ended_columns(one, now) for one in endings]  # before others have to wait for this
        with self._writer.transaction() as connection:
            # Nobody can change before the commit which attempts run, and whose they are; none ends twice.
            pairs = zip(endings, rows_of, strict=True)
            mine = [one for one, row in pairs if _END_ATTEMPT.run(connection, row)]
            before = self._writer.queue.running.find(connection, [ending.attempt.job_id for ending in mine])
            changes = [
                (job, settled_job(job, one, now)) for one in mine for job in [before[one.attempt.job_id]]
            ]
            moved = self._writer.change_all(connection, changes, counted_as=_count_of(changes))
            for ending in mine:
                self._writer.queue.running.ended(ending.attempt.job_id)
            ended = [ended_attempt(ending, now) for ending in mine]
            event_rows = []
            for job, attempt, ending in zip(moved, ended, mine, strict=True):
                touched = files.touch(connection, job, ending.outcome.files, now)
                if attempt.status is not AttemptStatus.COMPLETED:
                    self._count_error(connection, attempt, now)
                if ending.following.hold is not None:
                    self._holds.set_unless_longer(ending.following.hold)
                event_rows.append(self._writer.event_row(
                    f"job.{job.status}", ending_sentence(job, attempt), level=_LEVELS.get(job.status, "info"), job=job,
                    attempt=attempt, files=touched, exit_code=attempt.exit_code,
                    duration_s=attempt.duration_s,
                ))  # fmt: skip
            self._writer.record_events(connection, event_rows)
            self._writer.follow_all(connection, moved)
            written = {attempt.id: (job, attempt) for job, attempt in zip(moved, ended, strict=True)}
            return [written.pop(ending.attempt.id, None) for ending in endings]

    def unclaim(self, attempt: Attempt, why: str, *, now: float) -> Job | None:
        """End an attempt that never started anything; the job is queued again and the attempt costs no retry."""
        outcome = AttemptOutcome(
            status=AttemptStatus.INTERRUPTED, result={"metadata": {"summary": why}}, summary=why
        )
        following = Following(status=JobStatus.QUEUED, extra_attempts=1)
        ended = self.end(attempt, outcome, following, now=now)
        return None if ended is None else ended[0]

    def _start(
        self,
        connection: Connection,
        chosen: Sequence[Job],
        engine: Engine | None,
        *,
        runner: str,
        now: float,
        runs: DescribeRuns = _nothing_named,
    ) -> list[tuple[Job, Attempt]]:
        """Start an attempt of each of these jobs."""
        if not chosen:
            return []
        last = self.last_id(connection)
        described = runs(connection, chosen)
        attempts = [
            Attempt(
                id=last + place, run_id=job.run_id, ws_id=job.ws_id, job_id=job.job_id, step_name=job.step_name,
                number=job.attempts + 1, tool=job.tool, status=AttemptStatus.RUNNING, runner=runner, started_at=now,
                engine_id=engine.engine_id if engine else None, home_id=engine.home_id if engine else None,
                token=_token_of(engine), rung=job.rung, **run_columns(job, described.get(job.job_id, _NOTHING_NAMED)),
            )
            for place, job in enumerate(chosen, start=1)
        ]  # fmt: skip
        return self._record_starts(connection, chosen, attempts, now=now)

    def _record_starts(
        self, connection: Connection, chosen: Sequence[Job], attempts: Sequence[Attempt], *, now: float
    ) -> list[tuple[Job, Attempt]]:
        """Write new attempts, and that their jobs run."""
        _NEW_ATTEMPT.run_all(connection, [columns(attempt, *_STARTED) for attempt in attempts])
        moves = [(job, started_job(job, now)) for job in chosen]
        moved = self._writer.change_all(connection, moves, counted_as=BY_ATTEMPTS)
        started = list(zip(moved, attempts, strict=True))
        for job, attempt in started:
            self._writer.queue.running.started(job, account=attempt.account or job.account)
        self._writer.record_events(connection, [
            self._writer.event_row(
                "job.running", f"{job.job_id} started with {job.tool}, attempt {job.attempts} of {job.max_attempts}.",
                job=job, attempt=attempt,
            )
            for job, attempt in started
        ])  # fmt: skip
        self._writer.follow_all(connection, (job for job, _ in started))
        return started

    def _count_error(self, connection: Connection, attempt: Attempt, now: float) -> None:
        if attempt.status in {AttemptStatus.CANCELLED, AttemptStatus.INTERRUPTED}:
            return
        signature = (
            f"{attempt.tool}:{attempt.failure_class or attempt.status}:{without_numbers(attempt.summary)}"[
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


def _token_of(engine: Engine | None) -> str:
    """A new token; it names the home, so that an attempt, its folder and its processes show whose they are."""
    return new_token() if engine is None else f"{engine.home_id}.{new_token()}"


def _count_of(changes: Sequence[tuple[Job, Mapping[str, Any]]]) -> str:
    """As what the ends of attempts count: where a job is queued or held again, what is kept of jobs may be wrong."""
    are_final = all(values["status"] in FINAL for _, values in changes)
    return BY_ATTEMPTS if are_final else jobs.name
