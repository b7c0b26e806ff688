"""A control of a few choices side by side, of which one is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.widgets.accessible_role import WithAccessibleRole, install_roles, report_value

_HEIGHT, _PADDING = 24, 10


class Segments(WithAccessibleRole, Guarded, QWidget):
    """Shows the choices; a press, or the left and right keys, choose.

    Signals:
        chosen: (int) a person chose this one.
    """

    ACCESSIBLE_ROLE = QAccessible.Role.ComboBox

    chosen = Signal(int)

    def __init__(
        self, name: str, choices: Sequence[str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        install_roles()
        self._name, self._choices, self._theme = name, choices, theme
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()
        theme.changed.connect(self._on_theme_changed)

    @property
    def current(self) -> int:
        """The choice that is shown as chosen."""
        return self._current

    def accessible_value(self) -> str:
        """The choice in words."""
        return self._choices[self._current]

    def show_choice(self, number: int) -> None:
        """Show this one as chosen."""
        if number != self._current:
            self._current = number
            self._say()
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The width of all choices."""
        return QSize(sum(self._widths()) + 2, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the choices."""
        painter, color = QPainter(self), self._theme.color
        rounded(painter, self.rect(), radius=4, ground=color("bg2"))
        for number, rect in enumerate(self._rects()):
            chosen = number == self._current
            if chosen:
                painter.fillRect(rect.adjusted(0, 1, 0, -1), color("sel"))
            if number:
                painter.fillRect(rect.left(), 1, 1, _HEIGHT - 2, color("ctl"))
            painter.setFont(self._theme.font("smallstrong" if chosen else "small"))
            painter.setPen(color("t1" if chosen else "t2"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self._choices[number])
        rounded(painter, self.rect(), radius=4, edge=color("ctl"))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose what is pressed."""
        at = event.position().toPoint()
        found = next((number for number, rect in enumerate(self._rects()) if rect.contains(at)), None)
        if found is not None:
            self._choose(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose with the arrows, or the next one with Space."""
        match event.key():
            case Qt.Key.Key_Left:
                self._choose(max(0, self._current - 1))
            case Qt.Key.Key_Right:
                self._choose(min(len(self._choices) - 1, self._current + 1))
            case Qt.Key.Key_Space:
                self._choose((self._current + 1) % len(self._choices))
            case _:
                super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        if number != self._current:
            self.show_choice(number)
            self.chosen.emit(number)

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self._theme.font("smallstrong"))
        return [metrics.horizontalAdvance(choice) + 2 * _PADDING for choice in self._choices]

    def _rects(self) -> list[QRect]:
        left, rects = 1, []
        for width in self._widths():
            rects.append(QRect(left, 0, width, _HEIGHT))
            left += width
        return rects

    def _say(self) -> None:
        self.setAccessibleName(self._name)
        report_value(self)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
