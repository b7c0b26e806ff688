"""The sheets for the note and the labels of jobs: what they show, send, keep and refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.host.commands import LabelJobs, SetNote
from gui.sheets.labels_sheet import LabelsSheet
from gui.sheets.note_sheet import NoteSheet
from state.job_notes import MOST_NOTE
from state.records import Job
from tests.gui.window_parts import WindowParts, make_window_parts

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def note(parts: WindowParts) -> NoteSheet:
    return NoteSheet(parts.theme, parts.window)


@pytest.fixture
def labels(parts: WindowParts) -> LabelsSheet:
    return LabelsSheet(parts.theme, parts.window)


def job(job_id: str, *labels: str, note: str = "") -> Job:
    return Job(job_id=job_id, run_id="r", ws_id="w", labels=labels, note=note)


def boxes(sheet: LabelsSheet) -> dict[str, Qt.CheckState]:
    items = [sheet.boxes.item(row) for row in range(sheet.boxes.count())]
    return {item.text(): item.checkState() for item in items if not item.isHidden()}


def test_a_note_is_edited_and_saved_with_ctrl_return(note: NoteSheet, qtbot: QtBot) -> None:
    note.show_jobs([job("a", note="Ask Anna.")], "a")
    assert note.text.toPlainText() == "Ask Anna."
    note.text.setPlainText("Ask Anna.\nAnd Bert.")
    with qtbot.waitSignal(note.written) as sent:
        QTest.keyClick(note.text, Qt.Key.Key_Return, CONTROL)
    assert sent.args == [SetNote(job_ids=("a",), note="Ask Anna.\nAnd Bert.")]
    note.answer("The disk is full.")
    assert note.is_open
    assert note.problem.text() == "The disk is full."
    note.answer("")
    assert not note.is_open


def test_a_note_that_was_not_saved_is_kept_for_the_same_job(note: NoteSheet) -> None:
    note.show_jobs([job("a")], "a")
    note.text.setPlainText("Ask")
    note.dismiss()
    note.show_jobs([job("b")], "b")
    assert note.text.toPlainText() == ""
    note.dismiss()
    note.show_jobs([job("a")], "a")
    assert note.text.toPlainText() == "Ask"


def test_the_button_says_that_a_note_is_removed_and_a_long_one_cannot_be_saved(note: NoteSheet) -> None:
    note.show_jobs([job("a", note="x"), job("b", note="x")], "2 jobs")
    note.text.clear()
    assert note.accept_button.text() == "Remove note"
    note.text.setPlainText("x" * (MOST_NOTE + 1))
    assert not note.accept_button.isEnabled()
    assert note.problem.text() == "4,001 characters; 4,000 are the most."


def test_different_notes_are_not_replaced_without_saying_so(note: NoteSheet) -> None:
    note.show_jobs([job("a", note="x"), job("b", note="y"), job("c")], "3 jobs")
    assert note.sentence.text() == (
        "2 of the 3 jobs have notes, which differ. What you type replaces all of them."
    )
    assert (note.text.toPlainText(), note.text.placeholderText()) == ("", "The notes differ")
    assert not note.accept_button.isEnabled(), "nothing was typed, so nothing is replaced"
    assert note.accept_button.text() == "Save note"
    QTest.keyClicks(note.text, "z")
    assert (note.accept_button.isEnabled(), note.accept_button.text()) == (True, "Save note")
    QTest.keyClick(note.text, Qt.Key.Key_Backspace)
    assert (note.accept_button.isEnabled(), note.accept_button.text()) == (True, "Remove all notes")
    note.show_jobs([job("a", note="x"), job("b", note="x")], "2 jobs")
    assert note.sentence.text() == "It is written on all 2 jobs."
    assert note.text.toPlainText() == "x"
    note.show_jobs([job("a", note="x"), job("b", note="y"), job("c")], "3 jobs")
    assert not note.accept_button.isEnabled(), "what was typed and taken back is forgotten"


@pytest.mark.parametrize("modifier", [CONTROL, Qt.KeyboardModifier.NoModifier])
def test_labels_of_several_jobs_are_set_taken_and_left(
    labels: LabelsSheet, qtbot: QtBot, modifier: Qt.KeyboardModifier
) -> None:
    labels.show_jobs(
        [job("a", "flaky", "old"), job("b", "old", "slow")], "2 jobs", used={"flaky", "night", "old", "slow"}
    )
    state = Qt.CheckState
    assert boxes(labels) == {
        "flaky": state.PartiallyChecked, "old": state.Checked, "slow": state.PartiallyChecked,
        "night": state.Unchecked,
    }  # fmt: skip
    items = {labels.boxes.item(row).text(): labels.boxes.item(row) for row in range(labels.boxes.count())}
    items["old"].setCheckState(state.Unchecked)
    items["slow"].setCheckState(state.Checked)
    QTest.keyClicks(labels.field, "New, Night")
    assert set(boxes(labels)) == {"night"}, "what contains the word that is typed"
    QTest.keyClick(labels.field, Qt.Key.Key_Return)
    assert labels.is_open
    assert len(boxes(labels)) == 5
    QTest.keyClicks(labels.field, "unheard")
    assert labels.empty.text() == "No label is called so yet. Enter adds it."
    assert not labels.empty.isHidden()
    labels.field.clear()
    assert labels.empty.isHidden()
    with qtbot.waitSignal(labels.labelled) as sent:
        QTest.keyClick(labels.field, Qt.Key.Key_Return, modifier)
    (command,) = sent.args
    assert isinstance(command, LabelJobs)
    assert (set(command.add), set(command.remove)) == ({"slow", "new", "night"}, {"old"})


def test_under_the_field_it_says_that_a_space_separates_labels(labels: LabelsSheet) -> None:
    labels.show_jobs([job("a")], "a", used=())
    assert labels.hint.text() == "A space separates labels; join the words of one with a hyphen: depot-team."
    assert labels.hint.y() >= labels.field.geometry().bottom()
    assert labels.field.accessibleDescription() == labels.hint.text()
    QTest.keyClicks(labels.field, "depot-team")
    QTest.keyClick(labels.field, Qt.Key.Key_Return)
    assert set(boxes(labels)) == {"depot-team"}


def test_what_is_no_label_is_refused_where_it_was_typed(labels: LabelsSheet) -> None:
    labels.show_jobs([job("a")], "a", used=())
    labels.field.setText("two!words")
    labels.accept_button.click()
    assert labels.is_open
    assert "is not a label" in labels.problem.text()
    labels.field.clear()
    labels.accept_button.click()
    assert not labels.is_open, "nothing was changed"
