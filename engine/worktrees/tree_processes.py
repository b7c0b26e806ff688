"""Find the living processes that work in a folder: their current folder, their program or an open file is in it.

Only Linux can say. Elsewhere, and where a process cannot be looked at, there may be one.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

_PROC = Path("/proc")
_INEXACT_S = 60.0
"""The start of a process is known by the clock of today, that of a file by the clock of then."""
UNKNOWN = "what runs on this system cannot be seen"


def processes_in(folders: Sequence[Path], *, since: float) -> list[str]:
    """The processes that work in one of these folders, each as a person knows it: ``make (process 4711)``.

    One that cannot be looked at is among them if it was started since the folders are there (seconds since the epoch).
    """
    if not (_PROC / "self" / "fd").is_dir():
        return [UNKNOWN]
    prefixes = [os.path.realpath(folder) for folder in folders]
    return [_name(pid) for pid in _own_processes() if _is_at_work(pid, prefixes, since)]


def _is_at_work(pid: str, prefixes: Sequence[str], since: float) -> bool:
    try:
        return any(_is_in(path, prefixes) for path in _paths(pid))
    except PermissionError:
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(int(pid)).create_time() > since - _INEXACT_S
    return False


def mounts_in(folder: Path) -> list[str]:
    """The disks that are mounted in a folder: deleting it would delete what is on them."""
    prefix = os.path.realpath(folder)
    try:
        lines = (
            (_PROC / "self" / "mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        )
    except OSError:
        return []
    points = (re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), line.split(" ")[4]) for line in lines)
    return [point for point in points if _is_in(point, [prefix])]


def _own_processes() -> Iterator[str]:
    """Those of this user, or all for root; others cannot get into a folder of this user's own."""
    user = os.geteuid()
    for entry in os.scandir(_PROC):
        if entry.name.isdigit():
            with suppress(OSError):  # it has ended
                if user in {0, entry.stat().st_uid}:
                    yield entry.name


def _paths(pid: str) -> Iterator[str]:
    """What a process has to do with folders; a process that has ended has nothing to do with any.

    Raises:
        PermissionError: it is alive and cannot be looked at.
    """
    links = [f"{_PROC}/{pid}/{name}" for name in ("cwd", "exe", "root")]
    with suppress(FileNotFoundError, ProcessLookupError):
        links += [entry.path for entry in os.scandir(f"{_PROC}/{pid}/fd")]
    for link in links:
        with suppress(FileNotFoundError, ProcessLookupError):
            yield os.readlink(link).removesuffix(" (deleted)")  # noqa: PTH115 - thousands of them, as text


def _is_in(path: str, prefixes: Sequence[str]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def _name(pid: str) -> str:
    try:
        name = (_PROC / pid / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        name = "a process"
    return f"{name} (process {pid})"
