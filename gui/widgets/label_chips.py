"""Labels of jobs as chips in one line, and the mark of a note before them. Knows no jobs."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gui.theme.paint import dpr_of, rounded
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme

_AROUND, _GAP, _MARK, _RADIUS = 6, 4, 12, 4
_WIDEST = 140
_BESIDE = 10
"""Between a text and the chips at the end of its line."""
_ROLE = "caption"


def chips_height(type_: Typesetter) -> int:
    """The height of a line of chips."""
    return type_.height(_ROLE) + 2


def chips_width(labels: Sequence[str], type_: Typesetter, *, has_note: bool = False) -> int:
    """The width of all chips side by side."""
    widths = [_width(label, type_) for label in labels] + ([_MARK] if has_note else [])
    return sum(widths) + _GAP * (len(widths) - 1) if widths else 0


def fitted_chips(labels: Sequence[str], room: int, type_: Typesetter) -> list[str]:
    """The labels that fit side by side, with a number that stands for the rest; at least one of the two."""
    for shown in range(len(labels), 0, -1):
        rest = [f"+{len(labels) - shown}"] if shown < len(labels) else []
        if chips_width([*labels[:shown], *rest], type_) <= room:
            return [*labels[:shown], *rest]
    return list(labels) if len(labels) < 2 else [f"+{len(labels)}"]  # noqa: PLR2004 - a single one is elided


def width_beside(
    text_width: int, labels: Sequence[str], room: int, type_: Typesetter, *, has_note: bool
) -> int:
    """The width that chips take at the end of a line with a text, which they never shorten; 0 where none fits."""
    spare = room - text_width - _BESIDE
    mark = chips_width((), type_, has_note=has_note)
    if not labels:
        return mark if mark <= spare else 0
    fitted = fitted_chips(labels, spare - (mark + _GAP if mark else 0), type_)
    width = chips_width(fitted, type_, has_note=has_note)
    return width if width <= spare else 0


def draw_chips(
    painter: QPainter,
    line: QRect,
    labels: Sequence[str],
    *,
    theme: Theme,
    type_: Typesetter,
    has_note: bool = False,
    color: str = "t2",
) -> None:
    """Draw the mark of a note, and as many chips as the line has room for; a number stands for the rest."""
    left = line.left()
    if has_note:
        mark = theme.icon("note", color, _MARK, dpr_of(painter))
        painter.drawPixmap(left, line.center().y() - _MARK // 2 + 1, mark)
        left += _MARK + _GAP
    for text in fitted_chips(labels, line.right() + 1 - left, type_):
        width = min(_width(text, type_), max(0, line.right() + 1 - left))
        box = QRect(left, line.top() + (line.height() - chips_height(type_)) // 2, width, chips_height(type_))
        rounded(painter, box, radius=_RADIUS, edge=theme.color("line2"))
        inside = box.adjusted(_AROUND, 0, -_AROUND, 0)
        type_.draw(painter, inside, text=text, role=_ROLE, color=theme.color(color), align=CENTER)
        left += width + _GAP


def chip_lines(labels: Sequence[str], room: int, type_: Typesetter) -> list[list[str]]:
    """The labels in lines that are no wider than the room."""
    lines: list[list[str]] = []
    for label in labels:
        if lines and chips_width([*lines[-1], label], type_) <= room:
            lines[-1].append(label)
        else:
            lines.append([label])
    return lines


def _width(text: str, type_: Typesetter) -> int:
    return min(_WIDEST, type_.width(text, _ROLE) + 2 * _AROUND + 1)
