"""The place of the details: over the right half of a narrow window, a column of a wide one, or where a person puts it.

Over the window they take no room from the panels. What a person chose, docked or floating, is remembered.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from gui.guarded import Guarded
from gui.theme.slide import DISTANCE, Slide
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value
from gui.widgets.buttons import icon_button
from gui.widgets.label import plain_tip
from gui.window.dock import Dock

_OVER_UP_TO = 1600
"""A window that is no wider has no room for a fifth column."""
_NARROWEST, _WIDTH, _WIDEST = 360, 480, 752
_LEAST_BESIDE = 240
"""What stays visible of the panels below."""
_FLOATING_HEIGHT = 760
_GRIP, _GRIP_STEP = 6, 24
_COLUMN = translatable("Keep Job details as a column")
_SLIDE = translatable("Let Job details slide over the panels")


class DetailsPlace(StrEnum):
    """Where the details open."""

    OVER = "over"
    DOCKED = "docked"
    FLOATING = "floating"


class DetailsInspector(Guarded, QObject):
    """Opens and closes one dock, and puts it in its place in the area of the docks."""

    def __init__(self, area: QMainWindow, dock: Dock, theme: Theme) -> None:
        super().__init__(area)
        self._area, self._dock = area, dock
        self._choice: DetailsPlace | None = None
        self._width, self._floating = 0, QRect()
        self.column_width = _WIDTH
        """The width the details hold as a column."""
        self._area_size = area.size()
        self._before: QWidget | None = None
        self._is_alone = self._fills = self._is_moved_by_us = self._is_aside = self._was_column = False
        self._slide = Slide(dock, theme)
        self._grip = _Grip(dock, self, theme)
        self._shield = _Shield(dock)
        self._column_button = icon_button(theme, "table", tr(_COLUMN))
        self._column_button.clicked.connect(self.dock_or_slide)
        dock.add_tool(self._column_button)
        dock.closed.connect(self._on_closed)
        dock.float_requested.connect(self._on_float_requested)
        dock.topLevelChanged.connect(self._on_floated)
        area.installEventFilter(self)
        dock.installEventFilter(self)

    @property
    def is_over(self) -> bool:
        """Whether the details lie over the panels now."""
        return not self._dock.isHidden() and self._is_out and not self._dock.isFloating()

    @property
    def is_column(self) -> bool:
        """Whether the details stand beside the panels now."""
        return not self._dock.isHidden() and not self._is_out and not self._dock.isFloating()

    @property
    def place(self) -> DetailsPlace:
        """Where the details are, or would open: as a person chose, or else as the width of the window allows."""
        if self._choice is not None:
            return self._choice
        return DetailsPlace.OVER if self._area.width() <= _OVER_UP_TO else DetailsPlace.DOCKED

    def open(self, *, focus: bool = True) -> None:
        """Show the details in their place; without `focus` the keyboard stays where it is."""
        dock = self._dock
        if dock.isHidden():
            now = QApplication.focusWidget()
            self._before = now if now is None or not dock.isAncestorOf(now) else None
            dock.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not focus)
            self._show()
            if not focus and self.is_over:
                self._shield.take_presses()
        if focus:
            dock.focus()
        else:
            dock.raise_()

    def dismiss(self) -> bool:
        """Close the details if they lie over the panels, and focus what had the focus; False if they do not."""
        if not self.is_over:
            return False
        self._dock.close()
        return True

    def uncover(self, other: Dock) -> None:
        """Close the details if they lie over most of a panel that is to have the focus."""
        if self.is_over and other is not self._dock and not other.isFloating():
            covered = other.geometry() & self._dock.geometry()
            if 2 * covered.width() * covered.height() > other.width() * other.height():
                self._before = None
                self._dock.close()

    def fill(self, *, on: bool) -> bool:
        """Lie over all of the window, or over its half again; False if that changes nothing."""
        if self._fills == on or not self.is_over:
            return False
        self._fills = on
        self._cover()
        return True

    def be_alone(self, *, alone: bool) -> None:
        """Lie over all of the window where there is nothing beside the details to be seen."""
        if self._is_alone != alone:
            self._is_alone = alone
            if self.is_over:
                self._cover()

    def make_room(self, *, floating: bool) -> None:
        """Hide details over the panels until `come_back`, and floating ones, too, if `floating`."""
        self._was_column = self.is_column
        self._is_aside = self.is_over or (floating and self._dock.isVisible() and self._dock.isFloating())
        if self._is_aside:
            self._floating = self._dock.geometry() if self._dock.isFloating() else self._floating
            self._dock.hide()

    def come_back(self, restore: Callable[[], bool]) -> None:
        """Show what made room, once Qt has restored the layout: it takes every dock in, also one that was in none."""
        self._restored(restore)
        if not self._was_column and not self._dock.isVisible():
            self.take_out()
        if self._is_aside:
            self._show()
            if self.is_over:
                self._cover()
        self._is_aside = False

    @Slot()
    def dock_or_slide(self) -> None:
        """Give the details a column of their own, or let them slide over the panels again; both are remembered."""
        docked = self.is_column
        self._choice = DetailsPlace.OVER if docked else DetailsPlace.DOCKED
        self._dock.hide()
        self.open()

    def take_out(self) -> None:
        """Take the dock out of the layout, in which it would take room from the others."""
        self._is_moved_by_us = True
        self._dock.hide()
        if self._dock.isFloating():  # only a layout takes a window of its own back
            self._area.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            self._dock.setFloating(False)
        self._area.removeDockWidget(self._dock)
        self._dock.setParent(self._area)
        self._dock.hide()
        self._is_moved_by_us = False

    def restore_layout(self, restore: Callable[[], bool]) -> bool:
        """Put the dock where it belongs after Qt has restored a layout, which may name it or not; whether Qt could."""
        restored = self._restored(restore)
        was_shown = not self._dock.isHidden()
        if self._choice is not DetailsPlace.DOCKED:
            self.take_out()
            if was_shown and self._choice is None and self.place is DetailsPlace.DOCKED:
                self._show()
        self._set_least_width()
        return restored

    def _restored(self, restore: Callable[[], bool]) -> bool:
        """Restore a layout; where that moves the dock, no person did."""
        self._is_moved_by_us = True
        restored = restore()
        self._is_moved_by_us = False
        return restored

    def reset(self) -> None:
        """Forget what a person chose, and close the details."""
        self._choice, self._width, self._floating = None, 0, QRect()
        self.column_width = _WIDTH
        self.take_out()

    def state(self) -> dict[str, Any]:
        """What to remember for the next session, as JSON values."""
        box = self._dock.geometry() if self._dock.isFloating() else self._floating
        return {
            "place": "" if self._choice is None else self._choice.value,
            "width": self._width,
            "floating": [box.x(), box.y(), box.width(), box.height()] if box.isValid() else [],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state` returned, before the layout; invalid entries are ignored."""
        place, width, box = state.get("place"), state.get("width"), state.get("floating")
        self._choice = DetailsPlace(place) if place in set(DetailsPlace) else None
        self._width = width if isinstance(width, int) and width > 0 else 0
        match box:
            case [int(), int(), int(), int()]:
                self._floating = QRect(*box)
            case _:
                pass

    def set_width(self, width: int) -> None:
        """Make it this wide over the panels, as far as there is room."""
        self._width = width
        self._cover()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay at the right edge of the area, and keep the grip at the left edge of the dock."""
        if event.type() is QEvent.Type.Resize:
            if watched is self._dock:
                self._on_dock_resized()
            else:
                self._on_area_resized()
        elif event.type() is QEvent.Type.Show and watched is self._dock and self.is_over:
            self._cover()  # it has been out of every layout so far
        return super().eventFilter(watched, event)

    def _on_dock_resized(self) -> None:
        self._grip.setGeometry(0, 0, _GRIP, self._dock.height())
        self._shield.setGeometry(self._dock.rect())
        is_dragged = QApplication.mouseButtons() & Qt.MouseButton.LeftButton  # or others came or went
        if is_dragged and self.is_column and self._area.size() == self._area_size:
            self.column_width = self._dock.width()

    def _on_area_resized(self) -> None:
        self._area_size = self._area.size()
        if self.is_over:
            self._cover()
        elif self.is_column and self.place is DetailsPlace.OVER:
            self._show_over()
            self._cover()
            self._set_least_width()

    @property
    def _is_out(self) -> bool:
        return self._area.dockWidgetArea(self._dock) == Qt.DockWidgetArea.NoDockWidgetArea

    def _show(self) -> None:
        match self.place:
            case DetailsPlace.OVER:
                self._show_over()
            case DetailsPlace.DOCKED:
                self._show_docked()
            case DetailsPlace.FLOATING:
                self._show_floating()
        self._set_least_width()

    def _show_over(self) -> None:
        if not self._is_out or self._dock.isFloating():
            self.take_out()
        self._fills = False
        self._cover()
        self._dock.show()
        self._dock.raise_()
        self._slide.begin(QPoint(DISTANCE, 0))

    def _show_docked(self) -> None:
        self._is_moved_by_us = True
        if self._is_out:
            self._area.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        self._dock.setFloating(False)
        self._is_moved_by_us = False
        self._set_least_width()
        self._dock.show()
        self._area.resizeDocks([self._dock], [self.column_width], Qt.Orientation.Horizontal)

    def _show_floating(self) -> None:
        area, dock = self._area, self._dock
        self._is_moved_by_us = True
        dock.setFloating(True)
        self._is_moved_by_us = False
        if self._floating.isValid() and QApplication.screenAt(self._floating.center()) is not None:
            dock.setGeometry(self._floating)
        else:
            dock.resize(QSize(_WIDTH, min(area.height() - 40, _FLOATING_HEIGHT)))
            dock.move(area.mapToGlobal(QPoint(area.width() - _WIDTH - 12, 20)))
        dock.show()

    def _cover(self) -> None:
        """Cover the right half of the area, no wider than lines can be read, or all of it where the rest is empty."""
        self._slide.stop()
        inside = self._area.contentsRect()
        half = self._width or min(max(inside.width() // 2, _WIDTH), _WIDEST)
        beside = max(_NARROWEST, min(half, inside.width() - _LEAST_BESIDE))
        fills = self._fills or self._is_alone
        width = inside.width() if fills else beside
        self._grip.setVisible(not fills)
        self._dock.setGeometry(inside.adjusted(inside.width() - width, 0, 0, 0))

    def _set_least_width(self) -> None:
        docked = not self._is_out and not self._dock.isFloating()
        self._dock.setMinimumWidth(_WIDTH if docked else _NARROWEST)
        self._grip.setVisible(
            self._is_out and not self._dock.isFloating() and not (self._fills or self._is_alone)
        )
        tip = tr(_SLIDE if docked else _COLUMN)
        self._column_button.setToolTip(tip)
        self._column_button.setAccessibleName(tip)

    @Slot()
    def _on_closed(self) -> None:
        if self._dock.isFloating():
            self._floating = self._dock.geometry()
        if self._choice is None and not self._is_out:
            self.take_out()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisibleTo(before.window()):
            before.window().activateWindow()
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Dock floating details again, where the width of the window puts them."""
        if self._dock.isFloating():
            self._on_float_requested()

    @Slot()
    def _on_float_requested(self) -> None:
        """Float, or go back to where the width of the window puts the details."""
        self._choice = None if self._dock.isFloating() else DetailsPlace.FLOATING
        self._dock.hide()
        self.open()

    @Slot(bool)
    def _on_floated(self, floats: bool) -> None:  # noqa: FBT001 - Qt's signal
        """Remember where a person has dragged the details."""
        if not self._is_moved_by_us:
            self._choice = DetailsPlace.FLOATING if floats else DetailsPlace.DOCKED
            self._set_least_width()


class _Grip(WithAccessibleRole, Guarded, QWidget):
    """The left edge, by which details over the panels are made wider or narrower."""

    ACCESSIBLE_ROLE = QAccessible.Role.Splitter

    def __init__(self, dock: Dock, inspector: DetailsInspector, theme: Theme) -> None:
        super().__init__(dock)
        install_roles()
        self._dock, self._inspector = dock, inspector
        self._theme = theme
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Width of the details"))
        self.setToolTip(plain_tip(tr("Drag, or Left and Right, to make the details wider or narrower")))

    def accessible_value(self) -> str:
        """The width in pixels."""
        return f"{self._dock.width()}"

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Make the details wider or narrower."""
        step = {Qt.Key.Key_Left: _GRIP_STEP, Qt.Key.Key_Right: -_GRIP_STEP}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._inspector.set_width(self._dock.width() + step)
        report_value(self)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Show where the focus is."""
        color = self._theme.color("focus")
        if self.hasFocus():
            QPainter(self).fillRect(self.rect(), color)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the pointer."""
        right = self._dock.mapToGlobal(QPoint(self._dock.width(), 0)).x()
        self._inspector.set_width(right - round(event.globalPosition().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the press, which would drag the dock."""
        event.accept()


class _Shield(QWidget):
    """Takes the presses on details that a click has opened under the pointer: a double click presses none of them."""

    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def take_presses(self) -> None:
        """Lie over the dock until no second press of a double click can come."""
        self.show()
        self.raise_()
        self._timer.start(QApplication.doubleClickInterval())
