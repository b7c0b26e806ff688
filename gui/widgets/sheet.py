"""A sheet: a card over a window that stays blocked behind a scrim until the sheet is closed."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui.data.short_turns import short_turns
from gui.guarded import Guarded
from gui.theme.slide import DISTANCE, Slide
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.accessible_role import WithAccessibleRole, install_roles
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel
from gui.widgets.scrim import Scrim, dimmed

_RADIUS = 8
_MARGIN = 16
_LEAST_HEIGHT = 160
WORKS_OVER_SHEETS = "worksOverSheets"
"""The property of those actions of a window whose keys work while a sheet is open, too."""


class Sheet(WithAccessibleRole, Guarded, QWidget):
    """A card over its window with a title, a sentence, a body and a footer; it stays modal until it is closed.

    Tab stays inside, Return presses the focused button, Esc closes it. No key reaches a command of the window behind,
    except those with `WORKS_OVER_SHEETS`.

    `top` is its distance from the upper edge of the window, in pixels. Where the window has it, it is at least
    `height` high: for what is read and scrolls.

    Signals:
        closed: the sheet is no longer shown.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.Dialog
    closed = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget, *, width: int = 752, top: int = 56, height: int = 0
    ) -> None:
        scrim = Scrim(parent)
        # Beside its scrim: in it, every change would have painted what is below the scrim, too.
        super().__init__(parent)
        self.hide()
        install_roles()
        self._scrim = scrim
        self.theme = theme
        self._preferred_width, self._top, self._preferred_height = width, top, height
        self._previous_focus: QWidget | None = None
        self._hidden_docks: list[QDockWidget] = []
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.heading = PlainLabel(theme=theme, role="title", parent=self)
        self.sentence = PlainLabel(theme=theme, role="small", color="t2", parent=self)
        self.sentence.setWordWrap(True)
        self._close_button = icon_button(theme, "close", tr("Close (Esc)"))
        self._close_button.clicked.connect(self._on_close_clicked)
        self.body = QVBoxLayout()
        self.footer = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._slide = Slide(self, theme)
        # Nothing below is painted when it changes or slides.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        scrim.resized.connect(self.place)
        scrim.escaped.connect(self._on_escaped)
        theme.changed.connect(self.update)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]  # a widget needs one

    @property
    def is_open(self) -> bool:
        """Whether the sheet is shown, or the window is covered for it."""
        return self._scrim.is_up

    def cover(self) -> None:
        """Cover the window for a sheet that is opened in a later turn: no click or key goes behind it meanwhile."""
        if not self.is_open:
            self._previous_focus = QApplication.focusWidget()
            self._scrim.cover()
            self._scrim.setFocus(Qt.FocusReason.PopupFocusReason)
            short_turns().soon(self._dim)

    def _dim(self) -> None:
        if self.is_open and not self._scrim.dims:
            self._scrim.appear()
            self._scrim.settle()

    def open(self) -> None:
        """Show the sheet over the window and focus it; remember the widget that had the focus."""
        if not self.isHidden():
            return
        if not self.is_open:
            self._previous_focus = QApplication.focusWidget()
        if not self._scrim.dims:
            self._scrim.appear()
        self.show()
        self.raise_()
        self.place()
        self.hide_floating_docks()
        self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)
        self._slide.begin(QPoint(0, -DISTANCE))
        self._scrim.settle()

    def dismiss(self) -> None:
        """Hide the sheet and restore the previous focus."""
        if not self.is_open:
            return
        self._slide.stop()
        if focused := QApplication.focusWidget():
            focused.clearFocus()  # or hiding it makes Qt look for the next one through the whole window
        self.hide()
        self._scrim.lift(self.geometry())
        self._restore_docks()
        previous = self._previous_focus
        if previous is not None and isValid(previous) and previous.isVisible():  # a banner may be gone by now
            previous.setFocus(Qt.FocusReason.PopupFocusReason)
        self._previous_focus = None
        self.closed.emit()

    def discard(self) -> None:
        """Delete the sheet and its scrim as soon as nothing uses them any more."""
        self._scrim.deleteLater()
        self.deleteLater()

    def request_close(self) -> None:
        """Handle Esc and the close button; a sheet with unsaved input overrides this and asks first."""
        self.dismiss()

    def first_focus(self) -> QWidget:
        """The widget to focus when the sheet opens."""
        return self

    @Slot()
    def place(self) -> None:
        """Take the size the contents prefer, as far as the window allows."""
        self.setAccessibleName(self.heading.text())
        self.setAccessibleDescription(self.sentence.text())
        room = self._scrim.size()
        self._column.invalidate()
        self._column.activate()  # makes the nested layouts measure again
        needed = max(
            self.theme.widened(self._preferred_width), self._column.totalMinimumSize().width()
        )  # its buttons whole
        width = min(needed, room.width() - 2 * _MARGIN)
        preferred = max(self._column.totalHeightForWidth(width), self._preferred_height)
        height = min(preferred, room.height() - self._top - _MARGIN)
        self._slide.stop()
        self.setGeometry(
            (room.width() - width) // 2, self._top, width, max(height, min(_LEAST_HEIGHT, preferred))
        )

    def hide_floating_docks(self) -> None:
        """Hide, until this is closed, the docks that would cover it: they are windows of their own, above this one."""
        here = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
        for dock in QApplication.topLevelWidgets():
            if isinstance(dock, QDockWidget) and dock.isVisible() and dock.frameGeometry().intersects(here):
                self._hidden_docks.append(dock)
                dock.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the card."""
        painter = QPainter(self)
        for corner in self._corners():
            painter.fillRect(corner, dimmed(self.theme.color("bg0")))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("line2"), 1))
        painter.setBrush(self.theme.color("bg1"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def event(self, event: QEvent) -> bool:
        """Claim Esc, and the keys of what is covered, before a shortcut of the window behind can."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (event.key() == Qt.Key.Key_Escape or self._is_of_covered(event))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close on Esc, press the focused button on Return; let no other key reach the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.request_close()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self._press_focused()  # a key that is held down has opened the sheet, and answers nothing
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's own signature
        """Keep Tab and Shift+Tab inside the sheet."""
        start = QApplication.focusWidget() or self
        step = start.nextInFocusChain() if forward else start.previousInFocusChain()
        while step is not None and step is not start:
            if self.isAncestorOf(step) and _takes_tab(step):
                step.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
                break
            step = step.nextInFocusChain() if forward else step.previousInFocusChain()
        return True

    def _is_of_covered(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to a command of the window that cannot be used while this covers it."""
        pressed = QKeySequence(
            event.keyCombination().toCombined() & ~Qt.KeyboardModifier.KeypadModifier.value
        )
        return any(
            pressed in action.shortcuts() and not action.property(WORKS_OVER_SHEETS)
            for action in self.window().actions()
        )

    def _press_focused(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton | QToolButton) and self.isAncestorOf(focused):
            focused.click()

    def _corners(self) -> list[QRect]:
        """Where the card leaves a little of what is below."""
        side = _RADIUS + 1  # with the pixels in which the arc ends
        right, bottom = self.width() - side, self.height() - side
        return [QRect(x, y, side, side) for x in (0, right) for y in (0, bottom)]

    def _restore_docks(self) -> None:
        hidden, self._hidden_docks = self._hidden_docks, []
        for dock in hidden:
            if isValid(dock):
                dock.show()
        beside = self.window().findChildren(Sheet, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for sheet in beside if hidden else ():
            if sheet.isVisible():
                sheet.hide_floating_docks()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 16, 0)
        head.addWidget(self.heading, 1)
        head.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        below = QVBoxLayout()
        below.setContentsMargins(16, 2, 48, 12)
        below.addWidget(self.sentence)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.footer.setContentsMargins(16, 12, 16, 12)
        self.footer.setSpacing(8)
        column = self._column
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(below)
        column.addWidget(Hairline(self.theme, self))
        column.addLayout(self.body, 1)
        column.addWidget(Hairline(self.theme, self))
        column.addLayout(self.footer)

    @Slot()
    def _on_close_clicked(self) -> None:
        self.request_close()

    @Slot()
    def _on_escaped(self) -> None:
        self.request_close()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Take the focus back from widgets behind the scrim: keys must not act on what is covered."""
        if now is None or not self.is_open or _is_on_a_sheet(now):
            return
        if self._scrim.covers(now):
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)


class Hairline(Guarded, QWidget):
    """A horizontal line one pixel high."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), self._theme.color("line"))


def _is_on_a_sheet(widget: QWidget) -> bool:
    """Whether a widget belongs to a sheet: two overlapping sheets would take the focus from each other forever."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, Sheet | Scrim):
        above = above.parentWidget()
    return above is not None


def _takes_tab(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
