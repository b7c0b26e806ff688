"""The sheets of the Help menu: every shortcut with its filter, and the page of the job file."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.control.action_table import ACTIONS
from gui.control.actions import Actions
from gui.sheets.help_sheet import JOB_FILE, HelpSheet
from gui.sheets.shortcut_sheet import Shortcut, ShortcutSheet
from gui.theme.theme import Theme
from gui.window.menus import shortcut_groups
from tests.helpers.patience import PATIENCE_MS


def test_every_shortcut_of_an_action_is_in_the_sheet_and_the_filter_finds_it(
    theme: Theme, qtbot: QtBot
) -> None:
    window = QWidget()
    window.resize(1024, 680)
    qtbot.addWidget(window)
    sheet = ShortcutSheet(shortcut_groups(), theme, window)
    rows = [row for row in sheet.model.rows if isinstance(row, Shortcut)]
    listed = {row.title for row in rows}
    assert {action.title for action in ACTIONS if action.shortcut} <= listed
    window.show()
    sheet.open()
    qtbot.keyClicks(sheet.field, "f11 window")
    assert sheet.model.rows == ["View", Shortcut("Panel in the whole window", ("F11",))]
    sheet.field.setText("no such key")
    assert sheet.model.rows == []
    sheet.dismiss()
    sheet.open()
    assert len(sheet.model.rows) > len(rows)


def test_a_question_mark_opens_the_shortcuts_but_can_be_typed_in_a_text(
    actions: Actions, qtbot: QtBot
) -> None:
    window, opened = QWidget(), list[str]()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, text, other = QLineEdit(), QPlainTextEdit(), QWidget()
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for widget in (field, text, other):
        column.addWidget(widget)
    window.addAction(actions.action("shortcuts"))
    actions.triggered.connect(lambda action, _jobs: opened.append(action))
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    for widget in (field, text):
        widget.setFocus()
        QTest.keyClick(widget, "?")  # type: ignore[call-overload]  # a character stands for its key
    assert (field.text(), text.toPlainText(), opened) == ("?", "?", [])
    other.setFocus()
    QTest.keyClick(other, "?")  # type: ignore[call-overload]  # as above
    assert opened == ["shortcuts"]


def test_the_page_of_the_job_file_is_shown_with_its_sections_and_its_links_work(
    theme: Theme, qtbot: QtBot
) -> None:
    window = QWidget()
    window.resize(1280, 1080)
    qtbot.addWidget(window)
    window.show()
    sheet = HelpSheet(theme, window)
    sheet.show_page(JOB_FILE)
    qtbot.waitUntil(lambda: sheet.is_complete, timeout=PATIENCE_MS)
    shown = sheet.text.toPlainText()
    assert sheet.heading.text() == "The job file"
    assert sheet.height() == 880, "what is read has the room that there is"
    assert shown.startswith("The job file")
    assert sheet.text.horizontalScrollBar().maximum() == 0
    for words in ("schema_version", "metadata.retry.limit", "When a job fails", "files_scope"):
        assert words in shown
    sections = [sheet.contents.item(row).text() for row in range(sheet.contents.count())]
    assert sections[0] == "Scopes"
    assert "What needs a grant" in sections
    bar = sheet.text.verticalScrollBar()
    sheet.text.anchorClicked.emit(QUrl("#what-needs-a-grant"))
    assert bar.value() > 0
    sheet.text.anchorClicked.emit(QUrl("tools-of-your-own.md"))
    qtbot.waitUntil(lambda: sheet.is_complete and sheet.heading.text() != "The job file", timeout=PATIENCE_MS)
    assert (
        Path("specs/tools-of-your-own.md").read_text(encoding="utf-8").startswith(f"# {sheet.heading.text()}")
    )
    sheet.stop_reading()
