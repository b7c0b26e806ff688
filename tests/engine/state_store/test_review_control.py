"""What people decide on finished work is carried out as a whole, or refused in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.state_store.job_state_store import JobStateStore
from engine.state_store.review_control import SeenWorkstream
from state import worktree_queries
from state.database_reader import DatabaseReader
from state.records import GroupStatus, JobStatus, ReviewState, Run
from state.worktree_records import CommentState, DiffSide, Merge, MergeState, ReviewComment, ViewedFile
from state.write_comments import CommentRefusedError
from state.write_merges import MergeUnderWayError
from state.write_reviews import ReviewRefusedError
from tests.helpers.finished_work import HEAD, FinishedWork

CART = SeenWorkstream("r1", "cart")
OTHER_HEAD = "c" * 40


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    made = JobStateStore(tmp_path / "signalbox.db")
    yield made
    made.close()


@pytest.fixture
def reader(store: JobStateStore) -> Iterator[DatabaseReader]:
    made = DatabaseReader(store.database, busy_ms=2_000)
    yield made
    made.close()


@pytest.fixture
def work(store: JobStateStore) -> FinishedWork:
    return FinishedWork(store).done()


def run_of(store: JobStateStore) -> Run:
    found = store.get_run("r1")
    assert found is not None
    return found


def merges(reader: DatabaseReader) -> list[Merge]:
    return reader.read(worktree_queries.merges_in)


def comments(reader: DatabaseReader) -> list[ReviewComment]:
    return reader.read(worktree_queries.comments_of, "r1", "cart")


def on_line(text: str = "Round here.", line: int = 45, path: str = "cart/totals.py") -> ReviewComment:
    return ReviewComment(
        id=0, run_id="r1", ws_id="cart", text=text, path=path, line=line, commit=HEAD, quoted="total += price"
    )


def test_v6_work_whose_steps_are_done_waits_for_review(store: JobStateStore, work: FinishedWork) -> None:
    assert (work.stream.review, work.stream.status) == (ReviewState.WAITING, GroupStatus.REVIEW)
    assert work.stream.waits_since is not None
    assert run_of(store).status is GroupStatus.REVIEW


def test_v6_approved_work_is_in_the_merge_queue_of_its_target_at_once(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    assert store.reviews.approve(CART) == SeenWorkstream("r1", "cart", HEAD)
    assert (work.stream.review, work.stream.status) == (ReviewState.APPROVED, GroupStatus.MERGING)
    assert run_of(store).status is GroupStatus.MERGING
    [merge] = merges(reader)
    assert (merge.key, merge.target, merge.head, merge.state) == (
        ("r1", "cart"), "main", HEAD, MergeState.WAITING,
    )  # fmt: skip


def test_v6_an_approval_is_withdrawn_and_given_again(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    store.reviews.approve(CART)
    store.reviews.withdraw(CART)
    assert work.stream.review is ReviewState.WAITING
    store.reviews.approve(CART)
    assert [merge.state for merge in merges(reader)] == [MergeState.WITHDRAWN, MergeState.WAITING]


def test_v6_an_approval_is_not_withdrawn_while_its_target_is_being_moved(
    store: JobStateStore, work: FinishedWork
) -> None:
    store.reviews.approve(CART)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE merges SET state = 'checking', result = 'abc'")
    for take_out in (store.reviews.withdraw, store.reviews.discard):
        with pytest.raises(MergeUnderWayError, match="main is being moved"):
            take_out(CART)
    with pytest.raises(MergeUnderWayError, match="main is being moved"):
        store.job_control.retry("edit")
    assert work.stream.review is ReviewState.APPROVED


def test_v6_work_that_needs_no_review_is_in_the_merge_queue_when_its_steps_are_done(
    store: JobStateStore, reader: DatabaseReader
) -> None:
    work = FinishedWork(store, needs_review=False).done(head=None)
    assert work.stream.review is ReviewState.APPROVED
    assert [merge.head for merge in merges(reader)] == [""]


def test_v6_work_without_a_target_waits_for_a_person_who_names_one(
    store: JobStateStore, reader: DatabaseReader
) -> None:
    work = FinishedWork(store, needs_review=False, target=None).done()
    assert work.stream.review is ReviewState.WAITING
    with pytest.raises(ReviewRefusedError, match="Nothing says which branch"):
        store.reviews.approve(CART)
    store.reviews.approve(CART, target="main")
    assert [merge.target for merge in merges(reader)] == ["main"]


def test_v6_what_another_person_has_not_seen_is_not_approved(
    store: JobStateStore, work: FinishedWork
) -> None:
    work.commit(OTHER_HEAD)
    store.reviews.add_comment(on_line())
    for decide in (store.reviews.approve, store.reviews.discard, store.reviews.send_back):
        with pytest.raises(ReviewRefusedError, match="has changed since you looked at it"):
            decide(CART._replace(head=HEAD))
    assert work.stream.review is ReviewState.WAITING
    store.reviews.approve(CART._replace(head=OTHER_HEAD))


def test_v6_work_that_is_not_committed_yet_is_not_approved(store: JobStateStore) -> None:
    FinishedWork(store).done(head=None)
    with pytest.raises(ReviewRefusedError, match="not committed on its branch yet"):
        store.reviews.approve(CART)


def test_v6_a_second_person_who_approves_hears_that_it_is_in_the_queue(
    store: JobStateStore, work: FinishedWork
) -> None:
    store.reviews.approve(CART)
    with pytest.raises(ReviewRefusedError, match="r1/cart is in the merge queue, and only one that waits"):
        store.reviews.approve(CART)
    assert work.stream.review is ReviewState.APPROVED


def test_v6_work_that_is_still_under_way_or_failed_is_refused_in_words(store: JobStateStore) -> None:
    work = FinishedWork(store)
    work.end("edit")
    for decide in (store.reviews.approve, store.reviews.discard):
        with pytest.raises(
            ReviewRefusedError, match="r1/cart is running, and only one that waits for review"
        ):
            decide(CART)
    work.end("test", success=False)
    with pytest.raises(ReviewRefusedError, match="r1/cart failed, and only one that waits for review"):
        store.reviews.approve(CART)
    with pytest.raises(ReviewRefusedError, match="only one that was discarded can be restored"):
        store.reviews.restore(CART)


def test_v6_discarded_work_comes_back_to_its_review(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    store.reviews.approve(CART)
    store.reviews.discard(CART)
    assert (work.stream.review, run_of(store).status) == (ReviewState.DISCARDED, GroupStatus.DISCARDED)
    assert [merge.state for merge in merges(reader)] == [MergeState.WITHDRAWN]
    store.reviews.restore(CART)
    assert (work.stream.review, run_of(store).status) == (ReviewState.WAITING, GroupStatus.REVIEW)


def test_v7_work_is_sent_back_with_its_comments_as_the_next_prompt(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    store.reviews.add_comment(on_line("Use Decimal.", line=50))
    store.reviews.add_comment(on_line("Round here."))
    old = ReviewComment(
        id=0,
        run_id="r1",
        ws_id="cart",
        text="Keep this.",
        path="a.py",
        side=DiffSide.OLD,
        line=3,
        last_line=5,
    )
    store.reviews.add_comment(old)
    changed = store.reviews.send_back(CART._replace(head=HEAD), "Nice, but:")
    assert [(job.job_id, job.status) for job in changed] == [
        ("edit", JobStatus.QUEUED),
        ("test", JobStatus.QUEUED),
    ]
    assert changed[0].follow_up == (
        "A person has reviewed your changes and sends them back. Do what these comments ask for.\n\n"
        "Nice, but:\n\n"
        "a.py, lines 3 to 5 of the file before your changes:\nKeep this.\n\n"
        "cart/totals.py, line 45:\n> total += price\nRound here.\n\n"
        "cart/totals.py, line 50:\n> total += price\nUse Decimal."
    )
    assert not changed[0].fresh_session
    assert (work.stream.review, work.stream.reviewed_commit) == (ReviewState.WORKING, HEAD)
    assert work.stream.reviewed_at is not None
    assert {(comment.state, comment.attempt) for comment in comments(reader)} == {(CommentState.SENT, 2)}
    work.done(OTHER_HEAD)
    assert (work.stream.review, work.stream.reviewed_commit) == (ReviewState.WAITING, HEAD)


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (MergeState.CONFLICT, "resolve what is in conflict"),
        (MergeState.RED, "mend what fails"),
    ],
)
def test_v7_work_that_the_merge_queue_returned_goes_back_with_the_reason(
    store: JobStateStore, work: FinishedWork, state: MergeState, what: str
) -> None:
    store.reviews.approve(CART)
    [merge] = work.returned_from_the_queue(state, "2 places.", files='["a.py"]')
    assert (merge.state, work.stream.review) == (state, ReviewState.WAITING)
    [edit, _test] = store.reviews.send_back(CART)
    assert edit.follow_up == (
        "Your changes could not be merged into main: 2 places. Files: a.py.\n"
        f"Merge main into your branch, and {what}."
    )
    work.done(OTHER_HEAD)
    with pytest.raises(CommandRefusedError, match="no comment"):
        store.reviews.send_back(CART)


def test_v6_an_approval_is_void_as_soon_as_a_job_runs_again(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    store.reviews.approve(CART)
    store.job_control.retry("test")
    assert work.stream.review is ReviewState.WORKING
    assert [merge.state for merge in merges(reader)] == [MergeState.WITHDRAWN]


def test_v7_work_is_not_sent_back_without_a_word(store: JobStateStore, work: FinishedWork) -> None:
    with pytest.raises(CommandRefusedError, match="no comment on r1/cart to send back"):
        store.reviews.send_back(CART, "  ")
    assert (work.stream.review, work.stream.reviewed_commit) == (ReviewState.WAITING, None)


def test_v7_what_is_refused_leaves_no_comment_behind(
    store: JobStateStore, work: FinishedWork, reader: DatabaseReader
) -> None:
    with pytest.raises(ReviewRefusedError):
        store.reviews.send_back(CART._replace(head=OTHER_HEAD), "Again, please.")
    assert comments(reader) == []
    assert work.stream.review is ReviewState.WAITING


def test_v7_work_of_which_no_step_takes_words_is_not_sent_back(store: JobStateStore) -> None:
    FinishedWork(store, steps=[{"job_id": "make", "tool": "shell", "command": {"exe": "true"}}]).done()
    with pytest.raises(CommandRefusedError, match="No step of r1/cart takes words"):
        store.reviews.send_back(CART, "Again, please.")


def test_v7_a_step_that_a_person_accepted_as_it_is_is_not_run_again(store: JobStateStore) -> None:
    work = FinishedWork(store)
    work.end("edit")
    store.job_control.skip("test")
    work.commit(HEAD)
    store.reviews.send_back(CART, "Again, please.")
    assert [job.status for job in store.list_jobs("r1")] == [JobStatus.QUEUED, JobStatus.SKIPPED]


@pytest.mark.usefixtures("work")
def test_v7_a_draft_is_edited_or_deleted_and_a_sent_comment_is_only_settled(
    store: JobStateStore, reader: DatabaseReader
) -> None:
    first, second = store.reviews.add_comment(on_line()), store.reviews.add_comment(on_line("Second."))
    store.reviews.edit_comment(first.id, "Round once.")
    store.reviews.delete_comment(second.id)
    with pytest.raises(CommentRefusedError, match="was not sent yet"):
        store.reviews.settle_comment(first.id)
    store.reviews.send_back(CART)
    for change in (store.reviews.delete_comment, lambda one: store.reviews.edit_comment(one, "No.")):
        with pytest.raises(CommentRefusedError, match="was sent to attempt 2"):
            change(first.id)
    assert store.reviews.settle_comment(first.id).state is CommentState.SETTLED
    assert store.reviews.settle_comment(first.id, settled=False).state is CommentState.SENT
    assert [comment.text for comment in comments(reader)] == ["Round once."]


@pytest.mark.parametrize(
    ("text", "reason"), [(" \n", "is empty"), ("a" * 20_001, "20,000 characters are the most")]
)
@pytest.mark.usefixtures("work")
def test_v7_a_comment_that_says_nothing_or_too_much_is_refused(
    store: JobStateStore, text: str, reason: str
) -> None:
    with pytest.raises(CommentRefusedError, match=reason):
        store.reviews.add_comment(on_line(text))


@pytest.mark.usefixtures("work")
def test_v7_work_that_is_discarded_takes_no_comment(store: JobStateStore) -> None:
    store.reviews.discard(CART)
    with pytest.raises(CommentRefusedError, match="was discarded; its review has ended"):
        store.reviews.add_comment(on_line())


@pytest.mark.usefixtures("work")
def test_v8_a_file_that_changes_loses_its_viewed_mark(store: JobStateStore, reader: DatabaseReader) -> None:
    for blob in ("1" * 40, "2" * 40):
        store.reviews.set_viewed(ViewedFile(run_id="r1", ws_id="cart", path="a.py", blob=blob))
    [viewed] = reader.read(worktree_queries.viewed_of, "r1", "cart")
    assert viewed.blob == "2" * 40
    store.reviews.set_viewed(viewed, viewed=False)
    assert reader.read(worktree_queries.viewed_of, "r1", "cart") == []


@pytest.mark.usefixtures("work")
def test_v8_every_decision_and_comment_is_an_event_that_other_windows_follow(store: JobStateStore) -> None:
    last = store.list_events()[-1].id
    comment = store.reviews.add_comment(on_line())
    store.reviews.edit_comment(comment.id, "Round once.")
    store.reviews.set_viewed(ViewedFile(run_id="r1", ws_id="cart", path="a.py", blob="1" * 40))
    store.reviews.approve(CART)
    store.reviews.withdraw(CART)
    store.reviews.send_back(CART)
    types = [event.event_type for event in store.list_events(last)]
    assert types[:11] == [
        "comment.added", "comment.edited", "file.viewed",
        "workstream.merging", "merge.waiting", "run.merging",
        "workstream.review", "merge.withdrawn", "run.review",
        "workstream.sent_back", "job.queued",
    ]  # fmt: skip
