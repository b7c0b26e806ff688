"""A sheet: a card laid over a window that waits behind a scrim until it is answered. Knows nothing of its contents."""

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDockWidget, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from gui.theme.theme import Theme
from gui.widgets.buttons import icon_button
from gui.widgets.label import PlainLabel

_SCRIM = QColor(20, 26, 36, 117)  # 46 %
_RADIUS = 8
_SLIDE_PX = 12
_SLIDE_MS = 140
_MARGIN = 16


class _Scrim(QWidget):
    """Covers the window below a sheet, dims it and takes every click that is not for the sheet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and watched is self._covered and self.isVisible():
            self.cover()
        return False

    def cover(self) -> None:
        """Lie over all of the window and put the sheet where it belongs."""
        self.setGeometry(self._covered.rect())
        for child in self.findChildren(Sheet, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.place()

    def covers(self, widget: QWidget) -> bool:
        """Whether a widget lies behind it."""
        return self._covered is widget or self._covered.isAncestorOf(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Dim what lies behind."""
        QPainter(self).fillRect(self.rect(), _SCRIM)


class Sheet(QWidget):
    """A card over its window with a title, a sentence, a body and a footer; Tab stays inside, Esc closes it.

    `top` is where it hangs, in pixels below the upper edge of the window.

    Signals:
        closed: the sheet is gone from the screen.
    """

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *, width: int = 752, top: int = 56) -> None:
        scrim = _Scrim(parent)
        super().__init__(scrim)
        self._scrim = scrim
        self.theme = theme
        self._wanted_width, self._top = width, top
        self._before: QWidget | None = None
        self._aside: list[QDockWidget] = []
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.heading = PlainLabel(theme=theme, role="title", parent=self)
        self.sentence = PlainLabel(theme=theme, role="small", color="t2", parent=self)
        self.sentence.setWordWrap(True)
        self._close_button = icon_button(theme, "close", "Close (Esc)")
        self._close_button.clicked.connect(self._on_close_clicked)
        self.body = QVBoxLayout()
        self.footer = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._slide.setDuration(_SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        theme.changed.connect(self.update)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]  # a widget needs one

    @property
    def is_open(self) -> bool:
        """Whether the sheet lies over its window."""
        return not self._scrim.isHidden()

    def open(self) -> None:
        """Lay the sheet over the window and give it the focus; it remembers who had it."""
        if self.is_open:
            return
        self._before = QApplication.focusWidget()
        self._scrim.show()
        self._scrim.raise_()
        self._scrim.cover()
        self._set_aside()
        self.first_focus().setFocus(Qt.FocusReason.PopupFocusReason)
        if not self.theme.reduce_motion:
            self._slide.setStartValue(self.pos() - QPoint(0, _SLIDE_PX))
            self._slide.setEndValue(self.pos())
            self._slide.start()

    def dismiss(self) -> None:
        """Take the sheet away and give the focus back."""
        if not self.is_open:
            return
        self._slide.stop()
        self._scrim.hide()
        self._bring_back()
        before = self._before
        if before is not None and isValid(before) and before.isVisible():  # a banner may have gone meanwhile
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def leave(self) -> None:
        """What Esc and the close button ask for; a sheet that would lose something asks first."""
        self.dismiss()

    def first_focus(self) -> QWidget:
        """The widget that has the focus when the sheet opens."""
        return self

    def place(self) -> None:
        """Take the room the contents ask for, as far as the window gives it."""
        room = self._scrim.size()
        width = min(self._wanted_width, room.width() - 2 * _MARGIN)
        self._column.invalidate()
        self._column.activate()  # lets the layouts inside forget what they have measured
        wanted = self._column.totalHeightForWidth(width)
        height = min(wanted, room.height() - self._top - _MARGIN)
        self._slide.stop()
        self.setGeometry((room.width() - width) // 2, self._top, width, max(height, 160))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("line2"), 1))
        painter.setBrush(self.theme.color("bg1"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def event(self, event: QEvent) -> bool:
        """Claim Esc before a shortcut of the window behind can take it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc leaves; no other key reaches the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - Qt's own signature
        """Tab and Shift+Tab go round inside the sheet."""
        start = QApplication.focusWidget() or self
        step = start.nextInFocusChain() if forward else start.previousInFocusChain()
        while step is not None and step is not start:
            if self.isAncestorOf(step) and _takes_tab(step):
                step.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
                break
            step = step.nextInFocusChain() if forward else step.previousInFocusChain()
        return True

    def _set_aside(self) -> None:
        """Hide floating docks that would lie over the sheet: they are windows of their own, above this one."""
        here = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
        self._aside = [
            dock
            for dock in self.window().findChildren(QDockWidget)
            if dock.isFloating() and dock.isVisible() and dock.frameGeometry().intersects(here)
        ]
        for dock in self._aside:
            dock.hide()

    def _bring_back(self) -> None:
        aside, self._aside = self._aside, []
        for dock in aside:
            if isValid(dock):
                dock.show()

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
        self.leave()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Whatever lies behind the scrim gives the focus back: keys must not act on what cannot be seen."""
        if now is None or not self.is_open or self._scrim.isAncestorOf(now) or _lies_on_a_sheet(now):
            return
        if self._scrim.covers(now):
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)


class Hairline(QWidget):
    """A line one pixel high in the colour of hairlines."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedHeight(1)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Fill it."""
        QPainter(self).fillRect(self.rect(), self._theme.color("line"))


def _lies_on_a_sheet(widget: QWidget) -> bool:
    """Whether a widget belongs to some sheet: two that lie over each other would take the focus in turns for ever."""
    above: QWidget | None = widget
    while above is not None and not isinstance(above, _Scrim):
        above = above.parentWidget()
    return above is not None


def _takes_tab(widget: QWidget) -> bool:
    tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tabbed) and widget.isEnabled() and widget.isVisible()
