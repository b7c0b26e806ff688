"""The helper process that forecasts for the window: reads the database and plays the queue forward. Writes nothing.

A request is {database, accounts, engine_running, now}. Its answers are {jobs: [estimates]}, in parts that the window
takes in within a turn, then {took_s, made_at, reaches_to, runs, accounts, errors}, or {failed: true} where the
database cannot be read for the moment. Records are those of `engine.scheduling.forecast_types`. Without Qt.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from engine.host.forecast_reading import read_facts
from engine.scheduling.forecast import forecast
from engine.scheduling.forecast_types import Forecast
from gui.control.line_server import Requests, serve_lines
from state.codec import record_to_json
from state.database import Database
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader

PART = 250
_BUSY_MS = 2_000


class ForecastServer:
    """Answers one request after the other until there are none."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while (request := self._requests.get()) is not None:
            if request.get("do") == "ack":
                continue
            for answer in _answers(request):
                json.dump(answer, self._answers, separators=(",", ":"))
                self._answers.write("\n")
            self._answers.flush()


def _answers(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    began = time.process_time()
    try:
        found = _forecast(request)
    except (DatabaseError, OSError):
        yield {"failed": True}
        return
    jobs = [record_to_json(job) for job in found.jobs.values()]
    for start in range(0, len(jobs), PART):
        yield {"jobs": jobs[start : start + PART]}
    yield {
        "took_s": time.process_time() - began,
        "made_at": found.made_at,
        "reaches_to": found.reaches_to,
        "runs": [record_to_json(run) for run in found.runs.values()],
        "accounts": [record_to_json(account) for account in found.accounts],
        "errors": {name: record_to_json(getattr(found.errors, name)) for name in ("starts", "ends", "runs")},
    }


def _forecast(request: dict[str, Any]) -> Forecast:
    path = Path(request["database"])
    if not path.exists():  # opening it would create an empty one in its place
        raise FileNotFoundError(path)
    reader = DatabaseReader(Database(path), busy_ms=_BUSY_MS)
    try:
        facts = reader.read(
            read_facts, request["accounts"], now=request["now"], engine_running=request["engine_running"]
        )
    finally:
        reader.close()
    return forecast(facts, request["now"])


def main() -> None:
    """Serve the window on standard input and output."""
    serve_lines(lambda requests, answers: ForecastServer(requests, answers).run())


if __name__ == "__main__":
    main()
