"""Draw what changes on the round display without a new picture: moving blips, the selection, the hovered thing."""

import time

from PySide6.QtGui import QPainter

from engine.system.formatting import age
from gui.panels.radar.arc_painter import ArcPainter
from gui.panels.radar.geometry import Blip
from gui.panels.radar.motion import Motion
from gui.panels.radar.painter import RadarPainter
from gui.panels.radar.pipeline_records import FileKey, PlacedFile, WorkstreamKey
from gui.panels.radar.pointer import DiscTarget, target_lines
from gui.panels.radar.radar_scene import DrawnArc, Scene
from gui.theme.theme import Theme


class RadarOverlay:
    """Draws on top of the cached layers with the painters of the disc."""

    def __init__(self, paint: RadarPainter, arcs: ArcPainter, theme: Theme) -> None:
        self._paint, self._arcs, self._theme = paint, arcs, theme

    def declared(
        self, painter: QPainter, scene: Scene, workstream: WorkstreamKey | None, file: FileKey | None
    ) -> list[DrawnArc]:
        """Draw what is only declared by the selection; return where."""
        drawn = self._arcs.declared(painter, scene, workstream, file)
        self._arcs.badges(painter, scene, drawn)
        return drawn

    def moving(self, painter: QPainter, scene: Scene, motion: Motion) -> None:
        """Draw the blips that travel, and the rings around recent changes."""
        now, moving = time.monotonic(), motion.moving()
        for blip in scene.blips if moving else ():
            pulse = motion.pulse(blip.key, now)
            if pulse is None:
                continue
            at = motion.place(blip.key, blip.at, now)
            self._paint.blip(painter, scene, blip, at)
            color = self._theme.color(blip.state)
            color.setAlphaF(pulse.strength)
            self._paint.ring(painter, at, scene.glyph / 2 + pulse.growth, color, 1.5)

    def selected(self, painter: QPainter, scene: Scene, blip: Blip, file: PlacedFile) -> None:
        """Draw a ring around the selected blip, and its facts beside it."""
        radius = 11.0 if scene.disc.large else 9.5
        self._paint.ring(painter, blip.at, radius, self._theme.color("focus"))
        self._paint.data_block(painter, scene, blip.at, _facts(file, scene.now), leader=True)

    def hovered(self, painter: QPainter, scene: Scene, target: DiscTarget) -> None:
        """Draw the name of what is under the pointer."""
        lines = target_lines(scene, target)
        self._paint.data_block(painter, scene, target.at, lines, leader=False)


def _facts(file: PlacedFile, now: float) -> list[str]:
    at = file.place
    lasted = age(at.since, now)
    facts = [at.ring.word]
    if at.job is not None and at.job.attempts:
        facts.insert(0, f"{at.job.tool} {at.job.attempts}/{max(at.job.max_attempts, at.job.attempts)}")
    return [file.name, ", ".join([*facts, lasted] if lasted else facts)]
