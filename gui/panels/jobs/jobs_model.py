"""The jobs as a Qt table that keeps its own order and filter. Reads no database and paints nothing.

A row stays where it is while the table is held still; what has changed since is sorted in afterwards. Rows are made
when they are looked at, since why each of thousands of jobs waits costs more than a turn of the window has.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from engine.scheduling.explainer import Explainer, Wait
from engine.system.plain_text import one_line
from gui.data.filter_words import keeps, narrows
from gui.data.last_lines import Silence
from gui.data.note_text import shortened_note, written_lines
from gui.data.panel_filter import PanelFilter
from gui.data.projection import Projection, ProjectionChanges, WorkstreamKey
from gui.data.short_turns import short_turns
from gui.guarded import Guarded
from gui.panels.jobs.job_field import FIELDS, FIRST_HIDDEN, SPECS, JobField
from gui.panels.jobs.job_row import JobRow, SortValue, by_start, cell_text, row_of, searched_in, sort_value
from gui.translation import tr
from gui.widgets.label import plain_tip
from state.lifecycle import FINAL
from state.records import Job, JobStatus
from state.shown_names import ShownNames

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_OF_TEXT = frozenset(
    {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}
)
_FEW_TEXTS = 300
"""So many jobs are looked through at once."""
_TURN_S = 0.006
_BETWEEN_LOOKS = 32
"""Looking at the clock takes as long as a text."""
_PAUSE_MS = 250
_PAUSE_FACTOR = 8
"""After a long refresh it pauses for this many times its duration: no queue takes all of the window's time."""


class JobsModel(Guarded, QAbstractTableModel):
    """One row for each job that passes the filter.

    Signals:
        settled(): rows were added, removed, moved or changed.
    """

    settled = Signal()

    def __init__(
        self,
        projection: Projection,
        parent: QObject | None = None,
        *,
        line_of: Callable[[Job], str],
        silence_of: Callable[[Job], Silence | None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._projection, self._clock = projection, clock
        self._line_of, self._silence_of = line_of, silence_of
        self._ids: list[str] = []
        self._places: dict[str, int] = {}
        self._rows: dict[str, JobRow] = {}
        self._texts: dict[str, str] = {}
        """What the words of the filter are looked for in, of rows that were looked through: notes may be long."""
        self._unread_texts: Iterator[str] = iter(())
        """The jobs whose texts are to be made before the filter takes effect."""
        self._is_looking = False
        """Whether they are being made."""
        self._explainer: Explainer | None = None
        self._names: ShownNames | None = None
        self._around: dict[WorkstreamKey, str] = {}
        """The names of workstream, run and branch in one text, as long as the names are known."""
        self._touched_files: Counter[WorkstreamKey] | None = None
        self._changed: set[str] = set()
        self._queue_changed = False
        self._stale = True
        self._is_limited_anew = False
        self._live = self._still = False
        self._words: tuple[str, ...] = ()
        self._filter = PanelFilter()
        self._listed: tuple[tuple[str, ...], PanelFilter] | None = None
        """The limits that all rows were found with; None where others may pass them."""
        self.sorted_by: JobField | None = None
        self.descending = False
        self.columns = frozenset(FIELDS) - FIRST_HIDDEN
        """Those shown; what no column shows stands beside the name of a job, or in it."""
        self.out_of_order: set[str] = set()
        """The jobs that would stand elsewhere if the table was sorted again."""
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._refresh)
        projection.reset.connect(self._on_reset)
        projection.folded.connect(self._on_folded)

    def set_live(self, live: bool) -> None:  # noqa: FBT001 - a switch, like setVisible
        """Follow the projection, or only note what changed while no view is visible."""
        self._live = live
        if live:
            self._refresh()
        else:
            self._pause.stop()

    def hold_still(self, still: bool) -> None:  # noqa: FBT001 - a switch, like setVisible
        """Leave every row where it is, or sort in what has changed since."""
        self._still = still
        if not still and self.out_of_order:
            self.sort_again()

    @property
    def is_limited(self) -> bool:
        """Whether a filter hides jobs."""
        return bool(self._words or self._filter)

    @property
    def job_ids(self) -> Sequence[str]:
        """The jobs that pass the filter, in the order shown."""
        return self._ids

    def place(self, job_id: str | None) -> int:
        """The row of a job; -1 without one."""
        return -1 if job_id is None else self._places.get(job_id, -1)

    def job_row(self, row: int) -> JobRow:
        """What a row shows."""
        return self._row(self._ids[row])

    def limit(self, text: str, chosen: PanelFilter) -> None:
        """Show only jobs that contain these words and pass the filter of all panels."""
        limits = (tuple(text.casefold().split()), chosen)
        if limits != (self._words, self._filter):
            self._words, self._filter = limits
            self._is_limited_anew = True
            if self._live:
                self._limit_soon()

    def _limit_soon(self) -> None:
        """Filter now, or in short turns where the texts of many jobs are to be made first."""
        jobs = self._projection.jobs
        if not self._words or self._stale or len(jobs) - len(self._texts) <= _FEW_TEXTS:
            self._is_looking = False
            self._refresh()
            return
        self._is_looking, self._listed = True, None
        self._drop_changed_rows()
        self._explainer = self._names = None
        self._unread_texts = iter([job_id for job_id in jobs if job_id not in self._texts])
        short_turns().soon(self._make_texts)

    def _make_texts(self) -> None:
        if not self._is_looking:
            return
        began = time.thread_time()
        while few := list(islice(self._unread_texts, _BETWEEN_LOOKS)):
            for job_id in few:
                if job_id in self._projection.jobs:
                    self._text(job_id)
            if time.thread_time() - began > _TURN_S:
                short_turns().soon(self._make_texts)
                return
        self._is_looking = False
        if self._live and self._is_limited_anew:
            self._refresh()

    def arrange_by(self, field: JobField | None, *, descending: bool = False) -> None:
        """Sort by a column, or in the order of the queue; empty cells come last either way."""
        if (field, descending) != (self.sorted_by, self.descending):
            self.sorted_by, self.descending = field, descending
            self.sort_again()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(FIELDS))

    def sort_again(self) -> None:
        """Take out what no longer passes, and sort the rest."""
        self._remove({job_id for job_id in self._ids if not self._passes(job_id)})
        self._move_to(self._sorted(self._ids))
        self.out_of_order.clear()
        self.settled.emit()

    def refresh_times(self, first: int, last: int) -> None:
        """Show these rows again as of now: ages, silences and newest lines."""
        if first <= last < len(self._ids):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(FIELDS)))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The number of jobs that pass."""
        return 0 if parent.isValid() else len(self._ids)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether there are older jobs, which are read when the view comes to its end."""
        return not parent.isValid() and self._live and bool(self._projection.older)

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Have some of them read."""
        if not parent.isValid():
            self._projection.request_older()

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """The box, and every column there is; the view hides those that are not chosen."""
        return 0 if parent.isValid() else 1 + len(FIELDS)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The title of a column."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section <= len(FIELDS):
            return None
        if section == 0:
            return tr("Selected") if role == Qt.ItemDataRole.AccessibleTextRole else None
        title = tr(SPECS[FIELDS[section - 1]].title)
        return title if role in _OF_TEXT else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell; a row itself is `job_row`."""
        if not index.isValid():
            return None
        row = self.job_row(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole if index.column():
                return self.text(row, FIELDS[index.column() - 1])
            case Qt.ItemDataRole.ToolTipRole if index.column():
                return plain_tip(self._tip(row, FIELDS[index.column() - 1]))
            case Qt.ItemDataRole.AccessibleTextRole:
                field = FIELDS[index.column() - 1] if index.column() else JobField.JOB
                text = f"{tr(SPECS[field].title)}: {one_line(self.text(row, field)) or tr('empty')}"
                return ", ".join([text, *row.job.labels]) if field is JobField.JOB else text
            case _:
                return None

    def text(self, row: JobRow, field: JobField) -> str:
        """The text of a cell; empty where it is not known."""
        if field is JobField.JOB and JobField.WORKSTREAM not in self.columns:
            return row.name
        silence = self.silence(row.job)
        return cell_text(row, field, line=self._line_of(row.job), silence=silence, now=self._clock())

    def _tip(self, row: JobRow, field: JobField) -> str:
        match field:
            case JobField.NOTE:
                return shortened_note(row.job.note)
            case JobField.JOB:
                return "\n".join(
                    [one_line(self.text(row, field)), *written_lines(row.job.labels, row.job.note)]
                )
            case _:
                return one_line(self.text(row, field))

    def silence(self, job: Job) -> Silence | None:
        """How long a job has printed nothing; None unless it runs."""
        return self._silence_of(job) if job.status is JobStatus.RUNNING else None

    # --- rows ------------------------------------------------------------------------------------------------------

    def _row(self, job_id: str) -> JobRow:
        found = self._rows.get(job_id)
        if found is None:
            found = self._rows[job_id] = self._made(self._projection.jobs[job_id])
        return found

    def _wait_of(self, job: Job) -> Wait | None:
        if self._explainer is None:
            self._explainer = self._projection.explainer(self._clock())
        return self._explainer.wait(job)

    def _made(self, job: Job) -> JobRow:
        if self._touched_files is None:
            files = self._projection.files.values()
            self._touched_files = Counter((file.run_id, file.ws_id) for file in files if file.touched)
        key = (job.run_id, job.ws_id)
        names, tree = self._shown_names(), self._projection.worktrees.get(key)
        return row_of(
            job,
            self._wait_of(job),
            title=names.step(job),
            name=names.job(job),
            workstream=names.workstream(key),
            run=names.run(job.run_id),
            branch=(tree.branch if tree else None) or "",
            files=self._touched_files[key],
        )

    def _passes(self, job_id: str) -> bool:
        job = self._projection.jobs.get(job_id)
        if job is None or not self._filter.keeps_job(job, self._wait_of):
            return False
        return not self._words or keeps(self._words, self._text(job_id), job.labels)

    def _text(self, job_id: str) -> str:
        found = self._texts.get(job_id)
        if found is None:
            found = self._texts[job_id] = self._searched(self._projection.jobs[job_id])
        return found

    def _searched(self, job: Job) -> str:
        names, key = self._shown_names(), job.ws_key
        around = self._around.get(key)
        if around is None:
            tree = self._projection.worktrees.get(key)
            branch = (tree.branch if tree else None) or ""
            around = self._around[key] = f"{names.workstream(key)} {names.run(job.run_id)} {branch}"
        wait = None if job.status in FINAL else self._wait_of(job)
        return searched_in(job, wait, title=names.step(job), around=around)

    def _shown_names(self) -> ShownNames:
        if self._names is None:
            self._names = self._projection.names
            self._around.clear()
        return self._names

    def _sorted(self, ids: Iterable[str]) -> list[str]:
        """The jobs in the order of the table: empty cells last, what is equal in the order of the queue."""
        jobs = self._projection.jobs
        ordered = sorted(ids, key=lambda job_id: by_start(jobs[job_id], jobs))
        if self.sorted_by is None:
            return ordered
        values = {job_id: self._value(job_id) for job_id in ordered}
        filled = [job_id for job_id in ordered if values[job_id] is not None]
        filled.sort(key=values.__getitem__, reverse=self.descending)  # type: ignore[arg-type]  # none of them is None
        return filled + [job_id for job_id in ordered if values[job_id] is None]

    def _value(self, job_id: str) -> SortValue:
        row = self._row(job_id)
        silence = self.silence(row.job) if self.sorted_by is JobField.SILENT else None
        line = self._line_of(row.job) if self.sorted_by is JobField.LINE else ""
        return sort_value(
            row,
            self.sorted_by or JobField.STATE,
            line=line,
            silence=None if silence is None else silence.seconds,
        )

    # --- changes ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_reset(self) -> None:
        self._stale = True
        if self._live:
            self._refresh()

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        self._changed |= changes.jobs
        self._queue_changed |= changes.queue
        if changes.files:
            self._touched_files = None
        self._changed |= {job.job_id for key in changes.workstreams for job in self._projection.jobs_of(key)}
        if self._live and not self._pause.isActive():
            self._pause.start(0)

    @Slot()
    def _refresh(self) -> None:
        began = time.perf_counter()
        self._explainer = self._names = None
        if self._stale and self._words and len(self._projection.jobs) > _FEW_TEXTS:
            self._forget()
            self._limit_soon()
            return
        if self._is_looking and not self._stale:
            return  # the end of that loads them
        if self._stale or self._is_limited_anew:
            self._load()
        elif self._changed or self._queue_changed:
            self._update()
        else:
            return
        took_ms = (time.perf_counter() - began) * 1000
        self._pause.start(max(_PAUSE_MS, round(_PAUSE_FACTOR * took_ms)))

    def _load(self) -> None:
        """Filter and sort all jobs; another filter alone finds the rows that were made for the one before."""
        is_narrower = self._is_narrower()
        if self._stale:
            self._forget()
        if not self._words:
            self._texts.clear()
        self._drop_changed_rows()
        self._is_limited_anew = False
        self.out_of_order.clear()
        known = self._ids if is_narrower else self._projection.jobs
        found = [job_id for job_id in known if self._passes(job_id)]
        self._show(found if is_narrower else self._sorted(found))
        self._listed = self._words, self._filter
        self.settled.emit()

    def _is_narrower(self) -> bool:
        """Whether all that passes is shown, and in its order: one more letter was typed, and nothing has changed."""
        if self._stale or self._changed or self._queue_changed or self.out_of_order:
            return False
        words, chosen = self._listed or ((), None)
        return chosen == self._filter and narrows(self._words, words)

    def _forget(self) -> None:
        """Leave out the jobs that are gone, and make all rows anew."""
        self._rows.clear()
        self._texts.clear()
        self._touched_files = None
        self._changed.clear()
        self._stale, self._is_limited_anew, self._listed = False, True, None
        self._show([job_id for job_id in self._ids if job_id in self._projection.jobs])

    def _show(self, ids: list[str]) -> None:
        self.beginResetModel()
        self._ids = ids
        self._count_places()
        self.endResetModel()

    def _drop_changed_rows(self) -> set[str]:
        """The jobs whose rows are made anew, and with a filter for states those that may pass it or no longer."""
        changed, self._changed = self._changed, set()
        if self._queue_changed:  # why each of them waits may be another
            self._queue_changed = False
            jobs = self._projection.jobs
            known = self._rows.keys() | self._texts.keys()
            waiting = {job_id for job_id in known if job_id not in jobs or jobs[job_id].status not in FINAL}
            self._drop(waiting)
            changed |= waiting if self._filter.states else set()
        self._drop(changed)
        return changed

    def _drop(self, job_ids: Iterable[str]) -> None:
        for job_id in job_ids:
            self._rows.pop(job_id, None)
            self._texts.pop(job_id, None)

    def _update(self) -> None:
        changed = self._drop_changed_rows()
        self._insert([job_id for job_id in changed if job_id not in self._places and self._passes(job_id)])
        self.out_of_order |= {
            job_id for job_id in changed & self._places.keys() if not self._is_in_order(job_id)
        }
        if self.out_of_order and not self._still:
            self.sort_again()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(FIELDS)))
        self.settled.emit()

    def _is_in_order(self, job_id: str) -> bool:
        """Whether a row passes and fits between its neighbours."""
        place = self._places[job_id]
        around = self._ids[max(0, place - 1) : place + 2]
        return self._passes(job_id) and self._sorted(around) == list(around)

    def _insert(self, entering: Sequence[str]) -> None:
        """Add rows at the end, from where they are sorted in."""
        if entering:
            first = len(self._ids)
            self.beginInsertRows(_NO_PARENT, first, first + len(entering) - 1)
            self._ids.extend(self._sorted(entering))
            self._count_places()
            self.endInsertRows()

    def _remove(self, leaving: set[str]) -> None:
        places = sorted((self._places[job_id] for job_id in leaving), reverse=True)
        for _, block in groupby(enumerate(places), key=lambda pair: pair[0] + pair[1]):
            rows = [place for _, place in block]
            self.beginRemoveRows(_NO_PARENT, rows[-1], rows[0])
            del self._ids[rows[-1] : rows[0] + 1]
            self._count_places()
            self.endRemoveRows()

    def _move_to(self, order: list[str]) -> None:
        if order == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self._ids[index.row()] for index in before]
        self._ids = order
        self._count_places()
        after = [
            self.index(self._places[name], index.column()) for name, index in zip(names, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _count_places(self) -> None:
        self._places = {job_id: place for place, job_id in enumerate(self._ids)}
