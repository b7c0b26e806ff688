"""Paint the attempts of a step as small squares (past, current, remaining), followed by ``n/m``."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gui.theme.paint import outline
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme

_SIDE = 6
_GAP = 2
_MAX_SHOWN = 8
_TEXT_GAP = 5


def pips_width(attempts: tuple[int, int], type_: Typesetter) -> int:
    """The width the pips need; 0 for a step with only one attempt."""
    _, limit = attempts
    if limit <= 1:
        return 0
    shown = min(limit, _MAX_SHOWN)
    return shown * (_SIDE + _GAP) + _TEXT_GAP + type_.width(_fraction(attempts), "caption")


def draw_pips(
    painter: QPainter,
    rect: QRect,
    attempts: tuple[int, int],
    *,
    state: str,
    theme: Theme,
    type_: Typesetter,
    completed: Sequence[bool] = (),
    is_past_known: bool = True,
) -> None:
    """Draw earlier attempts in red, the current one in the colour of its state, and remaining ones hollow.

    Those that have `completed` are not red: they were sent back. Grey says that it is not known which of them were.
    """
    now, limit = attempts
    top = rect.top() + (rect.height() - _SIDE) // 2
    hidden = max(0, limit - _MAX_SHOWN)
    for column in range(min(limit, _MAX_SHOWN)):
        number = column + 1 + (min(hidden, max(0, now - _MAX_SHOWN)))
        square = QRect(rect.left() + column * (_SIDE + _GAP), top, _SIDE, _SIDE)
        if number > now:
            outline(painter, square, theme.color("ctl"))
        else:
            ended_well = number <= len(completed) and completed[number - 1]
            shown = state if number >= now else "completed" if ended_well else "failed"
            is_grey = number < now and not is_past_known
            painter.fillRect(square, theme.color("ctl") if is_grey else theme.state(shown).fill)
    type_.draw(painter, rect, text=_fraction(attempts), role="caption", color=theme.color("t2"), align=RIGHT)


def _fraction(attempts: tuple[int, int]) -> str:
    return f"{attempts[0]}/{attempts[1]}"
