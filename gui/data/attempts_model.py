"""Show the attempts of one job as a Qt table and in words. Reads nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.system.formatting import clock_second, exact_duration
from gui.data.attempt_captions import attempt_word
from gui.data.attempt_differences import difference
from gui.data.cost_captions import cost_text
from gui.data.session_captions import session_caption
from gui.guarded import Guarded
from gui.translation import tr, tr_recorded, translatable
from state.records import Attempt, AttemptStatus

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
ATTEMPT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
STATE_ROLE = ATTEMPT_ROLE + 1
DIFFERENCE_ROLE = ATTEMPT_ROLE + 2

_DISPLAY: dict[AttemptStatus, tuple[str, str]] = {
    AttemptStatus.RUNNING: ("running", translatable("Running")),
    AttemptStatus.COMPLETED: ("completed", translatable("Completed")),
    AttemptStatus.FAILED: ("failed", translatable("Failed")),
    AttemptStatus.TIMEOUT: ("timeout", translatable("Timed out")),
    AttemptStatus.CANCELLED: ("cancelled", translatable("Cancelled")),
    AttemptStatus.INTERRUPTED: ("failed", translatable("Interrupted")),
    AttemptStatus.QUOTA: ("waiting", translatable("Out of quota")),
    AttemptStatus.SPAWN_FAILED: ("failed", translatable("Not started")),
}
_WENT_WRONG = frozenset(
    {
        AttemptStatus.FAILED,
        AttemptStatus.TIMEOUT,
        AttemptStatus.INTERRUPTED,
        AttemptStatus.SPAWN_FAILED,
    }
)


class AttemptColumn(IntEnum):
    """The columns of the table."""

    GLYPH = 0
    NUMBER = 1
    TOOL = 2
    START = 3
    TOOK = 4
    EXIT = 5
    RESULT = 6
    COST = 7


HEADERS = (
    "",
    "#",
    translatable("Tool"),
    translatable("Start"),
    translatable("Took"),
    translatable("Exit"),
    translatable("Result"),
    translatable("Cost"),
)
"""The names of the columns, to be translated where they are shown."""


def attempt_display(attempt: Attempt) -> tuple[str, str]:
    """The state whose glyph stands for an attempt, and the word for it."""
    state, word = _DISPLAY[attempt.status]
    return state, tr(word)


def has_failed(attempts: Sequence[Attempt]) -> bool:
    """Whether the last attempt went wrong: its output is what a person wants to see."""
    return bool(attempts) and attempts[-1].status in _WENT_WRONG


@dataclass(frozen=True)
class AttemptPause:
    """The time between two attempts, and the reason for it."""

    start: float
    end: float
    reason: str


def pauses(attempts: Sequence[Attempt]) -> list[AttemptPause]:
    """The waits between attempts."""
    found = []
    for first, second in pairwise(attempts):
        if first.completed_at is not None and second.started_at > first.completed_at:
            found.append(AttemptPause(first.completed_at, second.started_at, _reason(first)))
    return found


def _reason(attempt: Attempt) -> str:
    match attempt.status:
        case AttemptStatus.QUOTA:
            return tr("waiting for quota")
        case AttemptStatus.COMPLETED | AttemptStatus.CANCELLED:
            return tr("until it was started again")
        case AttemptStatus.INTERRUPTED:
            return tr("interrupted")
        case _:
            return tr("backing off, then waiting for a slot")


class AttemptsModel(Guarded, QAbstractTableModel):
    """One row per attempt, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._attempts: tuple[Attempt, ...] = ()
        self._now = 0.0

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts shown."""
        return self._attempts

    def show_attempts(self, attempts: Sequence[Attempt], now: float) -> None:
        """Show these as of `now`; attempts already shown keep their rows."""
        before, self._now = self._attempts, now
        same = [one.id for one in before] == [one.id for one in attempts[: len(before)]]
        if not same:
            self.beginResetModel()
            self._attempts = tuple(attempts)
            self.endResetModel()
            return
        if len(attempts) > len(before):
            self.beginInsertRows(QModelIndex(), len(before), len(attempts) - 1)
            self._attempts = tuple(attempts)
            self.endInsertRows()
        self._attempts = tuple(attempts)
        if before:
            self.dataChanged.emit(self.index(0, 0), self.index(len(before) - 1, AttemptColumn.COST))

    def tick(self, now: float) -> None:
        """Update the duration of the running attempt."""
        self._now = now
        if self._attempts and self._attempts[-1].status is AttemptStatus.RUNNING:
            last = self.index(len(self._attempts) - 1, AttemptColumn.TOOK)
            self.dataChanged.emit(last, last)

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One per attempt."""
        return 0 if parent.isValid() else len(self._attempts)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """One per header."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tr(HEADERS[section])
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr(HEADERS[section] or translatable("State"))
            case _:
                return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, its alignment, the attempt itself and the state of its glyph."""
        if not index.isValid():
            return None
        attempt = self._attempts[index.row()]
        column = AttemptColumn(index.column())
        found: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                found = self._text(attempt, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                found = self._spoken(attempt, column, index.row())
            case Qt.ItemDataRole.TextAlignmentRole if column in _RIGHT:
                found = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case _ if role == ATTEMPT_ROLE:
                found = attempt
            case _ if role == STATE_ROLE:
                found = attempt_display(attempt)[0]
            case _ if role == DIFFERENCE_ROLE:
                found = self._difference(index.row())
            case _:
                pass
        return found

    def _difference(self, row: int) -> str:
        """What the attempt in a row did differently from the one before it."""
        return difference(self._attempts[row - 1] if row else None, self._attempts[row])

    def _spoken(self, attempt: Attempt, column: AttemptColumn, row: int) -> str:
        """The text of a cell with what only its glyph or its second line shows."""
        match column:
            case AttemptColumn.GLYPH:
                return attempt_display(attempt)[1]
            case AttemptColumn.RESULT:
                return "; ".join(filter(None, (self._text(attempt, column), self._difference(row))))
            case _:
                return self._text(attempt, column)

    def _text(self, attempt: Attempt, column: AttemptColumn) -> str:
        running = attempt.status is AttemptStatus.RUNNING
        texts = (
            "",
            str(attempt.number),
            attempt.tool,
            clock_second(attempt.started_at),
            exact_duration(self._now - attempt.started_at if running else attempt.duration_s),
            "" if attempt.exit_code is None else str(attempt.exit_code),
            _result(attempt),
            cost_text(attempt.cost),
        )
        return texts[column]


def _result(attempt: Attempt) -> str:
    """How an attempt ended, and in which session it worked."""
    ended = tr_recorded(attempt.summary) or attempt_word(attempt.status)
    return " ".join(filter(None, (ended, session_caption(attempt))))


_RIGHT = frozenset({AttemptColumn.NUMBER, AttemptColumn.TOOK, AttemptColumn.EXIT, AttemptColumn.COST})
