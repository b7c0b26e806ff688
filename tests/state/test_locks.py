"""The kernel lock of a file."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from state.locks import KernelLock, is_held

HOLDER = """
import sys
from pathlib import Path
from state.locks import KernelLock
lock = KernelLock.try_take(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""


def holder(file: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_taker_is_refused_without_waiting(tmp_path: Path) -> None:
    with KernelLock.try_take(tmp_path / "lock") or pytest.fail("not taken"):
        assert KernelLock.try_take(tmp_path / "lock") is None
        assert is_held(tmp_path / "lock")
    assert not is_held(tmp_path / "lock")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with holder(tmp_path / "lock") as process:
        assert is_held(tmp_path / "lock")
        assert KernelLock.try_take(tmp_path / "lock") is None
        process.kill()
        process.wait()
        assert not is_held(tmp_path / "lock")


def test_a_child_program_does_not_keep_the_lock(tmp_path: Path) -> None:
    lock = KernelLock.try_take(tmp_path / "lock")
    assert lock is not None
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, close_fds=False
    ):
        lock.release()
        assert not is_held(tmp_path / "lock")


def test_a_lock_whose_file_was_replaced_is_taken_on_the_new_file(tmp_path: Path) -> None:
    old = KernelLock.try_take(tmp_path / "lock")
    assert old is not None
    (tmp_path / "lock").unlink()
    new = KernelLock.try_take(tmp_path / "lock")
    assert new is not None
    assert is_held(tmp_path / "lock")
    new.release(remove=True)
    assert not (tmp_path / "lock").exists()
    old.release()


def test_a_file_that_is_missing_is_not_held(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "none")


@pytest.mark.parametrize("kind", ["folder", "link", "socket"])
def test_what_is_no_lock_file_is_not_held(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "lock"
    with socket.socket(socket.AF_UNIX) as bound:
        match kind:
            case "folder":
                file.mkdir()
            case "link":
                file.symlink_to(tmp_path)
            case _:
                bound.bind(str(file))
        assert not is_held(file)


def test_a_lock_whose_file_was_replaced_does_not_remove_that_of_the_next_owner(tmp_path: Path) -> None:
    lost = KernelLock.try_take(tmp_path / "lock") or pytest.fail("not taken")
    (tmp_path / "lock").unlink()
    with KernelLock.try_take(tmp_path / "lock") or pytest.fail("not taken"):
        lost.release(remove=True)
        assert is_held(tmp_path / "lock")


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with KernelLock.try_take(tmp_path / "lock") or pytest.fail("not taken"):
            assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        KernelLock.try_take(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_is_waited_for_until_it_is_free(tmp_path: Path) -> None:
    held = KernelLock.try_take(tmp_path / "lock")
    assert held is not None
    freeing = threading.Timer(0.05, held.release)
    freeing.start()
    with KernelLock.take(tmp_path / "lock", timeout_s=30):
        assert is_held(tmp_path / "lock")
    freeing.join()


def test_who_waits_too_long_for_a_lock_is_told_which(tmp_path: Path) -> None:
    with (
        KernelLock.try_take(tmp_path / "lock") or pytest.fail("not taken"),
        pytest.raises(TimeoutError, match="locked by another process") as caught,
    ):
        KernelLock.take(tmp_path / "lock", timeout_s=0)
    assert caught.value.filename == str(tmp_path / "lock")
