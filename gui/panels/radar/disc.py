"""The round display: shows every file of a survey as a blip on the ring of its stage.

Everything that stands still is drawn once into two layers (ground with labels, and blips). Each paint copies them
and adds moving blips, the selection and the hovered blip.
"""

import time
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine.system.formatting import age, plural
from gui.guarded import Guarded
from gui.panels.radar.file_facts import conflict_sentence
from gui.panels.radar.geometry import (
    Blip,
    Point,
    Rect,
    blips,
    disc_for,
    merged_dots,
    nearest,
    neighbour,
    sector_at,
    sectors,
)
from gui.panels.radar.layers import RadarLayers
from gui.panels.radar.motion import FRAME_MS, Motion
from gui.panels.radar.painter import DrawnArc, RadarPainter, Scene
from gui.panels.radar.pipeline_records import FileKey, PlacedFile, RadarLane, Survey, WorkstreamKey
from gui.panels.radar.pipeline_words import accessible_text, rivals_of
from gui.theme.theme import Theme

_REACH = 13.0
_BADGE_REACH = 11.0
MIN_DISC_WIDTH = 420


class RadarDisc(Guarded, QWidget):
    """Blips on rings, sectors for workstreams.

    Signals:
        file_selected: (FileKey) a blip was clicked or reached with the arrow keys.
        workstream_selected: (WorkstreamKey) a sector or its label was clicked.
        opened: the details of the selected file were requested (double click or Return).
    """

    file_selected = Signal(object)
    workstream_selected = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("radarDisc")
        self.setAccessibleName("Pipeline radar")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 200))
        self._theme = theme
        self._paint = RadarPainter(theme)
        self._survey, self._now = Survey(), 0.0
        self._file: FileKey | None = None
        self._workstream: WorkstreamKey | None = None
        self._scene = self._new_scene()
        self._last_positions: Mapping[FileKey, tuple[Point, str]] = {}
        self._layers = RadarLayers(self._paint, theme)
        self._by_keyboard = False
        self._hover: Blip | None = None
        self._hover_arc: DrawnArc | None = None
        self._motion = Motion()
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._on_frame)
        theme.changed.connect(self._on_theme_changed)

    def show_survey(self, survey: Survey, now: float) -> None:
        """Show this survey, and animate what moved since the last one."""
        before = self._last_positions if self._same_lanes(survey) else {}
        self._survey, self._now = survey, now
        self._scene = self._new_scene()
        self._last_positions = self._drawn_positions()
        self._hover = self._hover_arc = None
        if before and self.isVisible():
            self._motion.begin(
                before, self._last_positions, at=time.monotonic(), still=self._theme.reduce_motion
            )
            if self._motion.active(time.monotonic()) and not self._frames.isActive():
                self._frames.start()
        self._redraw()
        self._describe()

    def select(self, workstream: WorkstreamKey | None, file: FileKey | None) -> None:
        """Mark the selected sector and blip."""
        if (workstream, file) == (self._workstream, self._file):
            return
        self._workstream, self._file = workstream, file
        self.update()
        self._describe()

    def blips(self) -> tuple[Blip, ...]:
        """The drawn blips, sector by sector."""
        return tuple(self._scene.blips)

    def current(self) -> Blip | None:
        """The blip of the selected file."""
        return next(
            (blip for blip in self._scene.blips if any(file.key == self._file for file in blip.files)), None
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the layers and draw the transient parts on top."""
        layers = self._layers
        layers.draw(self._scene, self._workstream, self._motion.moving(), dpr=self.devicePixelRatioF())
        painter = QPainter(self)
        if layers.ground is not None and layers.top is not None:
            painter.drawPixmap(0, 0, layers.ground.pixmap)
            painter.drawPixmap(0, 0, layers.top.pixmap)
        if layers.is_stale:
            self.update()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_moving(painter)
        self._draw_selected(painter)
        self._draw_hover(painter)
        if self._by_keyboard and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            disc = self._scene.disc
            painter.drawEllipse(QPointF(*disc.center), disc.radius + 1, disc.radius + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay everything out for the new size."""
        super().resizeEvent(event)
        self._motion.stop()
        self._scene = self._new_scene()
        self._last_positions = self._drawn_positions()
        self._hover = self._hover_arc = None
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop all animation while hidden."""
        self._frames.stop()
        self._motion.stop()
        self._redraw()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Redraw for the pixel ratio of another screen."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._layers.forget()
            self.update()
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the focus ring."""
        super().focusInEvent(event)
        by = Qt.FocusReason
        self._by_keyboard = event.reason() in {
            by.TabFocusReason,
            by.BacktabFocusReason,
            by.ShortcutFocusReason,
            by.OtherFocusReason,
        }
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the focus ring."""
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Clear the hovered blip."""
        self._point_at(None, None)
        super().leaveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the name of what is under the pointer."""
        x, y = event.position().x(), event.position().y()
        blip = nearest(self._scene.blips, x, y, _REACH)
        badge = self._badge_at(x, y) if blip is None else None
        self._point_at(blip, badge)
        over = blip is not None or badge is not None or self._label_at(x, y) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the blip, conflict, label or sector under the pointer; repeated clicks walk the files of a crowd."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x, y = event.position().x(), event.position().y()
        blip = nearest(self._scene.blips, x, y, _REACH)
        if blip is not None:
            self._select_in(blip)
            return
        badge = self._badge_at(x, y)
        if badge is not None:
            self.file_selected.emit(badge.conflict.first)
            return
        lane = self._label_at(x, y)
        if lane is not None:
            self.workstream_selected.emit(lane.key)
            return
        angle, distance = self._scene.disc.polar(x, y)
        sector = sector_at(self._scene.slices, angle) if distance <= self._scene.disc.radius else None
        if sector is not None:
            self.workstream_selected.emit(sector.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open what the first click has selected."""
        if nearest(self._scene.blips, event.position().x(), event.position().y(), _REACH) is not None:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right move to the next sector, up and down to the next ring; Return opens."""
        match event.key():
            case Qt.Key.Key_Left:
                self._step(across=-1)
            case Qt.Key.Key_Right:
                self._step(across=1)
            case Qt.Key.Key_Up:
                self._step(along=-1)
            case Qt.Key.Key_Down:
                self._step(along=1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._file is not None:
                self.opened.emit()
            case _:
                super().keyPressEvent(event)

    def _step(self, *, across: int = 0, along: int = 0) -> None:
        found = neighbour(self._scene.blips, self.current(), across=across, along=along)
        if found is not None:
            self.file_selected.emit(found.key)

    def _select_in(self, blip: Blip) -> None:
        keys = [file.key for file in blip.files]
        at = keys.index(self._file) + 1 if self._file in keys else 0
        self.file_selected.emit(keys[at % len(keys)])

    def _new_scene(self) -> Scene:
        disc = disc_for(self.width(), self.height())
        slices = sectors(self._survey.lanes)
        return Scene(
            disc=disc,
            width=self.width(),
            height=self.height(),
            survey=self._survey,
            slices=slices,
            blips=blips(disc, self._survey, slices),
            now=self._now,
        )

    def _same_lanes(self, survey: Survey) -> bool:
        """Whether the sectors stay in place: only then does a moved blip mean that its file moved on."""
        mine, other = self._survey.lanes, survey.lanes
        return [(lane.key, len(lane.files)) for lane in mine] == [
            (lane.key, len(lane.files)) for lane in other
        ]

    def _drawn_positions(self) -> Mapping[FileKey, tuple[Point, str]]:
        scene = self._scene
        drawn = [(blip.at, file) for blip in scene.blips for file in blip.files]
        drawn += merged_dots(scene.disc, scene.survey, scene.slices)
        return {file.key: (at, file.place.state) for at, file in drawn}

    def _redraw(self) -> None:
        self._layers.mark()
        self.update()

    def _draw_moving(self, painter: QPainter) -> None:
        now, moving = time.monotonic(), self._motion.moving()
        for blip in self._scene.blips if moving else ():
            pulse = self._motion.pulse(blip.key, now)
            if pulse is None:
                continue
            at = self._motion.place(blip.key, blip.at, now)
            self._paint.blip(painter, self._scene, blip, at)
            color = self._theme.color(blip.state)
            color.setAlphaF(pulse.strength)
            self._paint.ring(painter, at, self._scene.glyph / 2 + pulse.growth, color, 1.5)

    def _draw_selected(self, painter: QPainter) -> None:
        blip = self.current()
        file = self._survey.find(self._file) if self._file else None
        if blip is None or file is None:
            return
        radius = 11.0 if self._scene.disc.large else 9.5
        self._paint.ring(painter, blip.at, radius, self._theme.color("focus"))
        self._paint.data_block(painter, self._scene, blip.at, self._facts(file), leader=True)

    def _draw_hover(self, painter: QPainter) -> None:
        if self._hover is not None:
            files = self._hover.files
            more = [f"and {len(files) - 1:,} more"] if len(files) > 1 else []
            lane = self._survey.lanes[self._hover.sector]
            lines = [
                files[0].name,
                *more,
                f"{lane.title}, {self._theme.state(self._hover.state).word.lower()}",
            ]
            if self._file not in {file.key for file in files}:
                self._paint.data_block(painter, self._scene, self._hover.at, lines, leader=False)
        elif self._hover_arc is not None:
            conflict = self._hover_arc.conflict
            sentence = conflict_sentence(self._survey, conflict)
            self._paint.data_block(
                painter, self._scene, self._hover_arc.line.badge, [conflict.path, sentence], leader=False
            )

    def _facts(self, file: PlacedFile) -> list[str]:
        at = file.place
        lasted = age(at.since, self._now)
        facts = [at.ring.word]
        if at.job is not None and at.job.attempts:
            facts.insert(0, f"{at.job.tool} {at.job.attempts}/{max(at.job.max_attempts, at.job.attempts)}")
        return [file.name, ", ".join([*facts, lasted] if lasted else facts)]

    def _label_at(self, x: float, y: float) -> RadarLane | None:
        labels = self._layers.ground.labels if self._layers.ground else []
        pointer = Rect(x, y, 0.1, 0.1)
        return next((lane for rect, lane in labels if rect.overlaps(pointer)), None)

    def _badge_at(self, x: float, y: float) -> DrawnArc | None:
        arcs = self._layers.top.arcs if self._layers.top else []
        return next((one for one in arcs if _near(one.line.badge, x, y)), None)

    def _point_at(self, blip: Blip | None, badge: DrawnArc | None) -> None:
        if (blip, badge) != (self._hover, self._hover_arc):
            self._hover, self._hover_arc = blip, badge
            self.update()

    def _describe(self) -> None:
        """Describe the selected blip to screen readers, or the whole disc when nothing is selected."""
        file = self._survey.find(self._file) if self._file else None
        lane = self._survey.lane(file.key[:2]) if file else None
        if file is not None and lane is not None:
            rivals, shared = (rivals_of(self._survey, file.key, predicted=one) for one in (True, False))
            word = self._theme.state(file.place.state).word
            description = accessible_text(file, lane, rivals, word=word, now=self._now, shared=shared)
        else:
            files = sum(len(one.files) for one in self._survey.lanes)
            description = f"{plural(files, 'file')} in {plural(len(self._survey.lanes), 'workstream')}"
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    @Slot()
    def _on_frame(self) -> None:
        if not self._motion.active(time.monotonic()):
            self._frames.stop()
            self._redraw()
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._paint.forget()
        self._layers.forget()
        self.update()


def _near(at: Point, x: float, y: float) -> bool:
    return abs(at.x - x) <= _BADGE_REACH and abs(at.y - y) <= _BADGE_REACH
