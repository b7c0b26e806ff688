"""The heads of the board's columns: glyph, name, count, one fact. Paints what it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme.paint import dpr_of, glyph, hairline
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme

HEAD_HEIGHT = 32
_GLYPH = 12


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """What the head of one column tells."""

    state: str
    name: str
    count: int
    fact: str


class BoardHead(QWidget):
    """Stays in place while the cards below it scroll; follows the board sideways."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self._heads: Sequence[ColumnHead] = ()
        self._lefts: Sequence[int] = ()
        self._column_width = self._shift = 0
        self._line = False

    def show_heads(
        self,
        heads: Sequence[ColumnHead],
        *,
        lefts: Sequence[int],
        column_width: int,
        shift: int,
        line: bool,
    ) -> None:
        """Show these heads above columns that start at `lefts`; `line` draws a hairline below."""
        told = (heads, lefts, column_width, shift, line)
        if told != (self._heads, self._lefts, self._column_width, self._shift, self._line):
            self._heads, self._lefts, self._column_width, self._shift, self._line = told
            names = ", ".join(f"{head.name} {head.count}" for head in heads)
            self.setAccessibleName(f"Columns: {names}")
            self.update()

    def heads(self) -> Sequence[ColumnHead]:
        """What is shown."""
        return self._heads

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """One line."""
        return QSize(200, HEAD_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the heads over their columns."""
        painter, theme, type_ = QPainter(self), self._theme, self._type
        painter.fillRect(self.rect(), theme.color("bg1"))
        if self._line:
            hairline(painter, self.height() - 1, left=0, right=self.width(), color=theme.color("line"))
        for head, left in zip(self._heads, self._lefts, strict=False):
            x = left - self._shift
            room = QRect(x + 4, 0, self._column_width - 8, self.height())
            if x > self.width() or room.right() < 0:
                continue
            pale = None if head.count else theme.color("t3")
            mark = theme.glyph(head.state, _GLYPH, dpr_of(painter), pale)
            glyph(painter, QRect(room.left(), 0, _GLYPH + 4, self.height()), mark)
            name = room.adjusted(_GLYPH + 4 + 6, 0, 0, 0)
            needed = type_.width(head.name, "strong") + 7 + type_.width(f"{head.count:,}", "base") + 12
            if (
                needed + type_.width(head.fact, "small") <= name.width()
            ):  # the count is never the one to give way
                type_.draw(painter, room, text=head.fact, role="small", color=theme.color("t3"), align=RIGHT)
            used = type_.draw(painter, name, text=head.name, role="strong", color=theme.color("t1"))
            count = name.adjusted(used + 7, 0, 0, 0)
            type_.draw(painter, count, text=f"{head.count:,}", role="base", color=theme.color("t2"))
