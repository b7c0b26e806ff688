"""Which queued jobs cannot continue without a person, since a job that they wait for did not succeed. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from state.records import Job, JobStatus

_STUCK = frozenset({JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED, JobStatus.HELD})


def blocked_jobs(known: Mapping[str, Job], on_hold: Collection[str]) -> set[str]:
    """The queued jobs that cannot continue without a person: a parent did not succeed, or does not exist."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for job in known.values():
        for parent_id in job.depends_on:
            children[parent_id].append(job.job_id)
    stuck = [job_id for job_id in children if job_id not in known or known[job_id].status in _STUCK]
    stuck += on_hold
    blocked = set(on_hold)
    while stuck:
        for job_id in children[stuck.pop()]:
            if job_id not in blocked and known[job_id].status is JobStatus.QUEUED:
                blocked.add(job_id)
                stuck.append(job_id)
    return blocked
