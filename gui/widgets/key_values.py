"""Show facts as names and values in one or two columns; tool tips hold the full values."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.widgets.fact import Fact
from gui.widgets.label import PlainLabel, plain_tip
from gui.widgets.wrapped_label import WrappedLabel

_MIN_COLUMN_WIDTH = 210
"""The minimum width of a readable column."""


class _PathLabel(PlainLabel):
    """A path, elided in the middle: its end says more than its middle."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the path, elided in the middle if it does not fit."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment()), shown)


def _look(fact: Fact) -> tuple[bool, bool, bool]:
    """What decides which kind of labels shows a fact."""
    return (fact.exact, fact.is_path, fact.whole)


def _form(fact: Fact) -> tuple[str, bool, bool, bool]:
    """What decides which labels show a fact, and where."""
    return (fact.label, *_look(fact))


class KeyValues(Guarded, QWidget):
    """A grid of facts, filled column by column; falls back to one column when two would be too narrow."""

    def __init__(self, theme: Theme, *, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._max_columns = theme, columns
        self._columns = columns
        self._labels: list[tuple[PlainLabel, PlainLabel]] = []
        self._facts: tuple[Fact, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._apply_columns()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts; labels of the same kind are reused."""
        if tuple(facts) == self._facts:
            return
        if list(map(_form, facts)) != list(map(_form, self._facts)):
            self._rebuild(facts)
        for (_, value), fact in zip(self._labels, facts, strict=True):
            value.setText(fact.value)
            value.setToolTip(plain_tip(fact.value))
            value.setAccessibleName(f"{fact.label}: {fact.value}")
        self._facts = tuple(facts)

    def values(self) -> dict[str, str]:
        """The shown values, by name."""
        return {fact.label: fact.value for fact in self._facts}

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Use as many columns as are readable at this width."""
        super().resizeEvent(event)
        columns = self._max_columns if self.width() >= _MIN_COLUMN_WIDTH * self._max_columns else 1
        if columns != self._columns:
            self._columns = columns
            self._apply_columns()
            self._rebuild(self._facts)

    def _apply_columns(self) -> None:
        for column in range(self._max_columns):
            used = column < self._columns
            self._grid.setColumnMinimumWidth(2 * column, 56 if used else 0)
            self._grid.setColumnStretch(2 * column + 1, int(used))

    def _rebuild(self, facts: Sequence[Fact]) -> None:
        """Place the labels anew; one that can show another fact moves there, as making one costs far more."""
        spare: dict[tuple[bool, bool, bool], list[tuple[PlainLabel, PlainLabel]]] = {}
        for fact, pair in zip(self._facts, self._labels, strict=True):
            spare.setdefault(_look(fact), []).append(pair)
            for label in pair:
                self._grid.removeWidget(label)
        rows = -(-len(facts) // self._columns)
        self._labels = []
        for number, fact in enumerate(facts):
            alike = spare.get(_look(fact))
            pair = alike.pop(0) if alike else self._new_pair(fact)
            self._put(pair, fact, number % rows, number // rows)
            self._labels.append(pair)
        for pair in (pair for left in spare.values() for pair in left):
            for label in pair:
                label.hide()
                label.deleteLater()

    def _put(self, pair: tuple[PlainLabel, PlainLabel], fact: Fact, row: int, column: int) -> None:
        name, value = pair
        name.setText(fact.label)
        at = Qt.AlignmentFlag.AlignTop if fact.whole else Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(name, row, 2 * column, at)
        self._grid.addWidget(value, row, 2 * column + 1)
        for label in pair:  # beside each other, however high the other column is
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | at)
        name.show()  # immediately, or the layout knows their size only one turn later
        value.show()

    def _new_pair(self, fact: Fact) -> tuple[PlainLabel, PlainLabel]:
        name = PlainLabel(parent=self, theme=self._theme, role="small", color="t2")
        unbroken = fact.exact or fact.is_path
        kind = WrappedLabel if fact.whole and unbroken else _PathLabel if fact.is_path else PlainLabel
        value = kind(
            "", self, theme=self._theme, role="mono" if fact.exact else "small", elide=not fact.whole
        )
        value.setWordWrap(fact.whole)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(fact.whole)
        value.setSizePolicy(policy)
        value.setMinimumHeight(18)
        name.setMinimumHeight(18)
        return name, value
