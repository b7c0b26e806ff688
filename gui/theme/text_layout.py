"""Measure, elide and wrap plain text for delegates once, then draw it from a cache."""

import math
import re
from collections import OrderedDict
from typing import TypeVar

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QTextLayout, QTextOption

from engine.system import plain_text
from gui.theme.theme import Theme

K = TypeVar("K")
V = TypeVar("V")
_CACHE_SIZE = 6000
_LONGEST = 600
_AMOUNT = re.compile(r"(?:[^\W\d]+ )?<?[$€£]\d[\d.,]*$")
"""An amount at the end of a text, with the word before it: ``about $0.15``."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


def shortened(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text elided to a width: a sentence keeps its beginning and, where there is room, the amount at its end.

    Where a number at its end may be all that sets it apart, it is elided in the middle. A number that is the whole text
    is never cut there, where it would read as another; of an amount with nothing but a word the word gives way.
    """
    amount = _AMOUNT.search(text)
    if amount is None:
        return metrics.elidedText(text, _elide_mode(text), width)
    if not amount.start():
        return metrics.elidedText(text, Qt.TextElideMode.ElideLeft, width)
    end = f" {amount.group()}"
    room = width - metrics.horizontalAdvance(end)
    if metrics.horizontalAdvance(text) <= width or room < width // 2:
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return metrics.elidedText(text[: amount.start()].rstrip(), Qt.TextElideMode.ElideRight, room) + end


def _elide_mode(text: str) -> Qt.TextElideMode:
    if not text.strip("0123456789.,:/ "):
        return Qt.TextElideMode.ElideRight
    return Qt.TextElideMode.ElideMiddle if text[-1:].isdigit() else Qt.TextElideMode.ElideRight


def one_line(text: str) -> str:
    """The text as plain text on one line, short enough to measure."""
    return plain_text.one_line(text[: 4 * _LONGEST]).strip()[:_LONGEST]


class Typesetter(QObject):
    """The fonts of the theme with their metrics, and text fitted to widths; one instance per panel."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._faces: dict[str, tuple[QFont, QFontMetrics]] = {}
        self._exact: dict[str, QFontMetricsF] = {}
        self._elided: OrderedDict[tuple[str, str, int], str] = OrderedDict()
        self._wrapped: OrderedDict[tuple[str, str, int, int], tuple[str, ...]] = OrderedDict()
        theme.changed.connect(self._on_theme_changed)

    def font(self, role: str) -> QFont:
        """The font of a role."""
        return self._face(role)[0]

    def height(self, role: str) -> int:
        """The line height in this role, with the leading of the visual language."""
        return round(self._face(role)[1].height() * _LEADING.get(role, 1.0))

    def width(self, text: str, role: str) -> int:
        """The least whole width in which a text of this role is not elided."""
        exact = self._exact.get(role)
        if exact is None:
            exact = self._exact[role] = QFontMetricsF(self.font(role))
        return math.ceil(exact.horizontalAdvance(text))  # Qt rounds to the nearest, and elides what is wider

    def elided(self, text: str, role: str, width: int) -> str:
        """The text on one line, elided to a width."""
        key = (text, role, width)
        found = self._elided.get(key)
        if found is None:
            line = one_line(text)
            found = shortened(line, self._face(role)[1], width)
            _keep(self._elided, key, found)
        return found

    def wrapped(self, text: str, role: str, width: int, lines: int = 2) -> tuple[str, ...]:
        """The text in at most `lines` lines, the last one elided."""
        key = (text, role, width, lines)
        found = self._wrapped.get(key)
        if found is None:
            found = self._broken(one_line(text), role, max(width, 20), lines)
            _keep(self._wrapped, key, found)
        return found

    def draw(
        self,
        painter: QPainter,
        rect: QRect,
        *,
        text: str,
        role: str,
        color: QColor,
        align: Qt.AlignmentFlag = LEFT,
    ) -> int:
        """Draw one line in a rectangle, elided to fit, and return its width."""
        shown = self.elided(text, role, rect.width())
        font, metrics = self._face(role)
        painter.setFont(font)
        painter.setPen(color)
        painter.drawText(QRectF(rect), int(align | Qt.TextFlag.TextSingleLine), shown)
        return metrics.horizontalAdvance(shown)

    def draw_lines(
        self,
        painter: QPainter,
        rect: QRect,
        *,
        lines: tuple[str, ...],
        role: str,
        color: QColor,
    ) -> None:
        """Draw wrapped lines, starting at the top of a rectangle."""
        font, metrics = self._face(role)
        height = self.height(role)
        painter.setFont(font)
        painter.setPen(color)
        base = rect.top() + (height - metrics.height()) / 2 + metrics.ascent()
        for number, line in enumerate(lines):
            painter.drawText(QPointF(rect.left(), base + number * height), line)

    def _face(self, role: str) -> tuple[QFont, QFontMetrics]:
        found = self._faces.get(role)
        if found is None:
            font = self._theme.font(role.removesuffix("+"))
            if role.endswith("+"):
                font.setWeight(QFont.Weight.Medium)
            found = self._faces[role] = (font, QFontMetrics(font))
        return found

    def _broken(self, text: str, role: str, width: int, lines: int) -> tuple[str, ...]:
        font, metrics = self._face(role)
        layout = QTextLayout(text, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[tuple[int, int]] = []
        while len(starts) <= lines:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            starts.append((line.textStart(), line.textLength()))
        layout.endLayout()
        result = [text[start : start + length].rstrip() for start, length in starts[:lines]]
        if len(starts) > lines:
            rest = text[starts[lines - 1][0] :]
            result[-1] = shortened(rest, metrics, width)
        return tuple(result)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._faces.clear()
        self._exact.clear()
        self._elided.clear()
        self._wrapped.clear()


_LEADING = {"base": 1.12, "strong": 1.12, "small": 1.12, "smallstrong": 1.12, "mono": 1.3}


def _keep(cache: OrderedDict[K, V], key: K, value: V) -> None:
    cache[key] = value
    if len(cache) > _CACHE_SIZE:
        for _ in range(_CACHE_SIZE // 4):
            cache.popitem(last=False)
