"""What follows an ended attempt."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.attempt_decisions import Decision, Done, EscalateTo, GiveUp, RetryAt, WaitForQuota
from engine.jobfile.job_sections import Retry
from engine.jobfile.spec import JobSpec
from engine.scheduling.retry_policy import backoff, decide
from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, FailureClass, JobResult
from state.records import Attempt, AttemptStatus, HoldCause, Job

NOW = 1_000.0
EXITED = AttemptEnd(ref=AttemptRef(1, "t"), reason=EndReason.EXITED, exit_code=1)
GOOD = JobResult(exit_code=0, success=True, metadata={"summary": "All well."})


def spec(**metadata: Any) -> JobSpec:
    return JobSpec.model_validate(
        {"tool": "aider", "job_id": "j", "prompt": "Mend it.", "metadata": metadata}
    )


def bad(failure: FailureClass = FailureClass.TESTS_FAILED, **more: Any) -> JobResult:
    return JobResult(
        exit_code=1, metadata={"summary": "2 tests failed.", "failure_class": failure.value, **more}
    )


def job(attempts: int = 1, max_attempts: int = 1, **values: Any) -> Job:
    return Job(
        job_id="j",
        run_id="r",
        ws_id="w",
        tool="aider",
        attempts=attempts,
        max_attempts=max_attempts,
        **values,
    )


def decided(
    result: JobResult = GOOD, end: AttemptEnd = EXITED, *, of: Job | None = None, says: JobSpec | None = None,
) -> Decision:  # fmt: skip
    return decide(says or spec(), of or job(), Assessment(end=end, result=result), now=NOW)


def test_success_is_done() -> None:
    assert decided() == Done(summary="All well.")


def test_a_setup_or_git_step_that_a_disk_kept_from_its_work_is_made_again_and_uses_up_no_retry() -> None:
    kept = Assessment(end=EXITED, result=bad(FailureClass.DISK))
    assert kept.status is AttemptStatus.INTERRUPTED
    decision = decide(spec(), job(), kept, now=NOW)
    assert isinstance(decision, RetryAt)
    assert (decision.why, decision.free) == ("disk", True)


def test_a_failure_with_attempts_left_is_tried_again_after_its_backoff() -> None:
    says = spec(retry={"limit": 2, "interval_sec": 10, "backoff": "exponential"})
    assert decided(bad(), of=job(1, 3), says=says) == RetryAt(
        at=NOW + 10, why="backoff", summary="2 tests failed."
    )
    assert decided(bad(), of=job(2, 3), says=says) == RetryAt(
        at=NOW + 20, why="backoff", summary="2 tests failed."
    )


def test_the_last_failure_of_a_job_with_retries_asks_for_a_person() -> None:
    says = spec(retry={"limit": 2})
    assert decided(bad(), of=job(3, 3), says=says) == GiveUp(
        status="failed", summary="2 tests failed.", quarantined=True
    )


def test_a_failure_without_any_retry_just_failed() -> None:
    assert decided(bad()) == GiveUp(status="failed", summary="2 tests failed.", quarantined=False)


@pytest.mark.parametrize("failure", [FailureClass.AUTH, FailureClass.SPAWN_FAILED])
def test_a_missing_key_or_program_is_not_tried_again(failure: FailureClass) -> None:
    says = spec(retry={"limit": 5})
    assert isinstance(decided(bad(failure), of=job(1, 6), says=says), GiveUp)


def test_a_setup_that_failed_is_tried_again_and_goes_to_no_other_tool() -> None:
    failed = bad(FailureClass.SETUP_FAILED)
    says = spec(retry={"limit": 1, "backoff": "immediate"}, escalate_to=["codex"])
    assert isinstance(decided(failed, of=job(1, 2), says=says), RetryAt)
    assert decided(failed, of=job(2, 2), says=says) == GiveUp(
        status="failed", summary="2 tests failed.", quarantined=True
    )


def test_only_the_named_exit_codes_are_retried() -> None:
    says = spec(retry={"limit": 5, "exit_code": [75]})
    assert isinstance(decided(bad(), of=job(1, 6), says=says), GiveUp)
    assert isinstance(decided(replace(bad(), exit_code=75), of=job(1, 6), says=says), RetryAt)


def test_quota_waits_and_costs_no_retry() -> None:
    result = bad(FailureClass.QUOTA, quota_until=NOW + 500)
    assert decided(result, of=job(account="work")) == WaitForQuota(
        account="work", until=NOW + 500, summary="2 tests failed."
    )


def test_a_quota_that_is_only_a_guess_is_an_ordinary_failure() -> None:
    guess = bad(FailureClass.QUOTA, quota_until=NOW + 500, confidence="unsure")
    says = spec(retry={"limit": 1, "backoff": "immediate"}, escalate_to=["codex"])
    decision = decided(guess, of=job(max_attempts=2), says=says)
    assert decision == RetryAt(at=NOW + 30.0, why="backoff", summary="2 tests failed.")
    assert isinstance(decided(guess, of=job(), says=says), EscalateTo)
    assert isinstance(decided(guess), GiveUp)
    for sure in ("certain", "likely"):
        known = bad(FailureClass.QUOTA, quota_until=NOW + 500, confidence=sure)
        assert isinstance(decided(known), WaitForQuota)


def test_a_refused_key_that_is_only_a_guess_is_tried_again() -> None:
    says = spec(retry={"limit": 1, "backoff": "immediate"})
    guess = bad(FailureClass.AUTH, confidence="unsure")
    assert isinstance(decided(guess, of=job(max_attempts=2), says=says), RetryAt)


@pytest.mark.parametrize(("named", "waits"), [(None, 30.0), (10.0, 30.0), (75.0, 75.0), (9_000.0, 120.0)])
def test_a_rate_limit_waits_until_the_time_its_provider_names(named: float | None, waits: float) -> None:
    says = spec(retry={"limit": 1, "backoff": "immediate"})
    more = {} if named is None else {"retry_at": NOW + named}
    decision = decided(bad(FailureClass.RATE, **more), of=job(max_attempts=2), says=says)
    assert isinstance(decision, RetryAt)
    assert decision.at == NOW + waits


def test_a_job_that_is_not_to_wait_for_a_quota_goes_to_the_next_tool_and_its_account_rests() -> None:
    result = bad(FailureClass.QUOTA, quota_until=NOW + 500)
    rest = WaitForQuota(account="work", until=NOW + 500, summary="2 tests failed.")
    rung = {"tool": "codex", "account": "other"}
    says = spec(on_quota="escalate", escalate_to=[rung])
    expected = EscalateTo(
        tool="codex", rung=1, at=NOW, summary="2 tests failed.", account="other", quota=rest
    )
    assert decided(result, of=job(account="work"), says=says) == expected
    assert decided(result, of=job(account="work", rung=1), says=says) == rest, "a ladder that has ended waits"


def test_the_sentence_of_a_used_up_quota_says_how_much_of_each_window_is_used() -> None:
    windows = [{"name": "5 hours", "used": 1.0, "resets_at": None}, {"name": "7 days", "used": 0.62}]
    decision = decided(bad(FailureClass.QUOTA, quota_until=NOW + 500, windows=windows))
    assert isinstance(decision, WaitForQuota)
    assert decision.summary == "2 tests failed (5 hours 100 % used, 7 days 62 % used)."


def test_a_job_that_is_to_fail_at_a_used_up_quota_fails_and_its_account_rests() -> None:
    result = bad(FailureClass.QUOTA, quota_until=NOW + 500)
    decision = decided(result, says=spec(on_quota="fail", retry={"limit": 3}), of=job(max_attempts=4))
    assert isinstance(decision, GiveUp)
    assert (decision.status, decision.quarantined) == ("failed", False)
    assert decision.quota == WaitForQuota(account="aider", until=NOW + 500, summary="2 tests failed.")


def test_the_defaults_of_a_tool_say_what_a_used_up_quota_means_where_the_job_does_not() -> None:
    result = Assessment(end=EXITED, result=bad(FailureClass.QUOTA, quota_until=NOW + 500))
    fails = decide(spec(), job(), result, now=NOW, default_on_quota="fail")
    assert isinstance(fails, GiveUp)
    waits = decide(spec(on_quota="wait"), job(), result, now=NOW, default_on_quota="fail")
    assert isinstance(waits, WaitForQuota)


def waits_between(*hours: float) -> list[Attempt]:
    """Attempts that each ended at a used-up quota, with so many hours between them."""
    attempts, at = [], 0.0
    for number, length in enumerate((*hours, 0.0), start=1):
        attempts.append(
            Attempt(
                id=number,
                run_id="r",
                ws_id="w",
                job_id="j",
                step_name="j",
                number=number,
                tool="aider",
                status=AttemptStatus.QUOTA,
                started_at=at,
                completed_at=at + 60,
            )
        )
        at += 60 + length * 3600
    return attempts


@pytest.mark.parametrize(
    ("hours", "named", "is_held"),
    [
        ((1.0,) * 10, False, False),
        ((1.0,) * 12, False, True),
        ((1.0,) * 12, True, False),
        ((24.0,) * 7, True, False),
        ((24.0,) * 8, True, True),
    ],
)
def test_a_job_that_has_waited_long_enough_for_quotas_asks_for_a_person(
    hours: Sequence[float], *, named: bool, is_held: bool
) -> None:
    until = {"quota_until": NOW + 500} if named else {}
    result = Assessment(end=EXITED, result=bad(FailureClass.QUOTA, **until))
    decision = decide(spec(), job(), result, now=NOW, earlier=waits_between(*hours))
    if not is_held:
        assert isinstance(decision, WaitForQuota)
        return
    assert isinstance(decision, GiveUp)
    assert (decision.status, decision.cause) == ("held", HoldCause.QUOTA)
    assert "release it to wait on" in decision.summary
    assert decision.quota is not None


def test_the_ladder_continues_when_retries_are_used_up() -> None:
    says = spec(escalate_to=["codex", "claude"])
    assert decided(bad(), says=says) == EscalateTo(tool="codex", rung=1, at=NOW, summary="2 tests failed.")
    on_codex = replace(job(2, 2), tool="codex", rung=1)
    assert decided(bad(), of=on_codex, says=says) == EscalateTo(
        tool="claude", rung=2, at=NOW, summary="2 tests failed."
    )
    on_claude = replace(job(3, 3), tool="claude", rung=2)
    assert decided(bad(), of=on_claude, says=says) == GiveUp(
        status="failed", summary="2 tests failed.", quarantined=True
    )


def test_no_tool_is_tried_twice_on_one_ladder_whatever_the_job_was_made_into() -> None:
    says = spec(escalate_to=["codex", "claude"])
    tried, tool, rung = ["aider"], "aider", 0
    while len(tried) < 10:
        here = replace(job(len(tried), 1), tool=tool, rung=rung)
        decision = decided(bad(), of=here, says=says.at_rung(rung, tool))
        if not isinstance(decision, EscalateTo):
            break
        tool, rung = decision.tool, decision.rung
        tried.append(tool)
    assert tried == ["aider", "codex", "claude"]


def test_a_ladder_set_for_the_tool_counts_where_the_job_names_none() -> None:
    def after(says: JobSpec) -> Decision:
        return decide(says, job(), Assessment(end=EXITED, result=bad()), now=NOW, default_ladder=("gemini",))

    assert after(spec()) == EscalateTo(tool="gemini", rung=1, at=NOW, summary="2 tests failed.")
    assert after(spec(escalate_to=["codex"])) == EscalateTo(
        tool="codex", rung=1, at=NOW, summary="2 tests failed."
    )


def test_a_task_that_does_not_fit_into_the_context_goes_to_the_next_tool_at_once() -> None:
    says = spec(retry={"limit": 5}, escalate_to=["codex"])
    decision = decided(bad(FailureClass.CONTEXT), of=job(1, 6), says=says)
    assert decision == EscalateTo(tool="codex", rung=1, at=NOW, summary="2 tests failed.")


def test_too_many_requests_wait_longer_than_an_impatient_file_says() -> None:
    says = spec(retry={"limit": 2, "interval_sec": 1})
    assert decided(bad(FailureClass.RATE), of=job(1, 3), says=says) == RetryAt(
        at=NOW + 30, why="backoff", summary="2 tests failed."
    )


def test_a_reported_reset_in_the_past_does_not_start_the_job_at_once() -> None:
    decision = decided(bad(FailureClass.QUOTA, quota_until=NOW - 5))
    assert isinstance(decision, WaitForQuota)
    assert decision.until == NOW + 60


@pytest.mark.parametrize(
    ("reason", "failure", "status"),
    [
        (EndReason.TIMEOUT, FailureClass.TIMEOUT, "timeout"),
        (EndReason.SILENCE, FailureClass.STALLED, "timeout"),
        (EndReason.CANCELLED, FailureClass.CANCELLED, "cancelled"),
    ],
)
def test_how_it_was_ended_names_how_it_is_left(reason: EndReason, failure: FailureClass, status: str) -> None:
    decision = decided(bad(failure), replace(EXITED, reason=reason))
    assert isinstance(decision, GiveUp)
    assert decision.status == status


def test_a_cancelled_job_is_not_retried_whatever_attempts_are_left() -> None:
    end = replace(EXITED, reason=EndReason.CANCELLED)
    assert decided(bad(), end, of=job(1, 9), says=spec(retry={"limit": 8})) == GiveUp(
        status="cancelled", summary="2 tests failed."
    )


INTERRUPTED = replace(EXITED, reason=EndReason.INTERRUPTED)


def test_an_unknown_outcome_is_run_again_only_where_job_or_tool_allow_it() -> None:
    assert isinstance(decided(bad(), INTERRUPTED, says=spec(writes=False)), RetryAt)
    assert isinstance(decided(bad(), INTERRUPTED, says=spec(on_interrupted="rerun")), RetryAt)
    held = decided(bad(), INTERRUPTED)
    assert isinstance(held, GiveUp)
    assert (held.status, held.cause) == ("held", HoldCause.INTERRUPTED)
    failed = decided(bad(), INTERRUPTED, says=spec(on_interrupted="fail"))
    assert isinstance(failed, GiveUp)
    assert failed.status == "failed"


def test_a_job_that_kills_its_engine_three_times_is_quarantined() -> None:
    decision = decided(bad(), INTERRUPTED, of=job(3, 3, interruptions=2), says=spec(on_interrupted="rerun"))
    assert isinstance(decision, GiveUp)
    assert decision.quarantined


@pytest.mark.parametrize(
    ("shape", "delays"),
    [
        ("immediate", [0, 0, 0, 0, 0]),
        ("linear", [10, 20, 30, 40, 45]),
        ("exponential", [10, 20, 40, 45, 45]),
        ("fibonacci", [10, 10, 20, 30, 45]),
    ],
)
def test_the_shapes_of_backoff(shape: str, delays: list[float]) -> None:
    retry = Retry.model_validate({"interval_sec": 10, "backoff": shape, "max_interval_sec": 45})
    assert [backoff(retry, failures) for failures in range(1, 6)] == delays


@given(
    shape=st.sampled_from(["immediate", "linear", "exponential", "fibonacci"]),
    interval=st.floats(0, 1e6),
    cap=st.floats(0, 1e6),
    failures=st.integers(1, 10_000),
)
def test_no_backoff_is_negative_or_longer_than_its_cap(
    shape: str, interval: float, cap: float, failures: int
) -> None:
    retry = Retry.model_validate({"interval_sec": interval, "backoff": shape, "max_interval_sec": cap})
    assert 0 <= backoff(retry, failures) <= cap


@pytest.mark.parametrize(
    "result",
    [bad(FailureClass.SESSION), bad(FailureClass.CONTEXT, session_id="one", resumed=True)],
    ids=["refused", "grown"],
)
def test_what_only_the_session_is_to_blame_for_costs_no_retry(result: JobResult) -> None:
    assert decided(result) == RetryAt(at=NOW, why="session", free=True, summary="2 tests failed.")
