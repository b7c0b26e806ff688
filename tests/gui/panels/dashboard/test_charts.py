"""The painted charts: the right colours in the right places, in both themes, on any screen."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from engine.system.formatting import clock_minute
from gui.panels.dashboard.charts import Charts, _Chart
from gui.panels.dashboard.plot import Plot, Scale
from gui.panels.dashboard.trends import BUCKETS, DAYS, QUARTER_S, Spending, SuccessRate, Throughput, Trends
from gui.theme.theme import Theme
from gui.widgets.label import PlainLabel

START = 1_800_000_000.0
QUARTERS = 48


def trends(**changed: object) -> Trends:
    figures: dict[str, object] = {
        "throughput": Throughput(start=START, completed=[4] * BUCKETS, failed=[2] * BUCKETS),
        "success": [SuccessRate(tool="claude", rates=[0.5] * (DAYS - 1) + [None])],
        "spending": Spending(
            start=START, total=[1.0 + position for position in range(QUARTERS)], budget=60.0
        ),
    }
    return Trends(**(figures | changed))  # type: ignore[arg-type]


@pytest.fixture
def charts(qtbot: QtBot, theme: Theme) -> Charts:
    made = Charts(theme)
    qtbot.addWidget(made)
    made.resize(660, 150)
    made.show()
    made.show_trends(trends())
    return made


def painted(widget: QWidget, scale: int = 1) -> QImage:
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    widget.render(image)
    return image


def count(image: QImage, color: QColor) -> int:
    size = image.size()
    return sum(image.pixel(x, y) == color.rgb() for x in range(size.width()) for y in range(size.height()))


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("scale", [1, 2])
def test_bars_have_the_colours_of_the_states_on_every_screen(
    charts: Charts, theme: Theme, name: str, scale: int
) -> None:
    theme.set_preference(name)
    image = painted(charts.throughput.plot, scale)
    good, bad = (count(image, theme.state(state).fill) for state in ("completed", "failed"))
    theme.set_preference("dark")
    assert bad > 0
    assert good == pytest.approx(2 * bad, rel=0.2)


def test_a_bar_that_grows_is_repainted_immediately(charts: Charts, theme: Theme) -> None:
    def failed() -> int:
        return count(painted(charts.throughput.plot), theme.state("failed").fill)

    before = failed()
    charts.show_trends(
        trends(throughput=Throughput(start=START, completed=[4] * BUCKETS, failed=[4] * BUCKETS))
    )
    assert failed() > before


@pytest.mark.parametrize(
    ("most", "labels"),
    [(0, ["0", "2", "4"]), (5, ["0", "4", "8"]), (17, ["0", "10", "20"]), (3_600, ["0", "2k", "4k"])],
)
def test_the_scale_has_three_readable_labels(
    charts: Charts, monkeypatch: pytest.MonkeyPatch, most: int, labels: list[str]
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        Plot, "draw_levels", lambda _self, _painter, _scale, levels: shown.extend(text for _, text in levels)
    )
    plot = charts.throughput.plot
    plot.figures = Throughput(start=START, completed=[most] * BUCKETS, failed=[0] * BUCKETS)
    painted(plot)
    assert shown == labels


def test_the_times_below_the_bars_are_equally_far_apart(
    charts: Charts, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[float, str]] = []
    monkeypatch.setattr(
        Plot, "draw_positions", lambda _self, _painter, _scale, positions: shown.extend(positions)
    )
    painted(charts.throughput.plot)
    (first, _), (middle, _), (last, _) = shown
    assert middle - first == last - middle
    assert [label for _, label in shown] == [clock_minute(START + at * QUARTER_S) for at, _ in shown]


@pytest.mark.parametrize(("width", "labels"), [(220, ["a", "b", "c"]), (60, ["a", "c"]), (20, ["c"])])
def test_times_that_would_touch_are_left_out(charts: Charts, width: int, labels: list[str]) -> None:
    scale = Scale(area=QRectF(0, 0, width, 80), first=0, last=2, top=1)
    positions = [(0.0, "08:15"), (1.0, "09:45"), (2.0, "11:15")]
    kept = charts.cost.plot._apart(scale, positions)
    assert ["abc"[int(position)] for position, _ in kept] == labels


def test_without_figures_a_sentence_replaces_the_axes(charts: Charts) -> None:
    nothing = Throughput(start=START, completed=[0] * BUCKETS, failed=[0] * BUCKETS)
    charts.show_trends(Trends(throughput=nothing, success=[], spending=Spending(start=START, total=[])))
    names = [chart.accessibleName() for chart in (charts.throughput, charts.success, charts.cost)]
    assert names == [
        "No job ended in the last 4.5 hours.",
        "No job ended in the last 8 days.",
        "No tool has reported a cost in the last 12 hours.",
    ]
    assert not any(chart.plot.isVisible() for chart in (charts.throughput, charts.success, charts.cost))
    charts.show_trends(trends(spending=Spending(start=START, total=[])))
    charts.resize(1240, 260)
    charts.set_height(charts.most_height)
    QApplication.processEvents()
    assert len({one.y() for one in (charts.throughput, charts.success, charts.cost)}) == 1


def test_the_plot_does_not_flash_where_there_are_no_figures(charts: Charts) -> None:
    """Each switch between plot and sentence lays the panel out again."""
    chart = charts.cost
    chart.show_no_figures("Nothing yet.")
    switched: list[int] = []
    chart._room.currentChanged.connect(switched.append)
    chart.show_no_figures("Nothing at all.")
    assert switched == []


def test_each_chart_reads_as_a_sentence(charts: Charts) -> None:
    assert (
        charts.throughput.accessibleName() == "Jobs that ended in the last 4.5 hours: 72 completed, 36 failed"
    )
    assert charts.success.accessibleName() == "First-time success, last 8 days: claude 50 %"
    assert charts.cost.accessibleName() == "Cost in 12 hours: $48.00 of $60.00"


def test_the_labels_of_a_chart_are_whole_in_large_text(charts: Charts, theme: Theme) -> None:
    theme.set_text_size(150)
    success, bars = charts.success.plot, charts.throughput.plot
    assert success.type_.width("100 %", "small+") <= success.room.right()
    assert bars.type_.height("caption") <= bars.room.bottom()


def test_the_number_beside_the_bars_says_that_it_is_their_average(charts: Charts) -> None:
    quiet = [0] * (BUCKETS - 4)
    charts.throughput.show_figures(
        Throughput(start=START, completed=[*quiet, 14, 0, 7, 6], failed=[0] * BUCKETS)
    )
    labels = [label.text() for label in charts.throughput.findChildren(PlainLabel) if label.text()]
    assert labels == ["Jobs per 15 min", "6.8 on average"]
    assert charts.throughput.toolTip() == (
        "Jobs that ended in the last 4.5 hours: 27 completed, 0 failed. Each bar is a quarter of an hour; "
        f"6.8 on average since {clock(START + (BUCKETS - 4) * QUARTER_S)}."
    )


def clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M")


@pytest.mark.parametrize(
    ("chart", "at", "expected"),
    [
        (
            lambda charts: charts.throughput,
            lambda area: QPointF(area.left() + 2, area.center().y()),
            f"{clock(START)} to {clock(START + 900)}: 4 completed, 2 failed",
        ),
        (
            lambda charts: charts.success,
            lambda area: QPointF(area.center().x(), area.top() + 3),
            "claude, day by day: " + "50 %, " * (DAYS - 1) + "none",
        ),
        (
            lambda charts: charts.cost,
            lambda area: QPointF(area.right() - 1, area.center().y()),
            f"By {clock(START + QUARTERS * 900)}: $48.00",
        ),
    ],
)
def test_hovering_a_figure_shows_its_values(
    charts: Charts,
    chart: Callable[[Charts], _Chart[Plot]],
    at: Callable[..., QPointF],
    expected: str,
) -> None:
    plot = chart(charts).plot
    where = at(plot.area).toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, where, plot.mapToGlobal(where))
    QApplication.sendEvent(plot, event)
    text = QToolTip.text()
    QToolTip.hideText()
    assert expected in text


def test_the_arrows_go_from_figure_to_figure_of_a_chart_and_say_each(charts: Charts) -> None:
    for chart in (charts.throughput, charts.success, charts.cost):
        plot, node = chart.plot, QAccessible.queryAccessibleInterface(chart.plot)
        assert plot.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert (node.role(), bool(node.text(QAccessible.Text.Name))) == (QAccessible.Role.Chart, True)
        figures = [found[0] for point in plot.figure_points() if (found := plot.tip_at(point)) is not None]
        assert figures
        assert len(figures) == len(plot.figure_points())
        assert node.text(QAccessible.Text.Value) == figures[-1], "it begins at the newest"
        QTest.keyClick(plot, Qt.Key.Key_Home)
        assert node.text(QAccessible.Text.Value) == figures[0]
        assert QToolTip.text() == figures[0]
        QTest.keyClick(plot, Qt.Key.Key_Right)
        assert node.text(QAccessible.Text.Value) == figures[min(1, len(figures) - 1)]
        QTest.keyClick(plot, Qt.Key.Key_End)
        QTest.keyClick(plot, Qt.Key.Key_Right)
        assert node.text(QAccessible.Text.Value) == figures[-1]
        QToolTip.hideText()


def test_outside_the_figures_there_is_no_tool_tip(charts: Charts) -> None:
    for chart in (charts.throughput, charts.success, charts.cost):
        assert chart.plot.tip_at(QPointF(-5, chart.plot.height() + 5)) is None


def test_charts_of_any_size_are_painted_without_a_warning(charts: Charts) -> None:
    for size in (QSize(1, 1), QSize(120, 104), QSize(2_000, 150)):
        charts.resize(size)
        charts.set_height(charts.least_height)
        assert not painted(charts).isNull()
