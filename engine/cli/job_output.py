"""The output of attempts for the command line: sentences of what a tool does, or the raw lines as it printed them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from engine.cli.printing import STYLES
from engine.runners import layout, output
from engine.runners.capture import RECORD
from engine.streams.attempt_output import READERS, AttemptOutput, Timed, reader_in, recorded_entries
from engine.streams.entries import EntryKind, Level, Plan, StreamEntry
from engine.streams.stream_readers import TextReader

_MORE_RECORDS = 4
_TAIL = 16 * 1024 * 1024
"""Bytes of an agent's output that are read for its last sentences: each result of a tool needs its beginning."""


@dataclass
class JobOutput:
    """The output of one attempt, read incrementally."""

    job_id: str
    folder: Path
    tool: str
    raw: bool = False
    ended: bool = False
    printed: bool = False
    """Whether all of it was returned; a later event of the attempt does not begin it again."""
    _output: AttemptOutput = field(init=False)

    def __post_init__(self) -> None:
        """Choose the reader."""
        reader = TextReader(whole=True) if self._is_text else reader_in(self.folder, self.tool, whole=True)
        self._output = AttemptOutput(self.folder, reader)

    @property
    def _is_text(self) -> bool:
        return self.raw or self.tool not in READERS

    def start_at_last(self, most: int, streams: Collection[str]) -> None:
        """Skip what is not among the last `most` lines of these streams; one line may have come in many records."""
        if not self._is_text:
            self._output.start_at(output.start_of_tail(self.folder, _TAIL))
            return
        records = output.size(self.folder, layout.INDEX) // RECORD.size
        taken = most + len(layout.STREAMS)
        while (start := max(records - taken, 0)) and self._line_ends(start, streams) <= most:
            taken *= _MORE_RECORDS
        self._output.start_at(start * RECORD.size)

    def _line_ends(self, start: int, streams: Collection[str]) -> int:
        """How many lines are certain to be whole from this record on: the first of each stream may not be."""
        found = output.pieces(self.folder, start * RECORD.size)
        ends = sum(piece.text.count(b"\n") for piece in found if piece.stream in streams)
        return ends - len(streams)

    def lines(self) -> Iterator[Timed]:
        """What was completed since the last call."""
        return (timed for timed in self._output.read() if self.shows(timed[1]))

    def rest(self) -> Iterator[Timed]:
        """The last output, which no end of line followed."""
        return (timed for timed in self._output.rest() if self.shows(timed[1]))

    def shows(self, entry: StreamEntry) -> bool:
        """Whether it is printed: of an agent not what is for debugging alone, of text every line."""
        return self._is_text or entry.level is not Level.DEBUG


def is_alert(entry: StreamEntry) -> bool:
    """Whether it is a warning or an error; of text alone, every line on stderr is."""
    return entry.stream == "stderr" or (entry.kind is not EntryKind.RAW and entry.level >= Level.WARNING)


def style_of(entry: StreamEntry) -> str:
    """The colour of a sentence; a line of text keeps its own."""
    return "" if entry.kind is EntryKind.RAW else STYLES.get(entry.level.word, "")


class AttemptTail(NamedTuple):
    """The last lines of an attempt, oldest first, and how far it came with its own plan."""

    entries: list[StreamEntry]
    plan: Plan | None


def attempt_tail(folder: Path, tool: str, result: Mapping[str, Any], *, most: int) -> AttemptTail:
    """The end of an attempt's output; from its result where its folder is gone."""
    found = JobOutput("", folder, tool)
    found.start_at_last(most, layout.STREAMS)
    entries = [entry for _, entry in (*found.lines(), *found.rest())]
    if not entries:
        entries = [entry for entry in recorded_entries(tool, result) if found.shows(entry)]
    plans = [entry.plan for entry in entries if entry.plan is not None]
    return AttemptTail(entries[-most:], plans[-1] if plans else None)
