"""Tests see nothing of the user: no setting, no grant, no repository around them, no signal that is ignored."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import until
from tests.helpers.memory_disk import TEMPROOT, memory_disk
from tests.helpers.sweeper import working_in

ROOT = Path(__file__).parents[1]


def _as_nohup_and_a_shell_in_the_background() -> None:
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def test_tests_see_nothing_of_the_user(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    users = {"SIGNALBOX_CONFIG": str(tmp_path), "SIGNALBOX_FAULT": "raise:claim", "GIT_DIR": str(tmp_path)}
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--basetemp",
                tmp_path / "temporary",
            ),
            "tests/helpers/what_a_test_sees.py",
        ],
        cwd=ROOT,
        env={**os.environ, **users, "TMPDIR": str(tmp_path)},
        preexec_fn=_as_nohup_and_a_shell_in_the_background,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "4 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which processes work in a folder")
@pytest.mark.parametrize("spread", [[], ["-n", "1"]], ids=["in one process", "spread"])
def test_what_tests_started_dies_with_a_killed_pytest(tmp_path: Path, spread: list[str]) -> None:
    left = tmp_path / "left"
    killed = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *spread),
            *("--basetemp", tmp_path / "temporary", "tests/helpers/leaves_processes.py"),
        ],
        cwd=ROOT,
        env={**os.environ, "LEFT_BEHIND": str(left)},
        stdout=subprocess.DEVNULL,
    )
    until(lambda: len(left.read_text().split()) == 3 or None if left.exists() else None)
    assert {int(pid) for pid in left.read_text().split()} <= set(working_in(tmp_path / "temporary"))
    killed.kill()
    killed.wait()
    until(lambda: True if not list(working_in(tmp_path / "temporary")) else None)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a disk in memory that everyone may use")
def test_tests_lie_in_memory_where_there_is_room(tmp_path: Path, user_folders: Path) -> None:
    assert memory_disk(tmp_path, room=1) == tmp_path
    assert memory_disk(tmp_path, room=2**62) is None
    assert memory_disk(tmp_path / "missing", room=1) is None
    if (place := memory_disk()) and os.environ[TEMPROOT] == str(place):
        assert Path(os.environ["XDG_RUNTIME_DIR"]).is_relative_to(place)
    assert user_folders.is_relative_to(tmp_path)
