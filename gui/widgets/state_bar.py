"""Bars cut into states: the composite bar of a run or lane, and the step strip of a card. Paints, keeps nothing.

Colour never speaks alone: what waits is hollow, what failed is hatched, and the order of the segments is fixed.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPainterPath

from gui.data.job_display import tally
from gui.theme.paint import dpr_of, rounded
from gui.theme.theme import Theme

_HOLLOW = frozenset({"waiting", "blocked", "queued", "held"})
_HATCHED = frozenset({"failed", "quarantined"})
_SPENT = frozenset({"skipped", "cancelled"})
_LEAST = 3
_GAP = 1
_STRIP_GAP = 2
_TALL = 6


def segment_widths(counts: Sequence[int], width: int, *, gap: int = _GAP) -> list[int]:
    """Whole pixels for each segment, in proportion, at least three each; they fill the width with its gaps."""
    room = width - gap * (len(counts) - 1)
    total = sum(counts)
    if not counts or total <= 0 or room < _LEAST * len(counts):
        return [max(1, room // max(1, len(counts)))] * len(counts)
    widths = [max(_LEAST, int(room * count / total)) for count in counts]
    while (spare := room - sum(widths)) != 0:
        largest = max(range(len(widths)), key=widths.__getitem__)
        widths[largest] = max(_LEAST, widths[largest] + spare)
    return widths


def draw_bar(painter: QPainter, rect: QRect, segments: Sequence[tuple[str, int]], *, theme: Theme) -> None:
    """A composite bar of (state, count) pairs, which are in the order of the bar."""
    if not segments:
        rounded(painter, rect, radius=2, edge=theme.color("line2"))
        return
    painter.save()
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(rect), 2, 2)
    painter.setClipPath(outline)
    left = rect.left()
    for (state, _), width in zip(
        segments, segment_widths([count for _, count in segments], rect.width()), strict=True
    ):
        _draw_segment(painter, QRect(left, rect.top(), width, rect.height()), state, theme)
        left += width + _GAP
    painter.restore()


def draw_strip(painter: QPainter, rect: QRect, steps: Sequence[str], *, theme: Theme) -> None:
    """One segment for each step; where they would be too small to tell, one bar for all of them."""
    if len(steps) * (_LEAST + _STRIP_GAP + 1) > rect.width():
        draw_bar(painter, rect, tally(steps), theme=theme)
        return
    left = rect.left()
    for state, width in zip(
        steps, segment_widths([1] * len(steps), rect.width(), gap=_STRIP_GAP), strict=True
    ):
        _draw_segment(painter, QRect(left, rect.top(), width, rect.height()), state, theme)
        left += width + _STRIP_GAP


def _draw_segment(painter: QPainter, rect: QRect, state: str, theme: Theme) -> None:
    look = theme.state(state)
    if state in _HOLLOW and rect.height() >= _TALL:
        painter.fillRect(rect, look.fill)
        painter.fillRect(rect.adjusted(1, 1, -1, -1), look.tint)
    elif state in _HOLLOW:
        rounded(painter, rect, radius=1.5, ground=look.tint, edge=look.fill)
    elif state in _SPENT:
        painter.fillRect(rect, theme.color("line2"))
    elif state in _HATCHED and rect.height() >= _TALL:
        painter.fillRect(rect, look.tint)
        painter.setBrushOrigin(rect.topLeft())
        painter.fillRect(rect, theme.hatch(look.fill, dpr_of(painter)))
    else:
        painter.fillRect(rect, look.fill)
