"""How a workstream's jobs are displayed: the job in focus, the state of each, who must act. Pure functions."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from engine.scheduling.buckets import needs_person, was_interrupted
from engine.scheduling.explainer import Wait, shown_state
from state.lifecycle import FINAL
from state.records import Job, JobStatus

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


def focus_of(jobs: Sequence[Job]) -> Job | None:
    """The job that represents its workstream: one that needs a person, else runs, else is next, else the last."""
    for picked in (needs_person, _runs, _is_open):
        found = next((job for job in jobs if picked(job)), None)
        if found is not None:
            return found
    worked = [job for job in jobs if job.status is JobStatus.COMPLETED] or jobs
    return worked[-1] if worked else None


def job_state(job: Job, wait: Wait | None) -> str:
    """The shown state of a job on a card, one of twelve."""
    if needs_person(job) and job.status is JobStatus.HELD and not job.quarantined:
        return "failed" if was_interrupted(job) else "needsyou"
    return shown_state(job, wait)


def state_word(state: str, job: Job | None) -> str:
    """The word of a shown state; that of an interrupted job says more than its state."""
    if job is not None and was_interrupted(job):
        return "Interrupted"
    return {"needsyou": "Needs you", "timeout": "Timed out"}.get(state, state.capitalize())


def step_states(jobs: Iterable[Job], focus: Job | None, wait: Wait | None) -> tuple[str, ...]:
    """The shown state of each step. Only the step in focus says why it waits: the others are queued behind it."""
    return tuple(job_state(job, wait if job is focus else None) for job in jobs)


def tally(states: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The count of each state, in the order of the bar."""
    counted = Counter(states)
    return tuple((state, counted[state]) for state in BAR_ORDER if counted[state])


def _runs(job: Job) -> bool:
    return job.status is JobStatus.RUNNING


def _is_open(job: Job) -> bool:
    return job.status not in FINAL
