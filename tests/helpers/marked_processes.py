"""Finds the processes of attempts by the marker in their environment."""

from collections.abc import Iterator
from pathlib import Path

from engine.runners import layout
from engine.system.home import Home


def marked(home: Home) -> Iterator[int]:
    """Processes that carry the marker of an attempt of this home."""
    names = {folder.name for folder in home.attempts.iterdir()}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environ = (entry / "environ").read_bytes()
            except OSError:
                continue
            for item in environ.split(b"\0"):
                name, _, value = item.partition(b"=")
                if name == layout.MARKER.encode() and value.decode(errors="replace") in names:
                    yield int(entry.name)
