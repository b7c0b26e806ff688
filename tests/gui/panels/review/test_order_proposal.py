"""The strip of the merge queue proposes an order with fewer conflicts, and says nothing where there is none."""

from collections.abc import Sequence

from gui.data.projection import Projection
from gui.panels.review.order_proposal import merge_proposal
from gui.panels.review.review_panel import ReviewPanel
from state.records import Job, Run, Snapshot, Workstream
from state.worktree_records import Merge, MergeState, PredictedConflict


def snapshot(*pairs: tuple[str, str], after: Sequence[tuple[str, str]] = ()) -> Snapshot:
    """Three approved workstreams in their queue; `after` are pairs of a workstream and the one it comes after."""
    names = ("a-wide", "b", "c")
    return Snapshot(
        cursor=1,
        runs=(Run(run_id="r"),),
        workstreams=tuple(Workstream(run_id="r", ws_id=name) for name in names),
        jobs=tuple(
            Job(
                job_id=name,
                run_id="r",
                ws_id=name,
                depends_on=tuple(earlier for later, earlier in after if later == name),
            )
            for name in names
        ),
        merges=tuple(
            Merge(id=number, run_id="r", ws_id=name, repo="/shop", target="main")
            for number, name in enumerate(names, 1)
        ),
        conflicts=tuple(
            PredictedConflict(
                run_id="r",
                ws_id=one,
                other_run_id="r",
                other_ws_id=other,
                other_branch=other,
                commit="1",
                other_commit="2",
                files=("totals.py",),
            )
            for one, other in pairs
        ),
    )


def proposal(found: Snapshot) -> str:
    projection = Projection()
    projection.load(found)
    return merge_proposal(projection)


def test_a_workstream_that_conflicts_with_two_is_proposed_to_come_last() -> None:
    assert (
        proposal(snapshot(("a-wide", "b"), ("a-wide", "c"))) == "main: 1 conflict fewer if a-wide comes last."
    )


def test_nothing_is_proposed_without_a_conflict_or_where_the_order_cannot_change() -> None:
    assert proposal(snapshot()) == ""
    assert proposal(snapshot(("a-wide", "b"))) == ""
    both_after = snapshot(("a-wide", "b"), ("a-wide", "c"), after=[("b", "a-wide"), ("c", "a-wide")])
    assert proposal(both_after) == ""


def test_a_merge_that_has_ended_is_not_in_the_order() -> None:
    found = snapshot(("a-wide", "b"), ("a-wide", "c"))
    projection = Projection()
    projection.load(found)
    projection.merges["r", "c"] = Merge(
        id=3, run_id="r", ws_id="c", repo="/shop", target="main", state=MergeState.MERGED
    )
    assert merge_proposal(projection) == ""


def test_the_strip_shows_the_proposal(panel: ReviewPanel) -> None:
    strip = panel.view.merges
    assert strip.rule.text().startswith("one at a time")
    panel._projection.load(snapshot(("a-wide", "b"), ("a-wide", "c")))
    panel._show_merges()
    assert strip.rule.text() == "main: 1 conflict fewer if a-wide comes last."
