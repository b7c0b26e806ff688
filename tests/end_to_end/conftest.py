"""A home, the real command line on it, and a window that is closed whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.app import ControlRoom
from tests.helpers.command_line import CommandLine


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    """The command line on a home of its own."""
    return CommandLine(tmp_path)


@pytest.fixture
def open_room(qtbot: QtBot, signalbox: CommandLine) -> Iterator[Callable[[], ControlRoom]]:
    """Opens the window on that home, any number of times."""
    assert qtbot is not None
    rooms: list[ControlRoom] = []

    def make() -> ControlRoom:
        room = ControlRoom(signalbox.home.root)
        room.theme.reduce_motion = True
        rooms.append(room)
        return room

    yield make
    for room in rooms:
        room.close("stop")
