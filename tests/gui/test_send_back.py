"""Send back in a real window, from the action to the queued job and the card of its next attempt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.host.commands import FollowUpJobs
from gui.app import ControlRoom
from gui.data.card_building import card_of
from gui.data.job_actions import job_actions
from state.new_session import NewSession
from state.records import Attempt, AttemptStatus, Job, JobStatus, Workstream
from tests.helpers.claude_job import ClaudeJob


@pytest.fixture
def greet(tmp_path: Path) -> ClaudeJob:
    made = ClaudeJob(tmp_path)
    made.run()
    return made


@pytest.fixture
def room(qtbot: QtBot, greet: ClaudeJob) -> Iterator[ControlRoom]:
    made = ControlRoom(greet.signalbox.home.root)
    made.theme.reduce_motion = True
    qtbot.waitExposed(made.window)
    yield made
    made.close("leave")


def test_a_job_is_sent_back_with_words_and_hears_them_in_its_session(
    room: ControlRoom, greet: ClaudeJob, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "greet" in room.projection.jobs)
    room.actions.run("follow-up", ["greet"])
    sheet = room.sheets.follow_up_sheet
    assert sheet.session.text() == "claude goes on in the session of attempt 1."
    assert "It has ended well" in sheet.sentence.text()
    sheet.text.setPlainText("Use a comma.")
    qtbot.mouseClick(sheet.accept_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not sheet.is_open)
    qtbot.waitUntil(lambda: room.projection.jobs["greet"].attempts == 2)
    qtbot.waitUntil(lambda: room.projection.jobs["greet"].status is JobStatus.COMPLETED)
    assert greet.heard()[1]["prompt"] == "Use a comma.\n"
    assert greet.heard()[1]["before"] == ["Greet the world.\n"]


def test_a_refusal_stays_in_the_sheet_with_the_words(room: ControlRoom, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "greet" in room.projection.jobs)
    room.actions.run("follow-up", ["greet"])
    sheet = room.sheets.follow_up_sheet
    sheet.text.setPlainText("Use a comma.")
    sheet.sent.emit(FollowUpJobs(job_ids=("nobody",), words="Use a comma."))
    qtbot.waitUntil(lambda: "nobody" in sheet.problem.text())
    assert sheet.is_open
    assert sheet.text.toPlainText() == "Use a comma."


def test_only_a_coding_tool_is_offered_to_be_sent_back() -> None:
    def offered(tool: str, status: JobStatus, attempts: int = 1) -> bool:
        job = Job(job_id="a", run_id="r", ws_id="w", tool=tool, status=status, attempts=attempts)
        return "follow-up" in [action.command for action in job_actions(job)]

    assert offered("claude", JobStatus.COMPLETED)
    assert offered("aider", JobStatus.FAILED)
    assert not offered("shell", JobStatus.COMPLETED)
    assert not offered("claude", JobStatus.RUNNING)
    assert not offered("claude", JobStatus.QUEUED, attempts=0)


def test_a_running_card_says_which_session_its_attempt_works_in() -> None:
    job = Job(job_id="a", run_id="r", ws_id="w", tool="aider", status=JobStatus.RUNNING, attempts=2)

    def session(**fields: Any) -> str:
        attempt = Attempt(
            id=2, run_id="r", ws_id="w", job_id="a", step_name="", number=2, tool="aider",
            status=AttemptStatus.RUNNING, **fields,
        )  # fmt: skip
        stream = Workstream(run_id="r", ws_id="w")
        return card_of(
            stream, [job], run=None, files=(), wait_of=lambda _: None, attempt_of=lambda _: attempt
        ).session

    assert session() == ""
    assert session(resumes=1) == "Resumes the session of attempt 1."
    assert session(new_session=NewSession.CANNOT) == "A new session: aider cannot resume one."
