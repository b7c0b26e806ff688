"""Compares a working tree with how it was at an earlier moment, which a note and its objects hold.

Evidence is data: changed, unchanged, or unknown with a reason. Whatever git cannot say is unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.errors import GitError
from engine.system import git, git_comparison, snapshots
from engine.system.formatting import plural
from engine.system.git import ChangedFile
from engine.system.snapshots import TreeSnapshot

_OTHER_SETTINGS = (
    "the settings by which git compares files (line endings, modes, attributes, filters) were changed meanwhile. "
    "Look at the files yourself."
)
_OTHER_RULES = "the rules by which git ignores files were changed meanwhile. Look at the files yourself."


class ChangeEvidence(StrEnum):
    """What git says of an attempt; `NONE` where there is nothing to ask git, because the job only reads."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"
    NO_REPOSITORY = "no_repository"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class WorkTreeChanges:
    """What a job changed; `reason` says why that is unknown, `apart` what was compared by size and time alone.

    `attempt` is what its last attempt alone changed, None where that is the first and so the same.
    """

    evidence: ChangeEvidence
    files: tuple[ChangedFile, ...] = ()
    reason: str = ""
    commit: str | None = None
    apart: tuple[str, ...] = ()
    attempt: "WorkTreeChanges | None" = None

    @property
    def is_known(self) -> bool:
        """Whether git has said what changed."""
        return self.evidence in {ChangeEvidence.CHANGED, ChangeEvidence.UNCHANGED}

    @property
    def of_attempt(self) -> "WorkTreeChanges":
        """What the last attempt alone changed."""
        return self if self.attempt is None else self.attempt

    def in_words(self) -> str:
        """``1 file changed (+4 -1)``, with what the whole job changed where that is not the same."""
        own = self.of_attempt.files
        summary = _counted(own) if own else "No file changed"
        together = _counted(self.files).replace(" changed", "") if self.files else "none"
        return summary if self.files == own else f"{summary}; with the earlier attempts {together}"

    def to_json(self) -> dict[str, Any]:
        """The changes as plain JSON values."""
        return {
            "evidence": self.evidence.value,
            "files": [file.to_json() for file in self.files],
            "reason": self.reason,
            "commit": self.commit,
            "apart": list(self.apart),
            "attempt": None if self.attempt is None else self.attempt.to_json(),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "WorkTreeChanges":
        """The changes that `to_json` turned into these values.

        Raises:
            ValueError, TypeError, KeyError, AttributeError: they are damaged.
        """
        return cls(
            evidence=ChangeEvidence(saved["evidence"]),
            files=tuple(ChangedFile(**file) for file in saved["files"]),
            reason=saved["reason"],
            commit=saved["commit"],
            apart=tuple(saved["apart"]),
            attempt=None if saved["attempt"] is None else cls.from_json(saved["attempt"]),
        )


def _counted(files: tuple[ChangedFile, ...]) -> str:
    added, removed = sum(file.added or 0 for file in files), sum(file.removed or 0 for file in files)
    return f"{plural(len(files), 'file')} changed (+{added} -{removed})"


def unknown(reason: str) -> WorkTreeChanges:
    """That it is not known what changed."""
    return WorkTreeChanges(evidence=ChangeEvidence.UNKNOWN, reason=reason)


def of_files(files: tuple[ChangedFile, ...]) -> ChangeEvidence:
    """The evidence of a comparison that found these files to differ."""
    return ChangeEvidence.CHANGED if files else ChangeEvidence.UNCHANGED


def noted(root: Path | None, folder: Path, objects: Path) -> dict[str, Any]:
    """The note of a working tree as it is now, or of why there is none; its files are stored in `objects`."""
    if reason := git_comparison.incomparable(folder, root):
        return {"evidence": ChangeEvidence.UNKNOWN, "reason": reason}
    if root is None:
        reason = f"{folder} is in no git repository. Run git init there to see what jobs change."
        return {"evidence": ChangeEvidence.NO_REPOSITORY, "reason": reason}
    try:
        head = git.head(root)
        settings = git_comparison.settings_of_comparing(root), git_comparison.settings_of_ignoring(root)
        before = snapshots.take(root, objects)
    except (GitError, OSError) as error:
        return {"evidence": ChangeEvidence.UNKNOWN, "reason": str(error)}
    return {
        "root": str(root),
        "head": head,
        "tree": before.tree,
        "apart": dict(before.apart),
        "taken": before.taken_ns,
        "settings": settings,
    }


def compared(
    note: Mapping[str, Any], folder: Path, objects: Path, *, earlier_objects: Path | None = None
) -> WorkTreeChanges:
    """What changed in the working tree around `folder` since a note was made.

    `earlier_objects` is where the note's files are stored, by default in `objects`, where those of now are.

    Raises:
        GitError, OSError: the tree cannot be compared.
        ValueError, TypeError, KeyError, AttributeError: the note is damaged.
    """
    if "evidence" in note:
        return WorkTreeChanges(evidence=ChangeEvidence(note["evidence"]), reason=note["reason"])
    root, before = Path(note["root"]), TreeSnapshot(note["tree"], dict(note["apart"]), note["taken"])
    comparing, ignoring = note["settings"]
    if comparing != git_comparison.settings_of_comparing(root):
        return unknown(_OTHER_SETTINGS)
    now = git.head(root)
    after = snapshots.take(root, objects, earlier=before, earlier_objects=earlier_objects)
    files = tuple(snapshots.changes(root, objects, before, after, earlier_objects=earlier_objects))
    if not files and ignoring != git_comparison.settings_of_ignoring(root):
        return unknown(_OTHER_RULES)
    if not files and git_comparison.is_ignored(folder, root):
        return unknown(f"git ignores {folder}, so it sees no change there. Look at the files yourself.")
    return WorkTreeChanges(
        evidence=of_files(files),
        files=files,
        commit=now if now != note["head"] else None,
        apart=tuple(sorted(before.apart.keys() | after.apart.keys())),
    )
