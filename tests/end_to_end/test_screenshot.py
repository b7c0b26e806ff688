"""A picture of the window can be had without a display, also at the end of a demo without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.helpers.command_line import CommandLine
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


NO_DISPLAY = {
    name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}
} | {"QT_QPA_PLATFORM": ""}


def draw(home: Path, picture: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return window(home, "--screenshot", str(picture), *more)


def window(home: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gui", "--home", str(home), *more],
        cwd=ROOT,
        env=NO_DISPLAY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def corner(picture: Path) -> int:
    return QImage(str(picture)).pixelColor(3, 3).lightness()


def test_a_picture_has_the_requested_size_and_colours(signalbox: CommandLine, tmp_path: Path) -> None:
    home = signalbox.home.root
    for theme in ("dark", "light"):
        result = draw(home, tmp_path / f"{theme}.png", "--size", "1100x700", "--theme", theme)
        assert result.returncode == 0, result.stderr
    sizes = {(QImage(str(file)).width(), QImage(str(file)).height()) for file in tmp_path.glob("*.png")}
    assert sizes == {(1100, 700)}
    assert corner(tmp_path / "dark.png") < 60
    assert corner(tmp_path / "light.png") > 200


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_a_window_without_a_display_reports_it_and_ends(signalbox: CommandLine) -> None:
    result = window(signalbox.home.root)
    assert result.returncode == 2
    assert "no display" in result.stderr.lower()
    assert "Traceback" not in result.stderr


def test_a_picture_leaves_no_trace_in_the_home(signalbox: CommandLine, tmp_path: Path) -> None:
    layout = signalbox.home.root / "window.json"
    layout.write_text('{"format": 1, "theme": "dark"}')
    assert draw(signalbox.home.root, tmp_path / "window.png", "--theme", "light").returncode == 0
    assert layout.read_text() == '{"format": 1, "theme": "dark"}'
    assert list(signalbox.home.engines.iterdir()) == []


def test_a_picture_that_cannot_be_written_is_an_error(signalbox: CommandLine, tmp_path: Path) -> None:
    result = draw(signalbox.home.root, tmp_path / "nowhere" / "window.png")
    assert result.returncode == 2
    assert "nowhere/window.png" in result.stderr


def test_a_size_that_no_window_can_have_is_refused(signalbox: CommandLine, tmp_path: Path) -> None:
    result = draw(signalbox.home.root, tmp_path / "window.png", "--size", "10x10")
    assert result.returncode == 2
    assert "10x10 is outside" in result.stderr


def test_a_demo_without_a_display_ends_with_work_to_review_and_the_path_of_a_picture(
    signalbox: CommandLine,
) -> None:
    with signalbox.process("demo", "--headless", "--pace", "0") as demo:
        out, err = demo.communicate(timeout=2 * PATIENCE_S)
    assert demo.returncode == 0, err
    line = next(line for line in out.splitlines() if line.startswith("Picture of the window: "))
    picture = QImage(line.removeprefix("Picture of the window: "))
    assert (picture.width(), picture.height()) == (1600, 1000)
    assert "wait for review" in out
    waiting = {one["ws_id"] for one in signalbox("review", "list", "--json").json}
    assert {"clock", "board", "layout", "timetable"} <= waiting
    signalbox("doctor", "--strict")
