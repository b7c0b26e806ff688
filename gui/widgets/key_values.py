"""Facts as names and values in one or two columns; what is too long is told whole in the tool tip."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.theme.theme import Theme
from gui.widgets.fact import Fact
from gui.widgets.label import PlainLabel, plain_tip

_COLUMN = 210
"""The least width of a column that can be read."""


class _PathLabel(PlainLabel):
    """A path: its end tells more than its middle."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it with the middle left out where there is no room."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment()), shown)


class KeyValues(QWidget):
    """A grid of facts, filled column by column; where two columns would be too narrow to read, there is one."""

    def __init__(self, theme: Theme, *, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._wanted = theme, columns
        self._columns = columns
        self._labels: list[tuple[PlainLabel, PlainLabel]] = []
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._spread()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these; labels that are there are used again."""
        if tuple(facts) == self._facts:
            return
        if [(one.label, one.exact) for one in facts] != [(one.label, one.exact) for one in self._facts]:
            self._rebuild(facts)
        for (_, value), fact in zip(self._labels, facts, strict=True):
            value.setText(fact.value)
            value.setToolTip(plain_tip(fact.value))
            value.setAccessibleName(f"{fact.label}: {fact.value}")
        self._facts = tuple(facts)

    def values(self) -> dict[str, str]:
        """What is shown, by name."""
        return {fact.label: fact.value for fact in self._facts}

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stand in as many columns as can be read."""
        super().resizeEvent(event)
        columns = self._wanted if self.width() >= _COLUMN * self._wanted else 1
        if columns != self._columns:
            self._columns = columns
            self._spread()
            facts, self._facts = self._facts, ()
            self.show_facts(facts)

    def _spread(self) -> None:
        for column in range(self._wanted):
            used = column < self._columns
            self._grid.setColumnMinimumWidth(2 * column, 56 if used else 0)
            self._grid.setColumnStretch(2 * column + 1, int(used))

    def _rebuild(self, facts: Sequence[Fact]) -> None:
        for pair in self._labels:
            for label in pair:
                self._grid.removeWidget(label)
                label.hide()
                label.deleteLater()
        rows = -(-len(facts) // self._columns)
        self._labels = [self._put(fact, place % rows, place // rows) for place, fact in enumerate(facts)]

    def _put(self, fact: Fact, row: int, column: int) -> tuple[PlainLabel, PlainLabel]:
        name = PlainLabel(fact.label, self, theme=self._theme, role="small", color="t2")
        kind = _PathLabel if fact.is_path else PlainLabel
        value = kind("", self, theme=self._theme, role="mono" if fact.exact else "small", elide=True)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        value.setMinimumHeight(18)
        self._grid.addWidget(name, row, 2 * column, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(value, row, 2 * column + 1)
        name.show()  # at once, or the room they need is known only a turn later
        value.show()
        return name, value
