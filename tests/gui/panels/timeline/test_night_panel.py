"""The Night as a person sees and moves through it, over a real database; its nodes for screen readers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QThreadPool
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.system.formatting import clock_minute
from gui.control.forecasts import Forecasts
from gui.data.card import Card
from gui.panels.timeline.night_history import IndexedPast, NightHistory
from gui.panels.timeline.night_panel import NightPanel
from gui.panels.timeline.night_records import NightRow, Sleep
from gui.panels.timeline.night_rows import fact_of
from gui.panels.timeline.time_axis import Zoom
from tests.gui.panels.timeline.night_scene import MINUTE, OPENS, NightScene
from tests.gui.window_parts import START, WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS

CART = ("0347", "cart-totals")


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot, theme="dark")
    yield made
    made.close()


@pytest.fixture
def open_panel(parts: WindowParts, qtbot: QtBot) -> Iterator[Callable[[], NightPanel]]:
    opened: list[NightPanel] = []

    def make() -> NightPanel:
        panel = NightPanel(parts.panel_context())
        opened.append(panel)
        qtbot.addWidget(panel)
        panel.resize(1600, 900)
        panel.show()
        qtbot.waitUntil(lambda: panel.is_settled, timeout=PATIENCE_MS)
        return panel

    yield make
    for panel in opened:
        panel.stop_reading()


@pytest.fixture
def panel(parts: WindowParts, open_panel: Callable[[], NightPanel]) -> NightPanel:
    NightScene(parts).play()
    return open_panel()


def row_of(panel: NightPanel, name: str) -> NightRow:
    found = (row for group in panel.view.night.groups for row in group.rows)
    return next(row for row in found if row.name == name)


def press(panel: NightPanel, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(panel.view, key)


def at_bar(panel: NightPanel, name: str, number: int) -> QPoint:
    """The middle of a bar in the viewport."""
    lines = panel.view.lines()
    line = next(line for line in lines.lines if line.row is not None and line.row.name == name)
    return panel.view.part_rect(line, number).center()


def settled(panel: NightPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.is_settled, timeout=PATIENCE_MS)


def test_every_attempt_is_a_bar_and_every_wait_has_its_reason(panel: NightPanel) -> None:
    cart, search = row_of(panel, "cart-totals"), row_of(panel, "search-index")
    assert [bar.state for bar in cart.bars] == ["completed", "failed", "failed", "running"]
    assert [wait.words for wait in cart.waits][:2] == ["no slot", "no slot"]
    assert search.waits[-1].words == f"quota until {clock_minute(OPENS + 325 * MINUTE)}"
    assert row_of(panel, "lexer-split").waits[-1].words == "waits for recovery"
    assert row_of(panel, "stripe-webhooks").bars[-1].state == "quarantined"
    assert [bar.label for bar in row_of(panel, "locale-de").bars] == ["held by you"]
    backing = [wait.words for wait in row_of(panel, "stripe-webhooks").waits]
    assert "backing off" in backing


def test_accounts_slots_and_what_is_worth_knowing_stand_above_the_rows(panel: NightPanel) -> None:
    night = panel.view.night
    assert [band.tool for band in night.bands] == ["codex", "claude"]  # what is used up comes first
    assert night.bands[0].fact == "1 job waits for it"
    assert night.bands[1].use[-1][1] == pytest.approx(0.36)
    assert night.slots[-1][1] == 3
    words = [event.words for event in night.notable]
    assert {"locale-de held by you", "stripe-webhooks quarantined", "codex limit"} <= set(words)


def test_the_files_of_finished_work_are_counted_once_in_every_language() -> None:
    card = Card(
        run_id="r", ws_id="w", state="completed", since=START, sentence="in main gemergt, 2 Dateien", files=2
    )
    assert fact_of(card, START) == f"{clock_minute(START)} in main gemergt, 2 Dateien"


def test_when_the_machine_was_asleep_is_a_band_and_worth_knowing(
    parts: WindowParts, open_panel: Callable[[], NightPanel]
) -> None:
    NightScene(parts).play()
    slept = OPENS + 100 * MINUTE
    parts.clock.now = slept + 60 * MINUTE
    payload = {"since": slept, "until": parts.clock.now}
    parts.ledger.record_event("engine.slept", "The machine was asleep for 1 h 00 min.", extra=payload)
    parts.clock.now = START
    panel = open_panel()
    assert panel.view.night.sleeps == (Sleep(slept, slept + 60 * MINUTE),)
    [event] = [one for one in panel.view.night.notable if one.words == "machine was asleep"]
    assert event.sentence == "The machine was asleep for 1 h 00 min."


def test_a_run_that_has_ended_well_is_folded_until_its_head_is_pressed(
    panel: NightPanel, qtbot: QtBot
) -> None:
    assert panel.view.folded == {"0344"}
    head = next(line for line in panel.view.lines().lines if line.key == "0344")
    qtbot.mouseClick(
        panel.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.view.line_rect(head).center()
    )
    assert panel.view.folded == set()
    assert "0344" in panel.state()["toggled"]


def test_a_click_on_a_bar_selects_its_job_everywhere_and_shows_its_facts(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at_bar(panel, "cart-totals", 1))
    assert parts.selection.job_id == "cart-totals-edit"
    assert parts.selection.workstream == CART
    assert panel.block.isVisible()
    assert panel.block.title() == "cart-totals, edit"
    assert panel.block.values()["Before"] == "the first attempt"
    qtbot.mouseDClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at_bar(panel, "cart-totals", 1))


def test_the_keys_move_by_attempts_and_rows_zoom_and_open(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    parts.selection.select_job("cart-totals-edit", CART)
    settled(panel, qtbot)
    selected = panel.view.selected_bar
    assert selected is not None
    assert selected.end is None  # the last attempt of the job
    press(panel, Qt.Key.Key_Left)
    before = panel.view.selected_bar
    assert before is not None
    assert before.start < selected.start
    press(panel, Qt.Key.Key_Down)
    assert parts.selection.workstream == ("0347", "price-rules")
    press(panel, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert parts.selection.job_id == "cart-totals-edit"
    shown = panel.view.shown()
    press(panel, Qt.Key.Key_Plus)
    closer = panel.view.shown()
    assert closer.end - closer.start == pytest.approx((shown.end - shown.start) / 2)
    press(panel, Qt.Key.Key_0)
    assert panel.view.camera.zoom is Zoom.NIGHT
    panel.view.shift(-3600)
    assert panel.night_tools.follow_button.text() == "Now"
    press(panel, Qt.Key.Key_End)
    assert panel.night_tools.follow_button.text() == "Following now"
    with qtbot.waitSignal(parts.actions.triggered) as opened:
        press(panel, Qt.Key.Key_Return)
    assert opened.args == ["show_details", ("cart-totals-edit",)]
    press(panel, Qt.Key.Key_Escape)
    settled(panel, qtbot)
    assert panel.view.selected_bar is None
    assert not panel.block.isVisible()


def test_dragging_the_axis_leaves_now_and_selects_nothing(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    view, start = panel.view, at_bar(panel, "cart-totals", 1)
    before = view.shown()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view.viewport(), start + QPoint(40, 0))
    qtbot.mouseMove(view.viewport(), start + QPoint(200, 0))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(200, 0))
    assert not view.camera.follows
    assert view.shown().start < before.start
    assert parts.selection.job_id is None


def test_a_new_attempt_appears_without_a_press(panel: NightPanel, parts: WindowParts, qtbot: QtBot) -> None:
    assert len(row_of(panel, "checkout-copy").bars) == 0
    parts.clock.now += 30
    parts.start("checkout-copy-edit")
    qtbot.waitUntil(lambda: len(row_of(panel, "checkout-copy").bars) == 1, timeout=PATIENCE_MS)
    assert row_of(panel, "checkout-copy").bars[0].end is None


def test_only_the_selected_run_and_states_are_shown(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    parts.selection.select_run("0346")
    settled(panel, qtbot)
    [whole] = panel.view.night.groups
    assert whole.key == "0346"
    parts.selection.filter_by_state({"running"})
    settled(panel, qtbot)
    [group] = panel.view.night.groups
    assert [row.name for row in group.rows] == ["recovery"]
    assert replace(group, rows=whole.rows) == whole  # what is hidden is still a part of its run


def test_an_empty_night_leads_to_the_last_run(
    parts: WindowParts, open_panel: Callable[[], NightPanel], qtbot: QtBot
) -> None:
    NightScene(parts).play_what_is_over()
    parts.clock.now += 40 * 3600
    panel = open_panel()
    assert panel.empty.isVisible()
    panel.empty.button.click()
    qtbot.waitUntil(lambda: not panel.empty.isVisible(), timeout=PATIENCE_MS)
    settled(panel, qtbot)
    assert [group.key for group in panel.view.night.groups] == ["0344"]
    assert not panel.view.is_empty()


def test_a_night_of_a_new_home_says_that_nothing_ran_yet(open_panel: Callable[[], NightPanel]) -> None:
    panel = open_panel()
    assert panel.empty.isVisible()
    assert not panel.empty.button.isVisible()
    assert "workstream" not in panel.fact()


def test_zoom_grouping_and_folds_are_remembered(
    panel: NightPanel, open_panel: Callable[[], NightPanel]
) -> None:
    panel.night_tools.zooms.chosen.emit(2)
    panel.night_tools.grouping_chosen.emit("repository")
    panel.view.fold_toggled.emit("shop")
    later = open_panel()
    later.restore({"zoom": 7, "group": [], "toggled": "x"})  # what is not valid is ignored
    later.restore(panel.state())
    assert later.view.camera.zoom is Zoom.HOUR
    assert later.state() == panel.state()


def test_a_screen_reader_finds_heads_rows_and_everything_in_them(panel: NightPanel) -> None:
    tree = QAccessible.queryAccessibleInterface(panel.view)
    assert tree.role() is QAccessible.Role.Tree
    names = {tree.child(n).text(QAccessible.Text.Name): tree.child(n) for n in range(tree.childCount())}
    cart = next(node for name, node in names.items() if name.startswith("cart-totals, running, step 2 of 4"))
    parts = [cart.child(n).text(QAccessible.Text.Name) for n in range(cart.childCount())]
    since = clock_minute(OPENS + 264 * MINUTE)
    assert f"cart-totals, edit, attempt 3, claude, running since {since}, 21 minutes" in parts
    search = next(node for name, node in names.items() if name.startswith("search-index"))
    waits = [search.child(n).text(QAccessible.Text.Name) for n in range(search.childCount())]
    assert f"search-index, edit, quota until {clock_minute(OPENS + 325 * MINUTE)}" in waits
    assert cart.child(0).rect().width() > 10
    assert cart.child(0).parent().text(QAccessible.Text.Name).startswith("cart-totals")
    assert any(name.startswith("Dependency bumps, shop") and name.endswith("folded") for name in names)


def test_what_may_happen_is_drawn_and_always_named_an_estimate(
    panel: NightPanel, parts: WindowParts, qtbot: QtBot
) -> None:
    panel.follow_forecasts(Forecasts(parts.projection, parts.sources, clock=parts.clock, parent=panel))
    qtbot.waitUntil(lambda: bool(row_of(panel, "lexer-split").ghosts), timeout=PATIENCE_MS)
    first, second = row_of(panel, "lexer-split").ghosts
    assert parts.clock.now < first.start < first.end <= second.start
    assert "estimated: may start at about " in first.description
    running = row_of(panel, "cart-totals").ghosts[0]
    assert running.start == parts.clock.now
    assert "estimated: may end at about " in running.description
    outcomes = {group.key: group.outcome for group in panel.view.night.groups}
    assert outcomes["0346"].startswith("done by about ")
    assert row_of(panel, "checkout-copy").ghosts == ()  # nothing like it has ever succeeded


def test_what_was_read_while_history_was_pruned_does_not_come_back(parts: WindowParts, qtbot: QtBot) -> None:
    NightScene(parts).play()
    history = NightHistory(parts.sources.reader)
    found: list[IndexedPast] = []
    history.read.connect(found.append)
    history.request(0.0)
    QThreadPool.globalInstance().waitForDone()
    history.forget()
    qtbot.waitUntil(lambda: not history.busy, timeout=PATIENCE_MS)
    assert not found
    history.request(OPENS)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE_MS)
    assert found[0].past.since == OPENS, "it is read anew"
