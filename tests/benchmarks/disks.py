"""Folders on a disk where a sync costs what it costs: in memory it costs nothing, which flatters whoever syncs most."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

BUILD = Path(__file__).resolve().parents[2] / "build"
"""The folder of the checkout that git ignores."""
_IN_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})


def is_in_memory(folder: Path) -> bool:
    """Whether what is written there never reaches a disk."""
    mounts = {Path(part.mountpoint): part.fstype for part in psutil.disk_partitions(all=True)}
    above = (each for each in (folder.resolve(), *folder.resolve().parents) if each in mounts)
    return mounts.get(next(above, Path())) in _IN_MEMORY


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """A new folder on a disk: in ``/var/tmp``, which outlives a start of the system, or else beside the checkout."""
    BUILD.mkdir(exist_ok=True)
    places = [place for place in (Path("/var/tmp"), BUILD) if place.is_dir() and not is_in_memory(place)]
    assert places, f"neither /var/tmp nor {BUILD} is on a disk: syncs would cost nothing"
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-", dir=places[0]) as made:
        yield Path(made)
