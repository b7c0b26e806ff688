"""The Night for screen readers: heads and rows are children of the view; bars, waits and estimates of their row."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface

from gui.panels.timeline.night_view import NightView
from gui.panels.timeline.row_lines import NightLine
from gui.widgets.accessible_nodes import PaintedNode, PaintedTree, install_accessible


class _Line(PaintedNode):
    """A line of the Night: a head or a row."""

    def __init__(self, view: NightView, number: int) -> None:
        super().__init__(view, number)
        self.view = view

    def line(self) -> NightLine | None:
        lines = self.view.lines().lines
        return lines[self.number] if self.number < len(lines) else None

    def part_words(self) -> list[str]:
        line = self.line()
        return [] if line is None else self.view.part_words(line)

    def exists(self) -> bool:
        return self.line() is not None

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self.part_words())

    def make_node(self, number: int) -> PaintedNode:
        return _Part(self, number)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.TreeItem

    def state(self) -> QAccessible.State:
        found, line = QAccessible.State(), self.line()
        found.selectable = found.focusable = True
        found.selected = found.focused = line is not None and line.key == self.view.current_key
        return found

    def painted_rect(self) -> QRect:
        line = self.line()
        return QRect() if line is None else self.view.line_rect(line)

    def name(self) -> str:
        line = self.line()
        return "" if line is None else self.view.line_words(line)


class _Part(PaintedNode):
    """A bar, a wait or an estimate in a row."""

    def __init__(self, line: _Line, number: int) -> None:
        super().__init__(line.view, number)
        self._line = line

    def exists(self) -> bool:
        return self.number < len(self._line.part_words())

    def parent(self) -> QAccessibleInterface:
        return super().parent().child(self._line.number)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        found, line = QAccessible.State(), self._line.line()
        found.selectable = found.focusable = True
        row = None if line is None or line.key != self._line.view.current_key else line.row
        if row is not None and self.number < len(row.bars):
            found.selected = found.focused = row.bars[self.number] is self._line.view.selected_bar
        return found

    def painted_rect(self) -> QRect:
        line = self._line.line()
        return QRect() if line is None or line.row is None else self._line.view.part_rect(line, self.number)

    def name(self) -> str:
        return self._line.part_words()[self.number]


class _NightTree(PaintedTree):
    """The view itself."""

    def __init__(self, view: NightView) -> None:
        super().__init__(view, QAccessible.Role.Tree)
        self._view = view

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._view.lines().lines)

    def make_node(self, number: int) -> PaintedNode:
        return _Line(self._view, number)


def install() -> None:
    """Have Qt ask here for what stands for a Night."""
    install_accessible(NightView, _NightTree)


def report_focus(view: NightView) -> None:
    """Report to screen readers which row or bar the keys act on."""
    number = view.lines().number_of(view.current_key)
    tree = QAccessible.queryAccessibleInterface(view) if QAccessible.isActive() else None
    node = tree.child(number) if tree is not None and number is not None else None
    if node is None or number is None:
        return
    row, bar = view.lines().lines[number].row, view.selected_bar
    if row is not None and bar is not None and bar in row.bars:
        node = node.child(row.bars.index(bar))
    QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))
