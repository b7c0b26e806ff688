"""Lay out, scroll and paint the Night: only the lines in view. Mouse and keyboard are handled in `night_view`."""

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from engine.system.formatting import clock_minute
from gui.guarded import Guarded
from gui.panels.timeline.bar_layout import (
    ROW_HEIGHT,
    NightColumns,
    PlacedBar,
    PlacedRow,
    columns_for,
    place_bars,
    place_row,
)
from gui.panels.timeline.night_frame import NightFrame
from gui.panels.timeline.night_head_painter import NightHeadPainter, used_up_ends
from gui.panels.timeline.night_records import Night, NightBar, NightRow, WorkstreamKey
from gui.panels.timeline.night_row_painter import NightRowPainter
from gui.panels.timeline.row_lines import NightLine, RowLines
from gui.panels.timeline.time_axis import Camera, NightRange, TimeAxis
from gui.theme.paint import saved
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from gui.translation import tr

LineKey = str | WorkstreamKey
_NO_ROW = PlacedRow()
_MOST_WIDTHS = 4000


class NightViewBase(Guarded, QAbstractScrollArea):
    """Shows a `Night` along an axis.

    Signals:
        camera_changed: another stretch of time is shown, or it follows now, or no longer does.
    """

    camera_changed = Signal()

    def __init__(self, theme: Theme, type_: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._type = theme, type_
        self._head_painter = NightHeadPainter(theme, type_)
        self._row_painter = NightRowPainter(theme, type_)
        self._night, self._lines = Night(), RowLines()
        self._folded: frozenset[str] = frozenset()
        self._camera, self._range, self._now = Camera(), NightRange(0.0, 1.0), 0.0
        self._current: LineKey | None = None
        self._bar: NightBar | None = None
        self._placed: dict[LineKey, PlacedRow] = {}
        self._placed_for: tuple[object, ...] = ()
        self._widths: dict[str, int] = {}
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Night"))
        theme.changed.connect(self._on_theme_changed)

    # What is shown

    @property
    def night(self) -> Night:
        """What is shown."""
        return self._night

    @property
    def now(self) -> float:
        """The moment up to which it is shown."""
        return self._now

    @property
    def camera(self) -> Camera:
        """Which stretch of time is shown."""
        return self._camera

    @property
    def selected_bar(self) -> NightBar | None:
        """The bar with the ring."""
        return self._bar

    @property
    def current_key(self) -> LineKey | None:
        """The line that the keys act on."""
        return self._current

    def shown(self) -> NightRange:
        """The stretch of time shown."""
        return self._camera.shown(self._range, self._now)

    def range(self) -> NightRange:
        """The stretch of time of the whole night."""
        return self._range

    def lines(self) -> RowLines:
        """The lines from top to bottom."""
        return self._lines

    def show_night(self, night: Night, range_: NightRange, now: float) -> None:
        """Show another state of the night; the selected bar and the scroll position stay."""
        anchor = self._anchor()
        self._night, self._range, self._now = night, range_, now
        self._placed.clear()
        self._arrange()
        self._find_bar_again()
        self._keep_in_place(anchor)
        self.viewport().update()

    def show_now(self, now: float, range_: NightRange) -> None:
        """Let time pass: paints only if something moves by a pixel."""
        before = self._frame()
        was, self._now, self._range = self._now, now, range_
        after = self._frame()
        moved = before.now_x != after.now_x or before.axis.seconds_per_pixel != after.axis.seconds_per_pixel
        drifted = self._camera.follows and now - was >= after.axis.seconds_per_pixel
        if moved or drifted or clock_minute(was) != clock_minute(now):
            self.viewport().update()

    def set_camera(self, camera: Camera) -> None:
        """Show another stretch of time."""
        if camera != self._camera:
            self._camera = camera
            self.viewport().update()
            self.camera_changed.emit()

    @property
    def folded(self) -> frozenset[str]:
        """The keys of the folded groups."""
        return self._folded

    def set_folded(self, folded: Collection[str]) -> None:
        """Fold exactly these groups."""
        if frozenset(folded) != self._folded:
            self._folded = frozenset(folded)
            self._arrange()
            self.viewport().update()

    def is_empty(self) -> bool:
        """Whether nothing happened, or may happen, in the stretch of time shown."""
        shown = self.shown()
        rows = (row for group in self._night.groups for row in group.rows)
        return not any(row.covers(shown.start, shown.end, self._now) for row in rows)

    # Geometry

    def columns(self) -> NightColumns:
        """The columns at this width."""
        return columns_for(self.viewport().width())

    def axis(self) -> TimeAxis:
        """The axis as it is painted."""
        shown, columns, width = self.shown(), self.columns(), self.viewport().width()
        return TimeAxis(shown.start, shown.end, columns.left, max(1, width - columns.left - columns.right))

    def _frame(self) -> NightFrame:
        port = self.viewport().rect()
        return NightFrame(
            axis=self.axis(),
            columns=self.columns(),
            now=self._now,
            width=port.width(),
            height=port.height(),
            bands=len(self._night.bands),
            scrolled=self.verticalScrollBar().value(),
            has_due=bool(self._night.due),
        )

    def line_rect(self, line: NightLine) -> QRect:
        """Where a line is in the viewport."""
        frame = self._frame()
        return QRect(0, frame.row_y(line.top), frame.width, line.height)

    def placed_row(self, row: NightRow) -> PlacedRow:
        """Everything of a row as it is painted."""
        frame = self._frame()
        made_for = (frame.axis, frame.now_x, frame.columns.has_labels)
        if made_for != self._placed_for:
            self._placed.clear()
            self._placed_for = made_for
        found = self._placed.get(row.key)
        if found is None:
            found = self._placed[row.key] = place_row(
                row, frame.axis, self._measure, now=self._now, has_labels=frame.columns.has_labels
            )
        return found

    def bar_rect(self, line: NightLine, bar: PlacedBar) -> QRect:
        """Where a bar is in the viewport."""
        return QRect(bar.left, self.line_rect(line).top() + bar.top, bar.width, bar.height)

    def _measure(self, text: str) -> int:
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _MOST_WIDTHS:
                self._widths.clear()
            found = self._widths[text] = self._type.width(text, "caption")
        return found

    def _arrange(self) -> None:
        self._lines = RowLines(self._night.groups, self._folded)
        self._fit_scroll_bar()

    def _fit_scroll_bar(self) -> None:
        frame, bar = self._frame(), self.verticalScrollBar()
        room = max(0, frame.height - frame.head_height)
        bar.setRange(0, max(0, self._lines.height - room))
        bar.setPageStep(max(ROW_HEIGHT, room))
        bar.setSingleStep(ROW_HEIGHT)

    def _anchor(self) -> tuple[LineKey, int] | None:
        """The first line in view and how far it is above, so that nothing moves as rows come above it."""
        at = self.verticalScrollBar().value()
        found = self._lines.within(at, at + 1) if at else ()
        return (found[0].key, at - found[0].top) if found else None

    def _keep_in_place(self, anchor: tuple[LineKey, int] | None) -> None:
        if anchor is not None:
            number = self._lines.number_of(anchor[0])
            if number is not None:
                self.verticalScrollBar().setValue(self._lines.lines[number].top + anchor[1])

    def _find_bar_again(self) -> None:
        if self._bar is None:
            return
        same = (
            bar
            for group in self._night.groups
            for row in group.rows
            if row.key == self._current
            for bar in row.bars
            if is_same(bar, self._bar)
        )
        self._bar = next(same, None)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the lines in view under the head."""
        frame, painter = self._frame(), QPainter(self.viewport())
        with saved(painter):
            painter.setClipRect(QRect(0, frame.head_height, frame.width, frame.height - frame.head_height))
            self._paint_lines(painter, frame)
        self._head_painter.paint(painter, frame, self._night)

    def _paint_lines(self, painter: QPainter, frame: NightFrame) -> None:
        night, rows = self._night, self._row_painter
        back_at = used_up_ends(night.bands, self._now)
        rows.paint_ground(painter, frame, back_at, night.sleeps)
        for line in self._lines.within(frame.scrolled, frame.scrolled + frame.height - frame.head_height):
            is_current = line.key == self._current
            if line.row is None:
                folded = self._folded_row(line, frame) if line.is_folded else _NO_ROW
                rows.paint_head(painter, frame, line, folded=folded, has_focus=is_current and self.hasFocus())
                continue
            placed = self.placed_row(line.row)
            rows.paint_row(
                painter,
                frame,
                line,
                placed,
                is_selected=is_current,
                selected=self._selected_in(placed) if is_current else None,
                has_focus=is_current and self.hasFocus(),
            )
        rows.paint_now(painter, frame)

    def _folded_row(self, line: NightLine, frame: NightFrame) -> PlacedRow:
        """The bars of all rows of a group, beside each other however they overlap."""
        found = self._placed.get(line.key) if self._placed_for else None
        if found is None:
            bars = [
                placed
                for row in line.group.rows
                for placed in place_bars(row.bars, frame.axis, self._measure, now=self._now, has_labels=False)
            ]
            found = self._placed[line.key] = PlacedRow(tuple(bars))
        return found

    def _selected_in(self, placed: PlacedRow) -> PlacedBar | None:
        selected = self._bar
        if selected is None:
            return None
        return next((one for one in placed.bars if any(is_same(bar, selected) for bar in one.bars)), None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the rows."""
        super().resizeEvent(event)
        self._placed.clear()
        self._fit_scroll_bar()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Paint all again: the head stays where it is."""
        self.viewport().update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._widths.clear()
        self._placed.clear()
        self.viewport().update()


def is_same(one: NightBar, other: NightBar) -> bool:
    """Whether two bars are the same one at two moments."""
    return one == replace(other, end=one.end, state=one.state, description=one.description) or (
        one.attempt_id is not None and one.attempt_id == other.attempt_id
    )
