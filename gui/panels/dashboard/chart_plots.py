"""Paint the plots of the three charts, and choose the steps of their scales."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from engine.system.formatting import clock_minute
from gui.data.captions import time_span
from gui.figures import money, short_figure
from gui.panels.dashboard.plot import Plot, Scale, draw_bar, draw_dashed, draw_dot, draw_line
from gui.panels.dashboard.trends import BUCKETS, DAYS, QUARTER_S, Spending, SuccessRate, Throughput
from gui.translation import tr

_BAR = 0.68
_ROWS = 4
_ROW_FLOOR, _ROW_HEIGHT = 0.12, 0.72
_AIR_ABOVE = 1.04


class ThroughputPlot(Plot):
    """Stacked bars, one for each quarter of an hour."""

    figures = Throughput(start=0.0, completed=(), failed=())

    def draw(self, painter: QPainter) -> None:
        """Paint the figures."""
        figures, scale = self.figures, self._scale()
        self.draw_levels(painter, scale, _levels(_top_of(figures)))
        self.draw_positions(painter, scale, _times(figures.start, len(figures.completed)))
        good, bad = self.theme.state("completed").fill, self.theme.state("failed").fill
        for position, (completed, failed) in enumerate(zip(figures.completed, figures.failed, strict=True)):
            draw_bar(painter, _bar(scale, position, 0, completed), good)
            draw_bar(painter, _bar(scale, position, completed, completed + failed), bad)

    def figure_points(self) -> list[QPointF]:
        """The middle of each quarter of an hour."""
        scale = self._scale()
        return [scale.point(position, 0) for position in range(len(self.figures.completed))]

    def tip_at(self, at: QPointF) -> tuple[str, QRectF] | None:
        """The text for the figure under the mouse."""
        figures, scale = self.figures, self._scale()
        position = round(scale.position(at.x()))
        if not 0 <= position < len(figures.completed):
            return None
        begins = figures.start + position * QUARTER_S
        column = QRectF(scale.x(position - 0.5), 0, scale.x(1) - scale.x(0), self.height())
        words = tr(
            "{span}: {completed} completed, {failed} failed",
            span=time_span(begins, begins + QUARTER_S),
            completed=figures.completed[position],
            failed=figures.failed[position],
        )
        return words, column

    def _scale(self) -> Scale:
        return Scale(area=self.area, first=-0.5, last=BUCKETS - 0.5, top=_top_of(self.figures) * 1.02)


class SuccessPlot(Plot):
    """One row for each tool: its name, a line over the days, and the latest rate."""

    margins = QMargins(56, 4, 48, 2)
    rates: Sequence[SuccessRate] = ()

    def draw(self, painter: QPainter) -> None:
        """Paint the figures."""
        scale = self._scale()
        for row, rate in enumerate(self.rates):
            self._draw_row(painter, scale, row, rate)

    def figure_points(self) -> list[QPointF]:
        """The middle of each row."""
        scale = self._scale()
        return [scale.point(0, scale.top - row - 0.5) for row in range(len(self.rates))]

    def tip_at(self, at: QPointF) -> tuple[str, QRectF] | None:
        """The text for the figure under the mouse."""
        scale = self._scale()
        row = int((at.y() - scale.area.top()) / scale.area.height() * scale.top)
        if not 0 <= row < len(self.rates):
            return None
        rate = self.rates[row]
        days = (percent(value) or tr("none") for value in rate.rates)
        top = scale.y(scale.top - row)
        return tr("{tool}, day by day: {days}", tool=rate.tool, days=", ".join(days)), QRectF(
            0, top, self.width(), scale.y(0) - scale.y(1)
        )

    def _draw_row(self, painter: QPainter, scale: Scale, row: int, rate: SuccessRate) -> None:
        floor = scale.top - 1 - row + _ROW_FLOOR
        self.draw_levels(painter, scale, [(floor, "")])
        points = [
            scale.point(day, floor + _ROW_HEIGHT * value)
            for day, value in enumerate(rate.rates)
            if value is not None
        ]
        if points:
            draw_line(painter, points, self.theme.color("t2"))
            draw_dot(painter, points[-1], self.theme.color("t1"), radius=2.5)
        height = self.type_.height("small")
        top = round(scale.y(floor + _ROW_HEIGHT / 2)) - height // 2
        left, right = round(scale.area.left()) - 8, round(scale.area.right()) + 8
        self.draw_row_label(painter, QRect(0, top, left, height), rate.tool)
        self.draw_row_value(painter, QRect(right, top, self.width() - right, height), percent(rate.last))

    def _scale(self) -> Scale:
        return Scale(area=self.area, first=0, last=DAYS - 1, top=max(len(self.rates), _ROWS))


class CostPlot(Plot):
    """A line with the area below shaded, and the budget as a dashed line."""

    margins = QMargins(32, 6, 6, 16)
    figures = Spending(start=0.0, total=())

    def draw(self, painter: QPainter) -> None:
        """Paint the figures."""
        figures, scale = self.figures, self._scale()
        self.draw_levels(painter, scale, _levels(self._top(), unit="$"))
        self.draw_positions(painter, scale, _times(figures.start, len(figures.total)))
        points = [scale.point(position, spent) for position, spent in enumerate(figures.total)]
        draw_line(painter, points, self.theme.color("t2"), ground=scale.y(0))
        if figures.budget is not None:
            draw_dashed(painter, scale, figures.budget, self.theme.color("t3"))
        draw_dot(painter, points[-1], self.theme.color("t1"), radius=3.5)

    def figure_points(self) -> list[QPointF]:
        """The end of each quarter of an hour."""
        scale = self._scale()
        return [scale.point(position, 0) for position in range(len(self.figures.total))]

    def tip_at(self, at: QPointF) -> tuple[str, QRectF] | None:
        """The text for the figure under the mouse."""
        figures, scale = self.figures, self._scale()
        position = min(max(round(scale.position(at.x())), 0), len(figures.total) - 1)
        if not figures.total or at.x() < scale.area.left():
            return None
        ends = clock_minute(figures.start + (position + 1) * QUARTER_S)
        column = QRectF(scale.x(position - 0.5), 0, scale.x(1) - scale.x(0), self.height())
        return tr("By {at}: {amount}", at=ends, amount=money(figures.total[position])), column

    def _top(self) -> float:
        return _round_up(max(self.figures.total[-1], self.figures.budget or 0.0), minimum=1.0)

    def _scale(self) -> Scale:
        last = max(len(self.figures.total), 2) - 1
        return Scale(area=self.area, first=0, last=last, top=self._top() * _AIR_ABOVE)


def _top_of(figures: Throughput) -> float:
    totals = (good + bad for good, bad in zip(figures.completed, figures.failed, strict=True))
    return _round_up(max(totals, default=0))


def _bar(scale: Scale, position: int, start: float, end: float) -> QRectF:
    top_left, bottom_right = scale.point(position - _BAR / 2, end), scale.point(position + _BAR / 2, start)
    return QRectF(top_left, bottom_right)


def _levels(top: float, unit: str = "") -> list[tuple[float, str]]:
    return [(value, f"{unit}{_short(value)}") for value in (0.0, top / 2, top)]


def _round_up(value: float, minimum: float = 4.0) -> float:
    """The next maximum whose half is a readable label: 4, 8, 10, 20, 40, 80, 100 and so on."""
    if value <= minimum:
        return minimum
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10, 20) if step * power >= value)


def _short(value: float) -> str:
    return short_figure(value) if value < 1000 else f"{short_figure(value / 1000)}k"  # noqa: PLR2004 - a thousand


def percent(rate: float | None) -> str:
    """A rate in whole per cent; empty if there is none."""
    return "" if rate is None else f"{rate * 100:.0f} %"


def _times(start: float, buckets: int) -> list[tuple[float, str]]:
    """Three times of day below a row of quarters, equally far apart: near its start, in the middle, near its end."""
    first = round(buckets * 0.12)
    step = (buckets - 1 - 2 * first) // 2
    positions = (first, first + step, first + 2 * step)
    return [(position, clock_minute(start + position * QUARTER_S)) for position in positions]
