"""A person reviews what is recorded: finished work with its evidence, comments and decisions, from the event feed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.errors import CommandRefusedError, SignalboxError
from engine.host.commands import EngineCommand
from engine.host.review_commands import ReviewCommand, SeenWorkstream
from engine.host.review_runner import ReviewRunner
from engine.state_store.job_state_store import JobStateStore
from gui.panels.review.diff_lines import Line
from gui.panels.review.engine_reviews import EngineReviews
from gui.panels.review.review_panel import ReviewPanel
from gui.panels.review.review_records import ReviewSection
from gui.panels.review.stored_reviews import StoredReviews
from gui.panels.review.thread_card import ThreadCard
from gui.widgets.painted_button import always_usable
from state.records import ReviewState
from state.worktree_records import CommentState, DiffSide, ReviewComment
from tests.gui.panels.review.conftest import TOTALS
from tests.gui.window_parts import WindowParts
from tests.helpers.finished_work import FinishedWork
from tests.helpers.patience import PATIENCE_MS

KEY = ("r1", "cart")
Settle = Callable[[ReviewPanel], None]


@pytest.fixture
def store(parts: WindowParts) -> Iterator[JobStateStore]:
    made = JobStateStore(home=parts.home)
    yield made
    made.close()


@pytest.fixture
def work(store: JobStateStore, repository: tuple[Path, str, str, str]) -> FinishedWork:
    """Finished work on the repository: its tests passed, and one command was denied."""
    folder, base, _seen, head = repository
    made = FinishedWork(store, repo=str(folder), base=base)
    made.end("edit", denied=["git push origin HEAD"])
    made.end("test", tests={"passed": 43, "failed": 0, "errors": 0})
    made.commit(head)
    return made


@pytest.fixture
def reviewed(
    empty: ReviewPanel,
    parts: WindowParts,
    work: FinishedWork,
    qtbot: QtBot,
    settle: Settle,
) -> ReviewPanel:
    """The panel over that work; what is decided is carried out, and read from the events."""
    runner = ReviewRunner(work.store.reviews)

    def send(command: EngineCommand) -> None:
        assert isinstance(command, ReviewCommand)
        runner.carry_out(command)
        parts.follow()

    assert work.stream.review is ReviewState.WAITING
    parts.follow()

    def send_text(command: EngineCommand, then: Callable[[str], None]) -> None:
        try:
            send(command)
        except SignalboxError as error:
            then(str(error))
        else:
            then("")

    empty.decisions.use(EngineReviews(send, send_text))
    empty.show()
    qtbot.waitExposed(empty)
    settle(empty)
    qtbot.waitUntil(lambda: bool(empty.reviewing.files), timeout=PATIENCE_MS)
    settle(empty)
    return empty


def show_totals(panel: ReviewPanel, qtbot: QtBot) -> None:
    panel.reviewing.show_file(TOTALS)
    qtbot.waitUntil(
        lambda: panel.view.diff.patch is not None and panel.view.diff.patch.file.path == TOTALS,
        timeout=PATIENCE_MS,
    )


def test_finished_work_comes_with_its_diff_and_its_evidence(reviewed: ReviewPanel) -> None:
    view = reviewed.view
    assert view.queue.key == KEY
    assert view.head.title.text() == "Round money once"
    assert view.head.branch.text() == "signalbox/r1/cart"
    assert len(reviewed.reviewing.files) == 7
    marks = [mark.text for mark in view.evidence.marks()]
    assert "43 tests passed" in marks
    assert "1 command denied" in marks
    assert view.head.facts.text().startswith("2 commits")
    assert view.bar.approve.isEnabled()


def test_a_comment_is_stored_and_shown_where_it_was_made(
    reviewed: ReviewPanel, qtbot: QtBot, settle: Settle
) -> None:
    show_totals(reviewed, qtbot)
    settle(reviewed)
    reviewed.reviewing.begin_comment(Line(DiffSide.NEW, 38, 38, "        amount = Money.zero(self.currency)"))
    (card,) = [card for card in reviewed.reviewing._cards.values() if card.editor is not None]
    assert card.editor is not None
    card.editor.setPlainText("Keep the currency.")
    card.editor.submitted.emit()
    settle(reviewed)
    work = reviewed.reviewing.work
    assert work is not None
    ((comment),) = work.comments
    assert (comment.path, comment.line, comment.text, comment.state) == (
        TOTALS, 38, "Keep the currency.", CommentState.DRAFT,
    )  # fmt: skip
    assert reviewed.view.bar.send_back.text() == "Send back with 1 comment"


def test_v12_a_text_that_the_engine_refuses_is_in_its_field_again(
    reviewed: ReviewPanel, work: FinishedWork, qtbot: QtBot, settle: Settle
) -> None:
    show_totals(reviewed, qtbot)
    settle(reviewed)
    words, drafts = reviewed.view.words, reviewed.reviewing.drafts
    work.store.reviews.discard(SeenWorkstream(*KEY))  # by somebody else: the window has not heard of it
    reviewed.decisions.send_back()
    words.editor.setPlainText("Round once.")
    words.send.click()
    assert (words.isVisible(), words.editor.toPlainText()) == (True, "Round once.")
    reviewed.reviewing.begin_comment(Line(DiffSide.NEW, 38, 38, ""))
    for text in ("Keep the currency.", "Keep the currency. Really."):  # as often as it is tried
        [editor] = [card.editor for card in reviewed.reviewing._cards.values() if card.editor is not None]
        editor.setPlainText(text)
        editor.submitted.emit()
        assert [draft.text for draft in drafts.of(KEY)] == ["Round once.", text]
    work.store.reviews.restore(SeenWorkstream(*KEY))
    reviewed.decisions.send_back()
    assert drafts.of(KEY) == []
    assert drafts.to_json() == []
    assert work.stream.review is not ReviewState.WAITING


def test_v14_a_comment_that_was_sent_back_shows_what_came_of_it_and_is_settled_and_opened_again(
    reviewed: ReviewPanel,
    work: FinishedWork,
    repository: tuple[Path, str, str, str],
    parts: WindowParts,
    *,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    _folder, _base, seen, head = repository
    for number, line in enumerate((2, 38), 1):  # only the second one was another line at `seen`
        draft = ReviewComment(id=0, run_id="r1", ws_id="cart", text=f"No. {number}", path=TOTALS, commit=seen)
        work.store.reviews.add_comment(replace(draft, line=line, last_line=line))
    work.store.reviews.send_back(SeenWorkstream(*KEY))
    work.end("edit", answer="Rounded once;\n`test_three_lines` covers it.")
    work.end("test")
    work.commit(head)
    parts.follow()
    settle(reviewed)
    show_totals(reviewed, qtbot)
    settle(reviewed)

    def cards() -> list[ThreadCard]:
        qtbot.waitUntil(lambda: len(reviewed.reviewing._cards) == 2, timeout=PATIENCE_MS)
        return list(reviewed.reviewing._cards.values())

    assert [card.thread_shown.note for card in cards()] == [
        "attempt 2 worked on it, the line is as it was",
        "attempt 2 worked on it, the line has changed",
    ]
    assert [message.text for message in cards()[1].thread_shown.messages] == [
        "No. 2", "Rounded once; `test_three_lines` covers it.",
    ]  # fmt: skip
    (button,) = [one for one in cards()[1].findChildren(QPushButton) if one.text() == "Settle"]
    button.click()
    settle(reviewed)
    assert cards()[1].thread_shown.note == "settled in attempt 2"
    assert states_of(reviewed) == [CommentState.SENT, CommentState.SETTLED]
    area = reviewed.view.diff.area
    area.go_to_line(cards()[1].place)
    QTest.keyClick(area, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    settle(reviewed)
    assert states_of(reviewed) == [CommentState.SENT, CommentState.SENT]


def states_of(panel: ReviewPanel) -> list[CommentState]:
    work = panel.reviewing.work
    return [] if work is None else [comment.state for comment in work.comments]


def test_approved_work_leaves_the_list_of_what_waits(reviewed: ReviewPanel, settle: Settle) -> None:
    reviewed.decisions.approve()
    settle(reviewed)
    assert reviewed.view.reviews.items(ReviewSection.WAITING) == []
    [item] = reviewed.view.reviews.items(ReviewSection.MERGING)
    assert item.key == KEY
    assert item.sentence.startswith("waiting for its turn in ")
    assert not reviewed.view.bar.approve.isVisible()


def test_work_that_was_sent_back_is_listed_as_such_with_how_it_is_getting_on(
    reviewed: ReviewPanel, work: FinishedWork, parts: WindowParts, settle: Settle
) -> None:
    reviewed.decisions.send_back()
    reviewed.view.words.editor.setPlainText("Round once, please.")
    reviewed.view.words.editor.submitted.emit()
    settle(reviewed)
    assert work.stream.review is ReviewState.WORKING
    [item] = reviewed.view.reviews.items(ReviewSection.SENT_BACK)
    assert (item.key, item.state, item.sentence) == (KEY, "queued", "is queued")
    work.end("edit", success=False)
    parts.follow()
    settle(reviewed)
    [item] = reviewed.view.reviews.items(ReviewSection.SENT_BACK)
    assert (item.state, item.sentence) == ("failed", "failed")
    assert reviewed.reviewing.work is not None
    assert reviewed.reviewing.work.state == "failed"


def test_v12_discarded_work_is_listed_as_such_and_restored_from_there(
    reviewed: ReviewPanel, work: FinishedWork, settle: Settle, qtbot: QtBot
) -> None:
    reviewed.decisions.discard()
    assert reviewed.decisions.question is not None
    reviewed.decisions.question.buttons["discard"].click()
    settle(reviewed)
    reviews, queue = reviewed.view.reviews, reviewed.view.queue
    assert reviews.items(ReviewSection.WAITING) == []
    [item] = reviews.items(ReviewSection.DISCARDED)
    row = queue.visualRect(reviews.index(reviews.row_of(KEY) or 0))
    button = queue._delegate.button(item, row)
    assert button is not None
    qtbot.mousePress(queue.viewport(), Qt.MouseButton.LeftButton, pos=row.topLeft())
    qtbot.mouseRelease(queue.viewport(), Qt.MouseButton.LeftButton, pos=button.rect.center())
    settle(reviewed)
    assert reviews.items(ReviewSection.WAITING) == []
    queue.explain_buttons(lambda _command: "not now")
    qtbot.mouseClick(queue.viewport(), Qt.MouseButton.LeftButton, pos=button.rect.center())
    settle(reviewed)
    assert reviews.items(ReviewSection.WAITING) == [], "a button that is not usable does nothing"
    queue.explain_buttons(always_usable)
    queue.setCurrentIndex(reviews.index(reviews.row_of(KEY) or 0))
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    settle(reviewed)
    assert work.stream.review is ReviewState.WAITING
    assert [one.key for one in reviews.items(ReviewSection.WAITING)] == [KEY]


def test_v12_discarded_work_that_is_still_looked_at_can_be_restored_there(
    reviewed: ReviewPanel, work: FinishedWork, settle: Settle, qtbot: QtBot
) -> None:
    bar = reviewed.view.bar
    assert not bar.restore.isVisible()
    reviewed.decisions.discard()
    assert reviewed.decisions.question is not None
    reviewed.decisions.question.buttons["discard"].click()
    settle(reviewed)
    assert (bar.restore.isVisible(), bar.discard.isVisible()) == (True, False)
    qtbot.mouseClick(bar.restore, Qt.MouseButton.LeftButton)
    settle(reviewed)
    assert work.stream.review is ReviewState.WAITING
    assert [item.key for item in reviewed.view.reviews.items(ReviewSection.WAITING)] == [KEY]
    assert (bar.restore.isVisible(), bar.discard.isVisible()) == (False, True)
    assert reviewed.view.diff.area.hasFocus()


def test_a_viewed_mark_is_stored_for_this_content(
    reviewed: ReviewPanel, qtbot: QtBot, settle: Settle
) -> None:
    show_totals(reviewed, qtbot)
    settle(reviewed)
    reviewed.view.diff.head.viewed.click()
    settle(reviewed)
    work, file = reviewed.reviewing.work, reviewed.reviewing.file
    assert work is not None
    assert file is not None
    assert work.is_viewed(file)


def test_the_next_review_shows_what_changed_since_the_last_one(
    reviewed: ReviewPanel,
    work: FinishedWork,
    repository: tuple[Path, str, str, str],
    parts: WindowParts,
    settle: Settle,
) -> None:
    _folder, _base, seen, head = repository
    reported = {"event_type": "worktree.made", "message": "The branch of cart moved."}
    work.ledger.worktrees.change(*KEY, head=seen, **reported)
    parts.follow()
    settle(reviewed)
    assert len(reviewed.reviewing.files) == 2
    reviewed.decisions.send_back()
    reviewed.view.words.editor.setPlainText("Round once, please.")
    reviewed.view.words.editor.submitted.emit()
    work.end("edit")
    work.end("test")
    work.commit(head)
    parts.follow()
    settle(reviewed)
    assert work.stream.review is ReviewState.WAITING
    reviewed.reviewing.compare(whole=False)
    settle(reviewed)
    assert len(reviewed.reviewing.files) == 5


def test_v12_many_reviews_are_read_a_few_at_a_time_so_that_the_window_never_waits_for_all(
    parts: WindowParts, store: JobStateStore
) -> None:
    for number in range(3):
        FinishedWork(store, run_id=f"r{number}", ws_id=f"cart-{number}").done()
    parts.follow()
    reviews = StoredReviews(
        parts.projection, parts.selection, parts.sources, clock=parts.clock, read_for_s=0.0
    )
    asked_again: list[bool] = []
    reviews.changed.connect(lambda: asked_again.append(True))
    known = []
    for _ in range(3):
        items = reviews.queue().items
        assert [item.section for item in items] == [ReviewSection.WAITING] * 3
        known.append(sum(item.evidence is not None for item in items))
    assert known == [1, 2, 3]
    assert len(asked_again) == 2


def test_only_work_with_a_step_of_a_coding_tool_takes_words(
    parts: WindowParts, store: JobStateStore, qtbot: QtBot
) -> None:
    make = {"job_id": "make", "tool": "shell", "command": {"exe": "true"}}
    FinishedWork(store).done()
    FinishedWork(store, run_id="r2", steps=[make]).done()
    parts.follow()
    reviews = StoredReviews(parts.projection, parts.selection, parts.sources, clock=parts.clock)

    def takes_words(run_id: str) -> bool:
        work = reviews.work((run_id, "cart"))
        assert work is not None
        qtbot.waitUntil(lambda: _is_read(reviews, run_id), timeout=PATIENCE_MS)
        return work.takes_words

    assert takes_words("r1")
    assert not takes_words("r2")


def _is_read(reviews: StoredReviews, run_id: str) -> bool:
    work = reviews.work((run_id, "cart"))
    return work is not None and not work.reading


@pytest.fixture
def outside(store: JobStateStore, repository: tuple[Path, str, str, str]) -> FinishedWork:
    """Finished work all of which is outside of its scope."""
    folder, base, _seen, head = repository
    edit = {"job_id": "edit", "tool": "claude", "prompt": "Round once.", "files": ["elsewhere/**"]}
    made = FinishedWork(store, steps=[edit], repo=str(folder), base=base)
    made.end("edit")
    made.commit(head)
    return made


def test_v10_the_window_names_what_must_be_viewed_whatever_it_compares(
    empty: ReviewPanel,
    parts: WindowParts,
    outside: FinishedWork,
    qtbot: QtBot,
    settle: Settle,
) -> None:
    sent: list[EngineCommand] = []
    parts.follow()
    empty.decisions.use(EngineReviews(sent.append, lambda command, _then: sent.append(command)))
    empty.show()
    settle(empty)
    qtbot.waitUntil(lambda: bool(empty.reviewing.files), timeout=PATIENCE_MS)
    work = empty.reviewing.work
    assert work is not None
    assert {path for path, _ in work.to_view} == {file.path for file in empty.reviewing.files}
    empty.reviewing.compare(whole=False)
    empty.decisions.approve()
    assert not sent
    EngineReviews(sent.append, lambda command, _then: sent.append(command)).approve(work)
    with pytest.raises(CommandRefusedError, match="outside the scope"):
        ReviewRunner(outside.store.reviews).carry_out(_review_command(sent[0]))
    assert outside.stream.review is ReviewState.WAITING


def _review_command(command: EngineCommand) -> ReviewCommand:
    assert isinstance(command, ReviewCommand)
    return command
