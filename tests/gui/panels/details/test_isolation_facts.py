"""The details say where an isolated workstream works and what its work is for."""

from dataclasses import replace

from gui.panels.details.isolation_facts import isolation_facts
from state.records import GroupStatus, ReviewState, Workstream
from state.worktree_records import Merge, MergeState, TreeState, Worktree

TREE = Worktree(
    run_id="r", ws_id="w", repo="/src/shop", path="/trees/r/w", branch="signalbox/r/w", base="HEAD",
    base_commit="a" * 40, target="main", state=TreeState.READY, head="b" * 40, port_base=40_100, size_bytes=3_000_000,
)  # fmt: skip
WAITING = Workstream(run_id="r", ws_id="w", review=ReviewState.WAITING, status=GroupStatus.REVIEW)


def facts(tree: Worktree = TREE, stream: Workstream = WAITING, merge: Merge | None = None) -> dict[str, str]:
    return {fact.label: fact.value for fact in isolation_facts(tree, stream, merge)}


def test_v11_the_details_show_worktree_branch_base_target_ports_and_review() -> None:
    assert facts() == {
        "Worktree": "/trees/r/w",
        "On disk": "3.0 MB",
        "Branch": "signalbox/r/w into main",
        "Base": "HEAD, aaaaaaaaaaaa",
        "Ports": "from 40100",
        "Review": "Waits for review",
    }


def test_v11_a_worktree_that_is_not_there_and_work_that_came_back_say_why() -> None:
    gone = replace(TREE, state=TreeState.ARCHIVED, kept_reason="a process runs in it")
    assert facts(gone)["On disk"] == "archived, a process runs in it"
    merge = Merge(
        id=1, run_id="r", ws_id="w", repo="/src/shop", target="main", state=MergeState.RED, head="b" * 40,
        reason="2 tests failed on top of main.",
    )  # fmt: skip
    assert facts(merge=merge)["Review"] == "Waits for review: 2 tests failed on top of main."
