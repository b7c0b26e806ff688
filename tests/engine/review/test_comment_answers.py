"""A comment that was sent back says which attempt worked on it, and what the tool said at its end."""

from typing import Any

from engine.review.comment_answers import MOST_WORDS, CommentAnswer, answers_to
from state.records import Attempt, AttemptStatus, Workstream
from state.review_queries import AttemptFindings, ReviewRows
from state.worktree_records import CommentState, ReviewComment


def attempt(
    number: int, answer: str = "", *, job: str = "edit", tool: str = "claude", **values: Any
) -> AttemptFindings:
    made: dict[str, Any] = {"status": AttemptStatus.COMPLETED, "completed_at": float(number), **values}
    return AttemptFindings(
        attempt=Attempt(
            id=number, run_id="r", ws_id="w", job_id=job, step_name=job, number=number, tool=tool, **made
        ),
        answer=answer,
    )


def comment(number: int, to: int | None) -> ReviewComment:
    state = CommentState.DRAFT if to is None else CommentState.SENT
    return ReviewComment(id=number, run_id="r", ws_id="w", text="x", state=state, attempt=to)


def answers(comments: list[ReviewComment], *attempts: AttemptFindings) -> dict[int, CommentAnswer]:
    stream = Workstream(run_id="r", ws_id="w", title="w")
    return dict(answers_to(ReviewRows(stream=stream, comments=comments, attempts=attempts)))


def test_it_names_the_attempt_it_was_sent_to_with_its_closing_words() -> None:
    found = answers([comment(1, 2)], attempt(1, "First."), attempt(2, "Done;\ntest_three_lines covers it."))
    assert found[1] == CommentAnswer(
        attempt=2,
        tool="claude",
        status=AttemptStatus.COMPLETED,
        words="Done; test_three_lines covers it.",
        at=2.0,
    )
    assert found[1].sentence == "attempt 2 worked on it"


def test_the_attempt_of_another_step_with_the_same_number_is_not_meant() -> None:
    found = answers([comment(1, 1)], attempt(1, "No.", job="test", tool="shell"), attempt(1, "Yes."))
    assert found[1].words == "Yes."


def test_a_retry_of_that_attempt_counts_and_one_for_later_comments_does_not() -> None:
    sent = [comment(1, 2), comment(2, 4)]
    failed = attempt(2, status=AttemptStatus.FAILED)
    found = answers(sent, attempt(1), failed, attempt(3, "Again."), attempt(4, "Later."))
    assert (found[1].words, found[2].words) == ("Again.", "Later.")


def test_until_an_attempt_begins_nothing_is_said_and_while_it_runs_that_it_does() -> None:
    assert answers([comment(1, 2), comment(2, None)], attempt(1)) == {}
    running = attempt(2, status=AttemptStatus.RUNNING, completed_at=None)
    assert answers([comment(1, 2)], running)[1].sentence == "attempt 2 works on it"
    failed = attempt(2, status=AttemptStatus.FAILED)
    assert answers([comment(1, 2)], failed)[1].sentence == "attempt 2 did not end well"


def test_long_words_are_shortened_and_invisible_characters_are_shown() -> None:
    found = answers([comment(1, 2)], attempt(2, "\u202egoes back " + "x" * 4_000))
    assert len(found[1].words) <= MOST_WORDS
    assert found[1].words.endswith("…")
    assert "\u202e" not in found[1].words
