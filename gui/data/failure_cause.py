"""Why a job failed, as data: jobs that failed the same way have equal causes. One rule for all panels, without Qt."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from gui.translation import tr, tr_recorded
from state.records import Job, JobStatus

_FAILED = frozenset({JobStatus.FAILED, JobStatus.TIMEOUT})
_FOLDERS = re.compile(r"(?<![\w/])(?:~|[A-Za-z]:)?(?:[/\\][^\s/\\:'\"]+)+(?=[/\\])")
_NUMBERS = re.compile(r"\b\d[\d.,:]*(?:\s?(?:ms|s|m|h|%))?(?!\w)")
"""Numbers that stand alone: how many passed, how long it took, which line. That of ``test_seed_417`` is a name."""
_SHORTEST_NAME = 3
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class FailureCause:
    """What two failures have in common to count as one.

    `kind` is the class of the failure, or the status where there is none; `exit_code` counts only for a failure whose
    class says nothing. `signature` is the message without what differs from job to job. `text` is the message of one of
    them, as a sentence without its period; it does not count.
    """

    kind: str
    exit_code: int | None
    signature: str
    text: str = field(compare=False)


def cause_of(job: Job) -> FailureCause | None:
    """The cause of a job's failure; None where it has not failed."""
    if job.status not in _FAILED and not job.quarantined:
        return None
    kind = job.failure_class or job.status.value
    code = job.exit_code if kind == JobStatus.FAILED else None
    text = (tr_recorded(job.summary.strip()) or unexplained(job)).strip().rstrip(".")
    compared = job.summary.strip().rstrip(".") or job.step_name or job.tool
    return FailureCause(kind, code, _without_particulars(compared, job), text)


def by_cause(jobs: Iterable[Job]) -> dict[FailureCause, list[Job]]:
    """The failed jobs among these by their causes, in the order in which the causes occur."""
    found: defaultdict[FailureCause, list[Job]] = defaultdict(list)
    for job in jobs:
        cause = cause_of(job)
        if cause is not None:
            found[cause].append(job)
    return dict(found)


def unexplained(job: Job) -> str:
    """What is known of a failure without a message."""
    name = job.step_name or job.tool
    match job.status, job.exit_code:
        case JobStatus.TIMEOUT, None:
            return tr("{name} timed out.", name=name)
        case JobStatus.TIMEOUT, code:
            return tr("{name} timed out with exit code {code}.", name=name, code=code)
        case _, None:
            return tr("{name} failed.", name=name)
        case _, code:
            return tr("{name} failed with exit code {code}.", name=name, code=code)


def _without_particulars(text: str, job: Job) -> str:
    """The message without folders, numbers and the names of this job, which tell the same failure of two jobs apart."""
    short = _FOLDERS.sub("", text[:_LONGEST])
    names = {name for name in (job.job_id, job.ws_id, job.run_id) if len(name) >= _SHORTEST_NAME}
    for name in sorted(names, key=len, reverse=True):
        short = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "…", short)
    return " ".join(_NUMBERS.sub("#", short).casefold().split())
