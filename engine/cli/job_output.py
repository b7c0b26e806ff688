"""The output of attempts for the command line: sentences of what a tool does, or the raw lines as it printed them."""

import sys
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from engine.cli.printing import STYLES
from engine.runners import layout, output
from engine.runners.indexed_output import IndexedOutput
from engine.streams.attempt_output import AttemptOutput, Timed, prints_text, reader_in, recorded_entries
from engine.streams.entries import EntryKind, Level, Plan, StreamEntry
from engine.streams.level_rules import current_rules
from engine.streams.line_search import LineSearch
from engine.streams.newest_lines import FOREVER, NewestLines
from engine.streams.stream_readers import TextReader

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
        return self.raw or prints_text(self.tool)

    @property
    def last_ns(self) -> int:
        """A time after which nothing was printed yet, in nanoseconds."""
        last = output.last_printed_ns(self.folder)
        return FOREVER if last is None else last

    def newest(
        self,
        most: int,
        *,
        since: int = 0,
        streams: Collection[str] = layout.STREAMS,
        search: LineSearch | None = None,
        with_rest: bool | None = None,
    ) -> list[Timed]:
        """The last lines of some streams from a time (ns) on, at most so many; what comes later `lines` returns.

        Of an agent all sentences of the end of its output, or of all of it where only some lines are meant.
        `with_rest` says whether an unfinished line is one of them; without it, it is if the attempt has ended.
        """
        has_ended = self.ended if with_rest is None else with_rest
        if self._is_text:
            with IndexedOutput(self.folder) as kept:
                if kept.is_orderly:
                    how = NewestLines(
                        search=search,
                        since=since,
                        streams=streams,
                        rules=current_rules().rules,
                        whole=True,
                        has_ended=has_ended,
                    )
                    lines = ((ns, entry) for ns, _, entry in how.of(kept) if entry is not None)
                    found = list(islice(lines, most))[::-1]
                    self._output.continue_behind(kept)
                    return found
        elif search is None:
            self._output.start_at(output.start_of_tail(self.folder, _TAIL))
        read = chain(self.lines(), self.rest() if has_ended else ())
        meant = (one for one in read if one[0] >= since and (search is None or _is_meant(search, one[1])))
        if not self._is_text:
            return list(meant)
        return list(deque((one for one in meant if one[1].stream in streams), maxlen=most))

    def lines(self) -> Iterator[Timed]:
        """What was completed since the last call."""
        return (timed for timed in self._output.read() if self.shows(timed[1]))

    def rest(self) -> Iterator[Timed]:
        """The last output, which no end of line followed."""
        return (timed for timed in self._output.rest() if self.shows(timed[1]))

    def shows(self, entry: StreamEntry) -> bool:
        """Whether it is printed: of an agent not what is for debugging alone, of text every line."""
        return self._is_text or entry.level is not Level.DEBUG


def _is_meant(search: LineSearch, entry: StreamEntry) -> bool:
    return search.test(entry.text, entry.level, entry.stream)


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
    taken = most if prints_text(tool) else sys.maxsize  # the plan of an agent may be far from the end
    entries = [entry for _, entry in found.newest(taken, with_rest=True)]
    if not entries:
        entries = [entry for entry in recorded_entries(tool, result) if found.shows(entry)]
    plans = [entry.plan for entry in entries if entry.plan is not None]
    return AttemptTail(entries[-most:], plans[-1] if plans else None)
