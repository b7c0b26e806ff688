"""Reads what the details show of an attempt's output: its end, or the part around its first error. Knows no widgets."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.runners import layout, output
from engine.streams.entries import Level, StreamEntry, level_of
from engine.streams.first_error import error_starts, first_error
from engine.system.terminal_colors import ColoredLine, ColorSpan, colored_lines
from gui.panels.details.attempt_sentences import AttemptSentences
from state.attempt_result import failing_tests
from state.records import Attempt, AttemptStatus

SENTENCES = "sentences"
"""The choice of what an agent does, instead of what it prints."""
MOST_LINES = 1000
_TAIL, _TAIL_OF_FAILED = 64 * 1024, 512 * 1024
_LONGEST_LINE = 4000
_BEFORE_ERROR = 40


@dataclass(frozen=True)
class ExcerptLine:
    """A line of output with its level and colours."""

    text: str
    level: Level = Level.OUTPUT
    spans: tuple[ColorSpan, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AttemptExcerpt:
    """The part of an output that is shown. `errors` are lines at which errors begin, `first_error` is why it failed."""

    lines: tuple[ExcerptLine, ...] = ()
    errors: tuple[int, ...] = ()
    first_error: int | None = None
    more_before: bool = False
    more_after: bool = False


class OutputReader:
    """The output of one attempt as one of its streams, all of them, or sentences; called by one thread at a time."""

    def __init__(self, attempt: Attempt, folder: Path, choice: str | None) -> None:
        self._attempt, self._folder, self._choice = attempt, folder, choice
        self._sizes: tuple[int, ...] | None = None
        self._sentences: AttemptSentences | None = None
        self._ended = attempt.status is not AttemptStatus.RUNNING
        self._failed = self._ended and attempt.status is not AttemptStatus.COMPLETED

    @property
    def is_behind(self) -> bool:
        """Whether there is more to read at once."""
        return not self._ended or (self._sentences is not None and self._sentences.behind)

    def read(self) -> AttemptExcerpt | None:
        """What is shown now; None where nothing has changed since the last call."""
        return self._read_sentences() if self._choice == SENTENCES else self._read_text()

    def _read_sentences(self) -> AttemptExcerpt | None:
        begins = self._sentences is None
        if self._sentences is None:
            self._sentences = AttemptSentences(self._attempt, self._folder, most=MOST_LINES)
        if not self._sentences.read() and not begins:
            return None
        lines = [_of_entry(entry) for entry in self._sentences.entries]
        return self._excerpt(lines, cut=self._sentences.cut)

    def _read_text(self) -> AttemptExcerpt | None:
        name, folder = self._choice, self._folder
        sizes = tuple(output.size(folder, one) for one in layout.STREAMS)
        if sizes == self._sizes:
            return None
        self._sizes = sizes
        whole = sum(sizes) if name is None else sizes[layout.STREAMS.index(name)]
        if not whole:
            return self._excerpt(_of_text(self._recorded(name)), cut=False)
        limit = _TAIL_OF_FAILED if self._failed else _TAIL
        lines = _of_text(output.tail_text(folder, limit, name=name))
        cut = whole > limit
        return self._excerpt(lines[1:] if cut and len(lines) > 1 else lines, cut=cut)

    def _excerpt(self, lines: Sequence[ExcerptLine], *, cut: bool) -> AttemptExcerpt:
        """The last lines, or those from a little before the first error of a failed attempt on."""
        levels = [line.level for line in lines]
        texts, failing = [line.text for line in lines], failing_tests(self._attempt)
        error = first_error(texts, levels, failing) if self._failed else None
        start = max(0, len(lines) - MOST_LINES)
        if error is not None:
            start = min(start, max(0, error - _BEFORE_ERROR))
        end = start + MOST_LINES
        return AttemptExcerpt(
            lines=tuple(map(_shortened, lines[start:end])),
            errors=tuple(error_starts(levels[start:end])),
            first_error=None if error is None else error - start,
            more_before=cut or start > 0,
            more_after=end < len(lines),
        )

    def _recorded(self, name: str | None) -> str:
        """The output in the result, for attempts whose folder is deleted or never existed here."""
        result = self._attempt.result
        texts = [str(result.get(one, "")) for one in ([name] if name else ["stdout", "stderr"])]
        return "\n".join(text for text in texts if text)


def _of_entry(entry: StreamEntry) -> ExcerptLine:
    return ExcerptLine(entry.text, entry.level)


def _of_text(text: str) -> list[ExcerptLine]:
    return [_of_line(line) for line in colored_lines(text)] if text else []


def _of_line(line: ColoredLine) -> ExcerptLine:
    return ExcerptLine(line.text, level_of(line.text), line.spans)


def _shortened(line: ExcerptLine) -> ExcerptLine:
    if len(line.text) <= _LONGEST_LINE:
        return line
    return ExcerptLine(f"{line.text[:_LONGEST_LINE]}…", line.level, line.spans)
