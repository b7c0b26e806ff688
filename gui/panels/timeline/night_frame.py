"""The frame of one picture of the Night: its axis, columns, moment and heights. Pure values, without Qt."""

from dataclasses import dataclass

from gui.panels.timeline.bar_layout import NightColumns
from gui.panels.timeline.time_axis import TimeAxis

AXIS_HEIGHT, BAND_HEIGHT, SLOTS_HEIGHT, EVENTS_HEIGHT, DUE_HEIGHT = 28, 26, 26, 30, 26


@dataclass(frozen=True, slots=True)
class NightFrame:
    """What every painter of one picture knows. Rows begin below the head, at `scrolled` pixels of all rows."""

    axis: TimeAxis
    columns: NightColumns
    now: float
    width: int
    height: int
    bands: int = 0
    scrolled: int = 0
    has_due: bool = False
    """Whether a lane shows when recurring runs are due."""

    @property
    def head_height(self) -> int:
        """The height of axis, quotas, slots, events and due times, which stay while the rows scroll."""
        return self.due_top + (DUE_HEIGHT if self.has_due else 0)

    @property
    def events_top(self) -> int:
        """Where the lane of events worth knowing begins."""
        return AXIS_HEIGHT + self.bands * BAND_HEIGHT + SLOTS_HEIGHT

    @property
    def due_top(self) -> int:
        """Where the lane of due times begins."""
        return self.events_top + EVENTS_HEIGHT

    @property
    def left(self) -> int:
        """The first pixel of the axis."""
        return round(self.axis.left)

    @property
    def right(self) -> int:
        """The first pixel after the axis."""
        return round(self.axis.right)

    @property
    def now_x(self) -> int:
        """Where now is, also beyond the ends of the axis."""
        return round(self.axis.x(self.now))

    def row_y(self, top: int) -> int:
        """Where the line at this height of all rows is."""
        return self.head_height + top - self.scrolled
