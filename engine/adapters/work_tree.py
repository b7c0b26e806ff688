"""What an attempt changed, by comparing the working tree before and after it; the note lies in its folder."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GitError
from engine.jobfile.spec import JobSpec
from engine.system import git
from engine.types import AttemptContext


def note_before(spec: JobSpec, context: AttemptContext) -> None:
    """Remember the working tree as it is before the tool starts; where there is no git, nothing."""
    root = git.work_tree_root(spec.working_dir)
    if root is None or not spec.writes:
        return
    try:
        note = {
            "root": str(root),
            "head": git.head(root),
            "tree": git.snapshot(root, context.folder / "objects"),
        }
    except (GitError, OSError) as error:
        note = {"problem": str(error)}
    (context.folder / "before.json").write_text(json.dumps(note), encoding="utf-8")


@dataclass(frozen=True)
class WorkTreeChanges:
    """What an attempt changed: `files` is None where that is not known, and `problem` then may say why."""

    files: tuple[git.ChangedFile, ...] | None = None
    problem: str = ""
    commit: str | None = None


def changes_since(context: AttemptContext) -> WorkTreeChanges:
    """Compare the working tree with what `note_before` noted."""
    try:
        note = json.loads((context.folder / "before.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return WorkTreeChanges()
    if "problem" in note:
        return WorkTreeChanges(problem=note["problem"])
    root, objects = Path(note["root"]), context.folder / "objects"
    try:
        files = git.changes(root, objects, note["tree"], git.snapshot(root, objects))
    except (GitError, OSError) as error:
        return WorkTreeChanges(problem=str(error))
    finally:
        shutil.rmtree(objects, ignore_errors=True)
    now = git.head(root)
    return WorkTreeChanges(tuple(files), commit=now if now != note["head"] else None)
