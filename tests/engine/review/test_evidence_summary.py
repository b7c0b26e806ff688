"""The evidence for finished work follows from its steps and attempts; nothing is claimed that nobody has seen."""

from dataclasses import replace
from typing import Any

import pytest

from engine.review.approval_reasons import approval_reasons
from engine.review.evidence_summary import (
    CountedTests,
    EvidenceSummary,
    evidence_of,
    words_on_scope,
    words_on_tests,
)
from state.costs import Cost, CostSource
from state.records import Attempt, AttemptStatus, Job, ReviewState, Stage, Workstream, WorkstreamFile
from state.review_queries import AttemptFindings, ReviewRows
from state.worktree_records import Merge, MergeState, PredictedConflict, ViewedFile, Worktree

STREAM = Workstream(run_id="r1", ws_id="cart", review=ReviewState.WAITING)
TREE = Worktree(run_id="r1", ws_id="cart", repo="/shop", path="/trees/cart", branch="b", head="a" * 40)


def job(job_id: str, tool: str = "claude", **values: Any) -> Job:
    return Job(job_id=job_id, run_id="r1", ws_id="cart", tool=tool, **values)


EDIT = job("edit", tree="/trees/cart", scope_root="/trees/cart", files_scope=("cart/**",))
TEST = job("test", "shell", stage=Stage.TEST)


def attempt(
    number: int, job_id: str = "edit", *, status: AttemptStatus = AttemptStatus.COMPLETED, **found: Any
) -> AttemptFindings:
    made = Attempt(
        id=number, run_id="r1", ws_id="cart", job_id=job_id, step_name="", number=number, tool="claude",
        status=status, duration_s=60.0,
    )  # fmt: skip
    return AttemptFindings(attempt=made, **found)


def work(*attempts: AttemptFindings, **values: Any) -> ReviewRows:
    return ReviewRows(
        **{"stream": STREAM, "tree": TREE, "jobs": [EDIT, TEST], "attempts": attempts, **values}
    )


def test_v10_tests_count_only_where_they_ran_after_the_last_edit() -> None:
    found = work(attempt(1), attempt(2, "test", tests={"passed": 41, "failed": 0}))
    assert evidence_of(found).tests == CountedTests(passed=41, failed=0)
    found = work(*found.attempts, attempt(3))
    evidence = evidence_of(found)
    assert (evidence.tests, evidence.before) == (None, CountedTests(passed=41, failed=0))
    assert words_on_tests(evidence) == "tests not run"


def test_v10_tests_within_the_edit_and_tests_without_a_count_are_tests() -> None:
    inside = work(attempt(1, tests={"passed": 3, "failed": 1, "errors": 1}), jobs=[EDIT])
    assert words_on_tests(evidence_of(inside)) == "2 failed"
    uncounted = work(attempt(1), attempt(2, "test"))
    assert words_on_tests(evidence_of(uncounted)) == "passed"
    failed = work(attempt(1), attempt(2, "test", status=AttemptStatus.FAILED))
    assert words_on_tests(evidence_of(failed)) == "tests not run"
    assert words_on_tests(evidence_of(work(attempt(1), jobs=[EDIT]))) == "no tests"


def test_v10_tests_that_an_edit_demands_have_passed_where_it_is_completed_also_without_a_count() -> None:
    demands = {"edit": {"metadata": {"evidence": {"tests": {"command": {"exe": "make", "args": ["test"]}}}}}}
    passed = work(attempt(1), jobs=[EDIT], specs=demands)
    assert words_on_tests(evidence_of(passed)) == "passed"
    failed = work(attempt(1, status=AttemptStatus.FAILED), jobs=[EDIT], specs=demands)
    assert words_on_tests(evidence_of(failed)) == "tests not run"


def test_v10_files_outside_the_scope_are_named_as_the_diff_has_them_or_else_as_they_were_touched() -> None:
    files = [
        WorkstreamFile(run_id="r1", ws_id="cart", path=path, touched=True)
        for path in ("cart/a.py", "tools/b.py")
    ]
    assert evidence_of(work(files=files)).outside == ("tools/b.py",)
    assert evidence_of(work(files=files), outside=["c.py"]).outside == ("c.py",)
    assert words_on_scope(evidence_of(work(files=files))) == "1 file outside scope"
    assert words_on_scope(evidence_of(work(files=files[:1]))) == "in scope"
    anywhere = replace(EDIT, files_scope=())
    assert words_on_scope(evidence_of(work(files=files, jobs=[anywhere]))) == "no scope declared"


def test_v10_cost_attempts_time_and_what_was_denied_are_those_of_all_steps() -> None:
    spec = {"metadata": {"limits": {"budget_usd": 2}}}
    jobs = [replace(EDIT, cost_usd=0.5, attempts=2, max_attempts=3), replace(TEST, cost_usd=0.25)]
    found = work(attempt(1, denied=["rm a"]), attempt(2, denied=["rm b"]), jobs=jobs, specs={"edit": spec})
    evidence = evidence_of(found)
    assert (evidence.cost.usd, evidence.cost_limit) == (0.75, 2.0)
    assert (evidence.attempts, evidence.max_attempts, evidence.worked_s) == (2, 3, 120.0)
    assert list(evidence.denied) == ["rm a", "rm b"]
    failed = attempt(1, status=AttemptStatus.FAILED)
    assert list(evidence_of(work(failed, attempt(2), attempt(3, "test"))).completed) == [False, True]


def test_v10_a_sentence_on_an_unknown_cost_says_what_is_unknown() -> None:
    found = work(attempt(1), jobs=[replace(EDIT, cost_source=CostSource.UNKNOWN)])
    unknown = evidence_of(found)
    assert ("cost", "cost unknown") in list(unknown.sentences())
    limited = replace(unknown, cost_limit=2.0)
    assert ("cost", "cost unknown, limit $2.00") in list(limited.sentences())
    assert ("cost", "$1.00 of $2.00") in list(replace(limited, cost=Cost(usd=1.0)).sentences())


def test_v10_a_conflict_that_happened_comes_before_one_that_is_predicted() -> None:
    merge = Merge(
        id=1,
        run_id="r1",
        ws_id="cart",
        repo="/shop",
        target="main",
        state=MergeState.CONFLICT,
        files=("a.py",),
        head="a" * 40,
    )
    lexer = PredictedConflict(
        run_id="r1", ws_id="cart", other_run_id="r1", other_ws_id="lexer", other_branch="b", commit="c",
        other_commit="d", files=("b.py",),
    )  # fmt: skip
    mended = evidence_of(work(merge=replace(merge, head="b" * 40)))
    assert mended.conflict == ""
    happened = evidence_of(work(merge=merge, conflicts=[lexer]))
    assert (happened.conflict, happened.is_predicted) == ("conflict with main: a.py", False)
    named = evidence_of(work(merge=merge, rivals=["price-rules"]))
    assert named.conflict == "conflict with main: a.py, which price-rules changed too"
    predicted = evidence_of(work(conflicts=[lexer]))
    assert (predicted.conflict, predicted.is_predicted) == ("with lexer: b.py", True)


def reasons(found: ReviewRows, evidence: EvidenceSummary, **blobs: str) -> list[str]:
    marks = {path: (path, blob) for path, blob in blobs.items()}
    return [reason.sentence for reason in approval_reasons(found, evidence, marks)]


def test_v10_approve_asks_for_the_files_outside_the_scope_and_for_tests() -> None:
    evidence = EvidenceSummary(outside=("x", "y"), expects_tests=True)
    assert reasons(work(), evidence, x="1", y="2") == [
        "First look at x and 1 more",
        "Tests have not run on this attempt",
    ]
    viewed = [ViewedFile(run_id="r1", ws_id="cart", path=path, blob="1") for path in ("x", "y")]
    assert reasons(work(viewed=viewed), evidence, x="1", y="2") == [
        "First look at y",
        "Tests have not run on this attempt",
    ]
    assert reasons(work(viewed=viewed), replace(evidence, tests=CountedTests()), x="1", y="1") == []


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (work(tree=replace(TREE, head=None)), "Its last changes are not committed yet"),
        (work(stream=replace(STREAM, review=ReviewState.NONE)), "cart is queued"),
    ],
)
def test_v10_approve_says_what_else_is_in_the_way(found: ReviewRows, reason: str) -> None:
    assert reasons(found, EvidenceSummary()) == [reason]


def test_g11_a_red_check_of_its_merge_is_a_fact_of_its_own() -> None:
    merge = Merge(
        id=1, run_id="r1", ws_id="cart", repo="/shop", target="main", state=MergeState.RED, head="a" * 40
    )
    found = evidence_of(work(merge=merge))
    assert (found.check, found.conflict) == ("red on top of main", "")
    assert ("check", "red on top of main") in list(found.sentences())
