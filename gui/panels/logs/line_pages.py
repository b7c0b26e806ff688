"""Pages of lines of several attempts, the newest first, for the helper process behind the Logs. Without Qt.

An attempt is not opened before its newest line may be the next one; of text no more is read than a page needs. What an
agent prints is read from the start: its sentences depend on what came before.
"""

import heapq
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from engine.runners import output
from engine.runners.indexed_output import IndexedOutput
from engine.streams.attempt_output import AttemptOutput, Timed, prints_text, reader_in
from engine.streams.counted_lines import counted_lines
from engine.streams.entries import StreamEntry
from engine.streams.level_rules import current_rules
from engine.streams.line_search import LineSearch
from engine.streams.newest_lines import FOREVER, NewestLines
from engine.streams.raw_lines import place_of

PAGE_S = 0.06
"""How long a page may take; what it does not reach is left to the next one."""
_MOST_KEPT = 40_000
"""Lines of what can only be read from the start."""


class AttemptSource(NamedTuple):
    """An attempt whose output is read."""

    attempt: int
    folder: Path
    tool: str
    has_ended: bool


class ServedLine(NamedTuple):
    """A line as it is sent to the window; `ns` is nanoseconds since the epoch."""

    ns: int
    attempt: int
    level: int
    text: str
    place: int


class LinePage(NamedTuple):
    """The newest lines of a period, oldest first; if older ones may be left, all from `first` (ns) on are there."""

    lines: list[ServedLine]
    cut: bool
    first: int | None


_Found = tuple[int, StreamEntry | None]
_Step = tuple[int, int, int, StreamEntry | None, Iterator[_Found] | None]
"""The time and the number of the source, both negative; a number that sets it apart; without what follows, a bound."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which lines are loaded: at most about `limit` of those between two times (ns)."""

    sources: Sequence[AttemptSource]
    since: int
    until: int
    limit: int
    search: LineSearch | None = None

    def page(self, seconds: float = PAGE_S) -> LinePage:
        """Read the page. Of lines that were printed at the same moment it has all or none."""
        with ExitStack() as opened:
            return self._page(opened, time.monotonic() + seconds)

    def _page(self, opened: ExitStack, deadline: float) -> LinePage:
        serial = count()
        steps: list[_Step] = []
        for number, source in enumerate(self.sources):
            bound = _last_ns(source)
            if bound >= self.since:
                steps.append((-bound, -number, next(serial), None, None))
        heapq.heapify(steps)
        lines: list[ServedLine] = []
        first_stop = 0
        while steps:
            minus_ns, minus_number, _, entry, following = heapq.heappop(steps)
            source = self.sources[-minus_number]
            if following is None:
                following = self._newest_first(source, opened)
            elif entry is None:
                first_stop = first_stop or -minus_ns
                if (
                    -minus_ns < first_stop and time.monotonic() > deadline
                ):  # a page goes on a little in any case
                    return _cut_page([line for line in lines if line.ns > -minus_ns], -minus_ns + 1)
            elif len(lines) >= self.limit and -minus_ns < lines[-1].ns:
                return _cut_page(lines, lines[-1].ns)
            else:
                lines.append(
                    ServedLine(-minus_ns, source.attempt, int(entry.level), entry.text, place_of(entry))
                )
            for ns, entry in following:
                heapq.heappush(steps, (-ns, minus_number, next(serial), entry, following))
                break
        return LinePage(lines[::-1], cut=False, first=lines[-1].ns if lines else None)

    def _newest_first(self, source: AttemptSource, opened: ExitStack) -> Iterator[_Found]:
        if prints_text(source.tool):
            kept = opened.enter_context(closing(IndexedOutput(source.folder)))
            if kept.is_orderly:
                how = NewestLines(
                    search=self.search,
                    since=self.since,
                    until=self.until,
                    rules=current_rules().rules,
                    has_ended=source.has_ended,
                )
                return ((ns, entry) for ns, _, entry in how.of(kept))
        found = (timed for timed in all_entries(source) if self.since <= timed[0] < self.until)
        meant = (timed for timed in found if self._is_meant(timed[1]))
        return iter(sorted(deque(meant, maxlen=max(_MOST_KEPT, 2 * self.limit)), key=_when)[::-1])

    def _is_meant(self, entry: StreamEntry) -> bool:
        return self.search is None or self.search.test(entry.text, entry.level, entry.stream)


class LineCount:
    """Counts the lines before a time, and those of them that are meant, a piece at a time."""

    def __init__(
        self,
        number: int,
        sources: Sequence[AttemptSource],
        *,
        before: int,
        search: LineSearch,
        with_all: bool = True,
    ) -> None:
        """Without `with_all` only those that are meant are counted."""
        self.number, self._with_all = number, with_all
        self._waiting = deque(sources)
        self._before, self._search = before, search
        self._parts: Iterator[tuple[int, int]] = iter(())
        self.lines = self.found = 0

    def go_on(self, seconds: float) -> bool:
        """Count for about so long; return whether there is more."""
        until = time.monotonic() + seconds
        while True:
            for lines, found in self._parts:
                self.lines += lines
                self.found += found
                if time.monotonic() > until:
                    return True
            if not self._waiting:
                return False
            self._parts = self._counted(self._waiting.popleft())

    def _counted(self, source: AttemptSource) -> Iterator[tuple[int, int]]:
        if prints_text(source.tool):
            with IndexedOutput(source.folder) as kept:
                if kept.is_orderly:
                    how = NewestLines(
                        search=self._search,
                        until=self._before,
                        rules=current_rules().rules,
                        has_ended=source.has_ended,
                    )
                    yield from counted_lines(kept, how, with_all=self._with_all)
                    return
        for ns, entry in all_entries(source):
            if ns < self._before:
                yield 1, self._search.test(entry.text, entry.level, entry.stream)


def all_entries(source: AttemptSource) -> Iterator[Timed]:
    """Everything an attempt printed, from the start."""
    reading = AttemptOutput(source.folder, reader_in(source.folder, source.tool))
    yield from reading.read()
    if source.has_ended:
        yield from reading.rest()


def _cut_page(newest_first: list[ServedLine], first: int) -> LinePage:
    return LinePage(newest_first[::-1], cut=True, first=first)


def _when(timed: Timed) -> int:
    return timed[0]


def _last_ns(source: AttemptSource) -> int:
    """A time after which it printed nothing."""
    last = output.last_printed_ns(source.folder)
    return FOREVER if last is None else last
