"""A test that leaves processes of every kind behind and waits to be killed: run by tests/test_isolation.py."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from engine.system.home import Home
from tests.helpers.command_line import CommandLine, python, until

SPINS = "import time\nwhile True: time.sleep(0.01)"


def test_processes_are_left_behind(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    assert isinstance(signalbox.home, Home)
    child = subprocess.Popen([sys.executable, "-c", SPINS])
    detached = subprocess.Popen([sys.executable, "-c", SPINS], start_new_session=True, env={}, cwd=tmp_path)
    engine = subprocess.Popen(
        [sys.executable, "-m", "engine", "run", signalbox.file("a.json", python(SPINS, "a")), "--trust"]
    )
    started = signalbox.home.root.parent / "user" / "signalbox" / "started"
    until(lambda: list(started.glob("*-*")) or None)
    shown = " ".join(str(one.pid) for one in (child, detached, engine))
    Path(os.environ["LEFT_BEHIND"]).write_text(shown, encoding="utf-8")
    signal.pause()
