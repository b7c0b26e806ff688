"""The nouns of the Radar: rings, files with their places, lanes, conflicts, and the survey of them all. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from engine.scheduling.explainer import Wait
from gui.translation import tr, translatable
from state.records import Job, JobStatus, Workstream, WorkstreamFile
from state.shown_names import ShownNames

WorkstreamKey = tuple[str, str]
FileKey = tuple[str, str, str]


class Ring(IntEnum):
    """The rings of the round display, outside in; also the columns of the matrix."""

    QUEUED = 0
    EDITING = 1
    TESTING = 2
    REVIEW = 3
    DONE = 4

    @property
    def word(self) -> str:
        """The displayed name of the ring."""
        return tr(_RING_WORDS[self])

    def counted(self, number: int) -> str:
        """Return how many files are in the ring: ``2 queued``."""
        return tr(_RING_COUNTS[self], number=number)


_RING_WORDS = {
    Ring.QUEUED: translatable("Queued"),
    Ring.EDITING: translatable("Editing"),
    Ring.TESTING: translatable("Testing"),
    Ring.REVIEW: translatable("Review"),
    Ring.DONE: translatable("Done"),
}
_RING_COUNTS = {
    Ring.QUEUED: translatable("{number} queued"),
    Ring.EDITING: translatable("{number} editing"),
    Ring.TESTING: translatable("{number} testing"),
    Ring.REVIEW: translatable("{number} review"),
    Ring.DONE: translatable("{number} done"),
}

URGENT = frozenset({"needsyou", "quarantined", "failed", "timeout"})
"""Displayed states in which nothing proceeds until a person acts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A position in the pipeline: the ring, the displayed state of the deciding job, and since when (None: unknown)."""

    ring: Ring
    state: str
    since: float | None = None
    job: Job | None = None
    step: int = 0
    steps: int = 0
    wait: Wait | None = None
    next_job: Job | None = None
    is_merged: bool = False
    """Whether the target branch has it; what nobody has to merge is done without that."""

    @property
    def is_finished(self) -> bool:
        """Whether the last step has been completed."""
        return self.job is not None and self.job.status is JobStatus.COMPLETED and self.step == self.steps


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacedFile:
    """A file of a workstream and its position."""

    file: WorkstreamFile
    place: Place

    @property
    def key(self) -> FileKey:
        """The identity of the file."""
        return self.file.key

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.file.path.rstrip("/").rpartition("/")[2] or self.file.path


@dataclass(frozen=True, kw_only=True, slots=True)
class RadarLane:
    """One workstream: a sector of the disc and a row of the matrix; `scope` is what its unfinished jobs may write."""

    workstream: Workstream
    title: str
    repo: str | None
    state: str
    place: Place
    files: Sequence[PlacedFile] = ()
    scope: Sequence[str] = ()
    tree: str | None = None
    """The folder of its own that it works in; None if it works in that of the repository."""
    is_check_red: bool = False
    """Whether a check of it fails: one of its own, or that of its merge."""

    @property
    def key(self) -> WorkstreamKey:
        """The identity of the workstream."""
        return self.workstream.key

    @property
    def repo_name(self) -> str:
        """The last part of the repository's path; empty if the repository is unknown."""
        return self.repo.rstrip("/").rpartition("/")[2] if self.repo else ""

    @property
    def urgent(self) -> bool:
        """Whether nothing proceeds here until a person acts."""
        return self.state in URGENT

    def cell(self, ring: Ring) -> list[PlacedFile]:
        """The files of one ring, by path."""
        return [file for file in self.files if file.place.ring is ring]


class ConflictKind(IntEnum):
    """How a conflict is known, the surest first: git predicts it, both have changed the file, or may change it.

    `CHANGED` is only said of two that work in different folders: in the same one, the later has changed what it found.
    """

    PREDICTED = 0
    CHANGED = 1
    DECLARED = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Two workstreams of one repository that meet in a file, or a workstream and its target branch.

    `first` is a file; `second` may be the pattern of a scope, or a file that no lane shows. For a target its run is
    empty, and the branch stands in place of the workstream.
    """

    path: str
    first: FileKey
    second: FileKey
    kind: ConflictKind

    @property
    def is_real(self) -> bool:
        """Whether both sides have changed the file; otherwise they only may."""
        return self.kind is not ConflictKind.DECLARED

    @property
    def has_target(self) -> bool:
        """Whether the other side is a target branch."""
        return not self.second[0]

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rstrip("/").rpartition("/")[2] or self.path

    def concerns(self, workstream: WorkstreamKey | None, file: FileKey | None) -> bool:
        """Whether one side is the file, or without a file, in the workstream."""
        sides = (self.first, self.second)
        return file in sides if file is not None else workstream in {side[:2] for side in sides}

    def other(self, key: FileKey) -> FileKey | None:
        """The file on the other side; None if `key` is on neither side."""
        match key:
            case self.first:
                return self.second
            case self.second:
                return self.first
            case _:
                return None


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Every lane of the selected runs in a stable order, and the conflicts between them."""

    lanes: Sequence[RadarLane] = ()
    conflicts: Sequence[Conflict] = ()
    names: ShownNames = field(default_factory=ShownNames)

    def files(self) -> Iterator[PlacedFile]:
        """Every file, lane by lane."""
        return (file for lane in self.lanes for file in lane.files)

    def lane(self, key: WorkstreamKey | None) -> RadarLane | None:
        """The lane of a workstream."""
        return next((lane for lane in self.lanes if lane.key == key), None)

    def find(self, key: FileKey) -> PlacedFile | None:
        """A file by its identity."""
        lane = self.lane(key[:2])
        return next((file for file in lane.files if file.key == key), None) if lane else None

    def conflicts_of(self, key: FileKey) -> list[Conflict]:
        """The conflicts that involve a file."""
        return [conflict for conflict in self.conflicts if key in {conflict.first, conflict.second}]
