"""The priority that waiting jobs hand down to the jobs they wait for: an urgent job is no use behind a low one.

Derived whenever it is needed and never stored. Only queued jobs hand down and are handed anything: a held one wants
nothing to start before a person releases it, and one that has ended waits for nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandedPriority:
    """A priority above a job's own, and the id of the waiting job that it comes from."""

    priority: int
    through: str


def effective(priority: int, handed: HandedPriority | None) -> int:
    """The priority that counts for a job: its own, or the higher one that is handed down to it."""
    return priority if handed is None else max(priority, handed.priority)


def handed_down(
    priorities: Mapping[str, int], parents: Mapping[str, Sequence[str]]
) -> dict[str, HandedPriority]:
    """What is handed down to which jobs, however far below; only to those whose own priority is lower.

    `priorities` are those of the queued jobs, in any order; `parents` are the jobs that each of them waits for. Visits
    each job and each dependency once, highest priority first, without recursion.
    """
    handed: dict[str, HandedPriority] = {}
    if len(set(priorities.values())) <= 1:
        return handed
    for source in sorted(priorities, key=priorities.__getitem__, reverse=True):
        level = priorities[source]
        pending = list(parents.get(source, ()))
        while pending:
            job_id = pending.pop()
            if job_id in handed or priorities.get(job_id, level) >= level:
                continue
            handed[job_id] = HandedPriority(level, source)
            pending += parents.get(job_id, ())
    return handed
