"""Filter chips: sign, text and number of hits. A click flips the sign; x or Del removes the chip."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.logs.filter import Chip, Kind
from gui.theme.paint import rounded
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, translatable
from gui.widgets.label import plain_tip

HEIGHT = 24
_ICON = 14
_PAD = 7
_GAP = 5
_MAX_TEXT = 160
_SHOWS: Mapping[Kind, str] = {
    "text": translatable("Show {label}"),
    "level": translatable("Show level {label}"),
    "tool": translatable("Show tool {label}"),
    "workstream": translatable("Show workstream {label}"),
    "job": translatable("Show job {label}"),
    "run": translatable("Show run {label}"),
    "since": translatable("Show since {label}"),
}
_HIDES: Mapping[Kind, str] = {
    "text": translatable("Hide {label}"),
    "level": translatable("Hide level {label}"),
    "tool": translatable("Hide tool {label}"),
    "workstream": translatable("Hide workstream {label}"),
    "job": translatable("Hide job {label}"),
    "run": translatable("Hide run {label}"),
    "since": translatable("Hide since {label}"),
}


class ChipButton(Guarded, QAbstractButton):
    """One chip.

    Signals:
        flipped: it was clicked.
        removed: its x was clicked, or Del pressed.
    """

    flipped = Signal()
    removed = Signal()

    def __init__(self, chip: Chip, theme: Theme, type_: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chip = chip
        self._theme, self._type = theme, type_
        self._count = ""
        self._over_close = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setProperty("focusRing", True)  # noqa: FBT003 - Qt's own signature
        self.clicked.connect(self.flipped)
        self._update_texts()

    def show_count(self, count: int | None) -> None:
        """Show how many lines it applies to; None where that is not known."""
        text = "" if count is None else figure(count)
        if text != self._count:
            self._count = text
            self._update_texts()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The width of all its parts."""
        return QSize(self._text_right() + _GAP + self._count_width() + self._close_width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Never narrower than its content."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the chip; one that hides lines is dashed and struck through."""
        painter = QPainter(self)
        color = self._theme.color
        hide = self.chip.hide
        hot = self.underMouse()
        if hide:
            self._dashed(painter)
        else:
            rounded(
                painter, self.rect(), radius=4, ground=color("hover" if hot else "bg2"), edge=color("ctl")
            )
        sign = self._theme.icon("exclude" if hide else "include", "t2", _ICON, self.devicePixelRatioF())
        painter.drawPixmap(_PAD, (HEIGHT - _ICON) // 2, sign)
        left = _PAD + _ICON + _GAP
        room = QRect(left, 0, self._text_right() - left, HEIGHT)
        ink = color("t3" if hide else "t1")
        wide = self._type.draw(painter, room, text=self.chip.label, role="small", color=ink)
        if hide:
            painter.setPen(QPen(ink, 1))
            painter.drawLine(left, HEIGHT // 2 + 1, left + wide, HEIGHT // 2 + 1)
        count = QRect(self._text_right() + _GAP, 0, self._count_width(), HEIGHT)
        self._type.draw(painter, count, text=self._count, role="caption", color=color("t3"))
        if self._close_width() > _PAD:
            close = self._theme.icon(
                "close", "t1" if self._over_close else "t3", 12, self.devicePixelRatioF()
            )
            painter.drawPixmap(self._close_rect().center().x() - 6, (HEIGHT - 12) // 2, close)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Highlight the x under the pointer."""
        over = self._close_rect().contains(event.position().toPoint())
        if over != self._over_close:
            self._over_close = over
            self.update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the highlight."""
        self._over_close = False
        self.update()
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show that the chip can be clicked."""
        self.update()
        super().enterEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remove the chip on its x, flip it elsewhere."""
        if self._close_rect().contains(event.position().toPoint()) and self.isDown():
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Del and Backspace remove the chip, Return flips it."""
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.flipped.emit()
            case _:
                super().keyPressEvent(event)

    def _dashed(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.color("ctl"), 1)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _text_right(self) -> int:
        return _PAD + _ICON + _GAP + min(_MAX_TEXT, self._type.width(self.chip.label, "small") + 2)

    def _count_width(self) -> int:
        return self._type.width(self._count, "caption") + 2 if self._count else 0

    def _close_width(self) -> int:
        return 20

    def _close_rect(self) -> QRect:
        return QRect(self.width() - self._close_width(), 0, self._close_width(), HEIGHT)

    def _update_texts(self) -> None:
        words = tr((_HIDES if self.chip.hide else _SHOWS)[self.chip.kind], label=self.chip.label)
        name = tr("{words}, {count} lines", words=words, count=self._count) if self._count else words
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(tr("{words}. Click to invert, Del to remove.", words=words)))


class ChipBar(Guarded, QWidget):
    """Chips side by side.

    Signals:
        changed: (tuple of Chip) a chip was flipped or removed.
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self._buttons: list[ChipButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        theme.changed.connect(self._on_theme_changed)

    def chips(self) -> tuple[Chip, ...]:
        """The chips shown."""
        return tuple(button.chip for button in self._buttons)

    def buttons(self) -> tuple[ChipButton, ...]:
        """The buttons of the chips."""
        return tuple(self._buttons)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips; the focus keeps its position in the row."""
        if tuple(chips) == self.chips():
            return
        focus = next((at for at, button in enumerate(self._buttons) if button.hasFocus()), None)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for chip in chips:
            button = ChipButton(chip, self._theme, self._type, self)
            button.flipped.connect(self._on_flipped)
            button.removed.connect(self._on_removed)
            self._row.addWidget(button)
            self._buttons.append(button)
        if focus is not None and self._buttons:
            self._buttons[min(focus, len(self._buttons) - 1)].setFocus()

    def show_counts(self, counts: Sequence[int | None]) -> None:
        """Show how many lines each chip applies to; None where that is not known."""
        for button, count in zip(self._buttons, counts, strict=False):
            button.show_count(count)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The width of all chips."""
        widths = [button.sizeHint().width() for button in self._buttons]
        return QSize(sum(widths) + 6 * max(0, len(widths) - 1), HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Chips that do not fit are cut off; they must not widen the panel."""
        return QSize(0, HEIGHT)

    def _sending_chip(self) -> ChipButton | None:
        sender = self.sender()
        return sender if isinstance(sender, ChipButton) else None

    @Slot()
    def _on_flipped(self) -> None:
        sender = self._sending_chip()
        if sender is not None:
            self.changed.emit(
                tuple(button.chip.flipped() if button is sender else button.chip for button in self._buttons)
            )

    @Slot()
    def _on_removed(self) -> None:
        sender = self._sending_chip()
        if sender is not None:
            self.changed.emit(tuple(button.chip for button in self._buttons if button is not sender))

    @Slot()
    def _on_theme_changed(self) -> None:
        for button in self._buttons:
            button.updateGeometry()
            button.update()
