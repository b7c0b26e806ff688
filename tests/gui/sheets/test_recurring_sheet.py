"""The sheet of recurring runs: it lists them, adds one, pauses and removes it, and says what is wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.recurring.recurring_folder import find_recurring_runs, recurring_folder
from gui.sheets.recurring_sheet import RecurringAction, RecurringSheet
from gui.widgets.banner import Banner
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.command_line import python
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts, qtbot: QtBot) -> Iterator[RecurringSheet]:
    made = RecurringSheet(parts.theme, parts.window, sources=parts.sources)
    made.open()
    qtbot.waitUntil(made.list.isHidden, timeout=PATIENCE_MS)
    yield made
    made.stop_reading()


def fill(sheet: RecurringSheet, name: str, what: str, every: str) -> None:
    sheet.name.setText(name)
    sheet.what.setText(what)
    sheet.every.setText(every)


def banner_of(sheet: RecurringSheet) -> str:
    return next((one.accessibleName() for one in sheet.findChildren(Banner) if one.isVisible()), "")


def test_a_recurring_run_is_added_edited_paused_removed_and_put_back_in_its_sheet(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not sheet.empty.isHidden(), "an empty list says what to do"
    performed: list[tuple[str, ...]] = []
    sheet.performed.connect(performed.append)
    file = tmp_path / "count.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    fill(sheet, "count", str(file), "every night 22:00")
    qtbot.waitUntil(lambda: sheet.times.text().count("22:00") == 3, timeout=PATIENCE_MS)
    sheet.add_button.click()
    qtbot.waitUntil(lambda: sheet.list.count() == 1, timeout=PATIENCE_MS)
    assert sheet.list.item(0).text().startswith("count: count.json, every night 22:00, next ")
    assert sheet.name.text() == ""
    sheet.edit_button.click()
    assert sheet.what.text() == str(file)
    sheet.every.setText("every monday 08:00")
    sheet.add_button.click()
    qtbot.waitUntil(lambda: "every monday 08:00" in sheet.list.item(0).text(), timeout=PATIENCE_MS)
    sheet.switch_button.click()
    qtbot.waitUntil(lambda: sheet.list.item(0).text().endswith("paused"), timeout=PATIENCE_MS)
    sheet.run_button.click()
    qtbot.waitUntil(lambda: len(list(parts.home.inbox.glob("count-*-now-*.json"))) == 1, timeout=PATIENCE_MS)
    sheet.remove_button.click()
    qtbot.waitUntil(lambda: sheet.list.count() == 0, timeout=PATIENCE_MS)
    assert [words for words in performed if words] == [
        ("schedules", "add", "count", str(file), "--every", "every night 22:00"),
        ("schedules", "pause", "count"),
        ("schedules", "run-now", "count"),
        ("schedules", "remove", "count"),
    ]
    assert find_recurring_runs(parts.home.root) == []
    sheet.action_requested.emit(RecurringAction.UNDO)
    qtbot.waitUntil(lambda: sheet.list.count() == 1, timeout=PATIENCE_MS)
    assert [one.name for one in find_recurring_runs(parts.home.root)] == ["count"]


def test_what_could_not_run_is_refused_with_its_reason_and_stays_in_the_form(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot
) -> None:
    fill(sheet, "nightly", "nightly-test", "every 7 minutes")
    qtbot.waitUntil(lambda: "divide an hour evenly" in sheet.times.text(), timeout=PATIENCE_MS)
    sheet.add_button.click()
    qtbot.waitUntil(lambda: "repo: is missing" in banner_of(sheet), timeout=PATIENCE_MS)
    assert "every: should be one of" in banner_of(sheet)
    assert sheet.name.text() == "nightly"
    sheet.every.setText("every hour")
    sheet.repo.setText(str(parts.home.root))
    sheet.add_button.click()
    qtbot.waitUntil(lambda: "did you mean nightly-tests?" in banner_of(sheet), timeout=PATIENCE_MS)


def test_a_file_that_is_not_valid_is_listed_with_its_line(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot
) -> None:
    folder = recurring_folder(parts.home.root)
    folder.mkdir()
    (folder / "bad.yaml").write_text("template: x\nrepo: /srv\nevery: daily\n", encoding="utf-8")
    sheet.open()
    qtbot.waitUntil(lambda: sheet.list.count() == 1, timeout=PATIENCE_MS)
    assert sheet.list.item(0).text().startswith("bad: is not valid: line 3: every: 'daily' is not understood")
    assert not sheet.run_button.isEnabled()
    assert sheet.remove_button.isEnabled()
