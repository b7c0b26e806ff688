"""The error of files that cannot be accepted, as a compiler would print it."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import JobFileError
from engine.system.plain_text import escape_invisible


class BadFilesError(JobFileError):
    """Some of the files are not valid; `found` holds every (path as given, error)."""

    def __init__(self, found: Sequence[tuple[Path, JobFileError]]) -> None:
        self.found = tuple(found)
        super().__init__("\n".join(located(path, error) for path, error in found))


def located(path: Path, error: JobFileError) -> str:
    """An error in the format of compilers: ``file:line: field: reason``."""
    line = "" if error.line is None else f"{error.line}:"
    field = f" {error.field}:" if error.field else ""
    return f"{escape_invisible(str(path))}:{line}{field} {error.reason}"
