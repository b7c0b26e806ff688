"""What the check of a merge prints is shown while it runs, and opened when it was red."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.host.merge_run import check_log
from engine.review.evidence_summary import EvidenceSummary
from gui.data.check_log import CheckProgress, check_lines, check_progress
from gui.panels.review.marks import queue_marks
from gui.panels.review.merge_model import verbs_of
from gui.panels.review.review_panel import ReviewPanel
from gui.sheets.check_log_sheet import CheckLogSheet
from state.worktree_records import MergeState
from tests.gui.panels.review.test_returned_work import KEY, MERGE, projection
from tests.gui.window_parts import WindowParts
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.review_scene import CART, ReviewScene


def write_log(parts: WindowParts, merge_id: int, text: str) -> Path:
    log = check_log(parts.home, merge_id)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(text)
    return log


@pytest.fixture
def sheet(parts: WindowParts, qtbot: QtBot) -> Iterator[CheckLogSheet]:
    red = replace(MERGE, state=MergeState.RED, reason="The check (make test) failed with exit code 2.")
    made = CheckLogSheet(projection(red), parts.theme, home=parts.home, parent=parts.window)
    assert qtbot is not None
    yield made
    made.dismiss()
    made.stop_reading()


def test_v15_of_a_check_its_command_and_the_last_line_of_its_log_are_known(tmp_path: Path) -> None:
    (tmp_path / ".signalbox.yaml").write_text("check: {exe: make, args: [test]}\n")
    log = tmp_path / "3.log"
    assert check_progress(log, tmp_path) == CheckProgress("make test", "")
    log.write_text("test_a ... ok\n\x1b[31mtest_b\x1b[0m ... ok\n\n")
    assert check_progress(log, tmp_path) == CheckProgress("make test", "test_b ... ok")
    assert check_lines(log, 30) == ["test_b ... ok", ""]


def test_v15_the_merge_queue_shows_how_far_a_running_check_is_as_long_as_it_is_shown(
    panel: ReviewPanel, scene: ReviewScene, parts: WindowParts, *, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / ".signalbox.yaml").write_text("check: {exe: make, args: [test]}\n")
    write_log(parts, 1, "collecting\n12 of 43\n")
    scene.merges = [replace(scene.merges[0], repo=str(tmp_path), done=None, total=None), *scene.merges[1:]]
    panel._refresh()
    assert panel.view.merges.model.lines[0].last_line == ""
    panel.toggle_merges()
    shown = panel.view.merges.model
    qtbot.waitUntil(lambda: shown.lines[0].last_line == "12 of 43", timeout=PATIENCE_MS)
    assert shown.lines[0].command == "make test"
    name = shown.data(shown.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert name == "1, price-rules, Checking on top of main, 31 of 43 tests, make test, 12 of 43"
    write_log(parts, 1, "collecting\n13 of 43\n")
    panel._checks._on_due()
    qtbot.waitUntil(lambda: shown.lines[0].last_line == "13 of 43", timeout=PATIENCE_MS)
    panel.toggle_merges()
    assert not panel._checks._timer.isActive()


def test_v15_the_log_of_a_red_check_is_opened_as_plain_text(
    sheet: CheckLogSheet, parts: WindowParts, qtbot: QtBot
) -> None:
    write_log(parts, MERGE.id, "FAILED <b>test_total</b>\n\x1b]0;title\x07make: *** [test] Error 1\n")
    sheet.show_check(KEY)
    qtbot.waitUntil(lambda: not sheet.tasks.is_busy, timeout=PATIENCE_MS)
    assert sheet.text.toPlainText() == "FAILED <b>test_total</b>\nmake: *** [test] Error 1"
    assert sheet.sentence.text() == "The check (make test) failed with exit code 2."
    assert sheet.text.hasFocus()
    qtbot.keyClick(sheet.text, Qt.Key.Key_Escape)
    assert not sheet.is_open


def test_v15_where_no_check_has_run_the_sheet_says_so(sheet: CheckLogSheet) -> None:
    sheet.show_check(("r", "elsewhere"))
    assert sheet.sentence.text() == "It has not been in the merge queue yet, so no check has run."


def test_v15_each_mark_of_a_red_check_opens_its_log(
    panel: ReviewPanel, scene: ReviewScene, parts: WindowParts, qtbot: QtBot
) -> None:
    requested: list[str] = []
    parts.actions.triggered.connect(lambda name, _jobs: requested.append(name))
    red = replace(scene.items[0].evidence or EvidenceSummary(), check="red on top of main")
    scene.items = [replace(scene.items[0], evidence=red), *scene.items[1:]]
    panel._refresh()
    queue = panel.view.queue
    row = queue.visualRect(panel.view.reviews.index(panel.view.reviews.row_of(CART) or 0))
    placed = dict(queue._delegate._placed_marks(scene.items[0], row))
    at = next(room for mark, room in placed.items() if mark.opens == "check").topLeft() + QPoint(3, 3)
    qtbot.mouseClick(queue.viewport(), Qt.MouseButton.LeftButton, pos=at)
    panel.view.evidence.opened.emit("check")
    line = replace(scene.merges[0], state=MergeState.RED, word="Red")
    assert [verb.command for verb in verbs_of(line)] == ["log", "send_back"]
    panel._on_verb_requested("log", line)
    assert requested == ["show_check_log"] * 3
    assert any(mark.opens == "check" for mark in queue_marks(red))
