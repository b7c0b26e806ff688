"""The helper process that tries a filter set on the output of the last days for the window. Writes nothing.

A request is {database, attempts: the folder, name, content: the filter set, now}. Its answers are {done, total} a few
times a second, then {jobs: [[name, lines, at, text]] of the newest, number, lines}, or {failed: reason}. The end of the
requests ends a trial. Without Qt.
"""

import json
import queue
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from engine.filters.filter_folder import checked_filter
from engine.filters.filter_trial import TRIAL_DAYS, FilterTrial
from gui.control.line_server import Requests, serve_lines
from state import attempt_queries, queries
from state.database import Database
from state.database_errors import SignalboxError
from state.database_reader import DatabaseReader
from state.records import Attempt

MOST_SHOWN = 100
_SHOWN_CHARACTERS = 300
_PROGRESS_EVERY_S = 0.1
_BUSY_MS = 2_000
_PAGE = 2_000


class TrialServer:
    """Answers one request after the other until there are none."""

    def __init__(self, requests: Requests, answers: TextIO) -> None:
        self._requests, self._answers = requests, answers

    def run(self) -> None:
        """Serve requests; return when the client has closed its end."""
        while (request := self._requests.get()) is not None:
            if "content" in request and not self._try(request):
                return

    def _try(self, request: dict[str, Any]) -> bool:
        """Answer one request; return False when the client has closed its end meanwhile."""
        try:
            with closing(DatabaseReader(Database(Path(request["database"])), busy_ms=_BUSY_MS)) as reader:
                trial = _trial(reader, request)
                answered_at = 0.0
                while trial.go_on():
                    if self._has_ended():
                        return False
                    if time.monotonic() - answered_at >= _PROGRESS_EVERY_S:
                        answered_at = time.monotonic()
                        self._answer({"done": trial.done, "total": trial.total})
                self._answer(_result(reader, trial))
        except (SignalboxError, OSError) as error:
            self._answer({"failed": str(error)})
        return True

    def _has_ended(self) -> bool:
        """Whether the client has closed its end."""
        while True:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return False
            if request is None:
                return True

    def _answer(self, answer: dict[str, Any]) -> None:
        json.dump(answer, self._answers, separators=(",", ":"))
        self._answers.write("\n")
        self._answers.flush()


def _trial(reader: DatabaseReader, request: dict[str, Any]) -> FilterTrial:
    content = checked_filter(request["name"], request["content"])
    now = float(request["now"])
    attempts = list(_attempts(reader, now - TRIAL_DAYS * 86_400.0))
    return FilterTrial(content, attempts, Path(request["attempts"]), now=now)


def _attempts(reader: DatabaseReader, since: float) -> Iterator[Attempt]:
    """The attempts, the newest first, until a page has none that began since then."""
    before: int | None = None
    while page := reader.read(attempt_queries.recent_attempts, _PAGE, before=before):
        yield from page
        before = page[0].id
        if max(one.completed_at or one.started_at for one in page) < since:
            return


def _result(reader: DatabaseReader, trial: FilterTrial) -> dict[str, Any]:
    found = trial.jobs
    shown = found[:MOST_SHOWN]
    records = [reader.read(queries.find_job, one.job_id) for one in shown]
    names = reader.read(queries.names_of, {(one.run_id, one.ws_id) for one in shown})
    return {
        "jobs": [
            [
                one.job_id if job is None else names.job(job),
                one.lines,
                one.at,
                one.text[:_SHOWN_CHARACTERS],
            ]
            for one, job in zip(shown, records, strict=True)
        ],
        "number": len(found),
        "lines": sum(one.lines for one in found),
    }


def main() -> None:
    """Serve the window on standard input and output."""
    serve_lines(lambda requests, answers: TrialServer(requests, answers).run())


if __name__ == "__main__":
    main()
