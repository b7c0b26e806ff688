"""Paint bars divided by state: the composite bar of a run or lane, and the step strip of a card.

Colour is never the only cue: waiting is hollow, failed is hatched, and the order of the segments is fixed.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPainterPath

from gui.data.job_display import tally
from gui.theme.paint import dpr_of, rounded, saved
from gui.theme.theme import Theme

_HOLLOW = frozenset({"waiting", "blocked", "queued", "held"})
_HATCHED = frozenset({"failed", "quarantined"})
_SPENT = frozenset({"skipped", "cancelled"})
_MIN_WIDTH = 3
_GAP = 1
_STRIP_GAP = 2
_TALL = 6


def segment_widths(counts: Sequence[int], width: int, *, gap: int = _GAP) -> list[int]:
    """The width of each segment in whole pixels: proportional, at least three; with the gaps they fill `width`."""
    room = width - gap * (len(counts) - 1)
    total = sum(counts)
    if not counts or total <= 0 or room < _MIN_WIDTH * len(counts):
        return [max(1, room // max(1, len(counts)))] * len(counts)
    widths = [max(_MIN_WIDTH, int(room * count / total)) for count in counts]
    while (spare := room - sum(widths)) != 0:
        largest = max(range(len(widths)), key=widths.__getitem__)
        widths[largest] = max(_MIN_WIDTH, widths[largest] + spare)
    return widths


def draw_bar(painter: QPainter, rect: QRect, segments: Sequence[tuple[str, int]], *, theme: Theme) -> None:
    """Draw a composite bar of (state, count) pairs, given in the order of the bar."""
    if not segments:
        rounded(painter, rect, radius=2, edge=theme.color("line2"))
        return
    with saved(painter):
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(rect), 2, 2)
        painter.setClipPath(outline)
        left = rect.left()
        for (state, _), width in zip(
            segments, segment_widths([count for _, count in segments], rect.width()), strict=True
        ):
            _draw_segment(painter, QRect(left, rect.top(), width, rect.height()), state, theme)
            left += width + _GAP


def draw_strip(painter: QPainter, rect: QRect, steps: Sequence[str], *, theme: Theme) -> None:
    """Draw one segment for each step; if they would be too small, draw one composite bar instead."""
    if len(steps) * (_MIN_WIDTH + _STRIP_GAP + 1) > rect.width():
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
