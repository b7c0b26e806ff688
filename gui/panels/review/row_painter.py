"""Paint the rows of a diff: grounds, numbers, signs, code with its syntax and changed words, hunk heads."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.review.diff_records import DiffRow, FileColours, FilePatch, RowKind
from engine.system.plain_text import escape_invisible
from gui.data.captions import MINUS
from gui.panels.review.code_text import SYNTAX_TOKENS, CodeText, code_text
from gui.panels.review.shown_rows import HUNK_HEAD, ROW, ShownKind, ShownRow
from gui.theme.paint import dpr_of, glyph, rounded, saved
from gui.theme.theme import Theme
from gui.translation import tr_count
from state.worktree_records import DiffSide

NUMBER, SIGN = 44, 16
CODE = NUMBER + SIGN
SECOND_NUMBER, WIDE_SIGN = 40, 18
UNIFIED_CODE = NUMBER + SECOND_NUMBER + WIDE_SIGN
_NUMBER_PADDING = 8
_GROUNDS = {RowKind.ADDED: "add", RowKind.REMOVED: "dele"}
_INKS = {RowKind.ADDED: "addt", RowKind.REMOVED: "delt", RowKind.CONTEXT: "t3"}
_SIGNS = {RowKind.ADDED: "+", RowKind.REMOVED: MINUS, RowKind.CONTEXT: ""}
_WORDS = {RowKind.ADDED: "addWord", RowKind.REMOVED: "delWord", RowKind.CONTEXT: "bg1"}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class Frame:
    """What one painting shows: where rows begin, how far the code is scrolled, what is searched and current."""

    width: int
    unified: bool
    scrolled: int = 0
    needle: str = ""
    current: int = -1
    """The row with the current line."""
    selected: tuple[int, int] = (-1, -2)
    """The first and the last selected row."""
    side: DiffSide = DiffSide.NEW
    hunk: int = 0
    """The current hunk."""
    closed: frozenset[int] = frozenset()
    """The hunks of which only the head is shown."""

    @property
    def middle(self) -> int:
        """Where the right half begins; 0 in the unified view."""
        return 0 if self.unified else self.width // 2

    def code_left(self, side: DiffSide) -> int:
        """Where the code of a side begins."""
        if self.unified:
            return UNIFIED_CODE
        return CODE + (self.middle if side is DiffSide.NEW else 0)

    def half(self, side: DiffSide) -> tuple[int, int]:
        """Left edge and width of a side."""
        if self.unified:
            return 0, self.width
        return (self.middle, self.width - self.middle) if side is DiffSide.NEW else (0, self.middle)


class RowPainter:
    """Paints rows of one file; what it has measured of a line is kept until another file or theme."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._patch: FilePatch | None = None
        self._colours = FileColours()
        self.restart()

    def restart(self) -> None:
        """Forget what was measured; for another theme."""
        self._font = QFont(self._theme.font("mono"))
        self._italic = QFont(self._font)
        self._italic.setItalic(True)
        self._small = self._theme.font("small")
        self._metrics = QFontMetricsF(self._font)
        self.letter = self._metrics.horizontalAdvance("0" * 64) / 64
        self._base = (ROW - self._metrics.height()) / 2 + self._metrics.ascent()
        self._ink: dict[str, QColor] = {}
        self._texts: dict[tuple[int, int], CodeText] = {}

    def show_file(self, patch: FilePatch | None, colours: FileColours) -> None:
        """Paint this file from now on."""
        self._patch, self._colours = patch, colours
        self._texts.clear()

    def measure(self, text: str) -> float:
        """The width of a text in code."""
        return len(text) * self.letter if text.isascii() else self._metrics.horizontalAdvance(text)

    def text_of(self, row: DiffRow, side: DiffSide) -> CodeText:
        """The pieces of a line as they are painted."""
        old = side is DiffSide.OLD
        key = (row.old_no or 0, row.new_no or 0) if not old else (-(row.old_no or 0), row.new_no or 0)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = code_text(row, self._colours.of(row, old=old), self.measure)
        return found

    def paint(self, painter: QPainter, rows: Sequence[tuple[int, int, ShownRow]], frame: Frame) -> None:
        """Paint rows given with their number and top: first what does not scroll sideways, then the code."""
        painter.setFont(self._font)
        for number, top, row in rows:
            self._paint_ground(painter, number, top, row=row, frame=frame)
        sides = (DiffSide.NEW,) if frame.unified else (DiffSide.OLD, DiffSide.NEW)
        for side in sides:
            with saved(painter):
                left, (edge, width) = frame.code_left(side), frame.half(side)
                painter.setClipRect(QRect(left, 0, edge + width - left, 1 << 24))
                for _number, top, row in rows:
                    if row.kind is ShownKind.LINE:
                        self._paint_code(painter, top, row, side=side, frame=frame)

    def _color(self, token: str) -> QColor:
        found = self._ink.get(token)
        if found is None:
            found = self._ink[token] = self._theme.color(token)
        return found

    def _paint_ground(self, painter: QPainter, number: int, top: int, *, row: ShownRow, frame: Frame) -> None:
        match row.kind:
            case ShownKind.HUNK | ShownKind.REST:
                self._paint_head(painter, top, row, frame=frame)
            case ShownKind.LINE if frame.unified:
                self._paint_unified(painter, top, row, frame=frame)
            case ShownKind.LINE:
                self._paint_halves(painter, top, row, frame=frame)
            case _:
                return
        if row.kind is ShownKind.LINE and frame.selected[0] <= number <= frame.selected[1]:
            self._paint_selection(painter, top, frame)

    def _paint_selection(self, painter: QPainter, top: int, frame: Frame) -> None:
        edge, width = frame.half(frame.side)
        painter.fillRect(edge, top, 2, ROW, self._color("focus"))
        veil = QColor(self._color("focus"))
        veil.setAlphaF(0.16)
        painter.fillRect(edge, top, width, ROW, veil)

    def _paint_unified(self, painter: QPainter, top: int, row: ShownRow, *, frame: Frame) -> None:
        line = row.right or row.left
        if line is None:
            return
        self._fill(painter, QRect(0, top, frame.width, ROW), line.kind)
        numbers = ((line.old_no, 0, NUMBER), (line.new_no, NUMBER, SECOND_NUMBER))
        for value, left, width in numbers:
            self._paint_number(painter, value, QRect(left, top, width, ROW), line.kind)
        self._paint_sign(painter, QRect(NUMBER + SECOND_NUMBER, top, WIDE_SIGN, ROW), line.kind)

    def _paint_halves(self, painter: QPainter, top: int, row: ShownRow, *, frame: Frame) -> None:
        for side in (DiffSide.OLD, DiffSide.NEW):
            line, (left, width) = row.side(side), frame.half(side)
            if line is None:
                painter.fillRect(left, top, width, ROW, self._color("bg0"))
                continue
            self._fill(painter, QRect(left, top, width, ROW), line.kind)
            number = line.old_no if side is DiffSide.OLD else line.new_no
            self._paint_number(painter, number, QRect(left, top, NUMBER, ROW), line.kind)
            self._paint_sign(painter, QRect(left + NUMBER, top, SIGN, ROW), line.kind)

    def _fill(self, painter: QPainter, rect: QRect, kind: RowKind) -> None:
        if kind is not RowKind.CONTEXT:
            painter.fillRect(rect, self._color(_GROUNDS[kind]))

    def _paint_number(self, painter: QPainter, number: int | None, rect: QRect, kind: RowKind) -> None:
        if number is not None:
            painter.setPen(self._color(_INKS[kind]))
            painter.drawText(rect.adjusted(0, 0, -_NUMBER_PADDING, 0), int(_RIGHT), str(number))

    def _paint_sign(self, painter: QPainter, rect: QRect, kind: RowKind) -> None:
        if kind is not RowKind.CONTEXT:
            painter.setPen(self._color(_INKS[kind]))
            painter.drawText(rect, int(_CENTRE), _SIGNS[kind])

    def _paint_head(self, painter: QPainter, top: int, row: ShownRow, *, frame: Frame) -> None:
        if self._patch is None:
            return
        rect = QRect(0, top, frame.width, HUNK_HEAD)
        painter.fillRect(rect, self._color("bg3"))
        painter.fillRect(0, top + HUNK_HEAD - 1, frame.width, 1, self._color("line"))
        if row.kind is ShownKind.REST:
            return
        hunk, current = self._patch.hunks[row.hunk], row.hunk == frame.hunk
        if current:
            painter.fillRect(0, top, 3, HUNK_HEAD, self._color("focus"))
        chevron = self._theme.icon("chevr" if row.hunk in frame.closed else "chev", "t2", 14, dpr_of(painter))
        glyph(painter, QRect(8, top, 14, HUNK_HEAD), chevron)
        painter.setPen(self._color("t1" if current else "t2"))
        text = escape_invisible(f"{hunk.head} {hunk.section}".strip())
        painter.drawText(rect.adjusted(30, 0, -150, 0), int(_LEFT | Qt.TextFlag.TextSingleLine), text)

    def paint_unchanged(self, painter: QPainter, top: int, hidden: int, width: int) -> None:
        """Say at the end of a hunk head how many unchanged lines are hidden above it."""
        with saved(painter):
            painter.setFont(self._small)
            painter.setPen(self._color("t2"))
            rect = QRect(0, top, width - 10, HUNK_HEAD)
            painter.drawText(rect, int(_RIGHT), tr_count("{n} unchanged line", "{n} unchanged lines", hidden))

    def _paint_code(
        self, painter: QPainter, top: int, row: ShownRow, *, side: DiffSide, frame: Frame
    ) -> None:
        line = (row.right or row.left) if frame.unified else row.side(side)
        if line is None:
            return
        text = self.text_of(line, side)
        left = frame.code_left(side) - frame.scrolled
        for start, width in text.marks:
            mark = QRectF(left + start, top + 2, width, ROW - 4)
            rounded(painter, mark, radius=2, ground=self._color(_WORDS[line.kind]))
        if frame.needle:
            for start, width in text.stretches(frame.needle, self.measure):
                painter.fillRect(QRectF(left + start, top + 2, width, ROW - 4), self._color("match"))
        self._draw_pieces(painter, text, left=left, base=top + self._base, right=frame.width)

    def _draw_pieces(
        self, painter: QPainter, text: CodeText, *, left: float, base: float, right: int
    ) -> None:
        for piece in text.pieces:
            at = left + piece.left
            if at > right:
                return
            italic = piece.syntax is not None and SYNTAX_TOKENS[piece.syntax] == "synComment"
            painter.setFont(self._italic if italic else self._font)
            painter.setPen(self._color("t1" if piece.syntax is None else SYNTAX_TOKENS[piece.syntax]))
            painter.drawText(QPointF(at, base), piece.text)
