"""How the number and the word in the centre of the disc are fitted into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

_SIZES = (1.0, 0.9, 0.8, 0.7, 0.6)
_GAP = 0.85
"""Between the two, as a share of the height of the word."""
_INSET = 2.0


@dataclass(frozen=True)
class CentreLine:
    """A line, with its font and its box as seen from the centre."""

    text: str
    font: QFont
    box: QRectF


def fitted_centre(number: str, word: str, *, radius: float, fonts: tuple[QFont, QFont]) -> list[CentreLine]:
    """The number above the word, both as large as the circle holds; without the word where it would be too small."""
    for size in _SIZES:
        large, small = (_scaled(font, size) for font in fonts)
        lines = list(_stacked((number, large), (word, small)))
        if all(_is_within(line, radius - _INSET) for line in lines):
            return lines
    alone = [list(_stacked((number, _scaled(fonts[0], size)))) for size in _SIZES]
    return next((lines for lines in alone if _is_within(lines[0], radius - _INSET)), alone[-1])


def _stacked(*lines: tuple[str, QFont]) -> Iterator[CentreLine]:
    heights = [QFontMetricsF(font).capHeight() for _text, font in lines]
    gap = _GAP * heights[-1] if len(lines) > 1 else 0.0
    top = -(sum(heights) + gap) / 2
    for (text, font), height in zip(lines, heights, strict=True):
        width = QFontMetricsF(font).horizontalAdvance(text)
        yield CentreLine(text, font, QRectF(-width / 2, top, width, height))
        top += height + gap


def _is_within(line: CentreLine, radius: float) -> bool:
    return max(hypot(line.box.right(), y) for y in (line.box.top(), line.box.bottom())) <= radius


def _scaled(font: QFont, size: float) -> QFont:
    scaled = QFont(font)
    scaled.setPointSizeF(font.pointSizeF() * size)
    return scaled
