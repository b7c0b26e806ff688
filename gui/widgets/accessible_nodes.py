"""What screen readers find in a widget that paints its content: a node for each painted thing, made on request.

Nothing is copied: every node looks up what it stands for by its number.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAbstractScrollArea, QAccessibleWidget, QWidget
from shiboken6 import isValid


class KeepsAccessible:
    """A widget that keeps what stands for it before screen readers, since Qt knows that by its address."""

    accessible: QAccessibleInterface | None = None


class WithNodes:
    """The children of a node: each is made at its first use and kept, for the same reason."""

    _nodes: dict[int, "PaintedNode"]

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        """How many children it has."""
        return 0

    def make_node(self, number: int) -> "PaintedNode":
        """A node for the child with this number, which exists."""
        raise NotImplementedError

    def child(self, number: int) -> QAccessibleInterface | None:
        """The child with this number; none out of range."""
        if not 0 <= number < self.childCount():
            return None
        found = self._nodes.get(number)
        if found is None:
            found = self._nodes[number] = self.make_node(number)
            QAccessible.registerAccessibleInterface(found)
        return found

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # noqa: N802 - Qt's name
        """The child at a point of the screen."""
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        """The number of a child; -1 for what is none."""
        return child.number if isinstance(child, PaintedNode) else -1


class PaintedNode(WithNodes, QAccessibleInterface):  # type: ignore[misc]  # no child is None, which Qt allows
    """One thing that a view paints, or a thing inside of it; it has a number among its siblings."""

    def __init__(self, view: QWidget, number: int) -> None:
        super().__init__()
        self._view, self.number = view, number
        self._nodes = {}

    def exists(self) -> bool:
        """Whether the view still has what this node stands for."""
        raise NotImplementedError

    def painted_rect(self) -> QRect:
        """Where the view paints it; empty where it does not."""
        raise NotImplementedError

    def name(self) -> str:
        """The words for it, which exists."""
        raise NotImplementedError

    def description(self) -> str:
        """What else is to be known of it, which exists."""
        return ""

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        """Whether anybody may ask it anything else."""
        return isValid(self._view) and self.exists()

    def object(self) -> QObject | None:  # type: ignore[override]  # Qt allows None
        """Nothing: what is painted is no object."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # as above
        """The window of the view; none while it is in none."""
        return self._view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """What stands for the view."""
        return QAccessible.queryAccessibleInterface(self._view)

    def rect(self) -> QRect:
        """Where it is on the screen."""
        painted = self.painted_rect()
        canvas = self._view.viewport() if isinstance(self._view, QAbstractScrollArea) else self._view
        return QRect(canvas.mapToGlobal(painted.topLeft()), painted.size())

    def text(self, kind: QAccessible.Text) -> str:
        """Its name or its description."""
        if not self.exists():
            return ""
        match kind:
            case QAccessible.Text.Name:
                return self.name()
            case QAccessible.Text.Description:
                return self.description()
            case _:
                return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Nothing can be typed here."""


class PaintedTree(WithNodes, QAccessibleWidget):  # type: ignore[misc]  # as above
    """The view itself, with a node for each thing that it paints."""

    def __init__(self, view: QWidget, role: QAccessible.Role) -> None:
        super().__init__(view, role, "")
        self._nodes = {}


K = TypeVar("K", bound=KeepsAccessible)
_MAKERS: dict[type[KeepsAccessible], Callable[[Any], QAccessibleInterface]] = {}


def install_accessible(kind: type[K], make: Callable[[K], QAccessibleInterface]) -> None:
    """Have Qt ask here for what stands for widgets of a kind."""
    _MAKERS[kind] = make
    _install()


@cache
def _install() -> None:
    QAccessible.installFactory(_made)


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(about, KeepsAccessible):
        return None
    if about.accessible is None:
        make = next((make for kind, make in _MAKERS.items() if isinstance(about, kind)), None)
        about.accessible = None if make is None else make(about)
    return about.accessible
