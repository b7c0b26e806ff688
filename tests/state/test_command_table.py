"""Which command fits which job: the one table, against the lifecycle and against jobs as they stand."""

from dataclasses import replace

import pytest

from state.command_table import COMMAND_STATES, JobCommand, fits
from state.lifecycle import JOB_MOVES
from state.records import HoldCause, Job, JobStatus

S = JobStatus
MOVES = {
    JobCommand.HOLD: S.HELD,
    JobCommand.RELEASE: S.QUEUED,
    JobCommand.RETRY: S.QUEUED,
    JobCommand.SKIP: S.SKIPPED,
    JobCommand.CANCEL: S.CANCELLED,
}


def test_every_command_on_jobs_has_a_row() -> None:
    assert set(COMMAND_STATES) == set(JobCommand)


@pytest.mark.parametrize(("command", "becomes"), MOVES.items())
def test_a_command_fits_only_where_the_lifecycle_has_its_move(
    command: JobCommand, becomes: JobStatus
) -> None:
    assert all(becomes in JOB_MOVES[state] for state in COMMAND_STATES[command].allowed)


@pytest.mark.parametrize(
    ("command", "states"),
    [
        ("hold", "queued"),
        ("release", "held"),
        ("retry", "failed timeout cancelled"),
        ("skip", "failed timeout cancelled"),
        ("cancel", "held queued running"),
        ("set_priority", "held queued"),
        ("move", "held queued"),
        ("edit", "held queued"),
    ],
)
def test_what_is_offered_in_each_state(command: str, states: str) -> None:
    job = Job(job_id="a", run_id="r", ws_id="w")
    found = [state for state in S if fits(JobCommand(command), replace(job, status=state))]
    assert set(found) == {S(word) for word in states.split()}


def test_a_job_that_waits_for_its_time_can_be_released() -> None:
    job = Job(job_id="a", run_id="r", ws_id="w")
    assert not fits(JobCommand.RELEASE, job)
    assert fits(JobCommand.RELEASE, replace(job, not_before=1.0))


@pytest.mark.parametrize("cause", HoldCause)
def test_what_is_held_after_it_has_worked_can_be_accepted_as_it_is(cause: HoldCause) -> None:
    job = Job(job_id="a", run_id="r", ws_id="w", status=S.HELD, hold_cause=cause)
    has_worked = cause in {HoldCause.INTERRUPTED, HoldCause.UNVERIFIED}
    assert fits(JobCommand.SKIP, job) is has_worked
    assert not fits(JobCommand.SKIP, replace(job, status=S.QUEUED)), "the cause of a hold that is over"


def test_a_command_may_be_carried_out_by_name_where_it_is_not_offered() -> None:
    assert COMMAND_STATES[JobCommand.SKIP].allowed >= {S.HELD, S.QUEUED}
    assert COMMAND_STATES[JobCommand.RETRY].allowed == {
        S.FAILED,
        S.TIMEOUT,
        S.CANCELLED,
        S.SKIPPED,
        S.COMPLETED,
    }
