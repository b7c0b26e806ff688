"""Everything on the round display in words and with its place, for screen readers. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui.data.cost_captions import spoken_duration
from gui.data.job_display import state_inside
from gui.panels.radar.file_facts import conflict_sentence
from gui.panels.radar.geometry import Blip, Point, Rect
from gui.panels.radar.pipeline_records import FileKey, RadarLane, Survey, WorkstreamKey
from gui.panels.radar.pipeline_words import accessible_text, rivals_of
from gui.panels.radar.pointer import DrawnItems
from gui.panels.radar.radar_scene import Scene
from gui.translation import tr_count

_HALF = 9.0


@dataclass(frozen=True, slots=True)
class DiscItem:
    """One thing on the disc: its name, its rectangle, and what a press on it selects."""

    name: str
    rect: Rect
    workstream: WorkstreamKey
    files: Sequence[FileKey] = ()

    def is_selected(self, workstream: WorkstreamKey | None, file: FileKey | None) -> bool:
        """Whether it stands for the selected file, or without one for the selected workstream."""
        if file is not None:
            return file in self.files
        return not self.files and workstream == self.workstream


def disc_items(scene: Scene, drawn: DrawnItems) -> list[DiscItem]:
    """The workstreams, the blips, the arcs and the marks."""
    survey = scene.survey
    labels = {lane.key: rect for rect, lane in drawn.labels}
    found = []
    for lane, sector in zip(survey.lanes, scene.slices, strict=True):
        rim = _around(scene.disc.point(sector.middle, scene.disc.radius))
        found.append(DiscItem(_lane_words(lane), labels.get(lane.key, rim), lane.key))
    for blip in scene.blips:
        keys = tuple(file.key for file in blip.files)
        words = _blip_words(survey, blip, now=scene.now)
        found.append(DiscItem(words, _around(blip.at), blip.key[:2], keys))
    for one in drawn.arcs:
        words = f"{one.conflict.path}, {conflict_sentence(survey, one.conflict)}"
        found.append(DiscItem(words, _around(one.line.badge), one.conflict.first[:2]))
    for mark in drawn.marks:
        marked = survey.lane(mark.mark.key)
        name = marked.title if marked else mark.mark.key[1]
        found.append(DiscItem(f"{name}, {mark.mark.words}", _around(mark.at), mark.mark.key))
    return found


def _lane_words(lane: RadarLane) -> str:
    parts = [
        lane.title,
        lane.repo_name,
        tr_count("{n} file", "{n} files", len(lane.files)),
        state_inside(lane.state),
    ]
    return ", ".join(part for part in parts if part)


def _blip_words(survey: Survey, blip: Blip, *, now: float) -> str:
    lane, file = survey.lanes[blip.sector], blip.files[0]
    if len(blip.files) == 1:
        rivals, shared = (rivals_of(survey, file.key, real=one) for one in (True, False))
        return accessible_text(file, lane, rivals, now=now, shared=shared)
    parts = [
        tr_count("{n} file", "{n} files", len(blip.files)),
        lane.title,
        blip.ring.word,
        state_inside(blip.state),
    ]
    if blip.since is not None:
        parts.append(spoken_duration(now - blip.since))
    return ", ".join(parts)


def _around(at: Point) -> Rect:
    return Rect(at.x - _HALF, at.y - _HALF, 2 * _HALF, 2 * _HALF)
