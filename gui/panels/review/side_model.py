"""The files column as a Qt list model."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.system.plain_text import escape_invisible
from gui.guarded import Guarded
from gui.panels.review.side_rows import (
    SideAction,
    SideCaption,
    SideComment,
    SideFile,
    SideFolded,
    SideHead,
    SideRow,
    SideText,
)
from gui.translation import tr, tr_count, translatable
from gui.widgets.label import plain_tip

Index = QModelIndex | QPersistentModelIndex
SIDE_ROLE = Qt.ItemDataRole.UserRole + 1
_NO_PARENT = QModelIndex()
_LETTERS = {
    "M": translatable("modified"),
    "A": translatable("added"),
    "D": translatable("deleted"),
    "R": translatable("renamed"),
}


class SideModel(Guarded, QAbstractListModel):
    """Shows the rows of `side_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[SideRow] = ()

    @property
    def rows(self) -> Sequence[SideRow]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[SideRow]) -> None:
        """Show these rows."""
        if [_identity(row) for row in rows] != [_identity(row) for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for number, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def row_of(self, path: str | None) -> int | None:
        """The row of a file, or the one it is folded into."""
        for number, row in enumerate(self._rows):
            if isinstance(row, SideFile) and row.file.path == path:
                return number
            hides = isinstance(row, SideFolded) and (len(row.files) == 1 or not row.is_open)
            if isinstance(row, SideFolded) and hides and any(file.path == path for file in row.files):
                return number
        return None

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """All rows."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Files and comments can be selected."""
        row = self._rows[index.row()] if index.isValid() else None
        if isinstance(row, SideFile | SideFolded | SideComment | SideAction):
            return super().flags(index)
        return Qt.ItemFlag.ItemIsEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself as `SIDE_ROLE`, and its text."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return _text(row)
            case Qt.ItemDataRole.ToolTipRole if isinstance(row, SideFile):
                return plain_tip(escape_invisible(row.file.path))
            case Qt.ItemDataRole.ToolTipRole if isinstance(row, SideComment) and row.detail:
                return plain_tip(row.detail)
            case _ if role == SIDE_ROLE:
                return row
            case _:
                return None


def _text(row: SideRow) -> str:
    """A row as a screen reader says it."""
    parts: tuple[str, ...]
    match row:
        case SideHead():
            parts = (f"{row.title} {row.count}".strip(), row.fact)
        case SideFile():
            parts = _file_parts(row)
        case SideFolded():
            parts = (row.name, tr("generated"), tr("open") if row.is_open else tr("folded"))
        case SideText():
            parts = (row.text, row.detail, row.end)
        case SideComment():
            parts = (row.title, row.note, row.text, row.detail)
        case SideCaption(text=text) | SideAction(text=text):
            parts = (text,)
    return ", ".join(filter(None, parts))


def _file_parts(row: SideFile) -> tuple[str, ...]:
    file = row.file
    return (
        escape_invisible(file.path),
        tr(_LETTERS[file.letter]),
        tr_count("{n} line added", "{n} lines added", file.added),
        tr("{removed:,} removed", removed=file.removed),
        tr_count("{n} comment", "{n} comments", row.comments) if row.comments else "",
        tr("outside the scope") if file.is_outside_scope else "",
        tr("viewed") if row.viewed else tr("not viewed"),
    )


def _identity(row: SideRow) -> object:
    match row:
        case SideFile(file=file):
            return ("file", file.path)
        case SideFolded(files=files):
            return ("folded", len(files))
        case SideHead(title=title):
            return ("head", title)
        case SideComment(path=path, place=place):
            return ("comment", path, place)
        case _:
            return row
