"""Compute from records where every file of the selected runs is in the pipeline; draws nothing and knows no Qt.

A file has no stage of its own: its position follows from the jobs of its workstream that cover it. `survey` is a
pure function; `FileIndex` keeps the files by workstream, so that a changed file costs one entry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from typing import Protocol

from engine.scheduling.path_scopes import PathScopes, covers
from engine.scheduling.schedule import Explainer, Wait, shown_group, shown_state
from engine.system.formatting import accessible_duration
from gui.data.shown_review import ShownReview, shown_review, shown_status
from state.lifecycle import FINAL, SATISFIED
from state.records import GroupStatus, Job, JobStatus, ReviewState, Run, Stage, Workstream, WorkstreamFile
from state.worktree_records import PredictedConflict

WorkstreamKey = tuple[str, str]
FileKey = tuple[str, str, str]
ConflictKey = tuple[str, str, str, str]


class Ring(IntEnum):
    """The rings of the round display, outside in; also the columns of the matrix."""

    QUEUED = 0
    EDITING = 1
    TESTING = 2
    REVIEW = 3
    MERGED = 4

    @property
    def word(self) -> str:
        """The displayed name of the ring."""
        return self.name.capitalize()


# A merge is work on a reviewed file: the file reaches the centre only when the merge is done.
_RING_OF = {
    Stage.EDIT: Ring.EDITING,
    Stage.CHECK: Ring.TESTING,
    Stage.TEST: Ring.TESTING,
    Stage.REVIEW: Ring.REVIEW,
    Stage.MERGE: Ring.REVIEW,
}

URGENT = frozenset({"needsyou", "quarantined", "failed", "timeout"})
"""Displayed states in which nothing proceeds until a person acts."""

_FINISHED = frozenset({ReviewState.WAITING, ReviewState.APPROVED})
_CLOSED = frozenset(
    {
        GroupStatus.COMPLETED,
        GroupStatus.CANCELLED,
        GroupStatus.SKIPPED,
        GroupStatus.MERGED,
        GroupStatus.DISCARDED,
    }
)


class Records(Protocol):
    """The records a survey reads; the projection of the window is one."""

    runs: dict[str, Run]
    workstreams: dict[WorkstreamKey, Workstream]
    conflicts: dict[ConflictKey, PredictedConflict]

    def jobs_of(self, key: WorkstreamKey) -> list[Job]:
        """The jobs of a workstream in the order of its steps."""

    def explainer(self, now: float) -> Explainer:
        """Explains why each job waits."""


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
    repo: str | None
    state: str
    place: Place
    files: Sequence[PlacedFile] = ()
    scope: Sequence[str] = ()

    @property
    def key(self) -> WorkstreamKey:
        """The identity of the workstream."""
        return self.workstream.key

    @property
    def title(self) -> str:
        """The short name all panels use."""
        return self.workstream.ws_id

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
    """How a conflict is known, the surest first: git predicts it, both have changed the file, or may change it."""

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
    def is_predicted(self) -> bool:
        """Whether git says so; the others are only known from what was declared and changed."""
        return self.kind is ConflictKind.PREDICTED

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rstrip("/").rpartition("/")[2] or self.path

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


class FileIndex:
    """The files of each workstream by path; the projection itself holds them in one flat table."""

    def __init__(self, files: Iterable[WorkstreamFile] = ()) -> None:
        self._of: dict[WorkstreamKey, dict[str, WorkstreamFile]] = defaultdict(dict)
        for file in files:
            self.put(file)

    def put(self, file: WorkstreamFile) -> None:
        """Add or replace a file."""
        self._of[file.run_id, file.ws_id][file.path] = file

    def of(self, key: WorkstreamKey) -> list[WorkstreamFile]:
        """The files of a workstream, sorted by path."""
        found = self._of.get(key)
        return [found[path] for path in sorted(found)] if found else []

    def runs(self) -> set[str]:
        """The runs that have files."""
        return {run_id for (run_id, _), files in self._of.items() if files}


def runs_shown(records: Records, index: FileIndex, selected: str | None) -> list[str]:
    """The runs to show: the selected one, else all open ones with files, else the newest one with files."""
    if selected is not None:
        return [selected]
    with_files = index.runs()
    newest_first = sorted(
        (run for run in records.runs.values() if run.run_id in with_files),
        key=lambda run: (run.created_at, run.run_id),
        reverse=True,
    )
    open_runs = [run.run_id for run in newest_first if run.status not in _CLOSED]
    return open_runs or [run.run_id for run in newest_first[:1]]


def survey(records: Records, index: FileIndex, run_ids: Sequence[str], *, now: float) -> Survey:
    """Survey these runs at `now` (epoch seconds); lanes without files are left out."""
    explainer = records.explainer(now)
    order = {run_id: number for number, run_id in enumerate(run_ids)}
    lanes = []
    for key, workstream in records.workstreams.items():
        if workstream.run_id in order and (files := index.of(key)):
            lanes.append(_lane(records, workstream, files, explainer))
    first: dict[str | None, int] = {}
    for lane in lanes:
        first[lane.repo] = min(first.get(lane.repo, len(order)), order[lane.key[0]])
    lanes.sort(key=lambda lane: (first[lane.repo], lane.repo or "", order[lane.key[0]], lane.key[1]))
    return Survey(lanes=lanes, conflicts=conflicts(lanes, records.conflicts.values()))


def only_states(pipeline: Survey, states: Collection[str]) -> Survey:
    """The survey reduced to files displayed in these states; an empty `states` keeps everything."""
    if not states:
        return pipeline
    lanes = []
    for lane in pipeline.lanes:
        files = [file for file in lane.files if lane.state in states or file.place.state in states]
        if files:
            lanes.append(replace(lane, files=files))
    kept = {file.key for lane in lanes for file in lane.files}
    hidden = {file.key for file in pipeline.files()} - kept
    hidden_lanes = {lane.key for lane in pipeline.lanes} - {lane.key for lane in lanes}
    both = [
        one
        for one in pipeline.conflicts
        if one.first in kept and one.second not in hidden and one.second[:2] not in hidden_lanes
    ]
    return Survey(lanes=lanes, conflicts=both)


def _lane(
    records: Records,
    workstream: Workstream,
    files: Sequence[WorkstreamFile],
    explainer: Explainer,
) -> RadarLane:
    jobs = records.jobs_of(workstream.key)
    waits = {job.job_id: explainer.wait(job) for job in jobs}
    review = shown_review(workstream)
    whole = place(jobs, waits, review) if jobs else Place(ring=Ring.QUEUED, state=_word(workstream))
    scoped = any(job.files_scope for job in jobs)
    known: dict[tuple[str, ...], Place] = {tuple(job.job_id for job in jobs): whole}

    def of(file: WorkstreamFile) -> Place:
        if not scoped:
            return whole
        covering = [job for job in jobs if works_on(job, file.path)] or jobs
        ids = tuple(job.job_id for job in covering)
        if ids not in known:
            known[ids] = place(covering, waits, review)
        return known[ids]

    run = records.runs.get(workstream.run_id)
    return RadarLane(
        workstream=workstream,
        repo=workstream.repo or (run.repo if run else None),
        state=_group(jobs, waits) if jobs and review is None else whole.state,
        place=whole,
        files=[PlacedFile(file=file, place=of(file)) for file in files],
        scope=_still_written(jobs),
    )


def _still_written(jobs: Iterable[Job]) -> tuple[str, ...]:
    writing = (job for job in jobs if job.scope_root is not None and job.status not in FINAL)
    return tuple(dict.fromkeys(glob for job in writing for glob in job.files_scope))


def _word(workstream: Workstream) -> str:
    return shown_status(workstream.status)


def _group(jobs: Sequence[Job], waits: Mapping[str, Wait | None]) -> str:
    return shown_group(shown_state(job, waits.get(job.job_id)) for job in jobs)


def place(jobs: Sequence[Job], waits: Mapping[str, Wait | None], review: ShownReview | None = None) -> Place:
    """The position of these jobs (at least one, in the order of their steps).

    Queued until something has started; then the stage of the running job, else of the first unfinished one. When all
    are done: in review, until the workstream is merged.
    """
    running = [job for job in jobs if job.status is JobStatus.RUNNING]
    undone = [job for job in jobs if job.status not in SATISFIED]
    if not undone:
        is_merged = review is not None and review.review is ReviewState.MERGED
        ended = max((job.completed_at for job in jobs if job.completed_at is not None), default=None)
        return Place(
            ring=Ring.MERGED if is_merged else Ring.REVIEW,
            state=_group(jobs, waits) if review is None else review.state,
            since=ended if review is None or review.since is None else review.since,
            job=jobs[-1],
            step=len(jobs),
            steps=len(jobs),
        )
    current = running[-1] if running else undone[0]
    ring = _RING_OF[current.stage] if any(_started(job) for job in jobs) else Ring.QUEUED
    at = jobs.index(current)
    following = [job for job in jobs[at + 1 :] if job.status not in SATISFIED]
    return Place(
        ring=ring,
        state=shown_state(current, waits.get(current.job_id)),
        since=_since(jobs[: at + 1], ring),
        job=current,
        step=at + 1,
        steps=len(jobs),
        wait=waits.get(current.job_id),
        next_job=following[0] if following else None,
    )


def _started(job: Job) -> bool:
    return job.attempts > 0 or job.started_at is not None


def _since(jobs: Sequence[Job], ring: Ring) -> float | None:
    """When the ring of the last job was entered: at the end of the step before it, or at the first start."""
    if ring is Ring.QUEUED:
        return jobs[0].created_at or None
    here = [jobs[-1]]
    for job in reversed(jobs[:-1]):
        if _RING_OF[job.stage] is not ring:
            break
        here.append(job)
    before = [job.completed_at for job in jobs[: len(jobs) - len(here)] if job.completed_at is not None]
    return max(before, default=None) or here[-1].started_at or jobs[-1].started_at


def works_on(job: Job, path: str) -> bool:
    """Whether a job's scope covers the file; a job without a scope works on all files of its workstream."""
    return not job.files_scope or covers(job.files_scope, path)


def conflicts(lanes: Sequence[RadarLane], predicted: Iterable[PredictedConflict] = ()) -> list[Conflict]:
    """The conflicts that git predicts, then the files that two workstreams have, or may write by their scopes.

    Merged and abandoned work conflicts with nothing, and where git has compared finished work, it alone decides. Of
    more than two that have a file, those that changed it are linked one to the next, then those that only declare it.
    """
    found = list(_predicted({lane.key: lane for lane in lanes}, predicted))
    known = {frozenset((one.first[:2], one.second[:2], (one.path,))) for one in found}
    holders: dict[tuple[str, str], list[PlacedFile]] = defaultdict(list)
    for repo, file in _unmerged(lanes):
        holders[repo, file.file.path].append(file)
    linked = [
        Conflict(path=path, first=one.key, second=two.key, kind=_kind(one, two))
        for (_, path), files in holders.items()
        for one, two in _linked(files)
    ]
    finished = {lane.key for lane in lanes if lane.workstream.review in _FINISHED}
    others = [
        one
        for one in (*linked, *_by_scope(lanes, holders))
        if not {one.first[:2], one.second[:2]} <= finished
        and frozenset((one.first[:2], one.second[:2], (one.path,))) not in known
    ]
    return [*found, *others]


def _kind(one: PlacedFile, two: PlacedFile) -> ConflictKind:
    return ConflictKind.CHANGED if one.file.touched and two.file.touched else ConflictKind.DECLARED


def _predicted(
    lanes: Mapping[WorkstreamKey, RadarLane], predicted: Iterable[PredictedConflict]
) -> Iterator[Conflict]:
    """A conflict for each file, from the first side that is shown."""
    for one in predicted:
        ends = [*one.workstreams] if one.second is not None else [one.first, ("", one.other_branch)]
        ends.sort(key=lambda key: key not in lanes)
        if ends[0] in lanes:
            known = [_paths(lanes.get(key)) for key in ends]
            for path in one.files:
                first, second = (_end(key, paths, path) for key, paths in zip(ends, known, strict=True))
                yield Conflict(path=path, first=first, second=second, kind=ConflictKind.PREDICTED)


def _paths(lane: RadarLane | None) -> Mapping[str, None]:
    return {} if lane is None else dict.fromkeys(file.file.path for file in lane.files)


def _end(key: WorkstreamKey, paths: Mapping[str, None], path: str) -> FileKey:
    """Where a conflict ends in a lane: at the file, or at the first one where the lane does not know that path."""
    return (*key, path if path in paths else next(iter(paths), path))


def _unmerged(lanes: Iterable[RadarLane]) -> Iterator[tuple[str, PlacedFile]]:
    for lane in lanes:
        if lane.repo is None or lane.state in {"cancelled", "skipped"}:
            continue  # without a known repository equal paths prove nothing
        yield from ((lane.repo, file) for file in lane.files if not _is_settled(file.place))


def _is_settled(at: Place) -> bool:
    """Whether the work is merged, or a step of its own has brought it where it belongs."""
    return at.ring is Ring.MERGED or (at.is_finished and at.job is not None and at.job.stage is Stage.MERGE)


def _by_scope(
    lanes: Sequence[RadarLane], holders: Mapping[tuple[str, str], Sequence[PlacedFile]]
) -> Iterator[Conflict]:
    """A file and the scope of another workstream that covers it, once for each two workstreams and file."""
    scopes: defaultdict[str, PathScopes[FileKey]] = defaultdict(PathScopes)
    for lane in lanes:
        for glob in lane.scope if lane.repo is not None else ():
            scopes[lane.repo or ""].add((*lane.key, glob), "", [glob])
    for (repo, path), files in holders.items():
        if repo not in scopes:
            continue
        seen = {file.key[:2] for file in files}
        for met in scopes[repo].holders("", [path]):
            if met[:2] not in seen and covers([met[2]], path):
                seen.add(met[:2])
                yield Conflict(path=path, first=files[0].key, second=met, kind=ConflictKind.DECLARED)


def _linked(files: list[PlacedFile]) -> Iterator[tuple[PlacedFile, PlacedFile]]:
    changed_first = sorted(files, key=lambda file: not file.file.touched)
    return pairwise(changed_first)


TAIL_MINUTES = (1, 2, 4, 8, 16, 32)


def tail_length(since: float | None, now: float) -> int:
    """The number of dots in a blip's tail: one for each doubling of its minutes in this stage, at most six."""
    if since is None:
        return 0
    minutes = (now - since) / 60
    return sum(minutes >= mark for mark in TAIL_MINUTES)


_NEXT_OF_FINISHED = {
    "completed": "Nothing: all steps are done.",
    "needsyou": "A person reviews it.",
    "queued": "It is merged in its turn.",
    "cancelled": "Nothing: the work was discarded.",
}


def follows(file: PlacedFile) -> str:
    """What happens next to a file, in one sentence."""
    at = file.place
    match at.ring, at.wait:
        case _, Wait() as wait if at.state != "running":
            return wait.sentence
        case Ring.MERGED | Ring.REVIEW, _ if at.is_finished and at.state in _NEXT_OF_FINISHED:
            return _NEXT_OF_FINISHED[at.state] if at.ring is Ring.REVIEW else "Nothing: the file is merged."
        case _ if at.state in URGENT:
            return "Nothing until you retry or skip the step."
        case _ if at.next_job is not None:
            step = at.next_job.step_name or at.next_job.stage.value
            return f"Next step: {step} with {at.next_job.tool}."
        case _ if at.step == at.steps and at.state == "running":
            return "This is the last step."
        case _:
            return "Nothing: all steps are done."


def accessible_text(
    file: PlacedFile,
    lane: RadarLane,
    rivals: Sequence[str],
    *,
    word: str,
    now: float,
    shared: Sequence[str] = (),
) -> str:
    """The text a screen reader reads for a file.

    `word` is its state, `rivals` are the workstreams it would conflict with, and `shared` those that have it, too.
    """
    parts = [file.name, lane.title, file.place.ring.word, word.lower()]
    if file.place.since is not None:
        parts.append(accessible_duration(now - file.place.since))
    if rivals:
        parts.append("conflict with " + " and ".join(rivals))
    if shared:
        parts.append("shared with " + " and ".join(shared))
    return ", ".join(parts)


def rivals_of(pipeline: Survey, key: FileKey, *, predicted: bool) -> list[str]:
    """The names of what a file would conflict with as git says, or else of those that only have it, too."""
    found = (one.other(key) for one in pipeline.conflicts_of(key) if one.is_predicted is predicted)
    return [side_name(pipeline, other) for other in found if other is not None]


def side_name(pipeline: Survey, key: FileKey) -> str:
    """The name of one side of a conflict: a workstream, or a target branch."""
    lane = pipeline.lane(key[:2])
    return lane.title if lane else key[1]


def relevant_jobs(jobs: Sequence[Job], path: str) -> list[Job]:
    """The jobs of a workstream that cover this file; all jobs if none does."""
    return [job for job in jobs if works_on(job, path)] or list(jobs)
