"""Lists whose rows paint buttons, for screen readers: each row is an item, and each button in it a button.

Nothing is copied: every node looks up what it stands for by its number on request.
"""

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QHelpEvent, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QListView, QToolTip, QWidget
from shiboken6 import isValid

from gui.guarded import Guarded
from gui.translation import tr
from gui.widgets.label import plain_tip
from gui.widgets.painted_button import PaintedButton, PaintsButtons, WhyNot


class WithPaintedButtons(Guarded, QListView):
    """A list with buttons painted in its rows by a `PaintsButtons`; the keyboard presses them on the current row."""

    accessible: QAccessibleInterface | None = None
    """Kept here: Qt knows it by its address."""

    def painted_buttons(self, index: QModelIndex) -> Sequence[PaintedButton]:
        """The buttons painted in a row, in the order in which they are read."""
        raise NotImplementedError

    def explain_buttons(self, why_not: WhyNot) -> None:
        """Paint buttons as not usable where this gives a reason; called again when the reasons have changed."""
        delegate = self.itemDelegate()
        if isinstance(delegate, PaintsButtons):
            delegate.why_not = why_not
        self.viewport().update()

    def reason_at(self, at: QPoint) -> str:
        """Why the button at a point cannot be used; empty if it can, or there is none."""
        index = self.indexAt(at)
        found = self.painted_buttons(index) if index.isValid() else ()
        return next((button.reason for button in found if button.rect.contains(at)), "")

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Say why a button cannot be used in its tool tip."""
        is_tip = event.type() is QEvent.Type.ToolTip
        if is_tip and isinstance(event, QHelpEvent) and (reason := self.reason_at(event.pos())):
            QToolTip.showText(event.globalPos(), plain_tip(reason), self.viewport())
            return True
        return super().viewportEvent(event)

    def beside_rows(self) -> Sequence[QWidget]:
        """Widgets of their own among the rows."""
        return ()


class _Node(QAccessibleInterface):
    """A row, or with `part` one of its buttons."""

    def __init__(self, view: WithPaintedButtons, row: int, part: int | None = None) -> None:
        super().__init__()
        self._view, self.row, self.part = view, row, part
        self._parts: dict[int, _Node] = {}

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        if not isValid(self._view) or not self._index().isValid():
            return False
        return self.part is None or self.part < len(self._buttons())

    def object(self) -> QObject | None:  # type: ignore[override]  # None for what is no object
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # none while the view is in no window
        return self._view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        above = QAccessible.queryAccessibleInterface(self._view)
        return above if self.part is None else above.child(self.row)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._buttons()) if self.part is None else 0

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        if self.part is not None or not 0 <= number < self.childCount():
            return None
        found = self._parts.get(number)
        if found is None:
            found = self._parts[number] = _Node(self._view, self.row, number)
            QAccessible.registerAccessibleInterface(found)
        return found

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        return child.part if isinstance(child, _Node) and child.part is not None else -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem if self.part is None else QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        found, index = QAccessible.State(), self._index()
        if self.part is not None:
            found.disabled = self.part < len(self._buttons()) and bool(self._buttons()[self.part].reason)
            return found
        found.selectable = found.focusable = bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)
        found.selected = self._view.selectionModel().isSelected(index)
        found.focused = self._view.hasFocus() and self._view.currentIndex() == index
        return found

    def rect(self) -> QRect:
        rect = self._view.visualRect(self._index())
        if self.part is not None:
            buttons = self._buttons()
            rect = buttons[self.part].rect if self.part < len(buttons) else QRect()
        return QRect(self._view.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def text(self, kind: QAccessible.Text) -> str:
        if self.part is None:
            return _words(self._index()) if kind is QAccessible.Text.Name else ""
        buttons = self._buttons()
        if self.part >= len(buttons):
            return ""
        match kind:
            case QAccessible.Text.Name:
                return tr(buttons[self.part].button.label)
            case QAccessible.Text.Description:
                return buttons[self.part].reason
            case _:
                return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Nothing can be typed here."""

    def _index(self) -> QModelIndex:
        model = self._view.model()
        return QModelIndex() if model is None else model.index(self.row, 0)

    def _buttons(self) -> Sequence[PaintedButton]:
        index = self._index()
        return self._view.painted_buttons(index) if index.isValid() else ()


class _Rows(QAccessibleWidget):
    """The list itself: its rows, then the widgets among them."""

    def __init__(self, view: WithPaintedButtons) -> None:
        super().__init__(view, QAccessible.Role.List, "")
        self._view = view
        self._nodes: dict[int, _Node] = {}

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return self._rows() + len(self._view.beside_rows())

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        if not 0 <= number < self.childCount():
            return None
        if number >= self._rows():
            beside = self._view.beside_rows()[number - self._rows()]
            return QAccessible.queryAccessibleInterface(beside)
        found = self._nodes.get(number)
        if found is None:
            found = self._nodes[number] = _Node(self._view, number)
            QAccessible.registerAccessibleInterface(found)
        return found

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        if isinstance(child, _Node):
            return child.row
        beside = [one for one in self._view.beside_rows() if one is child.object()]
        return self._rows() + self._view.beside_rows().index(beside[0]) if beside else -1

    def _rows(self) -> int:
        model = self._view.model()
        return 0 if model is None else model.rowCount()


def _words(index: QModelIndex) -> str:
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return str(spoken or index.data(Qt.ItemDataRole.DisplayRole) or "")


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(about, WithPaintedButtons):
        return None
    if about.accessible is None:
        about.accessible = _Rows(about)
    return about.accessible


@cache
def install_rows() -> None:
    """Have Qt ask here for what stands for a list with painted buttons; once in a process."""
    QAccessible.installFactory(_made)
