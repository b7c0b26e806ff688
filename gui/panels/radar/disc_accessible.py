"""The round display for screen readers: every workstream, blip, arc and mark is a child of it."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent

from gui.panels.radar.disc import RadarDisc
from gui.panels.radar.disc_items import DiscItem
from gui.widgets.accessible_nodes import PaintedNode, PaintedTree, install_accessible


class _DiscNode(PaintedNode):
    """One thing on the disc."""

    def __init__(self, disc: RadarDisc, number: int) -> None:
        super().__init__(disc, number)
        self._disc = disc

    def exists(self) -> bool:
        return self._item() is not None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        found = QAccessible.State()
        item = self._item()
        found.selectable = found.focusable = True
        found.selected = found.focused = item is not None and self._disc.is_selected(item)
        return found

    def painted_rect(self) -> QRect:
        item = self._item()
        return QRect() if item is None else QRect(*(round(number) for number in item.rect))

    def name(self) -> str:
        item = self._item()
        return "" if item is None else item.name

    def _item(self) -> DiscItem | None:
        items = self._disc.items()
        return items[self.number] if self.number < len(items) else None


class _DiscNodes(PaintedTree):
    """The disc itself."""

    def __init__(self, disc: RadarDisc) -> None:
        super().__init__(disc, QAccessible.Role.List)
        self._disc = disc

    def childCount(self) -> int:  # noqa: N802 - Qt's name
        return len(self._disc.items())

    def make_node(self, number: int) -> PaintedNode:
        return _DiscNode(self._disc, number)


def install() -> None:
    """Have Qt ask here for what stands for a disc."""
    install_accessible(RadarDisc, _DiscNodes)


def report_focus(disc: RadarDisc) -> None:
    """Report to screen readers which thing on the disc the keys act on."""
    tree = QAccessible.queryAccessibleInterface(disc) if QAccessible.isActive() else None
    number = (
        next((n for n, item in enumerate(disc.items()) if disc.is_selected(item)), None) if tree else None
    )
    node = tree.child(number) if tree is not None and number is not None else None
    if node is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))
