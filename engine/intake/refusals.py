"""The files that the inbox has refused, and which of them a person has dismissed. The folder is the truth.

A refused file lies in `rejected` with the reason beside it. Dismissing it renames the reason, so that nothing is lost
and the file can be shown again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

REJECTED = "rejected"
"""The folder of the refused files, inside the inbox."""
REASON, _DISMISSED = ".reason", ".dismissed"
_LONGEST_REASON = 4096
_MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A file that the inbox has refused: its name in `rejected`, the reason, and when."""

    name: str
    reason: str
    at: float


def refusals_in(inbox: Path) -> tuple[Refusal, ...]:
    """The refused files that nobody has dismissed, moved or deleted, the oldest first; none in an unreadable folder."""
    try:
        notes = [note for note in (inbox / REJECTED).iterdir() if note.name.endswith(REASON)]
    except OSError:
        return ()
    found = [refusal for note in sorted(notes)[:_MOST] if (refusal := _refusal(note)) is not None]
    return tuple(sorted(found, key=lambda refusal: (refusal.at, refusal.name)))


def dismiss(inbox: Path, names: Sequence[str]) -> list[str]:
    """Dismiss refused files, and return the names of those that were not dismissed yet."""
    return [name for name in names if _renamed(inbox, name, REASON, _DISMISSED)]


def show_again(inbox: Path, names: Sequence[str]) -> list[str]:
    """Show dismissed files again, and return their names."""
    return [name for name in names if _renamed(inbox, name, _DISMISSED, REASON)]


def _refusal(note: Path) -> Refusal | None:
    file = note.with_name(note.name.removesuffix(REASON))
    try:
        if not (
            note.is_file() and (file.exists() or file.is_symlink())
        ):  # to open a named pipe would wait for ever
            return None
        with note.open("rb") as content:
            reason = content.read(_LONGEST_REASON).decode(errors="replace").strip()
        return Refusal(name=file.name, reason=reason, at=note.stat().st_mtime)
    except OSError:
        return None


def _renamed(inbox: Path, name: str, old: str, new: str) -> bool:
    if Path(name).name != name:
        return False
    folder = inbox / REJECTED
    try:
        (folder / f"{name}{old}").rename(folder / f"{name}{new}")
    except OSError:
        return False
    return True
