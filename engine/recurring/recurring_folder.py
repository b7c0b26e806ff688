"""The files of recurring runs in a home, ``schedules/NAME.yaml``: finds, writes and removes them.

A person may edit them as well. One that is not valid costs itself alone.
"""

import dataclasses
import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.errors import CommandRefusedError, JobFileError
from engine.jobfile.document import Document
from engine.jobfile.error_messages import joined, nearest, validated
from engine.jobfile.file_names import is_job_file_name
from engine.jobfile.yaml_folder import Stamp, folder_stamp_of, named_files, unlisted, yaml_text
from engine.recurring.due_notes import DueNote, note_of, write_note
from engine.recurring.note_lock import notes_lock, rename_with_note
from engine.recurring.recurring_changes import RecurringRunChangedError, changes_between
from engine.recurring.recurring_run import NamedRecurringRun, RecurringRun, read_recurring_run
from engine.recurring.removed_run import RemovedRun
from engine.system.fault_injection import fault
from engine.system.home import SCHEDULES
from engine.system.private_files import write_private

NAME_RULE = "up to 40 small letters, digits, '-' and '_', the first a letter or digit"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def recurring_folder(home: Path) -> Path:
    """Where a home has its recurring runs."""
    return home / SCHEDULES


def find_recurring_runs(home: Path) -> list[NamedRecurringRun]:
    """The recurring runs of a home by name, with the error of each file that is not valid."""
    found: dict[str, NamedRecurringRun] = {}
    refused = []
    for path in named_files(recurring_folder(home), is_job_file_name):
        one = _read(path)
        first = found.setdefault(one.name, one)
        if first is not one:
            error = JobFileError(f"has the name of {first.path.name}; give it another one", file=path)
            refused.append(NamedRecurringRun(name=one.name, path=path, error=error))
    if (closed := unlisted(recurring_folder(home))) is not None:
        refused.append(NamedRecurringRun(name=f"{SCHEDULES}/", path=recurring_folder(home), error=closed))
    return [*found.values(), *refused]


def recurring_run_named(home: Path, name: str) -> NamedRecurringRun:
    """The recurring run of this name, valid or not.

    Raises:
        CommandRefusedError: there is none.
    """
    found = find_recurring_runs(home)
    for one in found:
        if one.name == name:
            return one
    near = nearest(name, [one.name for one in found])
    raise CommandRefusedError(
        f"There is no recurring run {name}{near}. `signalbox schedules` lists all of them."
    )


def folder_stamp(home: Path) -> Stamp:
    """What changes whenever a file of a recurring run does; cheap."""
    return folder_stamp_of(recurring_folder(home), is_job_file_name)


def save_recurring_run(
    home: Path,
    name: str,
    *,
    fields: Mapping[str, Any],
    now: float,
    replace: bool = False,
    seen: RecurringRun | None = None,
) -> RecurringRun:
    """Write a recurring run that is due from `now` on, and return it.

    With `seen` only that one is replaced: what anybody else has changed since stays.

    Raises:
        RecurringRunChangedError: it is not the one that was `seen` any more.
        JobFileError: the fields or the name are not valid; the error has the field.
        CommandRefusedError: there is one of this name and `replace` is not set, or the other way round; or the file
            cannot be written.
    """
    run = checked_run(name, fields)
    existing = next((one for one in find_recurring_runs(home) if one.name == name), None)
    if existing is not None and not replace:
        raise CommandRefusedError(_taken(name))
    if existing is None and replace:  # it would run a second time, besides the one it is by now
        raise CommandRefusedError(
            f"There is no recurring run {name} any more: it was renamed or removed. Nothing was written."
        )
    path = recurring_folder(home) / f"{name}.yaml" if existing is None else existing.path
    _changing(path, lambda: _write_run(home, path, run, now=now, is_new=existing is None, seen=seen))
    return run


def checked_run(name: str, fields: Mapping[str, Any]) -> RecurringRun:
    """The recurring run of these fields.

    Raises:
        JobFileError: they or the name are not valid; carries every error with its field.
    """
    errors: list[JobFileError] = []
    try:
        _check_name(name)
    except JobFileError as error:
        errors.append(error)
    try:
        run = validated(RecurringRun, Document(dict(fields), ""))
    except JobFileError as error:
        errors += error.every
    if errors:
        raise joined(errors)
    return run


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise JobFileError(f"should be {NAME_RULE}" if name else "is missing", field="name")


def switch_recurring_run(home: Path, name: str, *, enabled: bool, now: float) -> RecurringRun:
    """Pause a recurring run, or let it go on: nothing that was due meanwhile counts as missed.

    Raises:
        CommandRefusedError: there is none of this name, somebody has just changed it, or its file cannot be written.
        JobFileError: its file is not valid.
    """
    found = recurring_run_named(home, name)
    if found.run is None:
        raise found.error or JobFileError("is not valid", file=found.path)
    fields = {**found.run.to_json(), "enabled": enabled}
    return save_recurring_run(home, name, fields=fields, now=now, replace=True, seen=found.run)


def rename_recurring_run(home: Path, name: str, new_name: str, *, now: float) -> None:
    """Give a recurring run another name; what is known of its due times stays, so none is done or missed twice.

    Its file is renamed in one step. Whatever is killed before that leaves the recurring run of the old name as it was,
    and whoever changes a note next removes what is left.

    Raises:
        JobFileError: the new name cannot be one.
        CommandRefusedError: there is none of the old name or one of the new name, or the files cannot be changed.
    """
    _check_name(new_name)
    found = recurring_run_named(home, name)
    target = found.path.with_name(f"{new_name}{found.path.suffix}")

    def rename() -> None:
        with notes_lock(home):
            if any(one.name == new_name for one in find_recurring_runs(home)) or os.path.lexists(target):
                raise CommandRefusedError(_taken(new_name))
            note = note_of(home, name)
            if note is None and found.run is not None:
                note = DueNote.begun(found.run, now, None)
            renamed = None if note is None else note.renamed(name, now)
            rename_with_note(home, found.path, target, note=renamed)

    _changing(found.path, rename)


def remove_recurring_run(home: Path, name: str, *, now: float) -> RemovedRun:
    """Remove the file of a recurring run, and return what puts it back; what it has queued stays.

    Raises:
        CommandRefusedError: there is none, or it cannot be removed.
    """
    path = recurring_run_named(home, name).path
    removed: list[RemovedRun] = []

    def remove() -> None:
        with notes_lock(home):  # no due time is settled between the two
            removed.append(RemovedRun(path=path, content=path.read_bytes(), note=note_of(home, name), at=now))
            path.unlink()

    _changing(path, remove)
    return removed[0]


def put_back(home: Path, removed: RemovedRun, *, now: float) -> None:
    """Put a recurring run back that was removed: what was due meanwhile is made up for, or reported as missed.

    Raises:
        CommandRefusedError: there is one of this name by now, or it cannot be written.
    """
    name, before = removed.name, removed.note

    def write() -> None:
        with notes_lock(home):
            if any(one.name == name for one in find_recurring_runs(home)):
                raise CommandRefusedError(
                    f"There is a recurring run {name} by now; rename it, and then undo the removal again."
                )
            removed.path.parent.mkdir(mode=0o700, exist_ok=True)
            if before is not None:
                write_note(home, name, note=_back(before, note_of(home, name), since=removed.at, until=now))
            fault("recurring_putting_back")
            write_private(removed.path, removed.content, replace=False)

    _changing(removed.path, write)


def _back(before: DueNote, found: DueNote | None, *, since: float, until: float) -> DueNote:
    """The note on one that is put back; another one may have had its name, and its note, meanwhile."""
    is_dismissed = found is not None and found == dataclasses.replace(before, acknowledged=True)
    return dataclasses.replace(before, acknowledged=before.acknowledged or is_dismissed).put_back(
        since, until
    )


def _write_run(
    home: Path, path: Path, run: RecurringRun, *, now: float, is_new: bool, seen: RecurringRun | None
) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with notes_lock(home):  # an engine, or Run now, may just change the note
        if path.exists() is is_new:  # somebody has added, renamed or removed it meanwhile
            raise CommandRefusedError(
                _taken(path.stem) if is_new else f"{path} is gone; nothing was written."
            )
        if seen is not None:
            _refuse_changed(path, seen, run)
        note = DueNote.begun(run, now, note_of(home, path.stem))
        if is_new:  # one of this name was removed, and nothing is due of the time without it
            note = dataclasses.replace(note, settled_until=now)
        write_note(home, path.stem, note=note)
        write_private(path, _text_of(run.to_json(), path))


def _refuse_changed(path: Path, seen: RecurringRun, new: RecurringRun) -> None:
    try:
        stored = read_recurring_run(path)
    except JobFileError as error:
        raise RecurringRunChangedError(path.stem, invalid=error) from error
    changes = changes_between(seen, stored)
    if changes and changes_between(new, stored):  # else somebody has done the same already
        raise RecurringRunChangedError(path.stem, changes=changes, stored=stored)


def _taken(name: str) -> str:
    return f"There is a recurring run {name} already; choose another name."


def _text_of(fields: Mapping[str, Any], path: Path) -> str:
    if path.suffix.lower() == ".json":
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"
    return yaml_text(fields)


def _changing(path: Path, change: Callable[[], None]) -> None:
    try:
        change()
    except FileExistsError:
        raise CommandRefusedError(f"There is a file {path} already.") from None
    except TimeoutError as error:
        raise CommandRefusedError(f"{path} cannot be changed: {error}") from error
    except OSError as error:
        raise CommandRefusedError(f"{path} cannot be changed: {error.strerror}.") from error


def _read(path: Path) -> NamedRecurringRun:
    if _NAME.fullmatch(path.stem) is None:
        error = JobFileError(f"{path.stem!r} is no name for a recurring run: {NAME_RULE}", file=path)
        return NamedRecurringRun(name=path.stem, path=path, error=error)
    try:
        return NamedRecurringRun(name=path.stem, path=path, run=read_recurring_run(path))
    except JobFileError as error:
        return NamedRecurringRun(name=path.stem, path=path, error=error)
