"""Print tables on a terminal, with rich; in a pipe `printing` aligns them without it."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from engine.cli.printing import Styled

_GAP, _INDENT, _MIN_WIDTH = 2, 4, 32


def print_on_terminal(
    out: Console, headings: Sequence[Styled], rows: Sequence[Sequence[Styled]], widths: Sequence[int]
) -> None:
    """Print rows under their headings; where the last column has no room beside the others, below its row."""
    if out.width - sum(width + _GAP for width in widths[:-1]) < _MIN_WIDTH:
        _print_stacked(out, headings, rows, widths)
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for index, heading in enumerate(headings):
        last = index == len(headings) - 1
        table.add_column(heading.text, no_wrap=not last, overflow="fold" if last else "ellipsis")
    for row in rows:
        table.add_row(*(Text(*cell) for cell in row))
    out.print(table)


def _print_stacked(
    out: Console, headings: Sequence[Styled], rows: Sequence[Sequence[Styled]], widths: Sequence[int]
) -> None:
    for row in [[Styled(heading.text, "dim") for heading in headings], *rows]:
        *first, last = (Text(*cell) for cell in row)
        line = Text()
        for cell, width in zip(first, widths[:-1], strict=True):
            line.append_text(cell).append(" " * (width + _GAP - len(cell)))
        line.rstrip()
        out.print(line, soft_wrap=True)
        if last.plain:
            out.print(Padding(last, (0, 0, 0, _INDENT)))
