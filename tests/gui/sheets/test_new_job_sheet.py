"""The new-job form: the file it writes, what it says of mistakes, and that nothing typed is lost by a key."""

import json
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import read_file
from engine.jobfile.tool_registry import user_folder
from gui.data.tool_presence import ToolPresence
from gui.sheets.intake.drop_sheet import DropSheet
from gui.sheets.new_job import Draft, as_text, hint, job_file, problems
from gui.sheets.new_job_sheet import NewJobSheet
from gui.widgets.banner import Banner
from state.records import Run
from tests.gui.window_parts import WindowParts, make_window_parts


class PaintWatch(QObject):
    """Notes what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.rects: list[QRect] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note it and let it pass."""
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def form(parts: WindowParts) -> NewJobSheet:
    made = NewJobSheet(parts.projection, parts.theme, home=parts.home, parent=parts.window)
    made.open()
    return made


def draft(**fields: Any) -> Draft:
    return Draft(**({"job_id": "shell-1", "where": "/src/shop", "task": "true"} | fields))


def fill(form: NewJobSheet, tool: str, task: str, where: str = "/src/shop") -> None:
    form.tool.setCurrentText(tool)
    form.task.setPlainText(task)
    form.where.setText(where)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"task": "pytest -k 'a b'"}, {"command": {"exe": "pytest", "args": ["-k", "a b"]}}),
        ({"tool": "git", "task": "git status"}, {"command": {"exe": "git", "args": ["status"]}}),
        ({"tool": "git", "task": "status"}, {"command": {"exe": "git", "args": ["status"]}}),
        ({"tool": "aider", "task": "Round 'it"}, {"prompt": "Round 'it"}),
        (
            {"tool": "tests", "task": "-x", "files": "a.py b.py"},
            {"tests": {"paths": ["a.py", "b.py"], "args": ["-x"]}},
        ),
        ({"files": "a.py, 'b c.py'"}, {"files": ["a.py", "b c.py"]}),
        ({"depends_on": "a, b c"}, {"metadata": {"depends_on": ["a", "b", "c"]}}),
        (
            {"timeout_minutes": 20, "retries": 2},
            {"metadata": {"retry": {"limit": 2}, "timeout_seconds": 1200}},
        ),
        ({"priority": "high"}, {"metadata": {"priority": "high"}}),
        ({"workstream": "cart"}, {"workstream_id": "cart"}),
        ({"title": " Round once "}, {"metadata": {"title": "Round once"}}),
    ],
)
def test_each_field_becomes_the_matching_field_of_the_job_file(
    fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    found = job_file(draft(**fields))
    assert {name: found[name] for name in expected} == expected
    assert problems(draft(**fields)) == {}


def test_the_title_says_what_the_job_is_called_without_one(form: NewJobSheet) -> None:
    assert form.title.placeholderText() == "the first words of what it does"
    fill(form, "shell", "pytest -q tests/cart")
    assert form.title.placeholderText() == "pytest -q tests/cart"
    assert "metadata" not in json.loads(form.file_text())
    form.title.setText("Cart")
    assert json.loads(form.file_text())["metadata"] == {"title": "Cart"}


def test_a_folder_may_begin_with_the_home() -> None:
    assert job_file(draft(where="~/shop"))["paths"] == {"repo_root": str(Path.home() / "shop")}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"task": ""}, "task"),
        ({"task": "echo 'half"}, "task"),
        ({"tool": "claude", "task": " "}, "task"),
        ({"where": ""}, "where"),
        ({"where": "shop"}, "where"),
        ({"workstream": "cart totals"}, "workstream"),
        ({"files": "../outside.py"}, "files"),
        ({"depends_on": "-rf"}, "depends_on"),
        ({"depends_on": "shell-1"}, "depends_on"),
    ],
)
def test_a_mistake_is_shown_at_its_field(fields: dict[str, Any], field: str) -> None:
    found = problems(draft(**fields))
    assert field in found
    assert found[field].endswith(".")
    assert json.loads(as_text(draft(**fields)))["job_id"] == "shell-1"


def test_what_is_added_is_a_valid_file_that_only_we_can_read(qtbot: QtBot, form: NewJobSheet) -> None:
    fill(form, "aider", "Round money once.")
    form.retries.setValue(2)
    with qtbot.waitSignal(form.written) as caught:
        QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    path: Path = caught.args[0]
    [spec] = read_file(path).jobs
    assert (spec.tool, spec.prompt, spec.max_attempts) == ("aider", "Round money once.", 3)
    assert str(spec.repo_root) == "/src/shop"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not form.is_open


def test_an_added_job_is_treated_like_a_dropped_file(
    qtbot: QtBot, parts: WindowParts, form: NewJobSheet
) -> None:
    sheet = DropSheet(parts.projection, parts.theme, sources=parts.sources, parent=parts.window)
    form.written.connect(lambda path: sheet.add([path]))
    fill(form, "shell", "true")
    QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sheet.model.rowCount() == 1)
    assert sheet.model.row(0).name == "true"
    assert sheet.model.row(0).check.word == "Valid"
    sheet.stop_reading()


def test_the_preview_is_the_file_to_be_written(form: NewJobSheet, tmp_path: Path) -> None:
    fill(form, "tests", "-x")
    assert form.save_to(tmp_path / "job.json")
    assert (tmp_path / "job.json").read_text(encoding="utf-8") == form.preview.toPlainText()


def test_mistakes_are_shown_on_submit_and_nothing_is_written(form: NewJobSheet, parts: WindowParts) -> None:
    assert not any(label.isVisible() for label in form.problem_labels.values()), (
        "nobody is scolded beforehand"
    )
    QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    shown = {name for name, label in form.problem_labels.items() if label.isVisible()}
    assert shown == {"task", "where"}
    assert form.is_open
    assert not (parts.home.root / "drafts").exists()
    form.task.setPlainText("true")
    assert not form.problem_labels["task"].isVisible()


def test_a_file_that_cannot_be_written_is_reported_and_the_form_stays(
    form: NewJobSheet, tmp_path: Path
) -> None:
    fill(form, "shell", "true")
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not form.save_to(tmp_path / "file" / "job.json")
    [banner] = form.findChildren(Banner)
    assert "cannot be written" in banner.sentence
    assert form.task.toPlainText() == "true"


def test_save_as_asks_for_a_name_and_writes_there(qtbot: QtBot, form: NewJobSheet, tmp_path: Path) -> None:
    fill(form, "shell", "true", str(tmp_path))
    QTest.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(form.findChildren(QFileDialog)))
    [dialog] = form.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "job.json"))
    dialog.close()
    assert read_file(tmp_path / "job.json").jobs[0].tool == "shell"
    assert [one.sentence for one in form.findChildren(Banner)] == [f"Saved as {tmp_path / 'job.json'}."]


def test_escape_closes_an_untouched_form_at_once(form: NewJobSheet) -> None:
    QTest.keyClick(form.task, Qt.Key.Key_Escape)
    assert not form.is_open


def test_escape_asks_before_it_discards_what_was_typed(form: NewJobSheet) -> None:
    form.task.setPlainText("true")
    QTest.keyClick(form.task, Qt.Key.Key_Escape)
    assert form.is_open
    [banner] = form.findChildren(Banner)
    QTest.mouseClick(banner.buttons[1], Qt.MouseButton.LeftButton)
    assert form.is_open
    assert form.task.toPlainText() == "true"
    QTest.keyClick(form.task, Qt.Key.Key_Escape)
    discard = next(one for one in form.findChildren(Banner) if one.isVisible()).buttons[0]
    QTest.mouseClick(discard, Qt.MouseButton.LeftButton)
    assert not form.is_open
    form.open()
    assert form.task.toPlainText() == ""


def test_the_buttons_of_the_question_do_the_same_under_other_labels(form: NewJobSheet) -> None:
    form.task.setPlainText("true")
    QTest.keyClick(form.task, Qt.Key.Key_Escape)
    [banner] = form.findChildren(Banner)
    discard, keep = banner.buttons
    discard.setText("Keep")
    keep.setText("Discard")
    QTest.mouseClick(keep, Qt.MouseButton.LeftButton)
    assert form.is_open
    assert form.task.toPlainText() == "true"


def test_the_folder_of_the_newest_run_is_offered(parts: WindowParts) -> None:
    parts.ledger.jobs.create_run(Run(run_id="r1", repo="/src/shop", created_at=1.0))
    parts.ledger.jobs.create_run(Run(run_id="r2", repo="/src/parser", created_at=2.0))
    parts.follow()
    form = NewJobSheet(parts.projection, parts.theme, home=parts.home, parent=parts.window)
    form.open()
    assert form.where.text() == "/src/parser"


def test_two_jobs_get_two_ids(qtbot: QtBot, form: NewJobSheet) -> None:
    ids = set()
    for _ in range(2):
        form.open()
        fill(form, "shell", "true")
        with qtbot.waitSignal(form.written) as caught:
            QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
        ids.add(read_file(caught.args[0]).jobs[0].job_id)
    assert len(ids) == 2


def test_every_field_has_a_name_for_a_screen_reader(form: NewJobSheet) -> None:
    fields = (form.tool, form.task, form.where, form.workstream, form.files, form.priority, form.depends_on)
    names = [field.accessibleName() for field in (*fields, form.retries, form.timeout, form.preview)]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("task", "word"),
    [
        ("echo hello; sleep 3", "hello;"),
        ("make test && make lint", "&&"),
        ("cat log | tail", "|"),
        ("pytest > out.txt", ">"),
        ("pytest 2>&1", "2>&1"),
        ("echo $HOME", "$HOME"),
    ],
)
def test_shell_syntax_in_a_command_is_pointed_out(task: str, word: str) -> None:
    text = hint(draft(task=task))
    assert text.startswith(f"No shell reads this: {word} goes to {task.split(maxsplit=1)[0]} as it is.")


@pytest.mark.parametrize(
    "task",
    ["pytest -q tests/cart", "sh -c 'echo a; echo b'", "grep -E 'a|b' file", "python -c 'a = 1'", "'", ""],
)
def test_an_ordinary_command_line_is_not_commented_on(task: str) -> None:
    assert hint(draft(task=task)) == ""


def test_the_hint_is_no_problem_and_the_job_can_be_added(form: NewJobSheet) -> None:
    fill(form, "shell", "echo a; echo b")
    label = form.problem_labels["task"]
    assert label.isVisible()
    assert label.text().startswith("No shell reads this")
    assert problems(form.draft()) == {}
    form.task.setPlainText("echo a")
    assert not label.isVisible()


def test_a_tool_of_the_users_own_is_offered_and_gets_a_prompt(form: NewJobSheet) -> None:
    form.dismiss()
    user_folder().mkdir(parents=True)
    (user_folder() / "mine.yaml").write_text("exe: mine\n")
    form.open()
    fill(form, "mine", "Round it.")
    assert form.tool.currentText() == "mine"
    assert problems(form.draft()) == {}
    assert job_file(form.draft())["prompt"] == "Round it."
    (user_folder() / "mine.yaml").write_text("exe: mine\nprompt: shout\n")
    assert "Mine cannot be used: " in problems(form.draft())["form"]


def test_the_example_of_another_tool_replaces_the_one_before_on_screen(form: NewJobSheet) -> None:
    QCoreApplication.processEvents()
    for tool in ("claude", "shell"):
        painted = _painted(form, partial(form.tool.setCurrentText, tool))
        assert any(rect.contains(form.task.viewport().rect()) for rect in painted)


def _painted(form: NewJobSheet, act: Callable[[], None]) -> list[QRect]:
    """The rectangles of the task that are painted again when something is done."""
    watch = PaintWatch()
    form.task.viewport().installEventFilter(watch)
    act()
    QCoreApplication.processEvents()
    form.task.viewport().removeEventFilter(watch)
    return watch.rects


def test_the_form_says_of_a_chosen_tool_that_it_is_not_installed_and_adds_its_job_all_the_same(
    qtbot: QtBot, form: NewJobSheet
) -> None:
    form.show_tools(ToolPresence(missing=frozenset({"claude"})))
    note = form.problem_labels["tool"]
    assert note.isHidden()
    fill(form, "claude", "Round money once.")
    assert note.text().startswith("claude was not found. Install it,")
    assert not note.isHidden()
    with qtbot.waitSignal(form.written):
        form.add_button.click()
