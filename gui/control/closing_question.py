"""What a window asks before it closes, from what runs and what could still start. Pure: asks nothing itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.scheduling.explainer import Wait, WaitKind
from engine.system.formatting import clock_minute, date_minute, same_day
from engine.system.plain_text import escape_invisible
from gui.translation import tr, tr_count
from gui.widgets.confirm_sheet import Choice
from state.lifecycle import SATISFIED
from state.records import Job, JobStatus

if TYPE_CHECKING:
    from engine.recurring.recurring_rows import RecurringRow

BACKGROUND, FINISH, STOP, CANCEL = "background", "finish", "stop", "cancel"
KEEP_OPEN = "keep_open"
"""The answer after which the window does not close."""
_BY_ITSELF = frozenset(
    {WaitKind.READY, WaitKind.NO_SLOT, WaitKind.TREE, WaitKind.NO_ENGINE, WaitKind.STOPPING, WaitKind.BLOCKED}
)
"""Reasons that end without a person, or without a time that is known."""


@dataclass(frozen=True, kw_only=True)
class OpenWork:
    """How many jobs run, how many of the others start by themselves, and how many only wait for a person."""

    running: int = 0
    startable: int = 0
    stuck: int = 0


@dataclass(frozen=True)
class ClosingQuestion:
    """A question with a title, a sentence of facts, and the answers that mean something."""

    title: str
    sentence: str
    choices: tuple[Choice, ...]


def open_work(jobs: Mapping[str, Job], wait_of: Callable[[Job], Wait | None]) -> OpenWork:
    """What of these jobs is still to come."""
    queued = [job for job in jobs.values() if job.status is JobStatus.QUEUED]
    startable = _startable(jobs, queued, wait_of)
    return OpenWork(
        running=sum(job.status is JobStatus.RUNNING for job in jobs.values()),
        startable=len(startable),
        stuck=sum(job.status is JobStatus.HELD for job in jobs.values()) + len(queued) - len(startable),
    )


def next_recurring(rows: "Sequence[RecurringRow]", now: float) -> str:
    """Which recurring run is due next and when, and what that needs, as a sentence; empty where none is enabled."""
    times = [(due, row.name) for row in rows for due in row.upcoming if due > now]
    if not times:
        return ""
    due, name = min(times)
    return tr(
        "The recurring run {name} is due next at {at}; it is queued only while a window or an engine is open.",
        name=escape_invisible(name),
        at=clock_minute(due) if same_day(due, now) else date_minute(due),
    )


def closing_question(work: OpenWork, recurring: str = "") -> ClosingQuestion | None:
    """What to ask; None where there is nothing that an answer would change.

    `recurring` is the sentence on the next recurring run, which an engine in the background stays for.
    """
    if not work.running and not work.startable:
        return _question_of(recurring) if recurring else None
    title, running = tr("There is unfinished work"), work.running
    on = Choice(BACKGROUND, tr("Continue in the background"), "primary")
    if not running:
        leave = tr("Leave it in the queue") if work.startable == 1 else tr("Leave them in the queue")
        sentence = f"{_sentence(tr('Nothing runs'), work)} {recurring}".rstrip()
        return ClosingQuestion(title, sentence, (Choice(FINISH, leave), on))
    runs = tr_count("{n} job runs", "{n} jobs run", running)
    lost = tr("A job that is cancelled starts again only when you retry it.")
    cancel = tr_count("Cancel the running job", "Cancel the {n} running jobs", running)
    finish = tr_count("Let the running job finish", "Let the {n} running jobs finish", running)
    choices = (Choice(CANCEL, cancel, "danger"), Choice(FINISH, finish), on)
    return ClosingQuestion(title, f"{_sentence(runs, work)} {lost} {recurring}".rstrip(), choices)


def _question_of(recurring: str) -> ClosingQuestion:
    """What to ask where nothing but recurring runs is still to come."""
    missed = tr("If you quit, the next start reports what was missed.")
    choices = (
        Choice(KEEP_OPEN, tr("Cancel")),
        Choice(STOP, tr("Quit anyway")),
        Choice(BACKGROUND, tr("Leave an engine in the background"), "primary"),
    )
    return ClosingQuestion(tr("A recurring run is due later"), f"{recurring} {missed}", choices)


def _sentence(runs: str, work: OpenWork) -> str:
    """What runs, what starts by itself, now or later, and what waits, with semicolons between them."""
    startable, stuck = work.startable, work.stuck
    if startable and work.running:
        starts = tr_count("{n} more job starts by itself", "{n} more jobs start by themselves", startable)
    else:
        starts = (
            tr_count("{n} job starts by itself", "{n} jobs start by themselves", startable)
            if startable
            else ""
        )
    waits = tr_count("{n} job waits for a person", "{n} jobs wait for a person", stuck) if stuck else ""
    return "; ".join(filter(None, (runs, starts, waits))) + "."


def _startable(jobs: Mapping[str, Job], queued: list[Job], wait_of: Callable[[Job], Wait | None]) -> set[str]:
    """The queued jobs that start without a person: neither they nor what they wait for is stuck."""
    found = {job.job_id for job in queued if _starts(wait_of(job))}
    while True:
        stuck = {job_id for job_id in found if not _parents_end(jobs[job_id], jobs, found)}
        if not stuck:
            return found
        found -= stuck


def _starts(wait: Wait | None) -> bool:
    return wait is None or wait.until is not None or wait.kind in _BY_ITSELF


def _parents_end(job: Job, jobs: Mapping[str, Job], startable: set[str]) -> bool:
    """Whether everything it waits for is done, runs or will."""
    parents = [jobs.get(parent) for parent in job.depends_on]
    return all(
        parent is not None
        and (parent.status in SATISFIED or parent.status is JobStatus.RUNNING or parent.job_id in startable)
        for parent in parents
    )
