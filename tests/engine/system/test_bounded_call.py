"""A call that takes too long ends with all it has started, also with what does not listen to the first signal."""

import os
import subprocess
from pathlib import Path

import psutil
import pytest

from engine.system import bounded_call
from engine.system.bounded_call import bounded_call as call
from tests.helpers.command_line import until


def test_it_has_the_output_and_the_exit_code_and_gets_what_is_given(tmp_path: Path) -> None:
    done = call(["sh", "-c", "cat; exit 3"], tmp_path, env=os.environ, timeout_s=60, given=b"given")
    assert (done.returncode, done.stdout) == (3, b"given")


@pytest.mark.parametrize("deaf", ["", "trap '' TERM; "])
def test_a_call_that_takes_too_long_ends_with_everything_it_has_started(
    deaf: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_call, "TERMINATION_S", 0.2)
    command = f"{deaf}sleep 600 & echo $! > number; wait"
    with pytest.raises(subprocess.TimeoutExpired):
        call(["sh", "-c", command], tmp_path, env=os.environ, timeout_s=0.3)
    number = int((tmp_path / "number").read_text())
    until(lambda: None if psutil.pid_exists(number) and psutil.Process(number).status() != "zombie" else True)
