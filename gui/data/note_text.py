"""The note on a job as it is shown: nothing in it acts on its place, and a long one is cut. Pure."""

from collections.abc import Sequence

from engine.system.plain_text import plain_lines
from gui.translation import tr

_MOST_LINES, _MOST_CHARACTERS = 8, 600


def shortened_note(note: str) -> str:
    """The beginning of a note, in whole lines as far as possible."""
    lines = plain_lines(note)
    text = "\n".join(lines[:_MOST_LINES])
    if len(lines) <= _MOST_LINES and len(text) <= _MOST_CHARACTERS:
        return text
    return f"{text[:_MOST_CHARACTERS].rstrip()} …"


def written_lines(labels: Sequence[str], note: str) -> list[str]:
    """What is written on a job, as lines of a tool tip."""
    lines = [tr("Labels: {labels}", labels=", ".join(labels))] if labels else []
    return [*lines, tr("Note: {note}", note=shortened_note(note))] if note else lines
