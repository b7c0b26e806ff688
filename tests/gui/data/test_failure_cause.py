"""Which failures count as the same."""

import pytest

from gui.data.failure_cause import by_cause, cause_of
from state.records import Job, JobStatus


def failed(name: str, summary: str, **more: object) -> Job:
    fields: dict[str, object] = {
        "job_id": f"{name}-edit",
        "run_id": "0345",
        "ws_id": name,
        "step_name": "edit",
        "status": JobStatus.FAILED,
        "failure_class": "failed",
        "exit_code": 1,
        "summary": summary,
    }
    return Job(**(fields | more))  # type: ignore[arg-type]  # a test names fields freely


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mypy: no module decimal_ext.", "mypy: no module decimal_ext."),
        (
            "1 failed, 62 passed in 4.02s: test_replay_twice",
            "1 failed, 60 passed in 11.9 s: test_replay_twice",
        ),
        ("No module named shop: /home/me/a/b.py", "No module named shop: /srv/trees/0345/b.py"),
        ("hints-ast could not be built.", "hints-cli could not be built."),
        ("totals.py:12: syntax error", "totals.py:48: syntax error"),
    ],
)
def test_failures_that_differ_in_numbers_folders_and_their_own_names_have_one_cause(
    one: str, other: str
) -> None:
    assert cause_of(failed("hints-ast", one)) == cause_of(failed("hints-cli", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (failed("a-1", "mypy: no module decimal_ext."), failed("a-2", "mypy: no module money_ext.")),
        (failed("a-1", "1 failed: test_seed_417"), failed("a-2", "1 failed: test_seed_418")),
        (failed("a-1", "It failed."), failed("a-2", "It failed.", failure_class="crash")),
        (failed("a-1", "make failed."), failed("a-2", "make failed.", exit_code=127)),
        (failed("a-1", ""), failed("a-2", "", status=JobStatus.TIMEOUT, failure_class=None)),
    ],
)
def test_another_message_test_class_or_exit_code_is_another_cause(one: Job, other: Job) -> None:
    assert cause_of(one) != cause_of(other)


def test_the_exit_code_of_a_failure_whose_class_is_known_does_not_count() -> None:
    one, other = (failed("a", "429", failure_class="rate", exit_code=code) for code in (1, 2))
    assert cause_of(one) == cause_of(other)


def test_a_job_that_has_not_failed_has_no_cause() -> None:
    assert cause_of(failed("a", "", status=JobStatus.COMPLETED)) is None
    assert cause_of(failed("a", "", status=JobStatus.HELD)) is None


def test_a_quarantined_job_keeps_the_cause_of_its_failures() -> None:
    held = failed("a", "test_replay_twice failed", status=JobStatus.HELD, quarantined=True)
    assert cause_of(held) == cause_of(failed("b", "test_replay_twice failed"))


def test_the_causes_of_many_jobs_are_listed_in_the_order_in_which_they_occur() -> None:
    jobs = [
        failed("a", "one"),
        failed("b", "two"),
        failed("c", "one"),
        failed("d", "", status=JobStatus.QUEUED),
    ]
    assert [[job.ws_id for job in of] for of in by_cause(jobs).values()] == [["a", "c"], ["b"]]


def test_a_failure_without_a_message_says_how_it_ended() -> None:
    cause = cause_of(failed("a", "", exit_code=3))
    assert cause is not None
    assert cause.text == "edit failed with exit code 3"
