"""The helper process behind the Logs: reads the output files of attempts and sends cleaned lines. Writes no file.

The protocol is one JSON object per line on standard input and output. Only one batch may be unacknowledged, so a busy
window is never flooded. Imports only the standard library, `engine.runners.output`, `engine.streams` and `line_server`.

Requests, by their ``do``: ``follow`` {attempt, folder, tool, since} sends new lines of an attempt four times a second;
``finish`` {attempt} sends its remaining lines and stops following it; ``drop`` stops following everything; ``pause``
and ``resume`` pause and resume following; ``load`` {id, attempts: [[attempt, folder, tool, ended]], since, until,
limit, text, regex, case, levels} sends the newest lines of a period, oldest first, and only those with the text and of
the levels if there are any, as far as it comes in a moment; a newer ``load`` replaces an older one; ``count`` {id,
attempts, before, text, regex, case, levels} counts all lines before a time, and those with the text and of the levels,
while nothing else is to be done; ``size`` {lines} limits the lines of an answer; ``ack`` requests the next
answer.
Answers: {lines: [[ns, attempt, level, text, place]], id: of the load or null, done, cut: whether older lines may be
left, first: time from which on all are there}; {count: its id, lines, found, done: whether that is all} answers
``count`` some times; {gone: attempt} if the folder of a followed attempt has disappeared; {passed: attempt, lines,
errors, at} if so many lines before a time were left out, since they came too fast; {finished: attempt} after the last
line. Times are nanoseconds; a place is where the raw line begins, see `engine.streams.raw_lines`.
"""

import json
import queue
import time
from collections import deque
from pathlib import Path
from typing import Any, TextIO

from engine.streams.entries import Level
from engine.streams.level_rules import current_rules
from engine.streams.line_search import (
    LineSearch,
    both,
    errors_search,
    levels_search,
    regex_search,
    text_search,
)
from gui.control.line_server import Requests, serve_lines
from gui.panels.logs.line_pages import AttemptSource, LineCount, PageRequest
from gui.panels.logs.tails import BATCH, Tail, Tails, batches

TICK_S = 0.25
_COUNT_S, _COUNTED_EVERY_S = 0.03, 0.2
"""For so long is counted at a time, since a request that comes meanwhile waits; and how often a number is sent."""


class OutputServer:
    """Serves requests until standard input ends."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers
        self._tails = Tails()
        self._batches: deque[dict[str, Any]] = deque()
        self._count: LineCount | None = None
        self._counted_at = 0.0
        self._paused = False
        self._acknowledged = True
        self._most = BATCH

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while True:
            more = not self._paused and self._tails.has_more
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
                self._tails.finish(int(request["attempt"]))
            case "drop":
                self._tails.clear()
                self._batches.clear()
                self._count = None
            case "pause" | "resume" as verb:
                self._paused = verb == "pause"
            case "load":
                self._load(request)
            case "count":
                self._begin_count(request)
            case _:
                if not self._paused:
                    self._tick()

    def _follow(self, request: dict[str, Any]) -> None:
        attempt = int(request["attempt"])
        since = int(request["since"])
        self._tails.follow(Tail(attempt, Path(request["folder"]), request["tool"], since=since))

    def _tick(self) -> None:
        """Read new output, but only when everything read before has been acknowledged."""
        if self._batches or not self._acknowledged:
            return
        self._batches.extend(self._tails.read())
        if not self._batches:
            self._go_on_counting()

    def _begin_count(self, request: dict[str, Any]) -> None:
        self._count = LineCount(
            request["id"],
            _sources(request),
            before=int(request["before"]),
            search=search_of(request) or errors_search(has_rules=bool(current_rules().rules.rules)),
            with_all=not request.get("text"),
        )

    def _go_on_counting(self) -> None:
        """Count a little where nobody waits for lines."""
        count = self._count
        if count is None:
            return
        more = count.go_on(_COUNT_S)
        now = time.monotonic()
        if not more or now - self._counted_at >= _COUNTED_EVERY_S:
            self._counted_at = now
            self._batches.append(
                {"count": count.number, "lines": count.lines, "found": count.found, "done": not more}
            )
        if not more:
            self._count = None

    def _load(self, request: dict[str, Any]) -> None:
        self._batches = deque(batch for batch in self._batches if batch.get("id") is None)
        lines, cut, first = PageRequest(
            _sources(request),
            int(request["since"]),
            int(request["until"]),
            limit=int(request["limit"]),
            search=search_of(request),
        ).page()
        number = request["id"]
        self._batches.extend({"lines": batch, "id": number, "done": False} for batch in batches(lines))
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


def _sources(request: dict[str, Any]) -> list[AttemptSource]:
    return [
        AttemptSource(int(one), Path(folder), tool, bool(ended))
        for one, folder, tool, ended in request["attempts"]
    ]


def search_of(request: dict[str, Any]) -> LineSearch | None:
    """Which lines a request is for; a text is looked for exactly as the filter of the Logs does."""
    levels = frozenset(map(Level, request.get("levels", ())))
    found = _text_search_of(request)
    if not levels:
        return found
    if found is None:
        return levels_search(levels, has_rules=bool(current_rules().rules.rules))
    return both(found, levels)


def _text_search_of(request: dict[str, Any]) -> LineSearch | None:
    text, is_case = request.get("text"), bool(request.get("case"))
    if not text:
        return None
    if not request.get("regex"):
        return text_search(text, is_case=is_case)
    from gui.panels.logs.text_match import TextMatcher, TextPattern  # noqa: PLC0415 - the process starts faster without

    pattern = TextPattern(text, is_regex=True, is_case=is_case)
    if pattern.problem:
        return text_search(text, is_case=is_case)
    matcher = TextMatcher(pattern)
    return regex_search(text, lambda line: matcher.matches(line, line), is_case=is_case)


def main() -> None:
    """Serve the client on standard input and output."""
    serve_lines(lambda requests, answers: OutputServer(requests, answers).run())


if __name__ == "__main__":
    main()
