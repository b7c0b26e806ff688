"""How an attempt ended, in one word in the language of the window."""

from gui.translation import tr, translatable
from state.records import AttemptStatus

_WORDS = {
    AttemptStatus.RUNNING: translatable("running"),
    AttemptStatus.COMPLETED: translatable("completed"),
    AttemptStatus.FAILED: translatable("failed"),
    AttemptStatus.TIMEOUT: translatable("timed out"),
    AttemptStatus.CANCELLED: translatable("cancelled"),
    AttemptStatus.INTERRUPTED: translatable("interrupted"),
    AttemptStatus.QUOTA: translatable("out of quota"),
    AttemptStatus.SPAWN_FAILED: translatable("not started"),
}


def attempt_word(status: AttemptStatus) -> str:
    """The word for a status inside a sentence: ``completed``, ``timed out``."""
    return tr(_WORDS[status])
