"""Write output of attempts the way the shim does, for tests of the Logs."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.runners import layout
from engine.runners.capture import Capture


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Change to a folder: the capture opens its files by relative name, as in the shim."""
    before = Path.cwd()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


class Printer:
    """Prints into the folder of an attempt."""

    def __init__(self, folder: Path, *, cap: int = 32 * 1024 * 1024) -> None:
        self.folder = folder
        with inside(folder):
            self._capture = Capture(layout.STREAMS, layout.INDEX, cap=cap)

    def print(self, text: str | bytes, *, at: float | None = None, stream: int = 0) -> None:
        """Print now, or as if at a given time."""
        data = text.encode() if isinstance(text, str) else text
        with inside(self.folder):
            self._capture.keep(stream, data, time.time_ns() if at is None else int(at * 1e9))

    def close(self) -> None:
        """Close the capture."""
        self._capture.close()
