"""The output of one attempt at one moment, by place: when each byte of a stream came, without reading what precedes it.

The index is read whole; the shim keeps at most 320,000 of its records. Where records are missing, since the middle of a
long index is not kept, the bytes between them are of a time between them. Nothing is interpreted here.
"""

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import compress, starmap
from operator import le
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.runners import layout
from engine.runners.capture import RECORD
from engine.runners.kept_file import KeptFile
from engine.runners.output import UNTIMED, untimed_ns

_WORDS = RECORD.size // 8
_STREAM_BYTE, _LENGTH_BYTE = 20, 19
"""Where in a record the number of its stream lies, and the highest byte of its length."""
_LENGTH = 0xFFFF_FFFF
_INDEX_BLOCK = 4 * 1024 * 1024


class IndexedStream:
    """One stream: its records as columns, and its bytes; times are nanoseconds since the epoch."""

    def __init__(self, name: str, file: KeptFile) -> None:
        self.name, self._file = name, file
        self._offsets, self._ends, self._times, self._orders = (array("q") for _ in range(4))
        self.extents: list[tuple[int, int]] = []
        """Where each stretch without a gap begins and ends, up to the last record."""

    def take(self, offsets: "array[int]", lengths: "array[int]", times: "array[int]", *, mask: bytes) -> bool:
        """Take up the records that the mask selects; return whether they lie one behind the other."""
        columns = [offsets, lengths, times, array("q", range(len(mask)))]
        if 0 in mask:
            columns = [array("q", compress(column, mask)) for column in columns]
        self._offsets, lengths, self._times, self._orders = columns
        self._ends = array("q", map(int.__add__, self._offsets, lengths))
        end = self._ends[-1]
        self.extents = [(low, min(high, end)) for low, high in self._file.extents if low < end]
        follows = all(starmap(le, zip(self._ends, self._offsets[1:], strict=False)))
        return self._offsets[0] >= 0 and follows

    @property
    def end(self) -> int:
        """The offset behind the last byte."""
        return self.extents[-1][1] if self.extents else 0

    @property
    def whole_file(self) -> int | None:
        """The descriptor of a file that holds all that has come and nothing else, where there is one."""
        return self._file.only_segment if self.extents == self._file.extents else None

    def moment(self, place: int) -> tuple[int, int]:
        """When the byte at a place came, and its order among those of all streams that came at this time."""
        number = bisect_right(self._offsets, place) - 1
        if number >= 0 and place < self._ends[number]:
            return self._times[number], 2 * self._orders[number]
        number += 1
        if number == len(self._offsets):
            return self._times[-1], 2 * self._orders[-1]
        begin, after = self._untimed(number)
        ns = untimed_ns(place - begin, self._offsets[number] - begin, after, self._times[number])
        return ns, 2 * self._orders[number] - 1

    def place_at(self, ns: int) -> int:
        """The first byte that came at or after a time; the end where none did."""
        number = bisect_left(self._times, ns)
        if number == len(self._times):
            return self.end
        begin, _ = self._untimed(number)
        offset = self._offsets[number]
        pieces = -(-(offset - begin) // UNTIMED)
        earlier = bisect_left(range(pieces), ns, key=lambda piece: self.moment(begin + piece * UNTIMED)[0])
        return min(begin + earlier * UNTIMED, offset)

    def _untimed(self, number: int) -> tuple[int, int]:
        """Where the bytes without a record before this one begin, and the time of those before them."""
        if not number:
            return 0, self._times[0]
        return self._ends[number - 1], self._times[number - 1]

    def read(self, low: int, high: int) -> bytes:
        """These bytes, all of one stretch; fewer where the file was truncated meanwhile."""
        found, data = self._file.read(low, high - low)
        return data if found == low else b""

    def last_newline(self, low: int, high: int, *, block: int) -> int:
        """The place of the last newline between two places, reading a block at a time; -1 if there is none."""
        while high > low:
            begin = max(low, high - block)
            found = self.read(begin, high).rfind(b"\n")
            if found >= 0:
                return begin + found
            high = begin
        return -1


class IndexedOutput:
    """All streams of an attempt; what comes later is not seen."""

    def __init__(self, folder: Path) -> None:
        # The index is read first, so that whatever it names lies in the segments that are there a moment later.
        with KeptFile(folder, layout.INDEX) as index:
            sections = list(_sections(index))
        self._files = [KeptFile(folder, name) for name in layout.STREAMS]
        self.streams = [
            IndexedStream(name, file) for name, file in zip(layout.STREAMS, self._files, strict=True)
        ]
        self._starts = [place for place, _ in sections]
        self._counts = [len(block) // RECORD.size for _, block in sections]
        self.is_orderly = self._take(b"".join(block for _, block in sections))
        """Whether the records go on in time and place; otherwise only reading from the start finds each line."""

    def _take(self, records: bytes) -> bool:
        numbers = records[_STREAM_BYTE :: RECORD.size]
        if sys.byteorder == "big" or records[_LENGTH_BYTE :: RECORD.size].strip(b"\0"):
            return False
        if numbers.translate(None, bytes(range(len(self.streams)))):
            return False
        words = array("q", records)
        self._times, offsets = words[0::_WORDS], words[1::_WORDS]
        lengths = array("q", (word & _LENGTH for word in words[2::_WORDS]))
        if array("q", sorted(self._times)) != self._times:
            return False
        taken = True
        for number, stream in enumerate(self.streams):
            mask = numbers.translate(bytes(one == number for one in range(256)))
            try:
                taken = (1 not in mask or stream.take(offsets, lengths, self._times, mask=mask)) and taken
            except OverflowError:  # no file has so high offsets
                return False
        return taken

    @property
    def kept_streams(self) -> list[IndexedStream]:
        """The streams of which there is anything."""
        return [stream for stream in self.streams if stream.extents]

    @property
    def after(self) -> int:
        """The place in the index where reading goes on behind all this."""
        return self._starts[-1] + self._counts[-1] * RECORD.size if self._starts else 0

    def after_time(self, ns: int) -> int:
        """The place in the index of the first record at or after a time."""
        number = bisect_left(self._times, ns)
        for start, count in zip(self._starts, self._counts, strict=True):
            if number < count:
                return start + number * RECORD.size
            number -= count
        return self.after

    @property
    def last_ns(self) -> int:
        """When the last byte came; 0 without any."""
        return max((stream.moment(stream.end - 1)[0] for stream in self.kept_streams), default=0)

    def time_before_end(self, size: int) -> int:
        """The time from which on about so many bytes of each stream came; 0 where there are no more."""
        places = ((stream, stream.end - size) for stream in self.kept_streams)
        return max((stream.moment(place)[0] for stream, place in places if place > 0), default=0)

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _sections(index: KeptFile) -> Iterator[tuple[int, bytes]]:
    """What is left of the index, each stretch of whole records with the place where it begins."""
    for begin, end in index.extents:
        start = -(-begin // RECORD.size) * RECORD.size
        parts, place, stop = [], start, end - (end - start) % RECORD.size
        while place < stop:
            found, data = index.read(place, min(_INDEX_BLOCK, stop - place))
            if found != place:
                break
            parts.append(data)
            place += len(data)
        block = b"".join(parts)
        yield start, block[: len(block) - len(block) % RECORD.size]
