"""The helper process behind the Logs: reads the output files of attempts and sends cleaned lines. Writes no file.

The protocol is one JSON object per line on standard input and output. Only one batch may be unacknowledged, so a busy
window is never flooded. Imports only the standard library, `engine.runners.output`, `engine.streams` and `line_server`.

Requests, by their ``do``: ``follow`` {attempt, folder, tool, since} sends new lines of an attempt four times a second;
``finish`` {attempt} sends its remaining lines and stops following it; ``drop`` stops following everything; ``pause``
and ``resume`` pause and resume following; ``load`` {id, attempts: [[attempt, folder, tool, ended]], since, until,
limit, needle} sends the newest lines of a period, oldest first, and only those with the needle if there is one; a newer
``load`` replaces an older one; ``ack`` requests the next answer. Answers: {lines: [[ns, attempt, level, text, place]],
id: of the load or null, done, cut: whether older lines were left out, seen: number of lines read}; {gone: attempt} if
the folder of a followed attempt has disappeared. Times are nanoseconds; a place is where the raw line begins, see
`engine.streams.raw_lines`.
"""

import heapq
import json
import queue
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from engine.streams.attempt_output import AttemptOutput, Timed, reader_in
from engine.streams.raw_lines import place_of
from gui.control.line_server import Requests, serve_lines

BATCH = 500
TICK_S = 0.25
_BATCH_CHARACTERS = 128 * 1024
_BYTES_A_TICK = 1024 * 1024
_IDLE_TICKS = 4  # an unterminated line, such as a prompt, is shown after a second of silence

Line = tuple[int, int, int, str, int]
"""Nanoseconds, attempt, level, text, place."""


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
    attempts: Sequence[tuple[int, Path, str, bool]], since: int, until: int, *, limit: int, needle: str = ""
) -> tuple[list[Line], bool, int]:
    """The newest lines between two times, whether older ones were left out, and how many lines were read."""
    newest: list[Line] = []
    lower, seen, cut = needle.lower(), 0, False
    for attempt, folder, tool, ended in attempts:
        kept: deque[Line] = deque(maxlen=limit)
        matching = 0
        for line in _all_lines(attempt, folder, tool, ended=ended):
            if since <= line[0] < until:
                seen += 1
                if not lower or lower in line[3].lower():
                    matching += 1
                    kept.append(line)
        cut = cut or matching > limit
        newest = list(heapq.merge(newest, kept, key=_when))
        cut = cut or len(newest) > limit
        newest = newest[-limit:]
    return newest, cut, seen


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
        self._paused = False
        self._acknowledged = True

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while True:
            more = not self._paused and (self._finished or any(tail.behind for tail in self._tails.values()))
            busy = self._acknowledged and bool(self._batches or more)
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
            case "follow":
                attempt = int(request["attempt"])
                tail = Tail(attempt, Path(request["folder"]), request["tool"], since=int(request["since"]))
                self._tails.setdefault(attempt, tail)
            case "finish":
                tail_or_none = self._tails.pop(int(request["attempt"]), None)
                if tail_or_none is not None:
                    self._finished.append(tail_or_none)
            case "drop":
                self._tails.clear()
                self._finished.clear()
                self._batches.clear()
            case "pause":
                self._paused = True
            case "resume":
                self._paused = False
            case "load":
                self._load(request)
            case _:
                if not self._paused:
                    self._tick()

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

    def _load(self, request: dict[str, Any]) -> None:
        self._batches = deque(batch for batch in self._batches if batch.get("id") is None)
        attempts = [
            (int(one), Path(folder), tool, bool(ended)) for one, folder, tool, ended in request["attempts"]
        ]
        lines, cut, seen = lines_between(
            attempts,
            int(request["since"]),
            int(request["until"]),
            limit=int(request["limit"]),
            needle=request.get("needle") or "",
        )
        number = request["id"]
        self._batches.extend({"lines": batch, "id": number, "done": False} for batch in _batches(lines))
        self._batches.append({"lines": [], "id": number, "done": True, "cut": cut, "seen": seen})

    def _send(self) -> None:
        if self._acknowledged and self._batches:
            json.dump(self._batches.popleft(), self._answers, separators=(",", ":"))
            self._answers.write("\n")
            self._answers.flush()
            self._acknowledged = False


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
