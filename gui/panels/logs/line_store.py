"""The lines of the Logs in columns: what came when, from where, and how urgent. Knows no Qt, no file, no filter.

Lines have serial numbers that never change while they are kept: new ones go on at `end`, older ones are put before
`base`, which may become negative. A hundred thousand lines cost about 20 MB.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gui.data.output_text import Level

MOST = 200_000
_TRIMMED = 2_000
_LATE = 5_000
BIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line comes from; `attempt` is 0 for events."""

    run_id: str = ""
    ws_id: str = ""
    job_id: str = ""
    tool: str = ""
    attempt: int = 0
    label: str = ""


class LogEntry(NamedTuple):
    """One line to be kept: epoch seconds, level, number of its source, event id (0 for output), text."""

    at: float
    level: int
    source: int
    ref: int
    text: str


class Bin(NamedTuple):
    """How many lines, warnings and errors came within `BIN_S` seconds."""

    lines: int = 0
    warnings: int = 0
    errors: int = 0


_NO_LINES = Bin()


class LogSources:
    """Numbers for sources; a number is never given twice."""

    def __init__(self) -> None:
        self._numbers: dict[Source, int] = {}
        self._known: list[Source] = []

    def number(self, source: Source) -> int:
        """The number of a source, a new one if it was not known."""
        found = self._numbers.get(source)
        if found is None:
            found = self._numbers[source] = len(self._known)
            self._known.append(source)
        return found

    def __getitem__(self, number: int) -> Source:
        return self._known[number]

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Source]:
        return iter(self._known)


class LineStore:
    """Lines in order of time."""

    def __init__(self, most: int = MOST) -> None:
        self.base = 0
        self.sources = LogSources()
        self.by_level: Counter[int] = Counter()
        self.by_source: Counter[int] = Counter()
        self.errors_by_source: Counter[int] = Counter()
        self.bins: dict[int, Bin] = {}
        self.trimmed = False
        self._most = most
        self._at = array("d")
        self._level = array("b")
        self._source = array("i")
        self._ref = array("q")
        self._text: list[str] = []

    @property
    def end(self) -> int:
        """The serial number the next line will get."""
        return self.base + len(self._text)

    def __len__(self) -> int:
        return len(self._text)

    @property
    def room(self) -> int:
        """How many more lines are kept before the oldest have to go."""
        return self._most - len(self._text)

    def at(self, serial: int) -> float:
        """When a line came."""
        return self._at[serial - self.base]

    def level(self, serial: int) -> Level:
        """How urgent a line is."""
        return Level(self._level[serial - self.base])

    def level_number(self, serial: int) -> int:
        """The same as a plain number, for painting: an enumeration costs more than the rest of a cell."""
        return self._level[serial - self.base]

    def source(self, serial: int) -> Source:
        """Where a line comes from."""
        return self.sources[self._source[serial - self.base]]

    def ref(self, serial: int) -> int:
        """The id of the event a line tells of, 0 for output."""
        return self._ref[serial - self.base]

    def text(self, serial: int) -> str:
        """A line as it is shown."""
        return self._text[serial - self.base]

    def columns(self, start: int, stop: int) -> tuple[Sequence[int], Sequence[int], Sequence[str]]:
        """Levels, numbers of sources and texts of a stretch of serial numbers, for filters."""
        low, high = start - self.base, stop - self.base
        return self._level[low:high], self._source[low:high], self._text[low:high]

    def append(self, entries: Sequence[LogEntry]) -> None:
        """Keep entries, which are in order and none of which is older than the last line."""
        self._put(entries)
        self._count(entries, 1)

    def late(self, at: float) -> int:
        """From which serial number on lines are younger than this; at most a few thousand back."""
        floor = max(0, len(self._at) - _LATE)
        return self.base + bisect_left(self._at, at, lo=floor)

    def take_back(self, serial: int) -> list[LogEntry]:
        """Let go of the lines from a serial number on, so that they can be appended together with late ones."""
        low = serial - self.base
        taken = self._entries(low, len(self))
        self._count(taken, -1)
        del self._at[low:], self._level[low:], self._source[low:], self._ref[low:], self._text[low:]
        return taken

    def prepend(self, entries: Sequence[LogEntry]) -> None:
        """Put older entries before the first line."""
        self._at = array("d", (entry.at for entry in entries)) + self._at
        self._level = array("b", (entry.level for entry in entries)) + self._level
        self._source = array("i", (entry.source for entry in entries)) + self._source
        self._ref = array("q", (entry.ref for entry in entries)) + self._ref
        self._text[:0] = [entry.text for entry in entries]
        self.base -= len(entries)
        self._count(entries, 1)

    def trim(self) -> int:
        """Let go of the oldest lines where there are too many; the new first serial number."""
        if len(self) > self._most:
            go = len(self) - self._most + min(_TRIMMED, self._most // 10)
            self._count(self._entries(0, go), -1)
            del self._at[:go], self._level[:go], self._source[:go], self._ref[:go], self._text[:go]
            self.base += go
            self.trimmed = True
        return self.base

    def clear(self) -> None:
        """Let go of every line; sources keep their numbers."""
        self.base = 0
        for column in (self._at, self._level, self._source, self._ref):
            del column[:]
        self._text.clear()
        for counter in (self.by_level, self.by_source, self.errors_by_source):
            counter.clear()
        self.bins.clear()
        self.trimmed = False

    def _entries(self, low: int, high: int) -> list[LogEntry]:
        columns = (self._at, self._level, self._source, self._ref, self._text)
        return list(map(LogEntry, *(column[low:high] for column in columns)))

    def _put(self, entries: Sequence[LogEntry]) -> None:
        if not entries:
            return
        at, level, source, ref, text = zip(*entries, strict=True)
        self._at.extend(at)
        self._level.extend(level)
        self._source.extend(source)
        self._ref.extend(ref)
        self._text.extend(text)

    def _count(self, entries: Sequence[LogEntry], by: int) -> None:
        """Add these lines to the counts, or with -1 take them off."""
        slots: Counter[tuple[int, int]] = Counter()
        pairs: Counter[tuple[int, int]] = Counter()
        for entry in entries:
            slots[int(entry.at // BIN_S), entry.level] += by
            pairs[entry.level, entry.source] += by
        for (level, source), count in pairs.items():
            self.by_level[level] += count
            self.by_source[source] += count
            if level == Level.ERROR:
                self.errors_by_source[source] += count
        for (slot, level), count in slots.items():
            lines, warnings, errors = self.bins.get(slot, _NO_LINES)
            found = Bin(
                lines + count,
                warnings + count * (level == Level.WARNING),
                errors + count * (level == Level.ERROR),
            )
            if found.lines > 0:
                self.bins[slot] = found
            else:
                self.bins.pop(slot, None)
