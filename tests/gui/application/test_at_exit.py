"""A19: a script that makes a window ends cleanly, whether it closed the window or not: nothing of ours outlives it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.long_forms import some
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
HEAD = """
import sys
from pathlib import Path
from gui.app import ControlRoom
folder = Path(sys.argv[1])
def spin(room, seconds=0.5):
    import time
    from PySide6.QtCore import QEventLoop, QTimer
    until = time.monotonic() + seconds
    QTimer.singleShot(int(seconds * 1000) + 1, lambda: None)  # wakes it for the last time
    while time.monotonic() < until:
        room._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
"""
ENDS = {
    "closed": ("ControlRoom(folder).close()", 0),
    "closed and kept": ("room = ControlRoom(folder); spin(room); room.close()", 0),
    "closed twice": ("room = ControlRoom(folder); room.close(); room.close('leave')", 0),
    "closed, its events carried out": ("room = ControlRoom(folder); room.close(); spin(room)", 0),
    "view-only": ("ControlRoom(folder, engine=False).close()", 0),
    "one after another": ("for at in 'abc': ControlRoom(folder / at).close()", 0),
    "two at once": ("rooms = [ControlRoom(folder / at) for at in 'ab']; [room.close() for room in rooms]", 0),
    "an application of the script": (
        "from PySide6.QtWidgets import QApplication; app = QApplication([])\nroom = ControlRoom(folder); room.close()",
        0,
    ),
    "the event loop ran": (
        "room = ControlRoom(folder); room.ended.connect(room._app.quit); "  # noqa: ISC004
        "room.host.stepped.connect(lambda _: room.close()); room._app.exec()",
        0,
    ),
    "in many ways one after another": (
        "ran = ControlRoom(folder / 'a'); ran.ended.connect(ran._app.quit); "  # noqa: ISC004
        "ran.host.stepped.connect(lambda _: ran.close()); ran._app.exec()\n"
        "kept = ControlRoom(folder / 'b'); spin(kept); kept.close()\n"
        "both = [ControlRoom(folder / at) for at in 'cd']; [one.close() for one in both]",
        0,
    ),
    "never closed": ("room = ControlRoom(folder); spin(room)", 0),
    "exit before it was closed": ("room = ControlRoom(folder); spin(room); sys.exit(3)", 3),
    "exit": ("room = ControlRoom(folder); room.close(); sys.exit(3)", 3),
}

SHORT = ("closed", "in many ways one after another", "never closed", "exit before it was closed")
"""The long form has each of the many ways in a process of its own too, and names the one that fails."""


def run(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}  # Qt reports others
    return subprocess.run(
        [sys.executable, "-c", HEAD + code, folder], cwd=ROOT, env=environment, check=False, capture_output=True,
        text=True, timeout=PATIENCE_S,
    )  # fmt: skip


def printed(done: "subprocess.CompletedProcess[str]") -> list[str]:
    """What the script printed as errors, but for what the offscreen platform says of itself."""
    return [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")]


@pytest.mark.parametrize("name", some(ENDS, short=SHORT))
def test_a19_a_script_with_a_window_ends_with_its_own_code_and_without_a_word(
    tmp_path: Path, name: str
) -> None:
    code, expected = ENDS[name]
    done = run(code, tmp_path / "home")
    assert (done.returncode, printed(done)) == (expected, [])


def test_a19_a_script_that_fails_before_it_closes_the_window_prints_its_own_error_alone(
    tmp_path: Path,
) -> None:
    done = run("room = ControlRoom(folder); spin(room); raise ValueError('of the script')", tmp_path / "home")
    assert done.returncode == 1
    assert printed(done)[0].startswith("Traceback")
    assert printed(done)[-1] == "ValueError: of the script"
