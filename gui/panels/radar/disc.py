"""The round display: shows every file of a survey as a blip on the ring of its stage.

Everything that stands still is drawn once into two layers (ground with labels, and blips). Each paint copies them
and adds moving blips, the selection and the hovered blip.
"""

import time
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer, Signal, Slot
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

from gui.guarded import Guarded
from gui.panels.radar.arc_painter import ArcPainter
from gui.panels.radar.disc_items import DiscItem, disc_items
from gui.panels.radar.geometry import (
    Blip,
    Point,
    blips,
    disc_for,
    merged_dots,
    nearest,
    neighbour,
    sectors,
)
from gui.panels.radar.layers import RadarLayers
from gui.panels.radar.motion import FRAME_MS, Motion
from gui.panels.radar.overlay import RadarOverlay
from gui.panels.radar.painter import RadarPainter
from gui.panels.radar.pipeline_records import FileKey, RadarLane, Survey, WorkstreamKey
from gui.panels.radar.pipeline_words import accessible_text, rivals_of
from gui.panels.radar.pointer import BLIP_REACH, DiscTarget, DrawnItems, under_pointer
from gui.panels.radar.radar_scene import DrawnArc, DrawnMark, Scene
from gui.theme.theme import Theme
from gui.translation import tr, tr_count
from gui.widgets.accessible_nodes import KeepsAccessible

MIN_DISC_WIDTH = 420


class RadarDisc(KeepsAccessible, Guarded, QWidget):
    """Blips on rings, sectors for workstreams.

    Signals:
        file_selected: (FileKey) a blip was clicked or reached with the arrow keys.
        workstream_selected: (WorkstreamKey) a sector or its label was clicked.
        opened: the details of the selected file were requested (double click or Return).
        crowd_opened: (Blip, QPoint) the files of a blip that shows several were requested at a point of the screen.
    """

    file_selected = Signal(object)
    workstream_selected = Signal(object)
    opened = Signal()
    crowd_opened = Signal(object, QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("radarDisc")
        self.setAccessibleName(tr("Pipeline radar"))
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
        arcs = ArcPainter(theme)
        self._layers = RadarLayers(self._paint, arcs, theme)
        self._overlay = RadarOverlay(self._paint, arcs, theme)
        self._by_keyboard = False
        self._hover: DiscTarget | None = None
        self._declared: list[DrawnArc] = []
        self._items: list[DiscItem] | None = None
        self._motion = Motion()
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._on_frame)
        theme.changed.connect(self._on_theme_changed)

    def show_survey(self, survey: Survey, now: float) -> None:
        """Show this survey, and animate what moved since the last one."""
        before = self._last_positions if self._same_lanes(survey) else {}
        self._survey, self._now = survey, now
        self._scene, self._items = self._new_scene(), None
        self._last_positions = self._drawn_positions()
        self._hover = None
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
        self._items = None
        self.update()
        self._describe()

    def blips(self) -> tuple[Blip, ...]:
        """The drawn blips, sector by sector."""
        return tuple(self._scene.blips)

    def items(self) -> Sequence[DiscItem]:
        """Everything on the disc in words, for screen readers; made when it is requested."""
        if self._items is None:
            self._items = disc_items(self._scene, self._drawn())
        return self._items

    def is_selected(self, item: DiscItem) -> bool:
        """Whether an item stands for the selection."""
        return item.is_selected(self._workstream, self._file)

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
        self._items = None  # what was drawn, and where, may have changed
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._declared = self._overlay.declared(painter, self._scene, self._workstream, self._file)
        self._overlay.moving(painter, self._scene, self._motion)
        blip, file = self.current(), self._survey.find(self._file) if self._file else None
        if blip is not None and file is not None:
            self._overlay.selected(painter, self._scene, blip, file)
        if self._hover is not None and not self._is_named(self._hover):
            self._overlay.hovered(painter, self._scene, self._hover)
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
        self._hover = None
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
        self._point_at(None)
        super().leaveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Show the name of what is under the pointer."""
        target = self._target_at(event.position())
        self._point_at(target)
        over = target is not None and not target.is_area
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Select the blip, conflict, label or sector under the pointer; repeated clicks walk the files of a crowd."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        target = self._target_at(event.position())
        match target.item if target is not None else None:
            case Blip() as blip:
                self._select_in(blip)
            case DrawnArc(conflict=conflict):
                self.file_selected.emit(conflict.first)
            case DrawnMark(mark=mark):
                self.workstream_selected.emit(mark.key)
            case RadarLane() as lane:
                self.workstream_selected.emit(lane.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open what the first click has selected; of several files in one blip, list them."""
        blip = nearest(self._scene.blips, event.position().x(), event.position().y(), BLIP_REACH)
        if blip is not None and len(blip.files) > 1:
            self.crowd_opened.emit(blip, event.globalPosition().toPoint())
        elif blip is not None:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and right move to the next sector, up and down to the next ring; Return opens, Shift+Return lists."""
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
                self._open(listing=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            case _:
                super().keyPressEvent(event)

    def _open(self, *, listing: bool) -> None:
        """Open the selected file, or list those that its blip shows."""
        blip = self.current()
        if listing and blip is not None and len(blip.files) > 1:
            self.crowd_opened.emit(blip, self.mapToGlobal(QPointF(*blip.at).toPoint()))
        else:
            self.opened.emit()

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

    def _drawn(self) -> DrawnItems:
        ground, top = self._layers.ground, self._layers.top
        arcs = [*self._declared, *(top.arcs if top else ())]
        return DrawnItems(arcs, top.marks if top else (), ground.labels if ground else ())

    def _target_at(self, at: QPointF) -> DiscTarget | None:
        return under_pointer(self._scene, self._drawn(), at.x(), at.y())

    def _is_named(self, target: DiscTarget) -> bool:
        """Whether the name of a target already stands on the disc: at the rim, or beside the selection."""
        item = target.item
        return target.is_area or (isinstance(item, Blip) and self._file in {file.key for file in item.files})

    def _point_at(self, target: DiscTarget | None) -> None:
        if target != self._hover:
            self._hover = target
            self.update()

    def _describe(self) -> None:
        """Describe the selected blip to screen readers, or the whole disc when nothing is selected."""
        file = self._survey.find(self._file) if self._file else None
        lane = self._survey.lane(file.key[:2]) if file else None
        if file is not None and lane is not None:
            rivals, shared = (rivals_of(self._survey, file.key, real=one) for one in (True, False))
            description = accessible_text(file, lane, rivals, now=self._now, shared=shared)
        else:
            files = sum(len(one.files) for one in self._survey.lanes)
            description = tr_count(
                "{files} in {n} workstream",
                "{files} in {n} workstreams",
                len(self._survey.lanes),
                files=tr_count("{n} file", "{n} files", files),
            )
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
