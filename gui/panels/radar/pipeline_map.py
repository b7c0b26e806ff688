"""Compute from records where every file of the selected runs is in the pipeline; draws nothing and knows no Qt.

A file has no stage of its own: its position follows from the jobs of its workstream that cover it. `survey` is a
pure function; `FileIndex` keeps the files by workstream, so that a changed file costs one entry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from engine.scheduling.explainer import Explainer, Wait, shown_group, shown_state
from engine.scheduling.path_scopes import covers
from engine.system.plain_text import escape_invisible
from gui.data.shown_review import ShownReview, shown_review, shown_status
from gui.panels.radar.pipeline_conflicts import conflicts
from gui.panels.radar.pipeline_records import (
    Place,
    PlacedFile,
    RadarLane,
    Ring,
    Survey,
    WorkstreamKey,
)
from state.lifecycle import FINAL, SATISFIED
from state.records import GroupStatus, Job, JobStatus, ReviewState, Run, Stage, Workstream, WorkstreamFile
from state.shown_names import ShownNames
from state.worktree_records import Merge, MergeState, PredictedConflict, Worktree

ConflictKey = tuple[str, str, str, str]


# A merge is work on a reviewed file: the file reaches the centre only when that is done.
_RING_OF = {
    Stage.EDIT: Ring.EDITING,
    Stage.CHECK: Ring.TESTING,
    Stage.TEST: Ring.TESTING,
    Stage.REVIEW: Ring.REVIEW,
    Stage.MERGE: Ring.REVIEW,
}


_GONE = frozenset(
    {GroupStatus.CANCELLED, GroupStatus.SKIPPED, GroupStatus.MERGED, GroupStatus.DISCARDED},
)
_CLOSED = _GONE | {GroupStatus.COMPLETED}


class Records(Protocol):
    """The records a survey reads; the projection of the window is one."""

    runs: dict[str, Run]
    workstreams: dict[WorkstreamKey, Workstream]
    conflicts: dict[ConflictKey, PredictedConflict]
    worktrees: dict[WorkstreamKey, Worktree]
    merges: dict[WorkstreamKey, Merge]

    def jobs_of(self, key: WorkstreamKey) -> list[Job]:
        """The jobs of a workstream in the order of its steps."""

    def explainer(self, now: float) -> Explainer:
        """Explains why each job waits."""


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
    shown = {key: one for key, one in records.workstreams.items() if key[0] in run_ids}
    names = ShownNames(shown, records.runs, clean=escape_invisible)
    order = {run_id: number for number, run_id in enumerate(run_ids)}
    lanes = []
    for key, workstream in records.workstreams.items():
        if workstream.run_id in order and (files := index.of(key)):
            lanes.append(_lane(records, workstream, files, explainer, names.distinct(key)))
    first: dict[str | None, int] = {}
    for lane in lanes:
        first[lane.repo] = min(first.get(lane.repo, len(order)), order[lane.key[0]])
    lanes.sort(key=lambda lane: (first[lane.repo], lane.repo or "", order[lane.key[0]], lane.key[1]))
    return Survey(lanes=lanes, conflicts=conflicts(lanes, records.conflicts.values()), names=names)


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
    return replace(pipeline, lanes=lanes, conflicts=both)


def _lane(
    records: Records,
    workstream: Workstream,
    files: Sequence[WorkstreamFile],
    explainer: Explainer,
    title: str,
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
    tree = records.worktrees.get(workstream.key)
    return RadarLane(
        workstream=workstream,
        title=title,
        repo=workstream.repo or (run.repo if run else None),
        state=_group(jobs, waits) if jobs and review is None else whole.state,
        place=whole,
        files=[PlacedFile(file=file, place=of(file)) for file in files],
        scope=_still_written(jobs),
        tree=tree.path if tree is not None else None,
        is_check_red=_is_check_red(workstream, jobs, records.merges.get(workstream.key)),
    )


def _is_check_red(workstream: Workstream, jobs: Iterable[Job], merge: Merge | None) -> bool:
    """Whether a check has failed that nothing has followed: one of its steps, or that of its last merge."""
    if workstream.status in _GONE or workstream.review in {ReviewState.MERGED, ReviewState.DISCARDED}:
        return False
    failed = {JobStatus.FAILED, JobStatus.TIMEOUT}
    return (merge is not None and merge.state is MergeState.RED) or any(
        job.stage is Stage.CHECK and job.status in failed for job in jobs
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
    are done: in review, until the workstream is merged; where nobody reviews it, it is done.
    """
    running = [job for job in jobs if job.status is JobStatus.RUNNING]
    undone = [job for job in jobs if job.status not in SATISFIED]
    if not undone:
        is_merged = review is not None and review.review is ReviewState.MERGED
        ended = max((job.completed_at for job in jobs if job.completed_at is not None), default=None)
        return Place(
            ring=Ring.DONE if review is None or is_merged else Ring.REVIEW,
            state=_group(jobs, waits) if review is None else review.state,
            since=ended if review is None or review.since is None else review.since,
            job=jobs[-1],
            step=len(jobs),
            steps=len(jobs),
            is_merged=is_merged,
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


def relevant_jobs(jobs: Sequence[Job], path: str) -> list[Job]:
    """The jobs of a workstream that cover this file; all jobs if none does."""
    return [job for job in jobs if works_on(job, path)] or list(jobs)
