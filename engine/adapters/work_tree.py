"""What an attempt changed, by comparing the working tree before and after it; the note lies in its folder.

Evidence is data: changed, unchanged, or unknown with a reason. Whatever git cannot say is unknown.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.adapters.tool_files import read_tool_file
from engine.errors import GitError
from engine.jobfile.spec import JobSpec
from engine.system import git, git_comparison, snapshots
from engine.system.snapshots import TreeSnapshot
from engine.types import AttemptContext

_NOTE = "before.json"
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
    """What an attempt changed; `reason` says why that is unknown, `apart` what was compared by size and time alone."""

    evidence: ChangeEvidence
    files: tuple[git.ChangedFile, ...] = ()
    reason: str = ""
    commit: str | None = None
    apart: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether git has said what changed."""
        return self.evidence in {ChangeEvidence.CHANGED, ChangeEvidence.UNCHANGED}


def note_before(spec: JobSpec, context: AttemptContext) -> None:
    """Remember the working tree as it is before the tool starts, or why that is not possible."""
    if spec.writes:
        note = _note_of(git.work_tree_root(spec.working_dir), spec, context.folder / "objects")
        (context.folder / _NOTE).write_text(json.dumps(note), encoding="utf-8")


def changes_since(spec: JobSpec, context: AttemptContext) -> WorkTreeChanges:
    """Compare the working tree with what `note_before` noted."""
    if not spec.writes:
        return WorkTreeChanges(evidence=ChangeEvidence.NONE)
    objects = context.folder / "objects"
    try:
        note = json.loads(read_tool_file(context.folder / _NOTE))
        if "evidence" in note:
            return WorkTreeChanges(evidence=ChangeEvidence(note["evidence"]), reason=note["reason"])
        return _compared(note, objects, spec.working_dir)
    except (GitError, OSError) as error:
        return _unknown(str(error))
    except (ValueError, TypeError, KeyError, AttributeError):
        return _unknown(
            f"the note of how the files were before it started, {context.folder / _NOTE}, is damaged."
        )
    finally:
        shutil.rmtree(objects, ignore_errors=True)


def _note_of(root: Path | None, spec: JobSpec, objects: Path) -> Mapping[str, Any]:
    if reason := git_comparison.incomparable(spec.working_dir, root):
        return {"evidence": ChangeEvidence.UNKNOWN, "reason": reason}
    if root is None:
        reason = f"{spec.working_dir} is in no git repository. Run git init there to see what jobs change."
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


def _compared(note: Mapping[str, Any], objects: Path, folder: Path) -> WorkTreeChanges:
    root, before = Path(note["root"]), TreeSnapshot(note["tree"], dict(note["apart"]), note["taken"])
    comparing, ignoring = note["settings"]
    if comparing != git_comparison.settings_of_comparing(root):
        return _unknown(_OTHER_SETTINGS)
    now = git.head(root)
    after = snapshots.take(root, objects, earlier=before)
    files = tuple(snapshots.changes(root, objects, before, after))
    if not files and ignoring != git_comparison.settings_of_ignoring(root):
        return _unknown(_OTHER_RULES)
    if not files and git_comparison.is_ignored(folder, root):
        return _unknown(f"git ignores {folder}, so it sees no change there. Look at the files yourself.")
    return WorkTreeChanges(
        evidence=ChangeEvidence.CHANGED if files else ChangeEvidence.UNCHANGED,
        files=files,
        commit=now if now != note["head"] else None,
        apart=tuple(sorted(before.apart.keys() | after.apart.keys())),
    )


def _unknown(reason: str) -> WorkTreeChanges:
    return WorkTreeChanges(evidence=ChangeEvidence.UNKNOWN, reason=reason)
