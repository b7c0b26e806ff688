"""Reading an attempt's output back, while it is written and after; changes nothing and interprets nothing.

A piece is what the tool wrote in one go on one stream, in the order in which the pieces came. Of a long output the
middle is not kept, so offsets may jump. What lies in the folder may have been removed or replaced meanwhile, even by
the tool: links are not followed, FIFOs not waited for, and what cannot be read is simply not there.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.runners import layout
from engine.runners.capture import RECORD

TAIL_LIMIT = 64 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_BLOCK = RECORD.size * 4096
_CHUNK = 256 * 1024
_LONGEST = 16 * 1024 * 1024
"""No read of the shim is anywhere near as long."""
_MOST_DIGITS = 18
"""No file system can read at an offset of more; a file of such a name was not written by the shim."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of one stream as they came.

    `ns` is nanoseconds since the epoch, `stream` is ``stdout`` or ``stderr``, `offset` counts the bytes of that stream,
    `after` is where `pieces` goes on behind this one.
    """

    ns: int
    stream: str
    offset: int
    text: bytes
    after: int


def pieces(folder: Path, start: int = 0) -> Iterator[Piece]:
    """The pieces from a place on, up to what is there now; follow a running attempt by starting again at `after`."""
    # The index is opened first, so that whatever it names lies in the segments that are there a moment later.
    with _Rolling(folder, layout.INDEX) as index, _Streams(folder) as streams:
        place = start
        while place + RECORD.size <= index.end:
            place, block = index.read(place, min(_BLOCK, index.end - place))
            whole = len(block) - len(block) % RECORD.size
            if not whole:
                return
            for ns, offset, length, number in RECORD.iter_unpack(block[:whole]):
                place += RECORD.size
                if number >= len(layout.STREAMS) or length > _LONGEST:
                    continue  # no record of ours: a damaged file is read as far as it makes sense
                found, text = streams[number].read(offset, length)
                if text:
                    yield Piece(ns, layout.STREAMS[number], found, text, place)


def stream(folder: Path, name: str) -> bytes:
    """All that was kept of ``stdout`` or ``stderr``; a line says where and how much was left out."""
    with _Rolling(folder, name) as file:
        parts: list[bytes] = []
        place = 0
        while True:
            found, data = file.read(place, _CHUNK)
            if not data:
                return b"".join(parts)
            if found > place:
                parts.append(f"\n[{found - place} bytes left out]\n".encode())
            parts.append(data)
            place = found + len(data)


def bytes_at(folder: Path, name: str, offset: int, limit: int) -> bytes:
    """Up to `limit` bytes of one stream from an offset on; none where that place was not kept."""
    with _Rolling(folder, name) as file:
        found, data = file.read(offset, limit)
    return data if found == offset else b""


def size(folder: Path, name: str) -> int:
    """How many bytes of ``stdout`` or ``stderr`` have come, those left out since included."""
    with _Rolling(folder, name) as file:
        return file.end


def tail(folder: Path, limit: int = TAIL_LIMIT, *, name: str | None = None) -> bytes:
    """The last bytes of one stream, or of both in the order in which they came; never more than lie behind the gap."""
    return _merged_tail(folder, limit) if name is None else _tail_of(folder, limit, name)[1]


def tail_text(folder: Path, limit: int = TAIL_LIMIT, *, name: str | None = None) -> str:
    """The same as text; bytes that are no UTF-8 become U+FFFD, a character cut at the beginning is left out."""
    if name is None:
        data = _merged_tail(folder, limit)
        begins_within = len(data) == limit
    else:
        begin, data = _tail_of(folder, limit, name)
        begins_within = begin > 0
    if begins_within:
        cut = next((at for at, byte in enumerate(data[:4]) if byte & 0xC0 != 0x80), 0)  # noqa: PLR2004
        data = data[cut:]
    return data.decode("utf-8", "replace")


def tail_lines(folder: Path, limit: int, *, name: str) -> list[bytes]:
    """The last whole lines of one stream, out of at most `limit` bytes: a line cut at the beginning is left out."""
    begin, data = _tail_of(folder, limit, name)
    lines = data.splitlines()
    return lines[1:] if begin else lines


def head_lines(folder: Path, limit: int, *, name: str) -> list[bytes]:
    """The first whole lines of one stream, out of at most `limit` bytes: a line cut at the end is left out."""
    with _Rolling(folder, name) as file:
        begin, data = file.read(0, limit)
    lines = data.splitlines(keepends=True) if begin == 0 else []
    return [line.rstrip(b"\r\n") for line in lines if line.endswith(b"\n") or len(data) < limit]


def last_printed_at(folder: Path) -> float | None:
    """When the last piece of output came, in epoch seconds; None where nothing has come or the index is damaged."""
    with _Rolling(folder, layout.INDEX) as index:
        place = index.end - index.end % RECORD.size - RECORD.size
        found, data = index.read(place, RECORD.size) if place >= 0 else (0, b"")
    if found != place or len(data) < RECORD.size:
        return None
    ns, _, _, number = RECORD.unpack(data)
    return float(ns / 1e9) if number < len(layout.STREAMS) and ns > 0 else None


def start_of_tail(folder: Path, limit: int) -> int:
    """The place in the index from which on the last `limit` bytes of both streams follow, or a little more."""
    with _Rolling(folder, layout.INDEX) as index:
        start = index.end - index.end % RECORD.size
        lengths = 0
        while start > 0 and lengths < limit:
            step = min(_BLOCK, start)
            found, block = index.read(start - step, step)
            if found >= start:
                break  # the middle of the index was left out
            for _, _, length, _ in reversed(list(RECORD.iter_unpack(block[: start - found]))):
                if lengths >= limit:
                    break
                lengths += length
                start -= RECORD.size
    return start


def _tail_of(folder: Path, limit: int, name: str) -> tuple[int, bytes]:
    """The last bytes of one stream that lie together, and the offset at which they begin."""
    with _Rolling(folder, name) as file:
        begin = place = max(file.end - limit, 0)
        parts: list[bytes] = []
        while True:
            found, data = file.read(place, _CHUNK)
            if not data:
                return begin, b"".join(parts)
            if found > place:  # what stands before a gap is not the end of the stream
                begin, parts = found, []
            parts.append(data)
            place = found + len(data)


def _merged_tail(folder: Path, limit: int) -> bytes:
    start = start_of_tail(folder, limit)
    return b"".join(piece.text for piece in pieces(folder, start))[-limit:] if limit else b""


class _Rolling:
    """A `capture.RollingFile` as a reader sees it at one moment."""

    def __init__(self, folder: Path, name: str) -> None:
        self._descriptors: list[tuple[int, int]] = []
        self.end = 0
        for start, entry in _segments(folder, name):
            try:
                descriptor = os.open(entry, _FLAGS)
            except OSError:
                continue
            self._descriptors.append((start, descriptor))
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode):
                self.end = max(self.end, start + found.st_size)

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
        return begin, b"".join(parts)

    def close(self) -> None:
        for _, descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Streams:
    """Both streams, read in the small steps of the index through a buffer each."""

    def __init__(self, folder: Path) -> None:
        self._streams = [_Buffered(_Rolling(folder, name)) for name in layout.STREAMS]

    def __getitem__(self, number: int) -> "_Buffered":
        return self._streams[number]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._streams:
            each.rolling.close()


class _Buffered:
    def __init__(self, rolling: _Rolling) -> None:
        self.rolling = rolling
        self._requested = self._at = 0
        self._data = b""

    def read(self, place: int, length: int) -> tuple[int, bytes]:
        """What is left of these bytes, and where it begins."""
        end = place + length
        if place < self._requested or end > self._at + len(self._data):
            self._requested = place
            self._at, self._data = self.rolling.read(place, max(length, _CHUNK))
        begin = max(place, self._at)
        return begin, self._data[begin - self._at : max(end - self._at, 0)]


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
