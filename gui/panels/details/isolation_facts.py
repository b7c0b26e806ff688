"""The facts about where an isolated workstream works and what its work is for. Pure functions."""

from collections.abc import Iterator

from gui.data.shown_review import shown_review
from gui.figures import size
from gui.translation import tr, translatable
from gui.widgets.fact import Fact
from state.records import Workstream
from state.worktree_records import Merge, TreeState, Worktree

_SHORT = 12
_STATES = {
    TreeState.PLANNED: translatable("not made yet"),
    TreeState.ARCHIVED: translatable("archived"),
    TreeState.REMOVED: translatable("removed"),
    TreeState.PRUNED: translatable("removed, and its archive was pruned"),
}


def isolation_facts(tree: Worktree, stream: Workstream | None, merge: Merge | None) -> Iterator[Fact]:
    """Its worktree, branch, base, target, ports and review."""
    yield Fact(tr("Worktree"), tree.path, is_path=True, whole=True)
    if known := _about_tree(tree):
        yield Fact(tr("On disk"), known, whole=True)
    yield Fact(
        tr("Branch"),
        tr("{branch} into {target}", branch=tree.branch, target=tree.target) if tree.target else tree.branch,
        whole=True,
    )
    base = "" if tree.base_commit is None else f", {tree.base_commit[:_SHORT]}"
    yield Fact(tr("Base"), f"{tree.base}{base}", whole=True)
    if tree.port_base is not None:
        yield Fact(tr("Ports"), tr("from {port}", port=tree.port_base))
    review = None if stream is None else shown_review(stream, merge, tree)
    if review is not None:
        yield Fact(
            tr("Review"), f"{review.word}: {review.reason}" if review.reason else review.word, whole=True
        )


def _about_tree(tree: Worktree) -> str:
    """What is to be said of a tree that is not simply there."""
    parts = [
        tr(_STATES.get(tree.state, "")),
        "" if tree.size_bytes is None or tree.state is not TreeState.READY else size(tree.size_bytes),
        tree.kept_reason,
    ]
    return ", ".join(part for part in parts if part)
