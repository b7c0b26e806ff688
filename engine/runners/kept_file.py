"""A `capture.RollingFile` as a reader sees it at one moment: the segments that are left of it, read at any place.

What lies in the folder may have been removed or replaced meanwhile, even by the tool: links are not followed, FIFOs not
waited for, and what cannot be read is simply not there. Nothing is mapped into memory: a file that somebody truncates
would then end the reader.
"""

import os
import stat
from pathlib import Path
from types import TracebackType
from typing import Self

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_MOST_DIGITS = 18
"""No file system can read at an offset of more; a file of such a name was not written by the shim."""


class KeptFile:
    """What is left of a stream or of the index; `end` is the offset behind its last byte."""

    def __init__(self, folder: Path, name: str) -> None:
        self._descriptors: list[tuple[int, int]] = []
        self.end = 0
        self.extents: list[tuple[int, int]] = []
        """Where each stretch without a gap begins and ends."""
        for start, entry in _segments(folder, name):
            try:
                descriptor = os.open(entry, _FLAGS)
            except OSError:
                continue
            self._descriptors.append((start, descriptor))
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode):
                self.end = max(self.end, start + found.st_size)
                self._extend(start, start + found.st_size)

    @property
    def only_segment(self) -> int | None:
        """The descriptor of the file where it holds everything from the first byte to `end`."""
        if len(self._descriptors) != 1 or self.extents != [(0, self.end)]:
            return None
        return self._descriptors[0][1]

    def _extend(self, start: int, end: int) -> None:
        if self.extents and self.extents[-1][1] >= start:
            self.extents[-1] = (self.extents[-1][0], max(end, self.extents[-1][1]))
        elif end > start:
            self.extents.append((start, end))

    def read(self, place: int, length: int) -> tuple[int, bytes]:
        """Up to `length` bytes from the first place at or after `place` of which something is left; with that place.

        They go on from one segment to the next, and end before the next gap.
        """
        begin = place
        parts: list[bytes] = []
        for start, descriptor in self._descriptors:
            if parts and (start > place or not length):
                break
            at = max(place, start)
            if data := _read(descriptor, length, at - start):
                begin = begin if parts else at
                parts.append(data)
                place, length = at + len(data), length - len(data)
        return begin, parts[0] if len(parts) == 1 else b"".join(parts)

    def close(self) -> None:
        """Close the segments."""
        for _, descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(descriptor: int, length: int, place: int) -> bytes:
    try:
        return os.pread(descriptor, length, place)
    except OSError:
        return b""  # no regular file any more


def _segments(folder: Path, name: str) -> list[tuple[int, str]]:
    """Where each segment begins, and its path."""
    try:
        found = [entry for entry in os.scandir(folder) if entry.name.partition(".")[0] == name]
    except OSError:
        return []
    starts = [(entry.name.partition(".")[2] or "0", entry.path) for entry in found]
    return sorted(
        (int(start), path) for start, path in starts if start.isdecimal() and len(start) <= _MOST_DIGITS
    )
