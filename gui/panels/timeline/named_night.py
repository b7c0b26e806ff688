"""Name what the Night paints: what is at a point, and all of it in words, for tool tips and screen readers."""

from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from gui.data.job_display import state_inside
from gui.panels.timeline.bar_layout import EVENT_EVERY, PlacedEvent
from gui.panels.timeline.night_frame import AXIS_HEIGHT, BAND_HEIGHT
from gui.panels.timeline.night_records import NightBar, NotableEvent
from gui.panels.timeline.night_view_base import NightViewBase
from gui.panels.timeline.row_lines import NightLine
from gui.translation import tr
from gui.widgets.label import plain_tip


class NamedNight(NightViewBase):
    """The painted Night that can say what is where; nothing in it can be changed."""

    def line_at(self, at: QPoint) -> NightLine | None:
        """The line at a point of the viewport."""
        frame = self._frame()
        return (
            self._lines.at(at.y() - frame.head_height + frame.scrolled)
            if at.y() >= frame.head_height
            else None
        )

    def bar_at(self, at: QPoint) -> NightBar | None:
        """The bar at a point of the viewport; of joined ones the last."""
        line = self.line_at(at)
        frame = self._frame()
        if line is None or line.row is None or not frame.left <= at.x() < frame.right:
            return None
        y = at.y() - self.line_rect(line).top()
        found = next((one for one in self.placed_row(line.row).bars if one.contains(at.x(), y)), None)
        return None if found is None else found.bars[-1]

    def due_at(self, at: QPoint) -> NotableEvent | None:
        """The due time of a recurring run at a point of the viewport."""
        frame = self._frame()
        if not (frame.has_due and frame.due_top <= at.y() < frame.head_height and at.x() >= frame.left):
            return None
        found = (one for one in self._head_painter.placed_due if _is_at(one, at.x()))
        return next((one.event for one in found), None)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Name what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self.viewport())
            return True
        return super().viewportEvent(event)

    def words_at(self, at: QPoint) -> str:
        """What is at a point of the viewport, in words."""
        line, bar = self.line_at(at), self.bar_at(at)
        if bar is not None:
            return bar.name(self._now)
        if line is None:
            return self._head_words(at)
        if line.row is None:
            return self.line_words(line)
        placed = self.placed_row(line.row)
        ghost = next((one for one in placed.ghosts if one.left <= at.x() < one.left + one.width), None)
        if ghost is not None:
            return ghost.ghost.description
        wait = next((one for one in placed.waits if one.left <= at.x() < one.right), None)
        if wait is not None:
            return wait.wait.description
        return self.line_words(line)

    def line_words(self, line: NightLine) -> str:
        """A head or a row in words."""
        if line.row is None:
            group = line.group
            parts = (
                group.title,
                group.detail,
                tr("{done} of {total} done", done=group.done, total=group.total),
                group.outcome,
            )
        else:
            word = state_inside(line.row.state)
            parts = (line.row.name, word, line.row.step, line.row.fact)
        words = ", ".join(part for part in parts if part)
        return tr("{line}, folded", line=words) if line.is_folded else words

    def part_words(self, line: NightLine) -> list[str]:
        """Everything in a row in words: its bars, its waits, what is estimated."""
        row = line.row
        if row is None:
            return []
        names = [bar.name(self._now) for bar in row.bars]
        return [*names, *(wait.description for wait in row.waits), *(one.description for one in row.ghosts)]

    def part_rect(self, line: NightLine, number: int) -> QRect:
        """Where one of these is in the viewport; empty where it is not on the axis."""
        row, rect = line.row, self.line_rect(line)
        if row is None:
            return QRect()
        placed = self.placed_row(row)
        if number < len(row.bars):
            bar = row.bars[number]
            return next((self.bar_rect(line, one) for one in placed.bars if bar in one.bars), QRect())
        number -= len(row.bars)
        if number < len(row.waits):
            spans = [(one.left, one.right) for one in placed.waits if one.wait is row.waits[number]]
        else:
            ghost = row.ghosts[number - len(row.waits)]
            spans = [(one.left, one.left + one.width) for one in placed.ghosts if one.ghost is ghost]
        return QRect(spans[0][0], rect.top(), spans[0][1] - spans[0][0], rect.height()) if spans else QRect()

    def _head_words(self, at: QPoint) -> str:
        frame = self._frame()
        number = (at.y() - AXIS_HEIGHT) // BAND_HEIGHT
        if at.y() >= AXIS_HEIGHT and number < len(self._night.bands):
            band = self._night.bands[number]
            return ", ".join(part for part in (band.tool, band.account, band.fact) if part)
        if at.y() >= frame.head_height or at.y() < frame.events_top:
            return ""
        if at.y() >= frame.due_top:
            return self._due_words(at)
        near = [one for one in self._head_painter.placed_events if abs(one.x - at.x()) <= EVENT_EVERY // 2]
        return near[0].event.sentence if near else ""

    def _due_words(self, at: QPoint) -> str:
        mark, axis = self.due_at(at), self.axis()
        if mark is not None:  # and those that are too near for marks of their own
            near = [
                one.sentence for one in self._night.due if 0 <= axis.x(one.at) - axis.x(mark.at) < EVENT_EVERY
            ]
            return tr("{due} Press to see it.", due=" ".join(near))
        return tr(
            "Dashed marks show when recurring runs are due next, as far as no one changes or pauses them."
        )


def _is_at(placed: PlacedEvent, x: int) -> bool:
    """Whether an x is on a mark or its words."""
    if abs(placed.x - x) <= EVENT_EVERY // 2:
        return True
    return placed.words_left is not None and placed.words_left <= x <= placed.words_left + placed.words_width
