"""What a job changed, by comparing the working tree before its first attempt and after the last one.

The notes lie in the folders of the attempts: `before.json` of each, with the folders of those before it whose work it
goes on with, and `changes.json` of those that were assessed. What is assessed again is read, not compared again.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.adapters import tree_comparison
from engine.adapters.tool_files import read_tool_file
from engine.adapters.tree_comparison import ChangeEvidence, WorkTreeChanges, unknown
from engine.errors import GitError
from engine.jobfile.spec import JobSpec
from engine.system import git
from engine.system.private_files import write_private
from engine.types import AttemptContext

_NOTE, _CHANGES, _OBJECTS = "before.json", "changes.json", "objects"
_DAMAGED = (ValueError, TypeError, KeyError, AttributeError)


def note_before(spec: JobSpec, context: AttemptContext) -> None:
    """Remember the working tree as it is before the tool starts, or why that is not possible."""
    if spec.writes:
        folder = spec.working_dir
        note = tree_comparison.noted(git.work_tree_root(folder), folder, context.folder / _OBJECTS)
        note["earlier"] = [earlier.name for earlier in context.earlier]
        with open(context.folder / _NOTE, "wb", opener=_private) as file:
            file.write(json.dumps(note).encode("ascii"))


def note_again(spec: JobSpec, context: AttemptContext) -> None:
    """Remember the working tree anew, after what was done in it before the tool starts."""
    earlier = _earlier(context.folder)
    if (context.folder / _NOTE).exists():
        _forget_objects(context.folder)
        note_before(spec, replace(context, earlier=tuple(earlier)))


def changes_since(spec: JobSpec, context: AttemptContext) -> WorkTreeChanges:
    """Compare the working tree with what `note_before` noted for this attempt, and for the first one of the job."""
    if not spec.writes:
        return WorkTreeChanges(evidence=ChangeEvidence.NONE)
    if (known := _assessed(context.folder)) is not None:
        return known
    changes, earlier = _of_attempt(spec, context.folder)
    if earlier:
        changes = replace(_of_job(spec, context.folder, earlier, changes), attempt=changes)
    elif changes.evidence is ChangeEvidence.NO_REPOSITORY:
        return changes  # which the note says: nothing was compared that would be compared again
    try:
        write_private(context.folder / _CHANGES, json.dumps(changes.to_json()))
    except OSError:
        return changes  # a full disk: what is assessed again is compared again
    if earlier:
        _forget_objects(context.folder)
    return changes


def forget_baseline(context: AttemptContext) -> None:
    """Remove what the files of a job that is done were compared with."""
    first = _earlier(context.folder)[:1] if context.number > 1 else []
    for folder in (context.folder, *first):
        _forget_objects(folder)


def _forget_objects(folder: Path) -> None:
    objects = f"{folder}/{_OBJECTS}"
    if os.path.lexists(objects):
        shutil.rmtree(objects, ignore_errors=True)


def _assessed(folder: Path) -> WorkTreeChanges | None:
    """What an attempt that has been assessed had changed; None where it was not, or where that is damaged."""
    try:
        return WorkTreeChanges.from_json(json.loads(read_tool_file(folder / _CHANGES)))
    except (OSError, *_DAMAGED):
        return None


def _earlier(folder: Path) -> list[Path]:
    """The folders of the attempts whose work this one goes on with, oldest first."""
    try:
        names = _note(folder).get("earlier", [])
        return [folder.parent / name for name in names]
    except (OSError, *_DAMAGED):
        return []  # then nothing is known of this attempt either


def _note(folder: Path) -> dict[str, Any]:
    note = json.loads(read_tool_file(folder / _NOTE))
    if not isinstance(note, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - as json says of other damage
    return note


def _of_attempt(spec: JobSpec, folder: Path) -> tuple[WorkTreeChanges, list[Path]]:
    """What the attempt changed, with the folders of those whose work it goes on with."""
    earlier: list[Path] = []
    try:
        note = _note(folder)
        earlier = [folder.parent / name for name in note.get("earlier", [])]
        return tree_comparison.compared(note, spec.working_dir, folder / _OBJECTS), earlier
    except (GitError, OSError) as error:
        return unknown(str(error)), earlier
    except _DAMAGED:
        reason = f"the note of how the files were before it started, {folder / _NOTE}, is damaged."
        return unknown(reason), earlier


def _of_job(spec: JobSpec, folder: Path, earlier: Sequence[Path], own: WorkTreeChanges) -> WorkTreeChanges:
    """What all attempts changed together: what differs from before the first, and was changed by one of them.

    What others have edited between two attempts is none of it.
    """
    if not own.is_known:
        return own
    since = _since_first(spec, folder, earlier[0])
    if not since.is_known:
        return since
    before = [_assessed(each) for each in earlier]
    known = [own, *(each.of_attempt for each in before if each is not None and each.of_attempt.is_known)]
    paths = {file.path for each in known for file in each.files}
    files = tuple(file for file in since.files if file.path in paths)
    if len(files) < len(since.files) and len(known) <= len(earlier):
        return unknown("what one of its earlier attempts changed is not known. Look at the files yourself.")
    return replace(since, evidence=tree_comparison.of_files(files), files=files)


def _since_first(spec: JobSpec, folder: Path, first: Path) -> WorkTreeChanges:
    """What differs from before the first attempt, whoever changed it."""
    note = first / _NOTE
    try:
        since = tree_comparison.compared(
            _note(first), spec.working_dir, folder / _OBJECTS, earlier_objects=first / _OBJECTS
        )
    except FileNotFoundError:
        return unknown(f"the note of how the files were before the job's first attempt, {note}, is gone.")
    except (GitError, OSError) as error:
        return unknown(f"the files are not comparable with those before the job's first attempt: {error}")
    except _DAMAGED:
        return unknown(f"the note of how the files were before the job's first attempt, {note}, is damaged.")
    if since.is_known:
        return since
    return unknown(f"it is not known how the files were before the job's first attempt: {since.reason}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
