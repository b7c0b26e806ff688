"""The headers of the board's columns: glyph, name, count and one fact."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.guarded import Guarded
from gui.theme.paint import dpr_of, glyph, hairline
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme

HEADER_HEIGHT = 32
_GLYPH = 12


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """The contents of one column header."""

    state: str
    name: str
    count: int
    fact: str


class BoardHeader(Guarded, QWidget):
    """Paints the column headers; stays in place while the cards scroll, and follows the board sideways."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self._headers: Sequence[ColumnHeader] = ()
        self._lefts: Sequence[int] = ()
        self._column_width = self._shift = 0
        self._line = False

    def show_headers(
        self,
        headers: Sequence[ColumnHeader],
        *,
        lefts: Sequence[int],
        column_width: int,
        shift: int,
        line: bool,
    ) -> None:
        """Show these headers above columns that start at `lefts`; `line` draws a hairline below."""
        values = (headers, lefts, column_width, shift, line)
        if values != (self._headers, self._lefts, self._column_width, self._shift, self._line):
            self._headers, self._lefts, self._column_width, self._shift, self._line = values
            names = ", ".join(f"{header.name} {header.count}" for header in headers)
            self.setAccessibleName(f"Columns: {names}")
            self.update()

    def headers(self) -> Sequence[ColumnHeader]:
        """The headers shown."""
        return self._headers

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of one line."""
        return QSize(200, HEADER_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the headers above their columns."""
        painter, theme, type_ = QPainter(self), self._theme, self._type
        painter.fillRect(self.rect(), theme.color("bg1"))
        if self._line:
            hairline(painter, self.height() - 1, left=0, right=self.width(), color=theme.color("line"))
        for header, left in zip(self._headers, self._lefts, strict=False):
            x = left - self._shift
            room = QRect(x + 4, 0, self._column_width - 8, self.height())
            if x > self.width() or room.right() < 0:
                continue
            pale = None if header.count else theme.color("t3")
            mark = theme.glyph(header.state, _GLYPH, dpr_of(painter), pale)
            glyph(painter, QRect(room.left(), 0, _GLYPH + 4, self.height()), mark)
            name = room.adjusted(_GLYPH + 4 + 6, 0, 0, 0)
            needed = type_.width(header.name, "strong") + 7 + type_.width(f"{header.count:,}", "base") + 12
            # A narrow column drops the fact, never the count.
            if needed + type_.width(header.fact, "small") <= name.width():
                type_.draw(
                    painter, room, text=header.fact, role="small", color=theme.color("t3"), align=RIGHT
                )
            used = type_.draw(painter, name, text=header.name, role="strong", color=theme.color("t1"))
            count = name.adjusted(used + 7, 0, 0, 0)
            type_.draw(painter, count, text=f"{header.count:,}", role="base", color=theme.color("t2"))
