"""The heads of the board's columns: glyph, name, count and one fact; of a folded column the glyph and its zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.figures import figure
from gui.guarded import Guarded
from gui.panels.board.board_layout import ColumnBox
from gui.theme.paint import dpr_of, glyph, hairline, rounded
from gui.theme.text_layout import CENTER, RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.label import plain_tip

HEADER_HEIGHT = 32
_GLYPH = 12
_RADIUS = 6.0


@dataclass(frozen=True, slots=True)
class ColumnHeader:
    """The contents of one column header: `line` is what an empty column says, `short` the fact for a narrow one.

    `late` is the number of new cards that stand last as long as the pointer is over the column.
    """

    state: str
    name: str
    count: int
    fact: str
    line: str = ""
    short: str = ""
    late: int = 0


class ColumnHead(Guarded, QWidget):
    """The head of one column, with a name for screen readers."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self._header = ColumnHeader("queued", "", 0, "")
        self._folded = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)

    def show_header(self, header: ColumnHeader, *, folded: bool) -> None:
        """Show this header; a folded column is as narrow as its glyph."""
        if (header, folded) == (self._header, self._folded):
            return
        self._header, self._folded = header, folded
        words = ", ".join(
            part
            for part in (tr_count("{n} workstream", "{n} workstreams", header.count), header.fact)
            if part
        )
        waits = _waits_for_pointer(header.late)
        name = ", ".join(part for part in (header.name, words, waits) if part)
        self.setAccessibleName(tr("{line}, folded", line=name) if folded else name)
        self.setAccessibleDescription(header.line)
        tip = f"{header.name}: {header.line if folded else words}"
        self.setToolTip(plain_tip("\n".join(part for part in (tip, waits) if part)))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the head over its column."""
        painter, header = QPainter(self), self._header
        pale = None if header.count else self._theme.color("t3")
        mark = self._theme.glyph(header.state, _GLYPH, dpr_of(painter), pale)
        if self._folded:
            draw_folded_ground(painter, self.rect().adjusted(0, 4, 0, HEADER_HEIGHT), self._theme)
            glyph(painter, self.rect().adjusted(0, 8, 0, 0), mark)
        else:
            self._paint_open(painter, self.rect().adjusted(4, 0, -4, 0))
            glyph(painter, QRect(4, 0, _GLYPH + 4, self.height()), mark)

    def _paint_open(self, painter: QPainter, room: QRect) -> None:
        theme, type_, header = self._theme, self._type, self._header
        name = room.adjusted(_GLYPH + 4 + 6, 0, 0, 0)
        needed = type_.width(header.name, "strong") + 7 + type_.width(figure(header.count), "base") + 12
        # A narrow column drops the fact, never the count.
        for fact in (header.fact, header.short):
            if needed + type_.width(fact, "small") <= name.width():
                type_.draw(painter, room, text=fact, role="small", color=theme.color("t3"), align=RIGHT)
                break
        used = type_.draw(painter, name, text=header.name, role="strong", color=theme.color("t1"))
        count = name.adjusted(used + 7, 0, 0, 0)
        type_.draw(painter, count, text=figure(header.count), role="base", color=theme.color("t2"))


class BoardHeader(Guarded, QWidget):
    """The heads of all columns; stays in place while the cards scroll, and follows the board sideways."""

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self._headers: Sequence[ColumnHeader] = ()
        self._heads: list[ColumnHead] = []
        self._line = False
        self.setAccessibleName(tr("Columns"))

    def show_headers(
        self, headers: Sequence[ColumnHeader], *, columns: Sequence[ColumnBox], shift: int, line: bool
    ) -> None:
        """Show these headers above their columns; `line` draws a hairline below."""
        self._headers = headers
        while len(self._heads) < len(headers):
            self._heads.append(ColumnHead(self._theme, self._type, self))
        for number, head in enumerate(self._heads):
            head.setVisible(number < len(columns))
        for head, header, column in zip(self._heads, headers, columns, strict=False):
            head.setGeometry(column.left - shift, 0, column.width, HEADER_HEIGHT - 1)
            head.show_header(header, folded=column.folded)
        if line is not self._line:
            self._line = line
            self.update()

    def headers(self) -> Sequence[ColumnHeader]:
        """The headers shown."""
        return self._headers

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The height of one line."""
        return QSize(200, HEADER_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground behind the heads."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("bg1"))
        if self._line:
            hairline(painter, self.height() - 1, left=0, right=self.width(), color=self._theme.color("line"))


def _waits_for_pointer(late: int) -> str:
    """What stands last since the pointer keeps the other cards where they are."""
    if not late:
        return ""
    return tr_count(
        "{n} new card stands last until the pointer leaves the column",
        "{n} new cards stand last until the pointer leaves the column",
        late,
    )


def draw_folded_ground(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Draw the outline of a folded column."""
    rounded(painter, rect, radius=_RADIUS, edge=theme.color("line"))


def draw_folded_column(
    painter: QPainter, rect: QRect, header: ColumnHeader, *, under: int, theme: Theme, type_: Typesetter
) -> None:
    """Draw a folded column below its head: a zero, and its name turned by a quarter, `under` from its top."""
    draw_folded_ground(painter, rect.adjusted(0, -HEADER_HEIGHT, 0, 0), theme)
    zero = QRect(rect.left(), rect.top() + under, rect.width(), type_.height("base"))
    type_.draw(painter, zero, text=f"{header.count}", role="base", color=theme.color("t2"), align=CENTER)
    width = type_.width(header.name, "strong") + 8
    painter.save()
    painter.translate(rect.center().x(), zero.bottom() + 12)
    painter.rotate(90)
    turned = QRect(0, -rect.width() // 2, width, rect.width())
    type_.draw(painter, turned, text=header.name, role="strong", color=theme.color("t2"))
    painter.restore()
