"""The attempts that the Logs follow: reads on in the output of each, and sends the lines of all in order of time.

An attempt whose lines come faster than they are listed holds the younger lines of the others back, so that none of
them has to be sorted in late; and it goes past all but its last lines, so that it does not hold them back for long.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.runners.indexed_output import IndexedOutput
from engine.streams.attempt_output import AttemptOutput, Timed, prints_text, reader_in
from engine.streams.counted_lines import counted_lines
from engine.streams.level_rules import current_rules
from engine.streams.line_search import errors_search
from engine.streams.newest_lines import NewestLines
from engine.streams.raw_lines import place_of
from gui.panels.logs.line_pages import ServedLine

Answer = dict[str, Any]
BATCH = 500
_BATCH_CHARACTERS = 128 * 1024
_BYTES_A_TICK, _LINES_A_TICK = 1024 * 1024, 20_000
_MOST_UNREAD, _KEPT_UNREAD = 24 * 1024 * 1024, 12 * 1024 * 1024
_MOST_UNREAD_LINES, _KEPT_UNREAD_LINES = 200_000, 100_000
"""Of more bytes, or of about more lines, that wait to be listed only so many are listed."""
_SHORT_LINE = 16
"""Bytes of a line as long as none was read."""
_IDLE_TICKS = 4  # an unterminated line, such as a prompt, is shown after a second of silence
_NEVER = 2**63


@dataclass
class Tail:
    """The reading position in the output of one attempt."""

    attempt: int
    folder: Path
    tool: str = ""
    since: int = 0
    idle: int = 0
    seen_folder: bool = False
    reached: int = 0
    """The time in nanoseconds up to which the lines were read."""
    output: AttemptOutput = field(init=False)
    _line_bytes: float = _SHORT_LINE
    """How long a line is, of those read last."""

    def __post_init__(self) -> None:
        """Choose the reader of the tool, and go past what was printed before."""
        self.output = AttemptOutput(self.folder, reader_in(self.folder, self.tool))
        if self.since and prints_text(self.tool):
            self.output.start_at_time(self.since)

    @property
    def behind(self) -> bool:
        """Whether the last read stopped at its limit."""
        return self.output.behind

    def read(self, limit: int | None = None) -> Iterator[ServedLine]:
        """Read the lines that are complete now, up to `limit` bytes; by default as many as are listed in a moment."""
        before, found = self.output.position, 0
        most = min(_BYTES_A_TICK, int(_LINES_A_TICK * self._line_bytes)) if limit is None else limit
        for line in self._lines(self.output.read(most)):
            found += 1
            yield line
        if self.output.taken:
            self._line_bytes = self.output.taken / max(1, found)
        self.reached = self.output.last_ns
        self.idle = 0 if self.output.position != before else self.idle + 1
        if self.idle == _IDLE_TICKS:
            yield from self.rest()

    def rest(self) -> Iterator[ServedLine]:
        """The unterminated lines, when no more output will follow."""
        yield from self._lines(self.output.rest())

    def _lines(self, found: Iterator[Timed]) -> Iterator[ServedLine]:
        since, attempt = self.since, self.attempt
        for ns, entry in found:
            if ns >= since:
                yield ServedLine(ns, attempt, entry.level, entry.text, place_of(entry))

    def go_past(self) -> Answer | None:
        """Where lines come faster than a window can list them, go on near the end; say how many were left out."""
        most = min(_MOST_UNREAD, _MOST_UNREAD_LINES * self._line_bytes)
        if not self.behind or not prints_text(self.tool) or self.output.unread < most:
            return None
        since = max(self.since, self.output.last_ns + 1)
        with IndexedOutput(self.folder) as kept:
            until = kept.time_before_end(min(_KEPT_UNREAD, int(_KEPT_UNREAD_LINES * self._line_bytes)))
            if not kept.is_orderly or until <= since:
                return None
            search = errors_search(has_rules=bool(current_rules().rules.rules))
            parts = list(counted_lines(kept, NewestLines(search=search, since=since, until=until)))
        self.output.start_at_time(until)
        self.reached = until
        lines, errors = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0)
        return {"passed": self.attempt, "lines": lines, "errors": errors, "at": until}

    @property
    def gone(self) -> bool:
        """Whether the folder existed and has disappeared."""
        there = self.folder.is_dir()
        self.seen_folder = self.seen_folder or there
        return self.seen_folder and not there


class Tails:
    """All attempts that are followed, and those that have ended and are read to their end."""

    def __init__(self) -> None:
        self._followed: dict[int, Tail] = {}
        self._finished: list[Tail] = []
        self._ahead: list[ServedLine] = []
        """Lines that are younger than what another attempt has still to read, in order of time."""
        self._passed: list[Answer] = []
        self._over: list[int] = []

    def __bool__(self) -> bool:
        """Whether more lines may come."""
        return bool(self._followed or self._finished)

    @property
    def has_more(self) -> bool:
        """Whether there is more to read now."""
        return bool(self._finished) or any(tail.behind for tail in self._followed.values())

    def follow(self, tail: Tail) -> None:
        """Read its lines from now on."""
        self._followed.setdefault(tail.attempt, tail)

    def finish(self, attempt: int) -> None:
        """Read the remaining lines of an attempt, and no more."""
        tail = self._followed.pop(attempt, None)
        if tail is not None:
            self._finished.append(tail)

    def clear(self) -> None:
        """Follow nothing, and send no more lines of what was followed."""
        self._followed.clear()
        for waiting in (self._finished, self._ahead, self._passed, self._over):
            waiting.clear()

    def read(self) -> Iterator[Answer]:
        """Read on; return the answers with what can be listed now, and with which attempts have ended or are gone."""
        tails = (*self._followed.values(), *self._finished)
        self._passed += filter(None, (tail.go_past() for tail in tails))
        reached = _reached(tails)
        for tail in tails:
            if not tail.behind or tail.reached <= reached:
                self._read_on(tail)
            if tail.attempt in self._followed and tail.gone:
                del self._followed[tail.attempt]
                yield {"gone": tail.attempt}
        self._ahead.sort(key=_when)
        yield from self._sent_until(_reached((*self._followed.values(), *self._finished)))

    def _read_on(self, tail: Tail) -> None:
        before = tail.output.position
        self._ahead += tail.read()
        if tail in self._finished and tail.output.position == before:  # the end is reached
            self._ahead += tail.rest()
            self._finished.remove(tail)
            self._over.append(tail.attempt)

    def _sent_until(self, reached: int) -> Iterator[Answer]:
        """The lines up to a time, with what was left out where it was."""
        end = bisect_right(self._ahead, reached, key=_when)
        lines, self._ahead = self._ahead[:end], self._ahead[end:]
        passed = sorted((one for one in self._passed if one["at"] <= reached), key=lambda one: one["at"])
        self._passed = [one for one in self._passed if one["at"] > reached]
        begin = 0
        for one in passed:
            place = bisect_left(lines, one["at"], key=_when)
            yield from ({"lines": batch, "id": None} for batch in batches(lines[begin:place]))
            yield one
            begin = place
        yield from ({"lines": batch, "id": None} for batch in batches(lines[begin:]))
        if self._over:
            held_back = {line.attempt for line in self._ahead}
            yield from ({"finished": attempt} for attempt in self._over if attempt not in held_back)
            self._over = [attempt for attempt in self._over if attempt in held_back]


def _reached(tails: Sequence[Tail]) -> int:
    """Up to which time the lines of all were read."""
    return min((tail.reached for tail in tails if tail.behind), default=_NEVER)


def _when(line: ServedLine) -> int:
    return line.ns


def batches(lines: Sequence[ServedLine]) -> Iterator[list[ServedLine]]:
    """The lines in parts, each for one answer."""
    batch: list[ServedLine] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line.text)
        if len(batch) >= BATCH or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
