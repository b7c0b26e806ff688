"""Remember in the repository's own folder how far a step has come, so that its repetition finds what is its own.

A process that is killed leaves the note; the next attempt of the same job reads it. One that ends removes it.
Whoever may write there can forge a note: one that does not look like ours counts as none.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.git_step.calls import GitCalls, StepError

_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STAGING = re.compile(r"\.signalbox-[0-9a-f]{8}")


def _is_id(fact: object) -> bool:
    return isinstance(fact, str) and _ID.fullmatch(fact) is not None


def _is_way(fact: object) -> bool:
    return isinstance(fact, list) and len(fact) == len(("from", "to")) and all(map(_is_id, fact))


def _is_staging(fact: object) -> bool:
    """Whether this is a folder that only we make: what is in it may be taken away."""
    return isinstance(fact, str) and _STAGING.fullmatch(Path(fact).parent.name) is not None


_FACTS: Mapping[str, Callable[[object], bool]] = {
    "before": lambda fact: fact == "" or _is_id(fact),  # before the first commit there is none
    "target": _is_id,
    "staging": _is_staging,
    "made": _is_id,
    "merging": _is_way,
    "moving": _is_way,
    "way": _is_way,
    "conflicts": lambda fact: fact is True,
}
"""All that a step notes, and what it looks like."""
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def write_anew(file: Path, content: str) -> None:
    """Write a file in the place of whatever is there: through a planted link it would be somebody else's."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, _FLAGS, 0o600), "w", encoding="utf-8") as opened:
        opened.write(content)


def has_journals(git: GitCalls) -> bool:
    """Whether any step has left its note in this working tree."""
    return (Path(git.read("rev-parse", "--absolute-git-dir")) / "signalbox").is_dir()


class StepJournal:
    """The facts an interrupted attempt of this job's step has noted; empty where there was none."""

    def __init__(self, git: GitCalls, job_id: str, step: Mapping[str, Any]) -> None:
        folder = Path(git.read("rev-parse", "--absolute-git-dir")) / "signalbox"
        if folder.is_symlink():
            raise StepError(
                f"{folder} is a link, and Signalbox keeps its notes there. Remove it, then run this again."
            )
        content = json.dumps([job_id, {**step, "patch_path": None}], sort_keys=True)
        self._file = folder / f"{hashlib.sha256(content.encode()).hexdigest()[:24]}.json"
        self.facts = self._read()

    @property
    def is_repetition(self) -> bool:
        """Whether an earlier attempt was interrupted."""
        return bool(self.facts)

    def note(self, **facts: Any) -> None:
        """Add these facts before doing what they are about.

        Raises:
            StepError: they cannot be written, so nothing must be done.
        """
        self.facts = {**self.facts, **facts}
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(exist_ok=True)
            write_anew(part, json.dumps(self.facts))
            part.replace(self._file)
        except OSError as error:
            raise StepError(f"Nothing was done: {self._file} cannot be written: {error.strerror}.") from error

    def beside(self, suffix: str) -> Path:
        """A file of this step in the same folder."""
        self._file.parent.mkdir(exist_ok=True)
        return self._file.with_suffix(f".{suffix}")

    def close(self) -> None:
        """Forget everything: the step has ended, and nothing of it is half done."""
        self.facts = {}
        try:
            self._file.unlink(missing_ok=True)
            self._file.parent.rmdir()
        except OSError:  # another job's note lies there too, or there is none
            return

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        is_ours = isinstance(found, dict) and all(
            name in _FACTS and _FACTS[name](fact) for name, fact in found.items()
        )
        return found if is_ours else {}
