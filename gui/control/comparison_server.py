"""The helper process that compares two attempts for the window: reads database, output and git. Writes nothing.

A request is {id, database, attempts: the folder with those of all attempts, job_id, numbers: [first, second]}. Its
answers are {id, topic, lines: [[role, text or phrase]]}, in parts that the window takes in within a turn, then
{id, done: true}; or {id, failed: sentence} where something cannot be read. Topics and roles are those of
`engine.streams.attempt_comparison`. Of several requests that wait only the last one is answered. Without Qt.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from engine.errors import SignalboxError
from engine.streams.attempt_comparison import ComparedAttempts, compare_attempts, comparison_lines
from engine.streams.compared_attempts import compared_attempts
from engine.system.phrase import Phrase
from gui.control.line_server import Requests, serve_lines
from state import attempt_queries
from state.database import Database
from state.database_reader import DatabaseReader

PART = 60
"""Lines of an answer."""
_BUSY_MS = 2_000


class ComparisonServer:
    """Answers one request after the other until there are none."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while (request := self._latest()) is not None:
            for answer in answers_to(request):
                json.dump({"id": request["id"], **answer}, self._answers, separators=(",", ":"))
                self._answers.write("\n")
            self._answers.flush()

    def _latest(self) -> dict[str, Any] | None:
        """The newest request, once there is one; None at the end."""
        found = None
        while found is None or not self._requests.empty():
            request = self._requests.get()
            if request is None:
                return None
            if request.get("do") != "ack":
                found = request
        return found


def answers_to(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers to one request, in order."""
    try:
        found = compare_attempts(_pair(request))
    except (SignalboxError, OSError, ValueError) as error:
        yield {"failed": str(error)}
        return
    for topic, lines in comparison_lines(found):
        shown = [
            [line.role.value, asdict(line.text) if isinstance(line.text, Phrase) else line.text]
            for line in lines
        ]
        for start in range(0, len(shown), PART):
            yield {"topic": topic.value, "lines": shown[start : start + PART]}
    yield {"done": True}


def _pair(request: dict[str, Any]) -> ComparedAttempts:
    path = Path(request["database"])
    if not path.exists():  # opening it would create an empty one in its place
        raise FileNotFoundError(f"{path} does not exist")
    reader = DatabaseReader(Database(path), busy_ms=_BUSY_MS)
    try:
        attempts = reader.read(attempt_queries.attempts_of, request["job_id"])
        known = {attempt.number: attempt for attempt in attempts}
        first, second = (known.get(number) for number in request["numbers"])
        if first is None or second is None:
            raise ValueError("one of the attempts is not in the database any more")
        return compared_attempts(reader, (first, second), folder=Path(request["attempts"]))
    finally:
        reader.close()


def main() -> None:
    """Serve the window on standard input and output."""
    serve_lines(lambda requests, answers: ComparisonServer(requests, answers).run())


if __name__ == "__main__":
    main()
