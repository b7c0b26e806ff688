"""An ended attempt has one assessment, which gives its outcome as a word, as a sentence and as yes or no."""

import pytest

from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, FailureClass, JobResult
from state.records import AttemptStatus

GOOD = JobResult(exit_code=0, success=True, metadata={"summary": "3 passed."})


def ended(reason: EndReason, detail: str = "") -> AttemptEnd:
    return AttemptEnd(ref=AttemptRef(1, "t"), reason=reason, exit_code=0, detail=detail)


@pytest.mark.parametrize(
    ("reason", "status", "failure"),
    [
        (EndReason.EXITED, AttemptStatus.COMPLETED, None),
        (EndReason.TIMEOUT, AttemptStatus.TIMEOUT, FailureClass.TIMEOUT),
        (EndReason.SILENCE, AttemptStatus.TIMEOUT, FailureClass.STALLED),
        (EndReason.CANCELLED, AttemptStatus.CANCELLED, FailureClass.CANCELLED),
        (EndReason.SPAWN_FAILED, AttemptStatus.SPAWN_FAILED, FailureClass.SPAWN_FAILED),
        (EndReason.INTERRUPTED, AttemptStatus.INTERRUPTED, FailureClass.INTERRUPTED),
        (EndReason.DISK, AttemptStatus.INTERRUPTED, FailureClass.DISK),
    ],
)
def test_only_an_attempt_that_ended_by_itself_can_be_successful(
    reason: EndReason, status: AttemptStatus, failure: FailureClass | None
) -> None:
    assessment = Assessment.of(ended(reason), GOOD)
    assert (assessment.status, assessment.failure) == (status, failure)
    assert assessment.was_successful() is assessment.result.success is (failure is None)
    assert assessment.result.metadata.get("failure_class") == failure
    assert str(assessment) == "3 passed."


@pytest.mark.parametrize(
    ("failure", "status"),
    [(FailureClass.QUOTA, AttemptStatus.QUOTA), (FailureClass.TESTS_FAILED, AttemptStatus.FAILED)],
)
def test_a_failure_is_named_by_the_adapter(failure: FailureClass, status: AttemptStatus) -> None:
    result = JobResult(exit_code=1, metadata={"summary": "No luck.", "failure_class": failure.value})
    assessment = Assessment.of(ended(EndReason.EXITED), result)
    assert (assessment.status, assessment.failure, str(assessment)) == (status, failure, "No luck.")
    assert not assessment.was_successful()


def test_the_sentence_of_the_runner_says_more_than_the_adapter_can() -> None:
    assessment = Assessment.of(ended(EndReason.TIMEOUT, "It ran longer than 5 s."), GOOD)
    assert str(assessment) == "It ran longer than 5 s."
    assert str(Assessment.of(ended(EndReason.EXITED, "It left."), JobResult())) == "It left."


def test_an_attempt_that_no_adapter_could_read_has_failed() -> None:
    assessment = Assessment.unread(ended(EndReason.EXITED), "The adapter broke.", FailureClass.CRASH)
    assert (assessment.status, assessment.failure) == (AttemptStatus.FAILED, FailureClass.CRASH)
    assert str(assessment) == "The adapter broke."
