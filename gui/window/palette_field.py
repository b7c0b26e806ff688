"""The button that looks like a search field and opens the command palette. Finds nothing itself."""

from enum import Enum

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QSizePolicy,
)

from gui.guarded import Guarded
from gui.theme.theme import Theme
from gui.translation import tr

FIELD_LEAST, FIELD_WHOLE = 190, 264
"""The minimum width with text, and that in which the text is whole."""
ICON_WIDTH = 28
COMPACT_WIDTH = 84
"""The width of lens and shortcut alone."""


class PaletteForm(Enum):
    """How much room the field has."""

    ICON = "icon"
    COMPACT = "compact"
    CUT = "cut"
    FULL = "full"


_WIDTHS = {
    PaletteForm.ICON: (ICON_WIDTH, ICON_WIDTH),
    PaletteForm.COMPACT: (COMPACT_WIDTH, COMPACT_WIDTH),
    PaletteForm.CUT: (FIELD_LEAST, 300),
    PaletteForm.FULL: (FIELD_WHOLE, 300),
}


class PaletteField(Guarded, QAbstractButton):
    """Looks like a search field and opens the command palette; without words, or only a lens, in less room."""

    def __init__(self, theme: Theme, shortcut: str) -> None:
        super().__init__()
        self._theme, self._keys = theme, shortcut
        self._form = PaletteForm.FULL
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRing", True)  # noqa: FBT003  # Qt takes a value
        self.setAccessibleName(tr("Find a job, file or command"))
        self.setToolTip(tr("Find a job, file or command  ({keys})", keys=shortcut))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._keys = shortcut.replace("+", " ")
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @property
    def form(self) -> PaletteForm:
        """How much of it is shown."""
        return self._form

    def set_form(self, form: PaletteForm) -> None:
        """Show a field of up to 300 px, whole or as far as there is room, only lens and shortcut, or only the lens."""
        if form is self._form:
            return
        self._form = form
        self._take_width()
        full = form in {PaletteForm.CUT, PaletteForm.FULL}
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if full else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Fixed,
        )
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """The width in the design."""
        return QSize(self.maximumWidth(), self._theme.grown(28))

    def _take_width(self) -> None:
        least, most = _WIDTHS[self._form]
        self.setMinimumWidth(self._theme.widened(least))
        self.setMaximumWidth(self._theme.widened(most))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.setFixedHeight(self._theme.grown(28))
        self._take_width()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draw field, lens, text and shortcut."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("ctl"))
        painter.setBrush(theme.color("hover" if self.underMouse() else "field"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        lens = theme.icon("search", "t2", 16, self.devicePixelRatioF())
        painter.drawPixmap(6 if self._form is PaletteForm.ICON else 10, (self.height() - 16) // 2, lens)
        if self._form is PaletteForm.ICON:
            return
        painter.setFont(theme.font("caption"))
        key = painter.fontMetrics().horizontalAdvance(self._keys) + 10
        cap = QRect(self.width() - key - 8, 5, key, self.height() - 10)
        painter.setPen(theme.color("line2"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(theme.color("t2"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._keys)
        if self._form is PaletteForm.COMPACT:
            return
        painter.setFont(theme.font("base"))
        painter.setPen(theme.color("t3"))
        room = QRect(34, 0, cap.left() - 40, self.height())
        words = painter.fontMetrics().elidedText(
            self.accessibleName(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
