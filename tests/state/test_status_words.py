"""A status reads as a verb in every sentence that names it."""

import pytest

from state.records import AttemptStatus, GroupStatus, JobStatus
from state.status_words import status_in_words


@pytest.mark.parametrize("status", [*JobStatus, *GroupStatus, *AttemptStatus])
def test_what_has_ended_is_in_the_past_and_what_has_not_in_the_present(
    status: JobStatus | GroupStatus | AttemptStatus,
) -> None:
    going_on = {"held", "queued", "running", "quarantined", "merging"}
    assert status_in_words(status).startswith("is ") == (status.value in going_on)


def test_each_end_of_a_job_has_its_verb() -> None:
    ends = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.TIMEOUT, JobStatus.CANCELLED, JobStatus.SKIPPED)
    assert [status_in_words(end) for end in ends] == [
        "completed", "failed", "timed out", "was cancelled", "was skipped",
    ]  # fmt: skip
