"""A button with its key drawn at its end."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.theme import Theme
from gui.widgets.buttons import Kind
from gui.widgets.label import plain_tip

_KEY, _INSET, _GAP = 16, 8, 10


class KeyButton(Guarded, QPushButton):
    """A push button that shows which key presses it."""

    def __init__(
        self, text: str, key: str, theme: Theme, *, kind: Kind = "secondary", small: bool = False
    ) -> None:
        super().__init__(text)
        self._key, self._theme, self._shows_key = key, theme, True
        self.setProperty("keyed", "long" if len(key) > 1 else "short")
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setAutoDefault(False)
        self.setToolTip(plain_tip(f"{text}  ({key})"))

    def show_key(self, shown: bool) -> None:  # noqa: FBT001  # a switch, like setVisible
        """Draw the key, or leave it out where there is less room."""
        if shown != self._shows_key:
            self._shows_key = shown
            self.setProperty("keyed", ("long" if len(self._key) > 1 else "short") if shown else "")
            self.style().unpolish(self)
            self.style().polish(self)
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for text, icon and key: a style sheet's padding on one side is left out of Qt's own hint."""
        hint = super().sizeHint()
        icon = 0 if self.icon().isNull() else self.iconSize().width() + 4
        text = QFontMetrics(self._theme.font("strong")).horizontalAdvance(self.text())
        key = self._key_width() + _GAP if self._shows_key else 0
        return QSize(max(hint.width(), text + icon + 2 * _INSET + key), hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the button, and the key on it."""
        super().paintEvent(event)
        if not self._shows_key:
            return
        painter = QPainter(self)
        primary = self.property("kind") == "primary"
        ink = self._theme.color("t3" if not self.isEnabled() else "onaccent" if primary else "t2")
        wide = self._key_width()
        rect = QRect(self.width() - _INSET - wide, (self.height() - _KEY) // 2, wide, _KEY)
        if not primary:
            rounded(painter, rect, radius=3, edge=self._theme.color("line2"))
        painter.setFont(self._theme.font("caption"))
        painter.setPen(ink)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), self._key)

    def _key_width(self) -> int:
        return max(_KEY, QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._key) + 8)
