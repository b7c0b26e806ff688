"""Taking back what a person did to waiting jobs, and doing it again. Undoes nothing itself.

What has started or ended meanwhile is not taken back; the engine says so.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from engine.host.commands import Outcome, Undo
from gui.control.actions import Actions
from gui.control.command_sender import EngineCommands
from gui.control.engine_host import Answer
from state.records import Job

_MOST = 50
_DONE = {
    "hold": "hold",
    "release": "release",
    "cancel": "cancel",
    "set_priority": "change the priority of",
    "move": "move",
}


class UndoStack(QObject):
    """Remembers the last commands on waiting jobs, and keeps Undo and Redo in the menu saying which comes next."""

    def __init__(self, commands: EngineCommands, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands, self._actions = commands, actions
        self._done: list[Undo] = []
        self._undone: list[Undo] = []
        commands.done.connect(self._on_done)
        self._tell()

    def undo(self) -> None:
        """Ask for the last command to be taken back."""
        if self._done:
            self._commands.undo(self._done.pop())
            self._tell()

    def redo(self) -> None:
        """Ask for the last command that was taken back to be done again."""
        if self._undone:
            self._commands.redo(self._undone.pop())
            self._tell()

    @Slot(object)
    def _on_done(self, answer: Answer) -> None:
        """Only what was really done can be taken back, and only what was really taken back can be done again."""
        match answer:
            case Answer(command="undo", arguments=Undo() as asked, result=Outcome(changed=changed)) if (
                changed
            ):
                self._undone.append(_of(asked, changed))
            case Answer(command="redo", arguments=Undo() as asked, result=Outcome(changed=changed)) if (
                changed
            ):
                self._done.append(_of(asked, changed))
            case Answer(command=command, result=Outcome(before=before, changed=changed)) if (
                command in _DONE and before
            ):
                self._done.append(_of(Undo(command=command, before=before, after=changed), before))
                self._undone.clear()
            case _:
                return
        del self._done[:-_MOST]
        self._tell()

    def _tell(self) -> None:
        for command, word, stack in (("undo", "Undo", self._done), ("redo", "Redo", self._undone)):
            self._actions.set_possible(command, possible=bool(stack))
            self._actions.set_title(command, f"{word}: {_named(stack[-1])}" if stack else word)


def _of(undo: Undo, jobs: Sequence[Job]) -> Undo:
    """The same for these jobs alone."""
    ids = {job.job_id for job in jobs}
    return replace(
        undo,
        before=[job for job in undo.before if job.job_id in ids],
        after=[job for job in undo.after if job.job_id in ids],
    )


def _named(undo: Undo) -> str:
    jobs = undo.before
    return f"{_DONE[undo.command]} {jobs[0].job_id if len(jobs) == 1 else f'{len(jobs):,} jobs'}"
