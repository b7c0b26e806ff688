"""The list of recurring runs: what each runs, when it is due, and what came of the last time."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from engine.recurring.due_notes import DueResult
from engine.recurring.recurring_rows import RecurringRow
from engine.system.formatting import date_minute
from engine.system.phrase import Phrase
from engine.system.plain_text import escape_invisible
from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr, tr_phrase
from gui.widgets.label import plain_tip

_NEXT, _LAST = 3, 4
_HEIGHT, _ROW_HEIGHT = 220, 26
_STATES = {
    DueResult.MISSED: "needsyou",
    DueResult.FAILED: "failed",
    DueResult.WAITS: "waiting",
    DueResult.SKIPPED: "skipped",
}


class RecurringList(Guarded, QTreeWidget):
    """One row for each recurring run, in five columns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[RecurringRow] = ()
        self.setAccessibleName(tr("Recurring runs"))
        self.setHeaderLabels([tr("Name"), tr("What runs"), tr("When"), tr("Next due"), tr("Last")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setMinimumHeight(_HEIGHT)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.header()
        head.setStretchLastSection(True)
        head.setSectionsMovable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(_LAST, QHeaderView.ResizeMode.Stretch)
        head.setMaximumSectionSize(220)
        theme.changed.connect(self._on_theme_changed)

    def selected(self) -> RecurringRow | None:
        """The row that is selected."""
        row = self.currentIndex().row()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def show_rows(self, rows: Sequence[RecurringRow], *, selected: str = "") -> None:
        """List these; the selected one stays selected, or that of a name."""
        before = self.selected()
        name = selected or ("" if before is None else before.name)
        self._rows = rows
        self.clear()
        items = [self._item_of(row) for row in rows]
        self.addTopLevelItems(items)
        here = next((number for number, row in enumerate(rows) if row.name == name), 0)
        if items:
            self.setCurrentItem(items[here])

    def texts(self) -> list[str]:
        """The rows as text."""
        return [", ".join(filter(None, _cells(row))) for row in self._rows]

    def _item_of(self, row: RecurringRow) -> QTreeWidgetItem:
        item = QTreeWidgetItem(_cells(row))
        item.setIcon(0, QIcon(self._theme.glyph(_state_of(row), dpr=self.devicePixelRatioF())))
        tip = detail_of(row)
        for column in range(_LAST + 1):
            item.setToolTip(column, plain_tip(tip))
        item.setSizeHint(_LAST, QSize(0, self._theme.grown(_ROW_HEIGHT)))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, _cells(row))))
        return item

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_rows(self._rows)


def _state_of(row: RecurringRow) -> str:
    if row.run is None:
        return "failed"
    if not row.run.enabled:
        return "held"
    result = None if row.note is None else row.note.result
    return "queued" if result is None else _STATES.get(result, "queued")


def _cells(row: RecurringRow) -> list[str]:
    name = escape_invisible(row.name)
    if row.run is None:
        reason = "" if row.error is None else escape_invisible(row.error.in_file)
        return [name, tr("is not valid"), reason, "", ""]
    zone = f" {row.run.timezone}" if row.run.timezone else ""
    due = tr("paused") if row.next_due is None else date_minute(row.next_due)
    every = escape_invisible(f"{row.run.every}{zone}")
    return [name, escape_invisible(row.run.what), every, due, _words(row.last_result)]


def _words(known: Phrase | None) -> str:
    return "" if known is None else tr_phrase(known)


def detail_of(row: RecurringRow) -> str:
    """Everything that is known of the last time, or what is wrong, and the file."""
    if row.error is not None:
        return escape_invisible(f"{row.path}: {row.error.in_file}")
    return "\n".join(escape_invisible(part) for part in (_words(row.last), str(row.path)) if part)
