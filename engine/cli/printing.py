"""Print to the terminal: plain text for people, or JSON for programs. Reads nothing."""

import codecs
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from engine.system.formatting import iso
from engine.system.plain_text import one_line
from state.storable import whole_characters

if TYPE_CHECKING:
    from rich.console import Console

LIVE_REST_S = 0.1
"""The least time between two changes of what a terminal shows; nobody reads faster."""
_done = Event()
_TIMES = frozenset({"at", "since", "until", "not_before"})
_GLANCE = 300
_NAME_WIDTH = 36

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


class Styled(NamedTuple):
    """A text, and the style it is printed in on a terminal."""

    text: str
    style: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


def console(*, errors: bool = False) -> "Console":
    """A console on the current streams, which treats everything as plain text."""
    from rich.console import Console  # noqa: PLC0415 - for terminals alone, and it takes as long as the rest of a command

    return Console(stderr=errors, highlight=False, markup=False, emoji=False)


def is_terminal(stream: TextIO) -> bool:
    """Whether colours may be shown there; the variables are those by which rich decides without a terminal."""
    return stream.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def note_done() -> None:
    """Note that the command has done its work outside of the database: its exit code stands, printed or not."""
    _done.set()


def is_done() -> bool:
    """Whether a command has noted that its work is done."""
    return _done.is_set()


def print_line(text: str = "", *, style: str = "") -> None:
    """Print one line."""
    print_styled(Styled(one_line(text), style))


def print_styled(*parts: Styled, errors: bool = False) -> None:
    """Print texts as one line, as they are."""
    stream = sys.stderr if errors else sys.stdout
    if not (any(part.style for part in parts) and is_terminal(stream)):
        stream.write("".join(part.text for part in parts) + "\n")
        stream.flush()
        return
    from rich.text import Text  # noqa: PLC0415 - for terminals alone

    console(errors=errors).print(Text.assemble(*parts), soft_wrap=True)


def print_styled_lines(lines: Iterable[Styled]) -> None:
    """Print lines, each in its style, at one go."""
    parts = [part for line in lines for part in (Styled("\n"), Styled(one_line(line.text), line.style))]
    if parts:
        print_styled(*parts[1:])


def print_lines(lines: Iterable[str]) -> None:
    """Print lines without a style; thousands take no longer than a few."""
    sys.stdout.writelines(f"{one_line(line)}\n" for line in lines)


def print_error(text: str) -> None:
    """Print a message to standard error; several lines stay several."""
    for line in text.splitlines():
        print_styled(Styled(one_line(line)), errors=True)


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


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str | Styled]]) -> None:
    """Print rows under their headings; the last column takes the rest of the line and is never cut in a pipe.

    In a terminal too narrow for that, the last column is printed below its row.
    """
    cells = [[_cell(cell) for cell in row] for row in rows]
    headings = [Styled(column) for column in columns]
    if not is_terminal(sys.stdout):
        _print_aligned([headings, *cells])
        return
    from engine.cli.terminal_tables import print_on_terminal  # noqa: PLC0415 - for terminals alone, as rich is

    print_on_terminal(console(), headings, cells, _widths([headings, *cells]))


def _cell(cell: str | Styled) -> Styled:
    return Styled(one_line(cell)) if isinstance(cell, str) else cell


def _widths(rows: Sequence[Sequence[Styled]]) -> list[int]:
    return [max(len(one_line(cell.text)) for cell in column) for column in zip(*rows, strict=True)]


def _print_aligned(rows: Sequence[Sequence[Styled]]) -> None:
    widths = _widths(rows)
    for row in rows:
        line = "  ".join(one_line(cell.text).ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def state_text(state: str) -> Styled:
    """A state in its colour."""
    return Styled(state, STYLES.get(state, ""))


def record_json(record: Any, **more: Any) -> dict[str, Any]:
    """A record for programs: times as ISO 8601 in UTC, and each also as ``<name>_epoch`` in seconds."""
    from state.codec import record_to_json  # noqa: PLC0415 - it loads every record, and most of what is printed is none

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
