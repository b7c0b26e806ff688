"""Keeping what a tool prints: streams apart, one index over them, each capped to its head and its last megabyte.

The first bytes of a stream lie in a file of its name, the later ones in segments ``<name>.<offset>`` of which only the
last two stay. Offsets count the bytes kept at the time they were written, so that a reader can follow while older
segments go. Writing never fails: what a full disk refuses is counted as lost. Reading back is the work of `output`.
Imports only the standard library: the shim loads this at each start.
"""

import os
import struct

RECORD = struct.Struct("<qqIB3x")
"""One entry of the index: nanoseconds since the epoch, offset, length, number of the stream."""
TAIL = 1024 * 1024
INDEX_HEAD = RECORD.size * 256 * 1024
INDEX_TAIL = RECORD.size * 32 * 1024
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class RollingFile:
    """A file in the current folder (mode 0600) that keeps its head and the last one to two tails."""

    def __init__(self, name: str, *, head: int, tail: int) -> None:
        self.name = name
        self.offset = 0
        self.lost = 0
        self._boundary = head
        self._tail = tail
        self._segment = name
        self._segments: list[str] = []
        self._descriptor = -1

    def write(self, data: bytes) -> int:
        """Keep the data; returns how many bytes of it were kept."""
        before = self.offset
        rest = memoryview(data)
        while rest:
            if self.offset == self._boundary:
                self._roll()
            done = self._put(rest[: self._boundary - self.offset])
            if not done:
                self.lost += len(rest)
                break
            self.offset += done
            rest = rest[done:]
        return self.offset - before

    def take_back(self, count: int) -> None:
        """Forget the last bytes kept, which must lie in the segment being written."""
        if count and self._descriptor >= 0:
            os.ftruncate(self._descriptor, os.fstat(self._descriptor).st_size - count)
            self.offset -= count

    def close(self) -> None:
        """Keep what is there."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _put(self, data: memoryview) -> int:
        try:
            if self._descriptor < 0:
                self._descriptor = os.open(self._segment, _FLAGS, 0o600)
            return os.write(self._descriptor, data)
        except OSError:
            return 0

    def _roll(self) -> None:
        self.close()
        self._segment = f"{self.name}.{self.offset:015d}"
        self._segments.append(self._segment)
        self._boundary = self.offset + self._tail
        if len(self._segments) > 2:  # noqa: PLR2004
            oldest = self._segments.pop(0)
            try:  # noqa: SIM105  # contextlib is too dear to import here
                os.unlink(oldest)
            except OSError:
                pass  # somebody has taken it away already


class Capture:
    """The streams of one attempt and the index over them, which holds for each piece when it came."""

    def __init__(self, streams: tuple[str, ...], index: str, *, cap: int) -> None:
        tail = min(TAIL, max(cap // 4, 1))
        self.files = [RollingFile(name, head=max(cap - 2 * tail, 0), tail=tail) for name in streams]
        self._index = RollingFile(index, head=INDEX_HEAD, tail=INDEX_TAIL)

    def keep(self, stream: int, data: bytes, at_ns: int) -> None:
        """Keep a piece of a stream."""
        file = self.files[stream]
        offset = file.offset
        kept = file.write(data)
        if kept:
            entry = self._index.write(RECORD.pack(at_ns, offset, kept, stream))
            self._index.take_back(entry % RECORD.size)

    @property
    def lost(self) -> int:
        """How many bytes could not be kept, other than by the cap."""
        return sum(file.lost for file in self.files)

    def close(self) -> None:
        """Keep what is there."""
        for file in (*self.files, self._index):
            file.close()
