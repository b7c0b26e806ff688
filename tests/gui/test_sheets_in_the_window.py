"""Sheets over a real window: they fit the smallest one, no dock lies over them, each waits for its own answer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.host.commands import AddJobs, EditJob, EngineCommand, LabelJobs, SetLimit
from engine.host.engine_service import EngineService
from engine.host.host_commands import ChangeSetting
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.state_store.job_state_store import JobStateStore
from gui.app import ControlRoom
from gui.control.engine_host import Answer
from gui.widgets.banner import Banner
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet import Sheet
from gui.window.screen_fit import SMALLEST
from state.records import Limit, LimitKind
from tests.helpers.patience import PATIENCE_MS

_AT_ONCE = Limit(kind=LimitKind.GLOBAL, key="", value=3)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ControlRoom]:
    made = ControlRoom(tmp_path / "home", engine=False)
    made.theme.reduce_motion = True
    qtbot.waitExposed(made.window)
    yield made
    made.close("leave")


def test_a_sheet_fits_the_smallest_window_and_no_floating_dock_lies_over_it(
    room: ControlRoom, qtbot: QtBot
) -> None:
    a_floating_dock_is_hidden_for_a_sheet_and_comes_back(room, qtbot)
    room.actions.run("reset_layout")
    a_floating_dock_beside_a_sheet_stays(room, qtbot)
    the_forms_look_which_tools_are_installed(room, qtbot)
    room.window.resize(SMALLEST)
    for command, sheet in (("settings", room.sheets.settings), ("limits", room.sheets.limits)):
        room.actions.run(command)
        a_sheet_scrolls_and_its_buttons_stay_below_the_page(room, sheet)
        sheet.dismiss()


def the_forms_look_which_tools_are_installed(room: ControlRoom, qtbot: QtBot) -> None:
    sheets = room.sheets
    for command, form in (("new_job", sheets.new_job), ("new_from_template", sheets.new_from_template)):
        with qtbot.waitSignal(sheets.probes.located, timeout=PATIENCE_MS):
            room.actions.run(command)
        form.dismiss()
    with qtbot.waitSignal(sheets.probes.located, timeout=PATIENCE_MS):
        sheets.welcome.template_selected.emit("run-a-command", "")
    sheets.new_from_template.dismiss()


def a_sheet_scrolls_and_its_buttons_stay_below_the_page(room: ControlRoom, sheet: Sheet) -> None:
    page = sheet.findChild(PageScroll)
    assert isinstance(page, PageScroll)
    assert sheet.geometry().bottom() < room.window.height()
    assert page.geometry().bottom() < sheet.footer.geometry().top()
    assert page.verticalScrollBar().maximum() > 0 or page.widget().height() <= page.height()
    room.window.resize(1920, 1080)
    assert page.verticalScrollBar().maximum() == 0, "a high window has room for all of it"


def a_floating_dock_is_hidden_for_a_sheet_and_comes_back(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(300, 120)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert not dock.isVisible()
    room.sheets.shortcuts.open()
    room.sheets.settings.dismiss()
    assert not dock.isVisible(), "it would lie over the sheet that is still open"
    room.sheets.shortcuts.dismiss()
    assert dock.isVisible()
    assert dock.isFloating()


def a_floating_dock_beside_a_sheet_stays(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(room.window.width() + 40, 0)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert dock.isVisible()
    room.sheets.settings.dismiss()


# --- settings; the engine of this room is not started, so the commands sent to it are collected -----------------------


@pytest.fixture
def sent(room: ControlRoom) -> list[EngineCommand]:
    """The commands that reach the engine's thread."""
    found: list[EngineCommand] = []
    room.host._command.connect(lambda _question, command: found.append(command))
    return found


def test_the_settings_are_reached_by_keys_and_save_what_was_changed_in_them_and_nothing_else(
    room: ControlRoom, sent: list[EngineCommand], qtbot: QtBot
) -> None:
    the_use_of_the_tools_is_read_while_the_settings_are_open_already(room, qtbot)
    room.sheets.settings.dismiss()
    the_pages_of_the_settings_are_reached_by_the_keyboard_from_any_field(room, qtbot)
    room.sheets.settings.dismiss()
    for save in (
        a_default_of_a_coding_tool_is_saved_alone_and_one_that_is_not_valid_cannot_be_saved,
        saving_the_settings_changes_nothing_that_was_changed_elsewhere_meanwhile,
        saving_the_settings_changes_nothing_that_the_form_cannot_show,
        a_budget_is_raised_from_its_banner_in_the_settings,
    ):
        sent.clear()
        save(room, sent)
        answer_settings(room)
        assert not room.sheets.settings.is_open
    a_save_that_is_under_way_says_so_and_is_not_pressed_twice(room)


def answer_settings(room: ControlRoom, error: str = "") -> None:
    """Answer every command that waits for an answer."""
    for question in list(room.commands._waiting):
        room.host.answered.emit(Answer(question=question, command=SetLimit(limit=_AT_ONCE), error=error))


def a_save_that_is_under_way_says_so_and_is_not_pressed_twice(room: ControlRoom) -> None:
    room.actions.run("settings")
    sheet = room.sheets.settings
    sheet.more.keep_awake.toggle()
    for error in ("The disk is full.", ""):
        sheet.save_button.click()
        assert sheet.is_open
        assert (sheet.save_button.text(), sheet.save_button.isEnabled()) == ("Saving…", False)
        answer_settings(room, error)
        assert (sheet.save_button.text(), sheet.save_button.isEnabled()) == ("Save", True)
        assert [one.sentence for one in sheet.findChildren(Banner) if one.isVisible()] == [error] * bool(
            error
        )
    assert not sheet.is_open


def saving_the_settings_changes_nothing_that_was_changed_elsewhere_meanwhile(
    room: ControlRoom, sent: list[EngineCommand]
) -> None:
    room.actions.run("settings")
    store = JobStateStore(home=room.home)
    store.queue_control.change_setting("keep_history_days", 7)
    store.close()
    room.sheets.settings.more.keep_awake.setChecked(False)
    room.sheets.settings.save_button.click()
    assert sent == [ChangeSetting(key="keep_awake", value=False)]


def saving_the_settings_changes_nothing_that_the_form_cannot_show(
    room: ControlRoom, sent: list[EngineCommand]
) -> None:
    store = JobStateStore(home=room.home)
    store.queue_control.change_setting("keep_history_days", 36_500)
    store.queue_control.change_setting("tool_paths", {"make": "/opt/make", "aider": "/opt/aider"})
    store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=500))
    store.close()
    room.actions.run("settings")
    sheet = room.sheets.settings
    sheet.save_button.click()
    assert sent == []
    room.actions.run("settings")
    sheet.tools["aider"].clear()
    sheet.save_button.click()
    assert sent == [ChangeSetting(key="tool_paths", value={"make": "/opt/make"})]


def a_budget_is_raised_from_its_banner_in_the_settings(room: ControlRoom, sent: list[EngineCommand]) -> None:
    store = JobStateStore(home=room.home)
    store.queue_control.change_setting("budget_day_usd", 12.5)
    store.close()
    room.hold_banners.raise_requested.emit("budget_day_usd")
    sheet = room.sheets.settings
    entry = sheet.more.budgets["budget_day_usd"]
    assert (entry.text(), entry.selectedText()) == ("12.5", "12.5")
    assert entry.accessibleName() == "Budget of a day, US dollars"
    assert not entry.visibleRegion().isEmpty()
    entry.setText("$1,250")
    sheet.more.budgets["budget_job_usd"].setText(".")
    sheet.save_button.click()
    assert sent == [
        ChangeSetting(key="budget_day_usd", value=1250.0),
        ChangeSetting(key="budget_job_usd", value=-1.0),
    ]


def test_the_sheets_of_one_job_show_it_and_wait_for_their_own_answer(
    room: ControlRoom, sent: list[EngineCommand], qtbot: QtBot
) -> None:
    entered(room, qtbot)
    the_labels_of_a_job_are_set_from_the_menu_of_the_job(room, sent)
    room.sheets.notes.labels.dismiss()
    an_answer_about_labels_leaves_a_sheet_alone_that_was_opened_again_meanwhile(room)
    an_edit_sheet_that_shows_another_job_by_now_is_not_closed_by_the_first_answer(room)
    a_job_whose_file_cannot_be_read_is_not_opened_for_editing_and_the_reason_is_shown(room, qtbot)


def entered(room: ControlRoom, qtbot: QtBot) -> None:
    """Two jobs in the queue, a and b."""
    engine = EngineService(room.home)
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec(name), digest=spec(name).digest()) for name in "ab"]))
    engine.close()
    qtbot.waitUntil(lambda: {"a", "b"} <= set(room.projection.jobs))


def a_job_whose_file_cannot_be_read_is_not_opened_for_editing_and_the_reason_is_shown(
    room: ControlRoom, qtbot: QtBot
) -> None:
    with closing(sqlite3.connect(room.home.database)) as database, database:
        database.execute(
            """UPDATE jobs SET spec_json = '{"job_id":"a","tool":"tests","unheard_of":1}' WHERE job_id = 'a'"""
        )
    with qtbot.waitSignal(room.sheets.refused) as refused:
        room.sheets.edit_job("a")
    assert "cannot read the job file of a: unheard_of" in refused.args[0]
    assert not room.sheets.edit.is_open


# --- answers; the engine of this room is not started, so the tests give them -----------------------------------------


def spec(job_id: str) -> JobSpec:
    return job_from_mapping(
        {"job_id": job_id, "tool": "shell", "command": {"exe": "true"}}, base=Path("/nowhere")
    )


def committed_file(room: ControlRoom, qtbot: QtBot, file: Path) -> None:
    file.write_text('{"job_id": "dropped", "tool": "shell", "command": {"exe": "true"}}')
    drop = room.sheets.drop
    room.add_files([file])
    qtbot.waitUntil(drop.commit_button.isEnabled)
    qtbot.mouseClick(drop.commit_button, Qt.MouseButton.LeftButton)


def test_the_drop_sheet_waits_for_its_own_answer(room: ControlRoom, qtbot: QtBot, tmp_path: Path) -> None:
    the_answer_to_another_question_does_not_close_the_drop_sheet(room, qtbot, tmp_path)
    a_refusal_of_another_command_is_not_shown_in_the_drop_sheet(room, qtbot, tmp_path)


def the_answer_to_another_question_does_not_close_the_drop_sheet(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    demo = AddJobs(jobs=())
    other = room.commands.send(demo)
    committed_file(room, qtbot, tmp_path / "dropped.json")
    room.host.answered.emit(Answer(question=other, command=demo))
    assert room.sheets.drop.is_open
    assert room.sheets.drop.commit_button.text() == "Adding…"
    room.host.answered.emit(Answer(question=other + 1, command=demo))
    qtbot.waitUntil(lambda: not room.sheets.drop.is_open)


def a_refusal_of_another_command_is_not_shown_in_the_drop_sheet(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    demo = AddJobs(jobs=())
    other = room.commands.send(demo)
    committed_file(room, qtbot, tmp_path / "dropped.json")
    with qtbot.waitSignal(room.commands.refused) as refused:
        room.host.answered.emit(Answer(question=other, command=demo, error="A job 'x' is already here."))
    assert refused.args == ["A job 'x' is already here."]
    assert room.sheets.drop.commit_button.text() == "Adding…"


def an_edit_sheet_that_shows_another_job_by_now_is_not_closed_by_the_first_answer(
    room: ControlRoom,
) -> None:
    room.sheets.edit_job("a")
    room.sheets.edit.edited.emit(spec("a"))
    first = room.commands.send(AddJobs(jobs=())) - 1
    room.sheets.edit_job("b")
    room.host.answered.emit(Answer(question=first, command=EditJob(spec=spec("a"))))
    assert room.sheets.edit.is_open
    room.sheets.edit.edited.emit(spec("b"))
    room.host.answered.emit(Answer(question=first + 2, command=EditJob(spec=spec("b"))))
    assert not room.sheets.edit.is_open


def a_default_of_a_coding_tool_is_saved_alone_and_one_that_is_not_valid_cannot_be_saved(
    room: ControlRoom, sent: list[EngineCommand]
) -> None:
    room.actions.run("settings")
    sheet = room.sheets.settings
    sheet.pages.setCurrentIndex(1)
    form = sheet.coding_tools.forms["claude"]
    form.accounts.setPlainText("work")
    assert not sheet.save_button.isEnabled()
    form.accounts.setPlainText("")
    form.model.setText("opus")
    assert sheet.save_button.isEnabled()
    sheet.save_button.click()
    assert sent == [ChangeSetting(key="tools", value={"claude": {"model": "opus"}})]


def the_pages_of_the_settings_are_reached_by_the_keyboard_from_any_field(
    room: ControlRoom, qtbot: QtBot
) -> None:
    room.actions.run("settings")
    sheet = room.sheets.settings
    qtbot.waitUntil(sheet.max_running.hasFocus)
    control = Qt.KeyboardModifier.ControlModifier
    for page in (1, 2, 0, 1):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab, control)
        assert sheet.pages.currentIndex() == page


def the_use_of_the_tools_is_read_while_the_settings_are_open_already(room: ControlRoom, qtbot: QtBot) -> None:
    room.actions.run("settings")
    usage = room.sheets.settings.coding_tools.forms["claude"].usage
    assert usage.text() == "reading it…"
    qtbot.waitUntil(lambda: usage.text() == "nothing known")


def the_labels_of_a_job_are_set_from_the_menu_of_the_job(
    room: ControlRoom, sent: list[EngineCommand]
) -> None:
    room.actions.run("label", ("a",))
    sheet = room.sheets.notes.labels
    assert sheet.heading.text() == "Labels of a"
    sheet.field.setText("flaky")
    sheet.accept_button.click()
    assert sent == [LabelJobs(job_ids=("a",), add=("flaky",))]


def an_answer_about_labels_leaves_a_sheet_alone_that_was_opened_again_meanwhile(
    room: ControlRoom,
) -> None:
    questions: list[int] = []
    room.host._command.connect(lambda question, _command: questions.append(question))
    sheet = room.sheets.notes.labels
    for refusal in ("", "The database is busy."):
        room.actions.run("label", ("a",))
        sheet.field.setText("flaky")
        sheet.accept_button.click()
        sheet.dismiss()
        room.actions.run("label", ("a",))
        command = LabelJobs(job_ids=("a",), add=("flaky",))
        room.host.answered.emit(Answer(question=questions[-1], command=command, error=refusal))
        assert sheet.is_open
        assert sheet.problem.isHidden()
        sheet.dismiss()
