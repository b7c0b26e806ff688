"""The steps of one workstream as a Qt list, to select the job whose details are shown. Reads nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.system.formatting import exact_duration
from gui.data.cost_captions import cost_text
from gui.data.job_display import state_inside
from gui.guarded import Guarded
from state.records import Job, JobStatus

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class StepRow:
    """One step as it is painted; `state` selects its glyph."""

    job: Job
    state: str
    name: str

    @property
    def attempts(self) -> str:
        """Attempts so far and the most allowed; empty before the first."""
        job = self.job
        return (
            f"{job.attempts}/{max(job.max_attempts, job.attempts)}"
            if job.attempts or job.max_attempts > 1
            else ""
        )

    @property
    def cost(self) -> str:
        """The cost of its attempts."""
        return cost_text(self.job.cost)

    def exact_duration(self, now: float) -> str:
        """The duration of its last attempt."""
        job = self.job
        if job.started_at is None or job.status in {JobStatus.QUEUED, JobStatus.HELD}:
            return ""
        return exact_duration((job.completed_at or now) - job.started_at)


class StepsModel(Guarded, QAbstractListModel):
    """One row per step, in the order of the workstream; `RowRole` gives a `StepRow`."""

    RowRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StepRow, ...] = ()

    def show_steps(self, rows: Sequence[StepRow]) -> None:
        """Show these steps; the same jobs keep their rows."""
        same = [row.job.job_id for row in rows] == [row.job.job_id for row in self._rows]
        if same:
            self._rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row_of(self, job_id: str) -> int | None:
        """The row of a job; None if it is not shown."""
        return next((number for number, row in enumerate(self._rows) if row.job.job_id == job_id), None)

    def job_at(self, number: int) -> Job:
        """The job in a row."""
        return self._rows[number].job

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One per step."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name, the row, and its text for screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case self.RowRole:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.name}, {state_inside(row.state)}, {row.job.tool}, {row.attempts}"
            case _:
                return None
