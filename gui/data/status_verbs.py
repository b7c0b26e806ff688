"""What a status means for its subject, as the window says it: the words of `state.status_words` in its language."""

from gui.translation import tr, translatable
from state.records import AttemptStatus, GroupStatus, JobStatus

_VERBS = {
    "queued": translatable("is queued"),
    "running": translatable("is running"),
    "held": translatable("is held"),
    "quarantined": translatable("is quarantined"),
    "completed": translatable("completed"),
    "failed": translatable("failed"),
    "timeout": translatable("timed out"),
    "cancelled": translatable("was cancelled"),
    "skipped": translatable("was skipped"),
    "interrupted": translatable("was interrupted"),
    "quota": translatable("used up the quota"),
    "spawn_failed": translatable("could not start"),
    "review": translatable("waits for review"),
    "merging": translatable("is in the merge queue"),
    "merged": translatable("was merged"),
    "discarded": translatable("was discarded"),
}


def status_verb(status: JobStatus | GroupStatus | AttemptStatus) -> str:
    """The verb that follows the name of a job, a group or an attempt."""
    return tr(_VERBS[status.value])
