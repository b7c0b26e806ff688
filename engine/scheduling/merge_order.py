"""The order of the merge queues, and why a merge waits. Pure: reads and changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from state.recordable import recordable
from state.records import ReviewState, Workstream
from state.worktree_records import Merge, MergeState

MergeKey = tuple[str, str]
"""A workstream: its run and its id."""
Queue = tuple[str, str]
"""A merge queue: the repository and the target branch."""


@dataclass(frozen=True, kw_only=True)
class MergeFacts:
    """The open merges, which workstreams each of theirs comes after, and which of theirs are committed."""

    merges: Sequence[Merge]
    after: Mapping[MergeKey, Sequence[Workstream]] = field(default_factory=dict)
    committed: Collection[MergeKey] = frozenset()


@dataclass(frozen=True)
class MergeWait:
    """Why a merge may not begin now, as a sentence; `needs_person` where no other merge ends the wait."""

    reason: str
    needs_person: bool = False


def queue_of(merge: Merge) -> Queue:
    """The queue that a merge waits in."""
    return merge.repo, merge.target


def sort_key(merge: Merge) -> tuple[int, float, int]:
    """Where a merge stands: by priority, then where a person has moved it, then by its approval."""
    return -merge.priority, float(merge.id) if merge.position is None else merge.position, merge.id


def in_order(facts: MergeFacts) -> list[Merge]:
    """The open merges as they will be merged: none before a workstream that it comes after."""
    left = sorted(facts.merges, key=sort_key)
    ordered: list[Merge] = []
    while left:
        keys = {merge.key for merge in left}
        first = next((merge for merge in left if not _earlier(facts, merge) & keys), left[0])
        left.remove(first)
        ordered.append(first)
    return ordered


def wait_of(merge: Merge, facts: MergeFacts) -> MergeWait | None:
    """Why a merge may not begin now; None where it may."""
    if merge.held:
        return MergeWait(recordable("It is held. Release it to have it merged."), needs_person=True)
    if not merge.target:
        return MergeWait(
            recordable("No target is known. Approve it again with --target BRANCH."), needs_person=True
        )
    if merge.key not in facts.committed:
        return MergeWait(recordable("Its last changes are being committed on its branch."))
    waits = (_wait_for(other) for other in facts.after.get(merge.key, ()))
    return next((wait for wait in waits if wait is not None), None)


def due_merges(
    facts: MergeFacts, *, busy: Collection[Queue] = (), retried: Collection[int] = ()
) -> list[Merge]:
    """The merges to begin now: the first of each queue that may, where none is under way.

    `retried` are the ids of those that could not be merged before and are tried again.
    """
    taken, due = set(busy), []
    for merge in in_order(facts):
        is_ready = merge.state is MergeState.WAITING or (
            merge.state is MergeState.BLOCKED and merge.id in retried
        )
        if is_ready and queue_of(merge) not in taken and wait_of(merge, facts) is None:
            taken.add(queue_of(merge))
            due.append(merge)
    return due


def _earlier(facts: MergeFacts, merge: Merge) -> set[MergeKey]:
    return {other.key for other in facts.after.get(merge.key, ())}


def _wait_for(other: Workstream) -> MergeWait | None:
    name = other.title or other.ws_id
    match other.review:
        case ReviewState.NONE | ReviewState.MERGED:
            return None
        case ReviewState.DISCARDED:
            return MergeWait(
                f"It contains the work of {name}, which was discarded. Restore that, or discard this, too.",
                needs_person=True,
            )
        case ReviewState.APPROVED:
            return MergeWait(f"It comes after {name}, which is merged first.")
        case _:
            return MergeWait(f"It comes after {name}, which is not approved yet.", needs_person=True)
