"""What pruning does with the refs of worktrees, as lines and as JSON. Changes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.maintenance.worktree_refs import PrunableRefs
from engine.system.formatting import plural


def refs_lines(found: Sequence[PrunableRefs], *, is_done: bool) -> Iterator[str]:
    """A line for what goes of each worktree, and one for an archive that stays, with the reason."""
    outcome = "deleted" if is_done else "would be deleted"
    for each in found:
        name = f"{each.tree.run_id}/{each.tree.ws_id}"
        if each.snapshots:
            yield f"{name}  {plural(len(each.snapshots), 'snapshot')}  {outcome}"
        if each.archive is not None:
            yield f"{name}  {each.archive.ref}  {outcome}"
        if each.kept_reason:
            yield f"{name}  {each.tree.archive_ref or 'its refs'}  kept: {each.kept_reason}"


def refs_json(each: PrunableRefs) -> dict[str, Any]:
    """The refs that go, with their commits, and why the archive stays."""
    return {
        "run_id": each.tree.run_id,
        "ws_id": each.tree.ws_id,
        "review": each.stream.review,
        "refs": [{"ref": kept.ref, "commit": kept.commit} for kept in each.refs],
        "kept_reason": each.kept_reason,
    }
