"""Sounds are played by a program of the system, which ends with the window."""

import sys
import wave
from importlib import resources
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.application.sound_player import SystemSoundPlayer, player_command
from gui.control.notification import NotificationKind
from resources.sounds.__main__ import RATE, sound
from tests.helpers.patience import PATIENCE_MS


@pytest.mark.parametrize("kind", NotificationKind)
def test_every_class_has_a_short_sound_of_our_own(kind: NotificationKind) -> None:
    file = resources.files("resources") / "sounds" / f"{kind}.wav"
    assert file.read_bytes() == sound(kind), "python -m resources.sounds makes them again"
    with wave.open(str(file)) as read:
        assert 0.1 < read.getnframes() / RATE < 0.6


def test_the_first_player_on_the_path_is_used_and_dies_with_us() -> None:
    there = {"aplay": "/usr/bin/aplay", "afplay": "/usr/bin/afplay"}

    def on_path(name: str) -> str | None:
        return there.get(name)

    assert player_command(on_path) == ("aplay", "-q")
    there["setpriv"] = "/usr/bin/setpriv"
    assert player_command(on_path) == (
        "setpriv",
        "--pdeathsig",
        "KILL",
        "--",
        "aplay",
        "-q",
    )
    assert player_command(lambda _name: None) == ()


def player(tmp_path: Path, code: str) -> SystemSoundPlayer:
    script = tmp_path / "player.py"
    script.write_text(code, encoding="utf-8")
    return SystemSoundPlayer((sys.executable, str(script)))


def test_a_sound_is_passed_to_the_player_and_one_that_hangs_ends_with_the_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    noted = tmp_path / "noted"
    made = player(
        tmp_path,
        f"import sys, time, pathlib\npathlib.Path({str(noted)!r}).write_text(sys.argv[1])\ntime.sleep(600)",
    )
    made.play(NotificationKind.FAILED)
    qtbot.waitUntil(lambda: noted.exists() and bool(noted.read_text(encoding="utf-8")), timeout=PATIENCE_MS)
    assert noted.read_text(encoding="utf-8").endswith("/sounds/failed.wav")
    assert made.is_playing
    made.play(NotificationKind.DONE)  # another does not start meanwhile
    made.stop()
    assert not made.is_playing


def test_a_player_that_cannot_play_is_not_tried_again(qtbot: QtBot, tmp_path: Path) -> None:
    made = player(tmp_path, "raise SystemExit(1)")
    with qtbot.waitSignal(made.beeped, timeout=PATIENCE_MS):
        made.play(NotificationKind.DONE)
    assert not made._command
    with qtbot.waitSignal(made.beeped):
        made.play(NotificationKind.DONE)
    assert not made.is_playing
