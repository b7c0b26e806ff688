"""What a window asks before it closes, from what runs and what could still start. Pure: asks nothing itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.scheduling.explainer import Wait, WaitKind
from engine.system.formatting import plural
from gui.widgets.confirm_sheet import Choice
from state.lifecycle import SATISFIED
from state.records import Job, JobStatus

BACKGROUND, FINISH, STOP, CANCEL = "background", "finish", "stop", "cancel"
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


def closing_question(work: OpenWork) -> ClosingQuestion | None:
    """What to ask; None where there is nothing that an answer would change."""
    if not work.running and not work.startable:
        return None
    on = Choice(BACKGROUND, "Continue in the background", "primary")
    if not work.running:
        leave = Choice(FINISH, "Leave it in the queue" if work.startable == 1 else "Leave them in the queue")
        return ClosingQuestion("There is unfinished work", f"Nothing runs; {_rest(work)}.", (leave, on))
    what = "the running job" if work.running == 1 else f"the {work.running:,} running jobs"
    runs = f"{plural(work.running, 'job')} {'runs' if work.running == 1 else 'run'}"
    sentence = "; ".join(filter(None, (runs, _rest(work)))) + "."
    lost = " A job that is cancelled starts again only when you retry it."
    choices = (Choice(CANCEL, f"Cancel {what}", "danger"), Choice(FINISH, f"Let {what} finish"), on)
    return ClosingQuestion("There is unfinished work", sentence + lost, choices)


def _rest(work: OpenWork) -> str:
    more = " besides" if work.running else ""
    stuck = "waits" if work.stuck == 1 else "wait"
    parts = (
        f"{plural(work.startable, 'job')} can start{more}" if work.startable else "",
        f"{plural(work.stuck, 'job')} {stuck} for a person" if work.stuck else "",
    )
    return "; ".join(filter(None, parts))


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
