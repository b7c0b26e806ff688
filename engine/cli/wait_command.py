"""The command `wait`: block until jobs have ended, or cannot go on without a person. Changes nothing."""

import time
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated

import typer

from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, QueueSnapshot, opened
from engine.cli.number_types import decimal
from engine.cli.options import (
    JobIds,
    JsonOption,
    RunOption,
)
from engine.cli.printing import note_done, print_error, print_json, print_line
from engine.cli.review_lines import review_line
from engine.cli.status_commands import job_json
from engine.errors import JobNotFoundError
from engine.scheduling.blocked_jobs import blocked_jobs
from engine.scheduling.schedule import active, hold_on
from engine.system.formatting import plural
from state import event_queries, queries
from state.codec import record_from_json
from state.lifecycle import FINAL
from state.records import HoldKind, Job, JobStatus
from state.status_words import status_in_words

_POLL_S = 0.2
_LOOK_SHARE = 10
"""For each second of finding out whether jobs can go on, ten of waiting."""
_LISTED = 20


class WaitResult(Enum):
    """How waiting ended: the word in JSON, and the exit code. Of several that apply, the first counts."""

    NO_MATCH = ("no_match", 7)
    TIMEOUT = ("timeout", 124)
    FAILED = ("failed", 1)
    CANCELLED = ("cancelled", 4)
    NEEDS_PERSON = ("needs_person", 5)
    BLOCKED = ("blocked", 6)
    COMPLETED = ("completed", 0)

    @property
    def code(self) -> int:
        """The exit code."""
        return self.value[1]


_ENDED = {
    JobStatus.FAILED: WaitResult.FAILED,
    JobStatus.TIMEOUT: WaitResult.FAILED,
    JobStatus.CANCELLED: WaitResult.CANCELLED,
    JobStatus.HELD: WaitResult.NEEDS_PERSON,
}


def wait(
    job_ids: JobIds = None,
    *,
    run: RunOption = None,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            metavar="GROUP",
            help="The open jobs of this group, and all of its jobs in the newest run that has any.",
            show_default=False,
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            parser=decimal(least=0),
            help="Wait no longer.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox wait`."""
    if (job_ids and (run or group)) or not (job_ids or run or group):
        raise typer.BadParameter("name jobs, or select them with --run and --group.")
    deadline = None if timeout is None else time.monotonic() + timeout
    with opened(home) as session:
        try:
            selected = _selected(session, job_ids, run, group)
        except JobNotFoundError as error:
            print_error(f"{error}")
            selected = {}
        else:
            if not selected:
                print_error("No job matches.")
        waiting = _Waiting(session, selected)
        result = waiting.until(deadline)
        _print(session, waiting, result, as_json=as_json)
    note_done()
    raise typer.Exit(result.code)


def _selected(
    session: HomeSession, job_ids: Sequence[str] | None, run: str | None, group: str | None
) -> Mapping[str, Job]:
    """The jobs to wait for, as they are now."""
    if job_ids:
        found = session.plain.read(queries.find_jobs, list(dict.fromkeys(job_ids)))
        for job_id in job_ids:
            if job_id not in found:
                raise JobNotFoundError(job_id)
        return found
    jobs = session.plain.read(queries.list_jobs, run_id=run, limit=1_000_000)
    if group is not None:
        jobs = [job for job in jobs if job.group_name == group]
        newest = jobs[-1].run_id if jobs else None
        jobs = [job for job in jobs if job.run_id == newest or job.status not in FINAL]
    return {job.job_id: job for job in jobs}


class _Waiting:
    """The jobs that are waited for, kept up to date from the events after a cursor."""

    def __init__(self, session: HomeSession, jobs: Mapping[str, Job]) -> None:
        self._session = session
        self._cursor, self._version = session.plain.read(event_queries.latest_event_id), -1
        # Read again behind the cursor: a job may have ended between the two.
        self.jobs = {**jobs, **session.plain.read(queries.find_jobs, list(jobs))}
        self._stuck: dict[str, WaitResult] = {}
        self._look_at = 0.0
        self._reported = False

    def until(self, deadline: float | None) -> WaitResult:
        """Wait until no job can go on by itself, or until the deadline, in the seconds of `time.monotonic`."""
        if not self.jobs:
            return WaitResult.NO_MATCH
        while self._pending():
            if deadline is not None and time.monotonic() >= deadline:
                return WaitResult.TIMEOUT
            left = _POLL_S if deadline is None else min(_POLL_S, deadline - time.monotonic())
            time.sleep(max(left, 0.0))
            self._read_events()
        present = {self.result(job) for job in self.jobs.values()}
        return next(one for one in WaitResult if one in present)

    def result(self, job: Job) -> WaitResult | None:
        """How waiting for this job ended; None while it can go on by itself."""
        if job.status in FINAL:
            return _ENDED.get(job.status, WaitResult.COMPLETED)
        return _ENDED.get(job.status) or self._stuck.get(job.job_id)

    def _pending(self) -> bool:
        still = [job for job in self.jobs.values() if job.status not in FINAL]
        if any(job.status is JobStatus.RUNNING for job in still):
            return True
        begun = time.monotonic()
        if still and begun >= self._look_at:
            self._find_stuck(self._session.snapshot())
            self._look_at = begun + _POLL_S + _LOOK_SHARE * (time.monotonic() - begun)
        return any(self.result(job) is None for job in still)

    def _find_stuck(self, snapshot: QueueSnapshot) -> None:
        """Find the queued jobs that cannot start without a person."""
        lasting = [hold for hold in snapshot.holds if hold.until is None]
        holds = active(lasting, snapshot.now)
        queued = [job for job in snapshot.jobs.values() if job.status is JobStatus.QUEUED]
        on_hold = {
            job.job_id for job in queued if (HoldKind.ENGINE, "") in holds or hold_on(job, holds) is not None
        }
        stuck = dict.fromkeys(blocked_jobs(snapshot.jobs, set()), WaitResult.BLOCKED)
        self._stuck = dict.fromkeys(blocked_jobs(snapshot.jobs, on_hold), WaitResult.NEEDS_PERSON) | stuck
        if not snapshot.engines and not self._reported:
            self._reported = True
            print_error(
                "No engine is running, so nothing changes; open the window, or run `signalbox engine`."
            )

    def _read_events(self) -> None:
        version = self._session.plain.data_version()
        if version == self._version:
            return
        self._version = version
        while page := self._session.plain.read(event_queries.events_after, self._cursor):
            self._cursor = page[-1].id
            for event in page:
                if event.job_id in self.jobs and "job" in event.payload:
                    self.jobs[event.job_id] = record_from_json(Job, event.payload["job"])


def _print(session: HomeSession, waiting: _Waiting, result: WaitResult, *, as_json: bool) -> None:
    word, code = result.value
    if as_json:
        snapshot = session.snapshot()
        jobs = [job_json(job, snapshot) for job in waiting.jobs.values()]
        print_json({"result": word, "exit_code": code, "jobs": jobs})
    elif result is not WaitResult.NO_MATCH:
        _print_jobs(session, waiting)


def _print_jobs(session: HomeSession, waiting: _Waiting) -> None:
    jobs = list(waiting.jobs.values())
    other = [job for job in jobs if waiting.result(job) is not WaitResult.COMPLETED]
    print_line(f"{len(jobs) - len(other):,} of {plural(len(jobs), 'job')} completed.")
    snapshot = session.snapshot() if other else None
    for job in other[:_LISTED]:
        reason = snapshot.wait(job) if snapshot is not None else None
        sentence = job.summary if reason is None else reason.sentence
        print_error(f"{job.job_id} {status_in_words(job.status)}{f': {sentence}' if sentence else '.'}")
    if len(other) > _LISTED:
        print_error(f"and {len(other) - _LISTED:,} more")
    if line := review_line(session, dict.fromkeys(job.run_id for job in jobs)):
        print_line(line)
