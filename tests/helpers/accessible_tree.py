"""What a screen reader finds in a window: every node of the accessible tree, and what is missing in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QComboBox, QWidget

_R = QAccessible.Role
_BUTTONS = frozenset({_R.Button, _R.CheckBox, _R.RadioButton, _R.ButtonMenu, _R.ButtonDropDown, _R.PageTab})
_ITEMS = frozenset({_R.ListItem, _R.TreeItem, _R.Cell, _R.ColumnHeader, _R.RowHeader, _R.MenuItem})
_VALUES = frozenset({_R.Slider, _R.ProgressBar, _R.SpinBox, _R.ComboBox, _R.Dial})
_MOST_CHILDREN = 400
"""How many children of one node are looked at: the rows of a long log are all alike."""


@dataclass(frozen=True)
class AccessibleNode:
    """One node: where it is, what it is and what it says."""

    path: str
    role: QAccessible.Role
    name: str
    value: str
    focusable: bool
    widget: str
    depth: int

    def __str__(self) -> str:
        return f"{self.path}: {self.role.name} {self.name!r}"


def nodes(widget: QWidget) -> Iterator[AccessibleNode]:
    """Every visible node of a widget, in the order in which it is read."""
    yield from _below(QAccessible.queryAccessibleInterface(widget), "", 0)


def faults(found: list[AccessibleNode]) -> list[str]:
    """What a person who hears the window instead of seeing it would miss, a line for each."""
    missing = []
    for node in found:
        if node.focusable and not node.name.strip():
            missing.append(f"can be focused and has no name: {node}")
        elif node.role in _BUTTONS | _ITEMS and not node.name.strip():
            missing.append(f"has no text: {node}")
        elif node.role in _VALUES and not node.value.strip():
            missing.append(f"has no value: {node}")
    return missing + _twins(found)


def _twins(found: list[AccessibleNode]) -> list[str]:
    """Buttons of one row that cannot be told apart."""
    rows: dict[str, list[AccessibleNode]] = {}
    for node in found:
        if node.role in _BUTTONS:
            rows.setdefault(node.path.rpartition(" > ")[0], []).append(node)
    return [
        f"has the name of its neighbour: {second}"
        for row in rows.values()
        for first, second in pairwise(row)
        if first.name == second.name
    ]


def _below(node: QAccessibleInterface | None, path: str, depth: int) -> Iterator[AccessibleNode]:
    if node is None or not node.isValid() or node.state().invisible:
        return
    thing = node.object()
    label = "" if thing is None else f"{type(thing).__name__}#{thing.objectName()}"
    here = f"{path} > {label or node.role().name}"
    state, role = node.state(), node.role()
    if isinstance(thing, QComboBox) and thing.isEditable():
        role = _R.EditableText  # it may be empty, as any field
    yield AccessibleNode(
        here, role, node.text(QAccessible.Text.Name), _value(node),
        focusable=bool(state.focusable) and not state.disabled, widget=label, depth=depth,
    )  # fmt: skip
    for number in range(min(node.childCount(), _MOST_CHILDREN)):
        yield from _below(node.child(number), here, depth + 1)


def _value(node: QAccessibleInterface) -> str:
    value = node.valueInterface()
    words = node.text(QAccessible.Text.Value)
    return words or ("" if value is None else str(value.currentValue()))
