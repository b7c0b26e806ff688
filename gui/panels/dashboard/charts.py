"""The three charts of the Dashboard, drawn with pyqtgraph: whoever imports this waits for that library. Only shows."""

import math
from collections.abc import Sequence
from datetime import datetime

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from gui.panels.dashboard.trends import BUCKETS, QUARTER_S, Spending, SuccessRate, Throughput, Trends
from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel

PLOT_HEIGHT = 104
_GAP = 20
_TURN_MS = 40
_UNSEEN = QPen(QBrush(Qt.BrushStyle.NoBrush), 1.0)  # the library makes a pen of any colour opaque
_DETAIL_FROM = 190


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph is not typed
    """A plot without anything to press: hairline grid, three labels an axis, colours of the theme."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.setContentsMargins(0, 0, 0, 0)
        item.layout.setContentsMargins(0, 4, 4, 0)
        item.getViewBox().setDefaultPadding(0.0)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setFixedHeight(PLOT_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAntialiasing(True)
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setStyle(
                tickLength=0, autoExpandTextSpace=False, tickTextOffset=4, hideOverlappingLabels=False
            )
        item.getAxis("left").setWidth(24)
        item.getAxis("bottom").setHeight(16)
        self.dress()

    def dress(self) -> None:
        """Take the colours and fonts of the theme."""
        theme, item = self._theme, self.getPlotItem()
        self.setBackground(theme.color("bg1"))
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(_UNSEEN)
            axis.setTickPen(_UNSEEN)
            axis.setTextPen(theme.color("t3"))
            axis.setTickFont(theme.font("caption"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Narrow, and as high as the visual language says."""
        return QSize(120, PLOT_HEIGHT)

    def clear_all(self) -> None:
        """Take everything out."""
        self.getPlotItem().clear()

    def grid(self, levels: Sequence[float]) -> None:
        """Hairlines at these heights."""
        for level in levels:
            line = pg.InfiniteLine(pos=level, angle=0, pen=_pen(self._theme.color("line")))
            line.setZValue(-10)
            self.addItem(line)

    def label(self, axis: str, ticks: Sequence[tuple[float, str]]) -> None:
        """The labels of an axis."""
        self.getPlotItem().getAxis(axis).setTicks([list(ticks), []])


class _Chart(QWidget):
    """A title, the newest value, a plot."""

    def __init__(self, theme: Theme, title: str, *, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.plot = _Plot(theme)
        self._value = PlainLabel("", theme=theme, role="strong")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(PlainLabel(title, theme=theme, role="small", color="t2", elide=True), 1)
        self._detail = PlainLabel(detail, theme=theme, role="caption", color="t3")
        head.addWidget(self._detail)
        head.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._nothing = PlainLabel("", theme=theme, role="small", color="t3")
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._room = QStackedLayout()
        self._room.addWidget(self.plot)
        self._room.addWidget(self._nothing)
        column.addLayout(head)
        column.addLayout(self._room)
        self._room.setCurrentWidget(self._nothing)  # axes without figures would be read as zero
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is little room, the title is worth more than what it says besides."""
        super().resizeEvent(event)
        self._detail.setVisible(bool(self._detail.text()) and self.width() >= _DETAIL_FROM)

    def say(self, value: str, told: str) -> None:
        """The value beside the title, and the chart in words."""
        self._value.setText(value)
        self.setAccessibleName(told)
        self._room.setCurrentWidget(self.plot)

    def say_nothing(self, sentence: str) -> None:
        """There are no figures: a sentence stands where axes without anything on them would be read as zero."""
        self.say("", sentence)
        self._nothing.setText(sentence)
        self._room.setCurrentWidget(self._nothing)


class ThroughputChart(_Chart):
    """Bars of what was completed in each quarter of an hour, with what failed on top."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Jobs per 15 min", parent=parent)

    def show_figures(self, figures: Throughput) -> None:
        """Draw these figures."""
        theme, plot = self._theme, self.plot
        plot.clear_all()
        totals = [good + bad for good, bad in zip(figures.completed, figures.failed, strict=True)]
        if not any(totals):
            self.setToolTip("")
            self.say_nothing(f"No job ended in the last {BUCKETS * QUARTER_S / 3600:g} hours.")
            return
        top = _round_up(max(totals, default=0))
        plot.grid([0, top / 2, top])
        places = list(range(len(totals)))
        for heights, bottoms, state in (
            (figures.completed, [0] * len(totals), "completed"),
            (figures.failed, figures.completed, "failed"),
        ):
            look = theme.state(state)
            bars = pg.BarGraphItem(
                x=places,
                height=list(heights),
                y0=list(bottoms),
                width=0.68,
                pen=None,
                brush=QBrush(look.fill),
            )
            plot.addItem(bars)
        plot.setXRange(-0.5, BUCKETS - 0.5, padding=0)
        plot.setYRange(0, top * 1.02, padding=0)
        plot.label("left", [(0, "0"), (top / 2, _short(top / 2)), (top, _short(top))])
        plot.label("bottom", _times(figures.start, len(totals)))
        mean = figures.mean
        value = "" if mean is None else f"{mean:,.1f}"
        told = f"Jobs per 15 minutes: {sum(figures.completed)} completed, {sum(figures.failed)} failed"
        self.say(value, told)
        self.setToolTip(f"{told}; {value} on average." if value else told)


class SuccessChart(_Chart):
    """One line for each tool on one scale, the newest value at its end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "First-time success", detail="last 8 days", parent=parent)
        self.plot.getPlotItem().showAxis("right")

    def show_figures(self, rates: Sequence[SuccessRate]) -> None:
        """Draw these lines from top to bottom."""
        if not rates:
            self.say_nothing("No job ended in the last 8 days.")
            return
        theme, plot = self._theme, self.plot
        plot.clear_all()
        names, values, told = [], [], []
        rows = max(len(rates), 4)
        for number, rate in enumerate(rates):
            base = rows - 1 - number
            plot.grid([base + 0.12])
            days = [day for day, value in enumerate(rate.rates) if value is not None]
            heights = [base + 0.12 + 0.72 * value for value in rate.rates if value is not None]
            plot.addItem(pg.PlotDataItem(days, heights, pen=_pen(theme.color("t2"), 1.5), antialias=True))
            if days:
                dot = pg.ScatterPlotItem([days[-1]], [heights[-1]], size=5, pen=None, brush=theme.color("t1"))
                plot.addItem(dot)
            value = rate.last
            shown = "" if value is None else f"{value * 100:.0f} %"
            names.append((base + 0.48, rate.tool))
            values.append((base + 0.48, shown))
            told.append(f"{rate.tool} {shown}")
        last = len(rates[0].rates) - 1 if rates else 1
        plot.setXRange(0, last + 0.3, padding=0)
        plot.setYRange(0, rows, padding=0)
        plot.label("left", names)
        plot.label("bottom", [])
        plot.label("right", values)
        self._dress_sides()
        self.say("", f"First-time success, last 8 days: {', '.join(told)}")

    def _dress_sides(self) -> None:
        item = self.plot.getPlotItem()
        for name, color, role in (("left", "t2", "small"), ("right", "t1", "small")):
            axis = item.getAxis(name)
            axis.setPen(_UNSEEN)
            axis.setTickPen(_UNSEEN)
            axis.setStyle(
                tickLength=0, autoExpandTextSpace=False, tickTextOffset=6, hideOverlappingLabels=False
            )
            axis.setTextPen(self._theme.color(color))
            axis.setTickFont(self._theme.font(role))
        item.getAxis("left").setWidth(52)
        item.getAxis("right").setWidth(52)
        item.getAxis("bottom").setHeight(2)


class CostChart(_Chart):
    """What was spent so far as an area, the budget as a dashed line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Cost in 12 h, $", parent=parent)

    def show_figures(self, spending: Spending) -> None:
        """Draw this line."""
        if not spending.total:
            self.say_nothing("No tool has said what it cost in the last 12 hours.")
            return
        theme, plot = self._theme, self.plot
        plot.clear_all()
        spent = spending.total[-1]
        top = _round_up(max(spent, spending.budget or 0.0), least=1.0)
        plot.grid([0, top / 2, top])
        places = list(range(len(spending.total)))
        ground = QColor(theme.color("t2"))
        ground.setAlphaF(0.16)
        line = pg.PlotDataItem(
            places,
            list(spending.total),
            pen=_pen(theme.color("t2"), 1.5),
            antialias=True,
            fillLevel=0,
            fillBrush=QBrush(ground),
        )
        plot.addItem(line)
        plot.addItem(pg.ScatterPlotItem([places[-1]], [spent], size=7, pen=None, brush=theme.color("t1")))
        if spending.budget is not None:
            dashed = _pen(theme.color("t3"))
            dashed.setStyle(Qt.PenStyle.DashLine)
            plot.addItem(pg.InfiniteLine(pos=spending.budget, angle=0, pen=dashed))
        width = max(len(places), 2)
        plot.setXRange(0, width - 0.5, padding=0)
        plot.setYRange(0, top * 1.04, padding=0)
        plot.label("left", [(0, "0"), (top / 2, _short(top / 2)), (top, _short(top))])
        plot.label("bottom", _times(spending.start, width))
        of = f" of {spending.budget:,.2f}" if spending.budget is not None else ""
        self.say(f"{spent:,.2f}", f"Cost in 12 hours: {spent:,.2f}{of} dollars")


class Charts(QWidget):
    """The three charts side by side."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("charts")
        self._theme = theme
        self._trends: Trends | None = None
        self._drawn: dict[str, object] = {}
        self._turns = QTimer(self, singleShot=True)
        self._turns.timeout.connect(self._on_turn)
        self._given = 0
        self.throughput = ThroughputChart(theme)
        self.success = SuccessChart(theme)
        self.cost = CostChart(theme)
        self._charts: tuple[_Chart, ...] = (self.throughput, self.success, self.cost)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(_GAP)
        for chart in self._charts:
            row.addWidget(chart, 1)
        self._best = self.sizeHint().height()
        theme.changed.connect(self._on_theme_changed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """A hairline: above it, a list that scrolls may be cut anywhere."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line"))

    def give(self, pixels: int) -> None:
        """Be so much lower than the visual language says, so that a list above ends with a whole row."""
        self._given = pixels
        for chart in self._charts:
            chart.plot.setFixedHeight(PLOT_HEIGHT - pixels)
        self.setFixedHeight(self._best - pixels)

    @property
    def given(self) -> int:
        """How much lower the plots are now."""
        return self._given

    @property
    def best_height(self) -> int:
        """How high it is where it gives nothing."""
        return self._best

    @property
    def is_filled(self) -> bool:
        """Whether there have been figures, and all of them are drawn."""
        return self._trends is not None and not self._turns.isActive()

    def show_trends(self, trends: Trends) -> None:
        """Draw what differs from what is drawn, one chart a turn: each takes most of a frame."""
        self._trends = trends
        if not self._turns.isActive():
            self._turns.start(0)

    @Slot()
    def _on_turn(self) -> None:
        trends = self._trends
        if trends is None:
            return
        success = list(trends.success)
        if self._drawn.get("throughput") != trends.throughput:
            self._drawn["throughput"] = trends.throughput
            self.throughput.show_figures(trends.throughput)
        elif self._drawn.get("success") != success:
            self._drawn["success"] = success
            self.success.show_figures(success)
        elif self._drawn.get("cost") != trends.spending:
            self._drawn["cost"] = trends.spending
            self.cost.show_figures(trends.spending)
        else:
            return
        self._turns.start(_TURN_MS)

    @Slot()
    def _on_theme_changed(self) -> None:
        for chart in self._charts:
            chart.plot.dress()
        self._drawn.clear()
        if self._trends is not None:
            self.show_trends(self._trends)


def _pen(color: QColor, width: float = 1.0) -> QPen:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    return pen


def _round_up(value: float, least: float = 4.0) -> float:
    """The next height that halves into a label worth reading: 4, 8, 10, 20, 40, 80, 100 and so on."""
    if value <= least:
        return least
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 8, 10, 20) if step * power >= value)


def _short(value: float) -> str:
    return f"{value:g}" if value < 1000 else f"{value / 1000:g}k"  # noqa: PLR2004 - a thousand


def _times(start: float, buckets: int) -> list[tuple[float, str]]:
    """Three times of day below a row of quarters: its beginning, its middle, its end."""
    places = (buckets * 0.12, (buckets - 1) / 2, buckets * 0.88 - 1)
    return [
        (place, datetime.fromtimestamp(start + round(place) * QUARTER_S).astimezone().strftime("%H:%M"))
        for place in places
    ]
