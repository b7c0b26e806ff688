"""A decision of a review is undone in a real window by the keys that undo everything, whatever had the focus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.host.commands import Pause
from engine.host.review_commands import DiscardWorkstreams, SeenWorkstream
from engine.review.diff_records import FileColours
from gui.app import ControlRoom
from gui.panels.board.board_panel import BoardPanel
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.review.review_panel import ReviewPanel
from state.records import ReviewState
from tests.helpers.claude_job import ClaudeJob
from tests.helpers.patience import PATIENCE_MS

KEY = ("r1", "hello")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ControlRoom]:
    """A window over work that waits for review."""
    greet = ClaudeJob(tmp_path)
    greet.run(workstream_id="hello", run_id="r1")
    made = ControlRoom(greet.signalbox.home.root)
    made.theme.reduce_motion = True
    qtbot.waitExposed(made.window)
    yield made
    made.close("leave")


@pytest.fixture
def panel(room: ControlRoom, qtbot: QtBot) -> ReviewPanel:
    qtbot.waitUntil(lambda: review_of(room) is ReviewState.WAITING, timeout=PATIENCE_MS)
    room.actions.run("panel_review")
    found = room.window.findChild(ReviewPanel)
    assert found is not None
    qtbot.waitUntil(lambda: found.view.diff.area.isVisible() and found.is_settled, timeout=PATIENCE_MS)
    assert found.view.bar.approve.isEnabled()
    return found


def review_of(room: ControlRoom) -> ReviewState | None:
    stream = room.projection.workstreams.get(KEY)
    return None if stream is None else stream.review


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifiers)


def undone(room: ControlRoom, panel: ReviewPanel, decided: ReviewState, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: review_of(room) is decided, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not panel.view.bar.approve.isVisible(), timeout=PATIENCE_MS)
    work = {panel.view.diff.area, panel.view.queue}  # neither is shown while the diff is read again
    qtbot.waitUntil(lambda: QApplication.focusWidget() in work, timeout=PATIENCE_MS)
    qtbot.waitUntil(
        room.actions.action("undo").isEnabled, timeout=PATIENCE_MS
    )  # after the events, its answer
    press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: review_of(room) is ReviewState.WAITING, timeout=PATIENCE_MS)


def test_v12_work_that_was_discarded_by_the_keyboard_is_brought_back_by_undo(
    room: ControlRoom, panel: ReviewPanel, qtbot: QtBot
) -> None:
    panel.view.bar.discard.setFocus()
    panel.view.bar.discard.click()
    question = panel.decisions.question
    assert question is not None
    press(Qt.Key.Key_Tab)
    assert question.buttons["discard"].hasFocus()
    press(Qt.Key.Key_Return)
    undone(room, panel, ReviewState.DISCARDED, qtbot)
    restored_in_the_details(room, qtbot)
    opened_with_return_on_its_card(room, qtbot)


def restored_in_the_details(room: ControlRoom, qtbot: QtBot) -> None:
    room.commands.send(DiscardWorkstreams(workstreams=[SeenWorkstream(*KEY)]))
    qtbot.waitUntil(lambda: review_of(room) is ReviewState.DISCARDED, timeout=PATIENCE_MS)
    job = room.projection.jobs_of(KEY)[0]
    room.actions.run("show_details", [job.job_id])
    details = room.panels["details"]
    assert isinstance(details, DetailsPanel)
    [restore] = [button for button in details.head.buttons if button.objectName() == "restore_work"]
    restore.click()
    qtbot.waitUntil(lambda: review_of(room) is ReviewState.WAITING, timeout=PATIENCE_MS)
    assert all(button.objectName() != "restore_work" for button in details.head.buttons)


def opened_with_return_on_its_card(room: ControlRoom, qtbot: QtBot) -> None:
    room.window.docks["review"].close()
    room.actions.run("panel_workstreams")
    room.selection.select_workstream(KEY)
    board = room.panels["workstreams"]
    assert isinstance(board, BoardPanel)
    qtbot.waitUntil(lambda: [card.key for card in board.board.selected_cards()] == [KEY], timeout=PATIENCE_MS)
    assert board.board.hasFocus()  # where a shortcut of the window could come first
    QTest.keyClick(board.board, Qt.Key.Key_Return)
    qtbot.waitUntil(room.window.docks["review"].isVisible, timeout=PATIENCE_MS)


def test_v12_an_approval_given_with_the_mouse_is_undone_by_the_keys(
    room: ControlRoom, panel: ReviewPanel, qtbot: QtBot
) -> None:
    room.actions.run(Pause.kind.name)
    panel.view.bar.approve.setFocus()
    qtbot.mouseClick(panel.view.bar.approve, Qt.MouseButton.LeftButton)
    undone(room, panel, ReviewState.APPROVED, qtbot)


def test_v12_the_focus_waits_in_the_review_while_its_diff_is_read(
    panel: ReviewPanel, room: ControlRoom
) -> None:
    view = panel.view
    view.queue.hide()
    view.diff.area.setFocus()
    patch = view.diff.patch
    assert patch is not None
    with view.focus_kept():
        view.diff.show_message("Reading…")
    assert view.hasFocus()
    view.diff.show_file(patch, FileColours())
    assert view.diff.area.hasFocus()
    assert room.projection.workstreams[KEY].review is ReviewState.WAITING
