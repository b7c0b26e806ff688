"""Paint what stays above the rows of the Night: the axis, quotas as bands, slots in use, events worth knowing."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from engine.system.formatting import clock_minute
from engine.system.plain_text import escape_invisible
from gui.panels.timeline.bar_layout import PlacedEvent, place_events
from gui.panels.timeline.night_frame import (
    AXIS_HEIGHT,
    BAND_HEIGHT,
    DUE_HEIGHT,
    EVENTS_HEIGHT,
    SLOTS_HEIGHT,
    NightFrame,
)
from gui.panels.timeline.night_records import Night, QuotaBand, QuotaWindow, Sleep, UsedUp
from gui.panels.timeline.time_axis import ticks
from gui.theme.paint import dpr_of, glyph, hairline, rounded, saved
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.tool_tile import TILE_WIDTH, draw_tool_tile

_BOX = 17
_PLATE_WIDTH, _PLATE_HEIGHT = 54, 18
_INSET = 12
_DUE_MARK = 12


class NightHeadPainter:
    """Paints the head; `placed_events` and `placed_due` are those in the last picture."""

    def __init__(self, theme: Theme, type_: Typesetter) -> None:
        self._theme, self._type = theme, type_
        self.placed_events: list[PlacedEvent] = []
        self.placed_due: list[PlacedEvent] = []

    def paint(self, painter: QPainter, frame: NightFrame, night: Night) -> None:
        """Paint the whole head on its ground."""
        ground = QRect(0, 0, frame.width, frame.head_height)
        painter.fillRect(ground, self._theme.color("bg1"))
        with saved(painter):
            painter.setClipRect(QRect(frame.left, 0, frame.right - frame.left, frame.head_height))
            self._paint_future(painter, frame)
            self._paint_ticks(painter, frame)
        for number, band in enumerate(night.bands):
            is_last = number == len(night.bands) - 1
            more = (
                tr_count("and {n} more account", "and {n} more accounts", night.more_accounts)
                if is_last and night.more_accounts
                else ""
            )
            self._paint_band(painter, frame, band, AXIS_HEIGHT + number * BAND_HEIGHT, more=more)
        top = AXIS_HEIGHT + len(night.bands) * BAND_HEIGHT
        self._paint_slots(painter, frame, night, top)
        self._paint_sleeps(painter, frame, night.sleeps, top)
        self._paint_events(painter, frame, night, top + SLOTS_HEIGHT)
        self._paint_due(painter, frame, night)
        line = self._theme.color("line")
        for y in (AXIS_HEIGHT - 1, frame.head_height - 1):
            hairline(painter, y, left=0, right=frame.width, color=line)
        for x in (frame.left - 1, *([frame.right] if frame.columns.right else [])):
            painter.fillRect(x, 0, 1, frame.head_height, line)
        self._paint_now(painter, frame)

    def _paint_future(self, painter: QPainter, frame: NightFrame) -> None:
        future = self._theme.color("bg0")
        future.setAlphaF(0.55)
        left = max(frame.left, frame.now_x)
        painter.fillRect(QRect(left, 0, max(0, frame.right - left), frame.head_height), future)

    def _paint_ticks(self, painter: QPainter, frame: NightFrame) -> None:
        line, words = self._theme.color("line"), self._theme.color("t2")
        width = self._theme.widened(_PLATE_WIDTH)
        plate = QRect(frame.now_x - width // 2 - 2, 0, width + 4, AXIS_HEIGHT)
        for tick in ticks(frame.axis):
            x = round(frame.axis.x(tick.at))
            if not tick.words:
                painter.fillRect(x, AXIS_HEIGHT - 5, 1, 5, self._theme.color("line2"))
                continue
            painter.fillRect(x, AXIS_HEIGHT - 8, 1, frame.head_height, line)
            room = QRect(x + 4, 0, self._type.width(tick.words, "caption") + 1, AXIS_HEIGHT)
            if not room.intersects(plate):
                self._type.draw(painter, room, text=tick.words, role="caption", color=words)

    def _paint_now(self, painter: QPainter, frame: NightFrame) -> None:
        x = frame.now_x
        if not frame.left <= x <= frame.right:
            return
        ink = self._theme.color("t1")
        painter.fillRect(x, AXIS_HEIGHT - 4, 1, frame.head_height - AXIS_HEIGHT + 4, ink)
        width, height = self._theme.widened(_PLATE_WIDTH), min(self._theme.grown(_PLATE_HEIGHT), AXIS_HEIGHT)
        left = min(max(x - width // 2, frame.left), frame.right - width)
        plate = QRect(left, (AXIS_HEIGHT - height) // 2, width, height)
        rounded(painter, plate, radius=3, ground=ink)
        ground = self._theme.color("bg1")
        self._type.draw(
            painter, plate, text=clock_minute(frame.now), role="smallstrong", color=ground, align=CENTER
        )

    def _paint_band(
        self, painter: QPainter, frame: NightFrame, band: QuotaBand, top: int, *, more: str
    ) -> None:
        self._paint_account(painter, frame, band, top, more=more)
        box = QRect(frame.left, top + (BAND_HEIGHT - _BOX) // 2, frame.right - frame.left, _BOX)
        with saved(painter):
            painter.setClipRect(box)
            for window in band.windows:
                if frame.axis.shows(window.start, window.end):
                    self._paint_window(painter, frame, window, box)
            self._paint_use(painter, frame, band, box)
            self._paint_window_words(painter, frame, band, box)
            for span in band.used_up:
                if frame.axis.shows(span.start, span.end):
                    self._paint_used_up(painter, frame, span, box)
        if frame.columns.right:
            self._paint_side(painter, frame, top, BAND_HEIGHT, band.fact)

    def _paint_account(
        self, painter: QPainter, frame: NightFrame, band: QuotaBand, top: int, *, more: str
    ) -> None:
        draw_tool_tile(painter, self._theme, _INSET, top + BAND_HEIGHT / 2, band.tool)
        left = _INSET + TILE_WIDTH + 8
        room = QRect(left, top, frame.left - left - 8, BAND_HEIGHT)
        used = self._type.draw(painter, room, text=band.tool, role="small", color=self._theme.color("t1"))
        account = more or ("" if band.account == band.tool else escape_invisible(band.account))
        rest = room.adjusted(used + 5, 0, 0, 0)
        if account and rest.width() > self._type.width("mmm", "small"):
            self._type.draw(painter, rest, text=account, role="small", color=self._theme.color("t3"))

    def _paint_window(self, painter: QPainter, frame: NightFrame, window: QuotaWindow, box: QRect) -> None:
        rect = _box_of(frame, window.start, window.end, box)
        if not window.is_next:
            rounded(painter, rect, radius=3, ground=self._theme.color("bg2"), edge=self._theme.color("line2"))
            return
        with saved(painter):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(self._theme.color("line2"), 1, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_use(self, painter: QPainter, frame: NightFrame, band: QuotaBand, box: QRect) -> None:
        fill = self._theme.color("line2")
        for window in band.windows:
            inside = [(at, used) for at, used in band.use if window.start <= at < window.end]
            if window.is_next or not inside or not frame.axis.shows(window.start, window.end):
                continue
            until = min(frame.now, window.end)
            points = [(window.start, 0.0), *inside, (max(until, inside[-1][0]), inside[-1][1])]
            area = [QPointF(frame.axis.x(at), box.bottom() - used * (_BOX - 2)) for at, used in points]
            base = [QPointF(area[-1].x(), box.bottom()), QPointF(area[0].x(), box.bottom())]
            with saved(painter):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(fill)
                painter.drawPolygon(QPolygonF([*area, *base]))

    def _paint_window_words(self, painter: QPainter, frame: NightFrame, band: QuotaBand, box: QRect) -> None:
        for window in band.windows:
            if not frame.axis.shows(window.start, window.end):
                continue
            rect = _box_of(frame, max(window.start, frame.axis.start), window.end, box).adjusted(6, 0, -6, 0)
            is_current = window.start <= frame.now < window.end
            if is_current and band.use and not band.is_used_up(frame.now):
                percent = f"{band.use[-1][1]:.0%}".replace("%", " %")
                width = self._type.width(percent, "smallstrong")
                at = QRect(frame.now_x + 6, box.top(), width + 1, _BOX)
                self._type.draw(painter, at, text=percent, role="smallstrong", color=self._theme.color("t1"))
                rect.setRight(min(rect.right(), frame.now_x - 6))
            words = (
                tr("next window") if window.is_next else tr("window from {at}", at=clock_minute(window.start))
            )
            if self._type.width(words, "caption") <= rect.width():
                ink = self._theme.color("t3" if window.is_next else "t2")
                self._type.draw(painter, rect, text=words, role="caption", color=ink)

    def _paint_used_up(self, painter: QPainter, frame: NightFrame, span: UsedUp, box: QRect) -> None:
        look = self._theme.state("waiting")
        rect = _box_of(frame, span.start, span.end, box)
        rounded(painter, rect, radius=3, ground=look.tint, edge=look.fill)
        shown = rect.intersected(box).adjusted(5, 0, -5, 0)
        words = tr("used up, back at {at}", at=clock_minute(span.end))
        if shown.width() < 16:  # noqa: PLR2004 - a glyph and its sides
            return
        glyph(
            painter,
            QRect(shown.left(), shown.top(), 12, _BOX),
            self._theme.glyph("waiting", 12, dpr_of(painter)),
        )
        room = shown.adjusted(17, 0, 0, 0)
        if self._type.width(words, "caption") <= room.width():
            self._type.draw(painter, room, text=words, role="caption", color=self._theme.color("t1"))

    def _paint_sleeps(self, painter: QPainter, frame: NightFrame, sleeps: Iterable[Sleep], top: int) -> None:
        """When the machine was asleep, with the word for it where it fits."""
        strip = QRect(frame.left, top, frame.right - frame.left, SLOTS_HEIGHT)
        with saved(painter):
            painter.setClipRect(strip)
            for sleep in sleeps:
                box = _box_of(frame, sleep.start, sleep.end, strip)
                painter.fillRect(box, self._theme.color("bg3"))
                words = tr("asleep")
                if self._type.width(words, "caption") + 8 <= box.width():
                    ink = self._theme.color("t2")
                    self._type.draw(painter, box, text=words, role="caption", color=ink, align=CENTER)

    def _paint_slots(self, painter: QPainter, frame: NightFrame, night: Night, top: int) -> None:
        self._paint_caption(painter, frame, top, SLOTS_HEIGHT, tr("Slots in use"))
        most = max([night.slot_limit or 1, *(used for _, used in night.slots)])
        base, high = top + SLOTS_HEIGHT - 4, SLOTS_HEIGHT - 8
        outline: list[QPointF] = []
        for at, used in [*night.slots, (frame.now, 0)]:
            x = min(max(frame.axis.x(at), frame.axis.left - 2), frame.axis.right + 2)
            if outline:
                outline.append(QPointF(x, outline[-1].y()))
            outline.append(QPointF(x, base - used / most * high))
        with saved(painter):
            painter.setClipRect(QRect(frame.left, top, frame.right - frame.left, SLOTS_HEIGHT))
            if outline:
                painter.setPen(QPen(self._theme.color("line2"), 1))
                painter.setBrush(self._theme.color("bg3"))
                painter.drawPolygon(
                    QPolygonF([QPointF(outline[0].x(), base), *outline, QPointF(outline[-1].x(), base)])
                )
        if frame.columns.right:
            used = night.slots[-1][1] if night.slots else 0
            words = tr("{used} in use", used=used)
            if night.slot_limit is not None:
                words = tr("{used} of {limit} in use", used=used, limit=night.slot_limit)
            self._paint_side(painter, frame, top, SLOTS_HEIGHT, words)

    def _paint_events(self, painter: QPainter, frame: NightFrame, night: Night, top: int) -> None:
        self._paint_caption(painter, frame, top, EVENTS_HEIGHT, tr("Worth knowing"))
        happened = [event for event in night.notable if event.at <= frame.now]
        self.placed_events = place_events(
            happened, frame.axis, lambda text: self._type.width(text, "caption"), now=frame.now
        )
        with saved(painter):
            painter.setClipRect(QRect(frame.left, top, frame.right - frame.left, EVENTS_HEIGHT))
            for placed in self.placed_events:
                mark = self._theme.glyph(placed.event.state, 12, dpr_of(painter))
                glyph(painter, QRect(placed.x - 6, top, 12, EVENTS_HEIGHT), mark)
                if placed.words_left is not None:
                    room = QRect(placed.words_left, top, placed.words_width + 1, EVENTS_HEIGHT)
                    ink = self._theme.color("t2")
                    self._type.draw(painter, room, text=placed.event.words, role="caption", color=ink)
        if frame.columns.right:
            shown = sum(frame.axis.start <= event.at <= frame.axis.end for event in happened)
            words = tr_count("{n} event", "{n} events", shown) if shown else ""
            self._paint_side(painter, frame, top, EVENTS_HEIGHT, words)

    def _paint_due(self, painter: QPainter, frame: NightFrame, night: Night) -> None:
        """The next due times of recurring runs, dashed as all that is only expected."""
        self.placed_due = []
        if not frame.has_due:
            return
        top = frame.due_top
        self._paint_caption(painter, frame, top, DUE_HEIGHT, tr("Due next"))
        self.placed_due = place_events(
            night.due, frame.axis, lambda text: self._type.width(text, "caption"), now=frame.now
        )
        ink = self._theme.color("t3")
        with saved(painter):
            painter.setClipRect(QRect(frame.left, top, frame.right - frame.left, DUE_HEIGHT))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for placed in self.placed_due:
                pen = QPen(self._theme.state("queued").fg, 1, Qt.PenStyle.CustomDashLine)
                pen.setDashPattern([3, 3])
                painter.setPen(pen)
                mark = QRectF(
                    placed.x - _DUE_MARK / 2, top + (DUE_HEIGHT - _DUE_MARK) / 2, _DUE_MARK, _DUE_MARK
                )
                painter.drawRoundedRect(mark, 3, 3)
                if placed.words_left is not None:
                    room = QRect(placed.words_left, top, placed.words_width + 1, DUE_HEIGHT)
                    self._type.draw(painter, room, text=placed.event.words, role="caption", color=ink)
        if frame.columns.right:
            first = night.due[0]
            words = tr("next {at}: {name}", at=clock_minute(first.at), name=first.words)
            self._paint_side(painter, frame, top, DUE_HEIGHT, words)

    def _paint_caption(self, painter: QPainter, frame: NightFrame, top: int, height: int, words: str) -> None:
        room = QRect(_INSET + TILE_WIDTH + 8, top, frame.left - _INSET - TILE_WIDTH - 16, height)
        self._type.draw(painter, room, text=words, role="small", color=self._theme.color("t2"))

    def _paint_side(self, painter: QPainter, frame: NightFrame, top: int, height: int, words: str) -> None:
        room = QRect(frame.right + _INSET, top, frame.columns.right - 2 * _INSET, height)
        self._type.draw(painter, room, text=words, role="small", color=self._theme.color("t2"))


def _box_of(frame: NightFrame, start: float, end: float, box: QRect) -> QRect:
    """The rectangle of a stretch of time in a band, a little outside of the axis where it goes on there."""
    left = round(max(frame.axis.left - 8, frame.axis.x(start)))
    right = round(min(frame.axis.right + 8, frame.axis.x(end)))
    return QRect(left, box.top(), max(2, right - left), box.height())


def used_up_ends(bands: Iterable[QuotaBand], now: float) -> Sequence[float]:
    """When accounts that have nothing left now get something again: lines through all rows."""
    return [span.end for band in bands for span in band.used_up if span.start <= now < span.end]
