"""Notes on files that stay in the inbox: what is no job file, and what a program keeps open. Each file once, ever."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from engine.jobfile.file_names import SUFFIXES

_MOST = 200
"""How many files one note has in its payload; the others follow in the next one."""
_NAMED, _LONGEST = 3, 60


class NoteStore(Protocol):
    """Where notes are recorded."""

    def files_noted(self, folder: str) -> set[str]:
        """The names of the files of a folder on which a note was recorded."""

    def note_files(self, folder: str, files: Sequence[str], text: str) -> None:
        """Record a note on files of a folder."""


class Notes:
    """The notes on one folder; several engines and those to come see what was noted."""

    def __init__(self, folder: Path, store: NoteStore) -> None:
        self._folder, self._store = str(folder), store
        self._noted: set[str] = set()

    def is_noted(self, name: str) -> bool:
        """Whether there is a note on the file; another engine may have recorded one that is not known here."""
        return name in self._noted

    def no_job_files(self, names: Sequence[str]) -> None:
        """Note that these files are no job files and stay."""
        end = (
            f"stays in the inbox: job files end in {', '.join(SUFFIXES)}, and their names begin with no dot."
        )
        self._note(names, end)

    def still_open(self, names: Sequence[str]) -> None:
        """Note that these files are read when they are closed."""
        self._note(names, "is read as soon as the program that has it open for writing closes it.")

    def _note(self, names: Sequence[str], end: str) -> None:
        if all(name in self._noted for name in names):
            return
        self._noted |= self._store.files_noted(self._folder)
        new = [name for name in names if name not in self._noted]
        for start in range(0, len(new), _MOST):
            files = new[start : start + _MOST]
            self._store.note_files(self._folder, files, f"{_listed(files)} {end}")
        self._noted.update(new)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more} more: each" if more > 0 else shown if len(names) == 1 else f"{shown}: each"
