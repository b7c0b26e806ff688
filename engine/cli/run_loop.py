"""Runs some jobs in this process to their end and shows how they go; the exit code tells how it went."""

import time
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from engine.cli.home_session import HomeSession, QueueSnapshot
from engine.cli.printing import complain, console, say, shortened
from engine.cli.progress import LineProgress, LiveProgress, NoProgress, Row, RunProgress, table
from engine.cli.signals import INTERRUPTED, AtOnce, StopRequests, leave_at_once
from engine.host.batch_engine import Batch, BatchState
from engine.runners import output
from engine.system.formatting import duration, plural
from engine.system.plain_text import last_line
from engine.types import AttemptRef
from state import queries
from state.lifecycle import FINAL
from state.records import Job, JobStatus

_TURN_S = 0.2
_LOOK_S = 0.5
"""How often the reasons for waiting and the last lines are read anew; the states themselves are read each turn."""
_RATHER_RUN = 10
"""For a second of looking and drawing, ten of running."""
_TAIL_BYTES = 2048
_FAILED = frozenset({JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED})
_LINES_OF_FAILED = 5


def run_to_end(view: HomeSession, job_ids: Sequence[str], *, quiet: bool = False) -> int:
    """Run these jobs in this process until nothing of them can go on by itself, and return the exit code."""
    batch = Batch(view.store, job_ids)
    out = console()
    progress: RunProgress = NoProgress()
    if not quiet:
        progress = LiveProgress(out) if out.is_terminal else LineProgress(say)
    watcher = _Watcher(view, progress)
    begun = time.monotonic()
    try:
        with StopRequests() as requests:
            state = _drive(batch, requests, watcher)
            interrupted = requests.asked
    except AtOnce:
        progress.close()
        complain("Left at once; what runs goes on and is taken over by the next engine.")
        leave_at_once()
    finally:
        progress.close()
        batch.close()
    if not quiet:
        rows = watcher.rows(state.jobs, afresh=True)
        _tell_end(rows, live=out.is_terminal, took=time.monotonic() - begun)
        _tell_failures(view, rows)
    if interrupted:
        return INTERRUPTED
    return 0 if state.succeeded else 1


def _drive(batch: Batch, requests: StopRequests, watcher: "_Watcher") -> BatchState:
    cancelled, told = False, ""
    while True:
        state = batch.step()
        watcher.show(state.jobs)
        if batch.problem not in {"", told}:
            complain(batch.problem)
        told = batch.problem
        if requests.asked and not cancelled:
            batch.cancel("interrupted at the keyboard")
            cancelled = True
        elif state.over:
            watcher.show_end(state.jobs)
            return state
        else:
            batch.wait(_TURN_S)


class _Watcher:
    """Reads what is shown beside the states of jobs, not oftener than it can be followed."""

    def __init__(self, view: HomeSession, progress: RunProgress) -> None:
        self._view, self._progress = view, progress
        self._look_at = self._show_at = 0.0
        self._moment: QueueSnapshot | None = None
        self._tails: dict[str, str] = {}
        self._folders: dict[tuple[str, int], Path] = {}

    def show(self, jobs: Sequence[Job]) -> None:
        """Show these jobs as they stand; with thousands of them, showing must not be what the time goes into."""
        begun = time.monotonic()
        if begun < self._show_at:
            return
        if begun >= self._look_at:
            self._look(jobs)
            now = time.monotonic()
            self._look_at = now + max(_LOOK_S, _RATHER_RUN * (now - begun))
        drawing = time.monotonic()
        self._progress.show(self.rows(jobs), time.time())
        now = time.monotonic()
        self._show_at = now + _RATHER_RUN * (now - drawing)

    def show_end(self, jobs: Sequence[Job]) -> None:
        """Show how they ended, however lately they were shown."""
        self._look_at = self._show_at = 0.0
        self.show(jobs)

    def rows(self, jobs: Sequence[Job], *, afresh: bool = False) -> list[Row]:
        """The jobs with what was read last of their surroundings, or with what is there now."""
        moment = self._view.moment() if afresh or self._moment is None else self._moment
        return [
            Row(job=job, state=moment.state(job), wait=moment.wait(job), tail=self._tails.get(job.job_id, ""))
            for job in jobs
        ]

    def _look(self, jobs: Sequence[Job]) -> None:
        self._moment = self._view.moment()
        for job in jobs:
            if job.status is JobStatus.RUNNING:
                folder = self._folder(job)
                said = output.tail_text(folder, _TAIL_BYTES) if folder is not None else ""
                self._tails[job.job_id] = last_line(said)

    def _folder(self, job: Job) -> Path | None:
        key = (job.job_id, job.attempts)
        if key not in self._folders:
            made = self._view.reader.read(queries.attempts_of, job.job_id)
            if not made:
                return None
            name = AttemptRef(made[-1].id, made[-1].token).folder_name
            self._folders[key] = self._view.home.attempts / name
        return self._folders[key]


def _tell_end(rows: Sequence[Row], *, live: bool, took: float) -> None:
    if live:
        console().print(table(rows, time.time()))
    done = sum(row.job.status not in _FAILED and row.job.status in FINAL for row in rows)
    good = done == len(rows)
    told = (
        f"{plural(len(rows), 'job')} completed" if good else f"{done} of {plural(len(rows), 'job')} completed"
    )
    console().print(Text(f"{told} in {duration(took)}.", style="green" if good else "bold red"))


def _tell_failures(view: HomeSession, rows: Sequence[Row]) -> None:
    for row in rows:
        job = row.job
        if row.wait is not None:
            complain(f"{job.job_id} is {row.state}: {row.wait.sentence}")
        elif job.status in {JobStatus.FAILED, JobStatus.TIMEOUT}:
            complain(f"{job.job_id} {job.status}: {job.summary}")
            attempts = view.reader.read(queries.attempts_of, job.job_id)
            said = (
                str(attempts[-1].result.get("stderr") or attempts[-1].result.get("stdout") or "")
                if attempts
                else ""
            )
            for line in said.splitlines()[-_LINES_OF_FAILED:]:
                complain(f"    {shortened(line)}")
            complain(f"    all of it: signalbox logs {job.job_id}")
