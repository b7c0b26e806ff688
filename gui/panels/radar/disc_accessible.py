"""The round display for screen readers: every workstream, blip, arc and mark is a child of it.

Nothing is copied: a child looks up what it stands for by its number on request.
"""

from functools import cache

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from gui.panels.radar.disc import RadarDisc
from gui.panels.radar.disc_items import DiscItem


class _DiscNode(QAccessibleInterface):
    """One thing on the disc."""

    def __init__(self, disc: RadarDisc, number: int) -> None:
        super().__init__()
        self._disc, self.number = disc, number

    def isValid(self) -> bool:  # noqa: N802 - Qt's name
        return isValid(self._disc) and self._item() is not None

    def object(self) -> QObject | None:  # type: ignore[override]  # None for what is no object
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]  # none while the disc is in no window
        return self._disc.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._disc)

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return 0

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: ARG002 - it has none
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802, ARG002
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802, ARG002 - Qt's name; it has none
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        item = self._item()
        found.selectable = found.focusable = True
        found.selected = found.focused = item is not None and self._disc.is_selected(item)
        return found

    def rect(self) -> QRect:
        item = self._item()
        if item is None:
            return QRect()
        x, y, width, height = (round(number) for number in item.rect)
        at = self._disc.mapToGlobal(self._disc.rect().topLeft())
        return QRect(at.x() + x, at.y() + y, width, height)

    def text(self, kind: QAccessible.Text) -> str:
        item = self._item()
        return item.name if item is not None and kind is QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # noqa: N802 - Qt's name
        """Nothing can be typed here."""

    def _item(self) -> DiscItem | None:
        items = self._disc.items()
        return items[self.number] if self.number < len(items) else None


class _DiscNodes(QAccessibleWidget):
    """The disc itself."""

    def __init__(self, disc: RadarDisc) -> None:
        super().__init__(disc, QAccessible.Role.List, disc.accessibleName())
        self._disc = disc
        self._nodes: dict[int, _DiscNode] = {}

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._disc.items())

    def child(self, number: int) -> QAccessibleInterface | None:  # type: ignore[override]  # none out of range
        """The node with this number, made at its first use and kept: Qt knows it by its address."""
        if not 0 <= number < self.childCount():
            return None
        found = self._nodes.get(number)
        if found is None:
            found = self._nodes[number] = _DiscNode(self._disc, number)
            QAccessible.registerAccessibleInterface(found)
        return found

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]  # noqa: N802
        found = (self.child(number) for number in range(self.childCount()))
        return next((one for one in found if one is not None and one.rect().contains(x, y)), None)

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: N802 - Qt's name
        return child.number if isinstance(child, _DiscNode) else -1


def _made(_kind: str, about: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(about, RadarDisc):
        return None
    if about.accessible is None:
        about.accessible = _DiscNodes(about)
    return about.accessible


@cache
def install() -> None:
    """Have Qt ask here for what stands for a disc; once in a process."""
    QAccessible.installFactory(_made)


def report_focus(disc: RadarDisc) -> None:
    """Report to screen readers which thing on the disc the keys act on."""
    tree = QAccessible.queryAccessibleInterface(disc) if QAccessible.isActive() else None
    number = (
        next((n for n, item in enumerate(disc.items()) if disc.is_selected(item)), None) if tree else None
    )
    node = tree.child(number) if tree is not None and number is not None else None
    if node is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))
