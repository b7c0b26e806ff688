"""What a waiting job says, edited in the window: checked while it is typed, saved only where it is valid."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import job_from_mapping
from gui.sheets.edit_job_sheet import EditJobSheet
from tests.gui.window_parts import WindowParts, make_window_parts


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts, tmp_path: Path) -> EditJobSheet:
    made = EditJobSheet(parts.theme, parts.window)
    made.show_job(
        job_from_mapping({"job_id": "a", "tool": "shell", "command": {"exe": "true"}}, base=tmp_path),
        "round-money / edit",
    )
    return made


def change(sheet: EditJobSheet, **fields: Any) -> None:
    content = json.loads(sheet.text.toPlainText()) | fields
    sheet.text.setPlainText(json.dumps(content, indent=2))


Soon = Callable[[Callable[[], bool]], None]


def test_a_job_that_was_not_changed_cannot_be_saved(sheet: EditJobSheet) -> None:
    assert sheet.heading.text() == "Edit round-money / edit"
    assert not sheet.save_button.isEnabled()
    assert not sheet.problems.isVisible()


def test_a_valid_change_is_saved(sheet: EditJobSheet, qtbot: QtBot, soon: Soon) -> None:
    change(sheet, step_name="renamed")
    soon(sheet.save_button.isEnabled)
    with qtbot.waitSignal(sheet.edited) as edited:
        qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)
    assert edited.args is not None
    assert edited.args[0].step_name == "renamed"
    assert sheet.is_open, "until it was taken"
    sheet.answer("")
    assert not sheet.is_open


def test_an_error_is_shown_with_its_line_and_cannot_be_saved(sheet: EditJobSheet, soon: Soon) -> None:
    change(sheet, metadata={"timout_seconds": 3})
    soon(sheet.problems.isVisible)
    assert "line" in sheet.problems.text()
    assert "timeout_seconds" in sheet.problems.text()
    assert not sheet.save_button.isEnabled()
    change(sheet, metadata={"timeout_seconds": 3})
    soon(sheet.save_button.isEnabled)
    assert not sheet.problems.isVisible()


def test_the_engines_refusal_is_shown(sheet: EditJobSheet, qtbot: QtBot, soon: Soon) -> None:
    change(sheet, step_name="renamed")
    soon(sheet.save_button.isEnabled)
    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)
    sheet.answer("a is running; only a waiting job can be changed.")
    assert sheet.is_open
    assert sheet.problems.text() == "a is running; only a waiting job can be changed."


def test_a_text_that_is_not_a_job_is_reported(sheet: EditJobSheet, soon: Soon) -> None:
    for text in ("", "{", '{"workstreams": []}', "\ud800"):
        sheet.text.setPlainText(text)
        soon(sheet.problems.isVisible)
        assert not sheet.save_button.isEnabled()
