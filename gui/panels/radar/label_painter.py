"""Draw the names on the round display: workstreams outside its rim, and files beside their blips."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.figures import figure
from gui.panels.radar.geometry import (
    LABEL_GAP,
    LabelPlacer,
    Rect,
    Sector,
    count_label,
    name_label,
    rim_label,
    rim_room,
)
from gui.panels.radar.painter import file_name_font
from gui.panels.radar.pipeline_records import RadarLane, WorkstreamKey
from gui.panels.radar.radar_scene import DrawnLabel, Scene
from gui.panels.radar.urgency import state_rank
from gui.theme.theme import Theme
from gui.translation import tr_count

MAX_LABELS = 80
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
_MAX_NAMES = 300
_MANY = 40
"""Among more workstreams than this only urgent ones are tried with a label of one line: the rim is full."""
_GLYPH_ROOM = 20
_NEAR_RIM = 3.0
_LEAST_NAME = 48
"""A name that would be cut to less than this is not shown; the pointer names it."""


class LabelPainter:
    """Places names while there is room, the most urgent first, and drops the others."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def rim(self, painter: QPainter, scene: Scene, selected: WorkstreamKey | None) -> list[DrawnLabel]:
        """Draw the workstream names outside the rim, with what they have where it fits; return their rectangles."""
        placer = LabelPlacer(scene.width, scene.height)
        pairs = sorted(
            zip(scene.survey.lanes, scene.slices, strict=True),
            key=lambda pair: (pair[0].key != selected, state_rank(pair[0].state), -len(pair[0].files)),
        )
        urgent = [pair for pair in pairs if pair[0].urgent or pair[0].key == selected]
        calm = [pair for pair in pairs if not (pair[0].urgent or pair[0].key == selected)]
        few = [*urgent[:MAX_LABELS], *calm[:: len(calm) // MAX_LABELS + 1]]
        drawn = [label for lane, sector in few if (label := self._placed(placer, scene, lane, sector))]
        self._labels(painter, drawn)
        return [(rect, lane) for rect, lane, _, _ in drawn]

    def counts(self, painter: QPainter, scene: Scene, placer: LabelPlacer) -> None:
        """Draw how many files a blip shows where there is room for the number, most urgent first."""
        font = self._theme.font("caption")
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.color("t1"))
        crowds = [blip for blip in scene.blips if len(blip.files) > 1]
        high = ceil(metrics.ascent())
        for blip in sorted(crowds, key=lambda one: state_rank(one.state))[:_MAX_NAMES]:
            text = figure(len(blip.files))
            wide = ceil(metrics.horizontalAdvance(text))
            rect = placer.put(count_label(scene.disc, blip, scene.glyph, wide, high))
            if rect is not None:
                painter.drawText(QRectF(*rect), int(_CENTRED), text)

    def names(self, painter: QPainter, scene: Scene, placer: LabelPlacer) -> None:
        """Draw file names beside the blips, most urgent first, while there is room (large disc only)."""
        font = file_name_font(self._theme)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.color("t2"))
        single = [blip for blip in scene.blips if len(blip.files) == 1]
        for blip in sorted(single, key=lambda one: state_rank(one.state))[:_MAX_NAMES]:
            text = _short(blip.files[0].name)
            wide, high = ceil(metrics.horizontalAdvance(text)), ceil(metrics.height())
            rect = placer.put(name_label(scene.disc, blip, scene.glyph, wide, high))
            if rect is not None:
                painter.drawText(QRectF(*rect), Qt.AlignmentFlag.AlignVCenter, text)

    def _placed(
        self, placer: LabelPlacer, scene: Scene, lane: RadarLane, sector: Sector
    ) -> tuple[Rect, RadarLane, str, str] | None:
        """A label of two lines, else of one, else none."""
        name, small = (QFontMetricsF(self._theme.font(role)) for role in ("name", "small"))
        gap = float(LABEL_GAP)
        room = rim_room(scene.disc, sector, scene.width) - _GLYPH_ROOM
        if name.horizontalAdvance(lane.title) > room:  # nearer to the rim, more of it can be read
            gap = _NEAR_RIM
            room = rim_room(scene.disc, sector, scene.width, gap=gap) - _GLYPH_ROOM
        if room < min(_LEAST_NAME, name.horizontalAdvance(lane.title)):
            return None
        title, subtitle = _fitted(name, lane.title, room), _subtitle(lane)
        if small.horizontalAdvance(subtitle) > room:
            subtitle = tr_count("{n} file", "{n} files", len(lane.files))
        wide, below = name.horizontalAdvance(title), small.horizontalAdvance(subtitle)
        if below <= room:
            size = ceil(max(wide, below)) + _GLYPH_ROOM, ceil(name.height() + small.height())
            rect = placer.put(rim_label(scene.disc, sector, *size, gap=gap))
            if rect is not None:
                return rect, lane, title, subtitle
        if len(scene.survey.lanes) > _MANY and not lane.urgent:
            return None
        one_line = ceil(wide) + _GLYPH_ROOM, ceil(name.height())
        rect = placer.put(rim_label(scene.disc, sector, *one_line, gap=gap))
        return None if rect is None else (rect, lane, title, "")

    def _labels(self, painter: QPainter, placed: Sequence[tuple[Rect, RadarLane, str, str]]) -> None:
        """Draw all glyphs and names, then all subtitles, so that each font is set only once."""
        dpr, middle = painter.device().devicePixelRatioF(), Qt.AlignmentFlag.AlignVCenter
        name = self._theme.font("name")
        high = QFontMetricsF(name).height()
        painter.setFont(name)
        painter.setPen(self._theme.color("t1"))
        for rect, lane, title, _ in placed:
            glyph = self._theme.glyph(lane.state, 14, dpr)
            painter.drawPixmap(QPointF(rect.x, rect.y + (high - 14) / 2), glyph)
            painter.drawText(QRectF(rect.x + 20, rect.y, rect.width - 20, high), middle, title)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("t3"))
        for rect, _, _, subtitle in placed:
            if subtitle:
                below = QRectF(rect.x + 20, rect.y + high, rect.width - 20, rect.height - high)
                painter.drawText(below, middle, subtitle)


def _fitted(metrics: QFontMetricsF, text: str, width: float) -> str:
    return metrics.elidedText(_short(text), Qt.TextElideMode.ElideRight, width)


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _subtitle(lane: RadarLane) -> str:
    counted = tr_count("{n} file", "{n} files", len(lane.files))
    return f"{_short(lane.repo_name)}, {counted}" if lane.repo_name else counted
