"""The rows of the drop sheet: what came in, what is said of it, and what a person ticked. Reads no files."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from engine.interfaces import Accepted
from engine.jobfile.spec import JobSpec
from engine.trust.policy import LaunchPreview
from gui.data.projection import Projection, ProjectionChanges
from gui.data.readers import Readers
from gui.sheets.intake.dropped_files import DroppedFile
from gui.sheets.intake.file_checks import (
    FileCheck,
    FileChecker,
    KnownJobs,
    as_entered,
    plainly,
    queue_state_of,
    starts_at,
    starts_in_queue,
    waits_for,
)
from state import queries

_Index = QModelIndex | QPersistentModelIndex
_MANY_JOBS = 5000  # beyond this the line is counted when the sheet opens, not with each event


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
        """The file's name, and how many jobs it holds where that is more than one."""
        jobs = len(self.file.jobs)
        return f"{self.file.path.name}, {jobs:,} jobs" if jobs > 1 else self.file.path.name


@dataclass
class _Counts:
    """Kept up to date file by file: counting ten thousand anew with each batch would be felt."""

    jobs: int = 0
    broken: int = 0
    known: int = 0
    naming_runs: int = 0

    def tick(self, file: DroppedFile, sign: int) -> None:
        """A file was ticked (1), or its tick was taken away (-1)."""
        self.jobs += sign * len(file.jobs)
        self.naming_runs += sign * any(one.spec.run_id is not None for one in file.jobs)


class DroppedFilesModel(QAbstractListModel):
    """The files in the order they came; `RowRole` gives an `DroppedFileRow`, `ReasonRole` the second line alone.

    Signals:
        counted: how many files, jobs or ticks there are has changed.
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
        self._places: list[int] | None = None
        self._paths: set[Path] = set()
        self._counts = _Counts()
        self._earlier: dict[str, JobSpec] = {}
        self._before_in_tree: list[int | None] = []
        self._last_in_tree: dict[str, int] = {}
        self._begin()
        projection.folded.connect(self._on_folded)

    def clear(self) -> None:
        """Forget every file."""
        self.beginResetModel()
        self._rows, self._ticked, self._places, self._earlier = [], [], None, {}
        self._paths, self._counts, self._decided = set(), _Counts(), {}
        self._before_in_tree, self._last_in_tree = [], {}
        self._held = False
        self._begin()
        self.endResetModel()
        self.counted.emit()

    def append(self, files: Sequence[DroppedFile]) -> None:
        """Add files behind those there; one already here under the same path is left out."""
        fresh = [file for file in files if file.path not in self._paths]
        if not fresh:
            return
        known = self._known(fresh)
        first = len(self._rows)
        if not first:
            self._line = queue_state_of(
                self._projection, time.time()
            )  # it went on while nothing was here to follow it
        self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
        for file in fresh:
            self._put(file, self._checker.check(file, known))
        self._places = None
        self.endInsertRows()
        if first:
            self._all_changed()  # what came may be what those before it wait for
        self.counted.emit()

    def set_held(self, held: bool) -> None:  # noqa: FBT001 - a switch, like setEnabled
        """Say of every row that it will be held, or that it will not."""
        if held != self._held:
            self._held = held
            self._all_changed()

    def previews(self, number: int) -> tuple[LaunchPreview, ...]:
        """What a person has still to be shown of a file before it may start."""
        return () if number in self._decided else self._rows[number][0].previews

    def decide(self, number: int, word: str) -> None:
        """Take note of what a person said to what was shown: ``once``, ``trust`` or ``reject``."""
        index = self.index(number)
        if word == "reject":
            self.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
            return
        file, check = self._rows[number]
        self._decided[number] = word
        told = {"once": "runs this once", "trust": "trusted as it is now"}[word] if check.reason else ""
        if check.state == "needsyou":
            self._rows[number] = (file, FileCheck(state="completed", word="Valid", reason=told))
        self.dataChanged.emit(index, index)

    def shown(self, jobs: Sequence[Accepted]) -> dict[str, tuple[str, ...]]:
        """What was shown of those `selected` jobs that need a look, by their ids."""
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

    def trusted(self) -> tuple[LaunchPreview, ...]:
        """What a person trusts from now on, of the ticked files."""
        numbers = (
            number for number, word in self._decided.items() if word == "trust" and self._ticked[number]
        )
        return tuple(preview for number in numbers for preview in self._rows[number][0].previews)

    def selected(self, run_id: str | None = None) -> tuple[Accepted, ...]:
        """The jobs of the ticked files as they would be entered; all in that run where one is given."""
        jobs = as_entered(self._ticked_rows())
        if run_id is None:
            return jobs
        return tuple(
            replace(one, spec=one.spec.evolve(job_id=one.spec.job_id, run_id=run_id), run_title="")
            for one in jobs
        )

    def selected_titles(self) -> list[str]:
        """What the ticked files call themselves; pipelines bring runs of their own and count only among themselves."""
        rows = [row[0] for row, ticked in zip(self._rows, self._ticked, strict=True) if ticked]
        return [one.title for one in rows if not one.is_pipeline] or [one.title for one in rows]

    @property
    def names_runs(self) -> bool:
        """Whether a ticked file says itself which run its jobs are of."""
        return self._counts.naming_runs > 0

    @property
    def job_count(self) -> int:
        """How many jobs the ticked files hold."""
        return self._counts.jobs

    @property
    def problem_count(self) -> int:
        """How many files cannot be read as jobs."""
        return self._counts.broken

    @property
    def known_count(self) -> int:
        """How many files hold jobs that are here already."""
        return self._counts.known

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own signature
        """As many rows as files."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row, its tick, and in words for a screen reader and the tool tip."""
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
                found = _in_words(self.row(number))
            case _:
                pass
        return found

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick a file or take the tick away."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        number = index.row()
        if not self._rows[number][1].can_add:
            return False
        ticked = Qt.CheckState(value) == Qt.CheckState.Checked
        if ticked != self._ticked[number]:
            self._ticked[number] = ticked
            self._counts.tick(self._rows[number][0], 1 if ticked else -1)
        self._places = None
        self._all_changed()
        self.counted.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Every row can be looked at; only those that can be added can be ticked."""
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
            workstream=streams[0]
            if len(streams) == 1
            else f"{len(streams):,} workstreams"
            if streams
            else "",
            tools=tuple(dict.fromkeys(spec.tool for spec in specs)),
            ticked=self._ticked[number],
            when=self._when(number),
        )

    def _ticked_rows(self) -> list[tuple[DroppedFile, FileCheck]]:
        return [row for row, ticked in zip(self._rows, self._ticked, strict=True) if ticked]

    def _begin(self) -> None:
        self._checker = FileChecker(self._projection)
        self._line = queue_state_of(self._projection, time.time())

    def _put(self, file: DroppedFile, check: FileCheck) -> None:
        number = len(self._rows)
        self._rows.append((file, check))
        self._ticked.append(check.preselected)
        self._paths.add(file.path)
        self._counts.broken += bool(file.problems)
        self._counts.known += check.can_add and not check.preselected
        self._counts.tick(file, int(check.preselected))
        before = [self._last_in_tree[tree] for tree in file.trees if tree in self._last_in_tree]
        self._before_in_tree.append(max(before, default=None))
        self._last_in_tree.update(dict.fromkeys(file.trees, number))
        self._earlier.update((one.spec.job_id, one.spec) for one in file.jobs)

    def _check(self, number: int) -> FileCheck:
        """What is said of a file; what it waits for may have come behind it."""
        check = self._rows[number][1]
        return check if check.missing is None or check.missing not in self._earlier else plainly(check)

    def _known(self, files: Sequence[DroppedFile]) -> KnownJobs:
        jobs = [one for file in files for one in file.jobs]
        reader = self._sources.reader
        ids = reader.read(queries.known_job_ids, [one.spec.job_id for one in jobs])
        return KnownJobs(
            ids=ids, by_digest=reader.read(queries.ran_before, list({one.digest for one in jobs}))
        )

    def _place(self, number: int) -> int:
        """Which of the ticked files this one is, counted from 1."""
        if self._places is None:
            self._places = list(accumulate(map(int, self._ticked)))
        return self._places[number]

    def _when(self, number: int) -> str:
        file, _ = self._rows[number]
        if not self._ticked[number]:
            return "not added"
        if self._held:
            return "held"
        parent = waits_for(file, self._projection.jobs, self._earlier)
        if parent is not None:
            return f"after {parent}"
        first = file.jobs[0].spec
        return (
            starts_at(first, time.time())
            or self._after_in_tree(number)
            or starts_in_queue(self._place(number), self._line)
        )

    def _after_in_tree(self, number: int) -> str | None:
        """Whom the file follows because both write the same working tree."""
        before = self._before_in_tree[number]
        while before is not None and not self._is_before(before):
            before = self._before_in_tree[before]
        if before is not None:
            return f"after {_called(self._rows[before][0])}"
        writers = (self._line.writers.get(tree) for tree in self._rows[number][0].trees)
        writer = next((name for name in writers if name is not None), None)
        return None if writer is None else f"after {writer}"

    def _is_before(self, number: int) -> bool:
        """Whether what comes behind a file in its tree waits for it: not where it starts at a time still to come."""
        first = self._rows[number][0].jobs[0].spec
        return self._ticked[number] and starts_at(first, time.time()) is None

    def _all_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    @Slot(object)
    def _on_folded(self, changes: ProjectionChanges) -> None:
        if self._rows and (changes.queue or changes.jobs) and len(self._projection.jobs) < _MANY_JOBS:
            self._line = queue_state_of(self._projection, time.time())
            self._all_changed()


def _with_previews(file: DroppedFile) -> Iterator[tuple[Accepted, LaunchPreview]]:
    previews = {preview.job_id: preview for preview in file.previews}
    return ((one, previews[one.spec.job_id]) for one in file.jobs if one.spec.job_id in previews)


def _called(file: DroppedFile) -> str:
    ws_id = file.jobs[-1].spec.workstream_id
    return ws_id if ws_id != "main" else file.path.name


def _in_words(row: DroppedFileRow) -> str:
    parts = (row.name, row.check.word, row.check.reason, row.workstream, ", ".join(row.tools), row.when)
    return ", ".join(part for part in parts if part)
