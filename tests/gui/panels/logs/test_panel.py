"""The Logs as a user sees them: real events, real output files, the real helper process."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QMenu
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.filters.filter_folder import FilterFolder
from engine.jobfile.filter_set import FilterSet, LineSelection, SoughtText
from engine.jobfile.spec import JobSpec
from engine.streams.entries import Level
from engine.system.home import Home
from gui.panels.logs import log_feed
from gui.panels.logs.chips import ChipButton
from gui.panels.logs.error_steps import ErrorSteps
from gui.panels.logs.facets import FacetModel, FacetRole, facets
from gui.panels.logs.filter import Chip
from gui.panels.logs.line_store import BIN_S, MAX_LINES, LineStore
from gui.panels.logs.log_empty import empty_reason
from gui.panels.logs.log_feed import LogFeed
from gui.panels.logs.log_mode import Mode
from gui.panels.logs.log_sentences import LineCounts
from gui.panels.logs.logs_panel import LogsPanel
from gui.panels.logs.table_model import LogColumn, LogTableModel
from gui.panels.logs.table_view import LogTableView
from gui.panels.logs.text_match import TextPattern
from gui.sheets.filter_sets_sheet import FilterSetsSheet
from state import event_queries
from state.named_work import NamedWork
from state.records import Attempt, AttemptStatus, HoldCause, JobStatus
from tests.gui.panels.logs.output_printer import Printer
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS


def spec(job_id: str, ws_id: str = "cart", **more: object) -> JobSpec:
    fields = {
        "job_id": job_id,
        "workstream_id": ws_id,
        "tool": "shell",
        "command": {"exe": "true"},
        "paths": {"repo_root": "/src/shop"},
    }
    return JobSpec.model_validate(fields | more)


class Scene:
    """Window parts with two jobs, the panel, and methods to print."""

    def __init__(self, parts: WindowParts, qtbot: QtBot) -> None:
        self.parts, self.qtbot = parts, qtbot
        self.parts.clock.now = time.time()
        self.printers: dict[int, Printer] = {}
        self.panel = self.made()

    def made(self, width: int = 630, height: int = 432) -> LogsPanel:
        parts = self.parts
        panel = LogsPanel(
            replace(parts.panel_context(), clock=time.time),
            parts.window,
        )
        panel.resize(width, height)
        panel.lines.fold_events(on=False)
        return panel

    def show(self, width: int = 630, height: int = 432) -> LogsPanel:
        self.panel.resize(width, height)
        self.panel.show()
        self.qtbot.waitUntil(lambda: self.panel.flow.mode is Mode.LIVE)
        QCoreApplication.sendPostedEvents()
        return self.panel

    def start(self, job_id: str) -> Attempt:
        self.tick()
        return self.parts.start(job_id)

    def printer(self, attempt: Attempt) -> Printer:
        if attempt.id not in self.printers:
            folder = self.parts.home.attempts / f"{attempt.id}-{attempt.token}"
            self.printers[attempt.id] = Printer(folder)
        return self.printers[attempt.id]

    def tick(self) -> None:
        self.parts.clock.now = max(self.parts.clock.now + 0.001, time.time())

    def texts(self) -> list[str]:
        model = self.panel.lines
        return [model.index(row, LogColumn.TEXT).data() for row in range(model.rowCount())]

    def until(self, *texts: str) -> None:
        self.qtbot.waitUntil(lambda: all(text in self.texts() for text in texts))

    def close(self) -> None:
        for printer in self.printers.values():
            printer.close()
        self.panel.stop_reading()
        self.parts.close()


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    parts = make_window_parts(tmp_path, qtbot, theme="dark")
    made = Scene(parts, qtbot)
    parts.enter(spec("edit"), spec("test", "lexer"))
    yield made
    made.close()


def press(
    widget: object, key: Qt.Key, qtbot: QtBot, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(widget, key, modifier)


def test_events_and_output_are_in_one_list_in_order_of_time(scene: Scene) -> None:
    attempt = scene.start("edit")
    printer = scene.printer(attempt)
    printer.print("first line\nsecond line\n")
    with scene.parts.database.write() as connection:  # what an import brings: an older time with a newer id
        connection.exec_driver_sql(
            "INSERT INTO events (at, event_type, level, message, payload_json) VALUES (9, 'x.y', 'info', 'old', '{}')"
        )
    scene.parts.projection.cursor = scene.parts.sources.reader.read(event_queries.latest_event_id)
    scene.show()
    scene.until("first line", "second line")
    assert scene.texts()[0] == "old"
    printer.print("third line\n")
    scene.until("third line")
    scene.tick()
    scene.parts.end(attempt, summary="All good.")
    scene.qtbot.waitUntil(lambda: any("edit" in text and "complet" in text for text in scene.texts()))
    texts, store = scene.texts(), scene.panel.store
    order = [next(n for n, text in enumerate(texts) if word in text) for word in ("first", "second", "third")]
    assert order == sorted(order)
    times = [store.at(serial) for serial in range(store.base, store.end)]
    assert times == sorted(times)
    assert len(texts) == len(set(texts))


def test_the_last_output_is_shown_even_if_the_job_was_never_seen_running(scene: Scene) -> None:
    scene.show()
    attempt = scene.parts.ledger.attempts.claim_one(
        "edit", scene.parts.engine, runner="local", now=scene.parts.clock.now
    )[1]
    scene.printer(attempt).print("quick\nno newline at the end")
    scene.tick()
    scene.parts.end(attempt)  # start and end arrive in one batch of events
    scene.until("quick", "no newline at the end")


def test_nothing_is_doubled_after_the_panel_was_hidden(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("one\n")
    panel = scene.show()
    scene.until("one")
    panel.hide()
    scene.printer(attempt).print("two\n")
    scene.tick()
    scene.parts.end(attempt)
    panel.show()
    scene.until("one", "two")
    scene.qtbot.waitUntil(lambda: any("complet" in text for text in scene.texts()))
    assert len(scene.texts()) == len(set(scene.texts()))


def test_a_hidden_panel_reads_nothing_and_a_closed_window_keeps_no_process(scene: Scene) -> None:
    attempt = scene.start("edit")
    panel = scene.show()
    scene.printer(attempt).print("one\n")
    scene.until("one")
    pid = panel.flow.search.process_id
    assert pid
    scene.parts.window.hide()
    scene.qtbot.waitUntil(lambda: not Path(f"/proc/{pid}").exists())
    scene.parts.window.show()
    scene.printer(attempt).print("two\n")
    scene.until("one", "two")


def test_it_is_settled_when_everything_stored_is_shown(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("".join(f"line {n}\n" for n in range(700)))
    scene.panel.show()
    panel = scene.panel
    assert not panel.is_settled
    scene.qtbot.waitUntil(lambda: panel.is_settled)
    assert {"line 0", "line 699"} <= set(scene.texts())


def test_typing_in_the_field_filters_and_clearing_shows_everything_again(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("alpha totals\nbeta\ngamma TOTALS\n")
    panel = scene.show()
    scene.until("beta")
    everything = scene.texts()
    panel.bar.field.setText("totals")
    scene.qtbot.waitUntil(lambda: scene.texts() == ["alpha totals", "gamma TOTALS"])
    scene.qtbot.waitUntil(lambda: panel.fact() == f"all runs, 2 of {len(everything)} lines")
    assert panel.lines.query.marked() == (TextPattern("totals"),)
    field = panel.bar.field
    assert (field.placeholderText(), field.accessibleName()) == ("Filter lines", "Filter lines by text")
    assert "List only lines" in field.toolTip()
    field.only.setChecked(False)
    assert (field.placeholderText(), field.accessibleName()) == ("Find in lines", "Find text in lines")
    assert "Highlight this text" in field.toolTip()
    assert {one.text() for one in field.actions()} >= {"Find text in lines", "Only lines with this text"}
    assert scene.texts() == everything
    assert len(panel.lines.matches) == 2
    panel.bar.field.clear()
    assert scene.texts() == everything


def test_a_filter_that_hides_everything_says_so_and_offers_to_clear_it(scene: Scene) -> None:
    panel = scene.show()
    scene.qtbot.waitUntil(lambda: panel.lines.rowCount() > 0)
    panel.bar.field.setText("nothing has this text")
    scene.qtbot.waitUntil(panel.view.empty.isVisible)
    assert panel.view.empty.button.text() == "Clear filters"
    panel.view.empty.button.click()
    assert panel.bar.field.text() == ""
    scene.qtbot.waitUntil(panel.table.isVisible)


def test_an_empty_log_explains_when_lines_appear(tmp_path: Path, qtbot: QtBot) -> None:
    parts = make_window_parts(tmp_path, qtbot)
    with parts.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    scene = Scene(parts, qtbot)
    panel = scene.show()
    qtbot.waitUntil(
        lambda: panel.view.empty.isVisible() and panel.view.empty._line.text() == "No output yet."
    )
    scene.close()


def test_a_click_flips_a_chip_and_del_removes_it(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("one totals\ntwo\nthree totals\n")
    panel = scene.show()
    scene.until("two")
    panel.bar.field.setText("totals")
    press(panel.bar.field, Qt.Key.Key_Return, scene.qtbot, Qt.KeyboardModifier.ControlModifier)
    assert panel.bar.chips() == (Chip("text", "totals"),)
    assert panel.bar.field.text() == ""
    scene.qtbot.waitUntil(lambda: scene.texts() == ["one totals", "three totals"])
    (button,) = panel.bar._shown.buttons()
    scene.qtbot.waitUntil(lambda: button.accessibleName() == "Show totals, 2 lines")
    scene.qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 12))
    assert panel.bar.chips() == (Chip("text", "totals", hide=True),)
    scene.qtbot.waitUntil(lambda: "two" in scene.texts() and "one totals" not in scene.texts())
    (hidden,) = panel.bar._hidden.buttons()
    press(hidden, Qt.Key.Key_Delete, scene.qtbot)
    assert panel.bar.chips() == ()
    assert "one totals" in scene.texts()


def test_the_x_of_a_chip_removes_it(scene: Scene) -> None:
    panel = scene.show()
    panel.restore({"chips": [{"kind": "level", "value": "debug", "hide": True}]})
    (button,) = panel.bar._hidden.buttons()
    assert isinstance(button, ChipButton)
    point = QPoint(button.sizeHint().width() - 8, 12)
    button.resize(button.sizeHint())
    scene.qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=point)
    assert panel.bar.chips() == ()


def test_facets_count_and_filter_by_level_workstream_and_tool(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("ok\nFAILED a\nWARNING b\n")
    panel = scene.show(1592, 900)
    scene.until("ok")
    panel._on_counts_due()
    model = panel.facets.facets
    found = {
        (one.kind, one.value): one
        for row in range(model.rowCount())
        if (one := model.index(row).data(FacetRole))
    }
    assert found["level", "error"].count == 1
    assert found["level", "warning"].count == 1
    assert found["workstream", "cart"].errors == 1
    assert found["workstream", "cart"].state == "running"
    assert ("tool", "shell") in found
    row = next(row for row in range(model.rowCount()) if model.index(row).data() == "error")
    panel.facets.clicked.emit(model.index(row))
    assert panel.bar.chips() == (Chip("level", "error", hide=True),)
    assert "FAILED a" not in scene.texts()
    panel.facets.clicked.emit(model.index(row))
    assert panel.bar.chips() == ()
    row = next(row for row in range(model.rowCount()) if model.index(row).data() == "lexer")
    panel.facets.clicked.emit(model.index(row))
    assert panel.bar.chips() == (
        Chip("workstream", "lexer", run_id=scene.parts.projection.jobs["test"].run_id),
    )
    assert "ok" not in scene.texts()


def test_next_error_goes_from_one_to_the_next_and_wraps_around(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("a\nFAILED 1\nb\nFAILED 2\nc\n")
    panel = scene.show()
    scene.until("c")
    seen = []
    for command in ("next_error", "next_error", "next_error", "previous_error"):
        scene.parts.actions.run(command)
        seen.append(scene.texts()[panel.table.currentIndex().row()])
    assert seen[0] in {"FAILED 1", "FAILED 2"}
    assert seen[0] != seen[1]
    assert seen[2] == seen[0]
    assert seen[3] == seen[1]
    assert not panel.table.following


def test_f3_goes_to_the_next_match_and_shift_f3_back(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("one tram\nb\ntwo trams\nc\n")
    panel = scene.show()
    scene.until("c")
    panel.bar.field.setText("tram")
    scene.qtbot.waitUntil(lambda: "b" not in scene.texts())
    seen = []
    for command in ("next_match", "next_match", "previous_match"):
        scene.parts.actions.run(command)
        seen.append(scene.texts()[panel.table.currentIndex().row()])
    assert set(seen) == {"one tram", "two trams"}
    assert seen[0] == seen[2]


def test_it_follows_the_end_until_the_user_scrolls_up(scene: Scene) -> None:
    printer = scene.printer(scene.start("edit"))
    printer.print("".join(f"line {n}\n" for n in range(300)))
    panel = scene.show()
    scene.until("line 299")
    table, bar = panel.table, panel.table.verticalScrollBar()
    scene.qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    wheel(table, 1)
    assert not table.following
    value = bar.value()
    printer.print("new 1\nnew 2\n")
    scene.until("new 2")
    assert bar.value() == value
    scene.qtbot.waitUntil(lambda: panel.bar.following.text() == "2 new below")
    press(table, Qt.Key.Key_End, scene.qtbot)
    assert table.following
    assert panel.bar.following.text() == "Following"
    assert bar.value() == bar.maximum()


def test_scrolling_back_to_the_end_follows_again(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("".join(f"line {n}\n" for n in range(300)))
    panel = scene.show()
    scene.until("line 299")
    bar = panel.table.verticalScrollBar()
    scene.qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(10)
    assert not panel.table.following
    bar.setValue(bar.maximum())
    assert panel.table.following


def wheel(table: object, up: int) -> None:
    from PySide6.QtWidgets import QTableView  # noqa: PLC0415 - for the check alone

    assert isinstance(table, QTableView)
    point = QPointF(table.viewport().rect().center())
    event = QWheelEvent(
        point, table.viewport().mapToGlobal(point), QPoint(0, 0), QPoint(0, 120 * up),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's own signature
    )  # fmt: skip
    QCoreApplication.sendEvent(table.viewport(), event)


def test_lines_are_copied_as_plain_text(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print(b"\x1b[31mred\x1b[0m <b>bold</b>\nsecond\n")
    panel = scene.show()
    scene.until("second")
    row = scene.texts().index("red <b>bold</b>")
    panel.table.selectRow(row)
    press(panel.table, Qt.Key.Key_Down, scene.qtbot, Qt.KeyboardModifier.ShiftModifier)
    scene.qtbot.keySequence(panel.table, QKeySequence(QKeySequence.StandardKey.Copy))
    copied = QGuiApplication.clipboard().text().splitlines()
    assert [line.split("  ", 3)[1:] for line in copied] == [
        ["output", "cart / edit", "red <b>bold</b>"],
        ["output", "cart / edit", "second"],
    ]
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d  ", copied[0])
    panel.table.copy(text_only=True)
    assert QGuiApplication.clipboard().text().splitlines() == ["red <b>bold</b>", "second"]


def test_output_never_reaches_the_clipboard_by_itself(scene: Scene) -> None:
    QGuiApplication.clipboard().setText("mine")
    scene.printer(scene.start("edit")).print(b"\x1b]52;c;ZXZpbA==\x07hello\n")
    scene.show().grab()
    scene.until("hello")
    assert QGuiApplication.clipboard().text() == "mine"


def test_a_line_too_long_for_the_list_is_shown_whole_below(scene: Scene) -> None:
    long = "word " * 60 + "end"
    scene.printer(scene.start("edit")).print(f"short\n{long}\n")
    panel = scene.show()
    scene.until("short", long)
    panel.table.selectRow(scene.texts().index(long))
    assert panel.view.reader.isVisible()
    assert panel.view.reader.toPlainText() == long
    panel.table.selectRow(scene.texts().index("short"))
    assert not panel.view.reader.isVisible()


def test_esc_in_the_empty_filter_goes_to_the_lines_and_opens_none(scene: Scene) -> None:
    long = "word " * 60 + "end"
    scene.printer(scene.start("edit")).print(f"{long}\nshort\n")
    panel, qtbot = scene.show(), scene.qtbot
    scene.until(long, "short")
    panel.window().activateWindow()
    panel.bar.field.setFocus()
    qtbot.waitUntil(panel.bar.field.hasFocus, timeout=PATIENCE_MS)
    qtbot.keyClick(panel.bar.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(panel.table.hasFocus, timeout=PATIENCE_MS)
    assert not panel.view.reader.isVisible()
    assert panel.table.currentIndex().row() == panel.table.rows_in_view()[1]
    qtbot.keyClick(panel.table, Qt.Key.Key_Up)
    assert panel.view.reader.isVisible()
    qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert not panel.view.reader.isVisible()
    assert not panel.table.selected_serials()


def test_jobs_that_enter_a_selected_state_bring_their_lines(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("from edit\n")
    scene.show()
    scene.until("from edit")
    scene.parts.selection.filter_by_state({"completed"})
    assert "from edit" not in scene.texts()
    scene.parts.end(attempt)
    scene.until("from edit")


def test_a_regular_expression_filters_and_one_that_is_not_valid_says_so_at_the_field(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("took 12 ms\ntook 1234 ms\nTook 5678 ms\n")
    panel = scene.show()
    scene.until("took 12 ms")
    field = panel.bar.field
    field.regex.setChecked(True)
    field.setText(r"took \d{4}")
    assert scene.texts() == ["took 1234 ms", "Took 5678 ms"]
    field.case.setChecked(True)
    assert scene.texts() == ["took 1234 ms"]
    assert panel.state()["regex"] is panel.state()["case"] is True
    field.setText("took (")
    assert (
        panel.footer.note.text()
        == field.accessibleDescription()
        == ("Not a regular expression: missing closing parenthesis, at character 7.")
    )
    assert field.property("invalid") is True
    assert field.chip() is None
    assert not scene.texts()
    field.setText("took")
    assert not panel.footer.note.text()
    field.keep()
    assert panel.bar.chips() == (Chip("text", "took", is_regex=True, is_case=True),)
    assert "Took 5678 ms" not in scene.texts()


def test_a_double_click_shows_the_job_of_a_line(scene: Scene) -> None:
    shown: list[tuple[str, object]] = []
    scene.parts.actions.triggered.connect(lambda command, ids: shown.append((command, ids)))
    scene.printer(scene.start("edit")).print("from edit\n")
    panel = scene.show()
    scene.until("from edit")
    row = scene.texts().index("from edit")
    panel.table.doubleClicked.emit(panel.lines.index(row, 4))
    assert scene.parts.selection.job_id == "edit"
    assert scene.parts.selection.workstream == ("0347", "cart")
    assert shown == [("show_details", ("edit",))]


def test_events_are_folded_at_first_and_a_double_click_lists_them(scene: Scene) -> None:
    scene.panel.lines.fold_events(on=True)
    attempt = scene.start("edit")
    scene.printer(attempt).print("from edit\n")
    scene.parts.end(attempt)
    panel = scene.show()
    scene.until("from edit")
    folded = scene.texts()
    (row,) = [row for row, text in enumerate(folded) if " events, last" in text]
    panel.table.doubleClicked.emit(panel.lines.index(row, LogColumn.TEXT))
    assert len(scene.texts()) > len(folded)
    assert scene.parts.selection.job_id is None
    assert panel.state()["fold_events"] is True
    panel.restore({"fold_events": False})
    assert len(scene.texts()) == len(panel.store)


def test_a_selected_run_and_state_filter_the_lines(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("from edit\n")
    panel = scene.show()
    scene.until("from edit")
    scene.parts.selection.filter_by_state({"queued"})
    assert "from edit" not in scene.texts()
    assert panel.title_fact() == f"filtered: queued, 1 of {len(panel.store)} lines"
    scene.parts.selection.filter_by_state({"skipped"})
    assert panel.view.empty.line == f"{len(panel.store)} lines hidden by skipped"
    scene.parts.selection.filter_by_state({"running"})
    assert "from edit" in scene.texts()
    scene.parts.selection.filter_by_state(())
    scene.parts.selection.select_run("another")
    assert "from edit" not in scene.texts()
    assert panel.lines.rowCount() < len(panel.store)


def stored(scene: Scene) -> None:
    """Three thousand lines, the first of which is an error, with an event after each."""
    attempt = scene.start("edit")
    printer = scene.printer(attempt)
    base = time.time() - 50_000
    for number in range(3_000):
        printer.print(f"{'' if number else 'ERROR: '}line {number}\n", at=base + number * 10)
    with scene.parts.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM events")
        for number in range(3_000):
            connection.exec_driver_sql(
                "INSERT INTO events (at, event_type, level, message, payload_json) VALUES (?, 'x.y', 'info', ?, '{}')",
                (base + number * 10 + 5, f"event {number}"),
            )
    scene.parts.projection.cursor = scene.parts.sources.reader.read(event_queries.latest_event_id)
    with scene.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE step_attempts SET started_at = ?", (base - 1,))


def test_after_a_restart_all_is_counted_and_older_lines_are_loaded_in_the_background(scene: Scene) -> None:
    stored(scene)
    facts: list[str] = []
    scene.panel.fact_changed.connect(lambda: facts.append(scene.panel.fact()))
    panel = scene.show()
    scene.qtbot.waitUntil(lambda: panel.fact() == "all runs, 6,000 lines", timeout=PATIENCE_MS)
    partly = [fact for fact in facts if fact.startswith("all runs, loaded ")]
    assert partly
    assert all(fact.endswith((" lines", " of 6,000 lines")) for fact in partly)
    times = [panel.store.at(serial) for serial in range(panel.store.base, panel.store.end)]
    assert times == sorted(times)
    assert scene.texts()[:4] == ["ERROR: line 0", "event 0", "line 1", "event 1"]
    assert not panel.flow.has_older


def test_the_previous_error_is_reached_though_it_is_not_loaded_yet(scene: Scene) -> None:
    stored(scene)
    panel = scene.show()
    assert not panel.lines.errors
    panel.go_to_error(-1)
    assert panel.footer.note.text() == "Looking for an earlier error in older lines…"
    scene.qtbot.waitUntil(lambda: panel.table.currentIndex().isValid(), timeout=PATIENCE_MS)
    assert scene.texts()[panel.table.currentIndex().row()] == "ERROR: line 0"
    assert not panel.footer.note.text()


def test_f8_reaches_every_error_though_more_lines_are_stored_than_fit(scene: Scene) -> None:
    stored(scene)
    parts = scene.parts
    lines = LogTableModel(LineStore(limit=5_010))
    table = LogTableView(lines, parts.theme, parts.window)
    feed = LogFeed(lines, parts.projection, sources=parts.sources, parent=parts.window)
    steps = ErrorSteps(lines, table, feed, parts.window)
    feed.show()
    waiting = lambda: feed.mode is Mode.LIVE and feed.totals.unloaded_errors > 0 and not feed.has_older  # noqa: E731
    scene.qtbot.waitUntil(waiting, timeout=PATIENCE_MS)
    assert not lines.errors
    with scene.qtbot.waitSignal(
        steps.noted, timeout=PATIENCE_MS, check_params_cb=lambda note: "listed" in note
    ):
        steps.go(-1)
    assert lines.store.text(lines.serial(table.current_row())).endswith("ERROR: line 0")
    assert feed.mode is Mode.ERRORS
    with scene.qtbot.waitSignal(feed.noted, timeout=PATIENCE_MS, check_params_cb=lambda note: not note):
        feed.open()
    feed.close()


def test_the_lines_of_rare_levels_are_loaded_though_newer_ones_leave_no_room(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt, now = scene.start("edit"), time.time()
    printer = scene.printer(attempt)
    for second in range(40):
        printer.print(f"ERROR: old {second}\nwarning: {second}\n", at=now - 5_000 + second)
    printer.print("noise\n" * 900, at=now - 50)
    with scene.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE step_attempts SET started_at = ?", (now - 6_000,))
        connection.exec_driver_sql(
            "INSERT INTO events (at, event_type, level, message, payload_json)"
            " VALUES (9, 'job.x', 'error', 'broke', '{}')"
        )
    scene.parts.projection.cursor = scene.parts.sources.reader.read(event_queries.latest_event_id)
    monkeypatch.setattr(log_feed, "LINES_AT_ONCE", 500)
    monkeypatch.setattr(log_feed, "_MIN_ROOM", MAX_LINES)  # older lines never fit
    panel = scene.show(width=1_100)
    scene.until("noise")
    assert "ERROR: old 0" not in scene.texts()
    panel._filter_by([Chip("level", "error")])
    old = [f"ERROR: old {second}" for second in range(40)]
    scene.qtbot.waitUntil(lambda: scene.texts() == ["broke", *old], timeout=PATIENCE_MS)
    scene.qtbot.waitUntil(lambda: panel.fact() == "filtered levels: 41 lines", timeout=PATIENCE_MS)
    printer.print("roar\nERROR: new\n")
    scene.until("ERROR: new")
    assert len(panel.store) == 42
    levels = {facet.value: facet.number for facet in panel._commands.facets() if facet.kind == "level"}
    assert levels["error"] == "42"
    assert levels["output"] == levels["warning"] == ""

    panel._filter_by([Chip("level", word, hide=True) for word in ("output", "event", "info", "debug")])
    scene.qtbot.waitUntil(lambda: len(panel.store) == 82, timeout=PATIENCE_MS)
    panel.flow.search_all(TextPattern(": 3"))
    scene.qtbot.waitUntil(lambda: panel.flow.is_all_found, timeout=PATIENCE_MS)
    assert scene.texts() == ["warning: 3", *(f"warning: {n}" for n in range(30, 40))]

    panel.flow.open()
    panel._filter_by([])
    scene.until("noise", "roar")
    assert panel.flow.named is None

    named, none = NamedWork(levels=frozenset({"error"})), LineCounts(0, 0)
    why = [
        empty_reason(
            Mode.LIVE, none, is_filtered=True, hidden_by_panels="", named=named, goes_on=goes_on
        ).sentence
        for goes_on in (True, False)
    ]
    assert why[0].endswith("older lines are being read…")
    assert why[1] == "There is no line of these levels."
    searched = empty_reason(Mode.SEARCH, none, is_filtered=True, hidden_by_panels="")
    assert "of very long lines the first 2,000 characters" in searched.detail


def test_lines_that_somebody_reads_stay_while_a_job_prints_more_than_the_list_holds(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = scene.start("edit")
    printer = scene.printer(attempt)
    monkeypatch.setattr(scene.panel.store, "_limit", 600)
    monkeypatch.setattr(log_feed, "_MAX_UNSEEN", 0)
    panel, table = scene.show(), scene.panel.table
    printer.print("".join(f"line {number}\n" for number in range(500)))
    scene.until("line 499")
    table.scroll_to(scene.texts().index("line 300"))

    def in_view() -> list[str]:
        first, last = table.rows_in_view()
        return scene.texts()[first:last]  # the footer may cover the last one

    read = in_view()
    assert read[0] == "line 300"
    for number in range(10):
        printer.print("".join(f"new {number}-{one}\n" for one in range(100)))
    scene.qtbot.waitUntil(lambda: "new lines wait" in panel.footer.note.text(), timeout=PATIENCE_MS)
    assert in_view() == read[: len(in_view())]
    assert not panel.footer.isHidden()
    assert panel.footer.passing.isHidden(), "the note has its room"
    assert len(panel.store) <= 600
    assert "new 9-99" not in scene.texts()
    scene.start("test")  # more events than are kept for later
    QCoreApplication.processEvents()
    assert in_view() == read[: len(in_view())]
    table.follow(on=True)
    scene.until("new 9-99")
    scene.qtbot.waitUntil(lambda: not panel.footer.note.text())
    assert not panel.footer.passing.isHidden()
    assert scene.texts().index("new 9-99") - scene.texts().index("new 9-0") == 99
    assert len(panel.store) <= 600
    assert any("lexer" in text and "start" in text for text in scene.texts())
    printer.print("and on\n")
    scene.until("and on")


def test_the_chip_of_a_job_has_its_name_and_is_seen_in_a_narrow_panel_and_after_a_restart(
    scene: Scene,
) -> None:
    scene.parts.enter(spec("x-1", "lexer"), run_id="0348", title="Day", source_path="/src/parse-numbers.yaml")
    panel = scene.show(width=380)
    panel.show_jobs(["x-1"])
    (chip,) = panel.bar.chips()
    assert chip.label == "lexer / parse-numbers"
    again = scene.made(width=380)
    again.restore(panel.state())
    again.show()
    (button,) = again.bar.findChildren(ChipButton)
    assert button.isVisible()
    assert button.visibleRegion().boundingRect().size() == button.size()
    assert again.is_limited()
    again.stop_reading()


def test_the_lines_of_a_job_a_run_or_a_workstream_are_loaded_though_newer_ones_of_others_leave_no_room(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, loud, now = scene.start("edit"), scene.start("test"), time.time()
    for second in range(40):
        scene.printer(old).print(f"old {second}\n", at=now - 5_000 + second)
    scene.printer(loud).print("noise\n" * 900, at=now - 50)
    with scene.parts.database.write() as connection:
        connection.exec_driver_sql("UPDATE step_attempts SET started_at = ?", (now - 6_000,))
    monkeypatch.setattr(log_feed, "LINES_AT_ONCE", 500)
    panel = scene.show()
    flow = panel.flow
    scene.until("old 0", "noise")

    def of_old() -> list[str]:
        return [text for text in scene.texts() if text.startswith("old ")]

    def top() -> str:
        return scene.texts()[panel.table.rows_in_view()[0]]

    def is_narrowed() -> bool:
        return flow.named is not None and flow.mode is Mode.LIVE and len(of_old()) == 40

    scene.qtbot.waitUntil(lambda: flow.totals.unloaded == 0, timeout=PATIENCE_MS)
    panel.show_jobs(["edit"])
    assert flow.named is None  # everything is loaded
    panel.table.scroll_to(scene.texts().index("old 7"))
    assert top() == "old 7"
    monkeypatch.setattr(log_feed, "_MIN_ROOM", MAX_LINES)  # from now on older lines never fit
    scene.printer(loud).print("roar\n")
    scene.qtbot.waitUntil(lambda: is_narrowed() and top() == "old 7", timeout=PATIENCE_MS)
    scene.qtbot.waitUntil(lambda: panel.fact() == f"filtered jobs: {len(scene.texts())} lines")
    scene.printer(loud).print("howl\n")
    scene.printer(old).print("back\n")
    scene.until("back")
    assert top() == "old 7"
    assert panel.store.by_source.total() == len(scene.texts())

    panel._filter_by([])
    scene.until("noise", "roar", "howl")
    scene.qtbot.waitUntil(lambda: flow.mode is Mode.LIVE and bool(flow.totals.unloaded), timeout=PATIENCE_MS)
    assert flow.named is None
    assert not of_old()
    panel._filter_by([Chip("text", "never printed")])
    scene.qtbot.waitUntil(lambda: panel.view.empty.line == "No loaded line passes these filters.")
    for chips in ([Chip("job", "edit")], [Chip("workstream", "cart"), Chip("run", "0347")]):
        panel._filter_by(chips)
        scene.qtbot.waitUntil(is_narrowed, timeout=PATIENCE_MS)
        assert "noise" not in scene.texts()
    flow.search_all(TextPattern("o"))
    scene.qtbot.waitUntil(
        lambda: panel.fact() == "filtered jobs: 40 matches in all output", timeout=PATIENCE_MS
    )
    panel._filter_by([])
    scene.until("noise")

    scene.parts.enter(spec("x-1"), run_id="0348", title="Day")
    scene.parts.selection.select_run("0348")
    scene.qtbot.waitUntil(lambda: flow.mode is Mode.LIVE and flow.named is not None, timeout=PATIENCE_MS)
    assert "noise" not in scene.texts()
    scene.parts.selection.select_run(None)
    panel.show_jobs(["nowhere"])
    nothing = "No line of the filtered jobs is stored."
    scene.qtbot.waitUntil(lambda: panel.view.empty.line == nothing, timeout=PATIENCE_MS)


def test_stored_lines_that_are_loaded_are_not_new_ones(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("".join(f"line {number}\n" for number in range(60)))
    panel = scene.show()
    scene.until("line 59")
    panel.table.follow(on=False)
    scene.printer(attempt).print("came\n")
    scene.until("came")
    scene.qtbot.waitUntil(lambda: panel.bar.following.text() == "1 new below", timeout=PATIENCE_MS)
    panel.flow.open()
    scene.qtbot.waitUntil(lambda: panel.flow.mode is Mode.LIVE, timeout=PATIENCE_MS)
    scene.until("came")
    assert panel.bar.following.text() == "Follow"
    scene.printer(attempt).print("came too\n")
    scene.until("came too")
    scene.qtbot.waitUntil(lambda: panel.bar.following.text() == "1 new below", timeout=PATIENCE_MS)


def test_all_stored_output_can_be_searched(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("needle one\nhay\nneedle two\n")
    panel = scene.show()
    scene.until("hay")
    panel.flow.search_all(TextPattern("needle"))
    scene.qtbot.waitUntil(lambda: scene.texts() == ["needle one", "needle two"])
    assert panel.fact() == "2 matches in all output"
    for _ in range(12):
        scene.printer(attempt).print("needle and thread\n" * 500, at=time.time())
    facts: list[str] = []
    panel.fact_changed.connect(lambda: facts.append(panel.fact()))
    panel.flow.search_all(TextPattern("thread"))
    counted = "the newest 5,000 of 6,000 matches in all output"
    scene.qtbot.waitUntil(lambda: panel.fact() == counted and panel.flow.is_complete, timeout=PATIENCE_MS)
    scene.qtbot.waitUntil(lambda: panel.lines.rowCount() == 5_000, timeout=PATIENCE_MS)
    honest = ("so far, still counting", " of 6,000 matches in all output")
    assert all(not fact or fact.endswith(honest) for fact in facts)
    panel.footer.search_requested.emit()
    scene.until("hay", "needle two")
    scene.qtbot.waitUntil(lambda: panel.flow.mode is Mode.LIVE, timeout=PATIENCE_MS)


def test_removed_output_is_reported(scene: Scene) -> None:
    attempt = scene.start("edit")
    printer = scene.printer(attempt)
    printer.print("here\n")
    scene.show()
    scene.until("here")
    printer.print("still here\n")
    scene.until("still here")
    printer.folder.rename(printer.folder.with_name("elsewhere"))
    scene.until("The output of this attempt was removed from the disk.")


def test_filters_are_remembered_and_invalid_ones_are_ignored(scene: Scene) -> None:
    panel, other = scene.panel, scene.made()
    panel.restore(
        {
            "chips": [{"kind": "tool", "value": "git", "hide": True}, {"kind": "nope", "value": 1}, 7],
            "only_matching": False,
        }
    )
    assert panel.bar.chips() == (Chip("tool", "git", hide=True),)
    other.restore(panel.state())
    assert other.state() == panel.state()
    other.restore({"chips": "nonsense"})
    assert other.bar.chips() == ()


def test_the_full_form_has_facets_histogram_numbers_and_footer(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("hello\n")
    panel = scene.show(1000)
    scene.until("hello")
    assert panel.facets.isVisible()
    assert panel.view.histogram.isVisible()
    panel._on_counts_due()
    assert panel.footer.passing.text().endswith("pass the filters")
    least = panel.minimumSizeHint().width()
    panel.footer.passing.setText(
        f"0 of 9,999,999 lines pass the filters, {'older' * 40} lines not loaded yet"
    )
    assert panel.minimumSizeHint().width() == least, "no count widens the panel at the cost of its neighbours"
    panel._on_counts_due()
    bars = panel.view.histogram.bars()
    assert sum(one.lines for one in bars) == len(panel.store)
    assert len(bars) <= max(panel.store.bins) - min(panel.store.bins) + 1, (
        "no bar is shorter than what it counts"
    )
    panel.resize(999, 432)
    assert not panel.facets.isVisible()
    assert panel.table.isColumnHidden(LogColumn.NUMBER)


def test_the_minimap_shows_matches_errors_and_the_view_and_scrolls(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("".join(f"line {n}\n" for n in range(999)) + "FAILED\n")
    panel = scene.show()
    scene.until("FAILED")
    panel.bar.field.only.setChecked(False)
    panel.bar.field.setText("line 5")
    scene.qtbot.waitUntil(lambda: not panel.lines.searching)
    minimap = panel.view.minimap
    assert len(minimap.marks(panel.lines.matches)) > 1
    assert len(minimap.marks(panel.lines.errors)) == 1
    assert minimap.frame().bottom() >= minimap.height() - 2
    scene.qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(8, 2))
    assert panel.table.rows_in_view()[0] == 0
    assert not panel.table.following
    assert minimap.focusPolicy() & Qt.FocusPolicy.TabFocus
    press(minimap, Qt.Key.Key_Down, scene.qtbot)
    second = panel.table.rows_in_view()[0]
    assert second > 0
    press(minimap, Qt.Key.Key_Up, scene.qtbot)
    assert panel.table.rows_in_view()[0] < second
    press(minimap, Qt.Key.Key_End, scene.qtbot)
    assert panel.table.rows_in_view()[1] == panel.lines.rowCount() - 1


def test_the_histogram_is_walked_with_arrows_home_and_end(scene: Scene) -> None:
    scene.printer(scene.start("edit")).print("hello\n")
    panel = scene.show(1000)
    scene.until("hello")
    histogram = panel.view.histogram
    assert histogram.focusPolicy() & Qt.FocusPolicy.TabFocus
    times: list[float] = []
    histogram.time_selected.connect(times.append)
    start = min(panel.store.bins) * BIN_S
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_End):
        press(histogram, key, scene.qtbot)
    first, left, right, last = times
    assert first == left == start
    assert start < right <= last == (max(panel.store.bins) + 1) * BIN_S


def test_the_minimap_has_no_frame_while_all_lines_are_in_view_and_its_marks_stand_beside_them(
    scene: Scene,
) -> None:
    scene.printer(scene.start("edit")).print("one\ntwo\nFAILED\n")
    panel = scene.show()
    scene.until("FAILED")
    minimap, table = panel.view.minimap, panel.table
    assert table.rows_in_view() == (0, panel.lines.rowCount() - 1)
    assert minimap.frame().isEmpty()
    (mark,) = minimap.marks(panel.lines.errors)
    row = panel.lines.row_of(panel.lines.errors[0])
    line = table.visualRect(panel.lines.index(row, LogColumn.TEXT))
    middle = minimap.mapFromGlobal(table.viewport().mapToGlobal(line.center())).y()
    assert abs(mark - middle) <= line.height()


def test_the_facet_list_passes_the_model_tester(scene: Scene, qtmodeltester: ModelTester) -> None:
    model = FacetModel()
    qtmodeltester.check(model)
    scene.printer(scene.start("edit")).print("hello\nFAILED\n")
    panel = scene.show()
    scene.until("hello")
    model.show_facets(facets(panel.store, ()))
    spy = QSignalSpy(model.dataChanged)
    model.show_facets(facets(panel.store, (Chip("level", "error", hide=True),)))
    assert spy.count() == 1


def test_hostile_output_is_shown_without_a_stall(scene: Scene) -> None:
    printer = scene.printer(scene.start("edit"))
    panel = scene.show()
    longest = [0.0]
    before = [time.thread_time()]

    def beat() -> bool:
        now = time.thread_time()
        longest[0] = max(longest[0], now - before[0])
        before[0] = now
        return panel.store.text(panel.store.end - 1) == "the end"

    printer.print(b"z" * 5_000_000 + b"\n")
    printer.print(b"\0\x01\x02\xff" * 1000 + b"\n")
    printer.print(b"\n" * 50_000)
    printer.print(b"<table>" * 16 + b"\n")
    printer.print("\u202eevil\u2066\n".encode())
    printer.print("the end\n")
    before[0] = time.thread_time()
    scene.qtbot.waitUntil(beat, timeout=PATIENCE_MS)
    panel.grab()
    assert "\\u202eevil\\u2066" in scene.texts()[-4:]
    assert max(len(text) for text in scene.texts()) < 2_100
    assert longest[0] < 1.0


def test_the_level_of_a_line_does_not_affect_the_result_of_its_job(scene: Scene) -> None:
    attempt = scene.start("edit")
    scene.printer(attempt).print("FATAL ERROR: everything is lost\nSUCCESS\n")
    panel = scene.show()
    scene.until("SUCCESS")
    scene.parts.end(attempt, AttemptStatus.COMPLETED, then=JobStatus.COMPLETED)
    assert scene.parts.projection.jobs["edit"].status is JobStatus.COMPLETED
    serial = next(n for n in range(panel.store.base, panel.store.end) if "FATAL" in panel.store.text(n))
    assert panel.store.level(serial) is Level.ERROR


def test_a_name_with_markup_is_shown_literally(scene: Scene) -> None:
    bomb = "<table>" * 16
    scene.printer(scene.start("edit")).print(f"{bomb}\n")
    panel = scene.show(1592, 900)
    scene.until(bomb)
    panel.restore({"chips": [{"kind": "workstream", "value": "cart", "word": bomb}]})
    panel._on_counts_due()
    panel.grab()
    assert panel.bar._shown.buttons()[0].toolTip().startswith("<span>Show workstream &lt;table&gt;")


def test_times_far_apart_do_not_make_an_endless_histogram(scene: Scene) -> None:
    printer = scene.printer(scene.start("edit"))
    printer.print("old\n", at=1000.0)
    printer.print("new\n")
    panel = scene.show(1200)
    scene.until("new")
    panel.grab()
    assert len(panel.view.histogram.bars()) < 200
    assert BIN_S > 1


def test_opening_reads_from_a_home_without_any_attempt(tmp_path: Path, qtbot: QtBot) -> None:
    parts = make_window_parts(tmp_path, qtbot)
    assert isinstance(parts.home, Home)
    scene = Scene(parts, qtbot)
    scene.show()
    scene.close()


# --- what an agent does ----------------------------------------------------------------------------------------------

RECORDED = Path(__file__).parents[3] / "engine" / "adapters" / "captures" / "claude" / "dontask_mode.stdout"


def agent_runs(scene: Scene) -> Printer:
    """A job of an agent that has printed a recorded run."""
    scene.parts.enter(spec("agent", "docs", tool="claude", command=None, prompt="do it"))
    printer = scene.printer(scene.start("agent"))
    printer.print(RECORDED.read_bytes())
    return printer


def test_what_an_agent_does_is_listed_in_sentences_while_it_runs(scene: Scene) -> None:
    printer = agent_runs(scene)
    scene.show()
    scene.until("denied: touch x", "denied: edit hello.py", "said: Changed the greeting.")
    assert not [text for text in scene.texts() if "{" in text]
    said = '{"type":"assistant","message":{"content":[{"type":"text","text":"One more thing."}]}}\n'
    printer.print(said)
    scene.until("said: One more thing.")
    levels = {scene.panel.store.text(serial): scene.panel.store.level(serial) for serial in serials(scene)}
    assert levels["denied: touch x"] is Level.WARNING
    assert levels["said: One more thing."] is Level.OUTPUT


def test_a_search_finds_words_of_the_sentences(scene: Scene) -> None:
    agent_runs(scene)
    scene.show()
    scene.until("denied: touch x")
    scene.panel.bar.field.setText("denied: edit")
    scene.qtbot.waitUntil(lambda: scene.texts() == ["denied: edit hello.py"])


def test_the_menu_of_a_sentence_shows_its_raw_line(scene: Scene) -> None:
    agent_runs(scene)
    panel = scene.show()
    scene.until("denied: touch x")
    row = scene.texts().index("denied: touch x")
    panel.table.go_to(row)
    QCoreApplication.sendPostedEvents()
    point = panel.table.visualRect(panel.lines.index(row, LogColumn.TEXT)).center()
    panel.table.customContextMenuRequested.emit(point)
    menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Show raw line").trigger()
    menu.close()
    shown = panel.view.reader.toPlainText()
    assert shown.startswith('{"type":"user","message":{"role":"user"')
    assert "Permission to use Bash has been denied" in shown
    assert panel.view.reader.isVisible()


def serials(scene: Scene) -> range:
    return range(scene.panel.store.base, scene.panel.store.end)


def test_the_filter_menu_applies_a_saved_filter_set(scene: Scene) -> None:
    text = SoughtText(find="to+tal", regex=True)
    FilterFolder(scene.parts.home.root).save("sums", FilterSet(show=LineSelection(text=(text,)), time="hour"))
    panel = scene.show()
    panel.bar.field.setText("other")

    def applies() -> bool:
        scene.qtbot.mouseClick(panel.tools()[0], Qt.MouseButton.LeftButton)
        (menu,) = (one for one in panel.view.findChildren(QMenu) if one.isVisible())
        found = [action for action in menu.actions() if action.text() == "sums"]
        for action in found:
            action.trigger()
        menu.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return bool(found)

    scene.qtbot.waitUntil(applies, timeout=PATIENCE_MS)
    assert not panel.bar.field.text()
    shown, time_range = panel.bar.chips()
    assert shown == Chip("text", "to+tal", is_regex=True)
    assert time_range.kind == "since"


def test_the_filter_sets_are_reached_by_an_action_of_the_window(scene: Scene) -> None:
    panel = scene.show()
    scene.parts.actions.run("filter_sets")
    sheet = panel.window().findChild(FilterSetsSheet)
    assert sheet is not None
    assert sheet.is_open
    panel.saved.wait()


def test_the_line_of_the_alarm_that_holds_a_job_is_shown_whatever_hides_it(scene: Scene) -> None:
    attempt = scene.start("edit")
    printed_at = time.time()
    scene.printer(attempt).print("fine\nFATAL one\nFATAL two\n", at=printed_at)
    scene.parts.ledger.commands.record_alarm(
        "edit",
        "The alarm fatal matched: FATAL one",
        alarm="fatal",
        attempt_id=attempt.id,
        printed_at=printed_at,
        text="FATAL one",
    )
    reason = "The alarm fatal matched: FATAL one"
    held = replace(scene.parts.projection.jobs["edit"], hold_cause=HoldCause.ALARM, hold_reason=reason)
    scene.parts.follow()
    panel = scene.panel
    panel._filter_by([Chip("level", "debug")])
    panel.show_alarm_line(held)  # before the panel is opened
    panel.show()

    def current() -> str:
        return str(panel.lines.index(panel.table.current_row(), LogColumn.TEXT).data())

    scene.qtbot.waitUntil(lambda: current() == "FATAL one", timeout=PATIENCE_MS)
    assert [(chip.kind, chip.value) for chip in panel.bar.chips()] == [("job", "edit")]
    assert not panel.table.following
    panel.flow.search_all(TextPattern("nothing of it"))
    panel.show_alarm_line(held)
    scene.qtbot.waitUntil(
        lambda: panel.flow.mode is Mode.LIVE and current() == "FATAL one", timeout=PATIENCE_MS
    )
    panel.show_alarm_line(replace(held, hold_reason="another"))
    assert panel.footer.note.text() == "The line of the alarm is not kept any more."


def test_the_line_of_an_alarm_that_has_no_room_is_found_in_all_output(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = scene.start("edit")
    printer, now = scene.printer(attempt), time.time()
    printer.print("FATAL one\n", at=now - 60)
    monkeypatch.setattr(log_feed, "LINES_AT_ONCE", 500)
    monkeypatch.setattr(log_feed, "_MIN_ROOM", MAX_LINES)  # older lines never fit
    for second in range(20):
        printer.print("noise\n" * 50, at=now - 50 + second)
    scene.parts.ledger.commands.record_alarm(
        "edit", "why", alarm="fatal", attempt_id=attempt.id, printed_at=now - 60, text="FATAL one"
    )
    scene.parts.follow()
    held = replace(scene.parts.projection.jobs["edit"], hold_cause=HoldCause.ALARM, hold_reason="why")
    panel = scene.show()
    assert "FATAL one" not in scene.texts()
    panel.show_alarm_line(held)
    scene.qtbot.waitUntil(
        lambda: panel.flow.mode is Mode.SEARCH and "FATAL one" in scene.texts(), timeout=PATIENCE_MS
    )
    row = scene.texts().index("FATAL one")
    scene.qtbot.waitUntil(lambda: panel.table.current_row() == row, timeout=PATIENCE_MS)
