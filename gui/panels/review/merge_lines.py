"""The merge queue in words: one line a merge, in the order in which they are carried out. Pure."""

from collections.abc import Collection, Sequence
from pathlib import PurePath

from engine.scheduling.merge_order import sort_key
from engine.system.plain_text import escape_invisible
from gui.data.projection import Projection
from gui.panels.review.returned_work import returned_merge, rival_of
from gui.panels.review.review_records import MergeLine, WorkstreamKey
from gui.panels.review.wordless_work import takes_words
from gui.translation import tr, tr_count, tr_recorded, translatable
from state.records import ReviewState
from state.worktree_records import OPEN_MERGES, Merge, MergeState, Worktree

_FAILED = frozenset({MergeState.CONFLICT, MergeState.RED})
_WORDS = {
    MergeState.CHECKING: translatable("Checking"),
    MergeState.WAITING: translatable("Waiting"),
    MergeState.BLOCKED: translatable("Blocked"),
    MergeState.CONFLICT: translatable("Conflict"),
    MergeState.RED: translatable("Red"),
    MergeState.MERGED: translatable("Merged"),
    MergeState.WITHDRAWN: translatable("Withdrawn"),
}
_NAMED = 2
"""So many files in conflict are named; the others are counted."""
_ORDINALS = {1: translatable("1st"), 2: translatable("2nd"), 3: translatable("3rd")}


def merge_lines(projection: Projection) -> list[MergeLine]:
    """Every merge that is still to come, and those that a person has to look at again."""
    shown = [merge for merge in projection.merges.values() if _is_shown(projection, merge)]
    shown.sort(key=_rank)
    return [_line(projection, merge, place, shown) for place, merge in enumerate(shown, 1)]


def targets_of(projection: Projection, lines: Sequence[MergeLine]) -> str:
    """Which branches the merges go into: ``main of shop and parser``."""
    merges = [projection.merges[line.key] for line in lines]
    branches = sorted({merge.target for merge in merges})
    names = sorted({PurePath(merge.repo).name for merge in merges})
    if len(branches) != 1:
        return tr(" and ").join(map(escape_invisible, branches))
    of_all = tr(" and ").join(map(escape_invisible, names))
    return tr("{branch} of {names}", branch=escape_invisible(branches[0]), names=of_all)


def merge_sentence(projection: Projection, key: WorkstreamKey, tree: Worktree) -> str:
    """Where the work would stand in its queue, and what is ahead that touches the same file."""
    ahead = [
        merge
        for merge in projection.merges.values()
        if merge.state in OPEN_MERGES
        and (merge.repo, merge.target) == (tree.repo, tree.target)
        and merge.key != key
    ]
    if projection.workstreams[key].review is not ReviewState.WAITING or not tree.target:
        return ""
    if returned_merge(projection, key) is not None:
        return ""  # what happened to it is said instead
    if not ahead:
        return tr("would be merged next")
    place = len(ahead) + 1
    shared = _sharing(projection, {merge.key for merge in ahead}, key)
    touching = next((merge for merge in sorted(ahead, key=_rank) if merge.key in shared), None)
    if touching is None:
        return tr("would be {place}", place=_ordinal(place))
    return tr(
        "would be {place}; {name} goes first and touches the same file",
        place=_ordinal(place),
        name=projection.names.workstream(touching.key),
    )


def _ordinal(place: int) -> str:
    return tr(_ORDINALS.get(place, translatable("{number}th")), number=place)


def _sharing(
    projection: Projection, others: Collection[WorkstreamKey], key: WorkstreamKey
) -> set[WorkstreamKey]:
    """Which of the others have touched a file that this one has touched; all files are gone through, so only twice."""
    touched = [(file.run_id, file.ws_id, file.path) for file in projection.files.values() if file.touched]
    mine = {path for run_id, ws_id, path in touched if (run_id, ws_id) == key}
    return {(run_id, ws_id) for run_id, ws_id, path in touched if path in mine and (run_id, ws_id) in others}


def _is_shown(projection: Projection, merge: Merge) -> bool:
    if merge.state in OPEN_MERGES:
        return True
    stream = projection.workstreams.get(merge.key)
    return merge.state in _FAILED and stream is not None and stream.review is ReviewState.WAITING


def _rank(merge: Merge) -> tuple[int, int, float, int]:
    order = 0 if merge.state is MergeState.CHECKING else 2 if merge.state in _FAILED else 1
    return (order, *sort_key(merge))


def _line(projection: Projection, merge: Merge, place: int, all_merges: Sequence[Merge]) -> MergeLine:
    return MergeLine(
        merge_id=merge.id,
        key=merge.key,
        name=projection.names.distinct(merge.key),
        place=place,
        state=merge.state,
        word=tr("Held") if merge.held and merge.state is MergeState.WAITING else tr(_WORDS[merge.state]),
        sentence=escape_invisible(_sentence(projection, merge, all_merges)),
        since=merge.started_at if merge.state is MergeState.CHECKING else merge.created_at,
        held=merge.held,
        repo=merge.repo,
        takes_words=takes_words(projection, merge.key),
        ahead=_ahead(merge, all_merges),
    )


def _ahead(merge: Merge, all_merges: Sequence[Merge]) -> WorkstreamKey | None:
    """The one before it in its queue, unless that is being checked already."""
    before = [one for one in all_merges[: all_merges.index(merge)] if _same_target(one, merge)]
    return before[-1].key if before and before[-1].state is not MergeState.CHECKING else None


def _sentence(projection: Projection, merge: Merge, all_merges: Sequence[Merge]) -> str:
    match merge.state:
        case MergeState.CHECKING:
            return tr("on top of {target}", target=merge.target)
        case MergeState.WAITING if merge.held:
            return tr("until it is released")
        case MergeState.WAITING:
            ahead = [one for one in all_merges[: all_merges.index(merge)] if _same_target(one, merge)]
            return (
                tr("for {name}", name=projection.names.workstream(ahead[-1].key))
                if ahead
                else tr("for its turn in {target}", target=merge.target)
            )
        case MergeState.CONFLICT:
            return _conflict(projection, merge)
        case _:
            return tr_recorded(merge.reason)


def _conflict(projection: Projection, merge: Merge) -> str:
    if not merge.files:
        return tr_recorded(merge.reason)
    other, files = rival_of(projection, merge) or merge.target, ", ".join(merge.files[:_NAMED])
    more = len(merge.files) - _NAMED
    if more <= 0:
        return tr("with {name}: {files}", name=other, files=files)
    return tr_count(
        "with {name}: {files} and {n} file more",
        "with {name}: {files} and {n} files more",
        more,
        name=other,
        files=files,
    )


def _same_target(one: Merge, other: Merge) -> bool:
    return one.state in OPEN_MERGES and (one.repo, one.target) == (other.repo, other.target)
