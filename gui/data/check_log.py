"""Reads the end of what the check of a merge has printed, and names its command. For a background thread; no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import SignalboxError
from engine.system.plain_text import one_line, plain_lines
from gui.loading import LOADING

MOST_BYTES = 256_000
_LAST_BYTES = 4_096
_MOST_COMMAND = 120


@dataclass(frozen=True)
class CheckProgress:
    """How far a check is: its command, and the last line that it has printed."""

    command: str = ""
    last_line: str = ""


def check_lines(log: Path, most: int = MOST_BYTES) -> Sequence[str]:
    """The last lines of a log as plain text; none where there is no log."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - most))
            data = file.read(most)
    except OSError:
        return ()
    lines = plain_lines(data.decode(errors="replace"))
    return lines[1:] if size > most else lines  # the first one is cut


def check_progress(log: Path, repo: Path) -> CheckProgress:
    """How far the check of a repository is that writes this log."""
    shown = (line.strip() for line in reversed(check_lines(log, _LAST_BYTES)))
    return CheckProgress(_command(repo), next((line for line in shown if line), ""))


def _command(repo: Path) -> str:
    """The check of the project file; empty where that cannot be read now."""
    with LOADING:
        from engine.jobfile.project_file import project_of  # noqa: PLC0415 - slow to load
    try:
        check = project_of(repo).check
    except (SignalboxError, OSError):
        return ""
    return "" if check is None else one_line(" ".join((check.exe, *check.args)))[:_MOST_COMMAND]
