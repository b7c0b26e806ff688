"""Job details: what is shown of a job and its attempts, and that it follows selection and events."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.system import git, snapshots
from gui.data.attempts_model import ATTEMPT_ROLE, AttemptColumn, AttemptsModel
from gui.panels.details.details_panel import DetailsPanel
from gui.panels.details.facts import MASK
from gui.panels.details.tabs import NAMES
from gui.widgets.label import PlainLabel
from state import callback_queries
from state.job_changes import labelling, noting
from state.records import AttemptStatus, HoldCause, JobHold, JobStatus
from tests.gui.details_records import CART, folder_of, printed, spec, write_output
from tests.gui.window_parts import WindowParts
from tests.helpers.patience import PATIENCE_MS


def enter_three(parts: WindowParts) -> None:
    """Plan is done, edit runs for the second time, test waits for edit."""
    edit = {
        "title": "Round money once",
        "depends_on": ["plan"],
        "retry": {"limit": 2},
        "timeout_seconds": 1200,
    }
    parts.enter(
        spec("plan", step_name="plan"),
        spec(
            "edit",
            step_name="edit",
            metadata=edit,
            env={"OPENAI_API_KEY": "env:OPENAI_API_KEY", "CI": "yes-ci"},
        ),
        spec("test", step_name="test", metadata={"depends_on": ["edit"]}),
    )
    attempt = parts.start("plan")
    parts.clock.now += 60
    parts.end(attempt)
    attempt = parts.start("edit")
    parts.clock.now += 242
    parts.end(
        attempt,
        AttemptStatus.FAILED,
        then=JobStatus.QUEUED,
        exit_code=1,
        summary="tests failed: 2 of 43",
        cost_usd=0.05,
    )
    parts.clock.now += 100
    parts.start("edit")
    parts.clock.now += 37


def start(parts: WindowParts) -> None:
    parts.start("one")


def hold_unverified(parts: WindowParts) -> None:
    parts.ledger.commands.hold("one", JobHold(HoldCause.UNVERIFIED, "look"))


def buttons(details: DetailsPanel) -> list[str]:
    return [button.objectName() for button in details.head.buttons]


def facts(details: DetailsPanel) -> dict[str, str]:
    return details.head.facts.values()


def cells(details: DetailsPanel, column: AttemptColumn) -> list[str]:
    model = details.attempts
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_nothing_is_shown_before_something_is_selected(details: DetailsPanel) -> None:
    assert [one.text() for one in details.findChildren(QLabel) if one.isVisible() and one.text()] == [
        "Select a card, a file or a line."
    ]
    assert details.fact() == ""


def test_a_selected_job_shows_title_state_and_facts(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    assert details.head.name.text() == "Round money once"
    assert details.head.tag.word == "Running"
    assert details.fact() == "cart / Round money once"
    assert facts(details) == {
        "Job": "edit",
        "Run": "Night: checkout v2, 0347",
        "Workstream": "cart",
        "Tool": "shell",
        "Where": "/src/shop",
        "Limits": "20 m",
        "Next": "then test; if it fails: attempt 3 of 3",
    }


def test_every_limit_of_an_attempt_is_shown(parts: WindowParts, details: DetailsPanel) -> None:
    limits = {"max_turns": 40, "max_cost_usd": 2.5, "output_mb": 64}
    parts.enter(
        spec("one", tool="claude", command=None, prompt="Greet.", metadata={"limits": limits}),
        spec("two", metadata={"limits": {"output_mb": 8}}),
        spec("three"),
    )
    for job_id, shown in (
        ("one", "40 turns, $2.50, 64 MB of output"),
        ("two", "8 MB of output"),
        ("three", "none"),
    ):
        parts.selection.select_job(job_id, CART)
        assert facts(details)["Limits"] == shown


def test_the_attempts_are_shown_in_a_table_and_in_words(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    assert cells(details, AttemptColumn.NUMBER) == ["1", "2"]
    assert cells(details, AttemptColumn.TOOK) == ["4 m 02 s", "37 s"]
    assert cells(details, AttemptColumn.EXIT) == ["1", ""]
    assert cells(details, AttemptColumn.RESULT) == ["tests failed: 2 of 43", "running"]
    assert cells(details, AttemptColumn.COST) == ["$0.05", ""]
    assert "attempt 1, shell, failed" in details.axis.accessibleDescription()


def test_a_selected_workstream_shows_its_job_in_focus_and_its_steps(
    parts: WindowParts, details: DetailsPanel
) -> None:
    enter_three(parts)
    parts.selection.select_workstream(CART)
    assert details.job is not None
    assert details.job.job_id == "edit"
    assert [details.steps.index(row).data() for row in range(3)] == ["plan", "Round money once", "test"]
    details.steps_view.setCurrentIndex(details.steps.index(2))
    assert parts.selection.job_id == "test"
    assert "step 3 of 3, 1 done" in {label.text() for label in details.findChildren(PlainLabel)}
    assert details.head.tag.word == "Blocked"
    assert details.head.sentence.text() == "Waits for Round money once to finish."


@pytest.mark.parametrize(
    ("make", "offered"),
    [
        (WindowParts.follow, ["hold", "cancel"]),
        (
            lambda parts: parts.ledger.commands.hold("one", JobHold(HoldCause.PERSON, "later")),
            ["release", "cancel"],
        ),
        *(
            (
                lambda parts, cause=cause: parts.ledger.commands.hold("one", JobHold(cause, "look")),
                ["release", "skip", "cancel"],
            )
            for cause in (HoldCause.UNVERIFIED, HoldCause.INTERRUPTED)
        ),
        (lambda parts: parts.start("one"), ["cancel"]),
        (lambda parts: parts.end(parts.start("one")), ["retry"]),
        (
            lambda parts: parts.end(parts.start("one"), AttemptStatus.FAILED, then=JobStatus.FAILED),
            ["retry", "skip"],
        ),
        (lambda parts: parts.ledger.commands.request_cancel("one", ""), ["retry", "skip"]),
    ],
)
def test_only_actions_that_fit_the_state_are_offered(
    parts: WindowParts, details: DetailsPanel, make: Any, offered: list[str]
) -> None:
    parts.enter(spec("one"))
    make(parts)
    parts.follow()
    parts.selection.select_job("one", CART)
    assert buttons(details) == offered


@pytest.mark.parametrize("width", [360, 480, 640, 900])
@pytest.mark.parametrize("make", [WindowParts.follow, start, hold_unverified])
def test_title_and_buttons_are_whole_at_every_width(
    parts: WindowParts, details: DetailsPanel, width: int, make: Callable[[WindowParts], object]
) -> None:
    title = "Round the money once"
    parts.enter(spec("one", metadata={"title": title}))
    make(parts)
    parts.follow()
    details.resize(width, 800)
    parts.selection.select_job("one", CART)
    QApplication.processEvents()
    head = details.head
    assert head.width() <= width
    assert head.name.width() >= head.name.fontMetrics().horizontalAdvance(title)
    for button in head.buttons:
        assert head.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()
        assert not button.geometry().intersects(head.name.geometry())


def test_the_buttons_stand_beside_the_title_where_there_is_room(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one", metadata={"title": "Round money once"}))
    parts.selection.select_job("one", CART)
    for width, beside in ((900, True), (360, False), (900, True)):
        details.resize(width, 800)
        QApplication.processEvents()
        middle = details.head.buttons[0].geometry().center().y()
        assert (abs(middle - details.head.name.geometry().center().y()) < 4) is beside


def test_a_button_requests_its_command_on_this_job(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    with qtbot.waitSignal(parts.actions.triggered) as caught:
        QTest.mouseClick(details.head.buttons[0], Qt.MouseButton.LeftButton)
    assert caught.args == ["cancel", ("edit",)]


def test_it_follows_what_happens_to_its_job(parts: WindowParts, details: DetailsPanel) -> None:
    parts.enter(spec("one"))
    parts.selection.select_job("one", CART)
    assert details.head.tag.word == "Queued"
    attempt = parts.start("one")
    assert details.head.tag.word == "Running"
    assert cells(details, AttemptColumn.NUMBER) == ["1"]
    parts.end(attempt, AttemptStatus.FAILED, then=JobStatus.FAILED, summary="it broke", exit_code=2)
    assert details.head.tag.word == "Failed"
    assert details.head.sentence.text().endswith("it broke")
    assert cells(details, AttemptColumn.EXIT) == ["2"]


def ended_with_a_command(parts: WindowParts) -> int:
    """A job that has ended, and the id of the command promised with its end."""
    parts.ledger.settings.change("callback", ["notify-send", "{job_id}"])
    parts.enter(spec("one"))
    parts.end(parts.start("one"))
    (promised,) = parts.sources.reader.read(callback_queries.callbacks_where, job_id="one")
    return promised.id


def test_the_command_at_the_end_of_a_job_is_a_fact_from_its_promise_to_its_end(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    promised = ended_with_a_command(parts)
    parts.selection.select_job("one", CART)
    assert facts(details)["At its end"] == "the command is waiting"
    parts.ledger.callbacks.claim_next("e1")
    qtbot.waitUntil(lambda: facts(details)["At its end"] == "the command is running", timeout=PATIENCE_MS)
    parts.ledger.callbacks.end(promised, exit_code=0)
    qtbot.waitUntil(lambda: facts(details)["At its end"] == "the command was run", timeout=PATIENCE_MS)


def test_an_interrupted_job_has_the_same_word_as_on_its_card(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    parts.ledger.commands.hold("one", JobHold(HoldCause.INTERRUPTED, "look"))
    parts.follow()
    parts.selection.select_job("one", CART)
    assert details.head.tag.word == "Interrupted"


def test_what_follows_is_written_out_and_the_sentence_can_be_copied(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    hold_unverified(parts)
    parts.follow()
    details.resize(480, 800)
    parts.selection.select_job("one", CART)
    QApplication.processEvents()
    text = "accept it as it is, or release it to run it again"
    (label,) = [one for one in details.head.facts.findChildren(QLabel) if one.text() == text]
    assert label.wordWrap()
    assert label.height() >= label.heightForWidth(label.width())
    flags = details.head.sentence.textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByMouse


def test_a_failed_command_at_the_end_of_a_job_is_shown_at_once_in_open_details(
    parts: WindowParts, details: DetailsPanel
) -> None:
    promised = ended_with_a_command(parts)
    parts.selection.select_job("one", CART)
    parts.ledger.callbacks.claim_next("e1")
    parts.ledger.callbacks.end(promised, exit_code=3, reason="exit code 3", output="no such display\n")
    parts.follow()
    assert facts(details)["At its end"] == "the command failed: exit code 3 (no such display)"


def test_a_job_without_a_command_at_its_end_has_no_such_fact(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    parts.end(parts.start("one"))
    parts.selection.select_job("one", CART)
    assert "At its end" not in facts(details)


@pytest.mark.parametrize("name", ["attempt.leftovers", "attempt.problem", "note.added"])
def test_whatever_is_recorded_of_a_job_is_among_the_events_of_its_open_details(
    parts: WindowParts, details: DetailsPanel, name: str
) -> None:
    parts.enter(spec("one"))
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Events")
    parts.ledger.record_event(name, "One left a process behind.", job_id="one")
    parts.follow()
    assert "One left a process behind." in shown_events(details)


def shown_events(details: DetailsPanel) -> list[str]:
    model = details.tabs.events
    return [model.index(row).data() for row in range(model.rowCount())]


def test_a_hidden_panel_reads_nothing_and_catches_up_when_shown(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    parts.selection.select_job("one", CART)
    details.hide()
    parts.start("one")
    assert details.head.tag.word == "Queued"
    details.show()
    assert details.head.tag.word == "Running"


def test_a_new_attempt_is_the_one_that_is_shown(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    details.attempts_view.select(details.attempts.attempts[0].id)
    last = details.attempts.attempts[-1]
    parts.end(last, AttemptStatus.FAILED, then=JobStatus.QUEUED)
    assert current(details) == 1, "what a person chose stays"
    parts.start("edit")
    assert current(details) == 3


def current(details: DetailsPanel) -> int:
    number: int = details.attempts_view.currentIndex().data(ATTEMPT_ROLE).number
    return number


def test_a_click_on_a_bar_chooses_its_attempt(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    assert current(details) == 2
    QTest.mouseClick(details.axis, Qt.MouseButton.LeftButton, pos=QPoint(5, 8))
    assert current(details) == 1


def test_the_arrows_choose_an_attempt_on_the_axis_and_say_it(
    parts: WindowParts, details: DetailsPanel
) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    assert details.axis.focusPolicy() & Qt.FocusPolicy.TabFocus
    node = QAccessible.queryAccessibleInterface(details.axis)
    assert node.text(QAccessible.Text.Value).startswith("attempt 2, ")
    QTest.keyClick(details.axis, Qt.Key.Key_Left)
    assert current(details) == 1
    assert node.text(QAccessible.Text.Value).startswith("attempt 1, ")
    QTest.keyClick(details.axis, Qt.Key.Key_Left)
    assert current(details) == 1, "there is none before the first"
    QTest.keyClick(details.axis, Qt.Key.Key_End)
    assert current(details) == 2


def test_output_is_the_end_of_what_was_printed_without_its_escapes(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    attempt = parts.start("one")
    pieces = (
        ("stdout", b"\x1b[32mEdited\x1b[0m cart.py\n"),
        ("stderr", "warning\u202e: \xff\n".encode("latin-1", "replace")),
        ("stdout", b"10 %\r100 %\n\x1b]52;c;c2VjcmV0\x07<b>done</b>\n"),
    )
    write_output(folder_of(parts, attempt), *pieces)
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Output")
    lines = printed(qtbot, details)
    assert lines[0] == "Edited cart.py"
    assert lines[2:] == ["100 %", "<b>done</b>"]
    details.tabs.output.stream_box.setCurrentIndex(2)
    assert printed(qtbot, details)[0].startswith("warning")


def test_output_of_a_running_attempt_grows(qtbot: QtBot, parts: WindowParts, details: DetailsPanel) -> None:
    parts.enter(spec("one"))
    folder = folder_of(parts, parts.start("one"))
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Output")
    printed(qtbot, details)
    assert details.tabs.output.note == "No output."
    write_output(folder, ("stdout", b"first\n"))
    qtbot.waitUntil(lambda: details.tabs.output.text.toPlainText() == "first")


AGENT_SAYS = (
    b'{"type":"item.started","item":{"type":"command_execution","command":"pytest -q"}}\n'
    b'{"type":"item.completed","item":{"type":"command_execution","command":"pytest -q","exit_code":1}}\n'
)


def test_output_of_an_agent_is_sentences_that_grow_and_its_streams_are_raw(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one", tool="codex", command=None, prompt="Mend it."))
    folder = folder_of(parts, parts.start("one"))
    write_output(folder, ("stdout", AGENT_SAYS))
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Output")
    output = details.tabs.output
    assert printed(qtbot, details) == ["running pytest -q", "ran pytest -q, exit 1"]
    more = b'{"type":"item.completed","item":{"type":"agent_message","text":"Two tests fail."}}\n'
    (folder / "index").unlink()
    (folder / "stdout").unlink()
    write_output(folder, ("stdout", AGENT_SAYS), ("stdout", more))
    qtbot.waitUntil(lambda: output.text.toPlainText().endswith("said: Two tests fail."))
    output.stream_box.setCurrentIndex(output.stream_box.findData("stdout"))
    assert printed(qtbot, details)[0].startswith('{"type":"item.started"')
    parts.enter(spec("text"))
    parts.selection.select_job("text", CART)
    assert output.stream_box.itemText(0) == "All streams"


def test_much_output_is_cut_and_says_so(qtbot: QtBot, parts: WindowParts, details: DetailsPanel) -> None:
    parts.enter(spec("one"))
    folder = folder_of(parts, parts.start("one"))
    write_output(folder, ("stdout", b"".join(b"line %d\n" % number for number in range(40_000))))
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Output")
    lines = printed(qtbot, details)
    assert len(lines) <= 1000
    assert lines[-1] == "line 39999"
    assert "all of it is in Logs" in details.tabs.output.note


def test_an_attempt_from_elsewhere_shows_the_output_in_its_result(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    attempt = parts.start("one")
    parts.ledger.attempts.end(attempt, *outcome({"stdout": "from the result\n"}), now=parts.clock.now)
    parts.follow()
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Output")
    assert printed(qtbot, details) == ["from the result"]


def outcome(result: dict[str, Any]) -> Any:
    from state.ledger import AttemptOutcome, Following  # noqa: PLC0415 - only this test goes around `WindowParts`

    done = AttemptOutcome(status=AttemptStatus.COMPLETED, result=result)
    return done, Following(status=JobStatus.COMPLETED)


def test_the_job_file_shows_no_secret(parts: WindowParts, details: DetailsPanel) -> None:
    command = {"exe": "curl", "args": ["--token", "tok-12345678", "-H", "Authorization: Bearer abcdef123456"]}
    parts.enter(spec("one", command=command, env={"PLAIN": "value-of-plain", "API_KEY": "env:API_KEY"}))
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Job file")
    text = details.tabs.file.toPlainText()
    masked = json.loads(text)
    assert masked["env"] == {"PLAIN": MASK, "API_KEY": "env:API_KEY"}
    assert masked["command"]["args"][0] == "--token"
    for secret in ("tok-12345678", "abcdef123456", "value-of-plain"):
        assert secret not in text


def test_the_environment_tab_names_variables_and_masks_values(
    parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one", env={"PLAIN": "value-of-plain"}))
    folder = folder_of(parts, parts.start("one"))
    (folder / "invocation.json").write_text(json.dumps({"env_names": ["PATH", "PLAIN"]}), encoding="utf-8")
    parts.selection.select_job("one", CART)
    details.tabs.turn_to("Environment")
    variables = details.tabs.environment.values()
    assert variables == {"PLAIN": f"{MASK}  from the job file", "PATH": f"{MASK}  passed on by Signalbox"}


def test_events_are_listed_and_counted(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    count = details.tabs.events.rowCount()
    assert count >= 4
    assert details.tabs.bar.tabText(NAMES.index("Events")) == f"Events {count}"


def test_a_failure_seen_before_is_shown(parts: WindowParts, details: DetailsPanel) -> None:
    for job_id in ("one", "two"):
        parts.enter(spec(job_id))
        parts.end(parts.start(job_id), AttemptStatus.FAILED, then=JobStatus.FAILED, summary="disk full")
    parts.selection.select_job("two", CART)
    details.tabs.turn_to("Events")
    assert details.tabs.errors.text().startswith("Seen 2 times")


def in_repository(folder: Path) -> Path:
    repo = folder / "shop"
    repo.mkdir()
    (repo / "cart.py").write_text("one\ntwo\nthree\n", encoding="utf-8")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "first")):
        run_git(repo, *arguments)
    return repo


def run_git(repo: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=repo, check=True, capture_output=True)


def record_before(repo: Path, folder: Path) -> None:
    """What an adapter notes before a tool starts."""
    taken = snapshots.take(repo, folder / "objects")
    record = {"root": str(repo), "head": git.head(repo), "tree": taken.tree, "apart": dict(taken.apart)}
    (folder / "before.json").write_text(json.dumps(record), encoding="utf-8")


def test_changes_of_a_running_attempt_come_from_git(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel, tmp_path: Path
) -> None:
    repo = in_repository(tmp_path)
    (repo / "dirty.py").write_text("was here before\n", encoding="utf-8")
    parts.enter(spec("one", paths={"repo_root": str(repo)}))
    record_before(repo, folder_of(parts, parts.start("one")))
    (repo / "cart.py").write_text("one\n2\nthree\n", encoding="utf-8")
    (repo / "new file.py").write_text("fresh\n", encoding="utf-8")
    parts.selection.select_job("one", CART)
    qtbot.waitUntil(lambda: details.tabs.diff.shown is not None, timeout=PATIENCE_MS)
    first = details.tabs.diff.shown
    assert first is not None
    assert (first.path, first.added, first.removed) == ("cart.py", 1, 1)
    lines = [(line.kind, line.text, line.old, line.new) for line in first.lines]
    assert lines[1:] == [
        ("context", "one", 1, 1),
        ("removed", "two", 2, None),
        ("added", "2", None, 2),
        ("context", "three", 3, 3),
    ]
    QTest.keyClick(details.tabs.diff.rows, Qt.Key.Key_N)
    second = details.tabs.diff.shown
    assert second is not None
    assert second.path == "new file.py"
    assert details.tabs.bar.tabText(0) == "Changes 2"


def test_changes_of_an_ended_attempt_are_those_its_result_names(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel, tmp_path: Path
) -> None:
    repo = in_repository(tmp_path)
    parts.enter(spec("one", paths={"repo_root": str(repo)}))
    attempt = parts.start("one")
    record_before(repo, folder_of(parts, attempt))
    (repo / "cart.py").write_text("one\n2\nthree\n", encoding="utf-8")
    (repo / "other.py").write_text("by somebody else\n", encoding="utf-8")
    parts.end(attempt, metadata={"changed_files": [{"path": "cart.py", "added": 1, "removed": 1}]})
    parts.selection.select_job("one", CART)
    qtbot.waitUntil(lambda: details.tabs.diff.shown is not None, timeout=PATIENCE_MS)
    assert details.tabs.bar.tabText(0) == "Changes 1"
    assert details.tabs.diff.shown is not None
    assert details.tabs.diff.shown.path == "cart.py"


def test_a_commit_shows_what_it_contains(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel, tmp_path: Path
) -> None:
    repo = in_repository(tmp_path)
    (repo / "cart.py").write_text("one\n2\nthree\n", encoding="utf-8")
    run_git(repo, "commit", "-qam", "second")
    step = {"action": "commit", "message": "second"}
    parts.enter(spec("one", tool="git", command=None, git=step, paths={"repo_root": str(repo)}))
    parts.end(parts.start("one"), metadata={"commit": git.head(repo)})
    parts.selection.select_job("one", CART)
    qtbot.waitUntil(lambda: details.tabs.diff.shown is not None, timeout=PATIENCE_MS)
    assert details.tabs.diff.shown is not None
    assert (details.tabs.diff.shown.path, details.tabs.diff.shown.added) == ("cart.py", 1)


def test_git_is_not_run_for_a_job_that_only_reads(parts: WindowParts, details: DetailsPanel) -> None:
    parts.enter(spec("one", tool="tests", command=None))
    parts.start("one")
    parts.selection.select_job("one", CART)
    assert details.tabs.diff.message == "This job only reads; it changes no files."


def test_an_attempt_that_changed_nothing_says_so(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel
) -> None:
    parts.enter(spec("one"))
    parts.end(parts.start("one"), metadata={"changed_files": []})
    parts.selection.select_job("one", CART)
    qtbot.waitUntil(lambda: details.tabs.diff.message == "No files changed.")


def test_a_deleted_repository_leaves_the_names_of_the_changed_files(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel, tmp_path: Path
) -> None:
    parts.enter(spec("one"))
    attempt = parts.start("one")
    record = {"root": str(tmp_path / "gone"), "head": "0" * 40, "tree": "0" * 40}
    (folder_of(parts, attempt) / "before.json").write_text(json.dumps(record), encoding="utf-8")
    parts.end(attempt, metadata={"changed_files": [{"path": "cart.py", "added": 1, "removed": 1}]})
    parts.selection.select_job("one", CART)
    qtbot.waitUntil(lambda: details.tabs.diff.shown is not None, timeout=PATIENCE_MS)
    assert details.tabs.diff.shown is not None
    assert details.tabs.diff.shown.path == "cart.py"


def test_the_diff_of_the_selected_file_is_shown(
    qtbot: QtBot, parts: WindowParts, details: DetailsPanel, tmp_path: Path
) -> None:
    repo = in_repository(tmp_path)
    parts.enter(spec("one", paths={"repo_root": str(repo)}))
    record_before(repo, folder_of(parts, parts.start("one")))
    for name in ("a.py", "b.py"):
        (repo / name).write_text("x\n", encoding="utf-8")
    parts.selection.select_file(*CART, "b.py")
    qtbot.waitUntil(
        lambda: details.tabs.diff.shown is not None and details.tabs.diff.shown.path == "b.py",
        timeout=PATIENCE_MS,
    )


def test_no_value_is_read_as_markup(parts: WindowParts, details: DetailsPanel) -> None:
    parts.enter(spec("one", metadata={"title": "<table><tr><td>bold</b>"}))
    parts.selection.select_job("one", CART)
    labels = [label for label in details.findChildren(QLabel) if label.text()]
    assert labels
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert details.head.name.text() == "<table><tr><td>bold</b>"


def test_the_models_keep_the_rules_of_their_kind(
    parts: WindowParts, details: DetailsPanel, qtmodeltester: Any
) -> None:
    qtmodeltester.check(details.attempts)
    qtmodeltester.check(details.steps)
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    parts.end(details.attempts.attempts[-1], AttemptStatus.TIMEOUT, then=JobStatus.QUEUED)
    parts.start("edit")
    parts.selection.clear()
    assert details.attempts.rowCount() == 0


def test_a_running_attempt_grows_older_without_being_read_again(
    parts: WindowParts, details: DetailsPanel
) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    model: AttemptsModel = details.attempts
    parts.clock.now += 60
    model.tick(parts.clock.now)
    assert cells(details, AttemptColumn.TOOK)[-1] == "1 m 37 s"


def test_it_is_painted_in_both_themes(parts: WindowParts, details: DetailsPanel) -> None:
    enter_three(parts)
    parts.selection.select_job("edit", CART)
    for name in ("light", "dark"):
        parts.theme.set_preference(name)
        for tab in NAMES:
            details.tabs.turn_to(tab)
            assert not details.grab().isNull()
        bar = details.axis.mapTo(details, QPoint(details.axis.width() // 4, 9))
        assert details.grab().toImage().pixelColor(bar) == parts.theme.state("failed").tint


def test_labels_and_note_are_shown_as_plain_text_and_their_buttons_ask_for_others(
    parts: WindowParts, details: DetailsPanel
) -> None:
    enter_three(parts)
    part = details.note_part
    parts.selection.select_job("edit", CART)
    assert part.note.isHidden()
    assert part.buttons["note"].text() == "Add note"
    parts.ledger.commands.apply(["edit"], noting("<b>Ask</b> Anna\u202e.\nTwice."))
    parts.ledger.commands.apply(["edit"], labelling(["flaky", "slow"], ()))
    parts.follow()
    assert part.note.text() == "<b>Ask</b> Anna\\u202e.\nTwice."
    assert part.chips.labels == ("flaky", "slow")
    assert part.chips.accessibleName() == "Labels: flaky, slow"
    requested: list[tuple[str, tuple[str, ...]]] = []
    parts.actions.triggered.connect(lambda command, ids: requested.append((command, ids)))
    for button in part.buttons.values():
        button.click()
    assert requested == [("label", ("edit",)), ("note", ("edit",))]
    for widget in (part.note, *part.buttons.values()):
        assert {action.shortcut().toString() for action in widget.actions()} == {"G", "N"}, (
            "keys work there, too"
        )
    parts.actions.set_observing(True)
    assert not any(button.isEnabled() for button in part.buttons.values())
    assert "only observes" in part.buttons["note"].toolTip()


def test_the_attempt_that_is_shown_can_be_compared_once_there_are_two(
    parts: WindowParts, details: DetailsPanel, qtbot: QtBot
) -> None:
    enter_three(parts)
    parts.selection.select_job("plan", CART)
    assert details.compare_button.isHidden()
    parts.selection.select_job("edit", CART)
    assert not details.compare_button.isHidden()
    first = details.attempts.attempts[0]
    details.attempts_view.select(first.id)
    with qtbot.waitSignal(details.comparison_requested) as requested:
        details.compare_button.click()
    assert requested.args == [parts.projection.jobs["edit"], first.id]
