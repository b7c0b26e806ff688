"""The merge queues for an engine and for a person: what is due, what each waits for, hold, release, move."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from engine.errors import CommandRefusedError
from engine.scheduling.merge_order import MergeFacts, Queue, due_merges, in_order, queue_of, sort_key, wait_of
from engine.scheduling.merge_proposal import OrderProposal, propose_orders
from engine.state_store.store_access import StoreAccess
from state import conflict_queries, hold_queries, merge_queries, queries, worktree_queries
from state.database import Connection
from state.records import HoldKind, Job, Workstream
from state.worktree_records import OPEN_MERGES, Merge, MergeState, SeenWorkstream, Worktree


class QueuedMerge(NamedTuple):
    """A merge in its queue: its workstream, and why it waits, as a sentence; empty where it is its turn."""

    merge: Merge
    stream: Workstream
    waits_for: str


class MergeWork(NamedTuple):
    """What an engine needs to know of a merge that it has claimed."""

    merge: Merge
    stream: Workstream
    tree: Worktree
    run_title: str
    jobs: Sequence[Job]
    earlier: Merge | None = None
    """The last merge of the same workstream that has moved its target."""
    needed: Sequence[Merge] = ()
    """Those of the workstreams that it comes after."""


class MergeControl:
    """Reads and claims the merges of all queues, and changes their order; `steps` writes how far they have come."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self.steps = access, access.ledger.merge_steps

    def change_stamp(self) -> int:
        """A number that differs once what `queues` returns may have changed."""
        return self._access.change_stamp(*merge_queries.READ)

    def queues(self) -> list[QueuedMerge]:
        """Every open merge in the order of its queue, with what it waits for."""
        return self._access.read(_queued)

    def proposals(self) -> Mapping[Queue, OrderProposal]:
        """A better order for each queue that has one, by the conflicts that are predicted."""
        return self._access.read(_proposals)

    def is_paused(self) -> bool:
        """Whether the queue is paused, so that no merge begins either."""
        return any(hold.kind is HoldKind.ENGINE for hold in self._access.read(hold_queries.all_holds))

    def ended(self) -> list[QueuedMerge]:
        """Every merge that has ended, oldest first."""
        return self._access.read(_ended)

    def every(self) -> list[Merge]:
        """Every merge of this home, open or ended."""
        return self._access.read(worktree_queries.merges_in, sorted(MergeState))

    def claim(
        self,
        engine_id: str,
        *,
        is_lost: Callable[[Merge], bool],
        retried: Collection[int] = (),
        is_paused: bool = False,
    ) -> list[Merge]:
        """Claim what is due: the first of each queue, and what an engine that is gone had begun.

        While the queue is paused that is only what may have begun to move its target.
        """

        def choose(connection: Connection, merges: Sequence[Merge]) -> Sequence[Merge]:
            checking = [merge for merge in merges if merge.state is MergeState.CHECKING]
            lost = [merge for merge in checking if is_lost(merge)]
            if is_paused:
                return [merge for merge in lost if merge.result is not None]
            busy = {queue_of(merge) for merge in checking}
            return [*lost, *due_merges(_facts(connection, merges), busy=busy, retried=retried)]

        return self.steps.claim(engine_id, choose)

    def work(self, merge: Merge) -> MergeWork | None:
        """Everything about a merge; None where its workstream or its worktree is gone."""
        stream = self._access.read(queries.find_workstream, merge.ws_id, merge.run_id)
        tree = self._access.read(worktree_queries.find_worktree, merge.run_id, merge.ws_id)
        if stream is None or tree is None:
            return None
        run = self._access.read(queries.find_run, merge.run_id)
        jobs = self._access.read(queries.jobs_of_workstream, *merge.key)
        earlier = self._access.read(worktree_queries.last_merged, *merge.key)
        needed = self._access.read(worktree_queries.needed_merges, [merge.run_id]).get(merge.key, ())
        return MergeWork(merge, stream, tree, "" if run is None else run.title, jobs, earlier, needed)

    def busy(self, tree: Path) -> str:
        """Who is at work in a working tree, as a clause; empty where nobody is."""
        job_id = self._access.read(merge_queries.running_in, str(tree))
        return "" if job_id is None else f"the job {job_id} is at work"

    def hold(self, name: str, *, held: bool) -> Merge:
        """Hold the merge of a workstream, or let it go on."""
        return self.steps.set_held(self.named(name).id, held=held)

    def set_held(self, seen: SeenWorkstream, *, held: bool) -> SeenWorkstream:
        """The same for a workstream that is shown."""
        self.hold(str(seen), held=held)
        return seen

    def move(self, name: str, *, before: str | None = None, priority: int | None = None) -> Merge:
        """Move a merge before another one of its queue, to the front, or to another priority."""
        merge = self.named(name)
        if before is not None and self.named(before).id == merge.id:
            raise CommandRefusedError(
                f"{merge.run_id}/{merge.ws_id} cannot be moved before itself. Name another merge of its queue."
            )
        if priority is not None:
            return self.steps.move(merge.id, priority=priority, position=merge.position)
        with self._access.ledger.transaction() as connection:
            others = [
                other
                for other in sorted(merge_queries.open_merges(connection), key=sort_key)
                if queue_of(other) == queue_of(merge) and other.id != merge.id
            ]
            index = 0 if before is None else _index(others, self.named(before))
            if not others:
                return merge
            priority, position = others[index].priority, _between(others[index - 1 : index], others[index])
            if position is not None:
                return self.steps.move(merge.id, priority=priority, position=position)
            moved = [*others[:index], replace(merge, priority=priority), *others[index:]]
            for place, one in enumerate(moved):
                self.steps.move(one.id, priority=one.priority, position=float(place))
            return replace(merge, priority=priority, position=float(index))

    def named(self, name: str) -> Merge:
        """The open merge of the workstream ``RUN/WS``, or ``WS`` where only one has that name.

        Raises:
            CommandRefusedError: there is none, or more than one.
        """
        run_id, _, ws_id = name.rpartition("/")
        found = [
            merge
            for merge in self._access.read(worktree_queries.merges_in, sorted(OPEN_MERGES))
            if merge.ws_id == ws_id and run_id in {"", merge.run_id}
        ]
        if not found:
            raise CommandRefusedError(
                f"No merge of {name} waits; `signalbox merge list` lists those that do."
            )
        if len(found) > 1:
            names = ", ".join(f"{merge.run_id}/{merge.ws_id}" for merge in found)
            raise CommandRefusedError(f"{name} is the name of several: {names}. Name one of them.")
        return found[0]


def _queued(connection: Connection) -> list[QueuedMerge]:
    facts = _facts(connection, merge_queries.open_merges(connection))
    found = []
    for merge in in_order(facts):
        stream = queries.find_workstream(connection, merge.ws_id, merge.run_id)
        if stream is not None:
            wait = wait_of(merge, facts)
            found.append(QueuedMerge(merge, stream, "" if wait is None else wait.reason))
    return found


def _proposals(connection: Connection) -> Mapping[Queue, OrderProposal]:
    facts = _facts(connection, merge_queries.open_merges(connection))
    return propose_orders(facts, conflict_queries.predicted_conflicts(connection))


def _ended(connection: Connection) -> list[QueuedMerge]:
    merges = worktree_queries.merges_in(connection, sorted(set(MergeState) - OPEN_MERGES))
    found = [(merge, queries.find_workstream(connection, merge.ws_id, merge.run_id)) for merge in merges]
    return [QueuedMerge(merge, stream, "") for merge, stream in found if stream is not None]


def _facts(connection: Connection, merges: Sequence[Merge]) -> MergeFacts:
    if not merges:  # as nearly always; the queries would be built and run at every change of a job
        return MergeFacts(merges=())
    keys = [merge.key for merge in merges]
    return MergeFacts(
        merges=merges,
        after=merge_queries.earlier_workstreams(connection, keys),
        committed=merge_queries.committed_of(connection, keys).keys(),
    )


def _index(others: Sequence[Merge], before: Merge) -> int:
    for index, other in enumerate(others):
        if other.id == before.id:
            return index
    raise CommandRefusedError(f"{before.ws_id} is not in the same merge queue. Name one that is.")


def _between(above: Sequence[Merge], below: Merge) -> float | None:
    """A position before `below`, and after what stands directly above it with the same priority; None: no number is."""
    end = sort_key(below)[1]
    same = [sort_key(one)[1] for one in above if one.priority == below.priority]
    start = same[0] if same else end - 2.0
    found = (start + end) / 2
    return found if start < found < end else None
