"""What a tool was not allowed to do in an attempt, as the readers of its stream find it: a denial is never silent."""

from collections.abc import Sequence
from pathlib import Path

from engine.runners import output
from engine.streams.attempt_output import READERS, reader_for, root_of
from engine.streams.entries import EntryKind, RawLine
from engine.system.formatting import plural

_STREAM_END = 4 * 1024 * 1024
"""Bytes at the end of each stream that are read."""
_MOST = 50
_LONGEST = 200
_SIGN = "denied: "


def denied_in(tool: str, folder: Path) -> list[str]:
    """Each command, edit or use of a tool that was denied, in order; what was denied twice is listed twice."""
    if tool not in READERS:
        return []
    reader = reader_for(tool, root_of(folder))
    found = []
    for stream in ("stdout", "stderr"):
        for data in output.tail_lines(folder, _STREAM_END, name=stream):
            entries = reader.read(RawLine(data, stream))
            found += [entry.text for entry in entries if entry.kind is EntryKind.DENIED]
    return [text.removeprefix(_SIGN)[:_LONGEST] for text in found[:_MOST]]


def denials_in_words(denied: Sequence[str]) -> str:
    """How many commands and edits were denied: ``2 commands denied``."""
    edits = sum(1 for one in denied if one.startswith(("edit ", "create ", "write ", "patch ")))
    counts = ((edits, "edit"), (len(denied) - edits, "command"))
    return f"{' and '.join(plural(count, what) for count, what in counts if count)} denied"
