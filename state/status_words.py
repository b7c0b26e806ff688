"""Says in a sentence what a status means for its subject: ``failed``, ``timed out``, ``is running``."""

from collections.abc import Mapping

from state.records import AttemptStatus, GroupStatus, JobStatus

_ENDED: Mapping[str, str] = {
    "completed": "completed",
    "failed": "failed",
    "timeout": "timed out",
    "cancelled": "was cancelled",
    "skipped": "was skipped",
    "interrupted": "was interrupted",
    "quota": "used up the quota",
    "spawn_failed": "could not start",
    "review": "waits for review",
    "merging": "is in the merge queue",
    "merged": "was merged",
    "discarded": "was discarded",
}


def status_in_words(status: JobStatus | GroupStatus | AttemptStatus) -> str:
    """The verb that follows the name of a job, a group or an attempt."""
    return _ENDED.get(status.value, f"is {status.value}")
