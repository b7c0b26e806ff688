"""Everything that cannot proceed without a person, oldest first, as a Qt list model made from cards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from engine.system.formatting import plural
from engine.trust.launch import waits_for_trust
from gui.data.card import BoardColumn, Card, CardButton
from gui.guarded import Guarded
from state.records import Job, Origin

Index = QModelIndex | QPersistentModelIndex
NEED_ROLE = Qt.ItemDataRole.UserRole + 1
MAX_SHOWN = 5
_DECIDE = CardButton("show_details", "Decide")
_REVIEW = CardButton("show_details", "Review")
_REVIEW_WORK = CardButton("show_review", "Review")
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, kw_only=True, slots=True)
class AttentionItem:
    """One thing that needs a person. The row that counts the hidden ones has no `workstream` and no `button`."""

    state: str = "needsyou"
    title: str = ""
    reason: str = ""
    since: float | None = None
    button: CardButton | None = None
    workstream: tuple[str, str] | None = None
    job_ids: tuple[str, ...] = ()


def needs_of(cards: Iterable[Card], jobs: Mapping[str, Job]) -> list[AttentionItem]:
    """The needs of these cards, oldest first; all jobs that wait for trust are combined into one need."""
    found: list[AttentionItem] = []
    arrived: list[tuple[Card, list[Job]]] = []
    for card in cards:
        if not card.needs_you or card.focus is None:
            continue
        here = [
            jobs[job_id] for job_id in card.target_ids if job_id in jobs and waits_for_trust(jobs[job_id])
        ]
        if here and waits_for_trust(card.focus):
            arrived.append((card, here))
        else:
            found.append(_need(card))
    if arrived:
        found.append(_trust(arrived))
    return sorted(found, key=lambda need: (need.since or 0.0, need.title))


class AttentionModel(Guarded, QAbstractListModel):
    """Shows at most five needs and a row that counts the rest, until expanded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._needs: list[AttentionItem] = []
        self._rows: list[AttentionItem] = []
        self._expanded = False

    @property
    def needs(self) -> Sequence[AttentionItem]:
        """Everything that needs a person, shown or not."""
        return self._needs

    def show(self, needs: Sequence[AttentionItem]) -> None:
        """Show these needs; unchanged rows stay selected."""
        self._needs = list(needs)
        self._update_rows()

    def expand(self, *, expanded: bool) -> None:
        """Show all needs, or only the oldest five."""
        self._expanded = expanded
        self._update_rows()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The need itself as `NEED_ROLE`, its title, and the text for screen readers."""
        if not index.isValid():
            return None
        need = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return need.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{need.title}. {need.reason}"
            case _ if role == NEED_ROLE:
                return need
            case _:
                return None

    def _update_rows(self) -> None:
        rows = list(self._needs)
        if not self._expanded and len(rows) > MAX_SHOWN:
            rows[MAX_SHOWN:] = [AttentionItem(title=f"{len(rows) - MAX_SHOWN:,} more")]
        if len(rows) == len(self._rows):
            for row, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if old != new:
                    self._rows[row] = new
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()


def _need(card: Card) -> AttentionItem:
    if card.column is BoardColumn.REVIEW:
        return AttentionItem(
            state=card.state,
            title=f"{card.ws_id} waits for review",
            reason=card.sentence,
            since=card.since,
            button=_REVIEW_WORK,
            workstream=card.key,
            job_ids=card.target_ids,
        )
    word = {"failed": "failed", "timeout": "timed out", "quarantined": "is quarantined"}.get(
        card.state, "needs you"
    )
    if card.word == "Interrupted":
        word = "was interrupted"
    return AttentionItem(
        state=card.state,
        title=f"{card.ws_id} {word}",
        reason=card.sentence,
        since=card.since,
        button=_DECIDE,
        workstream=card.key,
        job_ids=card.target_ids,
    )


def _trust(arrived: Sequence[tuple[Card, list[Job]]]) -> AttentionItem:
    jobs = [job for _, here in arrived for job in here]
    files = {job.source_path for job in jobs if job.source_path}
    number = len(files) or len(jobs)
    by_inbox = all(
        job.origin is Origin.INBOX for job in jobs
    )  # the inbox has moved the files since, so their folder says nothing
    folders = (
        ["the inbox"]
        if by_inbox
        else list(dict.fromkeys(PurePath(file).parent.name for file in sorted(files)))
    )
    names = ", ".join(card.ws_id for card, _ in arrived)
    where = f"from {', '.join(folders)}: " if folders else ""
    oldest = min(arrived, key=lambda pair: pair[0].since or 0.0)[0]
    return AttentionItem(
        title=f"{plural(number, 'job file')} {'waits' if number == 1 else 'wait'} for your trust",
        reason=f"{where}{names}",
        since=oldest.since,
        button=_REVIEW,
        workstream=oldest.key,
        job_ids=tuple(job.job_id for job in jobs),
    )
