"""Find what is under the pointer on the round display, and name it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gui.data.job_display import state_inside
from gui.panels.radar.file_facts import conflict_sentence
from gui.panels.radar.geometry import Blip, Point, Rect, nearest, sector_at
from gui.panels.radar.pipeline_records import RadarLane
from gui.panels.radar.radar_scene import DrawnArc, DrawnLabel, DrawnMark, Scene
from gui.translation import tr, tr_count

BLIP_REACH = 13.0
_BADGE_REACH = 11.0
_LABEL_SHARE = 0.86


@dataclass(frozen=True)
class DiscTarget:
    """Something on the disc, and where its plate of facts belongs."""

    at: Point
    item: Blip | DrawnArc | DrawnMark | RadarLane
    is_area: bool = False
    """Whether it is only the ground of a sector that has its label at the rim."""


@dataclass(frozen=True)
class DrawnItems:
    """What the layers and the selection have drawn besides the blips."""

    arcs: Sequence[DrawnArc] = ()
    marks: Sequence[DrawnMark] = ()
    labels: Sequence[DrawnLabel] = ()


def under_pointer(scene: Scene, drawn: DrawnItems, x: float, y: float) -> DiscTarget | None:
    """The blip, badge, mark, label or sector at a position; the smaller things come first."""
    blip = nearest(scene.blips, x, y, BLIP_REACH)
    if blip is not None:
        return DiscTarget(blip.at, blip)
    for arc in drawn.arcs:
        if _near(arc.line.badge, x, y):
            return DiscTarget(arc.line.badge, arc)
    for mark in drawn.marks:
        if _near(mark.at, x, y):
            return DiscTarget(mark.at, mark)
    label = next((one for one in drawn.labels if one[0].overlaps(Rect(x, y, 0.1, 0.1))), None)
    if label is not None:
        rect, lane = label
        return DiscTarget(Point(rect.x, rect.y + rect.height - 8), lane)
    return _sector(scene, drawn.labels, x, y)


def _sector(scene: Scene, labels: Iterable[DrawnLabel], x: float, y: float) -> DiscTarget | None:
    angle, distance = scene.disc.polar(x, y)
    sector = sector_at(scene.slices, angle) if distance <= scene.disc.radius else None
    lane = scene.survey.lane(sector.key) if sector is not None else None
    if sector is None or lane is None:
        return None
    at = scene.disc.point(sector.middle, scene.disc.radius * _LABEL_SHARE)
    return DiscTarget(at, lane, is_area=any(one.key == lane.key for _, one in labels))


def target_lines(scene: Scene, target: DiscTarget) -> list[str]:
    """The name of a target and what there is to know of it."""
    match target.item:
        case Blip() as blip:
            lane = scene.survey.lanes[blip.sector]
            more = (
                [
                    tr(
                        "and {number:,} more; double click or Shift+Return lists them",
                        number=len(blip.files) - 1,
                    )
                ]
                if len(blip.files) > 1
                else []
            )
            return [blip.files[0].name, *more, f"{lane.title}, {state_inside(blip.state)}"]
        case DrawnArc(conflict=conflict):
            return [conflict.path, conflict_sentence(scene.survey, conflict)]
        case DrawnMark(mark=mark):
            named = scene.survey.lane(mark.key)
            return [named.title if named else mark.key[1], mark.words]
        case RadarLane() as lane:
            counted = tr_count("{n} file", "{n} files", len(lane.files))
            where = f"{lane.repo_name}, {counted}" if lane.repo_name else counted
            return [lane.title, f"{where}, {state_inside(lane.state)}"]


def _near(at: Point, x: float, y: float) -> bool:
    return abs(at.x - x) <= _BADGE_REACH and abs(at.y - y) <= _BADGE_REACH
