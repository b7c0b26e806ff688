"""What reacts to a click in a window, and whether the keyboard and a screen reader reach it, too."""

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QTabBar,
    QWidget,
)

from gui.widgets.accessible_rows import WithPaintedButtons

_R = QAccessible.Role
_SAYS_NOTHING = frozenset({_R.NoRole, _R.Pane, _R.Client, _R.Grouping, _R.Whitespace, _R.Graphic})
_HANDLERS = ("mousePressEvent", "mouseReleaseEvent", "mouseDoubleClickEvent")


def unreachable(window: QWidget, otherwise: frozenset[str] = frozenset()) -> list[str]:
    """A line for each thing that can be clicked, but neither reached with Tab nor known to a screen reader.

    `otherwise` are the classes of what the keyboard reaches in another way, or of what that is in.
    """
    return [
        f"{_named(widget)}: {fault}"
        for widget in _clickable(window)
        if not {type(widget).__name__, type(widget.parentWidget()).__name__} & otherwise
        for fault in _faults(widget)
    ]


def _clickable(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and _reacts(widget) and not _is_inside(widget):
            yield widget


def _reacts(widget: QWidget) -> bool:
    ours = [kind for kind in type(widget).__mro__ if kind.__module__.startswith("gui.")]
    handles = any(name in vars(kind) for kind in ours for name in _HANDLERS)
    if isinstance(widget, QHeaderView):
        return widget.sectionsClickable()
    return handles or isinstance(widget, QAbstractButton | QAbstractItemView | QTabBar)


def _is_inside(widget: QWidget) -> bool:
    """Whether it is a part of a widget of Qt that has keys of its own for it."""
    above = widget.parentWidget()
    of_scroll = isinstance(above, QAbstractScrollArea) and widget is above.viewport()
    return of_scroll or isinstance(above, QLineEdit | QComboBox | QTabBar)


def _faults(widget: QWidget) -> Iterator[str]:
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield "reacts to a click and is not in the order of Tab"
    node = QAccessible.queryAccessibleInterface(widget)
    if not node.text(QAccessible.Text.Name).strip():
        yield "reacts to a click and has no name"
    if node.role() in _SAYS_NOTHING:
        yield f"reacts to a click and is a {node.role().name}"
    if isinstance(widget, WithPaintedButtons):
        yield from _button_faults(widget)


def _button_faults(view: WithPaintedButtons) -> Iterator[str]:
    tree = QAccessible.queryAccessibleInterface(view)
    for row, index in enumerate(rows_of(view)):
        node = tree.child(row)
        found = [node.child(number) for number in range(node.childCount())]
        for button, one in zip(view.painted_buttons(index), found, strict=True):
            label, heard = button.button.label, one.text(QAccessible.Text.Name)
            if one.role() is not _R.Button or heard != label:
                yield f"paints {label!r} and is {one.role().name} {heard!r}"
            if one.state().disabled != bool(button.reason):
                yield f"paints {label!r} otherwise than it is heard"


def rows_of(view: WithPaintedButtons) -> list[QModelIndex]:
    """Every row of a list."""
    return [view.model().index(row, 0) for row in range(view.model().rowCount())]


def _named(widget: QWidget) -> str:
    return f"{type(widget).__name__}#{widget.objectName()} in {type(widget.parentWidget()).__name__}"
