"""Imports an exported run as finished history: repeats its changes through the ledger, with their own times.

Jobs that were still open are imported as cancelled. None of them starts by itself, and a retry needs trust first.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.errors import CommandRefusedError, JobExistsError
from engine.jobfile.spec import JobSpec
from engine.maintenance import export, exported_files
from engine.maintenance.history import History
from engine.scheduling.retry_policy import rung_of
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import queries
from state.job_notes import checked_labels, checked_note
from state.ledger import AttemptOutcome, AttemptRun, Following, Ledger, NewJob
from state.lifecycle import JOB_MOVES
from state.records import (
    Attempt,
    AttemptStatus,
    Engine,
    GroupStatus,
    Job,
    JobStatus,
    Origin,
    ReviewState,
    Run,
    Workstream,
    WorkstreamFile,
)

_ENDS = {
    AttemptStatus.COMPLETED: JobStatus.COMPLETED,
    AttemptStatus.TIMEOUT: JobStatus.TIMEOUT,
    AttemptStatus.CANCELLED: JobStatus.CANCELLED,
}
_OPEN = frozenset({JobStatus.HELD, JobStatus.QUEUED, JobStatus.RUNNING})
_BY_JOBS = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED})


@dataclass
class _Clock:
    """The time of the change that is being replayed."""

    now: float

    def __call__(self) -> float:
        return self.now


def import_run(home: Home, store: JobStateStore, folder: Path) -> History:
    """Import an exported folder completely or not at all.

    Raises:
        SignalboxError: the folder is not what `export` wrote; nothing was imported.
        JobExistsError, CommandRefusedError: the run or a job of it is already in this home.
    """
    history = export.read(folder)
    replay = _Replay(home, store, history, folder)
    try:
        with store.transaction():
            replay.run()
            text = f"Run {history.run.title or history.run.run_id} was imported."
            store.record_event("run.imported", {"run_id": history.run.run_id, "text": text})
    except BaseException as error:
        replay.remove_copies()
        if isinstance(error, OSError):
            raise exported_files.refused(folder, f"cannot be imported: {error.strerror}") from error
        raise
    return history


class _Replay:
    def __init__(self, home: Home, store: JobStateStore, history: History, folder: Path) -> None:
        self._home, self._store, self._history, self._folder = home, store, history, folder
        self._clock = _Clock(history.run.created_at)
        self._ledger = Ledger(store.database, clock=self._clock, is_history=True)
        self._attempts: defaultdict[str, list[Attempt]] = defaultdict(list)
        for attempt in history.attempts:
            rung = attempt.rung or _rung_of(history.specs[attempt.job_id], attempt.tool)
            self._attempts[attempt.job_id].append(replace(attempt, rung=rung))
        self._copies: list[Path] = []

    def remove_copies(self) -> None:
        """Remove every folder that was made for an attempt."""
        for folder in self._copies:
            shutil.rmtree(folder, ignore_errors=True)

    def run(self) -> None:
        history = self._history
        with self._ledger.transaction() as connection:
            if queries.find_run(connection, history.run.run_id) is not None:
                raise CommandRefusedError(
                    f"Run {history.run.run_id} is already in this home; nothing was imported."
                )
            known = queries.known_job_ids(connection, [job.job_id for job in history.jobs])
            if known:
                raise JobExistsError(next(iter(known)))
            self._ledger.jobs.create_run(
                _fresh_run(history), [_closed_review(one) for one in history.workstreams]
            )
            self._ledger.jobs.accept(
                [NewJob(job=self._as_accepted(job), spec=history.specs[job.job_id]) for job in history.jobs]
            )
            for job in history.jobs:
                self._replay_job(job)
            self._ledger.reviews.comments.take_in(history.comments, history.viewed)
            self._ledger.forecasts.keep(history.forecasts)
            if not history.jobs:
                self._ledger.jobs.set_run_status(history.run.run_id, _closed(history.run.status))

    def _as_accepted(self, job: Job) -> Job:
        attempts = self._attempts[job.job_id]
        first = attempts[0] if attempts else job
        return replace(
            job, seq=0, status=JobStatus.QUEUED, tool=first.tool, rung=first.rung, attempts=0,
            interruptions=0, quarantined=False, hold_cause=None, hold_reason=None, not_before=None, waits_for=None,
            source_path=None, origin=Origin.INBOX, cancel_requested_at=None, cost_usd=None, cost_source=None,
            denied=0, input_tokens=None, cached_tokens=None, output_tokens=None, started_at=None,
            completed_at=None, exit_code=None, failure_class=None, summary="",
            follow_up=None if attempts else job.follow_up, fresh_session=job.fresh_session and not attempts,
            note=checked_note(job.note), labels=checked_labels(job.labels),
        )  # fmt: skip

    def _replay_job(self, job: Job) -> None:
        attempts = self._attempts[job.job_id]
        status = JobStatus.QUEUED
        for number, attempt in enumerate(attempts, 1):
            following = attempts[number] if number < len(attempts) else None
            status = self._replay_attempt(job, attempt, following)
        self._clock.now = job.completed_at or self._clock.now
        if job.status is JobStatus.SKIPPED and JobStatus.SKIPPED in JOB_MOVES[status]:
            self._ledger.commands.skip(job.job_id, "")
        elif status in _OPEN:
            why = "" if job.status is JobStatus.CANCELLED else ": it was open when it was exported"
            self._ledger.commands.request_cancel(job.job_id, why)

    def _replay_attempt(self, job: Job, attempt: Attempt, following: Attempt | None) -> JobStatus:
        engine = Engine(engine_id=attempt.engine_id or "imported", home_id="imported", host="", pid=0)
        self._clock.now = attempt.started_at
        run = AttemptRun(**{name: getattr(attempt, name) for name in AttemptRun.__dataclass_fields__})
        _, begun = self._ledger.attempts.claim_one(
            job.job_id,
            engine,
            runner=attempt.runner,
            now=attempt.started_at,
            runs=lambda _connection, _jobs: {job.job_id: run},
        )
        target = self._home.attempts / begun.folder_name
        self._copies.append(target)
        export.copy_output(self._folder, self._history, attempt, target)
        self._clock.now = attempt.completed_at or attempt.started_at
        ended = self._ledger.attempts.end(
            begun,
            self._outcome(job, attempt, last=following is None),
            _next(job, attempt, following),
            now=self._clock.now,
        )
        return ended[0].status if ended is not None else JobStatus.RUNNING

    def _outcome(self, job: Job, attempt: Attempt, *, last: bool) -> AttemptOutcome:
        over = attempt.status is not AttemptStatus.RUNNING
        return AttemptOutcome(
            status=attempt.status if over else AttemptStatus.INTERRUPTED,
            result=attempt.result,
            exit_code=attempt.exit_code,
            duration_s=attempt.duration_s or 0.0,
            failure_class=attempt.failure_class,
            summary=attempt.summary,
            cost_usd=attempt.cost_usd,
            cost_source=attempt.cost_source,
            input_tokens=attempt.input_tokens,
            cached_tokens=attempt.cached_tokens,
            output_tokens=attempt.output_tokens,
            session_id=attempt.session_id,
            files=self._touched(job) if last else (),
        )

    def _touched(self, job: Job) -> Sequence[WorkstreamFile]:
        return [file for file in self._history.files if file.touched and file.job_id == job.job_id]


def _rung_of(spec: Mapping[str, Any], tool: str) -> int:
    """Where on the ladder of its job a tool stands; earlier releases exported no rungs."""
    with suppress(ValidationError):
        read = JobSpec.model_validate(spec)
        return rung_of(read, tool, read.ladder)
    return 0


def _next(job: Job, attempt: Attempt, following: Attempt | None) -> Following:
    if following is not None:
        rung, account = following.rung, job.account
        return Following(status=JobStatus.QUEUED, tool=following.tool, rung=rung, account=account)
    status = job.status if job.status in _BY_JOBS else _ENDS.get(attempt.status, JobStatus.FAILED)
    return Following(status=status, quarantined=job.quarantined and status is not JobStatus.COMPLETED)


def _fresh_run(history: History) -> Run:
    return replace(history.run, status=GroupStatus.QUEUED, started_at=None, completed_at=None)


def _closed(status: GroupStatus) -> GroupStatus:
    going = {
        GroupStatus.HELD, GroupStatus.QUEUED, GroupStatus.RUNNING, GroupStatus.REVIEW, GroupStatus.MERGING,
    }  # fmt: skip
    return GroupStatus.CANCELLED if status in going else status


def _closed_review(workstream: Workstream) -> Workstream:
    """The workstream without a review that is still to come: its worktree stayed in the home it comes from."""
    is_open = workstream.review not in {ReviewState.MERGED, ReviewState.DISCARDED}
    return replace(workstream, review=ReviewState.NONE, waits_since=None) if is_open else workstream
