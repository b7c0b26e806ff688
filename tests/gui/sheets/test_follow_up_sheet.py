"""Send back: the words of a person, which session hears them, and what becomes of a draft."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.host.commands import FollowUpJobs
from gui.sheets.follow_up_sheet import FollowUpSheet
from state.records import Job, JobStatus
from tests.gui.window_parts import WindowParts, make_window_parts

GOES_ON = "claude goes on in the session of attempt 2."
BEGINS = "claude begins a new session, since a new one was requested."


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts) -> FollowUpSheet:
    made = FollowUpSheet(parts.theme, parts.window)
    made.show_jobs([job("a")], "a", session=GOES_ON, fresh_session=BEGINS)
    return made


def job(job_id: str, status: JobStatus = JobStatus.FAILED) -> Job:
    return Job(job_id=job_id, run_id="r", ws_id="w", tool="claude", status=status)


def test_it_says_which_session_hears_the_words_and_a_person_may_want_a_new_one(sheet: FollowUpSheet) -> None:
    assert sheet.heading.text() == "Send back a"
    assert sheet.session.text() == GOES_ON
    sheet.fresh.setChecked(True)
    assert sheet.session.text() == BEGINS
    sheet.show_jobs([job("b")], "b", session=BEGINS, fresh_session=BEGINS)
    assert sheet.fresh.isHidden(), "there is nothing to choose"


def test_words_are_sent_with_ctrl_return(sheet: FollowUpSheet, qtbot: QtBot) -> None:
    assert not sheet.accept_button.isEnabled()
    sheet.text.setPlainText("Use a comma.\nAnd a bang.")
    sheet.fresh.setChecked(True)
    with qtbot.waitSignal(sheet.sent) as sent:
        QTest.keyClick(sheet.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent.args == [FollowUpJobs(job_ids=("a",), words="Use a comma.\nAnd a bang.", fresh=True)]
    assert sheet.is_open, "until they were taken"
    sheet.answer("")
    assert not sheet.is_open


def test_what_was_written_and_not_sent_is_kept_for_the_same_job(sheet: FollowUpSheet) -> None:
    sheet.text.setPlainText("Use a")
    sheet.dismiss()
    sheet.show_jobs([job("b")], "b", session=GOES_ON, fresh_session=BEGINS)
    assert sheet.text.toPlainText() == ""
    sheet.show_jobs([job("a")], "a", session=GOES_ON, fresh_session=BEGINS)
    assert sheet.text.toPlainText() == "Use a"
    sheet.answer("")
    sheet.show_jobs([job("a")], "a", session=GOES_ON, fresh_session=BEGINS)
    assert sheet.text.toPlainText() == ""


def test_a_refusal_is_shown_and_the_words_stay(sheet: FollowUpSheet) -> None:
    sheet.text.setPlainText("Use a comma.")
    sheet.answer("a is running.")
    assert sheet.is_open
    assert sheet.problem.text() == "a is running."
    assert sheet.text.toPlainText() == "Use a comma."
    assert sheet.accept_button.isEnabled()


def test_more_than_a_job_takes_cannot_be_sent(sheet: FollowUpSheet) -> None:
    sheet.text.setPlainText("x" * 100_001)
    assert not sheet.accept_button.isEnabled()
    assert "100,000 are the most" in sheet.problem.text()


def test_a_job_that_has_ended_well_says_what_it_costs(sheet: FollowUpSheet) -> None:
    assert sheet.sentence.isHidden()
    sheet.show_jobs([job("a", JobStatus.COMPLETED)], "a", session=GOES_ON, fresh_session=BEGINS)
    assert "It has ended well" in sheet.sentence.text()
