"""Propose an order for a merge queue in which fewer workstreams run into a conflict. Pure: reads and changes nothing.

A workstream that conflicts with one that was merged before it goes back, and the others go on. So of two that conflict
one is always sent back, but a workstream that conflicts with many costs least where it comes last.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.scheduling.merge_order import MergeFacts, MergeKey, Queue, in_order, queue_of
from engine.system.formatting import plural
from state.shown_names import ShownNames
from state.worktree_records import PredictedConflict

Pair = tuple[MergeKey, MergeKey]


@dataclass(frozen=True, kw_only=True)
class OrderProposal:
    """A better order of a queue, and how many conflicts it has fewer than the present one.

    `last` are those that would be merged now, and in this order come after what they conflict with.
    """

    order: Sequence[MergeKey]
    fewer: int
    last: Sequence[MergeKey]

    def sentence(self, names: ShownNames) -> str:
        """The proposal in words."""
        last = " and ".join(names.workstream(key) for key in self.last)
        return f"{plural(self.fewer, 'conflict')} fewer if {last} {'comes' if len(self.last) == 1 else 'come'} last."


def propose_order(
    queue: Sequence[MergeKey],
    conflicts: Iterable[Pair],
    after: Mapping[MergeKey, Collection[MergeKey]],
) -> OrderProposal | None:
    """A better order of this queue; None where there is none.

    Those that conflict with the fewest others come first, in their present order where that is the same, and none
    before one that it comes `after`.
    """
    rivals = _rivals(queue, conflicts)
    order = _ordered(queue, rivals, after)
    now, then = _merged(queue, rivals), _merged(order, rivals)
    if len(then) <= len(now):
        return None
    last = [key for key in queue if key in now and key not in then]
    return OrderProposal(order=order, fewer=len(then) - len(now), last=last)


def propose_orders(
    facts: MergeFacts, conflicts: Iterable[PredictedConflict]
) -> Mapping[Queue, OrderProposal]:
    """The proposal for each merge queue that has a better order; what is held is not in it."""
    pairs = [(one.first, one.second) for one in conflicts if one.second is not None]
    after = {key: {other.key for other in others} for key, others in facts.after.items()}
    queues: defaultdict[Queue, list[MergeKey]] = defaultdict(list)
    for merge in in_order(facts):
        if not merge.held:
            queues[queue_of(merge)].append(merge.key)
    found = {queue: propose_order(keys, pairs, after) for queue, keys in queues.items()}
    return {queue: proposal for queue, proposal in found.items() if proposal is not None}


def _rivals(queue: Sequence[MergeKey], conflicts: Iterable[Pair]) -> Mapping[MergeKey, set[MergeKey]]:
    queued, rivals = set(queue), defaultdict[MergeKey, set[MergeKey]](set)
    for one, other in conflicts:
        if one in queued and other in queued:
            rivals[one].add(other)
            rivals[other].add(one)
    return rivals


def _ordered(
    queue: Sequence[MergeKey],
    rivals: Mapping[MergeKey, set[MergeKey]],
    after: Mapping[MergeKey, Collection[MergeKey]],
) -> list[MergeKey]:
    """Always the one with the fewest rivals among those that are left; its rivals come at the end, as they are."""
    left, merged, back = list(queue), list[MergeKey](), list[MergeKey]()
    while left:
        remaining = set(left)
        free = [key for key in left if remaining.isdisjoint(after.get(key, ()))] or left[:1]
        best = min(free, key=lambda key: len(rivals.get(key, set()) & remaining))
        lost = rivals.get(best, set())
        merged.append(best)
        back += [key for key in left if key in lost]
        left = [key for key in left if key is not best and key not in lost]
    return _after_first([*merged, *back], after)


def _after_first(order: Sequence[MergeKey], after: Mapping[MergeKey, Collection[MergeKey]]) -> list[MergeKey]:
    left, ordered = list(order), list[MergeKey]()
    while left:
        remaining = set(left)
        first = next((key for key in left if remaining.isdisjoint(after.get(key, ()))), left[0])
        left.remove(first)
        ordered.append(first)
    return ordered


def _merged(order: Sequence[MergeKey], rivals: Mapping[MergeKey, set[MergeKey]]) -> set[MergeKey]:
    """Those that are merged in this order: none that conflicts with one before it."""
    merged: set[MergeKey] = set()
    for key in order:
        if not rivals.get(key, set()) & merged:
            merged.add(key)
    return merged
