"""Read the words a person gives a coding tool: from the command line itself, a file, or standard input."""

import codecs
import sys
from pathlib import Path

from engine.errors import CommandRefusedError

STDIN = "-"
"""The word that stands for standard input."""


def _most_bytes() -> int:
    """One character more than the longest words have, so that longer ones are refused rather than cut."""
    from engine.scheduling.follow_up import MOST_WORDS  # noqa: PLC0415 - pydantic takes as long as a short command

    return 4 * (MOST_WORDS + 1)


def words_of(given: str) -> str:
    """These words, or those of standard input where they are `-`.

    Raises:
        CommandRefusedError: they are not UTF-8.
    """
    return _decoded(sys.stdin.buffer.read(_most_bytes()), "Standard input") if given == STDIN else given


def words_in(file: Path) -> str:
    """The words in this file.

    Raises:
        CommandRefusedError: it cannot be read, or is not UTF-8.
    """
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(_most_bytes())
    except OSError as error:
        raise CommandRefusedError(f"{file} cannot be read: {error.strerror}. Nothing was changed.") from error
    return _decoded(data, str(file))


def _decoded(data: bytes, source: str) -> str:
    is_cut = len(data) == _most_bytes()  # perhaps within a character
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=not is_cut)
    except UnicodeDecodeError as error:
        raise CommandRefusedError(f"{source} is not UTF-8 text. Save it as UTF-8.") from error
