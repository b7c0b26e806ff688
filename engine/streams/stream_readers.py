"""The readers of streams: a raw line becomes no entry, one or several. Text passes as it is; events become sentences.

A reader keeps only what it needs to understand later lines, and never fails, whatever it is given.
"""

import re
from collections.abc import Iterator
from typing import Protocol

from engine.streams import tool_json
from engine.streams.entries import (
    EntryKind,
    Level,
    RawLine,
    StreamEntry,
    clean_lines,
    level_of,
    levels_of,
    may_be_cut,
)
from engine.streams.lines import EVENT_LINE, TEXT_LINE, LineSplitter
from engine.streams.tool_json import ToolObject
from engine.streams.words import shortened, worded

_FRAGMENT = re.compile(r"[\[\]{}(),;\s]*$|\s*[\"'][^\"']*[\"']\s*[:,]|\s*[{\[]\s*[\"'{\[]")
"""A line of data that goes over several lines: brackets alone, a field, the beginning of an object."""
_FIELDS = re.compile(r"[\]}\"\w],\s?\"[\w $-]{1,60}\"\s?:|\\\"[\w $-]{1,60}\\\"\s?:")
"""Where one field of an object ends and the next one begins: the line is a piece of an event that was cut."""
_STACK = re.compile(r"\s+at .*:\d+(?::\d+)?\)?(?: \{)?$|\s+\w+: (?:\{.*|\[.*|[\w'\"]+),?$")
_INVISIBLE = re.compile(r"(?:\\x[0-9a-f]{2}|\s)*$")
_NAME = 60


class StreamReader(Protocol):
    """Makes entries of the lines of one attempt, in the order in which they came."""

    longest: int
    """Bytes of a line that the reader needs to see."""

    def read(self, line: RawLine) -> Iterator[StreamEntry]:
        """The entries that a line completes."""
        ...

    def rest(self) -> Iterator[StreamEntry]:
        """What was held back to be joined with later lines, when none may come for a while."""
        ...


class TextReader:
    """Lines of text as they are, with the level their words suggest; `whole` ones are not capped."""

    def __init__(self, *, whole: bool = False) -> None:
        self.longest = EVENT_LINE if whole else TEXT_LINE
        self._whole = whole

    def read(self, line: RawLine) -> Iterator[StreamEntry]:
        """The line itself."""
        text = line.whole_text if self._whole else line.text
        yield StreamEntry(EntryKind.RAW, level_of(text), text, line.stream, line.offset)

    def read_block(self, block: bytes, stream: str, offset: int) -> list[StreamEntry]:
        """The entries of whole lines, of which the first begins at the offset; much quicker than one by one."""
        if self._whole and may_be_cut(block):
            most = self.longest if stream == "stdout" else TEXT_LINE
            lines = LineSplitter(stream, most=most, offset=offset).lines(block)
            return [entry for line in lines for entry in self.read(line)]
        return block_entries(block, stream, offset)

    def rest(self) -> Iterator[StreamEntry]:
        """Nothing: no line is held back."""
        return iter(())


def block_entries(block: bytes, stream: str, offset: int) -> list[StreamEntry]:
    """The entries of whole lines of text, capped."""
    texts = clean_lines(block[:-1])
    found = []
    for raw, text, level in zip(block.split(b"\n"), texts, levels_of(texts), strict=False):
        found.append(StreamEntry(EntryKind.RAW, level, text, stream, offset))
        offset += len(raw) + 1
    return found


class EventReader:
    """The base of the readers of tools that print a JSON object a line; what else they print is text."""

    longest = EVENT_LINE

    def __init__(self, root: str = "") -> None:
        self._root = root

    def read(self, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of an event or of a line of text."""
        if not line.data.startswith(b"{"):
            yield from self.of_text(line)
            return
        event = next(tool_json.objects([line.data]), None)
        if event is not None:
            yield from self.of_event(event, line)
        elif len(line.data) > 1:
            what = (
                f"an event of {len(line.data) + line.skipped:,} bytes" if line.skipped else "part of an event"
            )
            yield line.entry(EntryKind.NOTICE, f"{what} that cannot be read", Level.DEBUG)

    def rest(self) -> Iterator[StreamEntry]:
        """Nothing, unless a reader joins events."""
        return iter(())

    def of_event(self, event: ToolObject, line: RawLine) -> Iterator[StreamEntry]:
        """The entries of an event; of one that is not known, its name."""
        if name := " ".join(filter(None, (event.text("type"), event.text("subtype")))):
            yield line.entry(EntryKind.NOTICE, shortened(re.sub(r"[{}\[\]\"]", "", name), _NAME), Level.DEBUG)

    def of_text(self, line: RawLine) -> Iterator[StreamEntry]:
        """A line of text; data that goes over several lines is left to the raw view, a stack is for debugging."""
        text = line.text
        if _INVISIBLE.match(text) or _FRAGMENT.match(text):
            return
        level = Level.DEBUG if _STACK.match(text) else level_of(text)
        shown = worded(text) if "{" in text else text
        if not _FIELDS.search(shown):
            yield line.entry(EntryKind.RAW, shown, level)
