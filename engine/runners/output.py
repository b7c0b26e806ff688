"""Reading an attempt's output back, while it is written and after; changes nothing and interprets nothing.

A piece is what the tool wrote in one go on one stream, in the order in which the pieces came. Of a long output the
middle is not kept, so offsets may jump. What lies in the folder may have been removed or replaced meanwhile, even by
the tool: links are not followed, FIFOs not waited for, and what cannot be read is simply not there.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.runners import layout
from engine.runners.capture import RECORD
from engine.runners.kept_file import KeptFile

TAIL_LIMIT = 64 * 1024
_BLOCK = RECORD.size * 4096
_CHUNK = 256 * 1024
LONGEST = 16 * 1024 * 1024
"""No read of the shim is anywhere near as long."""


UNTIMED = 64 * 1024
"""Bytes without a record of their own that count as having come at one moment."""


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


def pieces(folder: Path, start: int = 0, reached: Mapping[str, int] | None = None) -> Iterator[Piece]:
    """The pieces from a place on, up to what is there now; follow a running attempt by starting again at `after`.

    The middle of a long index is not kept: bytes between two records of a stream come before the later one. `reached`
    says up to which offsets streams were read before; of one that is not known nothing precedes its first record.
    """
    reached = reached if reached is not None else {} if start else dict.fromkeys(layout.STREAMS, 0)
    # The index is opened first, so that whatever it names lies in the segments that are there a moment later.
    with KeptFile(folder, layout.INDEX) as index, _Streams(folder) as streams:
        place = start
        ends = [(reached[name], 0) if name in reached else None for name in layout.STREAMS]
        while place + RECORD.size <= index.end:
            place, block = index.read(place, min(_BLOCK, index.end - place))
            whole = len(block) - len(block) % RECORD.size
            if not whole:
                return
            for ns, offset, length, number in RECORD.iter_unpack(block[:whole]):
                place += RECORD.size
                if number >= len(layout.STREAMS) or length > LONGEST:
                    continue  # no record of ours: a damaged file is read as far as it makes sense
                if (before := ends[number]) is not None and before[0] < offset:
                    yield from _untimed(
                        streams, number, (before[0], offset), ns=(before[1] or ns, ns), after=place
                    )
                ends[number] = (offset + length, ns)
                found, text = streams[number].read(offset, length)
                if text:
                    yield Piece(ns, layout.STREAMS[number], found, text, place)


def untimed_ns(place: int, size: int, first: int, last: int) -> int:
    """The time of a byte that is so far behind the first of `size` bytes without a record, between two records."""
    pieces_there = -(-size // UNTIMED)
    return first + (last - first) * (place // UNTIMED + 1) // (pieces_there + 1)


def _untimed(
    streams: "_Streams", number: int, between: tuple[int, int], *, ns: tuple[int, int], after: int
) -> Iterator[Piece]:
    """What was kept of bytes that have no record."""
    begin, end = between
    place = begin
    while (place := streams[number].first_at(begin, place)) < end:
        found, text = streams[number].read(place, min(UNTIMED, end - place))
        if text:
            at = untimed_ns(place - begin, end - begin, *ns)
            yield Piece(at, layout.STREAMS[number], found, text, after)
        place += UNTIMED


def stream(folder: Path, name: str) -> bytes:
    """All that was kept of ``stdout`` or ``stderr``; a line says where and how much was left out."""
    with KeptFile(folder, name) as file:
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
    with KeptFile(folder, name) as file:
        found, data = file.read(offset, limit)
    return data if found == offset else b""


def size(folder: Path, name: str) -> int:
    """How many bytes of ``stdout`` or ``stderr`` have come, those left out since included."""
    with KeptFile(folder, name) as file:
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
    with KeptFile(folder, name) as file:
        begin, data = file.read(0, limit)
    lines = data.splitlines(keepends=True) if begin == 0 else []
    return [line.rstrip(b"\r\n") for line in lines if line.endswith(b"\n") or len(data) < limit]


def last_printed_at(folder: Path) -> float | None:
    """When the last piece of output came, in epoch seconds; None where nothing has come or the index is damaged."""
    ns = last_printed_ns(folder)
    return None if ns is None else float(ns / 1e9)


def last_printed_ns(folder: Path) -> int | None:
    """The same in nanoseconds since the epoch."""
    with KeptFile(folder, layout.INDEX) as index:
        place = index.end - index.end % RECORD.size - RECORD.size
        found, data = index.read(place, RECORD.size) if place >= 0 else (0, b"")
    if found != place or len(data) < RECORD.size:
        return None
    ns, _, _, number = RECORD.unpack(data)
    return int(ns) if number < len(layout.STREAMS) and ns > 0 else None


def start_of_tail(folder: Path, limit: int) -> int:
    """The place in the index from which on the last `limit` bytes of both streams follow, or a little more."""
    with KeptFile(folder, layout.INDEX) as index:
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
    with KeptFile(folder, name) as file:
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


class _Streams:
    """Both streams, read in the small steps of the index through a buffer each."""

    def __init__(self, folder: Path) -> None:
        self._streams = [_Buffered(KeptFile(folder, name)) for name in layout.STREAMS]

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
    def __init__(self, rolling: KeptFile) -> None:
        self.rolling = rolling
        self._requested = self._at = 0
        self._data = b""

    def first_at(self, begin: int, place: int) -> int:
        """The first of the pieces of `UNTIMED` bytes behind `begin`, from `place` on, of which anything is left."""
        left = next((low for low, high in self.rolling.extents if high > place), sys.maxsize)
        return begin + (max(left, place) - begin) // UNTIMED * UNTIMED

    def read(self, place: int, length: int) -> tuple[int, bytes]:
        """What is left of these bytes, and where it begins."""
        end = place + length
        if place < self._requested or end > self._at + len(self._data):
            self._requested = place
            self._at, self._data = self.rolling.read(place, max(length, _CHUNK))
        begin = max(place, self._at)
        return begin, self._data[begin - self._at : max(end - self._at, 0)]
