"""Where a workstream stands among its jobs: which job speaks for it, what each shows, who must act. Pure functions."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from engine.scheduling.schedule import Wait, shown_state
from engine.trust.launch import waits_for_trust
from state.lifecycle import FINAL
from state.records import HoldCause, Job, JobStatus

WaitOf = Callable[[Job], Wait | None]

BAR_ORDER = (
    "completed",
    "running",
    "failed",
    "timeout",
    "quarantined",
    "needsyou",
    "waiting",
    "blocked",
    "queued",
    "held",
    "skipped",
    "cancelled",
)
"""The order of the segments of every composite bar."""


def was_interrupted(job: Job) -> bool:
    """Whether nobody knows how the last attempt ended, so that a person has to say what follows."""
    return job.status is JobStatus.HELD and job.hold_cause is HoldCause.INTERRUPTED


def needs_person(job: Job) -> bool:
    """Whether the job goes no further until somebody decides."""
    match job.status:
        case JobStatus.FAILED | JobStatus.TIMEOUT:
            return True
        case JobStatus.HELD:
            return job.quarantined or waits_for_trust(job) or was_interrupted(job)
        case _:
            return False


def focus_of(jobs: Sequence[Job]) -> Job | None:
    """The job that speaks for its workstream: what needs a person, else what runs, else what is next, else the last."""
    for picked in (needs_person, _runs, _is_open):
        found = next((job for job in jobs if picked(job)), None)
        if found is not None:
            return found
    worked = [job for job in jobs if job.status is JobStatus.COMPLETED] or jobs
    return worked[-1] if worked else None


def job_state(job: Job, wait: Wait | None) -> str:
    """The word of the twelve a job is shown as on a card."""
    if needs_person(job) and job.status is JobStatus.HELD and not job.quarantined:
        return "failed" if was_interrupted(job) else "needsyou"
    return shown_state(job, wait)


def step_states(jobs: Iterable[Job], focus: Job | None, wait: Wait | None) -> tuple[str, ...]:
    """What each step shows. Only the step in focus says why it waits: those behind it are queued behind it."""
    return tuple(job_state(job, wait if job is focus else None) for job in jobs)


def tally(states: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many of each state there are, in the order of the bar."""
    counted = Counter(states)
    return tuple((state, counted[state]) for state in BAR_ORDER if counted[state])


def _runs(job: Job) -> bool:
    return job.status is JobStatus.RUNNING


def _is_open(job: Job) -> bool:
    return job.status not in FINAL
