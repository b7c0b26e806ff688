"""Position and paint the small buttons that delegates draw in a row or a card."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate

from gui.data.card import CardButton
from gui.guarded import Guarded
from gui.theme.paint import rounded
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme
from gui.translation import tr

BUTTON_HEIGHT = 24
_RADIUS = 4.0
_PADDING = 10
_GAP = 4


@dataclass(frozen=True)
class PaintedButton:
    """A button painted by a delegate: its command and its rectangle, and why it cannot be used now."""

    button: CardButton
    rect: QRect
    reason: str = ""


WhyNot = Callable[[str], str]
"""Why a command cannot be used now; empty if it can."""


def always_usable(_command: str) -> str:
    """No reason: every command can be used."""
    return ""


class ExplainsButtons:
    """A widget with buttons that cannot be used at all times: `why_not` says which by their commands, and why."""

    why_not: WhyNot = staticmethod(always_usable)

    def explain_buttons(self, why_not: WhyNot) -> None:
        """Show buttons as not usable where this gives a reason; called again when the reasons have changed."""
        self.why_not = why_not
        self.show_reasons()

    def show_reasons(self) -> None:
        """Enable the buttons that can be used, and give the others the reason as their tip."""
        raise NotImplementedError


def with_reasons(buttons: Iterable[PaintedButton], why_not: WhyNot) -> list[PaintedButton]:
    """The same buttons, each with the reason why it cannot be used."""
    return [
        replace(button, reason=reason) if (reason := why_not(button.button.command)) else button
        for button in buttons
    ]


class PaintsButtons(Guarded, QStyledItemDelegate):
    """A delegate that paints buttons in its rows. `why_not` says which cannot be used now."""

    why_not: WhyNot = staticmethod(always_usable)


def button_lines(
    buttons: Sequence[CardButton], width: int, *, type_: Typesetter
) -> list[list[PaintedButton]]:
    """Place buttons side by side from 0, 0, in as many lines as they need at this width."""
    lines: list[list[PaintedButton]] = []
    left = width + 1
    for button in buttons:
        wide = min(_button_width(button, type_), width)
        if left + wide > width:
            lines.append([])
            left = 0
        top = (len(lines) - 1) * (BUTTON_HEIGHT + _GAP)
        lines[-1].append(PaintedButton(button, QRect(left, top, wide, BUTTON_HEIGHT)))
        left += wide + _GAP
    return lines


def lines_height(lines: int) -> int:
    """The height of this many lines of buttons."""
    return max(0, lines * (BUTTON_HEIGHT + _GAP) - _GAP)


def button_from_right(button: CardButton, right: int, middle: int, *, type_: Typesetter) -> PaintedButton:
    """Place one button that ends at `right`, vertically centred on `middle`."""
    width = _button_width(button, type_)
    return PaintedButton(button, QRect(right - width, middle - BUTTON_HEIGHT // 2, width, BUTTON_HEIGHT))


def draw_button(
    painter: QPainter,
    button: PaintedButton,
    *,
    kind: str,
    hot: bool,
    theme: Theme,
    type_: Typesetter,
) -> None:
    """Paint a small button: ``primary`` filled, ``secondary`` outlined, ``quiet`` without an edge.

    One that cannot be used is pale whatever its kind, and does not light up.
    """
    match "disabled" if button.reason else kind:
        case "disabled":
            rounded(painter, button.rect, radius=_RADIUS, edge=theme.color("line2"))
            ink = theme.color("t3")
        case "primary":
            edge = theme.color("focus") if hot else theme.color("accentfill")
            rounded(painter, button.rect, radius=_RADIUS, ground=theme.color("accentfill"), edge=edge)
            ink = theme.color("onaccent")
        case "secondary":
            ground = theme.color("hover" if hot else "bg2")
            rounded(painter, button.rect, radius=_RADIUS, ground=ground, edge=theme.color("ctl"))
            ink = theme.color("t1")
        case _:
            if hot:
                rounded(painter, button.rect, radius=_RADIUS, ground=theme.color("hover"))
            ink = theme.color("t2")
    type_.draw(painter, button.rect, text=tr(button.button.label), role="small+", color=ink, align=CENTER)


def _button_width(button: CardButton, type_: Typesetter) -> int:
    return type_.width(tr(button.label), "small+") + 2 * _PADDING
