"""Split the bytes of one stream into raw lines that know where they begin. The file itself stays untouched.

The same lines come wherever the reads were cut. Of a progress bar only the last frame is kept; the excess of a line
that is too long is only counted.
"""

from collections.abc import Iterator

from engine.streams.entries import RawLine, last_frame

TEXT_LINE = 64 * 1024
"""Bytes kept of a line of text."""
EVENT_LINE = 4 * 1024 * 1024
"""Bytes kept of a line that is a JSON object: an event may carry a whole file."""


class LineSplitter:
    """Splits the output of one stream into lines; `offset` is where the first byte lies."""

    def __init__(self, stream: str = "stdout", *, most: int = TEXT_LINE, offset: int = 0) -> None:
        self._stream, self._most = stream, most
        self._begin = self._next = offset
        self._frame = _Frame(most)
        self._finished: _Frame | None = None
        """The last non-blank frame that a carriage return ended."""

    @property
    def pending(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._frame.parts) or self._finished is not None

    def lines(self, data: bytes) -> Iterator[RawLine]:
        """The lines that these bytes complete."""
        first, newline, rest = data.partition(b"\n")
        self._keep(first)
        self._next += len(first) + len(newline)
        if not newline:
            return
        yield self._cut()
        *whole, last = rest.split(b"\n")
        for raw in whole:
            yield self._line(raw)
            self._next += len(raw) + 1
        self._begin = self._next
        self._keep(last)
        self._next += len(last)

    def rest(self) -> Iterator[RawLine]:
        """The unfinished line, once nothing more will come."""
        if self.pending:
            yield self._cut()

    def go_past(self, block: bytes) -> None:
        """Go past whole lines that were read otherwise; no line has begun before them."""
        self._next += len(block)
        self._begin = self._next

    def skip_to(self, offset: int) -> Iterator[RawLine]:
        """Go on at a later offset, since what lies before was not kept; the line that was cut there ends."""
        yield from self.rest()
        self._begin = self._next = offset

    @property
    def next_offset(self) -> int:
        """The offset of the byte that comes next."""
        return self._next

    def _line(self, raw: bytes) -> RawLine:
        if len(raw) <= self._most:
            return RawLine(raw, self._stream, self._next)
        frame = last_frame(raw) if b"\r" in raw else raw
        return RawLine(frame[: self._most], self._stream, self._next, max(len(frame) - self._most, 0))

    def _keep(self, data: bytes) -> None:
        head, carriage_return, rest = data.partition(b"\r")
        self._frame.add(head)
        if not carriage_return:
            return
        self._finish()
        finished, carriage_return, last = rest.rpartition(b"\r")
        if carriage_return:
            self._frame.add(last_frame(finished))
            self._finish()
        self._frame.add(last)

    def _finish(self) -> None:
        if self._frame.shows:
            self._finished = self._frame
        self._frame = _Frame(self._most)

    def _cut(self) -> RawLine:
        self._finish()
        found, self._finished = self._finished or self._frame, None
        line = RawLine(b"".join(found.parts), self._stream, self._begin, found.skipped)
        self._begin = self._next
        return line


class _Frame:
    """The bytes between two carriage returns, of which the first `most` are kept."""

    def __init__(self, most: int) -> None:
        self.parts: list[bytes] = []
        self.shows = False
        self.skipped = 0
        self._most = most
        self._size = 0

    def add(self, data: bytes) -> None:
        if not data:
            return
        self.shows = self.shows or bool(data.strip(b" \t"))
        kept = data[: self._most - self._size]
        if kept:
            self.parts.append(kept)
        self._size += len(kept)
        self.skipped += len(data) - len(kept)
