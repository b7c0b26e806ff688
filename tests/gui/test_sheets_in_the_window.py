"""Sheets over a real window: they fit the smallest one, no dock lies over them, each waits for its own answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from engine.host.commands import AddJobs, EditJob
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from gui.app import ControlRoom
from gui.control.engine_host import Answer
from gui.widgets.page_scroll import PageScroll
from gui.window.main_window import SMALLEST


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[ControlRoom]:
    made = ControlRoom(tmp_path / "home", engine=False)
    made.theme.reduce_motion = True
    qtbot.waitExposed(made.window)
    yield made
    made.close("leave")


@pytest.mark.parametrize("command", ["settings", "limits"])
def test_in_the_smallest_window_a_sheet_scrolls_and_its_buttons_stay_below_the_page(
    room: ControlRoom, command: str
) -> None:
    room.window.resize(SMALLEST)
    room.actions.run(command)
    sheet = room.sheets.settings if command == "settings" else room.sheets.limits
    page = sheet.findChild(PageScroll)
    assert isinstance(page, PageScroll)
    assert sheet.geometry().bottom() < room.window.height()
    assert page.geometry().bottom() < sheet.footer.geometry().top()
    assert page.verticalScrollBar().maximum() > 0 or page.widget().height() <= page.height()


def test_a_floating_dock_is_hidden_for_a_sheet_and_comes_back(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(300, 120)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert not dock.isVisible()
    room.sheets.settings.dismiss()
    assert dock.isVisible()
    assert dock.isFloating()


def test_a_floating_dock_beside_a_sheet_stays(room: ControlRoom, qtbot: QtBot) -> None:
    dock = room.window.docks["details"]
    room.actions.run("panel_details")
    dock.setFloating(True)
    dock.move(room.window.mapToGlobal(QPoint(room.window.width() + 40, 0)))
    qtbot.waitUntil(dock.isVisible)
    room.actions.run("settings")
    assert dock.isVisible()
    room.sheets.settings.dismiss()


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


def test_the_answer_to_another_question_does_not_close_the_drop_sheet(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    demo = AddJobs(jobs=())
    other = room.commands.send(demo)
    committed_file(room, qtbot, tmp_path / "dropped.json")
    room.host.answered.emit(Answer(question=other, command=demo))
    assert room.sheets.drop.is_open
    assert room.sheets.drop.commit_button.text() == "Adding…"
    room.host.answered.emit(Answer(question=other + 1, command=demo))
    assert not room.sheets.drop.is_open


def test_a_refusal_of_another_command_is_not_shown_in_the_drop_sheet(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    demo = AddJobs(jobs=())
    other = room.commands.send(demo)
    committed_file(room, qtbot, tmp_path / "dropped.json")
    with qtbot.waitSignal(room.commands.refused) as refused:
        room.host.answered.emit(Answer(question=other, command=demo, error="A job 'x' is already here."))
    assert refused.args == ["A job 'x' is already here."]
    assert room.sheets.drop.commit_button.text() == "Adding…"


def test_an_edit_sheet_that_shows_another_job_by_now_is_not_closed_by_the_first_answer(
    room: ControlRoom,
) -> None:
    engine = EngineService(room.home)
    engine.carry_out(AddJobs(jobs=[Accepted(spec=spec(name), digest=spec(name).digest()) for name in "ab"]))
    engine.close()
    room.sheets.edit_job("a")
    room.sheets.edit.edited.emit(spec("a"))
    first = room.commands.send(AddJobs(jobs=())) - 1
    room.sheets.edit_job("b")
    room.host.answered.emit(Answer(question=first, command=EditJob(spec=spec("a"))))
    assert room.sheets.edit.is_open
    room.sheets.edit.edited.emit(spec("b"))
    room.host.answered.emit(Answer(question=first + 2, command=EditJob(spec=spec("b"))))
    assert not room.sheets.edit.is_open
