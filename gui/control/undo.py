"""Remembers the commands on waiting jobs, finished work and recurring runs for Undo and Redo. Undoes nothing itself.

The engine refuses to undo commands on jobs that have started or ended meanwhile, and on work that was merged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Slot

from engine.host.command_kind import CommandKind
from engine.host.commands import Redo, Undo
from engine.host.outcome import Outcome
from gui.control.actions import Actions
from gui.control.command_sender import CommandSender
from gui.control.engine_host import Answer
from gui.data.command_captions import undo_title
from gui.data.job_display import name_of_jobs
from gui.data.projection import Projection
from gui.translation import tr, tr_count
from state.records import Job
from state.shown_names import ShownNames

_MOST = 50


class UndoStack(QObject):
    """Remembers the last commands that can be undone, and names the next one in the Undo and Redo menu entries."""

    def __init__(
        self,
        commands: CommandSender,
        actions: Actions,
        projection: Projection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._commands, self._actions, self._projection = commands, actions, projection
        self._done: list[Undo] = []
        self._undone: list[Undo] = []
        commands.done.connect(self._on_done)
        self._show_next()

    def undo(self) -> None:
        """Request that the last command be undone."""
        if self._done:
            undo = self._done.pop()
            self._commands.send(undo, None if undo.removed is None else self._on_put_back)
            self._show_next()

    def redo(self) -> None:
        """Request that the last undone command be carried out again."""
        if self._undone:
            self._commands.send(Redo(undo=self._undone.pop()))
            self._show_next()

    def _on_put_back(self, answer: Answer) -> None:
        """Keep what could not be put back: its name may be free again."""
        if answer.error and isinstance(answer.command, Undo):
            self._done.append(answer.command)
            self._show_next()
            self._commands.refused.emit(self._projection.shown_sentence(answer.error))

    @Slot(object)
    def _on_done(self, answer: Answer) -> None:
        """Record only what was really done or undone."""
        outcome = answer.outcome
        changed, before, decided = outcome.changed, outcome.before, outcome.workstreams
        files = _of_files(outcome)
        # A sheet has a button for it, too.
        self._done = [undo for undo in self._done if undo != answer.command]
        match answer.command:
            case Undo() as undo if files:
                self._undone.append(replace(undo, **files))
            case Redo(undo=undo) if files:
                self._done.append(replace(undo, **files))
            case command if files:
                self._done.append(Undo(undone=command.kind, **files))
                self._undone.clear()
            case Undo() as undo if decided:
                self._undone.append(replace(undo, workstreams=decided))
            case Redo(undo=undo) if decided:
                self._done.append(replace(undo, workstreams=decided))
            case command if decided and command.kind.reversal is not None:
                self._done.append(Undo(undone=command.kind, workstreams=decided))
                self._undone.clear()
            case Undo() as undo if changed:
                self._undone.append(_of(undo, changed))
            case Redo(undo=undo) if changed:
                self._done.append(_of(undo, changed))
            case command if before:
                self._done.append(_of(Undo(undone=command.kind, before=before, after=changed), before))
                self._undone.clear()
            case _:
                return
        del self._done[:-_MOST]
        self._show_next()

    def _show_next(self) -> None:
        for action, kind, stack in (("undo", Undo.kind, self._done), ("redo", Redo.kind, self._undone)):
            self._actions.set_possible(action, possible=bool(stack))
            self._actions.set_title(
                action, _title(kind, stack[-1], self._projection.names) if stack else tr(kind.title)
            )


def _of_files(outcome: Outcome) -> Mapping[str, Any]:
    """The fields of an `Undo` about files: refused ones, or those of recurring runs; empty if none has changed."""
    fields = {"refusals": outcome.refusals, "missed_runs": outcome.missed_runs, "removed": outcome.removed}
    return fields if any(fields.values()) else {}


def _of(undo: Undo, jobs: Sequence[Job]) -> Undo:
    """The same command, limited to these jobs."""
    ids = {job.job_id for job in jobs}
    return replace(
        undo,
        before=[job for job in undo.before if job.job_id in ids],
        after=[job for job in undo.after if job.job_id in ids],
    )


def _title(kind: CommandKind, undo: Undo, names: ShownNames) -> str:
    return undo_title(kind, undo.undone, _changed_by(undo, names))


def _changed_by(undo: Undo, names: ShownNames) -> str:
    """What a command has changed: its name, or how many there are."""
    if undo.refusals:
        number, first = len(undo.refusals), undo.refusals[0]
        return first if number == 1 else tr_count("{n} refused file", "{n} refused files", number)
    if undo.removed is not None:
        return undo.removed.name
    if undo.missed_runs:
        number, first = len(undo.missed_runs), undo.missed_runs[0].name
        return (
            first
            if number == 1
            else tr_count("{n} missed recurring run", "{n} missed recurring runs", number)
        )
    if undo.workstreams:
        number, one = len(undo.workstreams), undo.workstreams[0]
        first = names.workstream((one.run_id, one.ws_id))
        return first if number == 1 else tr_count("{n} workstream", "{n} workstreams", number)
    return name_of_jobs(undo.before, names)
