"""What the commands of the Logs do: next match, error and mark, follow the end, mark a line, open the filter sets."""

from typing import assert_never

from PySide6.QtCore import QObject, Signal, Slot

from gui.control.action_effects import LogAction
from gui.control.actions import Actions
from gui.panels.logs.error_steps import ErrorSteps
from gui.panels.logs.table_model import LogTableModel
from gui.panels.logs.table_view import LogTableView

_BACKWARDS = frozenset({LogAction.PREVIOUS_MATCH, LogAction.PREVIOUS_ERROR, LogAction.PREVIOUS_MARK})


class LogKeys(QObject):
    """Carries the commands out in the list of lines.

    Signals:
        sets_requested: look after the saved filter sets.
    """

    sets_requested = Signal()

    def __init__(
        self,
        lines: LogTableModel,
        table: LogTableView,
        errors: ErrorSteps,
        *,
        actions: Actions,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lines, self._table, self._errors, self._actions = lines, table, errors, actions
        actions.triggered.connect(self._on_action)

    def go_to_match(self, step: int) -> None:
        """Go to the next match, or to the previous one with -1."""
        self._go_to(self._lines.next_match(self._table.current_row(), step))

    @Slot(str, object)
    def _on_action(self, command: str, _job_ids: object) -> None:
        action = self._actions.record(command).effect
        if not isinstance(action, LogAction):
            return
        step = -1 if action in _BACKWARDS else 1
        match action:
            case LogAction.NEXT_MATCH | LogAction.PREVIOUS_MATCH:
                self.go_to_match(step)
            case LogAction.NEXT_ERROR | LogAction.PREVIOUS_ERROR:
                self._errors.go(step)
            case LogAction.NEXT_MARK | LogAction.PREVIOUS_MARK:
                self._go_to(self._lines.next_mark(self._table.current_row(), step))
            case LogAction.FOLLOW:
                self._table.follow(on=True)
            case LogAction.TOGGLE_MARK:
                self._toggle_mark()
            case LogAction.FILTER_SETS:
                self.sets_requested.emit()
            case _:
                assert_never(action)

    def _toggle_mark(self) -> None:
        row = self._table.current_row()
        if 0 <= row < self._lines.rowCount():
            self._lines.toggle_mark(row)

    def _go_to(self, row: int | None) -> None:
        if row is not None:
            self._table.go_to(row)
