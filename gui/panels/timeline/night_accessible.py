"""The Night for screen readers: heads and rows as children of the view, bars, waits and estimates as children of rows.

Nothing is copied: every node looks up what it stands for by its number on request.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from gui.panels.timeline.night_view import NightView
from gui.panels.timeline.row_lines import NightLine

N = TypeVar("N", bound=QAccessibleInterface)


class _Node(QAccessibleInterface):
    """A line of the Night, or with `part` one of the things in a row."""

    def __init__(self, view: NightView, line: int, part: int | None = None) -> None:
        super().__init__()
        self._view, self.line, self.part = view, line, part
        self._parts: dict[int, _Node] = {}

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        if not isValid(self._view) or self._line() is None:
            return False
        return self.part is None or self.part < len(self._words())

    def object(self) -> QObject | None:  # type: ignore[override]  # None for what is no object
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # none while the view is in no window
        return self._view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        above = QAccessible.queryAccessibleInterface(self._view)
        return above if self.part is None else above.child(self.line)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._words()) if self.part is None else 0

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        if self.part is not None or not 0 <= number < self.childCount():
            return None
        return _kept(self._parts, number, lambda: _Node(self._view, self.line, number))

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        return child.part if isinstance(child, _Node) and child.part is not None else -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.TreeItem if self.part is None else QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        line = self._line()
        if line is not None and line.key == self._view.current_key:
            bars = len(line.row.bars) if line.row is not None else 0
            mine = self.part is None
            if self.part is not None and self.part < bars and line.row is not None:
                mine = line.row.bars[self.part] is self._view.selected_bar
            found.selected = found.focused = mine
        found.selectable = found.focusable = True
        return found

    def rect(self) -> QRect:
        line = self._line()
        if line is None:
            return QRect()
        rect = self._view.line_rect(line)
        if self.part is not None and line.row is not None:
            rect = self._view.part_rect(line, self.part)
        return QRect(self._view.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def text(self, kind: QAccessible.Text) -> str:
        line = self._line()
        if kind is not QAccessible.Text.Name or line is None:
            return ""
        if self.part is None:
            return self._view.line_words(line)
        words = self._words()
        return words[self.part] if self.part < len(words) else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Nothing can be typed here."""

    def _line(self) -> NightLine | None:
        lines = self._view.lines().lines
        return lines[self.line] if self.line < len(lines) else None

    def _words(self) -> list[str]:
        line = self._line()
        return [] if line is None else self._view.part_words(line)


class _NightTree(QAccessibleWidget):
    """The view itself."""

    def __init__(self, view: NightView) -> None:
        super().__init__(view, QAccessible.Role.Tree, view.accessibleName())
        self._view = view
        self._nodes: dict[int, _Node] = {}

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._view.lines().lines)

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        if not 0 <= number < self.childCount():
            return None
        return _kept(self._nodes, number, lambda: _Node(self._view, number))

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        return child.line if isinstance(child, _Node) else -1


def _kept(nodes: dict[int, N], number: int, make: Callable[[], N]) -> N:
    """The node with this number, made at its first use and kept: Qt knows it by its address."""
    found = nodes.get(number)
    if found is None:
        found = nodes[number] = make()
        QAccessible.registerAccessibleInterface(found)
    return found


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(about, NightView):
        return None
    if about.accessible is None:
        about.accessible = _NightTree(about)
    return about.accessible


@cache
def install() -> None:
    """Have Qt ask here for what stands for a Night; once in a process."""
    QAccessible.installFactory(_made)


def report_focus(view: NightView) -> None:
    """Tell screen readers which row or bar the keys act on."""
    number = view.lines().number_of(view.current_key)
    tree = QAccessible.queryAccessibleInterface(view) if QAccessible.isActive() else None
    node = tree.child(number) if tree is not None and number is not None else None
    if node is None or number is None:
        return
    row, bar = view.lines().lines[number].row, view.selected_bar
    if row is not None and bar is not None and bar in row.bars:
        node = node.child(row.bars.index(bar))
    QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))
