"""Run some jobs in this process to their end and show their progress; the exit code reports the result."""

import math
import time
from collections.abc import Callable, Sequence

from engine.cli.callback_patience import CALLBACK_PATIENCE_S, Patience, print_callbacks_left
from engine.cli.home_session import HomeSession, QueueSnapshot
from engine.cli.interrupts import INTERRUPTED
from engine.cli.job_output import attempt_tail
from engine.cli.printing import console, print_error, print_line, shortened
from engine.cli.progress import LineProgress, LiveProgress, NoProgress, Row, RunProgress, table
from engine.cli.review_lines import review_line
from engine.cli.running_jobs import RunningJobs
from engine.cli.signals import ExitImmediately, StopRequests, exit_immediately
from engine.host.batch_engine import Batch, BatchState
from engine.streams.attempt_output import READERS
from engine.system.formatting import duration, plural
from state import attempt_queries
from state.lifecycle import FINAL
from state.records import Attempt, Job, JobStatus
from state.status_words import status_in_words

_TURN_S = 0.2
_READ_S = 0.5
"""How often the reasons for waiting and the last lines are read; the states themselves are read each turn."""
_RUN_SHARE = 10
"""For each second of reading and drawing, ten of running."""
_FAILED = frozenset({JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED})
_LINES_OF_FAILED = 5


def run_to_end(
    session: HomeSession, job_ids: Sequence[str], *, quiet: bool = False, longest_hold_s: float = math.inf
) -> int:
    """Run these jobs in this process until none of them can continue by itself, and return the exit code.

    A hold that ends later than in `longest_hold_s` is not waited for.
    """
    batch = Batch(session.store, job_ids, longest_hold_s=longest_hold_s)
    out = console()
    progress: RunProgress = NoProgress()
    if not quiet:
        progress = LiveProgress(out) if out.is_terminal else LineProgress(print_line)
    watcher = Watcher(session, progress)
    begun = time.monotonic()
    try:
        with StopRequests() as requests:
            state = _drive(batch, requests, watcher)
            interrupted = requests.requested
    except ExitImmediately:
        progress.close()
        print_error("Exited at once, while jobs were being stopped; the next engine records how they ended.")
        exit_immediately()
    finally:
        progress.close()
        batch.close()
        print_callbacks_left(batch.callbacks_left)
    if not quiet:
        rows = watcher.rows(state.jobs, fresh=True)
        _print_end(rows, live=out.is_terminal, took=time.monotonic() - begun)
        _print_failures(session, rows)
        if line := review_line(session, dict.fromkeys(job.run_id for job in state.jobs)):
            print_line(line)
    if interrupted:
        return INTERRUPTED
    return 0 if state.succeeded else 1


def _drive(batch: Batch, requests: StopRequests, watcher: "Watcher") -> BatchState:
    is_ending, reported = False, ""
    patience = Patience(CALLBACK_PATIENCE_S)
    while True:
        state = batch.step()
        if not state.over or batch.is_merging:
            patience.restart()
        watcher.show(state.jobs)
        if batch.problem not in {"", reported}:
            print_error(batch.problem)
        reported = batch.problem
        if requests.requested and not is_ending:
            is_ending = True
            if requests.from_keyboard:
                batch.cancel("interrupted at the keyboard")
            else:
                batch.stop()
        elif batch.is_stopped or (state.over and not (batch.callbacks_remaining and patience.is_left())):
            watcher.show_end(state.jobs)
            return state
        else:
            batch.wait(_TURN_S)


class Watcher:
    """Reads what is shown next to the states of jobs, as often as the run can afford."""

    def __init__(
        self,
        session: HomeSession,
        progress: RunProgress,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._progress, self._monotonic = session, progress, monotonic
        self._read_at = self._show_at = 0.0
        self._snapshot: QueueSnapshot | None = None
        self._running = RunningJobs(session)

    def show(self, jobs: Sequence[Job]) -> None:
        """Show these jobs as they are; with thousands of them, showing must not take most of the time."""
        begun = self._monotonic()
        if begun < self._show_at:
            return
        if begun >= self._read_at:
            self._read(jobs)
            now = self._monotonic()
            self._read_at = now + max(_READ_S, _RUN_SHARE * (now - begun))
        drawing = self._monotonic()
        self._progress.show(self.rows(jobs), time.time())
        now = self._monotonic()
        self._show_at = now + max(self._progress.rest_s, _RUN_SHARE * (now - drawing))

    def show_end(self, jobs: Sequence[Job]) -> None:
        """Show how the jobs ended, however recently they were shown."""
        self._read_at = self._show_at = 0.0
        self.show(jobs)

    def rows(self, jobs: Sequence[Job], *, fresh: bool = False) -> list[Row]:
        """The jobs as rows, with the last snapshot that was read, or with a fresh one."""
        snapshot = self._session.snapshot() if fresh or self._snapshot is None else self._snapshot
        return [
            Row(
                job=job,
                state=snapshot.state(job),
                wait=snapshot.wait(job),
                tail=self._running.line(job),
            )
            for job in jobs
        ]

    def _read(self, jobs: Sequence[Job]) -> None:
        self._snapshot = self._session.snapshot()
        self._running.refresh(jobs)


def _print_end(rows: Sequence[Row], *, live: bool, took: float) -> None:
    if live:
        console().print(table(rows, time.time()))
    done = sum(row.job.status not in _FAILED and row.job.status in FINAL for row in rows)
    all_done = done == len(rows)
    jobs = plural(len(rows), "job")
    result = f"{jobs} completed" if all_done else f"{done} of {jobs} completed"
    print_line(f"{result} in {duration(took)}.", style="green" if all_done else "bold red")


def _print_failures(session: HomeSession, rows: Sequence[Row]) -> None:
    for row in rows:
        job = row.job
        if row.wait is not None:
            print_error(f"{job.job_id} is {row.state}: {row.wait.sentence}")
        elif job.status in {JobStatus.FAILED, JobStatus.TIMEOUT}:
            print_error(f"{job.job_id} {status_in_words(job.status)}: {job.summary}")
            attempts = session.plain.read(attempt_queries.attempts_of, job.job_id)
            for line in _failure_tail(session, attempts[-1]) if attempts else ():
                print_error(f"    {shortened(line)}")
            print_error(f"    full output: signalbox logs {job.job_id}")


def _failure_tail(session: HomeSession, attempt: Attempt) -> list[str]:
    """The last lines of what failed: of an agent its last sentences, else the end of its complaints."""
    if attempt.tool in READERS:
        folder = session.home.attempts / attempt.folder_name
        tail = attempt_tail(folder, attempt.tool, attempt.result, most=_LINES_OF_FAILED)
        return [entry.text for entry in tail.entries]
    printed = str(attempt.result.get("stderr") or attempt.result.get("stdout") or "")
    return printed.splitlines()[-_LINES_OF_FAILED:]
