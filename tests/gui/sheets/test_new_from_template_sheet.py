"""The form of a template: fields made from its parameters, errors at the field, and the file they make."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import read_file
from gui.data.tool_presence import ToolPresence
from gui.sheets.new_from_template_sheet import NewFromTemplateSheet
from gui.sheets.template_draft import WHERE
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.tool_choice import ToolChoice
from state.records import Run
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS

MEND = """
template:
  title: A mend
  parameters:
    what: {multiline: true, title: Task}
    turns: {type: number, min: 1, max: 9, help: How many turns.}
    tool: {type: choice, choices: [claude, gemini]}
    scope: {type: path, default: src}
    commits: {type: boolean, default: true}
    docs: {type: repository, optional: true, title: Manual}
tool: '{{ tool }}'
prompt: "Mend {{ what }}. Commit: {{ commits }}."
env: {DOCS: '{{ docs }}'}
metadata: {files_scope: ['{{ scope }}'], limits: {max_turns: '{{ turns }}'}}
"""


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    repo = tmp_path / "shop"
    (repo / ".signalbox" / "templates").mkdir(parents=True)
    (repo / ".git").mkdir()
    (repo / ".signalbox" / "templates" / "a-mend.yaml").write_text(MEND)
    made.ledger.jobs.create_run(Run(run_id="r1", repo=str(repo), created_at=1.0))
    made.follow()
    yield made
    made.close()


@pytest.fixture
def form(parts: WindowParts, qtbot: QtBot) -> Iterator[NewFromTemplateSheet]:
    made = NewFromTemplateSheet(parts.projection, parts.theme, home=parts.home, parent=parts.window)
    made.open()
    qtbot.waitUntil(lambda: made.fields is not None, timeout=PATIENCE_MS)
    yield made
    made.stop_reading()


def choose(form: NewFromTemplateSheet, name: str) -> None:
    names = [form.template.itemData(row).name for row in range(form.template.count())]
    form.template.setCurrentIndex(names.index(name))


def fill(form: NewFromTemplateSheet, name: str, value: str) -> None:
    assert form.fields is not None
    match form.fields.fields[name]:
        case QPlainTextEdit() as text:
            text.setPlainText(value)
        case ChoiceBox() as choice:
            choice.setCurrentIndex(choice.findData(value))
        case QCheckBox() as box:
            box.setChecked(value == "true")
        case line:
            line.setText(value)


def notes(form: NewFromTemplateSheet) -> dict[str, str]:
    assert form.fields is not None
    return {name: note.text() for name, note in form.fields.notes.items() if note.text()}


def test_the_templates_of_the_repository_and_the_shipped_ones_are_listed_with_a_field_for_each_parameter(
    form: NewFromTemplateSheet,
) -> None:
    listed = [form.template.itemText(row) for row in range(form.template.count())]
    assert listed == [
        "A mend (of the repository)",
        "Fix a failing test (shipped)",
        "Fix an issue (shipped)",
        "Nightly tests (shipped)",
        "Run a command (shipped)",
        "Run the tests (shipped)",
    ]
    choose(form, "a-mend")
    assert form.fields is not None
    kinds = {name: type(widget) for name, widget in form.fields.fields.items()}
    assert kinds == {
        "what": QPlainTextEdit,
        "turns": QLineEdit,
        "tool": ToolChoice,
        "scope": QLineEdit,
        "commits": QCheckBox,
        "docs": QLineEdit,
    }
    names = [widget.accessibleName() for widget in form.fields.fields.values()]
    assert names == ["Task", "turns", "tool", "scope", "commits", "Manual"]
    assert form.first_focus() is form.fields.fields["what"]


def test_what_is_added_is_the_file_of_the_preview(
    qtbot: QtBot, form: NewFromTemplateSheet, tmp_path: Path
) -> None:
    choose(form, "a-mend")
    for name, value in {"what": "the\ncart", "turns": "5", "tool": "gemini", "commits": "false"}.items():
        fill(form, name, value)
    preview = form.preview.toPlainText()
    with qtbot.waitSignal(form.written, timeout=PATIENCE_MS) as caught:
        QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    path: Path = caught.args[0]
    assert path.read_text() == preview
    (job,) = read_file(path).jobs
    assert (job.tool, job.prompt) == ("gemini", "Mend the\ncart. Commit: false.")
    assert job.metadata.limits.max_turns == 5
    assert str(job.repo_root) == str(tmp_path / "shop")
    assert not form.is_open
    assert form.is_untouched()


def test_a_mistake_is_shown_at_its_field_and_nothing_is_written(
    form: NewFromTemplateSheet, parts: WindowParts
) -> None:
    choose(form, "a-mend")
    assert notes(form) == {"turns": "How many turns."}, "nobody is scolded beforehand"
    assert json.loads(form.preview.toPlainText())["prompt"] == "Mend {{ what }}. Commit: true."
    fill(form, "turns", "12")
    fill(form, "scope", "../outside")
    QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    assert notes(form) == {
        "what": "Is missing.",
        "tool": "Is missing.",
        "turns": "Should be a number from 1 to 9, not 12.",
    }
    assert not (parts.home.root / "drafts").exists()
    for name, value in {"what": "it", "tool": "claude", "turns": "2"}.items():
        fill(form, name, value)
    assert notes(form)["scope"] == "Must be a path inside the repository, without '..'."
    fill(form, "scope", "")
    assert json.loads(form.file_text())["metadata"]["files_scope"] == ["src"]


def test_a_folder_is_chosen_for_a_parameter_that_is_a_repository(
    qtbot: QtBot, form: NewFromTemplateSheet, tmp_path: Path
) -> None:
    choose(form, "a-mend")
    assert form.fields is not None
    button = form.fields.findChild(QPushButton, "choose_docs")
    assert button is not None
    assert button.accessibleName() == "Choose Manual"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(form.findChildren(QFileDialog)), timeout=PATIENCE_MS)
    [dialog] = form.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert form.fields.values()["docs"] == str(tmp_path)


def test_another_folder_lists_its_templates_and_keeps_what_was_typed(
    qtbot: QtBot, form: NewFromTemplateSheet, tmp_path: Path
) -> None:
    choose(form, "fix-an-issue")
    fill(form, "issue", "Totals are rounded twice")
    other = tmp_path / "other" / ".signalbox" / "templates"
    other.mkdir(parents=True)
    (other / "broken.yaml").write_text("template: {}\n")
    form.where.setText(str(tmp_path / "other"))
    qtbot.waitUntil(lambda: form.template.count() == 5, timeout=PATIENCE_MS)
    assert form.refused.text() == "Not listed: broken.yaml: line 1: template.title: is missing."
    assert json.loads(form.file_text())["prompt"].endswith("Totals are rounded twice\n")


def test_words_of_a_repository_are_plain_text_without_hidden_characters(
    qtbot: QtBot, form: NewFromTemplateSheet, tmp_path: Path
) -> None:
    odd = tmp_path / "odd" / ".signalbox" / "templates"
    odd.mkdir(parents=True)
    (odd / "odd.json").write_text(
        json.dumps(
            {
                "template": {
                    "title": "<b>Odd</b> \u202eeman",
                    "parameters": {"a": {"title": "\u202eA", "help": "<i>h</i> \u202e", "default": "x"}},
                },
                "tool": "claude",
                "prompt": "{{ a }}",
            }
        )
    )
    form.where.setText(str(tmp_path / "odd"))
    qtbot.waitUntil(
        lambda: form.template.findText("Odd", Qt.MatchFlag.MatchContains) >= 0, timeout=PATIENCE_MS
    )
    choose(form, "odd")
    assert form.fields is not None
    shown = [form.template.currentText(), form.fields.fields["a"].accessibleName(), notes(form)["a"]]
    assert not any("\u202e" in text for text in shown)
    assert shown[0].startswith("<b>Odd</b> ")


def test_escape_asks_before_it_discards_what_was_entered(form: NewFromTemplateSheet) -> None:
    choose(form, "a-mend")
    fill(form, "turns", "3")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.is_open
    form.begin()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert not form.is_open


def test_a_form_that_nothing_was_typed_in_opens_with_the_template_and_folder_of_the_welcome(
    qtbot: QtBot, form: NewFromTemplateSheet, tmp_path: Path
) -> None:
    form.dismiss()
    (tmp_path / "other").mkdir()
    form.open_at("run-a-command", str(tmp_path / "other"))
    qtbot.waitUntil(
        lambda: (one := form.chosen()) is not None and one.name == "run-a-command", timeout=PATIENCE_MS
    )
    assert form.template.count() == 5, "the one of the repository of before is not listed"
    assert json.loads(form.file_text())["paths"]["repo_root"] == str(tmp_path / "other")
    assert not form.problem_labels[WHERE].isVisible()
    fill(form, "line", "make lint")
    form.dismiss()
    form.open_at("run-the-tests", str(tmp_path))
    qtbot.waitUntil(lambda: not form._background.is_busy, timeout=PATIENCE_MS)
    assert json.loads(form.file_text())["command"]["args"] == ["-c", "make lint"], "what was typed is lost"


def test_a_template_begins_with_a_tool_that_is_installed_and_says_of_the_others_what_to_do(
    form: NewFromTemplateSheet,
) -> None:
    choose(form, "fix-an-issue")
    form.show_tools(ToolPresence(missing=frozenset({"claude", "opencode"}), unusable=frozenset({"codex"})))
    assert form.fields is not None
    tool = form.fields.fields["coding_tool"]
    assert isinstance(tool, ToolChoice)
    assert tool.currentText() == "gemini"
    assert '"tool": "gemini"' in form.file_text()
    assert form.is_untouched()
    assert "coding_tool" not in notes(form)
    row = tool.findData("claude")
    assert tool.itemData(row, Qt.ItemDataRole.AccessibleTextRole) == "claude, not found"
    tool.setCurrentIndex(row)
    tool.activated.emit(row)
    assert notes(form)["coding_tool"].startswith("claude was not found. Install it,")
    form.show_tools(ToolPresence(missing=frozenset({"claude"})))
    assert tool.currentText() == "claude", "what a person has chosen stays"
    form.show_tools(ToolPresence())
    assert "coding_tool" not in notes(form)
