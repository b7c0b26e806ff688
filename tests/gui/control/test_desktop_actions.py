"""The user's other programs: always started with an argv, in the folder the job works in, or a sentence why not."""

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine.system.home import Home
from gui.control.desktop_actions import DesktopActions, command_line
from gui.control.preferences import Preferences
from gui.data.projection import Projection
from gui.data.readers import Readers
from state.database import Database
from state.database_reader import DatabaseReader
from state.records import Job, Run, Snapshot
from state.worktree_records import TreeState, Worktree

Wait = Callable[[Callable[[], bool]], None]


class OpenedPrograms:
    """A desktop over one run whose repository is `folder`, with a program that notes how it was started."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "repo; rm -rf $HOME"
        (self.folder / "src").mkdir(parents=True)
        (self.folder / "src" / "a b.py").touch()
        self.note = tmp_path / "note.json"
        script = tmp_path / "program.py"
        script.write_text(
            "import json, os, sys\n"
            f"with open({str(self.note)!r} + '.new', 'w') as out: json.dump([os.getcwd(), sys.argv[1:]], out)\n"
            f"os.rename({str(self.note)!r} + '.new', {str(self.note)!r})\n",
        )
        self.program = shlex.join([sys.executable, str(script), "--flag"])
        home = Home.at(tmp_path / "home")
        database = Database(home.database)
        self.projection = Projection()
        self.job = Job(job_id="edit", run_id="r", ws_id="w")
        run = Run(run_id="r", repo=str(self.folder))
        self.projection.load(Snapshot(cursor=1, runs=(run,), jobs=(self.job,)))
        self.preferences = Preferences(tmp_path / "window.json")
        self.desktop = DesktopActions(
            self.projection, Readers(DatabaseReader(database), home), self.preferences
        )
        self.refused: list[str] = []
        self.desktop.refused.connect(self.refused.append)

    def started(self) -> tuple[str, list[str]]:
        folder, argv = json.loads(self.note.read_text())
        return folder, argv


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot) -> OpenedPrograms:
    assert qtbot is not None
    return OpenedPrograms(tmp_path)


def test_the_editor_opens_the_selected_file(opened: OpenedPrograms, soon: Wait) -> None:
    opened.preferences.layout.editor = opened.program
    opened.desktop.open_editor([opened.job], "src/a b.py")
    soon(opened.note.exists)
    assert opened.started() == (str(opened.folder), ["--flag", str(opened.folder / "src" / "a b.py")])


def test_the_editor_opens_the_folder_if_no_file_is_selected_or_it_is_deleted(
    opened: OpenedPrograms, soon: Wait
) -> None:
    opened.preferences.layout.editor = opened.program
    opened.desktop.open_editor([opened.job], "src/gone.py")
    soon(opened.note.exists)
    assert opened.started()[1] == ["--flag", str(opened.folder)]


def test_a_terminal_opens_in_the_folder(opened: OpenedPrograms, soon: Wait) -> None:
    opened.preferences.layout.terminal = opened.program
    opened.desktop.open_terminal([opened.job])
    soon(opened.note.exists)
    assert opened.started() == (str(opened.folder), ["--flag"])


def test_a_missing_program_is_reported(opened: OpenedPrograms) -> None:
    opened.preferences.layout.editor = "/no/such/editor"
    opened.desktop.open_editor([opened.job])
    assert opened.refused == ["The editor /no/such/editor did not start; name another in Settings."]


def test_a_deleted_folder_is_reported(opened: OpenedPrograms) -> None:
    opened.folder.rename(opened.folder.with_name("elsewhere"))
    opened.desktop.open_terminal([opened.job])
    assert opened.refused == [f"The folder {opened.folder} does not exist any more."]


def test_v11_an_isolated_job_opens_in_its_worktree_and_a_missing_one_says_why(
    opened: OpenedPrograms, soon: Wait, tmp_path: Path
) -> None:
    tree = Worktree(
        run_id="r", ws_id="w", repo=str(opened.folder), path=str(tmp_path / "tree"), branch="signalbox/r/w"
    )
    opened.projection.worktrees[tree.key] = tree
    opened.preferences.layout.terminal = opened.program
    opened.desktop.open_terminal([opened.job])
    assert "has not been made yet" in opened.refused[-1]
    opened.projection.worktrees[tree.key] = replace(tree, state=TreeState.ARCHIVED)
    opened.desktop.open_terminal([opened.job])
    assert "was archived" in opened.refused[-1]
    Path(tree.path).mkdir()
    opened.desktop.open_terminal([opened.job])
    soon(opened.note.exists)
    assert opened.started()[0] == tree.path


def test_a_job_with_an_unknown_folder_is_reported(opened: OpenedPrograms) -> None:
    opened.desktop.open_terminal([])
    assert opened.refused == ["The folder of this job is not known."]


def test_several_ids_are_copied_one_per_line(opened: OpenedPrograms) -> None:
    opened.desktop.copy_ids([opened.job, Job(job_id="test", run_id="r", ws_id="w")])
    assert QGuiApplication.clipboard().text() == "edit\ntest"


def test_a_job_without_a_command_is_reported(opened: OpenedPrograms) -> None:
    opened.desktop.copy_commands([opened.job])
    assert opened.refused == ["This job has no command of its own; its tool builds one when it starts."]


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ({"command": {"exe": "git", "args": ["log", "a b", "$(x)"]}}, "git log 'a b' '$(x)'"),
        ({"command": {"exe": "make"}}, "make"),
        ({"command": None}, ""),
        ({}, ""),
    ],
)
def test_a_command_line_is_quoted_for_a_shell(spec: dict[str, object], line: str) -> None:
    assert command_line(spec) == line
