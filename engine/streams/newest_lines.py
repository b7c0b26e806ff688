"""The lines that a tool printed as text, the newest first: reads output backwards, and no more than is used.

They are those that `AttemptOutput` makes of the same output with a `TextReader`, with the same times and levels.
"""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from engine.runners import layout
from engine.runners.indexed_output import IndexedOutput, IndexedStream
from engine.streams.entries import EntryKind, RawLine, StreamEntry, is_plain_block, level_of, may_be_cut
from engine.streams.level_rules import LevelRules
from engine.streams.line_search import LineSearch, all_spans
from engine.streams.lines import EVENT_LINE, TEXT_LINE, LineSplitter
from engine.streams.stream_readers import block_entries

_FIRST_BLOCK, _BLOCK = 32 * 1024, 256 * 1024
_LONG_BLOCK = 1024 * 1024
FOREVER = 2**62
"""A time in nanoseconds that no line has."""


@dataclass(slots=True)
class Block:
    """Whole lines of a stream, and where they lie; `is_plain` says that they are shown as they are."""

    stream: IndexedStream
    offset: int
    data: bytes
    is_plain: bool = field(init=False)

    def __post_init__(self) -> None:
        """Look whether they are plain, once for all that depends on it."""
        self.is_plain = is_plain_block(self.data)


class TimedLine(NamedTuple):
    """A line with its time, and its place in the order of all lines of the attempt.

    Without an entry it says that no line that comes later is missing: whoever searches may stop here.
    """

    ns: int
    order: int
    entry: StreamEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestLines:
    """How the lines of an attempt are read: which, of which period (ns), and with whose levels.

    `whole` ones are not capped. `has_ended` says that an unfinished line will not go on.
    """

    search: LineSearch | None = None
    streams: Collection[str] = layout.STREAMS
    since: int = 0
    until: int = FOREVER
    rules: LevelRules = field(default_factory=LevelRules)
    whole: bool = False
    has_ended: bool = False

    def of(self, output: IndexedOutput) -> Iterator[TimedLine]:
        """The lines of an orderly output, newest first."""
        if self.has_ended:
            yield from self._rest(output)
        found = [self._lines_of_stream(stream) for stream in self.streams_of(output)]
        yield from found[0] if len(found) == 1 else heapq.merge(*found, key=itemgetter(0, 1), reverse=True)

    def parts(self, stream: IndexedStream) -> Iterator["TimedLine | Block"]:
        """The lines of one stream, most of them in blocks."""
        return self._of_stream(stream)

    def unfinished(self, output: IndexedOutput) -> Iterator["TimedLine"]:
        """The lines that no newline ended, where none will follow."""
        return self._rest(output) if self.has_ended else iter(())

    def streams_of(self, output: IndexedOutput) -> list[IndexedStream]:
        """The streams that are read, and have anything."""
        return [stream for stream in output.kept_streams if stream.name in self.streams]

    def _lines_of_stream(self, stream: IndexedStream) -> Iterator[TimedLine]:
        for part in self._of_stream(stream):
            if isinstance(part, Block):
                yield from self.lines_of(part)
            else:
                yield part

    def _rest(self, output: IndexedOutput) -> Iterator[TimedLine]:
        """What no end of line followed; it came last."""
        if not self.since <= output.last_ns < self.until:
            return
        for number, stream in reversed(list(enumerate(self.streams_of(output)))):
            low, high = stream.extents[-1]
            yield from self._unfinished(stream, low, high, moment=(output.last_ns, FOREVER + number))

    def _of_stream(self, stream: IndexedStream) -> Iterator[TimedLine | Block]:
        low, high = stream.place_at(self.since), stream.place_at(self.until)
        gaps = [None, *(after[0] for _, after in reversed(list(pairwise(stream.extents))))]
        for (begin, end), gap in zip(reversed(stream.extents), gaps, strict=True):
            if gap is not None and low <= gap < high:
                yield from self._unfinished(stream, begin, end, moment=stream.moment(gap))
            if end > low:
                yield from self._of_stretch(stream, begin, min(end, high), low=max(low, begin))

    def _unfinished(
        self, stream: IndexedStream, begin: int, end: int, *, moment: tuple[int, int]
    ) -> Iterator[TimedLine]:
        """The line that the end of a stretch cuts."""
        start = stream.last_newline(begin, end, block=_LONG_BLOCK) + 1 or begin
        yield from self._long_line(stream, start, end, moment=moment)

    def _of_stretch(
        self, stream: IndexedStream, begin: int, end: int, *, low: int
    ) -> Iterator[TimedLine | Block]:
        """The lines whose newlines lie between `low` and `end`; the first after a gap lacks its beginning."""
        size = _FIRST_BLOCK
        end = stream.last_newline(low, end, block=_LONG_BLOCK) + 1
        while end > low:
            yield TimedLine(*stream.moment(end - 1), None)
            start = max(begin, end - size)
            block = stream.read(start, end)
            if len(block) < end - start:
                return  # truncated meanwhile
            first = 0 if start == begin == 0 else block.find(b"\n", 0, len(block) - 1) + 1
            if not first and start > 0:
                if start == begin:
                    return
                if size < _BLOCK:
                    size *= 2
                    continue
                yield from self._of_long_line(stream, begin, end, low=low)
                end = stream.last_newline(begin, end - 1, block=_LONG_BLOCK) + 1
                continue
            if start + first < low:  # lines that ended before the period
                first = block.rfind(b"\n", first, low - start) + 1 or first
            yield Block(stream, start + first, block[first:] if first else block)
            end, size = start + first, min(size * 2, _BLOCK)

    def _of_long_line(self, stream: IndexedStream, begin: int, end: int, *, low: int) -> Iterator[TimedLine]:
        """The one line that ends here, longer than a block."""
        start = stream.last_newline(begin, end - 1, block=_LONG_BLOCK) + 1
        if (start or begin == 0) and end > low:
            yield from self._long_line(stream, start, end, moment=stream.moment(end - 1))

    def _long_line(
        self, stream: IndexedStream, start: int, end: int, *, moment: tuple[int, int]
    ) -> Iterator[TimedLine]:
        """A line of any length, of which no more than a part is kept in memory."""
        most = EVENT_LINE if self.whole and stream.name == "stdout" else TEXT_LINE
        splitter = LineSplitter(stream.name, most=most, offset=start)
        for place in range(start, end, _LONG_BLOCK):
            for line in splitter.lines(stream.read(place, min(end, place + _LONG_BLOCK))):
                yield from self._tested(line, moment)
        for line in splitter.rest():
            yield from self._tested(line, moment)

    def _tested(self, line: RawLine, moment: tuple[int, int]) -> Iterator[TimedLine]:
        text = line.whole_text if self._is_whole(line.stream) else line.text
        level = self.rules.level(text, level_of(text))
        if self.search is None or self.search.test(text, level, line.stream):
            yield TimedLine(*moment, StreamEntry(EntryKind.RAW, level, text, line.stream, line.offset))

    def _is_whole(self, stream: str) -> bool:
        return self.whole and stream in {"stdout", "stderr"}

    def lines_of(self, part: Block) -> Iterator[TimedLine]:
        """The lines of a block that are meant, newest first."""
        stream, offset, block = part.stream, part.offset, part.data
        is_long = self._is_whole(stream.name) and may_be_cut(block)
        if self.search is None and not is_long:
            yield from self._all_of_block(part)
            return
        spans = (
            list(all_spans(block))
            if self.search is None or is_long
            else self.search.spans(block, is_plain=part.is_plain)
        )
        for start, end in reversed(spans):
            moment = stream.moment(offset + end)
            if is_long and end - start > TEXT_LINE:
                yield from self._long_line(stream, offset + start, offset + end + 1, moment=moment)
            else:
                yield from self._tested(RawLine(block[start:end], stream.name, offset + start), moment)

    def _all_of_block(self, part: Block) -> Iterator[TimedLine]:
        stream, offset, block = part.stream, part.offset, part.data
        end = offset + len(block) - 1
        for entry in reversed(block_entries(block, stream.name, offset)):
            yield TimedLine(*stream.moment(end), self.rules.applied(entry))
            end = entry.offset - 1
