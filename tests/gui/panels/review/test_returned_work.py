"""Work that the merge queue has returned says what happened, with whom, and what approving it does."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.review.evidence_summary import EvidenceSummary
from gui.data.projection import Projection
from gui.panels.review.marks import queue_marks
from gui.panels.review.merge_lines import merge_lines, merge_sentence
from gui.panels.review.returned_work import returned_sentence, with_rival
from gui.panels.review.review_panel import ReviewPanel
from state.records import ReviewState, Run, Snapshot, Workstream, WorkstreamFile
from state.worktree_records import Merge, MergeState, TreeState, Worktree
from tests.helpers.review_scene import CART, ReviewScene

KEY, RIVAL = ("r", "cart"), ("r", "price-rules")
FILE = "shop/totals.py"
MERGE = Merge(
    id=2, run_id="r", ws_id="cart", repo="/shop", target="main", head="a", files=(FILE,),
    state=MergeState.CONFLICT, reason="signalbox/r/cart conflicts with main in shop/totals.py.",
)  # fmt: skip
MERGED = replace(MERGE, id=1, ws_id="price-rules", state=MergeState.MERGED, files=(), reason="")
SENTENCE = "Conflict with price-rules in shop/totals.py; approving tries again"


def projection(
    merge: Merge = MERGE, *, touched: bool = True, review: ReviewState = ReviewState.WAITING
) -> Projection:
    """A workstream that waits for review after this merge; another one was merged before."""
    tree = Worktree(
        run_id="r", ws_id="cart", repo="/shop", path="/trees/cart", branch="signalbox/r/cart", target="main",
        state=TreeState.READY, head="a",
    )  # fmt: skip
    found = Projection()
    found.load(
        Snapshot(
            cursor=1,
            runs=(Run(run_id="r"),),
            workstreams=(
                Workstream(run_id="r", ws_id="cart", review=review),
                Workstream(run_id="r", ws_id="price-rules", review=ReviewState.MERGED),
            ),
            files=(WorkstreamFile(run_id="r", ws_id="price-rules", path=FILE, touched=touched),),
            worktrees=(tree,),
            merges=(MERGED, merge),
        )
    )
    return found


def test_v12_a_conflict_names_the_other_workstream_and_says_that_approving_tries_again() -> None:
    found = projection()
    assert returned_sentence(found, KEY) == SENTENCE
    assert merge_sentence(found, KEY, found.worktrees[KEY]) == ""
    [line] = merge_lines(found)
    assert not line.takes_words  # none of its steps runs a coding tool
    assert (line.word, line.sentence) == ("Conflict", "with price-rules: shop/totals.py")
    evidence = with_rival(found, KEY, EvidenceSummary(conflict="conflict with main: shop/totals.py"))
    assert evidence.conflict == "price-rules also changed shop/totals.py"


def test_v12_a_conflict_with_nobody_known_names_the_target() -> None:
    found = projection(touched=False)
    assert returned_sentence(found, KEY) == "Conflict with main in shop/totals.py; approving tries again"
    evidence = EvidenceSummary(conflict="conflict with main: shop/totals.py")
    assert with_rival(found, KEY, evidence) is evidence


def test_v12_a_red_check_is_said_and_marked() -> None:
    found = projection(replace(MERGE, state=MergeState.RED, files=()))
    assert returned_sentence(found, KEY) == "The check was red on top of main; approving tries again"
    marks = [mark.text for mark in queue_marks(EvidenceSummary(check="red on top of main"))]
    assert "check red on top of main" in marks


@pytest.mark.parametrize(
    ("merge", "review"),
    [
        (replace(MERGE, head="older"), ReviewState.WAITING),
        (replace(MERGE, state=MergeState.WITHDRAWN), ReviewState.WAITING),
        (MERGE, ReviewState.WORKING),
    ],
)
def test_v12_what_was_changed_withdrawn_or_sent_back_since_says_nothing_of_an_older_merge(
    merge: Merge, review: ReviewState
) -> None:
    assert returned_sentence(projection(merge, review=review), KEY) == ""


@pytest.mark.parametrize("width", [1590, 1270, 1014, 560])
def test_v12_what_happened_stands_beside_approve_which_stays_possible(
    panel: ReviewPanel, scene: ReviewScene, width: int, qtbot: QtBot
) -> None:
    release = next(file for file in panel.reviewing.files if file.path == "tools/release.py")
    scene.viewed.add((release.path, release.new_blob))
    scene.changes |= {"returned": SENTENCE, "queue_sentence": ""}
    panel.resize(width, 800)
    panel._refresh()
    bar = panel.view.bar
    qtbot.waitUntil(lambda: bar.width() == bar.parentWidget().width())
    QApplication.processEvents()
    assert bar.reason.text() == SENTENCE
    assert bar.reason.isVisible()
    assert bar.glyph.isVisible()
    assert bar.approve.isEnabled()
    assert bar.rect().contains(bar.approve.geometry())
    assert bar.approve.accessibleDescription() == SENTENCE
    panel.view.diff.area.setFocus()
    QTest.keyClick(panel.view.diff.area, Qt.Key.Key_A)
    assert scene.decided == [("approve", CART)]


def test_v12_what_keeps_it_from_approval_is_said_first(panel: ReviewPanel, scene: ReviewScene) -> None:
    scene.changes |= {"returned": SENTENCE}
    panel._refresh()
    assert panel.view.bar.reason.text() == "First look at tools/release.py"
    assert not panel.view.bar.approve.isEnabled()
