"""Find the conflicts between the lanes of the Radar: those that git predicts, and those that declared scopes say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from engine.scheduling.path_scopes import PathScopes, covers
from gui.panels.radar.pipeline_records import (
    Conflict,
    ConflictKind,
    FileKey,
    Place,
    PlacedFile,
    RadarLane,
    WorkstreamKey,
)
from state.records import ReviewState, Stage
from state.worktree_records import PredictedConflict

_FINISHED = frozenset({ReviewState.WAITING, ReviewState.APPROVED})


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
    trees = {lane.key: lane.tree for lane in lanes}
    linked = [
        Conflict(path=path, first=one.key, second=two.key, kind=_kind(one, two, trees))
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


def _kind(one: PlacedFile, two: PlacedFile, trees: Mapping[WorkstreamKey, str | None]) -> ConflictKind:
    apart = trees[one.key[:2]] != trees[two.key[:2]]
    both = one.file.touched and two.file.touched
    return ConflictKind.CHANGED if both and apart else ConflictKind.DECLARED


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
    return at.is_merged or (at.is_finished and at.job is not None and at.job.stage is Stage.MERGE)


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
