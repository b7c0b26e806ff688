"""Lists whose rows paint buttons, for screen readers: each row is an item, and each button in it a button."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QHelpEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QListView, QToolTip, QWidget
from shiboken6 import VoidPtr

from gui.guarded import Guarded
from gui.translation import tr
from gui.widgets.accessible_nodes import KeepsAccessible, PaintedNode, PaintedTree, install_accessible
from gui.widgets.label import plain_tip
from gui.widgets.painted_button import ExplainsButtons, PaintedButton, PaintsButtons


class WithPaintedButtons(ExplainsButtons, KeepsAccessible, Guarded, QListView):
    """A list with buttons painted in its rows by a `PaintsButtons`; the keyboard presses them on the current row."""

    def painted_buttons(self, index: QModelIndex) -> Sequence[PaintedButton]:
        """The buttons painted in a row, in the order in which they are read."""
        raise NotImplementedError

    def show_reasons(self) -> None:
        """Paint the buttons that cannot be used pale."""
        delegate = self.itemDelegate()
        if isinstance(delegate, PaintsButtons):
            delegate.why_not = self.why_not
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


class _Row(PaintedNode):
    """A row of the list."""

    def __init__(self, view: WithPaintedButtons, number: int) -> None:
        super().__init__(view, number)
        self.view = view

    def index(self) -> QModelIndex:
        model = self.view.model()
        return QModelIndex() if model is None else model.index(self.number, 0)

    def buttons(self) -> Sequence[PaintedButton]:
        index = self.index()
        return self.view.painted_buttons(index) if index.isValid() else ()

    def exists(self) -> bool:
        return self.index().isValid()

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self.buttons())

    def make_node(self, number: int) -> PaintedNode:
        return _Button(self, number)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        found, index = QAccessible.State(), self.index()
        found.selectable = found.focusable = bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)
        found.selected = self.view.selectionModel().isSelected(index)
        found.focused = self.view.hasFocus() and self.view.currentIndex() == index
        return found

    def painted_rect(self) -> QRect:
        return self.view.visualRect(self.index())

    def name(self) -> str:
        index = self.index()
        spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
        return str(spoken or index.data(Qt.ItemDataRole.DisplayRole) or "")


_NOTHING = VoidPtr(0)
"""A null pointer, which Qt expects for what there is not; PySide would make a wild one of None."""


class _Press(QAccessibleActionInterface):
    """What a screen reader can do with a painted button: press it, as a click does."""

    def __init__(self, button: "_Button") -> None:
        super().__init__()
        self._button = button

    def actionNames(self) -> list[str]:  # noqa: N802 - Qt's name
        return [self.pressAction()] if self._button.is_usable else []

    def doAction(self, name: str) -> None:  # noqa: N802 - Qt's name
        if name in self.actionNames():
            self._button.press()

    def keyBindingsForAction(self, _name: str) -> list[str]:  # noqa: N802 - Qt's name
        return []


class _Button(PaintedNode):
    """A button painted in a row."""

    def __init__(self, row: _Row, number: int) -> None:
        super().__init__(row.view, number)
        self._row = row
        self._press = _Press(self)

    @property
    def is_usable(self) -> bool:
        return self.isValid() and not self.description()

    def interface_cast(self, kind: QAccessible.InterfaceType) -> object:  # type: ignore[override]  # a pointer, to Qt
        return self._press if kind == QAccessible.InterfaceType.ActionInterface else _NOTHING

    def press(self) -> None:
        view, viewport = self._row.view, self._row.view.viewport()
        view.scrollTo(self._row.index())
        at, left = QPointF(self.painted_rect().center()), Qt.MouseButton.LeftButton
        for kind, held in (
            (QEvent.Type.MouseButtonPress, left),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            where = viewport.mapToGlobal(at)
            event = QMouseEvent(kind, at, where, left, held, Qt.KeyboardModifier.NoModifier)
            QCoreApplication.sendEvent(viewport, event)

    def exists(self) -> bool:
        return self.number < len(self._row.buttons())

    def parent(self) -> QAccessibleInterface:
        return super().parent().child(self._row.number)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        found.disabled = bool(self.description()) if self.exists() else False
        return found

    def painted_rect(self) -> QRect:
        return self._button().rect if self.exists() else QRect()

    def name(self) -> str:
        return tr(self._button().button.label)

    def description(self) -> str:
        return self._button().reason

    def _button(self) -> PaintedButton:
        return self._row.buttons()[self.number]


class _Rows(PaintedTree):
    """The list itself: its rows, then the widgets among them."""

    def __init__(self, view: WithPaintedButtons) -> None:
        super().__init__(view, QAccessible.Role.List)
        self._view = view

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return self._rows() + len(self._view.beside_rows())

    def make_node(self, number: int) -> PaintedNode:
        return _Row(self._view, number)

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        if self._rows() <= number < self.childCount():
            return QAccessible.queryAccessibleInterface(self._view.beside_rows()[number - self._rows()])
        return super().child(number)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        beside = [one for one in self._view.beside_rows() if one is child.object()]
        if beside:
            return self._rows() + self._view.beside_rows().index(beside[0])
        return super().indexOfChild(child)

    def _rows(self) -> int:
        model = self._view.model()
        return 0 if model is None else model.rowCount()


def install_rows() -> None:
    """Have Qt ask here for what stands for a list with painted buttons."""
    install_accessible(WithPaintedButtons, _Rows)
