"""One window per home; the socket for later starts, and what it rejects (S12)."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.application.single_instance import CAP, TIMEOUT_MS, SingleInstance, socket_name
from tests.helpers.patience import PATIENCE_MS, PATIENCE_S, at_most

Wait = Callable[[Callable[[], bool]], None]
PYTHON = "/usr/bin/python3"  # an interpreter that another user may run
CALL = (
    "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
    "from gui.application.single_instance import hand_over; app = QCoreApplication([]); "
    "sys.exit(0 if hand_over(Path(sys.argv[1]), [Path(a) for a in sys.argv[2:]]) else 1)"
)
CLAIM = (
    "import sys, time; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
    "from gui.application.single_instance import SingleInstance; app = QCoreApplication([]); "
    "one = SingleInstance(Path(sys.argv[1])); print(one.claim(), flush=True); time.sleep(60)"
)


@pytest.fixture
def home() -> Path:
    """A short path, as most homes have: a socket's path holds 107 bytes."""
    folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def first(home: Path, qtbot: QtBot) -> Iterator[SingleInstance]:
    assert qtbot is not None
    made = SingleInstance(home)
    assert made.claim()
    yield made
    made.release()


def later_start(home: Path, *files: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CALL, str(home), *files])


def test_a_second_window_on_the_same_home_is_refused_and_on_another_is_not(
    first: SingleInstance, home: Path, tmp_path: Path
) -> None:
    assert first is not None
    second = SingleInstance(home)
    assert not second.claim()
    other = SingleInstance(tmp_path)
    assert other.claim()
    other.release()


def test_a_released_home_can_be_claimed(home: Path, qtbot: QtBot) -> None:
    assert qtbot is not None
    for _ in range(3):
        one = SingleInstance(home)
        assert one.claim()
        one.release()


def test_a_later_start_hands_its_files_over(first: SingleInstance, home: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(first.called, timeout=PATIENCE_MS) as called:
        process = later_start(home, "/a/one.json", "/a/two words.yaml")
    assert called.args == [[Path("/a/one.json"), Path("/a/two words.yaml")]]
    assert process.wait(timeout=PATIENCE_S) == 0


def test_a_later_start_without_files_only_raises_the_window(
    first: SingleInstance, home: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(first.called, timeout=PATIENCE_MS) as called:
        process = later_start(home)
    assert called.args == [[]]
    assert process.wait(timeout=PATIENCE_S) == 0


def test_a_later_start_learns_that_no_window_listens(home: Path) -> None:
    assert later_start(home, "/a").wait(timeout=PATIENCE_S) == 1


def test_the_socket_of_a_killed_window_is_taken_over(home: Path, qtbot: QtBot) -> None:
    assert qtbot is not None
    dead = subprocess.Popen([sys.executable, "-c", CLAIM, str(home)], stdout=subprocess.PIPE)
    assert dead.stdout is not None
    assert dead.stdout.readline() == b"True\n"
    dead.send_signal(signal.SIGKILL)
    dead.wait(timeout=PATIENCE_S)
    dead.stdout.close()
    one = SingleInstance(home)
    assert one.claim()
    with qtbot.waitSignal(one.called, timeout=PATIENCE_MS):
        process = later_start(home)
    assert process.wait(timeout=PATIENCE_S) == 0
    one.release()


def test_a_home_with_a_long_path_has_a_socket_too(tmp_path: Path, qtbot: QtBot) -> None:
    home = tmp_path / ("deep" * 30)
    home.mkdir()
    one = SingleInstance(home)
    assert one.claim()
    with qtbot.waitSignal(one.called, timeout=PATIENCE_MS):
        process = later_start(home)
    assert process.wait(timeout=PATIENCE_S) == 0
    one.release()


def knock(home: Path) -> socket.socket:
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(0)  # with a full backlog, connecting would wait for this very thread
    try:
        caller.connect(socket_name(home))
    except OSError:
        caller.close()
        raise
    return caller


def is_hung_up(caller: socket.socket) -> bool:
    try:
        return caller.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "message",
    [
        b"garbage\n",
        b"\x00\xff\n",
        b"[]\n",
        b'{"files": "x"}\n',
        b'{"files": ["relative.json"]}\n',
        b'{"files": ["/a\\u0000b"]}\n',
        b'{"files": [1]}\n',
        b"[" * 30_000 + b"\n",
    ],
)
def test_s12_a_garbage_message_is_disconnected_and_has_no_effect(
    first: SingleInstance, home: Path, qtbot: QtBot, soon: Wait, message: bytes
) -> None:
    caller = knock(home)
    with qtbot.assertNotEmitted(first.called):
        caller.sendall(message)
        soon(lambda: is_hung_up(caller))
    caller.close()


def test_s12_a_message_over_the_cap_is_disconnected(
    first: SingleInstance, home: Path, qtbot: QtBot, soon: Wait
) -> None:
    caller = knock(home)
    caller.settimeout(0.2)
    with qtbot.assertNotEmitted(first.called):
        with suppress(TimeoutError, ConnectionError):  # the other end is in this thread: it disconnects below
            caller.sendall(json.dumps({"files": ["/x" * CAP]}).encode())
        caller.settimeout(0)
        soon(lambda: is_hung_up(caller))
    caller.close()


def test_s12_half_a_message_is_disconnected_after_two_seconds(
    first: SingleInstance, home: Path, qtbot: QtBot
) -> None:
    caller = knock(home)
    caller.sendall(b'{"files": [')
    started = time.monotonic()
    with qtbot.assertNotEmitted(first.called):
        qtbot.waitUntil(lambda: is_hung_up(caller), timeout=PATIENCE_MS)
    assert time.monotonic() - started < at_most(2 * TIMEOUT_MS / 1000)
    caller.close()


def test_s12_many_silent_clients_lock_nobody_out_for_long(
    first: SingleInstance, home: Path, qtbot: QtBot
) -> None:
    callers = []
    for _ in range(200):
        try:
            callers.append(knock(home))
        except OSError:
            qtbot.wait(1)
    qtbot.waitUntil(lambda: all(is_hung_up(caller) for caller in callers), timeout=PATIENCE_MS)
    with qtbot.waitSignal(first.called, timeout=PATIENCE_MS):
        process = later_start(home, "/a")
    assert process.wait(timeout=PATIENCE_S) == 0
    for caller in callers:
        caller.close()


def test_s12_the_socket_is_for_its_owner_only(first: SingleInstance, home: Path) -> None:
    assert first is not None
    assert Path(socket_name(home)).stat().st_mode & 0o077 == 0


@pytest.mark.skipif(
    os.geteuid() != 0 or not (shutil.which("setpriv") and Path(PYTHON).exists()), reason="needs a second user"
)
def test_s12_another_user_is_rejected_even_if_the_socket_is_open_to_all(
    first: SingleInstance, home: Path, qtbot: QtBot, soon: Wait
) -> None:
    listener = Path(socket_name(home))
    listener.chmod(0o777)
    for folder in (home, home.parent):
        folder.chmod(0o755)
    call = """
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.connect(sys.argv[1])
try:
    listener.sendall(b'{"files": []}\\n')
    answered = listener.recv(9)
except ConnectionError:
    answered = b""
sys.exit(0 if answered == b"" else 1)
"""
    user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    with qtbot.assertNotEmitted(first.called):
        stranger = subprocess.Popen([*user, PYTHON, "-c", call, str(listener)])
        soon(lambda: stranger.poll() is not None)
    assert stranger.returncode == 0
