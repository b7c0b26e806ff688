"""How a workstream's jobs are displayed: the job in focus, the state of each, who must act. Pure functions."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from engine.scheduling.buckets import needs_person, was_interrupted
from engine.scheduling.explainer import Wait, shown_state
from gui.translation import tr, tr_count, translatable
from state.lifecycle import FINAL, SATISFIED
from state.records import Job, JobStatus
from state.shown_names import ShownNames

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
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "held": (translatable("Held"), translatable("held")),
    "queued": (translatable("Queued"), translatable("queued")),
    "blocked": (translatable("Blocked"), translatable("blocked")),
    "waiting": (translatable("Waiting"), translatable("waiting")),
    "running": (translatable("Running"), translatable("running")),
    "completed": (translatable("Completed"), translatable("completed")),
    "failed": (translatable("Failed"), translatable("failed")),
    "timeout": (translatable("Timed out"), translatable("timed out")),
    "cancelled": (translatable("Cancelled"), translatable("cancelled")),
    "skipped": (translatable("Skipped"), translatable("skipped")),
    "quarantined": (translatable("Quarantined"), translatable("quarantined")),
    "needsyou": (translatable("Needs you"), translatable("needs you")),
}
"""Each shown state alone, and inside a sentence; the theme shows the same words."""


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
    if job.status is JobStatus.HELD and not job.quarantined and needs_person(job):
        return "failed" if was_interrupted(job) else "needsyou"
    return shown_state(job, wait)


def state_among(job: Job, jobs: Mapping[str, Job]) -> str:
    """The shown state of a job as far as it needs no explanation: whether it is blocked by another one of `jobs`."""
    parents = (jobs.get(job_id) for job_id in job.depends_on)
    undone = any(parent is not None and parent.status not in SATISFIED for parent in parents)
    return "blocked" if job.status is JobStatus.QUEUED and undone else job_state(job, None)


def state_word(state: str, job: Job | None) -> str:
    """The word of a shown state; that of an interrupted job says more than its state."""
    if job is not None and was_interrupted(job):
        return tr("Interrupted")
    return tr(STATE_WORDS[state][0])


def state_inside(state: str) -> str:
    """The word of a shown state inside a sentence."""
    return tr(STATE_WORDS[state][1])


def name_of_jobs(jobs: Sequence[Job], names: ShownNames) -> str:
    """The name of the one job, or how many there are."""
    return names.job(jobs[0]) if len(jobs) == 1 else tr_count("{n} job", "{n} jobs", len(jobs))


def step_states(jobs: Sequence[Job], wait_of: WaitOf) -> tuple[str, ...]:
    """The shown state of each step.

    One that is queued behind another of the same workstream is blocked, whatever else keeps it: no sentence is made.
    """
    undone = {job.job_id for job in jobs if job.status not in SATISFIED}
    return tuple(
        "blocked"
        if job.status is JobStatus.QUEUED and not undone.isdisjoint(job.depends_on)
        else job_state(job, wait_of(job))
        for job in jobs
    )


def tally(states: Iterable[str] | Counter[str]) -> tuple[tuple[str, int], ...]:
    """The count of each state, or these counts, in the order of the bar."""
    counted = Counter(states)
    return tuple((state, counted[state]) for state in BAR_ORDER if counted[state])


def _runs(job: Job) -> bool:
    return job.status is JobStatus.RUNNING


def _is_open(job: Job) -> bool:
    return job.status not in FINAL
