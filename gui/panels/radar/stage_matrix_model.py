"""The matrix beside the disc as a Qt table model: a row for each workstream, a column for each stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.scheduling.explainer import shown_group
from gui.data.job_display import state_inside
from gui.guarded import Guarded
from gui.panels.radar.pipeline_records import PlacedFile, RadarLane, Ring, WorkstreamKey
from gui.translation import tr, tr_count, translatable
from gui.widgets.label import plain_tip

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
CellRole = int(Qt.ItemDataRole.UserRole) + 1
LaneRole = CellRole + 1
_SHORT_TITLES = {
    Ring.QUEUED: translatable("Queue"),
    Ring.EDITING: translatable("Edits"),
    Ring.TESTING: translatable("Test"),
    Ring.REVIEW: translatable("Review"),
    Ring.DONE: translatable("Done"),
}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Cell:
    """The files of one workstream in one stage, and the state that represents them."""

    ring: Ring
    files: Sequence[PlacedFile]
    state: str

    @property
    def count(self) -> int:
        """The number of files."""
        return len(self.files)


class StageMatrixModel(Guarded, QAbstractTableModel):
    """Rows are lanes in the order of urgency; column 0 names the lane, the others count its files by stage."""

    SHORT_TITLE_ROLE = LaneRole + 1
    """The title of a column where the whole one does not fit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: Sequence[RadarLane] = ()
        self._cells: list[list[Cell]] = []

    def show_lanes(self, lanes: Sequence[RadarLane]) -> None:
        """Show these lanes; the rows stay if the workstreams are the same."""
        same = [lane.key for lane in lanes] == [lane.key for lane in self._lanes]
        if not same:
            self.beginResetModel()
        self._lanes = tuple(lanes)
        self._cells = [[_cell(lane, ring) for ring in Ring] for lane in lanes]
        if not same:
            self.endResetModel()
        elif lanes:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lanes) - 1, len(Ring)))

    def keys(self) -> list[WorkstreamKey]:
        """The workstreams in the order of the rows."""
        return [lane.key for lane in self._lanes]

    def row_of(self, key: WorkstreamKey | None) -> int:
        """The row of a workstream; -1 if it has none."""
        return next((row for row, lane in enumerate(self._lanes) if lane.key == key), -1)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One row for each lane."""
        return 0 if parent.isValid() else len(self._lanes)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One column for the name, then one for each stage."""
        return 0 if parent.isValid() else 1 + len(Ring)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for the view and screen readers, records for the delegate."""
        if not index.isValid():
            return None
        lane = self._lanes[index.row()]
        cell = self._cells[index.row()][index.column() - 1] if index.column() else None
        values: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: lane.title if cell is None else str(cell.count or ""),
            Qt.ItemDataRole.TextAlignmentRole: int(_RIGHT if cell else _LEFT),
            CellRole: cell,
            LaneRole: lane,
        }
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(_accessible_text(lane, cell))
        return (
            _accessible_text(lane, cell) if role == Qt.ItemDataRole.AccessibleTextRole else values.get(role)
        )

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The column titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return Ring(section - 1).word if section else tr("Workstream")
        if role == self.SHORT_TITLE_ROLE:
            return tr(_SHORT_TITLES[Ring(section - 1)]) if section else tr("Work")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if section else _LEFT)
        return None


def _cell(lane: RadarLane, ring: Ring) -> Cell:
    files = lane.cell(ring)
    return Cell(ring, files, shown_group(file.place.state for file in files) if files else "")


def _accessible_text(lane: RadarLane, cell: Cell | None) -> str:
    if cell is None:
        return (
            f"{lane.title}, {state_inside(lane.state)}, {tr_count('{n} file', '{n} files', len(lane.files))}"
        )
    stage = cell.ring.word
    if not cell.count:
        counted = tr("{title}, {stage}: no files", title=lane.title, stage=stage)
    else:
        counted = tr_count(
            "{title}, {stage}: {n} file",
            "{title}, {stage}: {n} files",
            cell.count,
            title=lane.title,
            stage=stage,
        )
    return f"{counted}, {state_inside(cell.state)}" if cell.state else counted
