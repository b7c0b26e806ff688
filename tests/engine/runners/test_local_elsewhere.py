"""Where the system has neither subreaper nor descriptors for processes, psutil and looking often do instead.

Such a system is played here: the shim is told that it runs on another one, and the engine is given no descriptors.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from engine.runners import layout
from engine.runners.local import LocalRunner
from engine.runners.shim_program import python_shim
from engine.types import EndReason
from tests.engine.runners.contract import RunnerContract
from tests.engine.runners.stage import Engine, LocalStage
from tests.helpers import child_zoo

PYTHON = f"""#!{sys.executable} -IS
import os, sys
sys.path += [{str(Path(layout.__file__).parent)!r}, {str(Path(psutil.__file__).parent.parent)!r}]
import psutil
sys.platform = "elsewhere"
del os.pidfd_open
import shim_process
code = shim_process.main(sys.argv[6])
sys.stderr.flush()
os._exit(code)
"""


class ElsewhereStage(LocalStage):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._python = self.home.root / "python"
        self._python.write_text(PYTHON)
        self._python.chmod(0o700)

    def engine(self) -> Engine:
        engine = Engine(LocalRunner(self.home, shim=python_shim(str(self._python))))
        self._engines.append(engine)
        return engine


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ElsewhereStage]:
    monkeypatch.delattr(os, "pidfd_open")
    stage = ElsewhereStage(tmp_path / "home")
    yield stage
    stage.close()


class TestLocalRunnerElsewhere(RunnerContract):
    """With the stage of this module."""


@pytest.mark.parametrize(
    "animal",
    [child_zoo.ignores_term, child_zoo.leads_sessions, child_zoo.keeps_daemon, child_zoo.stops_itself],
    ids=lambda animal: animal.__name__,
)
def test_a_stopped_attempt_leaves_nothing_behind(stage: ElsewhereStage, animal: Callable[..., None]) -> None:
    engine = stage.engine()
    ref = stage.printed(engine.start(stage.animal(animal, grace_s=0.5)), b"ready\n")
    engine.runner.stop(ref)
    end = engine.end_of(ref)
    assert end.reason is EndReason.CANCELLED
    assert "could not be ended" not in end.detail
    assert stage.alive(ref) == set()


def test_a_daemon_left_behind_is_ended_and_counted(stage: ElsewhereStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.leaves_daemon))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.leftovers) == (EndReason.EXITED, 0, 1)
    assert stage.alive(ref) == set()


def test_nothing_survives_a_killed_shim(stage: ElsewhereStage) -> None:
    engine = stage.engine()
    ref = stage.printed(engine.start(stage.animal(child_zoo.keeps_daemon)), b"ready\n")
    os.kill(stage.shim_of(ref), 9)
    end = engine.end_of(ref)
    assert (end.reason, end.leftovers) == (EndReason.INTERRUPTED, 2)
    assert stage.alive(ref) == set()
