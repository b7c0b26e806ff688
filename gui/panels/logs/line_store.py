"""Store the lines of the Logs in columns: time, level, source and text. Knows no Qt, no file, no filter.

A stored line keeps its serial number: new lines are added at `end`, older ones before `base`, which may become
negative. A hundred thousand lines take about 20 MB.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.streams.entries import NOWHERE, Level

MAX_LINES = 200_000
_TRIMMED = 2_000
_LATE = 5_000
BIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Source:
    """The source of a line; `attempt` is 0 for events."""

    run_id: str = ""
    ws_id: str = ""
    job_id: str = ""
    tool: str = ""
    attempt: int = 0
    label: str = ""


class LogEntry(NamedTuple):
    """One line to store: epoch seconds, level, number of its source, event id (0 for output), text, place.

    The place is where the raw line of output begins, see `engine.streams.raw_lines`.
    """

    at: float
    level: int
    source: int
    ref: int
    text: str
    place: int = NOWHERE


class Bin(NamedTuple):
    """The number of lines, warnings and errors within `BIN_S` seconds."""

    lines: int = 0
    warnings: int = 0
    errors: int = 0


_NO_LINES = Bin()


class LogSources:
    """Assigns numbers to sources; a number is never reused. `longest` is the length of the longest label so far."""

    def __init__(self) -> None:
        self.longest = 0
        self._numbers: dict[Source, int] = {}
        self._known: list[Source] = []

    def number(self, source: Source) -> int:
        """The number of a source; a new source gets a new number."""
        found = self._numbers.get(source)
        if found is None:
            found = self._numbers[source] = len(self._known)
            self._known.append(source)
            self.longest = max(self.longest, len(source.label))
        return found

    def __getitem__(self, number: int) -> Source:
        return self._known[number]

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[Source]:
        return iter(self._known)


class LineStore:
    """The stored lines, in order of time."""

    def __init__(self, limit: int = MAX_LINES) -> None:
        self.base = 0
        self.sources = LogSources()
        self.by_level: Counter[int] = Counter()
        self.by_source: Counter[int] = Counter()
        self.errors_by_source: Counter[int] = Counter()
        self.bins: dict[int, Bin] = {}
        self.trimmed = self.trimmed_errors = 0
        """How many lines, and errors, were dropped because there were too many."""
        self._limit = limit
        self._at = array("d")
        self._level = array("b")
        self._source = array("i")
        self._ref = array("q")
        self._place = array("q")
        self._text: list[str] = []

    @property
    def end(self) -> int:
        """The serial number of the next line."""
        return self.base + len(self._text)

    def __len__(self) -> int:
        return len(self._text)

    @property
    def room(self) -> int:
        """How many more lines fit before the oldest are dropped."""
        return self._limit - len(self._text)

    def at(self, serial: int) -> float:
        """The time of a line."""
        return self._at[serial - self.base]

    def level(self, serial: int) -> Level:
        """The level of a line."""
        return Level(self._level[serial - self.base])

    def level_number(self, serial: int) -> int:
        """The level as a plain number, for painting: creating the enum member costs more than the rest of a cell."""
        return self._level[serial - self.base]

    def source(self, serial: int) -> Source:
        """The source of a line."""
        return self.sources[self._source[serial - self.base]]

    def ref(self, serial: int) -> int:
        """The id of the event a line shows; 0 for output."""
        return self._ref[serial - self.base]

    def has_events(self, start: int, stop: int) -> bool:
        """Whether any line in a range of serial numbers shows an event."""
        return any(self._ref[start - self.base : stop - self.base])

    def place(self, serial: int) -> int:
        """Where the raw line of a line of output begins."""
        return self._place[serial - self.base]

    def text(self, serial: int) -> str:
        """The text of a line."""
        return self._text[serial - self.base]

    def columns(self, start: int, stop: int) -> tuple[Sequence[int], Sequence[int], Sequence[str]]:
        """Levels, source numbers and texts of a range of serial numbers, for filters."""
        low, high = start - self.base, stop - self.base
        return self._level[low:high], self._source[low:high], self._text[low:high]

    def append(self, entries: Sequence[LogEntry]) -> None:
        """Append entries in order of time; none may be older than the last line."""
        self._extend(entries)
        self._count(entries, 1)

    def position_at(self, at: float) -> int:
        """The serial number of the first line at or after this time."""
        return self.base + bisect_left(self._at, at)

    def first_after(self, at: float) -> int:
        """The serial number of the first line after this time, at most a few thousand lines back.

        Lines of the same moment stay where they are: a job that prints much has a thousand of them.
        """
        floor = max(0, len(self._at) - _LATE)
        return self.base + bisect_right(self._at, at, lo=floor)

    def remove_from(self, serial: int) -> list[LogEntry]:
        """Remove and return the lines from a serial number on, so that they can be appended together with late ones."""
        low = serial - self.base
        removed = self._entries(low, len(self))
        self._count(removed, -1)
        for column in (self._at, self._level, self._source, self._ref, self._place, self._text):
            del column[low:]
        return removed

    def prepend(self, entries: Sequence[LogEntry]) -> None:
        """Insert older entries before the first line."""
        self._at = array("d", (entry.at for entry in entries)) + self._at
        self._level = array("b", (entry.level for entry in entries)) + self._level
        self._source = array("i", (entry.source for entry in entries)) + self._source
        self._ref = array("q", (entry.ref for entry in entries)) + self._ref
        self._place = array("q", (entry.place for entry in entries)) + self._place
        self._text[:0] = [entry.text for entry in entries]
        self.base -= len(entries)
        self._count(entries, 1)

    @property
    def trimmed_at_once(self) -> int:
        """How many of the oldest lines are dropped beyond those that are too many."""
        return min(_TRIMMED, self._limit // 10)

    def first_with(self, number: int) -> int:
        """The serial number of the first line that is kept once so many more were appended."""
        excess = len(self) + number - self._limit
        return self.base + (excess + self.trimmed_at_once if excess > 0 else 0)

    def trim(self) -> int:
        """Drop the oldest lines if there are too many; return the new first serial number."""
        if len(self) > self._limit:
            excess = self.first_with(0) - self.base
            dropped = self._entries(0, excess)
            self._count(dropped, -1)
            self.trimmed += excess
            self.trimmed_errors += sum(entry.level == Level.ERROR for entry in dropped)
            del self._at[:excess], self._level[:excess], self._source[:excess]
            del self._ref[:excess], self._place[:excess], self._text[:excess]
            self.base += excess
        return self.base

    def leave_out(self, lines: int, *, errors: int) -> None:
        """Note lines that are not stored at all, as if they were dropped because there are too many."""
        self.trimmed += lines
        self.trimmed_errors += errors

    def clear(self) -> None:
        """Drop all lines; sources keep their numbers."""
        self.base = self.trimmed = self.trimmed_errors = 0
        for column in (self._at, self._level, self._source, self._ref, self._place):
            del column[:]
        self._text.clear()
        for counter in (self.by_level, self.by_source, self.errors_by_source):
            counter.clear()
        self.bins.clear()

    def _entries(self, low: int, high: int) -> list[LogEntry]:
        columns = (self._at, self._level, self._source, self._ref, self._text, self._place)
        return list(map(LogEntry, *(column[low:high] for column in columns)))

    def _extend(self, entries: Sequence[LogEntry]) -> None:
        if not entries:
            return
        at, level, source, ref, text, place = zip(*entries, strict=True)
        self._at.extend(at)
        self._level.extend(level)
        self._source.extend(source)
        self._ref.extend(ref)
        self._text.extend(text)
        self._place.extend(place)

    def _count(self, entries: Sequence[LogEntry], by: int) -> None:
        """Add these lines to the counts, or subtract them if `by` is -1."""
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
