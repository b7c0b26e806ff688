"""What a running attempt does now, for a card or a table: its newest sentence, and how far it is with its own plan."""

from collections import deque
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.runners import layout, output
from engine.streams.attempt_output import READERS, AttemptOutput, reader_for, root_of
from engine.streams.entries import EntryKind, Level, Plan, RawLine, StreamEntry, clean

_TAIL = 4096
"""Bytes at the end of text that are read for its last line."""
_RECENT = 20
_BEGIN = 64 * 1024
"""Bytes at the end of an agent's events that are read at first; then only what is new."""
_SCANNED = 4 * 1024 * 1024
"""Bytes at the end of an agent's events that are looked through for its plan and, step by step, for a sentence."""
_STEP = 128 * 1024
"""Bytes that one `refresh` reads: a window refreshes many of these, and none may wait long for another."""
_OF_PLANS = (
    b"TodoWrite",
    b"TaskCreate",
    b"TaskUpdate",
    b"Task #",
    b"todo_list",
    b"write_todos",
    b"todowrite",
)
"""What stands in every event from which a plan is read, and in few others."""


class AttemptProgress:
    """Reads on with each `refresh`, at most a limited number of bytes, so that many of them cost little."""

    def __init__(self, folder: Path, tool: str) -> None:
        self.line = ""
        self.plan: Plan | None = None
        self.printed_at: float | None = None
        """When the last output came, in epoch seconds; None before the first."""
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._folder, self._tool = folder, tool
        self._is_text = tool not in READERS
        self._sizes: tuple[int, ...] = (0,) * len(layout.STREAMS)
        self._output: AttemptOutput | None = None

    def refresh(self) -> None:
        """Read what is new."""
        now = tuple(output.size(self._folder, name) for name in layout.STREAMS)
        grown = [name for name, old, new in zip(layout.STREAMS, self._sizes, now, strict=True) if old != new]
        self._sizes = now
        if grown:
            self.printed_at = output.last_printed_at(self._folder)
        if self._is_text:
            self._read_text(grown)
        elif grown or self.is_behind:
            self._read_events()

    @cached_property
    def silence_limit_s(self) -> float | None:
        """After how many seconds without output the attempt is stopped; None if it is not, or that cannot be read."""
        try:
            order = layout.read_json(read_bytes(self._folder / layout.INVOCATION).decode())
        except (JobFileError, ValueError):
            return None
        limit = order.get("silence_timeout_s")
        return float(limit) if isinstance(limit, int | float) else None

    def tail(self, most: int) -> list[str]:
        """The last lines that show anything, oldest first."""
        if not self._is_text:
            return list(self._recent)[-most:]
        return list(islice(_shown(output.tail(self._folder, _TAIL)), most))[::-1]

    def _read_text(self, grown: list[str]) -> None:
        for name in grown:
            line = next(_shown(output.tail(self._folder, _TAIL, name=name)), "")
            if line:
                self.line = line
                return

    def _read_events(self) -> None:
        if self._output is not None:
            self._take(self._output, _STEP)
            return
        self._output = self._begun(_BEGIN)
        is_whole = not self._output.position
        self._take(self._output, _BEGIN)
        if not self.line and not is_whole:  # one event may be larger than what is read at first
            self._output = self._begun(_SCANNED)
            self._take(self._output, _STEP)

    def _take(self, from_output: AttemptOutput, limit: int) -> None:
        for _, entry in from_output.read(limit):
            self.plan = entry.plan or self.plan
            if is_notable(entry):
                self.line = entry.text
                self._recent.append(entry.text)

    def _begun(self, limit: int) -> AttemptOutput:
        """The output, read from near its end on; a plan that was made before is looked for without reading the rest."""
        reader = reader_for(self._tool, root_of(self._folder))
        begun = AttemptOutput(self._folder, reader)
        begun.start_at(output.start_of_tail(self._folder, limit))
        if begun.position:
            for line in _lines_of_plans(self._folder):
                for entry in reader.read(RawLine(line)):
                    self.plan = entry.plan or self.plan
        return begun

    @property
    def is_behind(self) -> bool:
        """Whether the next `refresh` has more to read even if nothing is added."""
        return self._output is not None and self._output.behind


def _lines_of_plans(folder: Path) -> list[bytes]:
    """The last events that may hold a plan, oldest first, as far as reading them takes no time to speak of."""
    lines = output.tail_lines(folder, _SCANNED, name="stdout")
    found: deque[bytes] = deque()
    room = _STEP
    for line in reversed([line for line in lines if any(mark in line for mark in _OF_PLANS)]):
        room -= len(line)
        if room < 0:
            break
        found.appendleft(line)
    return list(found)


def _shown(data: bytes) -> Iterator[str]:
    """The non-blank lines, newest first."""
    return filter(str.strip, map(clean, reversed(data.split(b"\n"))))


def is_notable(entry: StreamEntry) -> bool:
    """Whether an entry says what is going on: a command that runs does, other steps on the way do not."""
    is_shown = entry.level is not Level.DEBUG or entry.kind is EntryKind.COMMAND
    return is_shown and bool(entry.text.strip())
