"""What a person decides on finished work, as the window sends it: carried out, refused, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.host.commands import Redo, Undo
from engine.host.engine_service import EngineService
from engine.host.review_commands import (
    AddComment,
    ApproveWorkstreams,
    DeleteComment,
    DiscardWorkstreams,
    EditComment,
    MarkViewed,
    RestoreWorkstreams,
    SeenWorkstream,
    SendBackWorkstream,
    SettleComment,
    WithdrawApprovals,
)
from engine.system.home import Home
from state import worktree_queries
from state.database_reader import DatabaseReader
from state.records import ReviewState
from state.worktree_records import CommentState, ReviewComment, ViewedFile
from tests.helpers.finished_work import HEAD, FinishedWork

CART = SeenWorkstream("r1", "cart", HEAD)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def work(engine: EngineService) -> FinishedWork:
    return FinishedWork(engine.store).done()


@pytest.mark.parametrize(
    ("command", "after"),
    [
        (ApproveWorkstreams(workstreams=[CART]), ReviewState.APPROVED),
        (DiscardWorkstreams(workstreams=[CART]), ReviewState.DISCARDED),
    ],
)
def test_v6_an_approval_and_a_discard_are_undone_and_done_again(
    engine: EngineService,
    work: FinishedWork,
    command: ApproveWorkstreams | DiscardWorkstreams,
    after: ReviewState,
) -> None:
    outcome = engine.carry_out(command)
    assert (work.stream.review, list(outcome.workstreams)) == (after, [CART])
    undo = Undo(undone=command.kind, workstreams=outcome.workstreams)
    assert list(engine.carry_out(undo).workstreams) == [CART]
    assert work.stream.review is ReviewState.WAITING
    assert list(engine.carry_out(Redo(undo=undo)).workstreams) == [CART]
    assert work.stream.review is after


def test_v6_an_approval_is_not_given_again_to_work_that_has_changed(
    engine: EngineService, work: FinishedWork
) -> None:
    outcome = engine.carry_out(ApproveWorkstreams(workstreams=[CART._replace(head=None)]))
    undo = Undo(undone=ApproveWorkstreams.kind, workstreams=outcome.workstreams)
    engine.carry_out(undo)
    work.commit("c" * 40)
    with pytest.raises(CommandRefusedError, match="has changed since you looked at it"):
        engine.carry_out(Redo(undo=undo))


@pytest.mark.usefixtures("work")
def test_v6_of_several_workstreams_the_others_are_approved_where_one_is_refused(
    engine: EngineService,
) -> None:
    outcome = engine.carry_out(ApproveWorkstreams(workstreams=[CART, SeenWorkstream("r1", "lexer")]))
    assert list(outcome.workstreams) == [CART]
    assert list(outcome.refused) == ["r1/lexer"]


@pytest.mark.usefixtures("work")
def test_v7_a_review_is_carried_out_as_commands(engine: EngineService) -> None:
    reader = DatabaseReader(engine.store.database, busy_ms=2_000)
    for text in ("Round here.", "Second."):
        engine.carry_out(AddComment(comment=ReviewComment(id=0, run_id="r1", ws_id="cart", text=text)))
    first, second = reader.read(worktree_queries.comments_of, "r1", "cart")
    engine.carry_out(EditComment(comment_id=first.id, text="Round once."))
    engine.carry_out(DeleteComment(comment_id=second.id))
    engine.carry_out(MarkViewed(file=ViewedFile(run_id="r1", ws_id="cart", path="a.py", blob="1" * 40)))
    engine.carry_out(ApproveWorkstreams(workstreams=[CART]))
    engine.carry_out(WithdrawApprovals(workstreams=[CART]))
    engine.carry_out(DiscardWorkstreams(workstreams=[CART]))
    engine.carry_out(RestoreWorkstreams(workstreams=[CART]))
    outcome = engine.carry_out(SendBackWorkstream(workstream=CART, words="And this."))
    assert [job.job_id for job in outcome.changed] == ["edit", "test"]
    engine.carry_out(SettleComment(comment_id=first.id))
    comments = reader.read(worktree_queries.comments_of, "r1", "cart")
    assert [(one.text, one.state) for one in comments] == [
        ("Round once.", CommentState.SETTLED),
        ("And this.", CommentState.SENT),
    ]
    assert len(reader.read(worktree_queries.viewed_of, "r1", "cart")) == 1
    reader.close()
