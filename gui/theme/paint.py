"""Strokes that several delegates share: hairlines, rounded grounds, glyphs, painted buttons. Knows no models."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from gui.data.card import CardButton
from gui.theme.text_layout import CENTER, Typesetter
from gui.theme.theme import Theme

BUTTON_HEIGHT = 24
_BUTTON_RADIUS = 4.0
_BUTTON_PADDING = 10
_BUTTON_GAP = 4


def dpr_of(painter: QPainter) -> float:
    """Device pixels for each logical pixel of what is painted on."""
    device = painter.device()
    return float(device.devicePixelRatio()) if device is not None else 1.0


def hairline(painter: QPainter, y: int, *, left: int, right: int, color: QColor) -> None:
    """A horizontal line of one pixel."""
    painter.fillRect(left, y, right - left + 1, 1, color)


def rounded(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    radius: float,
    ground: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1.0,
) -> None:
    """A rounded rectangle whose edge lies inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2
    painter.setPen(QPen(edge, width) if edge is not None else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(ground) if ground is not None else Qt.BrushStyle.NoBrush)
    around = QRectF(rect)
    if edge is not None:
        around.adjust(inset, inset, -inset, -inset)
    painter.drawRoundedRect(around, radius, radius)
    painter.restore()


def glyph(painter: QPainter, rect: QRect, pixmap: QPixmap) -> None:
    """A pixmap in the middle of a rectangle, on whole pixels."""
    size = pixmap.deviceIndependentSize().toSize()
    painter.drawPixmap(_centred(rect, size), pixmap)


def _centred(rect: QRect, size: QSize) -> QPoint:
    return QPoint(
        rect.left() + (rect.width() - size.width()) // 2,
        rect.top() + (rect.height() - size.height()) // 2,
    )


@dataclass(frozen=True)
class PaintedButton:
    """A button a delegate paints: where it is and what it asks for."""

    verb: CardButton
    rect: QRect


def buttons_from_left(
    verbs: Sequence[CardButton], left: int, top: int, *, type_: Typesetter
) -> list[PaintedButton]:
    """Buttons side by side, starting at the left."""
    found = []
    for verb in verbs:
        rect = QRect(left, top, _button_width(verb, type_), BUTTON_HEIGHT)
        found.append(PaintedButton(verb, rect))
        left = rect.right() + 1 + _BUTTON_GAP
    return found


def button_from_right(verb: CardButton, right: int, middle: int, *, type_: Typesetter) -> PaintedButton:
    """One button that ends at `right`, its middle at the height of `middle`."""
    width = _button_width(verb, type_)
    return PaintedButton(verb, QRect(right - width, middle - BUTTON_HEIGHT // 2, width, BUTTON_HEIGHT))


def draw_button(
    painter: QPainter,
    button: PaintedButton,
    *,
    kind: str,
    hot: bool,
    theme: Theme,
    type_: Typesetter,
) -> None:
    """Paint a small button: ``primary`` filled, ``secondary`` outlined, ``quiet`` without an edge."""
    match kind:
        case "primary":
            edge = theme.color("focus") if hot else theme.color("accentfill")
            rounded(painter, button.rect, radius=_BUTTON_RADIUS, ground=theme.color("accentfill"), edge=edge)
            ink = theme.color("onaccent")
        case "secondary":
            ground = theme.color("hover" if hot else "bg2")
            rounded(painter, button.rect, radius=_BUTTON_RADIUS, ground=ground, edge=theme.color("ctl"))
            ink = theme.color("t1")
        case _:
            if hot:
                rounded(painter, button.rect, radius=_BUTTON_RADIUS, ground=theme.color("hover"))
            ink = theme.color("t2")
    type_.draw(painter, button.rect, text=button.verb.word, role="small+", color=ink, align=CENTER)


def _button_width(verb: CardButton, type_: Typesetter) -> int:
    return type_.width(verb.word, "small+") + 2 * _BUTTON_PADDING
