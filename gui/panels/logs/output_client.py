"""The client of the helper process that reads output: sends requests and emits the answers as signals.

The process starts with the first request and ends with its owner. If it crashes, it is restarted and continues after
the last line it sent.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from engine.streams.entries import NOWHERE, Level
from gui.control.line_process import LineProcess
from gui.data.batch_size import BatchSize
from gui.panels.logs.text_match import NO_PATTERN, TextPattern
from gui.translation import tr

_log = logging.getLogger(__name__)
_MAX_RESTARTS = 3
_BATCH, _SMALLEST_BATCH, _BATCH_S = 500, 50, 0.003
"""How many lines an answer holds, at most and at least, and how long taking them up may take."""


class OutputLine(NamedTuple):
    """One sentence or cleaned line of output; `at` is epoch seconds, `level` the number of a `Level`.

    `place` is where its raw line begins, see `engine.streams.raw_lines`.
    """

    at: float
    attempt: int
    level: int
    text: str
    place: int = NOWHERE


@dataclass(frozen=True, slots=True)
class Loaded:
    """The end of a load: whether older lines may be left, and the time from which on all are there, in nanoseconds."""

    cut: bool
    first: int | None


@dataclass(frozen=True, slots=True)
class Passed:
    """How many lines before a time (epoch seconds) were left out, and how many of them are errors."""

    lines: int
    errors: int
    at: float


@dataclass(frozen=True, slots=True)
class LoadFilter:
    """Which lines are loaded: those with a text, and of these levels alone if there are any."""

    pattern: TextPattern = NO_PATTERN
    levels: frozenset[Level] = frozenset()


ALL_LINES = LoadFilter()
ALL_ERRORS = LoadFilter(levels=frozenset({Level.ERROR}))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many lines there are, and how many of them are meant, so far; `is_whole` once there are no more."""

    lines: int
    found: int
    is_whole: bool


class OutputClient(QObject):
    """Follows attempts and loads older output.

    Signals:
        lines_arrived: (list of OutputLine) new lines of followed attempts, in order of time.
        lines_loaded: (load id as object, list of OutputLine) a part of a load, oldest lines first.
        load_ended: (load id as object, Loaded) all parts of the load were emitted.
        counted: (Counted) an answer to `count`; several come until all is counted.
        lines_passed: (attempt id as object, Passed) lines of a followed attempt came too fast to be listed.
        folder_gone: (attempt id as object) the output of a followed attempt was removed.
        failed: (sentence) the process keeps crashing.
    """

    lines_arrived = Signal(object)
    lines_loaded = Signal(object, object)
    load_ended = Signal(object, object)
    counted = Signal(object)
    lines_passed = Signal(object, object)
    folder_gone = Signal(object)
    failed = Signal(str)

    def __init__(
        self, parent: QObject | None = None, *, effort: Callable[[], float] = time.thread_time
    ) -> None:
        """Answers are sized by `effort`, the processor time of this thread."""
        super().__init__(parent)
        self._helper = LineProcess("gui.panels.logs.output_server", self)
        self._helper.answered.connect(self._on_answered)
        self._helper.ended.connect(self._on_ended)
        self._followed: dict[int, tuple[Path, str, int]] = {}
        self._finishing: set[int] = set()
        self._paused = False
        self._restarts = 0
        self._batch = BatchSize(most=_BATCH, least=_SMALLEST_BATCH, budget_s=_BATCH_S, effort=effort)
        self._load: dict[str, Any] | None = None
        self._count: dict[str, Any] | None = None
        self._counts = 0

    @property
    def process_id(self) -> int:
        """The id of the process, 0 while there is none."""
        return self._helper.process_id

    def follow(self, attempt: int, folder: Path, tool: str, *, since: float) -> None:
        """Emit the lines of a running attempt printed since then (epoch seconds)."""
        if attempt not in self._followed:
            self._followed[attempt] = (folder, tool, int(since * 1e9))
            self._send_follow(attempt)

    def _send_follow(self, attempt: int) -> None:
        folder, tool, since = self._followed[attempt]
        self._helper.send(
            {"do": "follow", "attempt": attempt, "folder": str(folder), "tool": tool, "since": since}
        )

    def finish(self, attempt: int) -> None:
        """Emit the remaining lines of an attempt that has ended."""
        if self._followed.pop(attempt, None) is not None:
            self._finishing.add(attempt)
            self._helper.send({"do": "finish", "attempt": attempt})

    def drop(self) -> None:
        """Stop following, and discard answers that were not sent yet."""
        self._followed.clear()
        self._finishing.clear()
        self._load = self._count = None
        if self._helper.is_running:
            self._helper.send({"do": "drop"})

    @property
    def is_reading(self) -> bool:
        """Whether lines may come of an attempt that runs, or of one that has ended just now."""
        return bool(self._followed or self._finishing)

    def pause(self) -> None:
        """Read nothing until `resume`."""
        self._paused = True
        if self._helper.is_running:
            self._helper.send({"do": "pause"})

    def resume(self) -> None:
        """Continue where `pause` stopped."""
        self._paused = False
        if self._helper.is_running:
            self._helper.send({"do": "resume"})

    def load(
        self,
        number: int,
        attempts: Sequence[tuple[int, Path, str, bool]],
        *,
        since: int,
        until: int,
        limit: int,
        only: LoadFilter = ALL_LINES,
    ) -> None:
        """Request the newest lines between two times (ns); `attempts` are (attempt, folder, tool, has ended)."""
        self._load = {
            "do": "load",
            "id": number,
            "attempts": _listed(attempts),
            "since": since,
            "until": until,
            "limit": limit,
            **_filter_json(only),
        }
        self._helper.send(self._load)

    def count(
        self, attempts: Sequence[tuple[int, Path, str, bool]], *, before: int, only: LoadFilter = ALL_ERRORS
    ) -> None:
        """Request how many lines of these attempts are older than a time (ns), and how many `only` those."""
        self._counts += 1
        self._count = {
            "do": "count",
            "id": self._counts,
            "attempts": _listed(attempts),
            "before": before,
            **_filter_json(only),
        }
        self._helper.send(self._count)

    def close(self) -> None:
        """End the process."""
        self._followed.clear()
        self._load = self._count = None
        self._helper.close()

    @Slot(object)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        if "lines" not in answer or "count" in answer or "passed" in answer:
            self._take_news(answer)
            return
        before = self._batch.items
        with self._batch.measured(len(answer["lines"])):
            self._take(answer)
        if self._batch.items != before:
            self._send_size()

    def _take_news(self, answer: dict[str, Any]) -> None:
        if "gone" in answer:
            self._followed.pop(answer["gone"], None)
            self.folder_gone.emit(answer["gone"])
        elif "finished" in answer:
            self._finishing.discard(answer["finished"])
        elif "passed" in answer:
            passed = Passed(answer["lines"], answer["errors"], answer["at"] / 1e9)
            self.lines_passed.emit(answer["passed"], passed)
        elif self._count is not None and answer["count"] == self._count["id"]:
            self._count = None if answer["done"] else self._count
            self.counted.emit(Counted(answer["lines"], answer["found"], answer["done"]))

    def _send_size(self) -> None:
        if self._helper.is_running:
            self._helper.send({"do": "size", "lines": self._batch.items})

    def _take(self, answer: dict[str, Any]) -> None:
        lines = [OutputLine(ns / 1e9, *rest) for ns, *rest in answer["lines"]]
        number = answer["id"]
        if number is None:
            for attempt, last in {line[1]: line[0] for line in answer["lines"]}.items():
                if attempt in self._followed:  # where to continue if the process crashes
                    self._followed[attempt] = (*self._followed[attempt][:2], last + 1)
            self.lines_arrived.emit(lines)
            return
        if lines:
            self.lines_loaded.emit(number, lines)
        if answer["done"]:
            self._load = None
            self.load_ended.emit(number, Loaded(answer["cut"], answer["first"]))

    @Slot()
    def _on_ended(self) -> None:
        """Restart the crashed process, at most a few times."""
        self._finishing.clear()
        self._restarts += 1
        if self._restarts > _MAX_RESTARTS:
            self._followed.clear()
            self.failed.emit(
                tr("The process that reads output keeps crashing; restart Signalbox to see output.")
            )
            return
        _log.warning("The process that reads output ended unexpectedly; it is started again.")
        self._helper.send({"do": "size", "lines": self._batch.items})
        if self._paused:
            self._helper.send({"do": "pause"})
        for attempt in self._followed:
            self._send_follow(attempt)
        for request in (self._load, self._count):
            if request is not None:
                self._helper.send(request)


def _filter_json(only: LoadFilter) -> dict[str, object]:
    pattern = only.pattern
    return {
        "text": pattern.text,
        "regex": pattern.is_regex,
        "case": pattern.is_case,
        "levels": sorted(only.levels),
    }


def _listed(attempts: Sequence[tuple[int, Path, str, bool]]) -> list[list[object]]:
    return [[attempt, str(folder), tool, ended] for attempt, folder, tool, ended in attempts]
