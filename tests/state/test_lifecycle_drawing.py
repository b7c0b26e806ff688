import re
from pathlib import Path

import pytest

from state.lifecycle import (
    JOB_MOVES,
    REVIEW_MOVES,
    SATISFIED,
    IllegalReviewError,
    check_review_move,
    review_after,
    run_status,
)
from state.records import AttemptStatus, GroupStatus, JobStatus, ReviewState

PAGE = (Path(__file__).parents[2] / "specs" / "lifecycle.md").read_text(encoding="utf-8")

OF_JOBS, OF_REVIEWS = (part.split("```", 1)[0] for part in PAGE.split("```mermaid\n")[1:3])


def rows_of_table(header: str) -> list[list[str]]:
    table = PAGE.split(f"{header}\n", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]


def test_the_drawing_shows_exactly_the_legal_moves() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+):", OF_JOBS, flags=re.MULTILINE)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(str(old), str(new)) for old, moves in JOB_MOVES.items() for new in moves}


def test_the_drawing_starts_only_in_held_and_queued() -> None:
    assert set(re.findall(r"^    \[\*\] --> (\w+):", OF_JOBS, flags=re.MULTILINE)) == {"held", "queued"}


def test_the_table_lists_exactly_the_legal_moves() -> None:
    listed = {old: set(new.split(", ")) for old, new in rows_of_table("| from | to |")}
    assert listed == {str(old): {str(new) for new in moves} for old, moves in JOB_MOVES.items()}


def test_the_page_says_of_every_state_whether_it_satisfies_dependents() -> None:
    said = {name: last for name, _, last in rows_of_table("| state | means | satisfies dependents |")}
    assert said == {str(status): "yes" if status in SATISFIED else "no" for status in JobStatus}


def test_v6_the_drawing_and_the_table_of_reviews_show_exactly_the_legal_moves() -> None:
    legal = {(str(old), str(new)) for old, moves in REVIEW_MOVES.items() for new in moves}
    drawn = re.findall(r"^    (\w+) --> (\w+):", OF_REVIEWS, flags=re.MULTILINE)
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == legal
    listed = {
        (old, new) for old, moves in rows_of_table("| review | next |") for new in moves.split(", ") if new
    }
    assert listed == legal


@pytest.mark.parametrize("old", ReviewState)
@pytest.mark.parametrize("new", ReviewState)
def test_v6_only_a_legal_move_of_a_review_is_carried_out(old: ReviewState, new: ReviewState) -> None:
    if new is old or new in REVIEW_MOVES[old]:
        check_review_move("cart", old, new)
    else:
        with pytest.raises(IllegalReviewError, match=f"cart is {old} and cannot become {new}"):
            check_review_move("cart", old, new)


@pytest.mark.parametrize("review", ReviewState)
@pytest.mark.parametrize("jobs", GroupStatus)
def test_v6_what_follows_from_the_jobs_is_a_legal_move(review: ReviewState, jobs: GroupStatus) -> None:
    for needs_review in (True, False):
        check_review_move("cart", review, review_after(review, jobs, needs_review=needs_review))


@pytest.mark.parametrize("status", AttemptStatus)
def test_the_page_names_every_state_of_an_attempt(status: AttemptStatus) -> None:
    assert f"`{status}`" in PAGE


@pytest.mark.parametrize(
    ("review", "jobs", "after"),
    [
        (ReviewState.WORKING, GroupStatus.RUNNING, ReviewState.WORKING),
        (ReviewState.WORKING, GroupStatus.COMPLETED, ReviewState.WAITING),
        (ReviewState.WORKING, GroupStatus.SKIPPED, ReviewState.WAITING),
        (ReviewState.APPROVED, GroupStatus.QUEUED, ReviewState.WORKING),
        (ReviewState.MERGED, GroupStatus.COMPLETED, ReviewState.MERGED),
        (ReviewState.NONE, GroupStatus.COMPLETED, ReviewState.NONE),
    ],
)
def test_w1_the_review_of_a_workstream_follows_its_jobs(
    review: ReviewState, jobs: GroupStatus, after: ReviewState
) -> None:
    assert review_after(review, jobs, needs_review=True) is after


def test_w1_a_workstream_that_needs_no_review_goes_into_the_merge_queue_at_once() -> None:
    after = review_after(ReviewState.WORKING, GroupStatus.COMPLETED, needs_review=False)
    assert after is ReviewState.APPROVED


@pytest.mark.parametrize(
    ("reviews", "status"),
    [
        ({"none"}, GroupStatus.COMPLETED),
        ({"none", "waiting", "approved"}, GroupStatus.REVIEW),
        ({"approved", "merged"}, GroupStatus.MERGING),
        ({"merged"}, GroupStatus.MERGED),
        ({"discarded"}, GroupStatus.DISCARDED),
        ({"merged", "discarded"}, GroupStatus.COMPLETED),
    ],
)
def test_w1_a_run_says_what_its_workstreams_still_wait_for(reviews: set[str], status: GroupStatus) -> None:
    assert run_status(GroupStatus.COMPLETED, reviews) is status
    assert run_status(GroupStatus.FAILED, reviews) is GroupStatus.FAILED
