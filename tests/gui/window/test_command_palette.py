"""The command palette: what it finds, how it is used without a mouse, and where the keyboard goes after."""

import builtins
import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.control.actions import Actions
from gui.data.projection import Projection
from gui.theme.theme import Theme
from gui.window.command_palette import CommandPalette
from gui.window.palette_finder import PaletteFinder
from gui.window.palette_ranks import score
from state.records import GroupStatus, Job, JobStatus, Run, Snapshot, WorkstreamFile


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    QVBoxLayout(made).addWidget(QPushButton("before"))
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def palette(projection: Projection, actions: Actions, theme: Theme, window: QWidget) -> CommandPalette:
    return CommandPalette(PaletteFinder(projection, actions), theme, window)


def titles(palette: CommandPalette) -> list[str]:
    return [entry.title for entry in palette.entries]


def test_empty_it_shows_the_commands_that_can_be_used_now(palette: CommandPalette) -> None:
    palette.open(48)
    assert "Pause: start nothing new" in titles(palette)
    assert "Retry" not in titles(palette)


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("theme dark", "command", "Theme: dark"),
        ("night check", "run", "Night: checkout v2"),
        ("night", "command", "Night"),
        ("cart", "workstream", "cart"),
        ("lexer", "job", "lexer"),
    ],
)
def test_a_few_letters_find_it_first(palette: CommandPalette, typed: str, kind: str, title: str) -> None:
    palette.open(48)
    palette.field.setText(typed)
    assert (palette.entries[0].kind, palette.entries[0].title) == (kind, title)


def test_a_quarantined_job_has_its_own_glyph_and_a_run_where_nothing_runs_none_of_running(
    actions: Actions,
) -> None:
    made = Projection()
    made.load(
        Snapshot(
            cursor=0,
            runs=(Run(run_id="night", status=GroupStatus.RUNNING),),
            jobs=(
                Job(job_id="stuck", run_id="night", ws_id="w", status=JobStatus.FAILED, quarantined=True),
                Job(job_id="later", run_id="night", ws_id="w", status=JobStatus.QUEUED),
                Job(
                    job_id="behind", run_id="night", ws_id="w", status=JobStatus.QUEUED, depends_on=("later",)
                ),
            ),
        )
    )
    found = {entry.title: entry.state for entry in PaletteFinder(made, actions).find("stuck")}
    assert found["stuck"] == "quarantined"
    [behind] = [one for one in PaletteFinder(made, actions).find("behind") if one.kind == "job"]
    assert behind.state == "blocked"
    runs = [entry for entry in PaletteFinder(made, actions).find("night") if entry.kind == "run"]
    assert [run.state for run in runs] == ["quarantined"]


def test_a_file_is_found_by_its_name(actions: Actions) -> None:
    known = Projection()
    known.load(Snapshot(cursor=1, files=(WorkstreamFile(run_id="r", ws_id="w", path="src/parser/lexer.py"),)))
    found = PaletteFinder(known, actions).find("lexer.py")
    assert [(entry.kind, entry.target) for entry in found] == [("file", ("r", "w", "src/parser/lexer.py"))]


@pytest.mark.parametrize("typed", ["flaky", "label:fla", "cart flaky"])
def test_a_job_is_found_by_its_label_which_stands_beside_it_then(actions: Actions, typed: str) -> None:
    known = Projection()
    labelled = Job(job_id="edit", run_id="r", ws_id="cart", tool="claude", labels=("flaky", "slow"))
    known.load(Snapshot(cursor=1, jobs=(labelled, Job(job_id="other", run_id="r", ws_id="cart"))))
    finder = PaletteFinder(known, actions)
    found = [(entry.target, entry.detail) for entry in finder.find(typed) if entry.kind == "job"]
    assert found == [("edit", "cart, claude, label:flaky")]
    (by_name,) = [entry for entry in finder.find("edit") if entry.target == "edit"]
    assert by_name.detail == "cart, claude"


def test_enter_takes_the_entry_the_arrows_are_at_and_the_palette_is_gone(
    palette: CommandPalette, qtbot: QtBot
) -> None:
    palette.open(48)
    palette.field.setText("theme")
    expected = palette.entries[1]
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.selected) as selected:
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert selected.args == [expected]
    assert not palette.isVisible()


def test_escape_gives_the_keyboard_back(palette: CommandPalette, window: QWidget, qtbot: QtBot) -> None:
    button = window.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    palette.open(48)
    qtbot.waitUntil(palette.field.hasFocus)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    qtbot.waitUntil(button.hasFocus)


def test_it_takes_the_keyboard_from_another_window_and_gives_it_back(
    palette: CommandPalette, qtbot: QtBot
) -> None:
    floating = QPushButton("a floating panel")
    qtbot.addWidget(floating)
    floating.show()
    qtbot.waitExposed(floating)
    floating.activateWindow()
    floating.setFocus()
    qtbot.waitUntil(floating.hasFocus)
    palette.open(48)
    qtbot.waitUntil(palette.field.hasFocus)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(floating.hasFocus)


def test_it_is_as_high_as_what_it_found_and_says_where_that_is_nothing(palette: CommandPalette) -> None:
    palette.open(48)
    high = palette.height()
    palette.field.setText("theme dark")
    assert palette.height() < high
    palette.field.setText("zzqq")
    assert palette.nothing.isVisible()
    assert palette.nothing.text() == "Nothing matches."
    palette.field.setText("")
    assert (palette.height(), palette.nothing.isVisible()) == (high, False)


def test_enter_on_nothing_found_does_nothing(palette: CommandPalette, qtbot: QtBot) -> None:
    palette.open(48)
    palette.field.setText("zzzzzzqqq")
    assert palette.entries == []
    with qtbot.assertNotEmitted(palette.selected):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)


def test_clicking_elsewhere_closes_it(palette: CommandPalette, window: QWidget, qtbot: QtBot) -> None:
    palette.open(48)
    qtbot.waitUntil(palette.field.hasFocus)
    button = window.findChild(QPushButton)
    assert isinstance(button, QPushButton)
    button.setFocus()
    qtbot.waitUntil(lambda: not palette.isVisible())
    qtbot.waitUntil(button.hasFocus)


def test_its_model_keeps_the_rules_of_qt(palette: CommandPalette) -> None:
    tester = QAbstractItemModelTester(
        palette.list.model(), QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    palette.open(48)
    for typed in ("theme", "", "x"):
        palette.field.setText(typed)
    assert tester.model() is palette.list.model()


def test_a_key_press_among_many_jobs_is_answered_within_a_frame_or_two(
    actions: Actions, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Projection()
    jobs = tuple(Job(job_id=f"job-{n}", run_id="r", ws_id=f"w{n % 50}", seq=n) for n in range(100_000))
    known.load(Snapshot(cursor=1, jobs=jobs))
    finder = PaletteFinder(known, actions)
    best = min(_timed(finder, typed) for typed in ("job-99", "w4", "zzz"))
    assert best < 0.1
    imports: list[object] = []
    carry_out = builtins.__import__

    def counted(*of: Any) -> Any:
        imports.append(of[0])
        return carry_out(*of)

    monkeypatch.setattr(builtins, "__import__", counted)
    finder.find("jxb-99")
    assert len(imports) < 100, "an import statement for each entry takes longer than finding it"
    known.load(Snapshot(cursor=2, jobs=jobs[:1]))
    assert [entry.title for entry in finder.find("job-0") if entry.kind == "job"] == ["job-0"]
    assert not [entry for entry in finder.find("job-99") if entry.target == "job-99"]


def _timed(finder: PaletteFinder, typed: str) -> float:
    started = time.thread_time()
    finder.find(typed)
    return time.thread_time() - started


def test_a_match_at_the_start_of_a_word_is_better_than_one_inside() -> None:
    start, word, inside, spread = (score("log", text) for text in ("logs", "show log", "catalogue", "lo_g"))
    assert start is not None
    assert word is not None
    assert inside is not None
    assert spread is not None
    assert start < word < inside < spread
    assert score("log", "radar") is None
    assert score("show log", "log of the show") is not None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rtr", "Retry"),
        ("retyr", "Retry"),
        ("lim hol", "Limits and holds"),
        ("hol lim", "Limits and holds"),
        ("fixpar", "fix-parser"),
        ("par", "parser"),
        ("ret", "Retry"),
        ("hold", "Hold"),
        ("dark", "Theme: dark"),
    ],
)
def test_the_best_match_comes_first(typed: str, expected: str) -> None:
    known = (
        "Restart the engine",
        "Retry with another tool",
        "Retry",
        "Retry with dependents",
        "Hold",
        "Threshold of the disk",
        "Limits and holds",
        "Theme: light",
        "Theme: dark",
        "Export the history of a run",
        "comparison",
        "parser",
        "fix-parser",
        "fix the pairing of accounts",
    )
    ranked = [(rank, text) for text in known if (rank := score(typed, text)) is not None]
    assert min(ranked)[1] == expected


def test_letters_far_from_each_other_are_no_match() -> None:
    assert score("rtr", "Review of everything that was written") is None
    assert score("limhol", "Line up what is shown in the middle of a hall") is None


def test_help_is_found_by_that_word_whatever_its_pages_are_called(actions: Actions) -> None:
    found = [entry.title for entry in PaletteFinder(Projection(), actions).find("help")]
    assert {"Keyboard shortcuts", "The job file"} <= set(found)
