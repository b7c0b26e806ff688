"""The next due times of recurring runs in the Night: marks in a lane of their own, which lead to their sheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.system.formatting import clock_minute, date_minute
from gui.panels.timeline.due_marks import due_marks, due_sentence
from gui.panels.timeline.night_frame import DUE_HEIGHT
from gui.panels.timeline.night_panel import NightPanel
from tests.gui.window_parts import START, WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.recurring import recurring_row

HOUR = 3600.0


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot, theme="dark")
    yield made
    made.close()


@pytest.fixture
def panel(parts: WindowParts, qtbot: QtBot) -> Iterator[NightPanel]:
    made = NightPanel(parts.panel_context())
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    qtbot.waitUntil(lambda: made.is_settled, timeout=PATIENCE_MS)
    yield made
    made.stop_reading()


def test_a_mark_names_the_run_its_time_and_how_it_recurs() -> None:
    rows = [
        recurring_row("weekly", upcoming=(START + 90 * HOUR,), every="every monday 08:00"),
        recurring_row("nightly", upcoming=(START - HOUR, START + HOUR, START + 25 * HOUR)),
        recurring_row("paused"),
    ]
    marks = due_marks(rows, START)
    assert [mark.recurring for mark in marks] == ["nightly", "nightly", "weekly"], "what is past is no mark"
    soon, later = clock_minute(START + HOUR), date_minute(START + 90 * HOUR)
    assert marks[0].sentence == f"nightly is due at {soon}: every night 22:00."
    assert due_sentence(marks) == f"{marks[0].sentence} weekly is due at {later}: every monday 08:00."


def test_due_times_have_a_lane_that_says_what_it_shows_and_a_mark_leads_to_its_recurring_run(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    requested: list[tuple[str, object]] = []
    parts.actions.triggered.connect(lambda action, names: requested.append((action, names)))
    height = panel.view._frame().head_height
    due = parts.clock.now + HOUR / 2
    parts.projection.observe_recurring([recurring_row("nightly", upcoming=(due,))])
    qtbot.waitUntil(lambda: bool(panel.view.night.due), timeout=PATIENCE_MS)
    frame = panel.view._frame()
    assert frame.head_height == height + DUE_HEIGHT, "without recurring runs there is no lane"
    panel.grab()
    y = frame.due_top + DUE_HEIGHT // 2
    at = QPoint(round(frame.axis.x(due)), y)
    assert panel.view.words_at(at) == (
        f"nightly is due at {clock_minute(due)}: every night 22:00. Press to see it."
    )
    assert panel.view.words_at(QPoint(40, y)).startswith("Dashed marks show when recurring runs are due")
    assert "nightly is due" in panel.view.accessibleDescription()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert requested == [("edit_recurring", ("nightly",))]
