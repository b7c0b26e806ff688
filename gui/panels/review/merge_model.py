"""The merge queue as a Qt list model; each row knows what can be done with it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.data.card import CardButton
from gui.guarded import Guarded
from gui.panels.review.review_records import MergeLine
from gui.translation import tr
from state.worktree_records import MergeState

Index = QModelIndex | QPersistentModelIndex
MERGE_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()
GLYPHS = {
    MergeState.CHECKING: "running",
    MergeState.WAITING: "queued",
    MergeState.BLOCKED: "blocked",
    MergeState.CONFLICT: "failed",
    MergeState.RED: "failed",
    MergeState.MERGED: "completed",
    MergeState.WITHDRAWN: "cancelled",
}
FAILED = frozenset({MergeState.CONFLICT, MergeState.RED})


def verbs_of(line: MergeLine) -> tuple[CardButton, ...]:
    """What can be done with a merge; the last one is the outlined one."""
    if line.state is MergeState.RED:
        return CardButton(command="log", label=tr("Log")), CardButton(
            command="send_back", label=tr("Send back")
        )
    if line.state in FAILED:
        return CardButton(command="compare", label=tr("Compare")), CardButton(
            command="send_back", label=tr("Send back")
        )
    take_out = CardButton(command="take_out", label=tr("Take out"))
    if line.state is MergeState.CHECKING:
        return CardButton(command="log", label=tr("Log")), take_out
    hold = (
        CardButton(command="release", label=tr("Release"))
        if line.held
        else CardButton(command="hold", label=tr("Hold"))
    )
    return (hold, *([CardButton(command="move_up", label=tr("Move up"))] if line.ahead else []), take_out)


class MergeModel(Guarded, QAbstractListModel):
    """Shows merges in the order in which they are carried out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[MergeLine] = ()

    @property
    def lines(self) -> Sequence[MergeLine]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[MergeLine]) -> None:
        """Show these."""
        if [line.merge_id for line in lines] != [line.merge_id for line in self._lines]:
            self.beginResetModel()
            self._lines = lines
            self.endResetModel()
            return
        before, self._lines = self._lines, lines
        for number, (old, new) in enumerate(zip(before, lines, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """All merges."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The merge itself as `MERGE_ROLE`, and its text."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return line.name
            case Qt.ItemDataRole.AccessibleTextRole:
                words = f"{line.place}, {line.name}, {line.word} {line.sentence}".strip()
                return ", ".join(filter(None, (words, line.command, line.last_line)))
            case _ if role == MERGE_ROLE:
                return line
            case _:
                return None
