"""Taking back what a person did to waiting jobs: one entry for each command that can be. Undoes nothing itself.

What has started or ended meanwhile is not taken back; the engine says so.
"""

from PySide6.QtCore import QObject, Slot

from engine.commands import Outcome, Undo
from gui.actions import Actions
from gui.engine_commands import EngineCommands
from gui.engine_host import Answer

_MOST = 50
_DONE = {
    "hold": "hold",
    "release": "release",
    "cancel": "cancel",
    "set_priority": "change the priority of",
    "move": "move",
}


class UndoStack(QObject):
    """Remembers the last commands on waiting jobs, and keeps the Undo entry of the menu saying which comes next."""

    def __init__(self, commands: EngineCommands, actions: Actions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands, self._actions = commands, actions
        self._done: list[Undo] = []
        commands.done.connect(self._on_done)
        self._tell()

    def undo(self) -> None:
        """Ask for the last command to be taken back."""
        if self._done:
            self._commands.undo(self._done.pop())
            self._tell()

    @Slot(object)
    def _on_done(self, answer: Answer) -> None:
        if answer.command in _DONE and isinstance(answer.result, Outcome) and answer.result.before:
            self._done.append(Undo(command=answer.command, before=answer.result.before))
            del self._done[:-_MOST]
            self._tell()

    def _tell(self) -> None:
        self._actions.set_possible("undo", possible=bool(self._done))
        if not self._done:
            self._actions.set_title("undo", "Undo")
            return
        last = self._done[-1]
        named = last.before[0].job_id if len(last.before) == 1 else f"{len(last.before):,} jobs"
        self._actions.set_title("undo", f"Undo: {_DONE[last.command]} {named}")
