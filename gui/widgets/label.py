"""Labels and tool tips that show plain text only, so that names of jobs are never interpreted as markup."""

import html

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.guarded import Guarded
from gui.theme.text_layout import shortened
from gui.theme.theme import Theme


def plain_tip(text: str) -> str:
    """The text as a tool tip that shows every character: Qt guesses whether a tool tip is markup."""
    return f"<span>{html.escape(text)}</span>" if "<" in text or "&" in text else text


class PlainLabel(Guarded, QLabel):
    """A label in a font role and colour of the theme; with `elide` it shortens its text instead of widening."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        theme: Theme | None = None,
        role: str = "base",
        color: str = "t1",
        elide: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme, self._role, self._color, self._elide = theme, role, color, elide
        self.setText(text)
        if theme is not None:
            theme.changed.connect(self._on_theme_changed)
            self._on_theme_changed()

    def set_color(self, token: str) -> None:
        """Change to another colour of the theme."""
        if token != self._color:
            self._color = token
            self._on_theme_changed()

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Almost no width if the text may be elided."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), 24), hint.height()) if self._elide else hint

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Apply the colours again: while hidden, the style may have restored those of an earlier theme."""
        super().showEvent(event)
        self._on_theme_changed()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw the text, elided to the available width."""
        if not self._elide:
            super().paintEvent(event)
            return
        room = self.contentsRect()
        shown = shortened(self.text(), self.fontMetrics(), room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment()), shown)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._theme is None:
            return
        self.setFont(self._theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._color))
        self.setPalette(palette)


class TickingLabel(PlainLabel):
    """A label on a plain ground whose text changes all the time, and which nothing behind it is painted for.

    Its ground is opaque and it draws its text itself: a label of Qt has all its parents and the style paint first.
    """

    def __init__(self, text: str = "", *, theme: Theme, role: str, color: str, ground: str) -> None:
        super().__init__(text, theme=theme, role=role, color=color)
        self.ground = ground
        """The token of the colour behind the text."""
        self._colors = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Fill the ground and draw the text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colors.color(self.ground))
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), self.text())
