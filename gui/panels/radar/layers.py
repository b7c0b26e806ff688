"""Cache the still picture of the disc as two pixmaps, each redrawn only when something on it has changed.

Drawing a crowd of files takes most of a frame, so a crowded disc never redraws ground and blips in the same turn.
"""

from collections.abc import Collection, Hashable
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPainter, QPixmap

from gui.panels.radar.arc_painter import ArcPainter
from gui.panels.radar.geometry import EDGES, Disc, LabelPlacer, Rect, badge_box, ring_name_boxes
from gui.panels.radar.label_painter import LabelPainter
from gui.panels.radar.painter import RadarPainter
from gui.panels.radar.pipeline_records import FileKey, Ring, WorkstreamKey
from gui.panels.radar.pipeline_words import centre_words
from gui.panels.radar.radar_scene import DrawnArc, DrawnLabel, DrawnMark, Scene
from gui.theme.theme import Theme

CROWD = 300
"""From this many files on, only one layer is drawn in each turn."""


@dataclass(frozen=True)
class Ground:
    """Disc, rings, sectors and the labels at the rim, with the rectangles of the labels."""

    shows: Hashable
    pixmap: QPixmap
    labels: list[DrawnLabel]


@dataclass(frozen=True)
class Top:
    """Blips, their names, the arcs of real conflicts and the marks at the rim, with their positions."""

    pixmap: QPixmap
    arcs: list[DrawnArc]
    marks: list[DrawnMark]


class RadarLayers:
    """Draws with the painters of the disc. `mark` invalidates the blips, `forget` invalidates everything."""

    def __init__(self, paint: RadarPainter, arcs: ArcPainter, theme: Theme) -> None:
        self._paint, self._arcs, self._theme = paint, arcs, theme
        self._labels = LabelPainter(theme)
        self.ground: Ground | None = None
        self.top: Top | None = None
        self.is_stale = True
        """Whether the blips must be redrawn."""

    def mark(self) -> None:
        """Redraw the blips next time: something has moved."""
        self.is_stale = True

    def forget(self) -> None:
        """Redraw everything next time: colours, fonts or pixels have changed."""
        self.ground = self.top = None
        self.is_stale = True

    def draw(
        self, scene: Scene, selected: WorkstreamKey | None, moving: Collection[FileKey], *, dpr: float
    ) -> None:
        """Draw what is stale; if that is too much for one turn, the next call draws the rest."""
        shows = _shown_by_ground(scene, selected, dpr)
        if self.ground is None or self.ground.shows != shows:
            fits = self.ground is not None and self.ground.pixmap.deviceIndependentSize().toTuple() == (
                scene.width,
                scene.height,
            )
            self.ground = self._drawn_ground(scene, selected, dpr=dpr, shows=shows)
            self.is_stale = self.is_stale or scene.disc.large  # the names make room for the labels at the rim
            crowded = sum(len(lane.files) for lane in scene.survey.lanes) >= CROWD
            if crowded and fits and self.top is not None:
                return
        if self.is_stale or self.top is None:
            self.top = self._drawn_top(scene, self.ground, moving, dpr=dpr)
            self.is_stale = False

    def _drawn_ground(
        self, scene: Scene, selected: WorkstreamKey | None, *, dpr: float, shows: Hashable
    ) -> Ground:
        pixmap = _blank(scene, dpr, self._theme.color("bg1"))
        painter = QPainter(pixmap)
        self._paint.ground(painter, scene, selected)
        labels = self._labels.rim(painter, scene, selected)
        painter.end()
        return Ground(shows, pixmap, labels)

    def _drawn_top(self, scene: Scene, ground: Ground, moving: Collection[FileKey], *, dpr: float) -> Top:
        pixmap = _blank(scene, dpr, QColor(0, 0, 0, 0))
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        arcs = self._arcs.real(painter, scene)
        badges = [badge_box(scene.disc, one.line.badge) for one in arcs]
        self._paint.ring_names(painter, scene.disc, badges)
        self._paint.merged(painter, scene)
        for blip in scene.blips:
            if blip.key not in moving:
                self._paint.blip(painter, scene, blip, blip.at)
        free = _room_for_names(scene, ground.labels, arcs)
        self._labels.counts(painter, scene, free)
        if scene.disc.large:
            self._labels.names(painter, scene, free)
        self._arcs.badges(painter, scene, arcs)
        marks = self._arcs.marks(painter, scene)
        painter.end()
        return Top(pixmap, arcs, marks)


def _shown_by_ground(scene: Scene, selected: WorkstreamKey | None, dpr: float) -> Hashable:
    lanes = scene.survey.lanes
    return (
        (scene.width, scene.height, dpr, scene.disc, selected),
        tuple((lane.key, lane.state, len(lane.files), lane.repo_name) for lane in lanes),
        centre_words(scene.survey),
    )


def _blank(scene: Scene, dpr: float, color: QColor) -> QPixmap:
    pixmap = QPixmap(max(1, round(scene.width * dpr)), max(1, round(scene.height * dpr)))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(color)
    return pixmap


def _written(disc: Disc) -> list[Rect]:
    """Where the ground has words: the names of the rings in the alley, and the centre."""
    half = disc.radius * EDGES[Ring.DONE] * 0.7
    centre = Rect(disc.center.x - half, disc.center.y - half, 2 * half, 2 * half)
    return [centre, *ring_name_boxes(disc).values()]


def _room_for_names(scene: Scene, labels: list[DrawnLabel], arcs: list[DrawnArc]) -> LabelPlacer:
    placer = LabelPlacer(scene.width, scene.height)
    for rect, _ in labels:
        placer.block(rect)
    for rect in _written(scene.disc):
        placer.block(rect)
    size = scene.glyph
    for blip in scene.blips:
        placer.block(Rect(blip.at.x - size / 2, blip.at.y - size / 2, size, size))
    for one in arcs:
        placer.block(badge_box(scene.disc, one.line.badge))
    return placer
