"""The new-pipeline form: steps that can be added, moved and removed, and the pipeline file they make."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import read_file, read_source
from gui.data.tool_presence import ToolPresence
from gui.sheets.new_pipeline import (
    PipelineDraft,
    StepDraft,
    pipeline_file,
    pipeline_problems,
    pipeline_text,
    step_field,
)
from gui.sheets.new_pipeline_sheet import NewPipelineSheet
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS

EDIT = StepDraft(name="edit", tool="claude", task="Round money once.")
CHECK = StepDraft(name="check", tool="tests", task="-x")
DOCS = StepDraft(name="docs", workstream="docs", tool="claude", task="Describe it.", after="check")


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def form(parts: WindowParts) -> NewPipelineSheet:
    made = NewPipelineSheet(parts.projection, parts.theme, home=parts.home, parent=parts.window)
    made.open()
    return made


def draft(*steps: StepDraft, title: str = "Round", where: str = "/src/shop") -> PipelineDraft:
    return PipelineDraft(run_id="pipeline-1", title=title, where=where, steps=steps)


def test_steps_become_the_workstreams_of_one_pipeline_file() -> None:
    made = draft(EDIT, CHECK, DOCS)
    assert pipeline_problems(made) == {}
    assert pipeline_file(made)["workstreams"] == [
        {
            "id": "main",
            "steps": [
                {"name": "edit", "tool": "claude", "prompt": "Round money once."},
                {"name": "check", "tool": "tests", "tests": {"args": ["-x"]}},
            ],
        },
        {
            "id": "docs",
            "steps": [
                {"name": "docs", "tool": "claude", "prompt": "Describe it.", "after": ["main/check"]},
            ],
        },
    ]
    read = read_source(pipeline_text(made).encode(), "p.json")
    edit, check, docs = read.jobs
    assert check.metadata.depends_on == (edit.job_id,)
    assert docs.metadata.depends_on == (check.job_id,)
    assert {str(job.repo_root) for job in read.jobs} == {"/src/shop"}


@pytest.mark.parametrize(
    ("made", "field", "problem"),
    [
        (draft(EDIT, title=""), "title", "Enter a title: the run is shown by it."),
        (draft(EDIT, where="shop"), "where", "Enter the whole path, starting with / or ~."),
        (draft(EDIT, StepDraft(tool="claude")), step_field(1), "Describe the task."),
        (
            draft(StepDraft(task="echo 'half")),
            step_field(0),
            "The command line is not complete: no closing quotation.",
        ),
        (
            draft(EDIT, DOCS),
            step_field(1),
            "'check' is not another step or workstream.",
        ),
        (
            draft(EDIT, StepDraft(name="edit", task="true")),
            step_field(1),
            "Step edit is given twice in main.",
        ),
        (
            draft(StepDraft(name="a", task="true", after="b"), StepDraft(name="b", task="true")),
            "form",
            "These wait for each other: main/a → main/b → main/a.",
        ),
    ],
)
def test_a_mistake_is_shown_at_its_step(made: PipelineDraft, field: str, problem: str) -> None:
    assert pipeline_problems(made) == {field: problem}


def test_steps_are_added_moved_and_removed_and_what_was_typed_goes_along(form: NewPipelineSheet) -> None:
    steps = form.steps
    assert not steps.rows[0].remove.isEnabled()
    for name in ("a", "b", "c"):
        steps.rows[-1].name.setText(name)
        if name != "c":
            QTest.mouseClick(steps.add_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(steps.rows[2].up, Qt.MouseButton.LeftButton)
    assert [step.name for step in steps.steps()] == ["a", "c", "b"]
    assert steps.rows[1].up.hasFocus(), "the focus goes with the step"
    QTest.mouseClick(steps.rows[0].remove, Qt.MouseButton.LeftButton)
    assert [step.name for step in steps.steps()] == ["c", "b"]
    names = [row.task.accessibleName() for row in steps.rows]
    assert names == ["Task of step 1", "Task of step 2"]


def test_a_step_says_that_its_tool_is_not_installed_and_so_does_one_added_later(
    form: NewPipelineSheet,
) -> None:
    form.show_tools(ToolPresence(missing=frozenset({"claude"})))
    form.steps.show_steps((CHECK, EDIT))
    shown = [row.problem.text() for row in form.steps.rows]
    assert shown[0] == ""
    assert shown[1].startswith("claude was not found. Install it,")
    form.where.setText("/src/shop")
    form.title.setText("Round money once")
    assert form.is_valid()


def test_a_step_that_is_added_below_the_edge_is_scrolled_into_view(
    qtbot: QtBot, form: NewPipelineSheet
) -> None:
    form.steps.show_steps([EDIT] * 8)
    QTest.mouseClick(form.steps.add_button, Qt.MouseButton.LeftButton)
    added = form.steps.rows[-1].name
    assert added.hasFocus()
    qtbot.waitUntil(lambda: not added.visibleRegion().isEmpty(), timeout=PATIENCE_MS)


def test_what_is_added_is_the_pipeline_of_the_preview(qtbot: QtBot, form: NewPipelineSheet) -> None:
    form.title.setText("Round money once")
    form.where.setText("/src/shop")
    form.steps.show_steps((EDIT, CHECK))
    preview = form.preview.toPlainText()
    with qtbot.waitSignal(form.written) as caught:
        QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    path: Path = caught.args[0]
    assert path.read_text() == preview
    found = read_file(path)
    assert (found.kind, found.title, len(found.jobs)) == ("pipeline", "Round money once", 2)
    assert form.is_untouched()


def test_what_is_missing_is_shown_when_it_is_added_and_nothing_is_written(
    form: NewPipelineSheet, parts: WindowParts
) -> None:
    assert not form.steps.rows[0].problem.isVisible(), "nobody is scolded beforehand"
    QTest.mouseClick(form.add_button, Qt.MouseButton.LeftButton)
    assert form.problem_labels["title"].isVisible()
    assert form.problem_labels["where"].isVisible()
    assert form.steps.rows[0].problem.text() == "Enter the command line."
    assert form.title.hasFocus()
    assert not (parts.home.root / "drafts").exists()
    QTest.keyClick(form.title, Qt.Key.Key_Escape)
    assert not form.is_open, "nothing was typed, so nothing is asked"
