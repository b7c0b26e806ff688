"""The list paints whole rows; the result must equal painting cell by cell."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from engine.streams.entries import Level
from gui.panels.logs.line_store import LineStore, LogEntry, Source
from gui.panels.logs.table_model import LogColumn, LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.panels.logs.text_match import TextPattern
from gui.theme.theme import Theme


class CellByCell(LogTableView):
    """The same table, painted by Qt."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        QTableView.paintEvent(self, event)


@pytest.fixture
def lines() -> LogTableModel:
    model = LogTableModel(LineStore())
    cart = model.store.sources.number(Source(ws_id="cart", label="cart"))
    levels = list(Level)
    texts = ("short", "a line that is longer than the list is wide " * 8, "Grüße, 世界", "")
    model.append(
        [LogEntry(1e9 + n, int(levels[n % len(levels)]), cart, 0, texts[n % len(texts)]) for n in range(200)]
    )
    return model


@pytest.mark.parametrize(("full", "width"), [(False, 500), (True, 1300)])
def test_painting_whole_rows_equals_painting_cell_by_cell(
    lines: LogTableModel, qtbot: QtBot, *, full: bool, width: int
) -> None:
    theme = Theme("dark")

    def picture(kind: type[LogTableView]) -> QImage:
        table = kind(lines, theme)
        qtbot.addWidget(table)
        table.resize(width, 333)
        table.show()
        table.set_full(full)
        table.mark((TextPattern("line"),))
        table.scroll_to(40)
        table.selectRow(44)
        return table.viewport().grab().toImage()

    ours = picture(LogTableView)
    assert ours == picture(CellByCell)
    assert len(set(bytes(ours.constBits()))) > 20  # the picture is not blank


def test_the_column_of_sources_grows_with_the_window_and_with_the_longest_of_them(
    lines: LogTableModel, qtbot: QtBot
) -> None:
    table = LogTableView(lines, Theme("dark"))
    qtbot.addWidget(table)
    cell = table.lines_delegate.cell

    def chars(width: int) -> int:
        table.resize(width, 333)
        table.show()
        return round((table.columnWidth(LogColumn.SOURCE) - 12) / cell)

    assert chars(1800) == chars(400) == 14, "short names need no more"
    long = lines.store.sources.number(Source(ws_id="long", label="a workstream with a longer name"))
    lines.append([LogEntry(2e9, 1, long, 0, "text")])
    assert chars(400) == 14
    assert chars(1800) == len("a workstream with a longer name") + 1


def test_at_the_end_whatever_part_is_painted_alone_has_its_rows(lines: LogTableModel, qtbot: QtBot) -> None:
    table = LogTableView(lines, Theme("dark"))
    qtbot.addWidget(table)
    table.resize(500, 333)
    table.show()
    table.scrollToBottom()
    viewport = table.viewport()
    whole = viewport.grab().toImage()
    parts = whole.copy()
    parts.fill(0)
    for top in range(0, viewport.height(), 5):
        strip = QRect(0, top, viewport.width(), 5)
        viewport.render(parts, strip.topLeft(), QRegion(strip))
    assert table.rowViewportPosition(table.rows_in_view()[0]) > 0, "a row is in view in part"
    texts = QRect(QPoint(table.columnViewportPosition(LogColumn.SOURCE), 0), whole.rect().bottomRight())
    assert parts.copy(texts) == whole.copy(texts)
