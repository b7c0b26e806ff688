"""What a person writes on a job: a note, and labels by which jobs are found again. Pure; writes nothing.

A note is plain text of several lines. A label is one short word, in lower case: two spellings are one label.
"""

import re
import unicodedata
from collections.abc import Iterable

from state.database_errors import SignalboxError
from state.storable import storable_text

MOST_NOTE = 4_000
"""Characters; more is a file, which the note can name."""
LONGEST_LABEL = 40
MOST_LABELS = 20
_LABEL = re.compile(rf"\w[\w.:/-]{{0,{LONGEST_LABEL - 1}}}")


class NoteRefusedError(SignalboxError):
    """The note or the label cannot be kept; nothing was changed."""


def checked_note(text: str) -> str:
    """The note as it is kept: whole lines without blanks around them; empty where there is none.

    Raises:
        NoteRefusedError: it is too long.
    """
    lines = storable_text(text).replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    kept = "\n".join(line.rstrip() for line in lines)
    if len(kept) > MOST_NOTE:
        raise NoteRefusedError(
            f"The note has {len(kept):,} characters; {MOST_NOTE:,} are the most. Put the rest into a file and name it."
        )
    return kept


def checked_label(text: str) -> str:
    """The label as it is kept, in lower case.

    Raises:
        NoteRefusedError: it is no label.
    """
    label = unicodedata.normalize("NFC", text.strip()).lower()
    if _LABEL.fullmatch(label):
        return label
    raise NoteRefusedError(
        f"{text[:LONGEST_LABEL]!r} is not a label: one word of at most {LONGEST_LABEL} letters, digits and . : / - _, "
        "which begins with a letter or a digit."
    )


def checked_labels(texts: Iterable[str]) -> tuple[str, ...]:
    """The labels as they are kept, each once, in the order of the alphabet.

    Raises:
        NoteRefusedError: one of them is no label, or they are too many for a job.
    """
    labels = tuple(sorted({checked_label(text) for text in texts}))
    if len(labels) > MOST_LABELS:
        raise NoteRefusedError(
            f"{len(labels):,} labels are too many; a job can have {MOST_LABELS}. Remove some first."
        )
    return labels


def split_labels(text: str) -> tuple[str, ...]:
    """The labels that a person has typed, between blanks or commas.

    Raises:
        NoteRefusedError: as `checked_labels`.
    """
    return checked_labels(text.replace(",", " ").split())
