"""One picture of the disc as numbers and records: what the painters draw, and what they have drawn where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gui.panels.radar.geometry import Arc, Blip, Disc, Point, Rect, Sector, merged_dots
from gui.panels.radar.lane_marks import LaneMark
from gui.panels.radar.pipeline_records import Conflict, FileKey, RadarLane, Survey


@dataclass(frozen=True)
class Scene:
    """Everything needed to draw one picture of the disc."""

    disc: Disc
    width: float
    height: float
    survey: Survey
    slices: Sequence[Sector]
    blips: Sequence[Blip]
    now: float

    @property
    def glyph(self) -> int:
        """The size of a blip's glyph."""
        return 15 if self.disc.large else 12

    @cached_property
    def places(self) -> Mapping[FileKey, Point]:
        """Where each file is drawn."""
        found = {file.key: blip.at for blip in self.blips for file in blip.files}
        found |= {file.key: at for at, file in merged_dots(self.disc, self.survey, self.slices)}
        return found


@dataclass(frozen=True)
class DrawnArc:
    """A conflict and the arc drawn for it."""

    conflict: Conflict
    line: Arc


@dataclass(frozen=True)
class DrawnMark:
    """A mark of a workstream and its middle."""

    mark: LaneMark
    at: Point


DrawnLabel = tuple[Rect, RadarLane]
"""The label of a workstream at the rim."""
