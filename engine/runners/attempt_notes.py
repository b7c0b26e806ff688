"""Notes in the attempts' folders of what they are, for a database that does not know them: a backup that was restored.

Decides nothing: what follows from a found attempt is the store's.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from engine.runners import layout
from engine.system.home import Home
from state.codec import record_from_json, record_to_json
from state.records import Attempt, AttemptStatus

_LARGEST = 64 * 1024


class AttemptNotes:
    """The notes of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def write(self, attempt: Attempt) -> None:
        """Leave a note in the folder of an attempt; where there is no room for it the attempt goes on without."""
        file = self._home.attempts / attempt.folder_name / layout.NOTE
        with suppress(OSError), open(file, "xb", opener=_private) as opened:
            opened.write(json.dumps(record_to_json(attempt, sparse=True)).encode("ascii"))

    def newer_than(self, attempt_id: int) -> list[Attempt]:
        """The attempts of this home with a greater id whose folders are here, oldest first."""
        try:
            found = [path for path in self._home.attempts.iterdir() if _number(path.name) > attempt_id]
        except OSError:
            return []  # where no folder can be seen, no attempt can be found
        if not found:
            return []
        home_id = self._home.home_id()
        noted = [note for folder in found if (note := read_note(folder)) is not None]
        return sorted((one for one in noted if one.home_id == home_id), key=lambda one: one.id)


def read_note(folder: Path) -> Attempt | None:
    """The attempt that a folder belongs to; None where there is no note that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        with open(folder / layout.NOTE, "rb", opener=_as_it_is) as opened:
            fields = json.loads(opened.read(_LARGEST))
        attempt = record_from_json(Attempt, {**fields, "status": AttemptStatus.RUNNING})
        texts = (attempt.job_id, attempt.home_id, attempt.engine_id, attempt.tool, attempt.runner)
        if attempt.folder_name == folder.name and all(isinstance(text, str) and text for text in texts):
            return attempt
    return None


def _number(name: str) -> int:
    """The id at the beginning of a folder's name; -1 where the folder is none of ours."""
    number = name.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else -1  # noqa: PLR2004 - SQLite's


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _as_it_is(path: str, flags: int) -> int:
    """Open neither what a link leads to nor, by waiting for a writer, a FIFO."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
