"""The raw line behind a sentence: where it lies, as one number, and its text. The file is never touched."""

from pathlib import Path

from engine.runners import layout, output
from engine.streams.entries import StreamEntry
from engine.system.plain_text import plain_line

_LONGEST = 64 * 1024


def place_of(entry: StreamEntry) -> int:
    """Stream and offset of the raw line of an entry as one number."""
    return entry.offset * len(layout.STREAMS) + layout.STREAMS.index(entry.stream)


def raw_line(folder: Path, place: int) -> str:
    """The line at a place as plain text, of a very long one its beginning; empty where it is not kept any more."""
    if place < 0:
        return ""
    offset, number = divmod(place, len(layout.STREAMS))
    data = output.bytes_at(folder, layout.STREAMS[number], offset, _LONGEST)
    line, newline, _ = data.partition(b"\n")
    text = plain_line(line.decode("utf-8", "replace"))
    return text if newline or len(data) < _LONGEST else f"{text}…"
