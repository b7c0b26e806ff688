"""The small tag after a title: the word of a state on its tint."""

from PySide6.QtCore import QRect, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme

_HEIGHT = 20
_PADDING = 6


class StateTag(Guarded, QWidget):
    """Shows one state as a word."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._type = Typesetter(theme, self)
        self._state, self._word = "queued", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._on_theme_changed)

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word

    def show_state(self, state: str, word: str = "") -> None:
        """Show a state, with another word if one is given."""
        self._state, self._word = state, word or self._theme.state(state).word
        self.setAccessibleName(self._word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The size of the word plus padding."""
        return QSize(self._type.width(self._word, "small") + 2 * _PADDING, self._theme.grown(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the word on its tint."""
        painter = QPainter(self)
        look = self._theme.state(self._state)
        ground = QRect(0, 0, self.width(), self.height())
        rounded(painter, ground, radius=3, ground=look.tint)
        self._type.draw(painter, ground, text=self._word, role="small", color=look.fg, align=CENTER)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()  # text of another size needs other room
        self.update()
