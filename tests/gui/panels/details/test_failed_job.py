"""Why a job failed: the details open at its first error, and say what each attempt did differently."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.data.attempts_model import DIFFERENCE_ROLE
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.details.tabs import NAMES
from state.records import AttemptStatus, JobStatus
from tests.gui.details_records import CART, folder_of, printed, spec, write_output
from tests.gui.window_parts import WindowParts
from tests.helpers.patience import PATIENCE_MS

SUMMARY = "test_replay_twice failed; 62 passed"
FAILURE = (
    b"error: wanted by another test\n"
    + b"".join(b"tests/test_%d.py ....\n" % number for number in range(300))
    + b"____________________________ test_replay_twice ____________________________\n"
    + b"\x1b[1m\x1b[31mE       assert 2 == 1\x1b[0m\n"
    + b"\x1b[32mgreen\x1b[0m "
    + b"and very long " * 60
    + b"\n"
    + b"FAILED tests/test_hooks.py::test_replay_twice - assert 2 == 1\n"
    + b"1 failed, 62 passed in 0.31s\n"
)


def fail(parts: WindowParts, job_id: str = "one", *names: str, **more: Any) -> None:
    """An attempt that fails as the tests in `names` do."""
    attempt = parts.start(job_id)
    write_output(folder_of(parts, attempt), ("stdout", FAILURE))
    failing = [f"tests.test_hooks::{name}" for name in names or ["test_replay_twice"]]
    tests = {"passed": 62, "failed": len(failing), "errors": 0, "failing": failing}
    parts.end(attempt, AttemptStatus.FAILED, exit_code=1, summary=SUMMARY, metadata={"tests": tests}, **more)


def opened(qtbot: QtBot, parts: WindowParts, details: DetailsPanel) -> str:
    """The text of the marked line of a failed job that was just selected."""
    parts.selection.select_job("one", CART)
    return marked(qtbot, details)


def marked(qtbot: QtBot, details: DetailsPanel) -> str:
    lines = printed(qtbot, details)
    line = details.tabs.output.text.marked_line
    return "" if line is None else lines[line]


def ink(span: QTextLayout.FormatRange) -> str:
    shape = span.format
    return str(shape.foreground().color().name())


def test_a_failed_job_opens_at_the_first_error_of_the_failed_test_in_colour_and_wrapped(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"), *(spec(f"step-{number}") for number in range(6)))
    fail(parts, then=JobStatus.FAILED)
    details.resize(520, 480)  # as high as in the smallest window
    assert opened(qtbot, parts, details) == "E       assert 2 == 1"
    assert details.head.sentence.text().endswith(SUMMARY)
    assert NAMES[details.tabs.bar.currentIndex()] == "Output"
    text = details.tabs.output.text
    block = text.document().findBlockByNumber(text.marked_line or 0)
    assert text.viewport().visibleRegion().boundingRect().contains(text.cursorRect())
    assert all(not button.visibleRegion().isEmpty() for button in details.head.buttons)
    bar = details._scroll.verticalScrollBar()
    before = bar.maximum()
    details.note_part.setMinimumHeight(300)  # as what wraps, which asks for its height in a later turn
    qtbot.waitUntil(lambda: bar.maximum() > before, timeout=PATIENCE_MS)
    assert text.viewport().visibleRegion().boundingRect().contains(text.cursorRect())
    red, green = block.layout().formats(), block.next().layout().formats()
    assert [ink(one) for one in red] == [parts.theme.color("failed").name()]
    assert (green[0].start, green[0].length, ink(green[0])) == (0, 5, parts.theme.color("completed").name())
    assert block.next().layout().lineCount() > 1
    assert text.horizontalScrollBar().maximum() == 0


def test_f8_goes_to_the_next_error_of_the_job_in_the_details(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    fail(parts, then=JobStatus.FAILED)
    opened(qtbot, parts, details)
    text = details.tabs.output.text
    QTest.keyClick(text, Qt.Key.Key_F8)
    assert marked(qtbot, details).startswith("FAILED tests/test_hooks.py")
    QTest.keyClick(text, Qt.Key.Key_F8)
    assert marked(qtbot, details) == "error: wanted by another test"
    QTest.keyClick(text, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    details.tabs.output.error_button.click()
    details.tabs.output.error_button.click()
    assert marked(qtbot, details) == "E       assert 2 == 1"


def test_the_details_go_back_to_the_error_when_they_are_requested_again_and_to_the_chosen_tab_for_others(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"), spec("fine"))
    fail(parts, then=JobStatus.FAILED)
    opened(qtbot, parts, details)
    details.tabs.turn_to("Events")
    details.tabs.bar.tabBarClicked.emit(NAMES.index("Events"))
    details.show_failure()
    assert NAMES[details.tabs.bar.currentIndex()] == "Output"
    assert marked(qtbot, details) == "E       assert 2 == 1"
    parts.selection.select_job("fine", CART)
    assert NAMES[details.tabs.bar.currentIndex()] == "Events"
    details.show_failure()
    assert NAMES[details.tabs.bar.currentIndex()] == "Events"


def test_a_job_whose_changes_git_cannot_say_opens_at_its_output_until_a_tab_is_chosen(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"), spec("fine"))
    attempt = parts.start("one")
    parts.end(
        attempt, AttemptStatus.COMPLETED, exit_code=0, metadata={"changes_unknown": "no git repository"}
    )
    parts.selection.select_job("one", CART)
    assert NAMES[details.tabs.bar.currentIndex()] == "Output"
    parts.selection.select_job("fine", CART)
    assert NAMES[details.tabs.bar.currentIndex()] == "Changes"
    details.tabs.bar.tabBarClicked.emit(NAMES.index("Changes"))
    parts.selection.select_job("one", CART)
    assert NAMES[details.tabs.bar.currentIndex()] == "Changes"


def test_whether_lines_are_wrapped_is_remembered(details: DetailsPanel) -> None:
    assert details.state() == {"wrap": True}
    details.tabs.output.wrap_button.click()
    state = details.state()
    details.restore({"wrap": True})
    assert details.tabs.output.text.lineWrapMode() is details.tabs.output.text.LineWrapMode.WidgetWidth
    details.restore({"wrap": "odd"})
    details.restore(state)
    assert details.tabs.output.text.lineWrapMode() is details.tabs.output.text.LineWrapMode.NoWrap


def test_each_attempt_says_what_differs_and_its_row_has_room_for_it(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one", metadata={"retry": {"limit": 3}}))
    fail(parts, "one", "test_replay_twice", "test_replay_once", then=JobStatus.QUEUED)
    fail(parts, "one", "test_replay_twice", then=JobStatus.QUEUED)
    fail(parts, then=JobStatus.FAILED)
    parts.selection.select_job("one", CART)
    rows = [details.attempts.index(row, 0) for row in range(3)]
    assert [row.data(DIFFERENCE_ROLE) for row in rows] == ["", "now 1 failed instead of 2", "same failure"]
    view = details.attempts_view
    assert view.rowHeight(1) > view.rowHeight(0)
    assert view.viewport().height() >= sum(view.rowHeight(row) for row in range(3))
