"""Notes in the attempts' folders of what they are, for a database that does not know them: a backup that was restored.

Decides nothing: what follows from a found attempt is the store's.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from engine.runners import layout, process_tree
from engine.system.home import Home
from engine.system.private_files import read_start, write_new
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
        with suppress(OSError):
            write_new(file, json.dumps(record_to_json(attempt, sparse=True)).encode("ascii"))

    def newer_than(self, attempt_id: int) -> list[Attempt]:
        """The attempts of this home with a greater id whose folders or shims are here, oldest first."""
        try:
            folders = [path for path in self._home.attempts.iterdir() if _number(path.name) > attempt_id]
        except OSError:
            folders = []  # where no folder can be seen, those are found that still have a shim
        noted = [read_note(folder) for folder in folders]
        noted += [note for name, (_, note) in lost_shims(self._home).items() if _number(name) > attempt_id]
        found = [note for note in noted if note is not None]
        if not found:
            return []
        home_id = self._home.home_id()
        return sorted((one for one in found if one.home_id == home_id), key=lambda one: one.id)


def lost_shims(home: Home) -> dict[str, tuple[int, Attempt | None]]:
    """The living shims whose folders are gone, as after an older copy of the home was put in its place.

    By the names of the folders, each with its process id and with the attempt, if that can be read.
    """
    shims = process_tree.shims_below(home.attempts, layout.NOTED)
    return {
        name: (pid, _noted(text, name))
        for name, (pid, text) in shims.items()
        if not os.path.lexists(home.attempts / name)
    }


def read_note(folder: Path) -> Attempt | None:
    """The attempt that a folder belongs to; None where there is no note that can be read."""
    return _noted(text_of_note(folder), folder.name)


def text_of_note(folder: Path) -> str:
    """What the note in a folder says; empty where there is none that can be read."""
    with suppress(OSError, ValueError):
        return read_start(folder / layout.NOTE, _LARGEST).decode("ascii")
    return ""


def _noted(text: str, name: str) -> Attempt | None:
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        fields = json.loads(text)
        attempt = record_from_json(Attempt, {**fields, "status": AttemptStatus.RUNNING})
        texts = (attempt.job_id, attempt.home_id, attempt.engine_id, attempt.tool, attempt.runner)
        if attempt.folder_name == name and all(isinstance(text, str) and text for text in texts):
            return attempt
    return None


def _number(name: str) -> int:
    """The id at the beginning of a folder's name; -1 where the folder is none of ours."""
    number = name.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else -1  # noqa: PLR2004 - SQLite's
