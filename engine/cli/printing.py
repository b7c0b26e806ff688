"""Print to the terminal: plain text for people, or JSON for programs. Reads nothing."""

import codecs
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from threading import Event
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engine.system.formatting import iso
from engine.system.plain_text import one_line
from state.codec import record_to_json
from state.storable import whole_characters

_done = Event()
_TIMES = frozenset({"at", "since", "until", "not_before"})
_GLANCE = 300
_NAME_WIDTH = 36
_GAP, _INDENT, _MIN_WIDTH = 2, 4, 32

STYLES: Mapping[str, str] = {
    "running": "bold cyan",
    "completed": "green",
    "failed": "bold red",
    "timeout": "bold red",
    "quarantined": "bold magenta",
    "waiting": "yellow",
    "blocked": "yellow",
    "held": "yellow",
    "queued": "",
    "cancelled": "dim",
    "skipped": "dim",
    "review": "yellow",
    "merged": "green",
    "discarded": "dim",
    "ok": "green",
    "note": "yellow",
    "problem": "bold red",
    "error": "red",
    "warning": "yellow",
    "debug": "dim",
}
"""The colour of each state and level."""


def console(*, errors: bool = False) -> Console:
    """A console on the current streams, which treats everything as plain text."""
    return Console(stderr=errors, highlight=False, markup=False, emoji=False)


def note_done() -> None:
    """Note that the command has done its work outside of the database: its exit code stands, printed or not."""
    _done.set()


def is_done() -> bool:
    """Whether a command has noted that its work is done."""
    return _done.is_set()


def print_line(text: str = "", *, style: str = "") -> None:
    """Print one line."""
    console().print(Text(one_line(text), style=style), soft_wrap=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines without a style; thousands take no longer than a few."""
    sys.stdout.writelines(f"{one_line(line)}\n" for line in lines)


def print_error(text: str) -> None:
    """Print a message to standard error; several lines stay several."""
    for line in text.splitlines():
        console(errors=True).print(Text(one_line(line)), soft_wrap=True)


def shortened(line: str) -> str:
    """A line of a tool's output, cut to a glance: coding tools print whole answers on one line."""
    return line if len(line) <= _GLANCE else line[:_GLANCE] + " …"


def short_name(name: str) -> str:
    """A name in a column beside others."""
    return name if len(name) <= _NAME_WIDTH else f"{name[: _NAME_WIDTH - 1].rstrip()}…"


def print_json(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(_json(value, indent=2))


def print_json_line(value: Any) -> None:
    """Print one JSON document on one line and flush it, for programs that follow."""
    sys.stdout.write(_json(value))
    sys.stdout.flush()


def _json(value: Any, *, indent: int | None = None) -> str:
    """A document that every encoding can hold: where it has not every character, they are written as JSON escapes."""
    ascii_only = codecs.lookup(sys.stdout.encoding or "utf-8").name != "utf-8"
    return whole_characters(json.dumps(value, indent=indent, ensure_ascii=ascii_only)) + "\n"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Print rows under their headings; the last column takes the rest of the line and is never cut in a pipe.

    In a terminal too narrow for that, the last column is printed below its row.
    """
    out = console()
    if not out.is_terminal:
        _print_aligned([columns, *rows])
        return
    if out.width - sum(width + _GAP for width in _widths([columns, *rows])[:-1]) < _MIN_WIDTH:
        _print_stacked(out, columns, rows)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, column in enumerate(columns):
        last = index == len(columns) - 1
        table.add_column(column, no_wrap=not last, overflow="fold" if last else "ellipsis")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(one_line(cell)) for cell in row))
    out.print(table)


def _print_stacked(out: Console, columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    widths = _widths([columns, *rows])[:-1]
    for row in [[Text(column, style="dim") for column in columns], *rows]:
        *first, last = (cell if isinstance(cell, Text) else Text(one_line(cell)) for cell in row)
        line = Text()
        for cell, width in zip(first, widths, strict=True):
            line.append_text(cell).append(" " * (width + _GAP - len(cell)))
        line.rstrip()
        out.print(line, soft_wrap=True)
        if last.plain:
            out.print(Padding(last, (0, 0, 0, _INDENT)))


def _plain(rows: Sequence[Sequence[str | Text]]) -> list[list[str]]:
    return [[one_line(cell.plain if isinstance(cell, Text) else cell) for cell in row] for row in rows]


def _widths(rows: Sequence[Sequence[str | Text]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*_plain(rows), strict=True)]


def _print_aligned(rows: Sequence[Sequence[str | Text]]) -> None:
    cells, widths = _plain(rows), _widths(rows)
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def state_text(state: str) -> Text:
    """A state in its colour."""
    return Text(state, style=STYLES.get(state, ""))


def record_json(record: Any, **more: Any) -> dict[str, Any]:
    """A record for programs: times as ISO 8601 in UTC, and each also as ``<name>_epoch`` in seconds."""
    return timed(record_to_json(record)) | more


def timed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with each time in both forms."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if name.endswith("_at") or name in _TIMES:
            result[name] = None if value is None else iso(value)
            result[f"{name}_epoch"] = value
        else:
            result[name] = value
    return result
