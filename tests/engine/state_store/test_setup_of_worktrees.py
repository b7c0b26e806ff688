"""With what a worktree was set up is recorded with the end of the attempt that did it, and only where it succeeded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.interfaces import Accepted, Settlement
from engine.jobfile.job_file_reader import job_from_mapping
from engine.scheduling import retry_policy, schedule
from engine.state_store.job_state_store import JobStateStore
from engine.types import Assessment, AttemptEnd, AttemptRef, EndReason, JobResult, SetupEnd
from state import worktree_queries
from state.ledger import Ledger
from state.records import Engine, Job, Origin
from state.worktree_records import TreeState, Worktree

ME = Engine(engine_id="me", home_id="home", host="here", pid=1, started_at=1.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    made = JobStateStore(db_path=tmp_path / "test.db")
    yield made
    made.close()


@pytest.mark.parametrize("isolated", [True, False])
@pytest.mark.parametrize("success", [True, False])
@pytest.mark.parametrize(
    ("setup", "noted"),
    [
        (SetupEnd(exit_code=0, digest="d1"), "d1"),
        (SetupEnd(exit_code=1, digest="d1"), None),
        (SetupEnd(detail="It ran longer than 5 s.", digest="d1"), None),
        (None, None),
    ],
)
def test_a_setup_that_succeeded_is_recorded_whatever_became_of_the_tool(
    store: JobStateStore, setup: SetupEnd | None, noted: str | None, *, success: bool, isolated: bool
) -> None:
    fields = {"tool": "claude", "job_id": "a", "run_id": "r", "prompt": "x", "metadata": {"writes": False}}
    spec = job_from_mapping(fields)
    (job,) = store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)
    if isolated:
        tree = Worktree(
            run_id=job.run_id, ws_id=job.ws_id, repo="/r", path="/t", branch="b", state=TreeState.READY
        )
        Ledger(store.database).worktrees.enter(tree)
    (claimed,) = store.claim(ME, schedule.choose, 1.0, runner="fake")
    ref = AttemptRef(claimed.attempt.id, claimed.attempt.token)
    end = AttemptEnd(ref=ref, reason=EndReason.EXITED, exit_code=0 if success else 1, setup=setup)
    metadata = {} if success else {"failure_class": "failed"}
    found = Assessment.of(end, JobResult(success=success, metadata=metadata))

    def decide(job: Job, assessment: Assessment) -> object:
        return retry_policy.decide(claimed.spec, job, assessment, now=1.0)

    store.settle(Settlement(ended=[(claimed.attempt, found)], decide=decide), 1.0)  # type: ignore[arg-type]  # any decision does
    with store.database.reading_engine(busy_ms=5_000).begin() as connection:
        kept = worktree_queries.find_worktree(connection, job.run_id, job.ws_id)
    assert (kept is not None) is isolated
    assert kept is None or kept.setup_digest == noted
