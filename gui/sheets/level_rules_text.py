"""The text of the file of the level rules: read and written, never replaced unseen. Knows no widget."""

from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.streams.level_rules import FILE, rules_file
from engine.system.plain_text import escape_invisible
from engine.system.private_files import write_private
from gui.translation import tr


@dataclass(frozen=True, slots=True)
class RulesText:
    """What the file holds; empty where there is none."""

    text: str = ""
    problem: str = ""
    """Why what it holds cannot be shown; empty if it can."""


def read_rules_text() -> RulesText:
    """Read the file as a person can edit it."""
    try:
        return RulesText(read_bytes(rules_file(), guarded=False).decode())
    except JobFileError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return RulesText()
        return RulesText(problem=_unreadable(str(error)))
    except UnicodeDecodeError:
        return RulesText(problem=_unreadable(tr("{file}: is not text in UTF-8", file=FILE)))


def write_rules_text(text: str, before: RulesText) -> str:
    """Write the file unless it is no longer as it was `before`; return why that failed.

    An empty text removes it. What could not be shown is kept under another name.
    """
    path = rules_file()
    if read_rules_text() != before:
        return tr(
            "The level rules were not saved: {file} has changed since it was shown. Open the settings again.",
            file=FILE,
        )
    try:
        if before.problem:
            path.rename(_free_name(path))
        if text.strip():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, text)
        else:
            with suppress(FileNotFoundError):
                path.unlink()
    except OSError as error:
        reason = escape_invisible(error.strerror or str(error))
        return tr("The level rules could not be saved: {reason}", reason=reason)
    return ""


def _unreadable(reason: str) -> str:
    return tr("The level rules cannot be shown: {reason}.", reason=escape_invisible(reason))


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.old{number or ''}") for number in count())
    return next(name for name in names if not name.exists() and not name.is_symlink())
