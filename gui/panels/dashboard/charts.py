"""The three charts of the Dashboard: throughput, first-time success, and cost."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from engine.system.formatting import clock_minute
from gui.data.cost_captions import cost_text
from gui.figures import money, short_figure
from gui.guarded import Guarded
from gui.panels.dashboard.chart_plots import CostPlot, SuccessPlot, ThroughputPlot, percent
from gui.panels.dashboard.plot import LEAST_PLOT_HEIGHT, MOST_PLOT_HEIGHT, PLOT_HEIGHT, Plot
from gui.panels.dashboard.trends import (
    BUCKETS,
    DAYS,
    QUARTER_S,
    Spending,
    SuccessRate,
    Throughput,
    Trends,
)
from gui.theme.theme import Theme
from gui.translation import tr
from gui.widgets.label import PlainLabel
from state.costs import Cost

_GAP, _BELOW_HEAD, _INSET = 20, 4, 8
_DETAIL_FROM = 190

PlotT = TypeVar("PlotT", bound=Plot)


class _Chart(Guarded, QWidget, Generic[PlotT]):
    """A chart with a title, the latest value and a plot."""

    def __init__(self, plot: PlotT, title: str, *, detail: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, self.plot = plot.theme, plot
        plot.setAccessibleName(title)
        self._value = PlainLabel("", theme=theme, role="strong")
        self.head = head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(PlainLabel(title, theme=theme, role="small", color="t2", elide=True), 1)
        self._detail = PlainLabel(detail, theme=theme, role="caption", color="t3")
        head.addWidget(self._detail)
        head.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_BELOW_HEAD)
        self._no_figures = PlainLabel("", theme=theme, role="small", color="t3")
        self._no_figures.setWordWrap(True)
        self._no_figures.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.plot.setParent(self)  # or the layout, which has no parent yet, would show it as a window
        self._room = QStackedLayout()
        self._room.addWidget(self.plot)
        self._room.addWidget(self._no_figures)
        column.addLayout(head)
        column.addLayout(self._room)
        self._room.setCurrentWidget(self._no_figures)  # empty axes would be read as zero
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the detail of the title when there is little room."""
        super().resizeEvent(event)
        self._detail.setVisible(bool(self._detail.text()) and self.width() >= _DETAIL_FROM)

    def describe(self, value: str, sentence: str) -> None:
        """Show the plot and the value beside its title; `sentence` is the chart in words."""
        self._show_words(value, sentence)
        self._room.setCurrentWidget(self.plot)
        self.plot.update()

    def show_no_figures(self, sentence: str) -> None:
        """Show a sentence instead of the plot: empty axes would be read as zero."""
        self._show_words("", sentence)
        self._no_figures.setText(sentence)
        self._room.setCurrentWidget(self._no_figures)

    def _show_words(self, value: str, sentence: str) -> None:
        self._value.setText(value)
        self.setAccessibleName(sentence)


class ThroughputChart(_Chart[ThroughputPlot]):
    """Jobs completed in each quarter of an hour as bars, with failed ones on top."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(ThroughputPlot(theme), tr("Jobs per 15 min"), parent=parent)

    def show_figures(self, figures: Throughput) -> None:
        """Draw these figures."""
        self.plot.figures = figures
        if figures.mean is None:
            self.setToolTip("")
            self.show_no_figures(
                tr("No job ended in the last {hours:g} hours.", hours=BUCKETS * QUARTER_S / 3600)
            )
            return
        value = short_figure(round(figures.mean, 1))
        sentence = tr(
            "Jobs that ended in the last {hours:g} hours: {completed:,} completed, {failed:,} failed",
            hours=BUCKETS * QUARTER_S / 3600,
            completed=sum(figures.completed),
            failed=sum(figures.failed),
        )
        self.describe(tr("{value} on average", value=value), sentence)
        self.setToolTip(
            tr(
                "{sentence}. Each bar is a quarter of an hour; {value} on average since {at}.",
                sentence=sentence,
                value=value,
                at=clock_minute(figures.start + (figures.first or 0) * QUARTER_S),
            )
        )


class SuccessChart(_Chart[SuccessPlot]):
    """First-time success as one line for each tool, with the latest value at its end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            SuccessPlot(theme),
            tr("First-time success"),
            detail=tr("last {days} days", days=DAYS),
            parent=parent,
        )

    def show_figures(self, rates: Sequence[SuccessRate]) -> None:
        """Draw these rates from top to bottom."""
        self.plot.rates = rates
        if not rates:
            self.show_no_figures(tr("No job ended in the last {days} days.", days=DAYS))
            return
        newest = ", ".join(f"{rate.tool} {percent(rate.last)}" for rate in rates)
        self.describe("", tr("First-time success, last {days} days: {rates}", days=DAYS, rates=newest))


class CostChart(_Chart[CostPlot]):
    """The accumulated cost as an area, and the budget as a dashed line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(CostPlot(theme), tr("Cost in 12 h"), parent=parent)

    def show_figures(self, spending: Spending) -> None:
        """Draw this line."""
        self.plot.figures = spending
        if not spending.total:
            self.show_no_figures(tr("No tool has reported a cost in the last 12 hours."))
            return
        spent = cost_text(Cost.of(spending.total[-1], spending.source))
        words = tr("Cost in 12 hours: {spent}", spent=spent)
        if spending.budget is not None:
            words = tr("Cost in 12 hours: {spent} of {budget}", spent=spent, budget=money(spending.budget))
        self.describe(spent, words)


class Charts(Guarded, QWidget):
    """The three charts side by side."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("charts")
        self._theme = theme
        self._trends: Trends | None = None
        self.throughput = ThroughputChart(theme)
        self.success = SuccessChart(theme)
        self.cost = CostChart(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, _INSET, 12, _INSET)
        row.setSpacing(_GAP)
        for chart in (self.throughput, self.success, self.cost):
            row.addWidget(chart, 1)
        theme.changed.connect(self._on_theme_changed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw a hairline, because the list above may be cut off at any row."""
        super().paintEvent(event)
        QPainter(self).fillRect(0, 0, self.width(), 1, self._theme.color("line"))

    def set_height(self, height: int) -> None:
        """Make the plots so high that everything has this height; 0 hides the charts."""
        self.setVisible(height > 0)
        if height > 0:
            for chart in (self.throughput, self.success, self.cost):
                chart.plot.setFixedHeight(PLOT_HEIGHT - self.best_height + height)
                chart.setFixedHeight(height - 2 * _INSET)  # all begin at one height, without figures, too
            self.setFixedHeight(height)

    @property
    def best_height(self) -> int:
        """The full height."""
        heads = (chart.head.sizeHint().height() for chart in (self.throughput, self.success, self.cost))
        return max(heads) + _BELOW_HEAD + PLOT_HEIGHT + 2 * _INSET

    @property
    def least_height(self) -> int:
        """The height below which the plots cannot be read."""
        return self.best_height - PLOT_HEIGHT + LEAST_PLOT_HEIGHT

    @property
    def most_height(self) -> int:
        """The height above which the plots say no more."""
        return self.best_height - PLOT_HEIGHT + MOST_PLOT_HEIGHT

    @property
    def is_filled(self) -> bool:
        """Whether figures have been shown."""
        return self._trends is not None

    def show_trends(self, trends: Trends) -> None:
        """Draw the charts whose figures have changed."""
        before, self._trends = self._trends, trends
        if before is None or before.throughput != trends.throughput:
            self.throughput.show_figures(trends.throughput)
        if before is None or list(before.success) != list(trends.success):
            self.success.show_figures(trends.success)
        if before is None or before.spending != trends.spending:
            self.cost.show_figures(trends.spending)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
