"""The README's first five minutes, carried out word for word in a real control room with a real engine."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from gui.control.action_table import ACTIONS_BY_ID
from gui.data.card import Card
from gui.panels.board.board_panel import BoardPanel
from gui.window.menus import MENUS
from tests.helpers.control_room import drop, job_file, press_add, started, until, waits_for
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S

README = Path(__file__).resolve().parents[2] / "README.md"


def steps() -> Sequence[str]:
    """The numbered steps of the section, each as one text."""
    section = README.read_text(encoding="utf-8").split("## The first five minutes\n")[1].split("\n## ")[0]
    numbered = section.split("\nFiles that you add together")[0]
    return [step.strip() for step in re.split(r"^\d\. ", numbered, flags=re.MULTILINE)[1:]]


def promised(step: str) -> list[str]:
    """The words in italics: what a person sees or presses."""
    return re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", step.replace("\n", " "))


def shows(parent: QWidget, words: str) -> bool:
    labels = parent.findChildren(QLabel)
    return any(label.isVisible() and label.text() == words for label in labels)


def button(parent: QWidget, words: str) -> QPushButton | None:
    found = parent.findChildren(QPushButton)
    return next((one for one in found if one.isVisible() and one.text() == words), None)


def press(qtbot: QtBot, parent: QWidget, words: str) -> None:
    until(qtbot, lambda: (one := button(parent, words)) is not None and one.isEnabled())
    found = button(parent, words)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def hello(step: str, folder: Path) -> Path:
    """The file of the README, as it stands there."""
    block = re.search(r"```yaml\n(.*?)```", step, flags=re.DOTALL)
    assert block is not None
    name = re.search(r"`(\w+\.yaml)`", step)
    assert name is not None
    folder.mkdir()
    file = folder / name[1]
    file.write_text("\n".join(line[3:] for line in block[1].splitlines()) + "\n", encoding="utf-8")
    return file


def named(room: ControlRoom, name: str) -> Card | None:
    """The card with this title on the board."""
    panel = room.panels["workstreams"]
    assert isinstance(panel, BoardPanel)
    return next((one for one in panel.model.cards() if one.name == name), None)


def commands() -> Sequence[str]:
    """What the section has people type after ``signalbox``."""
    section = README.read_text(encoding="utf-8").split("## The first five minutes\n")[1].split("\n## ")[0]
    return re.findall(r"`signalbox ?([^`]*)`", section)


def entries(above: str) -> Sequence[str]:
    """The texts of a menu."""
    names = next(names for head, names in MENUS if head.replace("&", "") == above)
    return [ACTIONS_BY_ID[name].title for name in names if name in ACTIONS_BY_ID]


def test_every_command_of_the_first_five_minutes_exists(tmp_path: Path) -> None:
    assert commands()
    for words in commands():
        program = [sys.executable, "-m", "engine", "--home", str(tmp_path), *words.split(), "--help"]
        ended = subprocess.run(program, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert ended.returncode == 0, (words, ended.stderr)
        assert f"signalbox {words}".strip() in ended.stdout


def test_the_first_five_minutes_of_the_readme_are_true_word_for_word(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    start, save, add, watch, end = steps()
    room = ControlRoom(tmp_path / "home")
    room.theme.reduce_motion = True
    try:
        room.sheets.welcome_newcomer()
        title, close, menu, empty = promised(start)
        until(qtbot, lambda: room.sheets.welcome.is_open and shows(room.window, title))
        above, entry = menu.split(" > ")
        assert entry in entries(above)
        press(qtbot, room.sheets.welcome, close)
        assert not room.sheets.welcome.is_open
        until(qtbot, lambda: shows(room.window, empty))
        assert not promised(save)
        drop(room, hello(save, tmp_path / "work"))
        counted, commit = promised(add)
        until(qtbot, lambda: shows(room.sheets.drop, counted))
        until(qtbot, room.sheets.drop.trust_card.isVisible)
        assert "hello from a job" in room.sheets.drop.trust_card.command.toPlainText()
        press(qtbot, room.sheets.drop, commit)
        name, panel, *columns = promised(watch)
        assert room.window.docks["workstreams"].windowTitle() == panel
        until(
            qtbot, lambda: (one := named(room, name)) is not None and one.column.name == columns[-1].upper()
        )
        found = named(room, name)
        assert found is not None
        assert all(column.upper() in type(found.column).__members__ for column in columns)
        sign = tmp_path / "go"
        drop(room, job_file(tmp_path / "work", "long", waits_for(sign)))
        press_add(room, qtbot)
        until(qtbot, lambda: started(sign))
        until(
            qtbot, lambda: (one := named(room, "long")) is not None and one.column.name == columns[0].upper()
        )
        room.window.close()
        until(qtbot, lambda: all(button(room.window, choice) is not None for choice in promised(end)))
        with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
            press(qtbot, room.window, promised(end)[-1])
    finally:
        room.close("stop")
    again = ControlRoom(tmp_path / "home")
    try:
        again.sheets.welcome_newcomer()
        until(qtbot, lambda: named(again, name) is not None)
        assert not again.sheets.welcome.is_open
    finally:
        again.close("stop")
