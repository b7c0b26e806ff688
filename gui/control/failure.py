"""An unexpected failure as the window reports it: a sentence to show, and the details for whoever looks further."""

import traceback
from dataclasses import dataclass
from typing import Self

from state.database_errors import SignalboxError


@dataclass(frozen=True)
class Failure:
    """What failed: one line for a banner, and the whole error with its traceback."""

    sentence: str
    details: str

    @classmethod
    def of(cls, error: BaseException) -> Self:
        """The failure that `error` is; the further lines of a long message are part of the details alone."""
        first_line = next(iter(sentence_of(error).splitlines()), "")
        return cls(sentence=first_line, details="".join(traceback.format_exception(error)))


def sentence_of(error: BaseException) -> str:
    """An error's own message if it was written for the user, else headed by the name of its class."""
    return str(error) if isinstance(error, SignalboxError) else f"{type(error).__name__}: {error}"
