"""A signal that ends the window program at any time: while it starts, asks or ends, as well as while it runs."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.orchestrator.orchestrator import Orchestrator
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.records import AttemptStatus
from tests.helpers.control_room import job_file
from tests.helpers.long_forms import some
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]
STRUCK_WHILE_IT_STARTS = """
import os, signal, sys, time
from pathlib import Path
import gui.__main__ as program

class Struck(program.ControlRoom):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        while not Path(sys.argv[3]).exists():  # the engine has started the job, and Qt's loop does not run yet
            time.sleep(0.01)
        os.kill(os.getpid(), int(sys.argv[4]))

program.ControlRoom = Struck
sys.exit(program.main(sys.argv[1:3]))
"""
STRUCK_WHILE_IT_ENDS = """
import os, signal, sys
from PySide6.QtCore import QTimer
import gui.__main__ as program

number = int(sys.argv[3])
QTimer.singleShot(0, lambda: os.kill(os.getpid(), number))
code = program.main(sys.argv[1:3])
os.kill(os.getpid(), number)
sys.exit(code)
"""
STRUCK_WHILE_IT_ASKS = """
import os, sys
from PySide6.QtCore import QTimer
import gui.__main__ as program

class Asks(program.RecoveryDialog):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, lambda: os.kill(os.getpid(), int(sys.argv[3])))

program.RecoveryDialog = Asks
program._report = lambda sentence: sys.stderr.write(sentence)  # no person closes the message box that follows
sys.exit(program.main(sys.argv[1:3]))
"""
signals = pytest.mark.parametrize(
    "number",
    some([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], short=[signal.SIGTERM, signal.SIGINT]),
    ids=lambda n: n.name,
)
"""SIGHUP strikes while the window ends and asks in the short form too."""
rarely = pytest.mark.parametrize(
    "number",
    some([signal.SIGTERM, signal.SIGINT, signal.SIGHUP], short=[signal.SIGHUP]),
    ids=lambda n: n.name,
)
"""The same, but for one of them in the long form alone."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    JobStateStore(home=home).close()
    return home


def run(
    script: str, home: Home, *words: object, platform: str = "offscreen"
) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-c", script, "--home", home.root, *words]
    return subprocess.run(
        list(map(str, argv)),
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": platform},
        timeout=PATIENCE_S,
        capture_output=True,
        text=True,
        check=False,
    )


@signals
def test_one_that_comes_while_the_window_starts_stops_its_jobs_in_order(
    number: signal.Signals, home: Home, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    code = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(120)"
    with closing(Orchestrator(JobStateStore(home=home))) as orchestrator:
        orchestrator.queue_job(job_file(tmp_path / "work", "long", code))
    ended = run(STRUCK_WHILE_IT_STARTS, home, begun, int(number))
    assert ended.returncode == 0, ended.stderr
    with closing(JobStateStore(home=home)) as store:
        [attempt] = store.list_attempts("long")
        assert (attempt.status, attempt.failure_class) == (AttemptStatus.INTERRUPTED, "stopped")
        assert store.open_engines() == []


@rarely
def test_one_that_comes_while_the_process_ends_changes_nothing(number: signal.Signals, home: Home) -> None:
    ended = run(STRUCK_WHILE_IT_ENDS, home, int(number))
    assert ended.returncode == 0, ended.stderr


@rarely
def test_one_that_comes_while_the_user_decides_on_a_damaged_database_is_the_same_as_quit(
    number: signal.Signals, home: Home
) -> None:
    home.database.write_bytes(b"no database " * 100)
    ended = run(STRUCK_WHILE_IT_ASKS, home, int(number), platform="minimal")
    assert ended.returncode == 2, ended.stderr
    assert str(home.database) in ended.stderr
    assert home.database.read_bytes().startswith(b"no database")
