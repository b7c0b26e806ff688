"""Let a worktree have ports of its own that nobody else uses, as what needs them is about to start."""

from engine.state_store.tree_store import TreeStore
from engine.worktrees.ports import block_is_free, choose_port_base
from state.worktree_records import Worktree


def with_own_ports(records: TreeStore, tree: Worktree, *, job_id: str | None = None) -> Worktree:
    """The worktree with its ports, or with others where those are in use; the same ones while another job runs in it.

    `job_id` is the job that starts; None where it is none of the workstream's.
    """
    is_shared = records.is_in_use(tree, but=job_id)
    while True:
        taken, base = records.ports_taken(but=tree), tree.port_base
        if base is not None and base not in taken and (is_shared or block_is_free(base)):
            return tree
        changed = records.take_ports(tree, choose_port_base(tree.key, taken))
        if changed is not None:
            return changed
