"""The review panel with real widgets over a real repository: what it shows, its keys, and what is decided."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.review.diff_records import (
    ChangeLetter,
    DiffRow,
    FileChange,
    FileColours,
    FilePatch,
    Hunk,
    RowKind,
)
from engine.review.evidence_summary import EvidenceSummary
from gui.panels.review.comment_editor import CommentEditor
from gui.panels.review.diff_lines import Line
from gui.panels.review.marks import queue_marks, worked
from gui.panels.review.merge_model import verbs_of
from gui.panels.review.queue_model import QueueHead
from gui.panels.review.review_panel import ReviewPanel
from gui.panels.review.review_records import MergeLine, ReviewSection
from gui.panels.review.review_view import ReviewView
from gui.panels.review.shown_rows import HUNK_HEAD, ROW, ShownKind
from gui.panels.review.side_rows import SideCaption, SideFile, SideFolded
from gui.panels.review.wordless_work import WORDLESS
from gui.widgets.label import PlainLabel
from state.costs import Cost, CostSource
from state.worktree_records import CommentState, DiffSide, MergeState
from tests.gui.panels.review.conftest import TOTALS
from tests.helpers.accessible_tree import faults, nodes
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.review_scene import CART, RUN, ReviewScene

Settle = Callable[[ReviewPanel], None]
LINE = Line(DiffSide.NEW, 37, 37, "text")


def press(
    panel: ReviewPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key in the diff."""
    panel.view.diff.area.setFocus()
    QTest.keyClick(panel.view.diff.area, key, modifiers)


def editor_of(panel: ReviewPanel) -> CommentEditor:
    (found,) = [card.editor for card in panel.reviewing._cards.values() if card.editor is not None]
    return found


def shown_path(panel: ReviewPanel) -> str:
    patch = panel.view.diff.patch
    return "" if patch is None else patch.file.path


def decided(scene: ReviewScene, what: str) -> list[Any]:
    return [value for name, value in scene.decided if name == what]


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_without_any_review_it_says_what_will_come_here(empty: ReviewPanel, qtbot: QtBot) -> None:
    empty.show()
    qtbot.waitExposed(empty)
    words = [label.text() for label in empty.view.empty.findChildren(QLabel)]
    assert "Nothing waits for review." in words
    assert "Finished work comes here with its diff and its evidence." in words
    assert empty.fact() == ""


def test_the_oldest_review_is_shown_with_its_queue_and_its_files(panel: ReviewPanel) -> None:
    the_oldest_review_is_shown_first_with_its_title_branch_and_evidence(panel)
    the_queue_has_its_sections_in_their_order(panel.view)
    files_stand_under_their_folders_those_outside_the_scope_and_generated_ones_apart(panel.view)


def the_oldest_review_is_shown_first_with_its_title_branch_and_evidence(panel: ReviewPanel) -> None:
    view = panel.view
    assert view.queue.key == CART
    assert view.head.title.text() == "Round money once, at the line total"
    assert (view.head.branch.text(), view.head.target.text()) == ("signalbox/0347/cart-totals", "main")
    assert view.head.facts.text() == "3 commits; main is 2 ahead, no textual conflict with it"
    assert [mark.text for mark in view.evidence.marks()] == [
        "43 tests passed",
        "1 file outside scope",
        "2 commands denied",
        "$0.84",
        "2 attempts",
        "price-rules also changed totals.py",
    ]
    assert panel.fact().startswith("4 wait, oldest 51 m")


def the_queue_has_its_sections_in_their_order(view: ReviewView) -> None:
    heads = [row.title for row in view.reviews.rows if isinstance(row, QueueHead)]
    assert heads == ["Waits for review", "Sent back", "In the merge queue", "Merged tonight"]
    waiting = [item.ws_id for item in view.reviews.items(ReviewSection.WAITING)]
    assert waiting == ["cart-totals", "ui-a11y", "unicode-idents", "hints-core"]


def files_stand_under_their_folders_those_outside_the_scope_and_generated_ones_apart(
    view: ReviewView,
) -> None:
    rows = view.side_rows.rows
    captions = [(row.text, row.warns) for row in rows if isinstance(row, SideCaption)]
    assert captions == [("shop/cart", False), ("tests/cart", False), ("outside the scope", True)]
    names = [row.name for row in rows if isinstance(row, SideFile)]
    assert names == [
        "cart.py",
        "money.py",
        "totals.py",
        "test_money.py",
        "test_totals.py",
        "tools/release.py",
    ]
    (folded,) = [row for row in rows if isinstance(row, SideFolded)]
    assert folded.name == "uv.lock"


def test_a_change_is_shown_whole_since_the_last_review_or_of_one_attempt_and_in_words_where_there_is_none(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot, settle: Settle
) -> None:
    a_generated_file_is_folded_until_it_is_to_be_shown_anyway(panel, qtbot, settle)
    the_whole_change_and_what_changed_since_the_last_review_are_two_comparisons(panel, settle)
    one_attempt_can_be_looked_at_alone(panel, settle)
    nothing_changed_since_the_last_review_is_said_in_words(panel, scene, settle)
    the_first_review_offers_no_earlier_one(panel, scene, settle)
    an_unreadable_repository_is_said_in_words(panel, scene, settle)


def a_generated_file_is_folded_until_it_is_to_be_shown_anyway(
    panel: ReviewPanel, qtbot: QtBot, settle: Settle
) -> None:
    panel.reviewing.show_file("uv.lock")
    settle(panel)
    qtbot.waitUntil(lambda: shown_path(panel) == "uv.lock", timeout=PATIENCE_MS)
    diff = panel.view.diff
    assert not diff.area.isVisible()
    assert diff.empty.button.text() == "Show anyway"
    qtbot.mouseClick(diff.empty.button, Qt.MouseButton.LeftButton)
    assert diff.area.isVisible()
    assert diff.area.lines.rows


def the_whole_change_and_what_changed_since_the_last_review_are_two_comparisons(
    panel: ReviewPanel, settle: Settle
) -> None:
    assert len(panel.reviewing.files) == 7
    press(panel, Qt.Key.Key_X)
    settle(panel)
    assert {file.path for file in panel.reviewing.files} == {
        TOTALS, "tests/cart/test_totals.py", "tests/cart/test_money.py", "tools/release.py", "uv.lock",
    }  # fmt: skip
    assert panel.view.head.compared.current == 0


def one_attempt_can_be_looked_at_alone(panel: ReviewPanel, settle: Settle) -> None:
    panel.view.head.attempt_chosen.emit(0)
    settle(panel)
    assert {file.path for file in panel.reviewing.files} == {"shop/cart/money.py", "shop/cart/cart.py"}
    assert panel.view.head.attempt.text() == "Attempt 1 of 2 alone"


def nothing_changed_since_the_last_review_is_said_in_words(
    panel: ReviewPanel, scene: ReviewScene, settle: Settle
) -> None:
    scene.changes["last_seen"] = scene.head
    panel._refresh()
    panel.reviewing.compare(whole=False)
    settle(panel)
    assert "Nothing changed since you looked." in [
        label.text() for label in panel.view.diff.empty.findChildren(QLabel)
    ]


def the_first_review_offers_no_earlier_one(panel: ReviewPanel, scene: ReviewScene, settle: Settle) -> None:
    scene.changes["last_seen"] = None
    panel._refresh()
    settle(panel)
    assert not panel.view.head.compared.isVisible()


def an_unreadable_repository_is_said_in_words(panel: ReviewPanel, scene: ReviewScene, settle: Settle) -> None:
    scene.changes["head"] = "0" * 40
    panel._refresh()
    settle(panel)
    words = [label.text() for label in panel.view.diff.empty.findChildren(QLabel)]
    assert "The change cannot be shown." in words


# --- moving ----------------------------------------------------------------------------------------------------------


def test_keys_move_between_hunks_files_lines_and_reviews(panel: ReviewPanel, qtbot: QtBot) -> None:
    j_and_k_move_between_hunks_and_the_head_says_which(panel)
    n_and_p_move_between_files(panel, qtbot)
    a_text_is_found_in_the_file_and_the_field_says_how_often(panel)
    unchanged_lines_open_twenty_at_a_time(panel, qtbot)
    u_shows_the_sides_below_each_other_and_the_top_line_stays(panel)
    q_shows_the_merge_queue_and_hides_it(panel)
    down_and_up_select_the_next_review_in_the_queue(panel)


def j_and_k_move_between_hunks_and_the_head_says_which(panel: ReviewPanel) -> None:
    assert panel.view.diff.head.hunk.text() == "hunk 1 of 2"
    press(panel, Qt.Key.Key_J)
    assert panel.view.diff.head.hunk.text() == "hunk 2 of 2"
    press(panel, Qt.Key.Key_J)
    assert panel.view.diff.head.hunk.text() == "hunk 2 of 2"
    press(panel, Qt.Key.Key_K)
    assert panel.view.diff.head.hunk.text() == "hunk 1 of 2"


def n_and_p_move_between_files(panel: ReviewPanel, qtbot: QtBot) -> None:
    press(panel, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: shown_path(panel) == "tests/cart/test_money.py", timeout=PATIENCE_MS)
    press(panel, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: shown_path(panel) == TOTALS, timeout=PATIENCE_MS)


def a_text_is_found_in_the_file_and_the_field_says_how_often(panel: ReviewPanel) -> None:
    panel.focus_find()
    search = panel.view.diff.head.search
    assert search.hasFocus()
    QTest.keyClicks(search, "quantize")
    assert panel.view.diff.head.found.text() == "3 found"
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert panel.view.diff.head.found.text() == "1 of 3"
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not search.isVisible()


def unchanged_lines_open_twenty_at_a_time(panel: ReviewPanel, qtbot: QtBot) -> None:
    area = panel.view.diff.area
    hidden = area.lines.hidden(area.lines.rows[0])
    assert hidden > 20
    row = area.lines.row_of_hunk(0)
    assert row is not None
    area.lines_requested.emit(0)
    qtbot.waitUntil(lambda: area.lines.hidden(area.lines.rows[0]) == hidden - 20, timeout=PATIENCE_MS)


def u_shows_the_sides_below_each_other_and_the_top_line_stays(panel: ReviewPanel) -> None:
    area = panel.view.diff.area
    area.verticalScrollBar().setValue(200)
    top = area.lines.anchor(area.verticalScrollBar().value())
    press(panel, Qt.Key.Key_U)
    assert area.lines.unified
    assert not panel.view.diff.captions.isVisible()
    now = area.lines.anchor(area.verticalScrollBar().value())
    assert top is not None
    assert now is not None
    assert now[0] == top[0]
    assert panel.state()["unified"] is True


def q_shows_the_merge_queue_and_hides_it(panel: ReviewPanel) -> None:
    assert not panel.view.merges.isVisible()
    press(panel, Qt.Key.Key_Q)
    assert panel.view.merges.isVisible()
    press(panel, Qt.Key.Key_Q)
    assert not panel.view.merges.isVisible()


def down_and_up_select_the_next_review_in_the_queue(panel: ReviewPanel) -> None:
    queue = panel.view.queue
    queue.setFocus()
    QTest.keyClick(queue, Qt.Key.Key_Down)
    assert queue.key == (RUN, "ui-a11y")
    QTest.keyClick(queue, Qt.Key.Key_Up)
    assert queue.key == CART


# --- comments --------------------------------------------------------------------------------------------------------


def test_c_opens_a_field_below_the_line_and_ctrl_enter_adds_the_comment(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    area = panel.view.diff.area
    row = area.lines.row_of_line((DiffSide.NEW, 38))
    assert row is not None
    area.lines.select(row)
    press(panel, Qt.Key.Key_C)
    editor = editor_of(panel)
    qtbot.waitUntil(editor.hasFocus)
    QTest.keyClicks(editor, "jk: keep the currency")
    assert panel.view.bar.send_back.text() == "Send back with 3 comments"
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ((path, line, text),) = decided(scene, "add_comment")
    assert (path, line.side, line.first, line.last, text) == (
        TOTALS,
        DiffSide.NEW,
        38,
        38,
        "jk: keep the currency",
    )
    assert line.quoted == "        amount = Money.zero(self.currency)"


def test_what_is_being_written_is_text_and_stays_over_events_other_files_and_a_restart(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    panel.reviewing.begin_comment(LINE)
    editor = editor_of(panel)
    qtbot.waitUntil(editor.hasFocus)
    QTest.keyClicks(editor, "asvnq")  # which are keys of the review
    assert editor.toPlainText() == "asvnq"
    assert scene.decided == []
    scene.changes["target_ahead"] = 3
    panel._refresh()
    assert editor_of(panel) is editor
    assert editor.toPlainText() == "asvnq"
    panel.reviewing.show_file("tools/release.py")
    qtbot.waitUntil(lambda: shown_path(panel) == "tools/release.py", timeout=PATIENCE_MS)
    panel.reviewing.show_file(TOTALS)
    qtbot.waitUntil(lambda: shown_path(panel) == TOTALS, timeout=PATIENCE_MS)
    assert editor_of(panel).toPlainText() == "asvnq"
    QTest.keyClick(editor_of(panel), Qt.Key.Key_Escape)
    assert panel.view.diff.area.hasFocus()
    remembered = panel.state()
    panel.reviewing.drafts.drop_all(panel.reviewing.drafts.of(CART))
    panel.restore(remembered)
    panel.reviewing.show_facts()
    assert editor_of(panel).toPlainText() == "asvnq"


def test_a_settled_thread_of_a_viewed_file_is_folded_to_its_head(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    scene.comments = [
        type(one)(
            **{
                **{name: getattr(one, name) for name in one.__slots__},
                "state": CommentState.SETTLED,
                "attempt": 3,
            }
        )
        for one in scene.comments
    ]
    file = panel.reviewing.file
    assert file is not None
    scene.viewed.add((file.path, file.new_blob))
    panel._refresh()
    (card,) = panel.reviewing._cards.values()
    assert card.thread_shown.note == "settled in attempt 3"
    assert card.heightForWidth(600) < 40
    assert card.head.accessibleName().startswith("Unfold the comments on line")
    assert card.head.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert QAccessible.queryAccessibleInterface(card.head).role() is QAccessible.Role.Button
    QTest.keyClick(card.head, Qt.Key.Key_Return)
    assert card.heightForWidth(600) > 40
    assert card.head.accessibleName().startswith("Fold the comments on line")
    QTest.keyClick(card.head, Qt.Key.Key_Space)
    assert card.heightForWidth(600) < 40


def test_a_thread_whose_line_is_not_shown_stands_below_a_hunk_head(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    scene.comments = [*scene.comments, scene._comment(9, TOTALS, 5, "This import is not used.")]
    panel._refresh()
    rows = panel.view.diff.area.lines.rows
    assert [row.kind for row in rows[:2]] == [ShownKind.HUNK, ShownKind.THREAD]


def test_a_comment_that_was_not_sent_can_be_deleted(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    (card,) = panel.reviewing._cards.values()
    (delete,) = [button for button in card.findChildren(QPushButton) if button.text() == "Delete"]
    qtbot.mouseClick(delete, Qt.MouseButton.LeftButton)
    assert decided(scene, "remove_comment") == [1]


# --- decisions -------------------------------------------------------------------------------------------------------


def test_a_file_outside_the_scope_that_has_not_changed_since_the_last_review_has_to_be_viewed_too(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    panel.reviewing.files = [file for file in panel.reviewing.files if file.path != "tools/release.py"]
    panel.reviewing.whole = False
    panel.decisions.show()
    assert not panel.view.bar.approve.isEnabled()
    assert panel.view.bar.reason.text() == "First look at tools/release.py"
    press(panel, Qt.Key.Key_A)
    assert decided(scene, "approve") == []


def test_work_that_is_merged_warns_of_nothing(panel: ReviewPanel, scene: ReviewScene) -> None:
    scene.changes = {"can_decide": False, "state": "completed", "blocked": "cart-totals was merged"}
    panel._refresh()
    panel.view.bar.show()
    assert not panel.view.bar.warning.isVisible()


def test_a_file_outside_the_scope_has_to_be_viewed_before_the_work_is_approved(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    bar = panel.view.bar
    assert not bar.approve.isEnabled()
    assert bar.reason.text() == "First look at tools/release.py"
    assert bar.approve.accessibleDescription() == "First look at tools/release.py"
    press(panel, Qt.Key.Key_A)
    assert decided(scene, "approve") == []
    panel.reviewing.show_file("tools/release.py")
    qtbot.waitUntil(lambda: shown_path(panel) == "tools/release.py", timeout=PATIENCE_MS)
    press(panel, Qt.Key.Key_V)
    panel._refresh()
    assert bar.approve.isEnabled()
    panel._actions.set_observing(True)
    panel._refresh()
    assert not any(button.isEnabled() for button in (bar.approve, bar.send_back, bar.discard))
    assert "only observes" in bar.approve.toolTip()
    panel._actions.set_observing(False)
    assert all(button.isEnabled() for button in (bar.approve, bar.send_back, bar.discard))
    press(panel, Qt.Key.Key_A)
    assert decided(scene, "approve") == [CART]


def test_a_viewed_file_that_changed_since_is_not_viewed_any_more(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    scene.viewed.add((TOTALS, "0" * 40))
    panel._refresh()
    assert not panel.view.diff.head.viewed.isChecked()


def test_v12_work_is_sent_back_with_what_is_being_written_and_not_where_that_is_too_long(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    panel.reviewing.begin_comment(LINE)
    (card,) = [card for card in panel.reviewing._cards.values() if card.editor is not None]
    editor_of(panel).setPlainText("x" * 20_001)
    QTest.keyClick(editor_of(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (card.hint.text(), card.add_button.isEnabled()) == (
        "20,001 characters; 20,000 are the most",
        False,
    )
    press(panel, Qt.Key.Key_S)
    assert scene.decided == []
    editor_of(panel).setPlainText("x" * 20_000)
    assert panel.view.bar.send_back.text() == "Send back with 3 comments"
    press(panel, Qt.Key.Key_S)
    assert [name for name, _ in scene.decided] == ["add_comment", "send_back"]
    assert decided(scene, "send_back") == [(CART, "")]
    assert panel.reviewing.drafts.of(CART) == []


def test_v12_a_comment_on_work_that_has_ended_meanwhile_stays_in_its_field(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    panel.reviewing.begin_comment(LINE)
    editor_of(panel).setPlainText("too late")
    scene.changes |= {"can_decide": False, "takes_comments": False}
    scene.refusal = "It is merged."
    panel._refresh()
    QTest.keyClick(editor_of(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [name for name, _ in scene.decided] == ["add_comment"]  # the engine says why not
    assert [draft.text for draft in panel.reviewing.drafts.of(CART)] == ["too late"]


@pytest.mark.parametrize("sends", [True, False])
def test_v12_words_on_work_that_has_ended_meanwhile_stay_in_their_field(
    panel: ReviewPanel, scene: ReviewScene, *, sends: bool
) -> None:
    scene.comments = []
    panel._refresh()
    if sends:
        panel.decisions.send_back()
    else:
        panel.decisions.comment_in_general()
    panel.view.words.editor.setPlainText("too late")
    scene.changes |= {"can_decide": False, "takes_comments": False}
    scene.refusal = "It is merged."
    panel._refresh()
    QTest.keyClick(panel.view.words.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [name for name, _ in scene.decided] == ["send_back" if sends else "add_comment"]
    assert (panel.view.words.isVisible(), panel.view.words.editor.toPlainText()) == (True, "too late")


def test_v12_words_are_requested_where_there_is_no_comment_and_then_the_focus_is_on_the_work(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    words_that_are_too_long_stay_in_their_field(panel, scene)
    scene.comments = []
    panel._refresh()
    without_a_comment_sending_back_asks_for_words(panel, scene)
    for begin, what in (
        (panel.decisions.send_back, "send_back"),
        (panel.decisions.comment_in_general, "add_comment"),
    ):
        scene.decided.clear()
        begin()
        editor = panel.view.words.editor
        qtbot.waitUntil(editor.hasFocus)
        QTest.keyClicks(editor, "Round it once.")
        QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert [name for name, _ in scene.decided] == [what]
        assert panel.view.diff.area.hasFocus()
    work_that_takes_no_words_is_not_offered_to_be_sent_back(panel, scene)


def work_that_takes_no_words_is_not_offered_to_be_sent_back(panel: ReviewPanel, scene: ReviewScene) -> None:
    scene.comments = []
    scene.changes = {"takes_words": False}
    scene.decided.clear()
    panel._refresh()
    button = panel.view.bar.send_back
    assert not button.isEnabled()
    assert "No step runs a coding tool" in button.toolTip()
    press(panel, Qt.Key.Key_S)
    assert not panel.view.words.isVisible()
    assert decided(scene, "send_back") == [(CART, "")]  # the engine says why not


def words_that_are_too_long_stay_in_their_field(panel: ReviewPanel, scene: ReviewScene) -> None:
    panel.decisions.comment_in_general()
    words = panel.view.words
    words.editor.setPlainText("x" * 20_001)
    QTest.keyClick(words.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (scene.decided, words.isVisible()) == ([], True)
    words.editor.setPlainText("x")
    assert (words.hint.text(), words.send.isEnabled()) == ("For the next prompt", True)
    words.editor.clear()
    QTest.keyClick(words.editor, Qt.Key.Key_Escape)


def without_a_comment_sending_back_asks_for_words(panel: ReviewPanel, scene: ReviewScene) -> None:
    assert panel.view.bar.send_back.text() == "Send back…"
    press(panel, Qt.Key.Key_S)
    words = panel.view.words
    assert words.isVisible()
    assert not words.send.isEnabled()
    QTest.keyClicks(words.editor, "Round it once.")
    QTest.keyClick(words.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert decided(scene, "send_back") == [(CART, "Round it once.")]
    assert not words.isVisible()


def test_discarding_asks_and_says_that_it_can_be_undone(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    qtbot.mouseClick(panel.view.bar.discard, Qt.MouseButton.LeftButton)
    question = panel.decisions.question
    assert question is not None
    assert "Undo brings it back" in question.sentence.text()
    assert decided(scene, "discard") == []
    question.buttons["discard"].click()
    assert decided(scene, "discard") == [CART]


def test_approving_asks_first_about_a_comment_that_was_typed_and_not_added(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    panel.reviewing.show_file("tools/release.py")
    qtbot.waitUntil(lambda: shown_path(panel) == "tools/release.py", timeout=PATIENCE_MS)
    press(panel, Qt.Key.Key_V)
    panel._refresh()
    panel.reviewing.drafts.begin(CART, None, None).text = " Round it once. "
    found = []
    for answer in ("cancel", "without", "add"):
        qtbot.mouseClick(panel.view.bar.approve, Qt.MouseButton.LeftButton)
        question = panel.decisions.question
        assert question is not None
        assert question.sentence.text().startswith("1 comment was typed and not added.")
        question.buttons[answer].click()
        found.append([name for name, _ in scene.decided if name in {"approve", "add_comment"}])
    assert found == [[], ["approve"], ["approve", "add_comment", "approve"]]
    assert decided(scene, "add_comment") == [(None, None, "Round it once.")]
    assert not panel.reviewing.drafts.written(CART)
    qtbot.mouseClick(panel.view.bar.approve, Qt.MouseButton.LeftButton)
    assert decided(scene, "approve") == [CART, CART, CART]


def test_what_blocks_the_merge_stands_beside_the_button(panel: ReviewPanel, scene: ReviewScene) -> None:
    release = next(file for file in panel.reviewing.files if file.path == "tools/release.py")
    scene.viewed.add((release.path, release.new_blob))
    scene.changes |= {"blocked": "main has moved; checking", "blocked_state": "running"}
    panel._refresh()
    assert panel.view.bar.reason.text() == "main has moved; checking"
    assert panel.view.bar.glyph.isVisible()
    assert not panel.view.bar.warning.isVisible()


def test_the_merge_queue_acts_on_its_merges_and_opens_once_when_a_conflict_arrives(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    a_verb_of_the_merge_queue_acts_on_its_merge(panel, scene, qtbot)
    scene.decided.clear()
    a_held_merge_is_released_and_the_first_of_its_queue_cannot_move_up(panel, scene)
    panel.toggle_merges()
    assert not panel.view.merges.isVisible()
    the_merge_queue_opens_by_itself_once_when_a_conflict_arrives(panel, scene)


def a_verb_of_the_merge_queue_acts_on_its_merge(panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot) -> None:
    panel.toggle_merges()
    rows = panel.view.merges.view
    index = panel.view.merges.model.index(1, 0)
    rect = rows.visualRect(index)
    take_out, move_up, hold = rows._delegate.buttons(index.data(257), rect)
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.RightButton, pos=take_out.rect.center())
    qtbot.mousePress(rows.viewport(), Qt.MouseButton.LeftButton, pos=hold.rect.center())
    qtbot.mouseRelease(rows.viewport(), Qt.MouseButton.LeftButton, pos=take_out.rect.center())
    assert scene.decided == []
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=take_out.rect.center())
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=move_up.rect.center())
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=hold.rect.center())
    assert scene.decided == [
        ("take_out", (RUN, "recovery")),
        ("move_up", ((RUN, "recovery"), (RUN, "price-rules"))),
        ("hold", (RUN, "recovery")),
    ]


def a_held_merge_is_released_and_the_first_of_its_queue_cannot_move_up(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    held = replace(scene.merges[1], held=True, ahead=None)
    assert [verb.label for verb in verbs_of(held)] == ["Release", "Take out"]
    panel.decisions.carry_out("release", held)
    panel.decisions.carry_out("move_up", held)
    assert scene.decided == [("release", (RUN, "recovery"))]


def sending_back_is_refused_in_the_row_of_work_that_takes_no_words(
    panel: ReviewPanel, conflict: MergeLine
) -> None:
    rows, rect = panel.view.merges.view, QRect(0, 0, 900, 32)
    for takes_words, reason in ((True, ""), (False, WORDLESS)):
        line = replace(conflict, takes_words=takes_words)
        reasons = {one.button.command: one.reason for one in rows._delegate.buttons(line, rect)}
        assert reasons == {"send_back": reason, "compare": ""}


def the_merge_queue_opens_by_itself_once_when_a_conflict_arrives(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    conflict = replace(scene.merges[0], merge_id=3, state=MergeState.CONFLICT, word="Conflict")
    scene.merges = [*scene.merges, conflict]
    panel._refresh()
    assert panel.view.merges.isVisible()
    sending_back_is_refused_in_the_row_of_work_that_takes_no_words(panel, conflict)
    panel.toggle_merges()
    panel._refresh()
    assert not panel.view.merges.isVisible()


def test_the_ages_of_what_waits_go_on_though_nothing_changes(panel: ReviewPanel, qtbot: QtBot) -> None:
    later = panel.view.queue._delegate.now + 600
    panel.view.queue._clock = lambda: later
    panel._ages.timeout.emit()
    qtbot.waitUntil(lambda: panel.view.queue._delegate.now == later)


def test_without_the_queue_beside_it_work_that_is_merged_still_leads_to_what_waits(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    panel.resize(1014, 640)
    scene.items = [scene.items[1], replace(scene.items[0], section=ReviewSection.MERGED)]
    panel._refresh()
    assert panel.view.head.place.text() == "1 to review"
    assert panel.view.head.following.isVisible()


# --- room, focus, plain text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1590, 1270, 1014, 700, 560, 480])
@pytest.mark.parametrize("comments", [0, 12])
def test_at_every_width_the_buttons_of_the_decision_are_whole_and_the_reason_can_be_read(
    panel: ReviewPanel, width: int, comments: int, qtbot: QtBot
) -> None:
    panel.resize(width, 800)
    bar = panel.view.bar
    bar.show_queue(3, "would be 4th; price-rules goes first and touches the same file", is_open=False)
    bar.show_comments(comments)
    bar.show_decision("First look at tools/release.py", "timeout", can_decide=True)
    qtbot.waitUntil(lambda: bar.width() == bar.parentWidget().width())
    QApplication.processEvents()
    for part in (bar.queue, bar.discard, bar.send_back, bar.reason, bar.approve):
        assert part.width() >= part.sizeHint().width(), part.text()
        assert bar.rect().contains(part.geometry()), part.text()
    assert bar.approve.accessibleName() == "Approve and merge"


@pytest.mark.parametrize(
    ("width", "queue", "files", "sides"),
    [(1590, 300, True, True), (1270, 260, False, True), (1014, 0, False, False)],
)
def test_what_gives_way_first(
    panel: ReviewPanel, width: int, queue: int, *, files: bool, sides: bool, qtbot: QtBot
) -> None:
    panel.resize(width, 740)
    qtbot.waitUntil(lambda: panel.view.width() == width)
    view = panel.view
    assert view.queue.isVisible() == bool(queue)
    assert not queue or view.queue.width() == queue
    assert view.files.isVisible() == files
    assert view.diff.head.files.isVisible() != files
    assert view.diff.area.lines.unified != sides
    assert view.head.form.isVisible() == sides
    assert view.bar.approve.isVisible()
    assert view.bar.reason.text() == "First look at tools/release.py"
    if not queue:
        assert view.head.place.text() == "review 1 of 4"
        assert view.bar.send_back.text() == "Send back 2"
    if not files:
        assert view.diff.head.files.text() == "File 3 of 7"


def test_the_focus_goes_through_the_parts_in_reading_order(panel: ReviewPanel) -> None:
    view = panel.view
    order: list[QWidget] = [view.queue, view.head.attempt, view.head.compared, view.head.form, view.evidence]
    order += [
        view.files,
        view.diff.head.viewed,
        view.diff.head.next,
        view.diff.area,
        view.bar.queue,
        view.bar.discard,
    ]
    order.append(view.bar.send_back)
    view.queue.setFocus()
    met = []
    for _ in range(40):
        now = QApplication.focusWidget()
        if now in order and now not in met:
            met.append(now)
        assert now is None or now.accessibleName() or now.property("text"), now
        QTest.keyClick(now or view, Qt.Key.Key_Tab)
    assert met == order


def test_names_and_contents_of_files_are_never_markup(panel: ReviewPanel, scene: ReviewScene) -> None:
    scene.changes |= {"title": "<b>Round</b>", "branch": "<img src=x>"}
    panel._refresh()
    assert panel.view.head.title.text() == "<b>Round</b>"
    labels = panel.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels if label.text())
    panel.reviewing.begin_comment(LINE)
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in panel.findChildren(QLabel) if label.text()
    )


def test_everything_in_a_review_has_a_name_for_screen_readers(panel: ReviewPanel) -> None:
    panel.reviewing.begin_comment(LINE)
    found = faults(list(nodes(panel)))
    assert not found, "\n".join(found)


def test_a_row_says_everything_to_a_screen_reader(panel: ReviewPanel) -> None:
    model = panel.view.reviews
    text = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert text == (
        "Round money once, at the line total, waits for review 51 minutes, 43 tests passed, "
        "1 file outside scope, 2 commands denied, 84 cents, 2 attempts, price-rules also changed totals.py"
    )


def test_v12_a_cost_that_is_estimated_is_called_so_in_the_row_the_strip_and_to_a_screen_reader(
    panel: ReviewPanel, scene: ReviewScene
) -> None:
    evidence = scene.items[0].evidence
    assert evidence is not None
    guessed = replace(evidence, cost=Cost(0.21, CostSource.ESTIMATED))
    scene.items = [replace(scene.items[0], evidence=guessed), *scene.items[1:]]
    panel._refresh()
    model = panel.view.reviews
    assert "about $0.21" in [mark.text for mark in queue_marks(guessed)]
    assert "about $0.21" in [mark.text for mark in panel.view.evidence.marks()]
    assert ", about 21 cents, " in model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.0, ""), (0.004, "0.1 s"), (0.4, "0.4 s"), (0.99, "1 s"), (61.0, "1 m")],
)
def test_v12_work_of_less_than_a_second_is_not_called_nothing(seconds: float | None, words: str) -> None:
    assert worked(EvidenceSummary(attempts=1, worked_s=seconds)) == words


def test_v12_beside_the_other_side_the_note_of_a_comment_is_whole(panel: ReviewPanel, qtbot: QtBot) -> None:
    panel.reviewing.begin_comment(LINE)
    editor = editor_of(panel)
    qtbot.waitUntil(editor.hasFocus)
    (card,) = [card for card in panel.reviewing._cards.values() if card.editor is not None]
    (note,) = [label for label in card.findChildren(PlainLabel) if "prompt" in label.text()]
    assert not panel.view.diff.area.lines.unified
    assert note.width() >= note.fontMetrics().horizontalAdvance(note.text())


def test_the_current_line_is_said_to_a_screen_reader(panel: ReviewPanel) -> None:
    area = panel.view.diff.area
    row = area.lines.row_of_line((DiffSide.NEW, 42))
    assert row is not None
    area.go_to(row)
    assert area.accessibleDescription() == "added, line 42, amount += line.total().quantize()"


def test_both_halves_scroll_sideways_together(panel: ReviewPanel) -> None:
    area = panel.view.diff.area
    panel.resize(1200, 700)
    area.horizontalScrollBar().setValue(30)
    frame = area._frame()
    assert frame.scrolled == area.horizontalScrollBar().value()


def test_the_overview_of_a_review_is_scrolled_by_keyboard(panel: ReviewPanel) -> None:
    panel.resize(1200, 300)
    bar, overview = panel.view.diff.area.verticalScrollBar(), panel.view.diff.overview
    assert overview.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bar.maximum() > 0
    QTest.keyClick(overview, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    QTest.keyClick(overview, Qt.Key.Key_Up)
    assert bar.value() < bar.maximum()
    QTest.keyClick(overview, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(overview, Qt.Key.Key_Down)
    assert bar.value() > 0


def test_a_press_on_a_line_number_asks_for_a_comment_there(panel: ReviewPanel, qtbot: QtBot) -> None:
    area = panel.view.diff.area
    row = area.lines.row_of_line((DiffSide.NEW, 38))
    assert row is not None
    at = QPoint(
        area.viewport().width() // 2 + 10, area.lines.places.top(row) - area.verticalScrollBar().value() + 8
    )
    qtbot.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=at)
    (card,) = [card for card in panel.reviewing._cards.values() if card.editor is not None]
    assert card.place == (DiffSide.NEW, 38)


def test_only_the_rows_in_view_are_painted(panel: ReviewPanel) -> None:
    hunk = Hunk(
        old_start=0,
        old_count=0,
        new_start=1,
        new_count=20_000,
        rows=[DiffRow(RowKind.ADDED, None, number, f"value = {number}") for number in range(1, 20_001)],
    )
    file = FileChange(path="large.py", letter=ChangeLetter.ADDED, added=20_000)
    diff = panel.view.diff
    diff.show_file(FilePatch(file=file, hunks=[hunk]), FileColours())
    diff.area.viewport().repaint()
    in_view = diff.area.viewport().height() // ROW + 2
    assert 0 < len(diff.area.painter._texts) <= in_view
    diff.area.verticalScrollBar().setValue(diff.area.verticalScrollBar().maximum())
    diff.area.viewport().repaint()
    assert len(diff.area.painter._texts) <= 2 * in_view
    assert diff.area.lines.places.height == HUNK_HEAD + 20_000 * ROW


def test_v12_what_happens_elsewhere_makes_the_rows_of_a_long_file_not_again(panel: ReviewPanel) -> None:
    rows = panel.view.diff.area.lines.rows
    panel._refresh()
    panel._refresh()
    assert panel.view.diff.area.lines.rows is rows


def test_v12_a_whole_review_is_done_by_the_keyboard(
    panel: ReviewPanel, scene: ReviewScene, qtbot: QtBot
) -> None:
    press(panel, Qt.Key.Key_J)
    press(panel, Qt.Key.Key_C)
    qtbot.waitUntil(editor_of(panel).hasFocus)
    QTest.keyClicks(editor_of(panel), "Round once.")
    QTest.keyClick(editor_of(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert panel.view.diff.area.hasFocus()
    for answer in ("keep", "discard"):
        press(panel, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
        question = panel.decisions.question
        assert question is not None
        assert question.buttons["keep"].hasFocus()
        if answer == "discard":
            QTest.keyClick(question.buttons["keep"], Qt.Key.Key_Tab)
        QTest.keyClick(question.buttons[answer], Qt.Key.Key_Return)
        assert panel.view.diff.area.hasFocus()
    assert [name for name, _ in scene.decided] == ["add_comment", "discard"]


def test_v12_the_focus_is_visible_wherever_it_is(panel: ReviewPanel) -> None:
    view = panel.view
    view.open_merges(shown=True)
    for part in (view.diff.area, view.queue, view.files, view.merges.view):
        view.diff.area.lines.select(-1)
        part.setFocus(Qt.FocusReason.TabFocusReason)
        focused = part.viewport().grab().toImage()
        view.head.form.setFocus(Qt.FocusReason.TabFocusReason)
        assert focused != part.viewport().grab().toImage(), part
