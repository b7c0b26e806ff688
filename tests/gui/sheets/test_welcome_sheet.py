"""The welcome: what is known of tools and folders, and the way to a first job."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.adapters import ADAPTERS
from engine.system.recent_repositories import FolderKind, kind_of_folder, recent_repositories
from engine.types import LogIn, ToolProbe
from gui.control.tool_probes import ToolProbes
from gui.data.tool_presence import ToolPresence
from gui.data.welcome_words import first_template, tool_words
from gui.sheets.welcome_sheet import WelcomeSheet
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowParts]:
    monkeypatch.setenv("HOME", str(tmp_path))
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def sheet(parts: WindowParts) -> Iterator[WelcomeSheet]:
    made = WelcomeSheet(
        parts.theme, parts.window, probes=ToolProbes(ADAPTERS, parts.window, home=parts.home.root)
    )
    yield made
    made.stop_reading()


@pytest.mark.parametrize(
    ("probe", "words"),
    [
        (None, "looking…"),
        (ToolProbe(tool="claude", problem="claude was not found"), "not found"),
        (ToolProbe(tool="claude", path="/c", problem="too slow"), "found, but it does not answer"),
        (ToolProbe(tool="claude", path="/c", version="2.1", login=LogIn.LOGGED_IN), "found, 2.1, logged in"),
        (ToolProbe(tool="claude", path="/c", login=LogIn.NO), "found, not logged in"),
        (ToolProbe(tool="claude", path="/c", login=LogIn.UNKNOWN), "found, log-in not checked"),
        (ToolProbe(tool="claude", path="/c"), "found, log-in not checked"),
    ],
)
def test_a_tool_is_only_called_logged_in_where_its_probe_knows(probe: ToolProbe | None, words: str) -> None:
    assert tool_words(probe) == words


def test_a_coding_tool_is_suggested_only_if_one_can_be_used() -> None:
    assert first_template([ToolProbe(tool="claude", problem="gone")]) == "run-a-command"
    assert first_template([ToolProbe(tool="claude", path="/c", login=LogIn.NO)]) == "run-a-command"
    assert first_template([ToolProbe(tool="claude", path="/c")]) == "fix-a-failing-test"


def test_the_first_tool_that_can_be_used_is_preferred_and_else_the_first_that_is_installed() -> None:
    names = ["claude", "codex", "gemini"]
    missing = frozenset({"claude"})
    assert ToolPresence().preferred(names) == "claude"
    assert ToolPresence(missing=missing).preferred(names) == "codex"
    assert ToolPresence(missing=missing, unusable=frozenset({"codex"})).preferred(names) == "gemini"
    assert ToolPresence(missing=missing, unusable=frozenset({"codex"})).preferred(names[:2]) == "codex"
    assert ToolPresence(missing=frozenset(names)).preferred(names) == ""


def test_the_tools_are_located_without_starting_them_and_log_ins_that_were_probed_count(
    qtbot: QtBot, parts: WindowParts, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    (tmp_path / "claude").write_text(f"#!/bin/sh\ntouch {started}\n")
    (tmp_path / "claude").chmod(0o700)
    probes = ToolProbes(ADAPTERS, parts.window, home=parts.home.root)
    probes.probed.emit(ToolProbe(tool="claude", path="/c", login=LogIn.NO))
    with qtbot.waitSignal(probes.located, timeout=PATIENCE_MS) as caught:
        probes.locate({"claude": str(tmp_path / "claude"), "codex": str(tmp_path / "codex")})
    found: ToolPresence = caught.args[0]
    assert "codex" in found.missing
    assert not {"claude", "shell", "tests"} & found.missing
    assert found.unusable == {"claude"}
    assert not started.exists()
    probes.stop()


def test_repositories_are_found_two_folders_deep_and_a_folder_says_what_it_is(tmp_path: Path) -> None:
    for name in ("shop", "src/parser", "src/deep/er/lost", ".hidden"):
        (tmp_path / name).mkdir(parents=True)
        subprocess.run(["git", "init", "-q", tmp_path / name], check=True)  # the git on PATH
    found = recent_repositories(tmp_path)
    assert {folder.name for folder in found} == {"shop", "parser"}
    assert kind_of_folder(str(tmp_path / "shop")) is FolderKind.REPOSITORY
    assert kind_of_folder(str(tmp_path / "src")) is FolderKind.PLAIN
    assert kind_of_folder(str(tmp_path / "none")) is FolderKind.MISSING
    assert kind_of_folder(" ") is FolderKind.NONE


def test_the_welcome_says_what_to_do_in_each_step_and_passes_the_choice_on(
    qtbot: QtBot, sheet: WelcomeSheet, tmp_path: Path
) -> None:
    sheet.open()
    assert sheet.summary.text() == f"Looking for {len(sheet.tools)} of {len(sheet.tools)} tools…"
    for name in sheet.tools:
        sheet.show_probe(ToolProbe(tool=name, problem="not found"))
    assert sheet.tools["claude"].text() == "claude: not found"
    assert sheet.summary.text().startswith("No coding tool was found. Begin with a command")
    assert sheet.starters["run-a-command"].property("kind") == "primary"
    sheet.folder.setText(str(tmp_path))
    qtbot.waitUntil(lambda: "git init" in sheet.folder_note.text(), timeout=PATIENCE_MS)
    for button in sheet.starters.values():
        assert button.visibleRegion().boundingRect() == button.rect(), "it has to be scrolled to"
    with qtbot.waitSignal(sheet.template_selected, timeout=PATIENCE_MS) as caught:
        sheet.starters["run-a-command"].setFocus()
        QTest.keyClick(sheet.starters["run-a-command"], Qt.Key.Key_Return)
    assert caught.args == ["run-a-command", str(tmp_path)]
    assert not sheet.is_open
