"""The output of one attempt as entries, read on from where the last call stopped, while it is written and after.

The one way in which a log, a card, the details and the command line read what a tool prints.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from engine.runners import layout, output
from engine.runners.indexed_output import IndexedOutput, IndexedStream
from engine.streams.aider_stream import AiderReader
from engine.streams.claude_stream import ClaudeReader
from engine.streams.codex_stream import CodexReader
from engine.streams.entries import RawLine, StreamEntry
from engine.streams.gemini_stream import GeminiReader
from engine.streams.level_rules import LevelRules, current_rules
from engine.streams.lines import TEXT_LINE, LineSplitter
from engine.streams.stream_readers import StreamReader, TextReader

Timed = tuple[int, StreamEntry]
"""Nanoseconds since the epoch, and what was printed then."""
_PRINTS_ON_S = 60.0
"""An attempt may print for so long after it was recorded as ended."""
_MOST_NOTED = 1024 * 1024
_BLOCK = 1024 * 1024
_LONGEST_CHARACTER = 4
"""Bytes; a character that was cut is left out."""

_BUILT_IN: Mapping[str, Callable[[str], StreamReader]] = {
    "aider": lambda _root: AiderReader(),
    "claude": ClaudeReader,
    "codex": CodexReader,
    "gemini": GeminiReader,
}
_OF_TEXT = frozenset({"shell", "tests", "git"})


class _Readers(Mapping[str, Callable[[str], StreamReader]]):
    """The readers of the tools that print events: of those built in, and of those that a file describes."""

    def __getitem__(self, tool: str) -> Callable[[str], StreamReader]:
        return _BUILT_IN[tool] if tool in _BUILT_IN or tool in _OF_TEXT else _described(tool)

    def __iter__(self) -> Iterator[str]:
        return iter(_BUILT_IN)

    def __len__(self) -> int:
        return len(_BUILT_IN)


def _described(tool: str) -> Callable[[str], StreamReader]:
    from engine.jobfile.tool_registry import tools  # noqa: PLC0415 - a helper process starts faster without
    from engine.streams.described_stream import DescribedReader  # noqa: PLC0415 - as above

    events = tools().events(tool)
    if events is None:
        raise KeyError(tool)
    return partial(DescribedReader, events)


READERS: Mapping[str, Callable[[str], StreamReader]] = _Readers()


def reader_for(tool: str, root: str = "", *, whole: bool = False) -> StreamReader:
    """The reader of a tool's stream; `root` is its working folder, for paths as a person sees them.

    A tool without a reader of its own prints text; `whole` says that its lines are not capped.
    """
    made = READERS.get(tool)
    return TextReader(whole=whole) if made is None else made(root)


def prints_text(tool: str) -> bool:
    """Whether the lines of a tool are shown as they are, each for itself."""
    return READERS.get(tool) is None


def may_have_printed_since(since: float, completed_at: float | None) -> bool:
    """Whether an attempt that was recorded as ended at this time, or never, can have printed anything since then."""
    return completed_at is None or completed_at + _PRINTS_ON_S >= since


def root_of(folder: Path) -> str:
    """The working folder of an attempt, as it was started; empty where that is not known."""
    try:
        with (folder / layout.INVOCATION).open("rb") as file:
            found = json.loads(file.read(_MOST_NOTED))
    except (OSError, ValueError, RecursionError):
        return ""
    cwd = found.get("cwd") if isinstance(found, dict) else None
    return cwd if isinstance(cwd, str) else ""


class _ReaderInFolder:
    """Chooses its reader at the first line: an attempt may be followed before its working folder is recorded."""

    def __init__(self, folder: Path, tool: str, *, whole: bool) -> None:
        self.longest = reader_for(tool, whole=whole).longest
        self._folder, self._tool, self._whole = folder, tool, whole
        self._chosen: StreamReader | None = None

    def read(self, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of a line."""
        if self._chosen is None:
            self._chosen = reader_for(self._tool, root_of(self._folder), whole=self._whole)
        return self._chosen.read(line)

    def rest(self) -> Iterator[StreamEntry]:
        """What the reader holds back."""
        return iter(()) if self._chosen is None else self._chosen.rest()


def reader_in(folder: Path, tool: str, *, whole: bool = False) -> StreamReader:
    """The reader of the output in the folder of an attempt, whether or not that has begun."""
    if prints_text(tool):
        return TextReader(whole=whole)
    return _ReaderInFolder(folder, tool, whole=whole)


class AttemptOutput:
    """A place in the output of one attempt, and the reader of its tool."""

    def __init__(self, folder: Path, reader: StreamReader) -> None:
        self.folder = folder
        self.position = 0
        self.last_ns = 0
        self.behind = False
        """Whether the last read stopped at its limit."""
        self.taken = 0
        """How many bytes the last read took."""
        self._reader = reader
        self._rules = LevelRules()
        """The user's own rules, as they were at the last read."""
        self._streams = {name: self._splitter(name) for name in layout.STREAMS}
        self._readers = {"stdout": reader, "stderr": reader, "tests": TextReader(), "setup": TextReader()}
        self._reached = dict.fromkeys(layout.STREAMS, 0)
        """Up to which offsets the streams were read, as far as that is known."""
        self._torn: set[str] = set()
        """The streams whose next line lacks its beginning."""

    def start_at(self, position: int) -> None:
        """Begin at a place of the index; a line that began earlier is left out."""
        self.position, self._reached = position, {}

    @property
    def unread(self) -> int:
        """How many bytes of all streams have come since the last read, those not kept included."""
        sizes = ((name, output.size(self.folder, name)) for name in layout.STREAMS)
        return sum(max(size - self._reached.get(name, size), 0) for name, size in sizes)

    def start_at_time(self, ns: int) -> None:
        """Begin with the first line that ended at or after a time; for text, which needs nothing of what precedes."""
        with IndexedOutput(self.folder) as kept:
            if kept.is_orderly:
                self.position, self.last_ns = kept.after_time(ns), kept.last_ns
                for stream in kept.kept_streams:
                    self._start_within(stream, stream.place_at(ns))

    def continue_behind(self, kept: IndexedOutput) -> None:
        """Begin behind what was read of an orderly output; an unfinished line goes on."""
        self.position, self.last_ns = kept.after, kept.last_ns
        for stream in kept.kept_streams:
            self._start_within(stream, stream.end)

    def _start_within(self, stream: IndexedStream, place: int) -> None:
        """Take up the beginning of the line at a place of a stream."""
        self._reached[stream.name] = place
        begin = next((low for low, high in reversed(stream.extents) if low < place), place)
        start = stream.last_newline(begin, place, block=_BLOCK) + 1
        if not start and begin:
            self._torn.add(stream.name)
        splitter = self._streams[stream.name] = self._splitter(stream.name, start or begin)
        for at in range(start or begin, place, _BLOCK):
            for _ in splitter.lines(stream.read(at, min(place, at + _BLOCK))):
                pass  # there is no newline among them

    def _splitter(self, name: str, offset: int = 0) -> LineSplitter:
        most = self._reader.longest if name == "stdout" else TEXT_LINE
        return LineSplitter(name, most=most, offset=offset)

    def read(self, limit: int = sys.maxsize) -> Iterator[Timed]:
        """The entries that are complete now, of at least `limit` bytes where there are so many."""
        done, self._rules = 0, current_rules().rules
        for piece in output.pieces(self.folder, self.position, self._reached):
            self.position, self.last_ns = piece.after, piece.ns
            self._reached[piece.stream] = piece.offset + len(piece.text)
            yield from self._of_piece(piece)
            done += len(piece.text)
            if done >= limit:
                break
        self.behind, self.taken = done >= limit, done

    def rest(self) -> Iterator[Timed]:
        """The unfinished lines, and what the reader holds back, when nothing may follow for a while."""
        for splitter in self._streams.values():
            for line in splitter.rest():
                yield from self._of_line(line, self.last_ns)
        for entry in self._reader.rest():
            yield self.last_ns, self._rules.applied(entry)

    def _of_piece(self, piece: output.Piece) -> Iterator[Timed]:
        splitter = self._streams[piece.stream]
        if piece.offset != splitter.next_offset:  # what lies between was not kept, and a line ends in it
            self._torn.add(piece.stream)
            for line in splitter.skip_to(piece.offset):
                yield from self._of_line(line, piece.ns)
        reader = self._readers[piece.stream]
        first, whole, last = _parted(piece.text) if isinstance(reader, TextReader) else (piece.text, b"", b"")
        for line in splitter.lines(first):
            if piece.stream in self._torn:
                self._torn.remove(piece.stream)
                continue
            yield from self._of_line(line, piece.ns)
        if isinstance(reader, TextReader) and whole:
            for entry in reader.read_block(whole, piece.stream, splitter.next_offset):
                yield piece.ns, self._rules.applied(entry)
            splitter.go_past(whole)
        yield from (found for line in splitter.lines(last) for found in self._of_line(line, piece.ns))

    def _of_line(self, line: RawLine, ns: int) -> Iterator[Timed]:
        """The entries of a line, with the levels of the user's own rules."""
        for entry in self._readers[line.stream].read(line):
            yield ns, self._rules.applied(entry)


def _parted(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The end of a line that began earlier, whole lines, and the beginning of one."""
    first, last = data.find(b"\n") + 1, data.rfind(b"\n") + 1
    return data[:first], data[first:last], data[last:]


def recorded_entries(
    tool: str, result: Mapping[str, object], reader: StreamReader | None = None
) -> list[StreamEntry]:
    """The entries of the output that a result holds, for attempts whose folder is gone or lies elsewhere."""
    reader = reader or reader_for(tool)
    found: list[StreamEntry] = []
    for stream in layout.STREAMS:
        splitter = LineSplitter(stream, most=reader.longest)
        text = str(result.get(stream) or "").encode(errors="replace")
        lines = [*splitter.lines(text), *splitter.rest()]
        for line in lines[_is_cut(text) :]:
            found += reader.read(line)
    rules = current_rules().rules
    return [rules.applied(entry) for entry in (*found, *reader.rest())]


def _is_cut(text: bytes) -> bool:
    """Whether this is but the end of what a stream printed, and its first line lacks its beginning."""
    return len(text) > output.TAIL_LIMIT - _LONGEST_CHARACTER and b"\n" in text
