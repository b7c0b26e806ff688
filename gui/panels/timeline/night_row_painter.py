"""Paint the lines of the Night: heads of groups, and rows with their bars, waits and estimates."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from gui.figures import figure
from gui.panels.timeline.bar_layout import (
    FOOT,
    GLYPH_GAP,
    GLYPH_SIZE,
    HEAD_HEIGHT,
    PADDING,
    ROW_HEIGHT,
    WORDS_AROUND,
    PlacedBar,
    PlacedGhost,
    PlacedRow,
    PlacedWait,
)
from gui.panels.timeline.night_frame import NightFrame
from gui.panels.timeline.night_records import BarKind, NightBar, NightGroup, NightRow, Sleep
from gui.panels.timeline.row_lines import NightLine
from gui.panels.timeline.time_axis import ticks
from gui.theme.paint import dpr_of, glyph, hairline, rounded, saved
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.widgets.state_bar import draw_bar

_INSET = 12
_HOLLOW = frozenset({"waiting", "held", "blocked", "queued"})
_HATCHED = frozenset({"failed", "quarantined"})
_DOT_EVERY = 4
_FOLDED_BAR, _PROGRESS_WIDTH, _NARROW_PROGRESS = 10, 180, 100


class NightRowPainter:
    """Paints lines below the head."""

    def __init__(self, theme: Theme, type_: Typesetter) -> None:
        self._theme, self._type = theme, type_
        self._tiles: dict[tuple[int, float], QPixmap] = {}

    def paint_ground(
        self, painter: QPainter, frame: NightFrame, back_at: Sequence[float], sleeps: Sequence[Sleep]
    ) -> None:
        """Paint what lies behind the rows: the future, hours, sleeps of the machine, when quotas are back."""
        theme, top = self._theme, frame.head_height
        below = QRect(frame.left, top, frame.right - frame.left, frame.height - top)
        painter.fillRect(0, top, frame.width, frame.height - top, theme.color("bg1"))
        future = theme.color("bg0")
        future.setAlphaF(0.55)
        for x in (frame.left - 1, *([frame.right] if frame.columns.right else [])):
            painter.fillRect(x, top, 1, below.height(), theme.color("line"))
        left = max(frame.left, frame.now_x)
        painter.fillRect(QRect(left, top, max(0, frame.right - left), below.height()), future)
        with saved(painter):
            painter.setClipRect(below)
            for sleep in sleeps:
                left, right = round(frame.axis.x(sleep.start)), round(frame.axis.x(sleep.end))
                asleep = QRect(left, top, max(2, right - left), below.height())
                painter.fillRect(asleep, theme.color("bg3"))
            for tick in ticks(frame.axis):
                if tick.words:
                    painter.fillRect(
                        round(frame.axis.x(tick.at)), top, 1, below.height(), theme.color("line")
                    )
            pen = QPen(theme.color("ctl"), 1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([2, 4])
            painter.setPen(pen)
            for at in back_at:
                back = QPointF(round(frame.axis.x(at)) + 0.5, top)
                painter.drawLine(back, QPointF(back.x(), frame.height))

    def paint_row(
        self,
        painter: QPainter,
        frame: NightFrame,
        line: NightLine,
        placed: PlacedRow,
        *,
        is_selected: bool,
        selected: PlacedBar | None,
        has_focus: bool,
    ) -> None:
        """Paint a row."""
        if (row := line.row) is None:
            return
        top = frame.row_y(line.top)
        color = self._theme.color
        hairline(painter, top + ROW_HEIGHT - 1, left=0, right=frame.width, color=color("line"))
        self._paint_name(painter, frame, row, top, is_selected=is_selected)
        if frame.columns.right:
            self._paint_fact(painter, frame, row, top)
        with saved(painter):
            painter.setClipRect(QRect(frame.left, top, frame.right - frame.left, ROW_HEIGHT))
            self._paint_waits(painter, placed.waits, top)
            for ghost in placed.ghosts:
                self._paint_ghost(painter, ghost, top)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for bar in placed.bars:
                self._paint_bar(painter, bar, top, frame.left)
            if selected is not None:
                around = QRect(
                    selected.left - 4, top + selected.top - 4, selected.width + 8, selected.height + 8
                )
                rounded(painter, around, radius=6, edge=color("focus"), width=2)
        if has_focus and selected is None:
            rounded(
                painter, QRect(0, top, frame.left - 1, ROW_HEIGHT - 1), radius=3, edge=color("focus"), width=2
            )

    def paint_head(
        self, painter: QPainter, frame: NightFrame, line: NightLine, *, folded: PlacedRow, has_focus: bool
    ) -> None:
        """Paint the head of a group; the bars of all its rows are on it while it is folded."""
        group, top, color = line.group, frame.row_y(line.top), self._theme.color
        rect = QRect(0, top, frame.width, HEAD_HEIGHT)
        painter.fillRect(rect, color("bg3"))
        dpr = dpr_of(painter)
        chevron = self._theme.icon("chevr" if line.is_folded else "chev", "t2", 12, dpr)
        glyph(painter, QRect(10, top, 14, HEAD_HEIGHT), chevron)
        glyph(painter, QRect(32, top, 14, HEAD_HEIGHT), self._theme.glyph(group.state, 14, dpr))
        if line.is_folded:
            self._paint_folded(painter, frame, folded, top)
        self._paint_progress(painter, frame, group, top)
        self._paint_titles(painter, frame, line, top)
        if has_focus:
            rounded(painter, rect, radius=3, edge=color("focus"), width=2)

    def paint_now(self, painter: QPainter, frame: NightFrame) -> None:
        """Paint the line of now through all rows."""
        if frame.left <= frame.now_x <= frame.right:
            top = frame.head_height
            painter.fillRect(frame.now_x, top, 1, frame.height - top, self._theme.color("t1"))

    def _paint_name(
        self, painter: QPainter, frame: NightFrame, row: NightRow, top: int, *, is_selected: bool
    ) -> None:
        color = self._theme.color
        if is_selected:
            painter.fillRect(QRect(0, top, frame.left - 1, ROW_HEIGHT - 1), color("sel"))
            painter.fillRect(QRect(0, top, 3, ROW_HEIGHT - 1), color("focus"))
        indent = 32 if frame.columns.has_steps else _INSET
        mark = self._theme.glyph(row.state, 14, dpr_of(painter))
        glyph(painter, QRect(indent, top, 14, ROW_HEIGHT), mark)
        right, left = frame.left - _INSET, indent + 14 + 8
        width = self._type.width(row.step, "caption")
        has_room = self._type.width(row.name, "name") + 8 + width <= right - left
        if frame.columns.has_steps and row.step and has_room:  # the name says more than the step
            room = QRect(right - width, top, width + 1, ROW_HEIGHT)
            ink = color("t2" if is_selected else "t3")
            self._type.draw(painter, room, text=row.step, role="caption", color=ink, align=RIGHT)
            right -= width + 8
        room = QRect(left, top, max(0, right - left), ROW_HEIGHT)
        self._type.draw(painter, room, text=row.name, role="name", color=color("t1"))

    def _paint_fact(self, painter: QPainter, frame: NightFrame, row: NightRow, top: int) -> None:
        room = QRect(frame.right + _INSET, top, frame.columns.right - 2 * _INSET, ROW_HEIGHT)
        ink = self._theme.color("t1" if row.is_urgent else "t2")
        lines = self._type.wrapped(row.fact, "small", room.width())
        height = self._type.height("small") * len(lines)
        block = QRect(room.left(), top + (ROW_HEIGHT - 1 - height) // 2, room.width(), height)
        self._type.draw_lines(painter, block, lines=lines, role="small", color=ink)

    def _paint_bar(self, painter: QPainter, bar: PlacedBar, top: int, axis_left: int) -> None:
        """Paint a bar; whoever calls has switched antialiasing on, once for many bars."""
        look = self._theme.state(bar.state)
        rect = QRect(bar.left, top + bar.top, bar.width, bar.height)
        painter.setPen(look.fill)
        painter.setBrush(look.tint)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        foot = 0 if _is_hollow(bar.bars[0]) else min(FOOT, bar.height // 3)
        if foot:
            band = QRect(rect.left() + 1, rect.bottom() - foot + 1, rect.width() - 2, foot - 1)
            if bar.state in _HATCHED:
                painter.setBrushOrigin(rect.topLeft())
                painter.fillRect(band, self._theme.hatch(look.fill, dpr_of(painter)))
            else:
                painter.fillRect(band, look.fill)
        inside = rect.adjusted(PADDING, 0, -2, -foot)
        shift = max(0, axis_left - bar.left)  # what began before the axis keeps its glyph in view
        inside.setLeft(inside.left() + shift)
        if bar.has_glyph:
            mark = self._theme.glyph(bar.state, GLYPH_SIZE, dpr_of(painter))
            glyph(painter, QRect(inside.left(), inside.top(), GLYPH_SIZE, inside.height()), mark)
            inside.setLeft(inside.left() + GLYPH_SIZE + GLYPH_GAP)
        if bar.text:
            self._type.draw(painter, inside, text=bar.text, role="caption", color=self._theme.color("t1"))

    def _paint_waits(self, painter: QPainter, waits: Sequence[PlacedWait], top: int) -> None:
        if not waits:
            return
        dots = self._dots(dpr_of(painter))
        y, ink = top + ROW_HEIGHT // 2 - 1, self._theme.color("t3")
        for wait in waits:
            gap_left, gap_right = wait.right, wait.right
            if wait.words_left is not None:
                gap_left = wait.words_left - WORDS_AROUND
                gap_right = wait.words_left + wait.words_width + WORDS_AROUND
                room = QRect(wait.words_left, top, wait.words_width + 1, ROW_HEIGHT)
                self._type.draw(painter, room, text=wait.wait.words, role="caption", color=ink)
            for left, right in ((wait.left + 2, gap_left), (gap_right, wait.right - 1)):
                if right > left:
                    painter.drawTiledPixmap(QRect(left, y, right - left, 2), dots)

    def _dots(self, dpr: float) -> QPixmap:
        """One round dot of a wait and the gap after it, drawn once: a dotted pen costs a hundred times as much."""
        ink = self._theme.color("ctl")
        found = self._tiles.get((ink.rgba(), dpr))
        if found is None:
            found = QPixmap(round(_DOT_EVERY * dpr), round(2 * dpr))
            found.setDevicePixelRatio(dpr)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(QRectF(0.25, 0.25, 1.5, 1.5))
            painter.end()
            self._tiles[ink.rgba(), dpr] = found
        return found

    def _paint_ghost(self, painter: QPainter, ghost: PlacedGhost, top: int) -> None:
        rect = QRectF(ghost.left, top + 9, ghost.width, 22).adjusted(0.5, 0.5, -0.5, -0.5)
        pen = QPen(self._theme.state("queued").fg, 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 3, 3)
        if ghost.text:
            room = QRect(ghost.left + PADDING, top + 9, ghost.width - PADDING, 22)
            self._type.draw(painter, room, text=ghost.text, role="caption", color=self._theme.color("t3"))

    def _paint_folded(self, painter: QPainter, frame: NightFrame, placed: PlacedRow, top: int) -> None:
        """All attempts of the group as one thin bar on the axis."""
        with saved(painter):
            painter.setClipRect(QRect(frame.left, top, frame.right - frame.left, HEAD_HEIGHT))
            for bar in placed.bars:
                look = self._theme.state(bar.state)
                rect = QRect(bar.left, top + (HEAD_HEIGHT - _FOLDED_BAR) // 2, bar.width, _FOLDED_BAR)
                if _is_hollow(bar.bars[0]):
                    rounded(painter, rect, radius=2, ground=look.tint, edge=look.fill)
                elif bar.state in _HATCHED:
                    painter.fillRect(rect, self._theme.hatch(look.fill, dpr_of(painter)))
                else:
                    painter.fillRect(rect, look.fill)

    def _paint_progress(self, painter: QPainter, frame: NightFrame, group: NightGroup, top: int) -> None:
        width = _PROGRESS_WIDTH if frame.columns.right else _NARROW_PROGRESS
        done = f"{figure(group.done)}/{figure(group.total)}"
        done_width = self._type.width(done, "smallstrong")
        if not frame.columns.right:  # the bars of all heads end at one place
            done_width = max(done_width, self._type.width("88/88", "smallstrong"))
        if frame.columns.right:
            bar_right, left = frame.right - 6, frame.right + 6
        else:
            left = frame.width - _INSET - done_width
            bar_right = left - 8
        bar = QRect(bar_right - width, top + (HEAD_HEIGHT - 10) // 2, width, 10)
        painter.fillRect(bar.adjusted(-6, -4, 6, 4), self._theme.color("bg3"))
        draw_bar(painter, bar, group.segments, theme=self._theme)
        room = QRect(left, top, done_width + 1, HEAD_HEIGHT)
        self._type.draw(painter, room, text=done, role="smallstrong", color=self._theme.color("t1"))
        if frame.columns.right and group.outcome:
            rest = QRect(left + done_width + 5, top, frame.width - left - done_width - 5 - 6, HEAD_HEIGHT)
            self._type.draw(painter, rest, text=group.outcome, role="small", color=self._theme.color("t2"))

    def _paint_titles(self, painter: QPainter, frame: NightFrame, line: NightLine, top: int) -> None:
        width = _PROGRESS_WIDTH if frame.columns.right else _NARROW_PROGRESS + 60
        end = frame.left - 8 if line.is_folded else frame.right - width - 20
        room = QRect(54, top, max(0, end - 54), HEAD_HEIGHT)
        ink = self._theme.color("t1")
        used = self._type.draw(painter, room, text=line.group.title, role="strong", color=ink)
        rest = room.adjusted(used + 8, 0, 0, 0)
        if line.group.detail and rest.width() > self._type.width("mmmm", "small"):
            ink = self._theme.color("t2")
            self._type.draw(painter, rest, text=line.group.detail, role="small", color=ink)


def _is_hollow(bar: NightBar) -> bool:
    return bar.state in _HOLLOW or bar.kind is BarKind.HELD
