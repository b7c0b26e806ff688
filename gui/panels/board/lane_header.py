"""Paint the header of a lane: fold mark, name, detail, the composite bar and its numbers."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from engine.system.formatting import short_duration
from gui.data.cost_captions import cost_text
from gui.panels.board.lanes import BoardLane
from gui.theme.paint import dpr_of, glyph, hairline
from gui.theme.text_layout import RIGHT, Typesetter
from gui.theme.theme import Theme
from gui.widgets.state_bar import draw_bar
from state.costs import Cost

_BAR_WIDTH, _BAR_HEIGHT = 180, 10
_NUMBER_WIDTHS = (("cost", 56), ("elapsed", 72), ("done", 56))
_NUMBERS_FROM = 560
_GAP = 12


def draw_lane_header(
    painter: QPainter,
    rect: QRect,
    lane: BoardLane,
    *,
    folded: bool,
    now: float,
    theme: Theme,
    type_: Typesetter,
) -> None:
    """Paint the header in `rect`, the part of it in view."""
    painter.fillRect(rect, theme.color("bg3"))
    if rect.top() > 0:  # else it would be a second line below that of the columns
        hairline(painter, rect.top(), left=rect.left(), right=rect.right(), color=theme.color("line"))
    hairline(painter, rect.bottom(), left=rect.left(), right=rect.right(), color=theme.color("line"))
    mark = theme.icon("chevr" if folded else "chev", "t2", 16, dpr_of(painter))
    glyph(painter, QRect(rect.left() + 10, rect.top(), 16, rect.height()), mark)
    right = _draw_numbers(painter, rect, lane, now=now, theme=theme, type_=type_)
    left = rect.left() + 34
    name = QRect(left, rect.top(), max(0, right - left), rect.height())
    left += type_.draw(painter, name, text=lane.title, role="strong", color=theme.color("t1")) + 10
    detail = QRect(left, rect.top(), max(0, right - left), rect.height())
    type_.draw(painter, detail, text=lane.detail, role="small", color=theme.color("t2"))


def _draw_numbers(
    painter: QPainter, rect: QRect, lane: BoardLane, *, now: float, theme: Theme, type_: Typesetter
) -> int:
    right = rect.right() + 1 - 12
    ends = lane.ended_at if lane.ended_at is not None else now
    numbers = {
        "cost": cost_text(Cost.of(lane.cost, lane.cost_source)),
        "elapsed": short_duration(ends - lane.started_at) if lane.started_at is not None else "",
        "done": f"{lane.done}/{lane.total}",
    }
    if rect.width() >= _NUMBERS_FROM:
        for name, least in _NUMBER_WIDTHS:
            width = max(least, type_.width(numbers[name], "small") + _GAP)
            box = QRect(right - width, rect.top(), width, rect.height())
            type_.draw(painter, box, text=numbers[name], role="small", color=theme.color("t2"), align=RIGHT)
            right -= width
        right -= 12
    bar = QRect(right - _BAR_WIDTH, rect.top() + (rect.height() - _BAR_HEIGHT) // 2, _BAR_WIDTH, _BAR_HEIGHT)
    draw_bar(painter, bar, lane.segments, theme=theme)
    return bar.left() - 12
