"""The whole control room over a real engine: from a dropped file to a finished job, and every way to its end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QFileSystemWatcher, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.host.commands import CancelJobs
from engine.host.review_commands import DiscardWorkstreams, SeenWorkstream
from engine.maintenance.backups import Backup
from engine.orchestrator.orchestrator import Orchestrator
from engine.recurring.due_notes import note_of
from engine.recurring.recurring_folder import remove_recurring_run, save_recurring_run
from engine.recurring.recurring_rows import RecurringRow
from engine.runners import process_tree
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from gui.__main__ import report_unexpected
from gui.app import ControlRoom
from gui.control.action_effects import SheetAction
from gui.control.engine_host import EngineHost
from gui.control.hold_banners import HoldAction
from gui.control.maintenance_tasks import MaintenanceInventory
from gui.panels.board.board_panel import BoardPanel
from gui.panels.logs.logs_panel import LogsPanel
from gui.sheets.filter_sets_sheet import FilterSetsSheet
from gui.sheets.recurring_sheet import RecurringAction
from gui.widgets.banner import BannerButton
from gui.window.counter_button import CounterButton
from state.records import JobStatus
from tests.helpers.command_line import until as blocking_until
from tests.helpers.finished_work import HEAD, FinishedWork
from tests.helpers.leftovers import deliver_deletions
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S

SLEEP = "import time; time.sleep(120)"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_room(qtbot: QtBot, home: Path) -> Iterator[Callable[..., ControlRoom]]:
    assert qtbot is not None
    rooms: list[ControlRoom] = []

    def make(**how: bool) -> ControlRoom:
        deliver_deletions()
        room = ControlRoom(home, **how)
        room.theme.reduce_motion = True
        rooms.append(room)
        return room

    yield make
    for room in rooms:
        room.close("stop")


OpenRoom = Callable[..., ControlRoom]


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=PATIENCE_MS)


def job_file(folder: Path, job_id: str, code: str = "print('hello')", **metadata: object) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{job_id}.json"
    fields = {
        "job_id": job_id,
        "workstream_id": "line",
        "tool": "shell",
        "command": {"exe": sys.executable, "args": ["-c", code]},
        "paths": {"repo_root": str(folder), "working_dir": str(folder)},
        "metadata": metadata,
    }
    file.write_text(json.dumps(fields))
    return file


def drop(room: ControlRoom, *files: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    how = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(room.window, QDragEnterEvent(QPoint(300, 300), *how))
    QApplication.sendEvent(room.window, QDropEvent(QPointF(300, 300), *how))


def commit(room: ControlRoom, qtbot: QtBot, *files: Path) -> None:
    """Drop files and press the button of the sheet."""
    drop(room, *files)
    button = room.window.findChild(QPushButton, "commitButton")
    assert isinstance(button, QPushButton)
    until(qtbot, lambda: button.isEnabled() and not room.sheets.drop._reader.is_busy)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def status(room: ControlRoom, job_id: str) -> str | None:
    job = room.projection.jobs.get(job_id)
    return None if job is None else job.status.value


def number(room: ControlRoom, bucket: str) -> int:
    return next(one.number for one in room.window.findChildren(CounterButton) if one.bucket == bucket)


def banner_text(room: ControlRoom, key: str) -> str:
    banner = room.window.banners.banner(key)
    return "" if banner is None else banner.sentence


def banner_button(room: ControlRoom, key: str, text: str) -> QPushButton:
    banner = room.window.banners.banner(key)
    assert banner is not None
    return next(button for button in banner.buttons if button.text() == text)


def test_the_panels_are_found_by_their_names_and_show_what_was_dropped(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room(remember=False)
    for name in ("dashboard", "radar", "logs", "workstreams"):
        assert room.window.findChild(QWidget, name) is not None, name
    hidden_panels_are_made_when_they_are_needed_and_never_shown_as_windows(room)
    commit(room, qtbot, job_file(tmp_path / "work", "greet", "print('a b')"))
    until(qtbot, lambda: status(room, "greet") == "completed")
    assert number(room, "done") == 1
    assert room.window.findChild(QWidget, "dropSheet") is room.sheets.drop
    assert room.window.findChild(QWidget, "settingsSheet") is None, "a sheet is made when it is first opened"
    room.sheets.open(SheetAction.SETTINGS)
    assert room.window.findChild(QWidget, "settingsSheet") is room.sheets.settings
    room.sheets.settings.dismiss()
    until(qtbot, lambda: not room.sheets.drop.is_open)
    id_and_command_line_are_copied(room)
    details_open_on_the_requested_job_and_no_label_anywhere_reads_markup(room)
    the_log_of_a_job_is_listed_alone_and_find_goes_to_the_panel_in_use(room, qtbot)
    the_first_layout_has_its_widths_again_after_the_logs_had_the_whole_window(room, qtbot)


def hidden_panels_are_made_when_they_are_needed_and_never_shown_as_windows(room: ControlRoom) -> None:
    hidden = ("details", "review", "night", "jobs")
    shown: list[QWidget] = []

    class Shown(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    windows = Shown()
    QApplication.instance().installEventFilter(windows)
    for name in hidden:
        assert room.window.findChild(QWidget, name) is None, f"{name} is made when it is first opened"
        panel = room.panels[name]
        assert room.window.findChild(QWidget, name) is panel
    QApplication.instance().removeEventFilter(windows)
    assert not shown


def id_and_command_line_are_copied(room: ControlRoom) -> None:
    room.actions.run("copy_id", ["greet"])
    assert QGuiApplication.clipboard().text() == "greet"
    room.actions.run("copy_command", ["greet"])
    assert QGuiApplication.clipboard().text() == f"{sys.executable} -c 'print('\"'\"'a b'\"'\"')'"


def details_open_on_the_requested_job_and_no_label_anywhere_reads_markup(room: ControlRoom) -> None:
    room.actions.run("show_details", ["greet"])
    assert room.window.docks["details"].isVisible()
    assert room.selection.job_id == "greet"
    wrong = [
        label.text()
        for label in room.window.findChildren(QLabel)
        if label.text() and label.textFormat() is not Qt.TextFormat.PlainText
    ]
    assert wrong == []


def the_log_of_a_job_is_listed_alone_and_find_goes_to_the_panel_in_use(
    room: ControlRoom, qtbot: QtBot
) -> None:
    room.window.docks["logs"].close()
    room.actions.run("show_log", ["greet"])
    assert room.window.docks["logs"].isVisible()
    logs = logs_of(room)
    assert [(chip.kind, chip.value) for chip in logs.bar.chips()] == [("job", "greet")]
    room.actions.run("find")
    until(qtbot, lambda: room.window.focusWidget() is logs.bar.field)


def the_first_layout_has_its_widths_again_after_the_logs_had_the_whole_window(
    room: ControlRoom, qtbot: QtBot
) -> None:
    docks = room.window.docks
    room.window.resize(1280, 800)
    room.actions.run("reset_layout")
    until(qtbot, lambda: docks["logs"].width() < 600)
    for name, dock in docks.items():
        dock.setVisible(name == "logs")
    until(qtbot, lambda: docks["logs"].width() > 1200)
    room.actions.run("reset_layout")
    room.actions.run("layouts")
    until(qtbot, lambda: docks["logs"].width() < 600)


def test_a_job_of_another_process_shows_up(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    room = open_room()
    until(qtbot, lambda: room.host.is_running)
    file = job_file(tmp_path / "work", "elsewhere")
    child = (
        "import sys; from engine.orchestrator.orchestrator import Orchestrator; from engine.system.home import Home; "
        "from engine.state_store.job_state_store import JobStateStore; "
        "o = Orchestrator(JobStateStore(home=Home.at(sys.argv[1]))); o.queue_job(sys.argv[2]); o.close()"
    )
    subprocess.run([sys.executable, "-c", child, str(home), str(file)], check=True, timeout=PATIENCE_S)
    until(qtbot, lambda: status(room, "elsewhere") == "completed")


def test_a_window_with_nothing_left_closes_at_once_and_everything_is_still_there_when_it_is_opened_again(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    room = open_room()
    commit(room, qtbot, job_file(tmp_path / "work", "greet"))
    until(qtbot, lambda: status(room, "greet") == "completed")
    room.theme.set_preference("light")
    room.window.docks["radar"].close()
    logs_of(room).show_jobs(["greet"])
    room.actions.run("text_larger")
    assert json.loads((home / "window.json").read_text())["text_size"] == 110, "saved at once"
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        room.window.close()
    assert json.loads((home / "window.json").read_text())["panels"]["logs"]["chips"]
    again = open_room()
    assert status(again, "greet") == "completed"
    assert again.theme.name == "light"
    assert not again.window.docks["radar"].isVisible()
    assert again.theme.text_size == 110
    assert [chip.value for chip in logs_of(again).bar.chips()] == ["greet"]
    with qtbot.waitSignal(again.ended, timeout=PATIENCE_MS):
        again.window.close()  # before its engine has stepped


def logs_of(room: ControlRoom) -> LogsPanel:
    logs = room.panels["logs"]
    assert isinstance(logs, LogsPanel)
    return logs


def paused(room: ControlRoom, qtbot: QtBot) -> None:
    until(qtbot, lambda: room.host.is_running)
    room.actions.run("pause")
    until(qtbot, lambda: banner_text(room, "pause") != "")


def in_line(room: ControlRoom) -> list[str]:
    waiting = [job for job in room.projection.jobs.values() if job.status.value in {"queued", "held"}]
    return [job.job_id for job in sorted(waiting, key=lambda job: job.queue_key)]


def test_commands_on_the_queue_are_carried_out_and_undone(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    paused(room, qtbot)
    assert room.window.header.engine_status.text.startswith("Paused")
    commands_are_undone_and_done_again_in_their_order(room, qtbot, tmp_path)
    the_window_asks_for_a_priority_and_for_another_tool(room, qtbot)
    a_waiting_job_is_edited_in_the_window(room, qtbot)
    all_matching_cards_are_selected_and_commands_apply_to_all(room, qtbot, tmp_path)
    the_queue_waits_until_it_is_resumed(room, qtbot, tmp_path)
    a_recurring_run_is_removed_in_its_sheet_and_put_back_by_the_window(room, qtbot, tmp_path)


def commands_are_undone_and_done_again_in_their_order(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    commit(room, qtbot, *(job_file(tmp_path / "work", name) for name in "abc"))
    until(qtbot, lambda: in_line(room) == ["a", "b", "c"])
    strip, home = room.window.status_bar.command_strip, f" --home {room.home.root}"
    files = " ".join(str(tmp_path / "work" / f"{name}.json") for name in "abc")
    assert strip.line == f"signalbox submit {files}{home}"
    undo = room.actions.action("undo")
    assert not undo.isEnabled()
    room.actions.run("move_top", ["c"])
    until(qtbot, lambda: in_line(room) == ["c", "a", "b"])
    room.actions.run("hold", ["a", "b"])
    until(qtbot, lambda: {status(room, "a"), status(room, "b")} == {"held"} and "2 jobs" in undo.text())
    assert undo.text() == "Undo: hold 2 jobs"
    assert strip.line == f"signalbox hold a b{home}"
    undo.trigger()
    until(qtbot, lambda: {status(room, "a"), status(room, "b")} == {"queued"})
    until(qtbot, lambda: strip.line == f"signalbox release a b{home}")
    assert undo.text() == "Undo: move line / c"
    undo.trigger()
    until(qtbot, lambda: in_line(room) == ["a", "b", "c"])
    assert not undo.isEnabled()
    redo = room.actions.action("redo")
    until(qtbot, lambda: redo.text() == "Redo: move line / c")
    redo.trigger()
    until(qtbot, lambda: in_line(room) == ["c", "a", "b"] and undo.text() == "Undo: move line / c")
    assert redo.text() == "Redo: hold 2 jobs"
    redo.trigger()
    until(qtbot, lambda: {status(room, "a"), status(room, "b")} == {"held"} and "2 jobs" in undo.text())
    assert not redo.isEnabled()
    undo.trigger()
    until(qtbot, lambda: {status(room, "a"), status(room, "b")} == {"queued"} and redo.isEnabled())
    room.actions.run("hold", ["b"])
    until(qtbot, lambda: status(room, "b") == "held" and undo.text() == "Undo: hold line / b")
    assert not redo.isEnabled(), "what is done anew leaves nothing to be done again"
    undo.trigger()
    until(qtbot, lambda: redo.text() == "Redo: hold line / b")
    undo.trigger()
    until(qtbot, lambda: redo.text() == "Redo: move line / c")
    until(qtbot, lambda: in_line(room) == ["a", "b", "c"])
    room.actions.run("move_up", ["a"])
    until(qtbot, lambda: "nothing in the queue would change" in banner_text(room, "command"))


def a_recurring_run_is_removed_in_its_sheet_and_put_back_by_the_window(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    file, root = job_file(tmp_path / "work", "recurs"), room.home.root
    yearly, fields = "0 0 1 1 *", {"file": str(file)}
    save_recurring_run(root, "nightly", fields={**fields, "every": yearly}, now=time.time())
    note = note_of(root, "nightly")
    sheet, strip = room.sheets.recurring, room.window.status_bar.command_strip
    undo, redo = room.actions.action("undo"), room.actions.action("redo")
    sheet.open_at("nightly")
    for again in (False, True):
        until(qtbot, lambda: len(sheet.list.texts()) == 1)
        qtbot.mouseClick(sheet.remove_button, Qt.MouseButton.LeftButton)
        until(qtbot, lambda: not sheet.list.texts() and undo.text() == "Undo: remove nightly")
        assert strip.line == f"signalbox schedules remove nightly --home {root}"
        if not again:
            sheet.action_requested.emit(RecurringAction.UNDO)
            until(qtbot, lambda: redo.text() == "Redo: remove nightly")
            assert undo.text() != "Undo: remove nightly", "what the sheet has undone is not undone again"
    sheet.dismiss()
    save_recurring_run(root, "nightly", fields={**fields, "every": "0 0 2 1 *"}, now=time.time())
    undo.trigger()
    until(qtbot, lambda: "nightly by now" in banner_text(room, "command") and undo.isEnabled())
    remove_recurring_run(root, "nightly", now=time.time())
    undo.trigger()
    until(qtbot, lambda: [row.run and row.run.every for row in room.projection.recurring] == [yearly])
    back = note_of(root, "nightly")
    assert note is not None
    assert back is not None
    assert replace(back, absence=None) == replace(note, absence=None)


def the_window_asks_for_a_priority_and_for_another_tool(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("priority", ["a"])
    assert room.router.questions.question is not None
    qtbot.mouseClick(room.router.questions.question.buttons["50"], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: room.projection.jobs["a"].priority == 50)
    room.commands.send_for("cancel", ["a"], CancelJobs)
    until(qtbot, lambda: status(room, "a") == "cancelled")
    room.actions.run("retry_with", ["a"])
    qtbot.mouseClick(room.router.questions.question.buttons["codex"], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: "a cannot be run with codex" in banner_text(room, "command"))
    assert status(room, "a") == "cancelled"


def a_waiting_job_is_edited_in_the_window(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("edit_job", ["b"])
    sheet = room.sheets.edit
    assert sheet.is_open
    fields = json.loads(sheet.text.toPlainText()) | {"step_name": "renamed"}
    sheet.text.setPlainText(json.dumps(fields))
    until(qtbot, sheet.save_button.isEnabled)
    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: room.projection.jobs["b"].step_name == "renamed" and not sheet.is_open)


def all_matching_cards_are_selected_and_commands_apply_to_all(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [job_file(tmp_path / name, name) for name in ("ants", "bees")]
    for file in files:
        fields = json.loads(file.read_text()) | {"workstream_id": file.stem}
        file.write_text(json.dumps(fields))
    commit(room, qtbot, *files)
    board = room.panels["workstreams"]
    assert isinstance(board, BoardPanel)
    # The board follows the projection a turn later; what it does not list yet cannot be chosen.
    until(qtbot, lambda: board.filter.rowCount() == 3)
    assert {status(room, "ants"), status(room, "bees")} == {"queued"}
    room.actions.run("select_all")
    until(qtbot, lambda: len(room.selection.workstreams) == 3)
    room.actions.action("hold").trigger()
    until(qtbot, lambda: {status(room, "ants"), status(room, "bees")} == {"held"})


def the_queue_waits_until_it_is_resumed(room: ControlRoom, qtbot: QtBot, tmp_path: Path) -> None:
    commit(room, qtbot, job_file(tmp_path / "work", "later"))
    until(qtbot, lambda: status(room, "later") == "queued")
    qtbot.mouseClick(banner_button(room, "pause", "Resume"), Qt.MouseButton.LeftButton)
    until(qtbot, lambda: status(room, "later") == "completed")
    assert banner_text(room, "pause") == ""


def test_a19_a_completed_job_runs_again_only_after_a_question(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    room = open_room()
    folder = tmp_path / "work"
    commit(room, qtbot, job_file(folder, "greet"), job_file(folder, "bad", "raise SystemExit(4)"))
    until(qtbot, lambda: (status(room, "greet"), status(room, "bad")) == ("completed", "failed"))
    a_command_that_does_not_fit_is_reported_and_changes_nothing(room, qtbot)
    retry_of_failed_and_completed_jobs_asks_about_the_completed_ones(room, qtbot)
    for runs, action in enumerate(("retry", "retry_dependents"), start=1):
        it_runs_again_only_after_a_question(room, qtbot, action, runs)
    retry_and_accept_as_is_apply_to_the_selected_job(room, qtbot, folder)


def a_command_that_does_not_fit_is_reported_and_changes_nothing(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("release", ["greet"])
    until(qtbot, lambda: banner_text(room, "command") != "")
    assert "greet" in banner_text(room, "command")
    room.selection.select_workstream(("nowhere", "line"))
    room.actions.run("retry")
    assert banner_text(room, "command") == "There is no job here that can be retried."
    assert status(room, "greet") == "completed"


def retry_of_failed_and_completed_jobs_asks_about_the_completed_ones(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("retry", ["greet", "bad"])
    until(qtbot, lambda: room.projection.jobs["bad"].attempts == 2)
    question = room.router.questions.question
    assert question is not None
    assert "greet" in question.heading.text()
    assert room.projection.jobs["greet"].attempts == 1
    question.dismiss()
    assert status(room, "greet") == "completed"


def it_runs_again_only_after_a_question(room: ControlRoom, qtbot: QtBot, action: str, runs: int) -> None:
    room.selection.select_job("greet")
    for answer in ("keep", "run_again"):
        room.actions.action(action).trigger()
        question = room.router.questions.question
        assert question is not None
        assert "greet" in question.heading.text()
        assert room.projection.jobs["greet"].attempts == runs
        qtbot.mouseClick(question.buttons[answer], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: room.projection.jobs["greet"].attempts == runs + 1)
    until(qtbot, lambda: status(room, "greet") == "completed")


def retry_and_accept_as_is_apply_to_the_selected_job(room: ControlRoom, qtbot: QtBot, folder: Path) -> None:
    flag = folder / "flag"
    code = f"import sys, pathlib; sys.exit(0 if pathlib.Path({str(flag)!r}).exists() else 3)"
    commit(room, qtbot, job_file(folder, "flaky", code), job_file(folder, "hopeless", "raise SystemExit(4)"))
    until(qtbot, lambda: {status(room, "flaky"), status(room, "hopeless")} == {"failed"})
    flag.touch()
    room.selection.select_job("flaky")
    room.actions.action("retry").trigger()
    until(qtbot, lambda: status(room, "flaky") == "completed")
    room.selection.select_job("hopeless")
    room.actions.action("skip").trigger()
    until(qtbot, lambda: status(room, "hopeless") == "skipped")


def test_a_failing_slot_a_bug_in_the_engine_and_a_lost_database_are_banners_that_help(
    open_room: OpenRoom,
    qtbot: QtBot,
    home: Path,
    tmp_path: Path,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    room = open_room()
    until(qtbot, lambda: room.host.is_running)
    a_slot_that_fails_again_and_again_is_shown_and_logged_once(room, qtbot, capsys)
    a_bug_in_the_engine_is_a_banner_with_a_restart(room, qtbot, tmp_path, monkeypatch)
    a_database_that_is_moved_away_is_reported_and_can_be_saved(room, qtbot, home, tmp_path)


def a_slot_that_fails_again_and_again_is_shown_and_logged_once(
    room: ControlRoom, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(message: str) -> None:
        raise RuntimeError(message)

    for message in ["The tick failed."] * 5 + ["The disk is full."]:
        try:
            fail(message)
        except RuntimeError as error:
            report_unexpected(room, type(error), error, error.__traceback__)
    until(qtbot, lambda: "The disk is full." in banner_text(room, "bug"))
    for text in ((room.home.logs / "window.log").read_text(), capsys.readouterr().err):
        assert text.count("Traceback") == 2, (
            "one line raises every error of SQLite, so the message counts too"
        )


def a_bug_in_the_engine_is_a_banner_with_a_restart(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def step(*_args: object) -> None:
            raise ZeroDivisionError("a bug")

        broken.setattr("engine.host.engine_service.EngineService.step", step)
        until(qtbot, lambda: banner_text(room, "engine") != "")
    assert banner_text(room, "engine").startswith("The engine stopped on an error at ")
    assert room.window.header.engine_status.text.startswith("Engine stopped")
    assert room.window.status_bar.heartbeat.text() == "Engine stopped"
    qtbot.mouseClick(banner_button(room, "engine", "Details"), Qt.MouseButton.LeftButton)
    assert room.problem_banners.question is not None
    room.problem_banners.question.dismiss()
    qtbot.mouseClick(banner_button(room, "engine", "Start again"), Qt.MouseButton.LeftButton)
    commit(room, qtbot, job_file(tmp_path / "work", "after"))
    until(qtbot, lambda: status(room, "after") == "completed")
    assert banner_text(room, "engine") == ""


def a_database_that_is_moved_away_is_reported_and_can_be_saved(
    room: ControlRoom, qtbot: QtBot, home: Path, tmp_path: Path
) -> None:
    (home / "signalbox.db").rename(tmp_path / "moved.db")
    until(qtbot, lambda: banner_text(room, "problem.gone") != "")
    assert str(home / "signalbox.db") in banner_text(room, "problem.gone")
    assert [button.text() for button in room.window.banners.banner("problem.gone").buttons] == [
        "Save a copy…",
        "Show folder",
    ]
    room.sheets.copy_selected.emit(tmp_path / "copy.db")
    until(qtbot, (tmp_path / "copy.db").exists)
    (tmp_path / "moved.db").rename(home / "signalbox.db")
    until(qtbot, lambda: banner_text(room, "problem.gone") == "")


def test_a_window_without_an_engine_only_watches_and_once_closed_watches_no_file_whoever_collects_it(
    open_room: OpenRoom, qtbot: QtBot
) -> None:
    room = open_room(engine=False)
    assert "view-only" in banner_text(room, "view")
    assert not room.host.is_running
    assert isinstance(room.host, EngineHost)
    watcher = room.feed.findChild(QFileSystemWatcher)
    assert watcher is not None
    room.close("stop")
    until(qtbot, lambda: not shiboken6.isValid(watcher))


def ask_to_close(room: ControlRoom) -> dict[str, QPushButton]:
    room.window.close()
    question = room.shutdown.question
    assert question is not None
    assert room.window.isVisible()
    return question.buttons


def reap(*pids: int) -> None:
    """Wait for these children, and for the shims they took over, which a window that ends would leave to init."""
    left = set(pids)
    while left:
        left.discard(os.waitpid(-1, 0)[0])
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def no_shim_left(home: Path) -> bool:
    """Whether all shims of a home have ended; a window of another process would leave its own to init."""
    left = any(process_tree.shims_on(folder) for folder in Home.at(home).attempts.iterdir())
    reap()
    return not left


def store_of(home: Path) -> JobStateStore:
    return JobStateStore(home=Home.at(home))


def status_on_disk(home: Path, job_id: str) -> str:
    store = store_of(home)
    job = store.get_job(job_id)
    store.close()
    assert job is not None
    return job.status.value


def test_cancelling_and_closing_ask_first_and_a_window_that_waits_to_close_can_be_kept_open(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    room = open_room()
    commit(room, qtbot, job_file(tmp_path / "work", "long", SLEEP))
    until(qtbot, lambda: status(room, "long") == "running")
    closing_with_work_left_can_be_cancelled(room, qtbot)
    cancel_asks_and_then_stops_the_job(room, qtbot)
    a_window_that_waits_to_close_can_be_kept_open(room, qtbot, tmp_path / "kept")
    closing_can_let_running_jobs_finish_and_starts_nothing_new(room, qtbot, tmp_path / "closed")
    assert status_on_disk(home, "closed-1") == "completed"
    assert status_on_disk(home, "closed-2") == "queued"


def closing_with_work_left_can_be_cancelled(room: ControlRoom, qtbot: QtBot) -> None:
    ask_to_close(room)
    assert room.shutdown.question is not None
    qtbot.keyClick(room.shutdown.question, Qt.Key.Key_Escape)
    assert room.shutdown.question is None
    assert room.window.isVisible()
    assert status(room, "long") == "running"


def cancel_asks_and_then_stops_the_job(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("cancel", ["long"])
    question = room.router.questions.question
    assert question is not None
    qtbot.mouseClick(question.buttons["keep"], Qt.MouseButton.LeftButton)
    assert room.projection.jobs["long"].cancel_requested_at is None
    room.actions.run("cancel", ["long"])
    question = room.router.questions.question
    assert question is not None
    qtbot.mouseClick(question.buttons["cancel"], Qt.MouseButton.LeftButton)
    until(qtbot, lambda: status(room, "long") == "cancelled")


def finishing(room: ControlRoom, qtbot: QtBot, folder: Path) -> Path:
    """Close with `finish` while the first of two jobs, named after the folder, waits for the file that is returned."""
    go = folder / "go"
    first, second = f"{folder.name}-1", f"{folder.name}-2"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)"
    commit(room, qtbot, job_file(folder, first, waits), job_file(folder, second, depends_on=[first]))
    until(qtbot, lambda: status(room, first) == "running")
    qtbot.mouseClick(ask_to_close(room)["finish"], Qt.MouseButton.LeftButton)
    return go


def a_window_that_waits_to_close_can_be_kept_open(room: ControlRoom, qtbot: QtBot, folder: Path) -> None:
    go = finishing(room, qtbot, folder)
    qtbot.mouseClick(banner_button(room, "closing", "Keep open"), Qt.MouseButton.LeftButton)
    go.touch()
    until(qtbot, lambda: status(room, "kept-2") == "completed")
    assert room.window.isVisible()
    without_open_work_it_asks_about_what_recurs(room, qtbot)


def without_open_work_it_asks_about_what_recurs(room: ControlRoom, qtbot: QtBot) -> None:
    due = (time.time() + 3600,)
    row = RecurringRow(name="nightly", path=Path("n"), run=None, error=None, note=None, upcoming=due)
    room.projection.observe_recurring([row])
    qtbot.mouseClick(ask_to_close(room)["keep_open"], Qt.MouseButton.LeftButton)
    assert not room.shutdown.mode, "it stays open"
    room.projection.observe_recurring([])


def closing_can_let_running_jobs_finish_and_starts_nothing_new(
    room: ControlRoom, qtbot: QtBot, folder: Path
) -> None:
    go = finishing(room, qtbot, folder)
    assert "have finished" in banner_text(room, "closing")
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        go.touch()


def test_closing_can_stop_all(open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path) -> None:
    room = open_room()
    folder = tmp_path / "work"
    deaf, go = folder / "deaf", folder / "go"
    stays = "import pathlib, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    stays += f"pathlib.Path({str(deaf)!r}).touch()\n"
    stays += f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)"
    commit(room, qtbot, job_file(folder, "long", stays))
    until(qtbot, deaf.exists)
    until(qtbot, lambda: status(room, "long") == "running")
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(ask_to_close(room)["cancel"], Qt.MouseButton.LeftButton)
        assert room.window.banners.banner("closing") is None, "an end that takes a moment needs no banner"
        until(qtbot, lambda: room.window.banners.banner("closing") is not None)
        go.touch()
    assert status_on_disk(home, "long") == "cancelled"


def test_a_home_of_a_newer_signalbox_is_only_watched(open_room: OpenRoom, qtbot: QtBot, home: Path) -> None:
    store_of(home).close()
    set_version = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
    set_version += "c.execute(\"UPDATE alembic_version SET version_num = '9999'\"); c.commit(); c.close()"
    subprocess.run(
        [sys.executable, "-c", set_version, str(home / "signalbox.db")], check=True, timeout=PATIENCE_S
    )
    before = (home / "signalbox.db").read_bytes()
    room = open_room()
    assert "view-only" in banner_text(room, "view")
    assert room.window.header.engine_status.text.startswith("View only")
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        room.window.close()
    assert (home / "signalbox.db").read_bytes() == before


def test_corrupt_window_settings_are_reported_and_kept(open_room: OpenRoom, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "window.json").write_text('{"format": 1, "theme": "li')
    room = open_room()
    assert "were not used" in banner_text(room, "settings")
    room.close()
    assert (home / "window.json").read_text() == '{"format": 1, "theme": "li'


def test_v11_a_review_opens_on_its_work_and_what_was_decided_is_undone(
    open_room: OpenRoom, qtbot: QtBot, home: Path, expect_log: LogWatch
) -> None:
    expect_log.allow("Whether a worktree was left half done is not known")  # there is no repository
    store = JobStateStore(home=Home.at(home))
    FinishedWork(store).done()
    store.close()
    room = open_room()
    until(qtbot, lambda: number(room, "needsyou") == 1)
    room.actions.run("show_review", ["edit"])
    assert room.window.docks["review"].isVisible()
    assert room.selection.workstream == ("r1", "cart")
    undo, redo = room.actions.action("undo"), room.actions.action("redo")
    room.commands.send(DiscardWorkstreams(workstreams=[SeenWorkstream("r1", "cart", HEAD)]))
    until(qtbot, lambda: number(room, "needsyou") == 0 and undo.text() == "Undo: discard Round money once")
    undo.trigger()
    until(qtbot, lambda: number(room, "needsyou") == 1 and redo.text() == "Redo: discard Round money once")
    redo.trigger()
    until(qtbot, lambda: number(room, "needsyou") == 0 and undo.text() == "Undo: discard Round money once")


def test_continuing_in_the_background_hands_the_queue_over_before_the_window_goes(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    room = open_room()
    folder = tmp_path / "work"
    go = folder / "go"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)"
    commit(room, qtbot, job_file(folder, "first", waits), job_file(folder, "second", depends_on=["first"]))
    until(qtbot, lambda: status(room, "first") == "running")
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(ask_to_close(room)["background"], Qt.MouseButton.LeftButton)
        successor = room.shutdown._successor
    assert successor is not None
    assert status_on_disk(home, "first") == "running"
    go.touch()
    reap(successor)
    assert [status_on_disk(home, job_id) for job_id in ("first", "second")] == ["completed", "completed"]


def test_a_window_takes_over_from_the_engine_in_the_background_and_nothing_runs_twice(
    open_room: OpenRoom, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    room = open_room()
    go = tmp_path / "work" / "go"
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)"
    commit(room, qtbot, job_file(tmp_path / "work", "first", waits))
    until(qtbot, lambda: status(room, "first") == "running")
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(ask_to_close(room)["background"], Qt.MouseButton.LeftButton)
        successor = room.shutdown._successor
    assert successor is not None
    again = open_room()
    assert again.projection.engine.starting or again.projection.engine.running
    assert again.window.header.engine_status.text != "No engine"
    reap(successor)
    assert status_on_disk(home, "first") == "running"
    go.touch()
    until(qtbot, lambda: status(again, "first") == "completed")
    assert again.projection.jobs["first"].attempts == 1
    until(qtbot, lambda: no_shim_left(home))  # it may have ended before the second window adopted it


def test_the_demo_fills_the_window(open_room: OpenRoom, qtbot: QtBot) -> None:
    room = open_room(demo=True)
    assert "Demo" in room.window.windowTitle()
    until(qtbot, lambda: len(room.projection.workstreams) >= 2)
    until(qtbot, lambda: number(room, "running") > 0)


def test_the_program_ends_in_order_when_requested(home: Path, tmp_path: Path, qtbot: QtBot) -> None:
    assert qtbot is not None
    file = job_file(tmp_path / "work", "long", SLEEP)
    store = store_of(home)
    store.close()
    program = subprocess.Popen(
        [sys.executable, "-m", "gui", "--home", str(home), "--demo"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    queue = (
        "import sys; from engine.orchestrator.orchestrator import Orchestrator; from engine.system.home import Home; "
        "from engine.state_store.job_state_store import JobStateStore; "
        "o = Orchestrator(JobStateStore(home=Home.at(sys.argv[1]))); o.queue_job(sys.argv[2]); o.close()"
    )
    subprocess.run([sys.executable, "-c", queue, str(home), str(file)], check=True, timeout=PATIENCE_S)
    until(qtbot, lambda: status_on_disk(home, "long") == JobStatus.RUNNING)
    program.send_signal(signal.SIGTERM)
    assert program.wait(timeout=PATIENCE_S) == 0
    assert status_on_disk(home, "long") == "held"


def test_a_stop_that_comes_before_the_window_has_heard_of_its_engine_stops_the_jobs(
    home: Path, tmp_path: Path, qtbot: QtBot, open_room: OpenRoom
) -> None:
    file = job_file(tmp_path / "work", "long", SLEEP)
    orchestrator = Orchestrator(store_of(home))
    orchestrator.queue_job(file)
    orchestrator.close()
    room = open_room()
    blocking_until(  # the event loop of the window stands still; a claim that was not started would be given back
        lambda: next(home.glob("started/*-*"), None)
    )
    assert not room.host.is_running
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        room.shutdown.close("stop")
    assert status_on_disk(home, "long") == "held"


def test_limits_and_settings_reach_the_engine_and_a_window_that_only_observes_sends_nothing(
    open_room: OpenRoom, qtbot: QtBot, home: Path
) -> None:
    room = open_room()
    until(qtbot, lambda: room.projection.engine.running)
    limits_are_changed_live_from_the_settings(room, qtbot, home)
    draining_is_shown_and_ended_by_resume(room, qtbot)
    settings_reach_the_engine_and_the_window(room, qtbot, home)
    a_window_that_only_observes_sends_nothing_until_it_is_switched_back(room, qtbot)


def limits_are_changed_live_from_the_settings(room: ControlRoom, qtbot: QtBot, home: Path) -> None:
    room.actions.run("settings")
    more = room.sheets.settings.findChild(QPushButton, "moreLimits")
    assert isinstance(more, QPushButton)
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    sheet = room.sheets.limits
    assert (sheet.is_open, room.sheets.settings.is_open) == (True, False)
    sheet.key.setEditText("aider")
    qtbot.mouseClick(sheet.add_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: len(room.projection.limits) == 2)
    qtbot.mouseClick(sheet.hold_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: banner_text(room, "hold.tool.aider") != "")
    qtbot.mouseClick(banner_button(room, "hold.tool.aider", "Resume"), Qt.MouseButton.LeftButton)
    until(qtbot, lambda: banner_text(room, "hold.tool.aider") == "")
    store = store_of(home)
    assert [limit.key for limit in store.queue_control.limits()] == ["", "aider"]
    store.close()
    sheet.dismiss()


def draining_is_shown_and_ended_by_resume(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("drain")
    until(qtbot, lambda: "Draining since" in banner_text(room, "pause"))
    room.actions.run("resume")
    until(qtbot, lambda: banner_text(room, "pause") == "")


def settings_reach_the_engine_and_the_window(room: ControlRoom, qtbot: QtBot, home: Path) -> None:
    room.actions.run("settings")
    sheet = room.sheets.settings
    assert sheet.is_open
    sheet.max_running.setValue(5)
    sheet.tools["git"].setText("/opt/git/bin/git")
    sheet.theme_choice.setCurrentIndex(sheet.theme_choice.findData("light"))
    assert not sheet.next_start.text()
    sheet.language_choice.setCurrentIndex(sheet.language_choice.findData("de"))
    assert sheet.next_start.text() == "From the next start on"
    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: not sheet.is_open)
    until(qtbot, lambda: room.projection.slots() == 5)
    assert room.theme.name == "light"
    until(qtbot, lambda: room.sources.settings().tool_paths == {"git": "/opt/git/bin/git"})
    assert json.loads((home / "window.json").read_text())["theme"] == "light"
    assert json.loads((home / "window.json").read_text())["language"] == "de"


def a_window_that_only_observes_sends_nothing_until_it_is_switched_back(
    room: ControlRoom, qtbot: QtBot
) -> None:
    window, pause = room.window, room.actions.action("pause")
    room.actions.run("observe")
    assert "View only" in window.header.engine_status.text
    assert not pause.isEnabled()
    assert "only observes" in pause.toolTip()
    for button in (window.header.pause_button, window.header.add_button):
        assert not button.isEnabled()
        assert "only observes" in button.toolTip()
    assert room.actions.action("panel_logs").isEnabled()
    assert not room.actions.action("start_engine").isEnabled(), "an engine starts what waits"
    assert not room.sheets.recurring.new_button.isEnabled()
    assert room.sheets.settings.levels.rules.isReadOnly()
    room.actions.run("filter_sets")
    (filter_sets,) = window.findChildren(FilterSetsSheet)
    assert not filter_sets.import_button.isEnabled()
    filter_sets.dismiss()
    maintenance = room.maintenance.sheet
    room.actions.run("trusted")
    backup = Backup(path=room.home.root / "b.db", at=1.0, bytes=1)
    maintenance.show_inventory(MaintenanceInventory(backups=(backup,)))
    assert not any(button.isEnabled() for button in (maintenance.restore_button, maintenance.import_button))
    assert "only observes" in maintenance.restore_button.toolTip()
    assert maintenance.backup_button.isEnabled()
    maintenance.dismiss()
    room.actions.run("pause")  # as a painted button does
    until(qtbot, lambda: window.banners.banner("command") is not None)
    assert "only observes" in window.banners.banner("command").sentence
    assert room.projection.pause() is None
    window.banners.show_banner(
        "pause", "Paused.", buttons=[BannerButton(HoldAction.LIFT, "Resume", is_change=True)]
    )
    (resume,) = window.banners.banner("pause").buttons
    assert not resume.isEnabled()
    assert "only observes" in resume.toolTip()
    window.banners.banner("observe").buttons[0].click()
    assert window.banners.banner("observe") is None
    assert resume.isEnabled()
    assert maintenance.import_button.isEnabled()
    window.banners.hide_banner("pause")
    assert "View only" not in window.header.engine_status.text
    assert pause.isEnabled()
    assert "Ctrl+P" in pause.toolTip()
    window.header.pause_button.click()
    until(qtbot, lambda: room.projection.pause() is not None)
