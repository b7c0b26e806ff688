"""The rows of the drop sheet: the files, their checks, and which are ticked. Reads no files."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from engine.host.commands import TrustedPreview
from engine.interfaces import Accepted
from engine.jobfile.spec import JobSpec
from engine.system.plain_text import escape_invisible
from engine.trust.policy import LaunchPreview
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.guarded import Guarded
from gui.sheets.intake.dropped_files import DroppedFile
from gui.sheets.intake.file_checks import (
    FileCheck,
    FileChecker,
    KnownJobs,
    jobs_to_add,
    project_check,
    queue_state_of,
    starts_at,
    starts_in_queue,
    waits_for,
    without_missing,
)
from gui.sheets.intake.trust_card import binding_of
from gui.translation import tr, tr_count, translatable
from state import queries
from state.shown_names import has_random_end, workstream_title

_Index = QModelIndex | QPersistentModelIndex
_REASONS = {
    "once": translatable("runs this once"),
    "trust": translatable("trusted as it is now"),
    "anything": translatable("trusted whatever the repository holds"),
}
_MANY_JOBS = 5000  # beyond this the queue is counted when the sheet opens, not with each event


@dataclass(frozen=True)
class DroppedFileRow:
    """One file as the delegate paints it."""

    file: DroppedFile
    check: FileCheck
    workstream: str
    tools: tuple[str, ...]
    ticked: bool
    when: str

    @property
    def name(self) -> str:
        """The file's name or what it makes, and its number of jobs if there are several."""
        jobs = len(self.file.jobs)
        name = shown_file_name(self.file)
        return tr_count("{name}, {n} job", "{name}, {n} jobs", jobs, name=name) if jobs > 1 else name


@dataclass
class _Counts:
    """Updated file by file: counting ten thousand again with each batch would be noticeable."""

    jobs: int = 0
    broken: int = 0
    known: int = 0
    naming_runs: int = 0

    def tick(self, file: DroppedFile, sign: int) -> None:
        """Count a file that was ticked (1) or unticked (-1)."""
        self.jobs += sign * len(file.jobs)
        self.naming_runs += sign * any(one.spec.run_id is not None for one in file.jobs)


class DroppedFilesModel(Guarded, QAbstractListModel):
    """The files in the order they were dropped; `RowRole` gives a `DroppedFileRow`, `ReasonRole` the second line alone.

    Signals:
        counted: the number of files, jobs or ticks changed.
    """

    RowRole = Qt.ItemDataRole.UserRole + 1
    ReasonRole = Qt.ItemDataRole.UserRole + 2
    counted = Signal()

    def __init__(self, projection: Projection, sources: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._projection, self._sources = projection, sources
        self._held = False
        self._rows: list[tuple[DroppedFile, FileCheck]] = []
        self._decided: dict[int, str] = {}
        self._ticked: list[bool] = []
        self._positions: list[int] | None = None
        self._paths: set[Path] = set()
        self._counts = _Counts()
        self._run_title: str | None = None
        self._earlier: dict[str, JobSpec] = {}
        self._before_in_tree: list[int | None] = []
        self._last_in_tree: dict[str, int] = {}
        self._begin()
        projection.folded.connect(self._on_folded)

    def clear(self) -> None:
        """Remove every file."""
        self.beginResetModel()
        self._rows, self._ticked, self._positions, self._earlier = [], [], None, {}
        self._paths, self._counts, self._decided, self._run_title = set(), _Counts(), {}, None
        self._before_in_tree, self._last_in_tree = [], {}
        self._held = False
        self._begin()
        self.endResetModel()
        self.counted.emit()

    def append(self, files: Sequence[DroppedFile]) -> None:
        """Append files; one whose path is already listed is left out."""
        new = [file for file in files if file.path not in self._paths]
        if not new:
            return
        known = self._known(new)
        first = len(self._rows)
        if not first:
            self._queue = queue_state_of(
                self._projection, time.time()
            )  # it went on while nothing was here to follow it
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        for file in new:
            self._add(file, self._checker.check(file, known))
        self._positions = None
        self.endInsertRows()
        if first:
            self._all_changed()  # earlier files may wait for a job in a new one
        self.counted.emit()

    def set_held(self, held: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Show whether every row will be added held."""
        if held != self._held:
            self._held = held
            self._all_changed()

    def previews(self, number: int) -> tuple[LaunchPreview, ...]:
        """The launch previews that a person has yet to decide on before the file may start."""
        return () if number in self._decided else self._rows[number][0].previews

    def decide(self, number: int, word: str) -> None:
        """Record a person's answer to the launch previews: ``once``, ``trust``, ``anything`` or ``reject``."""
        index = self.index(number)
        if word == "reject":
            self.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
            return
        file, check = self._rows[number]
        self._decided[number] = word
        reason = tr(_REASONS[word]) if check.reason else ""
        if check.state == "needsyou":
            valid = FileCheck(state="completed", word=tr("Valid"), reason=reason)
            self._rows[number] = (file, project_check(file) or valid)
        self.dataChanged.emit(index, index)

    def shown(self, jobs: Sequence[Accepted]) -> dict[str, tuple[str, ...]]:
        """The digests shown of those `selected` jobs that need a review, by job id."""
        rows = self._ticked_rows()
        previews = {
            id(one.spec): preview
            for file, _ in rows
            for one, preview in _with_previews(file)
            if preview.needs_review
        }
        before = (one for file, _ in rows for one in file.jobs)
        pairs = zip(before, jobs, strict=True)
        return {
            now.spec.job_id: previews[id(was.spec)].digests for was, now in pairs if id(was.spec) in previews
        }

    def trusted(self) -> tuple[TrustedPreview, ...]:
        """The launch previews of the ticked files that a person trusts from now on, and how."""
        decided = (
            (word, preview)
            for number, word in self._decided.items()
            if word != "once" and self._ticked[number]
            for preview in self._rows[number][0].previews
        )
        return tuple(
            TrustedPreview(preview=preview, binding=binding_of(word, preview)) for word, preview in decided
        )

    def selected(self, run_id: str | None = None) -> tuple[Accepted, ...]:
        """The jobs of the ticked files as they would be added; all in `run_id` if given."""
        jobs = jobs_to_add(self._ticked_rows())
        if run_id is None:
            return jobs
        return tuple(
            replace(one, spec=one.spec.evolve(job_id=one.spec.job_id, run_id=run_id), run_title="")
            for one in jobs
        )

    @property
    def run_title(self) -> str:
        """The name of the run of the ticked files; pipelines, which have their own runs, count only without others."""
        if self._run_title is None:
            rows = [row[0] for row, ticked in zip(self._rows, self._ticked, strict=True) if ticked]
            titles = [one.title for one in rows if not one.is_pipeline] or [one.title for one in rows]
            first, *more = dict.fromkeys(titles) or [""]
            if more:
                first = tr_count("{title} and {n} more", "{title} and {n} more", len(more), title=first)
            self._run_title = first
        return self._run_title

    @property
    def names_runs(self) -> bool:
        """Whether a ticked file names the run of its jobs."""
        return self._counts.naming_runs > 0

    @property
    def job_count(self) -> int:
        """The number of jobs in the ticked files."""
        return self._counts.jobs

    @property
    def problem_count(self) -> int:
        """The number of files that are not valid."""
        return self._counts.broken

    @property
    def known_count(self) -> int:
        """The number of files whose jobs are already known."""
        return self._counts.known

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own signature
        """One row per file."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its tick, and its text for screen readers."""
        if not index.isValid():
            return None
        number = index.row()
        found: Any = None
        match role:
            case self.RowRole:
                found = self.row(number)
            case self.ReasonRole:
                found = self._check(number).reason
            case Qt.ItemDataRole.DisplayRole:
                found = self._rows[number][0].path.name
            case Qt.ItemDataRole.CheckStateRole:
                found = Qt.CheckState.Checked if self._ticked[number] else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole:
                found = _accessible_text(self.row(number))
            case _:
                pass
        return found

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick or untick a file."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        number = index.row()
        if not self._rows[number][1].can_add:
            return False
        ticked = Qt.CheckState(value) == Qt.CheckState.Checked
        if ticked != self._ticked[number]:
            self._ticked[number] = ticked
            self._counts.tick(self._rows[number][0], 1 if ticked else -1)
            self._run_title = None
        self._positions = None
        self._all_changed()
        self.counted.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every row can be selected; only files that can be added can be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        can_add = self._rows[index.row()][1].can_add
        return plain | Qt.ItemFlag.ItemIsUserCheckable if can_add else plain

    def row(self, number: int) -> DroppedFileRow:
        """One row as it is painted."""
        file, check = self._rows[number][0], self._check(number)
        specs = [one.spec for one in file.jobs]
        streams = list(dict.fromkeys(spec.workstream_id for spec in specs))
        return DroppedFileRow(
            file=file,
            check=check,
            workstream=self._workstream(file)
            if len(streams) == 1
            else tr_count("{n} workstream", "{n} workstreams", len(streams))
            if streams
            else "",
            tools=tuple(dict.fromkeys(spec.tool for spec in specs)),
            ticked=self._ticked[number],
            when=self._when(number),
        )

    def _workstream(self, file: DroppedFile) -> str:
        """The workstream of a file as it will be called: where nobody named it, as its run is."""
        spec = file.jobs[0].spec
        run_title = file.title if spec.run_id else self.run_title or file.title
        return escape_invisible(
            workstream_title(spec.workstream_title, spec.workstream_id, run_title=run_title)
        )

    def _ticked_rows(self) -> list[tuple[DroppedFile, FileCheck]]:
        return [row for row, ticked in zip(self._rows, self._ticked, strict=True) if ticked]

    def _begin(self) -> None:
        self._checker = FileChecker(self._projection)
        self._queue = queue_state_of(self._projection, time.time())

    def _add(self, file: DroppedFile, check: FileCheck) -> None:
        number = len(self._rows)
        self._rows.append((file, check))
        self._ticked.append(check.preselected)
        self._paths.add(file.path)
        self._counts.broken += bool(file.problems)
        self._counts.known += check.can_add and not check.preselected
        self._counts.tick(file, int(check.preselected))
        self._run_title = None
        before = [self._last_in_tree[tree] for tree in file.trees if tree in self._last_in_tree]
        self._before_in_tree.append(max(before, default=None))
        self._last_in_tree.update(dict.fromkeys(file.trees, number))
        self._earlier.update((one.spec.job_id, one.spec) for one in file.jobs)

    def _check(self, number: int) -> FileCheck:
        """The check of a file, updated if the job it waits for was dropped after it."""
        check = self._rows[number][1]
        return (
            check if check.missing is None or check.missing not in self._earlier else without_missing(check)
        )

    def _known(self, files: Sequence[DroppedFile]) -> KnownJobs:
        jobs = [one for file in files for one in file.jobs]
        reader = self._sources.reader
        ids = reader.read(queries.known_job_ids, [one.spec.job_id for one in jobs])
        return KnownJobs(
            ids=ids, by_digest=reader.read(queries.ran_before, list({one.digest for one in jobs}))
        )

    def _position(self, number: int) -> int:
        """The position of this file among the ticked ones, from 1."""
        if self._positions is None:
            self._positions = list(accumulate(map(int, self._ticked)))
        return self._positions[number]

    def _when(self, number: int) -> str:
        file, _ = self._rows[number]
        if not self._ticked[number]:
            return tr("not added")
        if self._held:
            return tr("held")
        parent = waits_for(file, self._projection, self._earlier, self._projection.names)
        if parent is not None:
            return tr("after {name}", name=parent)
        first = file.jobs[0].spec
        return (
            starts_at(first, time.time())
            or self._after_in_tree(number)
            or starts_in_queue(self._position(number), self._queue)
        )

    def _after_in_tree(self, number: int) -> str | None:
        """What the file follows because both write the same working tree."""
        before = self._before_in_tree[number]
        while before is not None and not self._is_before(before):
            before = self._before_in_tree[before]
        if before is not None:
            return tr("after {name}", name=_name_of(self._rows[before][0]))
        writers = (self._queue.writers.get(tree) for tree in self._rows[number][0].trees)
        writer = next((name for name in writers if name is not None), None)
        return None if writer is None else tr("after {name}", name=writer)

    def _is_before(self, number: int) -> bool:
        """Whether later files in its tree wait for it: not if it starts at a time still to come."""
        first = self._rows[number][0].jobs[0].spec
        return self._ticked[number] and starts_at(first, time.time()) is None

    def _all_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if self._rows and (changes.queue or changes.jobs) and len(self._projection.jobs) < _MANY_JOBS:
            self._queue = queue_state_of(self._projection, time.time())
            self._all_changed()


def _with_previews(file: DroppedFile) -> Iterator[tuple[Accepted, LaunchPreview]]:
    previews = {preview.job_id: preview for preview in file.previews}
    return ((one, previews[one.spec.job_id]) for one in file.jobs if one.spec.job_id in previews)


def _name_of(file: DroppedFile) -> str:
    ws_id = file.jobs[-1].spec.workstream_id
    return ws_id if ws_id != "main" else shown_file_name(file)


def shown_file_name(file: DroppedFile) -> str:
    """The name of the file; its title if the name is the id that a form gave it, which nobody knows."""
    stem = file.path.stem
    if has_random_end(stem) and any(stem in {one.spec.job_id, one.spec.run_id} for one in file.jobs[:1]):
        return escape_invisible(file.title)
    return file.path.name


def _accessible_text(row: DroppedFileRow) -> str:
    parts = (row.name, row.check.word, row.check.reason, row.workstream, ", ".join(row.tools), row.when)
    return ", ".join(part for part in parts if part)
