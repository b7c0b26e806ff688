"""The sheet of recurring runs: it lists them, adds, edits, pauses and removes one, and says what is wrong where."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.host.commands import EngineCommand, Undo
from engine.host.host_commands import RemoveRecurringRun
from engine.host.outcome import Outcome
from engine.recurring.recurring_folder import (
    find_recurring_runs,
    put_back,
    recurring_folder,
    remove_recurring_run,
    save_recurring_run,
    switch_recurring_run,
)
from engine.recurring.recurring_run import RecurringRun
from gui.control.engine_host import Answer
from gui.data.tool_presence import ToolPresence
from gui.sheets.recurring_conflict import ConflictAction
from gui.sheets.recurring_draft import RecurringDraft, problems_of, times_sentence
from gui.sheets.recurring_sheet import RecurringAction, RecurringSheet
from gui.widgets.banner import Banner
from state.records import Run
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.command_line import python
from tests.helpers.patience import PATIENCE_MS

SWEEP = """
template:
  title: A sweep
  parameters:
    what: {multiline: true, title: Task in as many words as there are}
    turns: {type: number, min: 1, max: 9, default: 3}
    scope: {type: path, default: src}
tool: claude
prompt: "Sweep {{ what }}."
metadata: {files_scope: ['{{ scope }}'], limits: {max_turns: '{{ turns }}'}}
"""


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    (made.home.root / "templates").mkdir(parents=True)
    (made.home.root / "templates" / "a-sweep.yaml").write_text(SWEEP, encoding="utf-8")
    made.ledger.jobs.create_run(Run(run_id="r1", repo=str(tmp_path), created_at=1.0))
    made.follow()
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts, qtbot: QtBot) -> Iterator[RecurringSheet]:
    made = RecurringSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    made.open()
    qtbot.waitUntil(made.list.isHidden, timeout=PATIENCE_MS)
    yield made
    made.stop_reading()


def open_form(sheet: RecurringSheet, qtbot: QtBot, button: QPushButton) -> None:
    button.click()
    assert sheet.is_form
    qtbot.waitUntil(lambda: sheet.form.is_ready, timeout=PATIENCE_MS)


def choose(sheet: RecurringSheet, name: str) -> None:
    choice = sheet.form.template
    names = [getattr(choice.itemData(row), "name", choice.itemData(row)) for row in range(choice.count())]
    choice.setCurrentIndex(names.index(name))


def shown_problems(sheet: RecurringSheet) -> dict[str, str]:
    return {name: label.text() for name, label in sheet.form.problems.items() if label.isVisible()}


def wait_for_list(sheet: RecurringSheet, qtbot: QtBot, *starts: str) -> None:
    def is_listed() -> bool:
        texts = sheet.list.texts()
        return len(texts) == len(starts) and all(map(str.startswith, texts, starts))

    qtbot.waitUntil(lambda: is_listed() and not sheet.is_form, timeout=PATIENCE_MS)


def saved(parts: WindowParts, name: str) -> RecurringRun:
    (run,) = [one.run for one in find_recurring_runs(parts.home.root) if one.name == name]
    assert run is not None
    return run


def add_counting(parts: WindowParts, folder: Path, **fields: object) -> None:
    file = folder / "count.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    given = {"file": str(file), "every": "every night 22:00", **fields}
    save_recurring_run(parts.home.root, "count", fields=given, now=0.0)


def test_a_recurring_run_is_added_edited_paused_removed_and_put_back_in_its_sheet(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    assert not sheet.empty.isHidden(), "an empty list says what to do"
    assert "needs trust waits" in sheet.sentence.text(), "else a night passes before anybody learns of it"
    performed: list[tuple[str, ...]] = []
    sheet.performed.connect(performed.append)
    file = tmp_path / "count.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    open_form(sheet, qtbot, sheet.new_button)
    assert sheet.form.file.isHidden()
    choose(sheet, "file")
    sheet.form.name.setText("count")
    sheet.form.file.setText(str(file))
    sheet.form.every.setText("every night 22:00")
    qtbot.waitUntil(lambda: sheet.form.times.text().count("22:00") == 3, timeout=PATIENCE_MS)
    sheet.save_button.click()
    wait_for_list(sheet, qtbot, "count, count.json, every night 22:00, ")
    banner = sheet.findChildren(Banner)[-1]
    assert "What count starts is not trusted yet: its first run waits for you. Due" in banner.sentence
    sheet.action_requested.emit(RecurringAction.RUN)
    qtbot.waitUntil(lambda: ("schedules", "run-now", "count") in performed, timeout=PATIENCE_MS)
    (queued,) = parts.home.inbox.glob("count-*-now-*.json")
    queued.unlink()
    open_form(sheet, qtbot, sheet.edit_button)
    assert sheet.form.file.text() == str(file)
    sheet.form.name.setText("tally")
    sheet.save_button.click()
    wait_for_list(sheet, qtbot, "tally, count.json, every night 22:00, ")
    selected = sheet.list.selected()
    assert selected is not None
    assert selected.name == "tally"
    open_form(sheet, qtbot, sheet.edit_button)
    sheet.form.name.setText("count")
    sheet.form.every.setText("every monday 08:00")
    sheet.form.if_running.setCurrentIndex(1)
    sheet.save_button.click()
    wait_for_list(sheet, qtbot, "count, count.json, every monday 08:00, ")
    assert saved(parts, "count").if_running == "queue"
    sheet.switch_button.click()
    wait_for_list(sheet, qtbot, "count, count.json, every monday 08:00, paused")
    sheet.run_button.click()
    qtbot.waitUntil(lambda: performed[-1] == ("schedules", "run-now", "count"), timeout=PATIENCE_MS)
    assert len(list(parts.home.inbox.glob("count-*-now-*.json"))) == 1
    assert [words for words in performed if words] == [
        ("schedules", "add", "count", str(file), "--every", "every night 22:00"),
        ("schedules", "run-now", "count"),
        ("schedules", "rename", "count", "tally"),
        ("schedules", "pause", "count"),
        ("schedules", "run-now", "count"),
    ]
    a_run_is_removed_and_put_back(sheet, parts, qtbot)


def a_run_is_removed_and_put_back(sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot) -> None:
    requested: list[EngineCommand] = []
    sheet.requested.connect(requested.append)
    sheet.remove_button.click()
    removed = remove_recurring_run(parts.home.root, "count", now=1.0)
    answer = Answer(question=1, command=requested.pop(), outcome=Outcome(removed=removed))
    sheet.answer(answer)
    wait_for_list(sheet, qtbot)
    assert answer.command == RemoveRecurringRun(name="count"), "whose line the strip shows"
    sheet.action_requested.emit(RecurringAction.UNDO)
    undo = Undo(undone=RemoveRecurringRun.kind, removed=removed)
    assert requested == [undo], "the window undoes it after the sheet is closed, too"
    sheet.answer(Answer(question=2, command=undo, error="There is one by now."))
    assert [one.sentence for one in sheet.findChildren(Banner)][-1] == "There is one by now."
    put_back(parts.home.root, removed, now=2.0)
    sheet.answer(replace(answer, command=undo))
    wait_for_list(sheet, qtbot, "count, ")


def test_a_template_has_typed_fields_and_every_value_stays_what_it_was(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    open_form(sheet, qtbot, sheet.new_button)
    choose(sheet, "a-sweep")
    fields = sheet.form.template_fields
    assert fields is not None
    lefts = [field.mapTo(sheet.form, QPoint()).x() for field in (fields.fields["what"], sheet.form.every)]
    assert lefts[0] == lefts[1], "all fields begin below each other"
    text = fields.fields["what"]
    assert isinstance(text, QPlainTextEdit)
    text.setPlainText("a; b=c\nand d")
    sheet.form.name.setText("sweep")
    sheet.form.every.setText("every hour")
    sheet.save_button.click()
    wait_for_list(sheet, qtbot, "sweep, a-sweep, every hour, ")
    assert saved(parts, "sweep").values == {"what": "a; b=c\nand d"}, "a default follows the template"
    assert saved(parts, "sweep").repo == str(tmp_path)
    open_form(sheet, qtbot, sheet.edit_button)
    sheet.form.timezone.setText("Asia/Tokyo")
    sheet.save_button.click()
    wait_for_list(sheet, qtbot, "sweep, a-sweep, every hour Asia/Tokyo, ")
    assert saved(parts, "sweep").values == {"what": "a; b=c\nand d"}


def test_only_a_new_recurring_run_takes_a_tool_that_is_installed_for_one_that_is_not(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    given = {
        "template": "fix-an-issue",
        "repo": str(tmp_path),
        "every": "every hour",
        "values": {"issue": "x"},
    }
    save_recurring_run(parts.home.root, "issue", fields=given, now=0.0)
    sheet.form.show_tools(ToolPresence(missing=frozenset({"claude"})))
    for button, tool in ((sheet.new_button, "codex"), (sheet.edit_button, "claude")):
        sheet.open_at("issue")
        wait_for_list(sheet, qtbot, "issue, ")
        open_form(sheet, qtbot, button)
        choose(sheet, "fix-an-issue")
        fields = sheet.form.template_fields
        assert fields is not None
        assert fields.values()["coding_tool"] == tool
        assert fields.notes["coding_tool"].text().startswith("claude was not found") is (tool == "claude")
        sheet.dismiss()


def test_what_could_not_run_is_refused_at_its_fields_and_stays_in_the_form(
    sheet: RecurringSheet, qtbot: QtBot
) -> None:
    open_form(sheet, qtbot, sheet.new_button)
    choose(sheet, "a-sweep")
    sheet.form.name.setText("Nightly")
    sheet.form.every.setText("every 7 minutes")
    sheet.form.timezone.setText("Mars")
    qtbot.waitUntil(lambda: sheet.form.times.text() != "", timeout=PATIENCE_MS)
    sheet.save_button.click()
    qtbot.waitUntil(lambda: "name" in shown_problems(sheet), timeout=PATIENCE_MS)
    assert shown_problems(sheet)["name"].startswith("Should be up to 40 small letters")
    assert "is no time zone" in shown_problems(sheet)["timezone"]
    assert sheet.form.template_fields is not None
    assert sheet.form.template_fields.notes["what"].text() == "Is missing."
    assert sheet.form.name.text() == "Nightly"
    sheet.form.name.setText("nightly")
    assert shown_problems(sheet) == {}, "a problem goes with the first change"


def test_every_problem_has_the_field_that_it_is_about(parts: WindowParts, tmp_path: Path) -> None:
    def problems(**fields: str) -> dict[str, str]:
        draft = RecurringDraft(**{"name": "a", "every": "every hour", "where": str(tmp_path), **fields})  # type: ignore[arg-type]
        return dict(problems_of(parts.home.root, draft, taken={"b"}))

    (tmp_path / "bad.json").write_text('{"tool": "shell"}', encoding="utf-8")
    assert problems(name="b", template_name="nightly-tests").keys() == {"name"}
    assert problems(template_name="nightly-test")["template"].startswith("There is no template nightly-test")
    assert problems(template_name="nightly-tests", where=str(tmp_path / "gone")).keys() == {"repo"}
    assert problems(template_name="nightly-tests", where="").keys() == {"repo"}
    assert problems(file="").keys() == {"file"}
    assert problems(file=str(tmp_path / "bad.json")).keys() == {"file"}
    assert problems(file=str(tmp_path / "gone.json"))["file"].startswith("Cannot be read")
    assert problems(template_name="nightly-tests", every="daily").keys() == {"every"}


def test_the_next_times_are_those_on_the_clock_of_the_zone() -> None:
    sentence = times_sentence("every night 22:00", "Asia/Tokyo")
    assert sentence.text.count(" 22:00") == 3
    assert "in Asia/Tokyo" in sentence.text
    assert not sentence.is_problem
    nowhere = times_sentence("every night 22:00", "Mars")
    assert nowhere.text.startswith("'Mars' is no time zone")
    assert nowhere.is_problem


def test_a_time_that_is_none_has_the_colour_of_an_error_once_typing_rests(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot
) -> None:
    def color() -> QColor:
        return sheet.form.times.palette().color(QPalette.ColorRole.WindowText)

    pale, wrong = parts.theme.color("t3"), parts.theme.color("failed")
    open_form(sheet, qtbot, sheet.new_button)
    sheet.form.every.setFocus()
    qtbot.keyClicks(sheet.form.every, "every night 2")
    qtbot.waitUntil(lambda: color() == wrong, timeout=PATIENCE_MS)
    qtbot.keyClicks(sheet.form.every, "2:0")
    assert color() == pale, "what is half typed is not wrong yet"
    qtbot.keyClicks(sheet.form.every, "0")
    qtbot.waitUntil(lambda: sheet.form.times.text().startswith("Due at"), timeout=PATIENCE_MS)
    assert color() == pale
    qtbot.keyClicks(sheet.form.every, "0")
    qtbot.waitUntil(lambda: not sheet.form.times.text().startswith("Due at"), timeout=PATIENCE_MS)
    sheet.form.timezone.setFocus()
    assert color() == wrong, "who leaves the field is done with it"


def test_return_in_a_field_adds_what_recurs_once_and_shows_what_is_wrong(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "count.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    open_form(sheet, qtbot, sheet.new_button)
    choose(sheet, "file")
    sheet.form.name.setText("count")
    sheet.form.file.setText(str(file))
    sheet.form.every.setFocus()
    qtbot.keyClick(sheet.form.every, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "every" in shown_problems(sheet), timeout=PATIENCE_MS)
    qtbot.keyClicks(sheet.form.every, "every hour")
    qtbot.keyClick(sheet.form.every, Qt.Key.Key_Enter)
    qtbot.keyClick(sheet.form.every, Qt.Key.Key_Enter)
    wait_for_list(sheet, qtbot, "count, ")
    assert saved(parts, "count").every == "every hour"
    (banner,) = [one for one in sheet.findChildren(Banner) if one.isVisible()]
    assert banner.sentence.startswith("What count starts is not trusted yet"), "no problem of before"


def test_neither_the_form_nor_what_was_edited_outlives_closing_or_a_removal(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    add_counting(parts, tmp_path)
    sheet.dismiss()
    sheet.open()
    wait_for_list(sheet, qtbot, "count, ")
    open_form(sheet, qtbot, sheet.edit_button)
    assert sheet.save_button.text() == "Save"
    sheet.dismiss()
    sheet.open()
    assert not sheet.is_form
    open_form(sheet, qtbot, sheet.new_button)
    assert sheet.save_button.text() == "Add"
    assert sheet.form.every.text() == ""
    sheet.request_close()
    wait_for_list(sheet, qtbot, "count, ")
    open_form(sheet, qtbot, sheet.edit_button)
    (recurring_folder(parts.home.root) / "count.yaml").unlink()
    sheet.open()
    wait_for_list(sheet, qtbot)


def test_who_saves_what_somebody_else_has_changed_meanwhile_learns_what_and_decides(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    add_counting(parts, tmp_path)
    sheet.dismiss()
    sheet.open()
    wait_for_list(sheet, qtbot, "count, ")
    root, name = parts.home.root, "count"

    def overtake(every: str) -> None:
        """What another window or an editor does."""
        fields = {**saved(parts, name).to_json(), "every": every, "if_missed": "skip"}
        save_recurring_run(root, name, fields=fields, now=0.0, replace=True)
        switch_recurring_run(root, name, enabled=False, now=0.0)

    def refuse_to_save(every: str) -> None:
        overtake(every)
        sheet.form.every.setFocus()
        qtbot.keyClick(sheet.form.every, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: every in shown_problems(sheet).get("every", ""), timeout=PATIENCE_MS)
        (banner,) = [one for one in sheet.findChildren(Banner) if one.isVisible()]
        assert banner.sentence.startswith(f"Not saved: somebody else changed count. When: {every}")
        assert saved(parts, name).every == every, "nothing is overwritten"
        assert sheet.form.every.text() == "every hour", "what was typed stays"
        assert sheet.form.every.hasFocus(), "and Return does not overwrite it either"

    open_form(sheet, qtbot, sheet.edit_button)
    sheet.form.every.setText("every hour")
    refuse_to_save("every 2 hours")
    assert shown_problems(sheet)["if_missed"] == "Somebody else changed it to: leave it out"
    sheet.action_requested.emit(ConflictAction.TAKE_THEIRS)
    qtbot.waitUntil(lambda: sheet.form.every.text() == "every 2 hours", timeout=PATIENCE_MS)
    assert sheet.form.if_missed.currentData() == "skip"
    assert not sheet.form.is_touched
    qtbot.waitUntil(lambda: sheet.form.is_ready, timeout=PATIENCE_MS)
    sheet.form.every.setText("every hour")
    refuse_to_save("every 3 hours")
    overtake("every 4 hours")
    sheet.action_requested.emit(ConflictAction.SAVE_ANYWAY)
    qtbot.waitUntil(lambda: "every 4 hours" in shown_problems(sheet).get("every", ""), timeout=PATIENCE_MS)
    sheet.action_requested.emit(ConflictAction.SAVE_ANYWAY)
    wait_for_list(sheet, qtbot, "count, count.json, every hour, paused")
    assert not saved(parts, name).enabled, "the form does not say whether it is paused"


def test_a_file_that_is_not_valid_any_more_is_only_replaced_by_who_has_learnt_of_it(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    add_counting(parts, tmp_path)
    sheet.open()
    wait_for_list(sheet, qtbot, "count, ")
    open_form(sheet, qtbot, sheet.edit_button)
    sheet.form.every.setText("every hour")
    (recurring_folder(parts.home.root) / "count.yaml").write_text("every: [", encoding="utf-8")
    sheet.save_button.click()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in sheet.findChildren(Banner)), timeout=PATIENCE_MS)
    (banner,) = [one for one in sheet.findChildren(Banner) if one.isVisible()]
    assert "count, and its file is not valid now: line 1" in banner.sentence
    assert [button.text() for button in banner.buttons] == ["Save anyway"]
    banner.buttons[0].click()
    wait_for_list(sheet, qtbot, "count, count.json, every hour, ")


def test_what_was_typed_is_only_discarded_after_a_question(sheet: RecurringSheet, qtbot: QtBot) -> None:
    open_form(sheet, qtbot, sheet.new_button)
    sheet.request_close()
    assert not sheet.is_form, "nothing was typed"
    open_form(sheet, qtbot, sheet.new_button)
    sheet.form.every.setText("every hour")
    sheet.request_close()
    assert sheet.is_form
    assert [one.accessibleName() for one in sheet.findChildren(Banner)][-1] == "Discard what you typed?"
    sheet.action_requested.emit(RecurringAction.DISCARD)
    assert not sheet.is_form


def test_a_parameter_that_is_a_path_has_a_button_for_a_folder_and_one_for_a_file(
    sheet: RecurringSheet, qtbot: QtBot, tmp_path: Path
) -> None:
    open_form(sheet, qtbot, sheet.new_button)
    choose(sheet, "a-sweep")
    for name, mode in (
        ("choose_scope", QFileDialog.FileMode.Directory),
        ("choose_file_scope", QFileDialog.FileMode.ExistingFile),
    ):
        button = sheet.form.findChild(QPushButton, name)
        assert isinstance(button, QPushButton)
        button.click()
        (dialog,) = sheet.form.findChildren(QFileDialog)
        assert dialog.fileMode() is mode
        dialog.fileSelected.emit(f"{tmp_path}/docs")
        dialog.close()
        qtbot.waitUntil(lambda: not sheet.form.findChildren(QFileDialog), timeout=PATIENCE_MS)
    fields = sheet.form.template_fields
    assert fields is not None
    assert fields.values()["scope"] == f"{tmp_path}/docs"


def test_a_template_that_is_gone_keeps_its_name_and_values_in_the_form(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot, tmp_path: Path
) -> None:
    given = {"template": "gone", "repo": str(tmp_path), "every": "every hour", "values": {"a": "1"}}
    save_recurring_run(parts.home.root, "old", fields=given, now=0.0)
    sheet.open_at("old")
    sheet.dismiss()
    sheet.open_at("old")
    wait_for_list(sheet, qtbot, "old, gone, ")
    open_form(sheet, qtbot, sheet.edit_button)
    assert sheet.form.template.currentText() == "gone"
    sheet.save_button.click()
    qtbot.waitUntil(lambda: "template" in shown_problems(sheet), timeout=PATIENCE_MS)
    assert saved(parts, "old").values == {"a": "1"}


def test_a_file_that_is_not_valid_is_listed_with_its_line(
    sheet: RecurringSheet, parts: WindowParts, qtbot: QtBot
) -> None:
    folder = recurring_folder(parts.home.root)
    folder.mkdir()
    (folder / "bad.yaml").write_text("template: x\nrepo: /srv\nevery: daily\n", encoding="utf-8")
    sheet.dismiss()
    sheet.open()
    wait_for_list(sheet, qtbot, "bad, is not valid, line 3: every: 'daily' is not understood")
    assert not sheet.run_button.isEnabled()
    assert sheet.remove_button.isEnabled()


def test_a_window_that_only_observes_changes_no_recurring_run(
    parts: WindowParts, sheet: RecurringSheet, tmp_path: Path, qtbot: QtBot
) -> None:
    add_counting(parts, tmp_path)
    sheet.open()
    wait_for_list(sheet, qtbot, "count")
    changing = (
        sheet.new_button, sheet.save_button, sheet.edit_button,
        sheet.run_button, sheet.switch_button, sheet.remove_button,
    )  # fmt: skip
    before = [button.toolTip() for button in changing]
    sheet.set_observing(True)
    assert not any(button.isEnabled() for button in changing)
    assert all("only observes" in button.toolTip() for button in changing)
    sheet.list.itemActivated.emit(sheet.list.currentItem(), 0)
    assert not sheet.is_form
    sheet._on_remove_clicked()  # what the key Del calls
    assert isinstance(sheet.findChild(Banner), Banner)
    sheet.stop_reading()
    assert saved(parts, "count").enabled
    sheet.set_observing(False)
    assert all(button.isEnabled() for button in changing)
    assert [button.toolTip() for button in changing] == before
