"""Small file systems for tests: a disk that is full, or can only be read, is one that was mounted so."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


class Disk:
    """A file system in memory, mounted at a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def remount(self, options: str) -> None:
        """Change it while it is in use, such as ``size=8m`` or ``ro``."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.folder)], check=True)

    def fill(self, leave: int = 0) -> None:
        """Write until nothing more fits, and give some bytes back."""
        filler = self.folder / "filler"
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        if leave:
            os.truncate(filler, filler.stat().st_size - leave)

    def use_every_inode(self) -> None:
        """Let no further file be made, though there is room for bytes."""
        found = os.statvfs(self.folder)
        self.remount(f"nr_inodes={found.f_files - found.f_ffree}")

    def free_inodes(self) -> None:
        """Let files be made again."""
        self.remount("nr_inodes=10000")

    def clear(self) -> None:
        """Take the filler away."""
        (self.folder / "filler").unlink(missing_ok=True)


def mounted(folder: Path, size: str) -> bool:
    """Mount a disk of this size at the folder; False where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    return not os.geteuid() and not subprocess.run(mount, check=False, capture_output=True).returncode


def can_mount(folder: Path) -> bool:
    """Whether small disks can be mounted below this folder."""
    place = folder / "probe"
    if not mounted(place, "1m"):
        return False
    unmount(place)
    return True


def unmount(folder: Path) -> None:
    """Take the disk away, also from processes that still use it."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Disk]:
    """A disk of this size for as long as the context is open; the test is skipped where none can be mounted."""
    if not mounted(folder, size):
        pytest.skip("only root can mount a small disk here")
    try:
        yield Disk(folder)
    finally:
        unmount(folder)


@contextmanager
def dead_drive(folder: Path) -> Iterator[Path]:
    """A network drive whose server is gone: whatever is requested of it is refused with ENOTCONN.

    It is a FUSE file system that nobody answers for; the test is skipped where none can be mounted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    libc = ctypes.CDLL(None)
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        pytest.skip("there is no FUSE here")
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    failed = libc.mount(b"dead", os.fsencode(folder), b"fuse", 0, options)
    os.close(device)
    if failed:
        pytest.skip("only root can mount a drive here")
    try:
        yield folder
    finally:
        unmount(folder)
