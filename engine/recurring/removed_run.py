"""What is kept of a recurring run that was removed, so that it can be put back as the one it was."""

from dataclasses import dataclass
from pathlib import Path

from engine.recurring.due_notes import DueNote


@dataclass(frozen=True, kw_only=True)
class RemovedRun:
    """The file and the note of a recurring run as they were when it was removed, `at` that moment."""

    path: Path
    content: bytes
    note: DueNote | None
    at: float

    @property
    def name(self) -> str:
        """What it was called."""
        return self.path.stem
