"""The button below the cards of a column that shows more of them."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.guarded import Guarded
from gui.panels.board.board_layout import CellKey
from gui.theme.paint import dpr_of, glyph, rounded
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr


class MoreButton(Guarded, QAbstractButton):
    """Says how many cards are left out, and how many are shown of all.

    Signals:
        more_requested: (cell key) it was pressed.
        left: (cell key) the focus goes back up to the cards.
    """

    more_requested = Signal(object)
    left = Signal(object)

    def __init__(self, key: CellKey, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self._key, self._theme, self._type = key, theme, type_
        self._share = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.clicked.connect(self._on_clicked)

    def show_numbers(self, shown: int, total: int, *, at_once: int) -> None:
        """Say how many of all are shown."""
        left = total - shown
        self.setText(tr("Show {left:,} more", left=left))
        self._share = tr("{shown:,} of {total:,}", shown=shown, total=total)
        self.setAccessibleName(tr("{text}, {share} shown", text=self.text(), share=self._share))
        self.setToolTip(tr("Shows the next {number:,}", number=min(left, at_once)) if left > at_once else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Press it with Enter, too; go back to the cards with Up, Left, Right or Escape."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.click()
            case Qt.Key.Key_Up | Qt.Key.Key_Escape | Qt.Key.Key_Home | Qt.Key.Key_Left | Qt.Key.Key_Right:
                self.left.emit(self._key)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the mark, the words, and the share at the right if there is room."""
        painter, theme, type_ = QPainter(self), self._theme, self._type
        painter.fillRect(self.rect(), theme.color("hover" if self.underMouse() else "bg1"))
        glyph(painter, QRect(4, 0, 16, self.height()), theme.icon("chev", "accent", 16, dpr_of(painter)))
        words = self.rect().adjusted(26, 0, -4, 0)
        used = type_.draw(painter, words, text=self.text(), role="base", color=theme.color("accent"))
        if used + 10 + type_.width(self._share, "small") <= words.width():
            type_.draw(painter, words, text=self._share, role="small", color=theme.color("t3"), align=RIGHT)
        if self.hasFocus():
            rounded(painter, self.rect(), radius=4, edge=theme.color("focus"), width=2)

    @Slot()
    def _on_clicked(self) -> None:
        self.more_requested.emit(self._key)
