"""How a workstream is displayed once its jobs have ended well and its review goes on. Pure functions, without Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gui.translation import tr, tr_recorded, translatable
from state.lifecycle import STATUS_OF_REVIEW, is_restorable, status_at_rest
from state.records import GroupStatus, ReviewState, Workstream
from state.worktree_records import Merge, MergeState, TreeState, Worktree

_MERGING: Mapping[MergeState, tuple[str, str]] = {
    MergeState.CHECKING: ("running", translatable("Checking the merge")),
    MergeState.BLOCKED: ("blocked", translatable("Merge waits")),
}
_RETURNED = frozenset({MergeState.CONFLICT, MergeState.RED, MergeState.WITHDRAWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownReview:
    """The shown state of a workstream under review, its word, and since when; `reason` is empty where all is well.

    `check_failed` says that the merge queue has returned it since its check failed, `can_restore` that it was discarded
    and can be brought back.
    """

    review: ReviewState
    state: str
    word: str
    since: float | None = None
    reason: str = ""
    check_failed: bool = False
    can_restore: bool = False

    @property
    def needs_you(self) -> bool:
        """Whether nothing proceeds until a person has decided."""
        return self.review is ReviewState.WAITING

    @property
    def is_open(self) -> bool:
        """Whether it is neither merged nor discarded."""
        return self.review in {ReviewState.WAITING, ReviewState.APPROVED}


_SHOWN: Mapping[GroupStatus, str] = {
    GroupStatus.REVIEW: "needsyou",
    GroupStatus.MERGING: "queued",
    GroupStatus.MERGED: "completed",
    GroupStatus.DISCARDED: "cancelled",
}


_INSIDE: Mapping[str, str] = {
    translatable("Waits for review"): translatable("waits for review"),
    translatable("Checking the merge"): translatable("checking the merge"),
    translatable("Merge waits"): translatable("merge waits"),
    translatable("In the merge queue"): translatable("in the merge queue"),
    translatable("Merge held"): translatable("merge held"),
    translatable("Merged"): translatable("merged"),
    translatable("Nothing to merge"): translatable("nothing to merge"),
    translatable("Discarded"): translatable("discarded"),
}


def review_inside(word: str) -> str:
    """The word of a review inside a line, in any language; another text as it is."""
    return next((tr(inside) for begins, inside in _INSIDE.items() if tr(begins) == word), word)


def shown_status(status: GroupStatus, *, at_rest: bool = False) -> str:
    """The shown state of a run or a workstream with this status, one of the twelve.

    It counts as running between two steps, too; `at_rest` says that none of its jobs runs at this moment.
    """
    shown = status_at_rest(status) if at_rest else status
    return _SHOWN.get(shown, shown.value)


def shown_review(
    stream: Workstream, merge: Merge | None = None, tree: Worktree | None = None
) -> ShownReview | None:
    """How its review is displayed; None while the state of the workstream is that of its jobs."""
    if STATUS_OF_REVIEW.get(stream.review) is not stream.status:
        return None
    match stream.review:
        case ReviewState.WAITING:
            shown = _shown(
                stream, "needsyou", tr("Waits for review"), stream.waits_since, _returned(merge, tree)
            )
            is_red = merge is not None and merge.state is MergeState.RED
            return replace(shown, check_failed=is_red and bool(shown.reason))
        case ReviewState.APPROVED:
            return _merging(stream, merge)
        case ReviewState.MERGED:
            return _merged(stream, merge)
        case _:
            shown = _shown(stream, "cancelled", tr("Discarded"), stream.completed_at, _where_discarded(tree))
            return replace(shown, can_restore=is_restorable(stream.review, tree))


def _merging(stream: Workstream, merge: Merge | None) -> ShownReview:
    if merge is None:
        return _shown(stream, "queued", tr("In the merge queue"), stream.completed_at, "")
    state, word = _MERGING.get(merge.state, ("queued", translatable("In the merge queue")))
    if merge.held:
        state, word = "held", translatable("Merge held")
    return _shown(
        stream, state, tr(word), merge.created_at, tr_recorded(merge.reason) or _target_of(merge, state)
    )


def _target_of(merge: Merge, state: str) -> str:
    if not merge.target:
        return ""
    if state == "running":
        return tr("is checked on top of {target}", target=merge.target)
    return tr("waits to be merged into {target}", target=merge.target)


def _merged(stream: Workstream, merge: Merge | None) -> ShownReview:
    if merge is not None and merge.is_empty:
        reason = tr("{target} had all of it already", target=merge.target)
        return _shown(stream, "completed", tr("Nothing to merge"), stream.completed_at, reason)
    reason = tr("merged into {target}", target=merge.target) if merge else tr("merged")
    return _shown(stream, "completed", tr("Merged"), stream.completed_at, reason)


def _where_discarded(tree: Worktree | None) -> str:
    if tree is not None and tree.state is TreeState.PRUNED:
        return tr("its archive was pruned")
    is_archived = tree is not None and tree.archive_ref is not None
    return tr("its work is archived; it can be restored") if is_archived else tr("it can be restored")


def _shown(stream: Workstream, state: str, word: str, since: float | None, reason: str) -> ShownReview:
    return ShownReview(review=stream.review, state=state, word=word, since=since, reason=reason)


def _returned(merge: Merge | None, tree: Worktree | None) -> str:
    """Why the merge queue has returned the work, as long as the work is what it was then."""
    if merge is None or merge.state not in _RETURNED or tree is None or merge.head != tree.head:
        return ""
    return tr_recorded(merge.reason)
