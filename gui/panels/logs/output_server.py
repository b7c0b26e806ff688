"""The helper process behind the Logs: reads the output files of attempts and sends cleaned lines. Writes no file.

The protocol is one JSON object per line on standard input and output. Only one batch may be unacknowledged, so a busy
window is never flooded. Imports only the standard library, `engine.runners.output`, `engine.streams` and `line_server`.

Requests, by their ``do``: ``follow`` {attempt, folder, tool, since} sends new lines of an attempt four times a second;
``finish`` {attempt} sends its remaining lines and stops following it; ``drop`` stops following everything; ``pause``
and ``resume`` pause and resume following; ``load`` {id, attempts: [[attempt, folder, tool, ended]], since, until,
limit, text, regex, case, errors} sends the newest lines of a period, oldest first, and only those with the text if
there is one, or only errors; a newer ``load`` replaces an older one; ``count`` {id, attempts, before} counts all lines
before a time while nothing else is to be done; ``size`` {lines} limits the lines of an answer; ``ack`` requests the
next answer.
Answers: {lines: [[ns, attempt, level, text, place]], id: of the load or null, done, cut: whether older lines were left
out, first: time of the oldest line}; {count: its id, lines, errors} answers ``count``; {gone: attempt} if the folder of
a followed attempt has disappeared. Times are nanoseconds; a place is where the raw line begins, see
`engine.streams.raw_lines`.
"""

import heapq
import json
import queue
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from engine.streams.attempt_output import AttemptOutput, Timed, reader_in
from engine.streams.entries import Level
from engine.streams.raw_lines import place_of
from gui.control.line_server import Requests, serve_lines

BATCH = 500
TICK_S = 0.25
_BATCH_CHARACTERS = 128 * 1024
_BYTES_A_TICK = 1024 * 1024
_IDLE_TICKS = 4  # an unterminated line, such as a prompt, is shown after a second of silence

Job = tuple[int, Path, str, bool]
"""Attempt, folder, tool, and whether the attempt has ended."""
Line = tuple[int, int, int, str, int]
"""Nanoseconds, attempt, level, text, place."""
LineTest = Callable[[Line], bool]
"""Whether a line is loaded."""


@dataclass
class Tail:
    """The reading position in the output of one attempt."""

    attempt: int
    folder: Path
    tool: str = ""
    since: int = 0
    idle: int = 0
    seen_folder: bool = False
    output: AttemptOutput = field(init=False)

    def __post_init__(self) -> None:
        """Choose the reader of the tool."""
        self.output = AttemptOutput(self.folder, reader_in(self.folder, self.tool))

    @property
    def behind(self) -> bool:
        """Whether the last read stopped at its limit."""
        return self.output.behind

    def read(self, limit: int = _BYTES_A_TICK) -> Iterator[Line]:
        """Read the lines that are complete now, up to `limit` bytes."""
        before = self.output.position
        yield from self._lines(self.output.read(limit))
        self.idle = 0 if self.output.position != before else self.idle + 1
        if self.idle == _IDLE_TICKS:
            yield from self.rest()

    def rest(self) -> Iterator[Line]:
        """The unterminated lines, when no more output will follow."""
        yield from self._lines(self.output.rest())

    def _lines(self, found: Iterator[Timed]) -> Iterator[Line]:
        since, attempt = self.since, self.attempt
        for ns, entry in found:
            if ns >= since:
                yield ns, attempt, entry.level, entry.text, place_of(entry)

    @property
    def gone(self) -> bool:
        """Whether the folder existed and has disappeared."""
        there = self.folder.is_dir()
        self.seen_folder = self.seen_folder or there
        return self.seen_folder and not there


def lines_between(
    attempts: Sequence[Job], since: int, until: int, *, limit: int, only: LineTest | None = None
) -> tuple[list[Line], bool]:
    """The newest lines between two times, all or `only` those, and whether older ones were left out.

    Of lines that were printed at the same moment all are left out or none, so that a further load up to the first one
    has the others, and none twice.
    """
    newest: list[Line] = []
    cut = False
    for attempt, folder, tool, ended in attempts:
        kept: deque[Line] = deque(maxlen=limit)
        matching = 0
        for line in _all_lines(attempt, folder, tool, ended=ended):
            if since <= line[0] < until and (only is None or only(line)):
                matching += 1
                kept.append(line)
        cut = cut or matching > limit
        newest = list(heapq.merge(newest, kept, key=_when))
        cut = cut or len(newest) > limit
        newest = newest[-limit:]
    return (_without_first_moment(newest) if cut else newest), cut


def _without_first_moment(lines: list[Line]) -> list[Line]:
    """The lines without those of the first moment, of which some may be missing; all if there is no other moment."""
    rest = [line for line in lines if line[0] > lines[0][0]]
    return rest or lines


class LineCount:
    """Counts all lines before a time, a piece at a time, so that other requests are served in between."""

    def __init__(self, number: int, attempts: Sequence[Job], before: int) -> None:
        self.number = number
        self._waiting = deque(attempts)
        self._before = before
        self._tail: Tail | None = None
        self._has_ended = False
        self.lines = self.errors = 0

    def go_on(self) -> bool:
        """Count a piece; return whether there is more."""
        if self._tail is None:
            if not self._waiting:
                return False
            attempt, folder, tool, self._has_ended = self._waiting.popleft()
            self._tail = Tail(attempt, folder, tool)
        self._add(self._tail.read())
        if not self._tail.behind:
            if self._has_ended:
                self._add(self._tail.rest())
            self._tail = None
        return True

    def _add(self, lines: Iterator[Line]) -> None:
        for line in lines:
            if line[0] < self._before:
                self.lines += 1
                self.errors += line[2] == Level.ERROR


def _all_lines(attempt: int, folder: Path, tool: str, *, ended: bool) -> Iterator[Line]:
    tail = Tail(attempt, folder, tool)
    yield from tail.read(limit=sys.maxsize)
    if ended:
        yield from tail.rest()


def _when(line: Line) -> int:
    return line[0]


class OutputServer:
    """Serves requests until standard input ends."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers
        self._tails: dict[int, Tail] = {}
        self._finished: list[Tail] = []
        self._batches: deque[dict[str, Any]] = deque()
        self._count: LineCount | None = None
        self._paused = False
        self._acknowledged = True
        self._most = BATCH

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while True:
            more = not self._paused and (self._finished or any(tail.behind for tail in self._tails.values()))
            busy = self._acknowledged and bool(self._batches or more or (self._count and not self._paused))
            following = self._tails and not self._paused and self._acknowledged
            try:
                request = self._requests.get(timeout=0 if busy else TICK_S if following else None)
            except queue.Empty:
                request = {"do": "tick"}
            if request is None:
                return
            self._serve(request)
            self._send()

    def _serve(self, request: dict[str, Any]) -> None:
        match request["do"]:
            case "ack":
                self._acknowledged = True
            case "size":
                self._most = max(1, int(request["lines"]))
            case "follow":
                self._follow(request)
            case "finish":
                self._finish(int(request["attempt"]))
            case "drop":
                self._tails.clear()
                self._finished.clear()
                self._batches.clear()
                self._count = None
            case "pause" | "resume" as verb:
                self._paused = verb == "pause"
            case "load":
                self._load(request)
            case "count":
                self._count = LineCount(request["id"], _attempts(request), int(request["before"]))
            case _:
                if not self._paused:
                    self._tick()

    def _follow(self, request: dict[str, Any]) -> None:
        attempt = int(request["attempt"])
        tail = Tail(attempt, Path(request["folder"]), request["tool"], since=int(request["since"]))
        self._tails.setdefault(attempt, tail)

    def _finish(self, attempt: int) -> None:
        tail = self._tails.pop(attempt, None)
        if tail is not None:
            self._finished.append(tail)

    def _tick(self) -> None:
        """Read new output, but only when everything read before has been acknowledged."""
        if self._batches or not self._acknowledged:
            return
        lines: list[Line] = []
        for tail in list(self._tails.values()):
            lines += tail.read()
            if tail.gone:
                del self._tails[tail.attempt]
                self._batches.append({"gone": tail.attempt})
        for tail in self._finished[:]:
            before = tail.output.position
            lines += tail.read()
            if tail.output.position == before:  # the end is reached
                lines += tail.rest()
                self._finished.remove(tail)
        lines.sort(key=_when)
        self._batches.extend({"lines": batch, "id": None} for batch in _batches(lines))
        if not self._batches:
            self._go_on_counting()

    def _go_on_counting(self) -> None:
        """Count a little where nobody waits for lines."""
        count = self._count
        if count is not None and not count.go_on():
            self._count = None
            self._batches.append({"count": count.number, "lines": count.lines, "errors": count.errors})

    def _load(self, request: dict[str, Any]) -> None:
        self._batches = deque(batch for batch in self._batches if batch.get("id") is None)
        lines, cut = lines_between(
            _attempts(request),
            int(request["since"]),
            int(request["until"]),
            limit=int(request["limit"]),
            only=line_test_of(request),
        )
        number = request["id"]
        self._batches.extend({"lines": batch, "id": number, "done": False} for batch in _batches(lines))
        first = lines[0][0] if lines else None
        self._batches.append({"lines": [], "id": number, "done": True, "cut": cut, "first": first})

    def _send(self) -> None:
        if self._acknowledged and self._batches:
            json.dump(self._next_answer(), self._answers, separators=(",", ":"))
            self._answers.write("\n")
            self._answers.flush()
            self._acknowledged = False

    def _next_answer(self) -> dict[str, Any]:
        """The next answer, or as many of its lines as the client can take up now."""
        answer, most = self._batches.popleft(), self._most
        lines = answer.get("lines")
        if not isinstance(lines, list) or len(lines) <= most:  # the answer to ``count`` has their number
            return answer
        self._batches.appendleft({**answer, "lines": lines[most:]})
        return {**answer, "lines": lines[:most]}


def _attempts(request: dict[str, Any]) -> list[Job]:
    return [(int(one), Path(folder), tool, bool(ended)) for one, folder, tool, ended in request["attempts"]]


def line_test_of(request: dict[str, Any]) -> LineTest | None:
    """Which lines a request is for; a text is looked for exactly as the filter of the Logs does."""
    if request.get("errors"):
        return lambda line: line[2] == Level.ERROR
    if not request.get("text"):
        return None
    from gui.panels.logs.text_match import TextMatcher, TextPattern  # noqa: PLC0415 - the process starts faster without

    matcher = TextMatcher(TextPattern(request["text"], bool(request["regex"]), bool(request["case"])))
    return lambda line: matcher.matches(line[3], line[3].lower())


def _batches(lines: Sequence[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[3])
        if len(batch) >= BATCH or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def main() -> None:
    """Serve the client on standard input and output."""
    serve_lines(lambda requests, answers: OutputServer(requests, answers).run())


if __name__ == "__main__":
    main()
