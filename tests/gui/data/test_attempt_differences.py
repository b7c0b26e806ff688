"""What an attempt did differently from the one before it, in one phrase."""

from dataclasses import replace
from typing import Any

import pytest

from gui.data.attempt_differences import difference
from state.records import Attempt, AttemptStatus

FAILED, RUNNING = AttemptStatus.FAILED, AttemptStatus.RUNNING


def attempt(
    *failing: str,
    tool: str = "aider",
    status: AttemptStatus = FAILED,
    failed: int | None = None,
    files: int = 0,
    summary: str = "it failed after 3 s",
    failure_class: str = "tests_failed",
) -> Attempt:
    count = len(failing) if failed is None else failed
    metadata: dict[str, Any] = {"changed_files": [{"path": f"{number}.py"} for number in range(files)]}
    if failing:
        metadata["tests"] = {"failed": count, "errors": 0, "failing": list(failing)}
    return Attempt(
        id=1,
        run_id="0347",
        ws_id="cart",
        job_id="edit",
        step_name="edit",
        number=1,
        tool=tool,
        status=status,
        started_at=0.0,
        summary=summary,
        failure_class=failure_class,
        result={"metadata": metadata},
    )


@pytest.mark.parametrize(
    ("before", "now", "phrase"),
    [
        (attempt("t::a"), attempt("t::a"), "same failure"),
        (attempt("t::a", "t::b", "t::c"), attempt("t::a"), "now 1 failed instead of 3"),
        (attempt("t::a", failed=300), attempt("t::a", failed=250), "now 250 failed instead of 300"),
        (attempt("t::a"), attempt("t::b"), "other test: b"),
        (attempt("t::a"), attempt("t::b", "t::c"), "other tests: b and c"),
        (attempt("t::a", "t::b"), attempt("t::a", "t::c"), "now also c"),
        (attempt("t::a"), attempt("t::a", tool="claude"), "claude instead of aider, same failure"),
        (attempt(), attempt(tool="claude", status=RUNNING), "claude instead of aider"),
        (attempt(), attempt(status=RUNNING), ""),
        (attempt(files=1), attempt(files=3), "same failure, changed 2 more files"),
        (attempt(files=3), attempt(files=2), "same failure, changed 1 fewer file"),
        (attempt(), attempt(summary="it failed after 9 s"), "same failure"),
        (attempt(), attempt(summary="the disk is full"), "another failure"),
        (attempt(), attempt(failure_class="crash"), "another failure"),
        (attempt(), attempt(status=AttemptStatus.TIMEOUT), "timed out instead of failed"),
        (attempt("t::a"), attempt(status=AttemptStatus.COMPLETED), "completed instead of failed"),
        (None, attempt("t::a"), ""),
    ],
)
def test_an_attempt_says_what_differs_from_the_one_before(
    before: Attempt | None, now: Attempt, phrase: str
) -> None:
    assert difference(before, now) == phrase


@pytest.mark.parametrize(
    "metadata", [None, [], {"tests": 3, "changed_files": {"a": 1}}, {"tests": {"failing": 5}}]
)
def test_a_result_of_an_odd_form_says_nothing_of_tests_and_files(metadata: Any) -> None:
    odd = replace(attempt(), result={"metadata": metadata})
    assert difference(odd, odd) == "same failure"
