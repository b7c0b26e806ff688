"""L6: thousands of jobs that wait for each other. Work is counted, not timed; the times are in the benchmarks."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from sqlalchemy import Engine as Connections
from sqlalchemy import event

from engine.attempt_decisions import Done
from engine.host.assembly import EngineIdentity
from engine.interfaces import Claim, Settlement
from engine.jobfile.job_file_reader import job_from_mapping
from engine.orchestrator.attempt_preparer import ref_of
from engine.scheduling.explainer import QueueFacts
from engine.scheduling.schedule import choose
from engine.state_store import accepting
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import Assessment, AttemptEnd, EndReason, JobResult
from state import queries
from state.ledger import Ledger
from state.records import Job, JobStatus, Limit, LimitKind
from tests.helpers import graphs
from tests.helpers.waits import waits_of

JOBS, EDGES, CHAIN = 5_000, 20_000, 2_000
AT_ONCE = 100
NOW = 1_000.0


class Turns:
    """A store with a graph of jobs in it, and what one turn of it took."""

    def __init__(self, folder: Path, jobs: list[Job]) -> None:
        home = Home.at(folder)
        self.store = JobStateStore(home=home)
        graphs.enter(Ledger(self.store.database), jobs)
        self.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=AT_ONCE))
        self.engine = EngineIdentity(home, kind="test").engine
        self.store.engine_started(self.engine)
        self.statements = self.visits = 0

    def turn(self) -> list[Claim]:
        """Decide, claim, look ahead."""
        self.statements = self.visits = 0
        with self.counting():
            claims = self.store.claim(self.engine, choose, NOW, runner="none")
            self.store.next_due(NOW)
        return claims

    def end(self, claims: list[Claim]) -> None:
        result = JobResult(exit_code=0, success=True)
        ended = [
            (
                claim.attempt,
                Assessment(
                    end=AttemptEnd(ref=ref_of(claim.attempt), reason=EndReason.EXITED, exit_code=0),
                    result=result,
                ),
            )
            for claim in claims
        ]
        self.store.settle(Settlement(ended=ended, decide=lambda _job, _one: Done()), NOW)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count statements, and hundreds of steps of SQLite's machine, which are what it looks at."""

        def visit() -> int:
            self.visits += 1
            return 0

        def state(*_told: object) -> None:
            self.statements += 1

        with self.store.database.write() as connection:
            driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(visit, 100)
        event.listen(Connections, "before_cursor_execute", state)
        try:
            yield
        finally:
            event.remove(Connections, "before_cursor_execute", state)
            driver.set_progress_handler(None, 0)


@contextmanager
def few_frames(frames: int = 200) -> Iterator[None]:
    """Nothing in here may call itself once for each job of a chain."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def test_l6_each_of_five_thousand_jobs_with_twenty_thousand_edges_starts_as_soon_as_it_may(
    tmp_path: Path,
) -> None:
    jobs = graphs.tangle(JOBS)
    assert sum(len(job.depends_on) for job in jobs) >= EDGES * 0.999
    turns = Turns(tmp_path / "home", jobs)
    oracle = TopologicalSorter({job.job_id: job.depends_on for job in jobs})
    oracle.prepare()
    ready = set(oracle.get_ready())
    counts, started = [], 0
    while ready:
        claims = turns.turn()
        names = {claim.job.job_id for claim in claims}
        assert names <= ready
        assert len(names) == min(AT_ONCE, len(ready))
        counts.append(turns.statements)
        turns.end(claims)
        oracle.done(*names)
        ready = ready - names | set(oracle.get_ready())
        started += len(claims)
    assert started == JOBS
    assert turns.turn() == []
    assert turns.store.is_idle()
    assert max(counts) <= 150, "the statements of a turn grow with what starts, not with what waits"


@pytest.mark.parametrize("make", [graphs.tangle, graphs.chain])
def test_l6_a_turn_visits_each_waiting_job_at_most_a_few_times(
    tmp_path: Path, make: Callable[[int], list[Job]]
) -> None:
    small, large = Turns(tmp_path / "small", make(CHAIN // 4)), Turns(tmp_path / "large", make(CHAIN))
    for turns in (small, large):
        turns.turn()  # what is prepared once is not what a turn takes
    for turns in (small, large):
        claims = turns.turn()
        assert len(claims) <= AT_ONCE
    print(
        f"{small.visits} and {large.visits} hundred steps, {small.statements} and {large.statements} statements"
    )
    assert large.statements <= small.statements + 2
    assert large.visits <= 5 * small.visits + 20


def test_l6_a_chain_of_two_thousand_is_queued_decided_explained_and_followed_without_recursion(
    tmp_path: Path,
) -> None:
    jobs = graphs.chain(CHAIN)
    fields = {"tool": "shell", "command": {"exe": "/bin/true"}}
    specs = [
        job_from_mapping({**fields, "job_id": job.job_id, "metadata": {"depends_on": list(job.depends_on)}})
        for job in reversed(jobs)
    ]
    turns = Turns(tmp_path / "home", jobs)
    with few_frames():
        accepting.refuse_circles(specs, lambda _ids: {})
        claims = turns.turn()
        waits = waits_of(QueueFacts(jobs={job.job_id: job for job in turns.store.list_jobs("r")}), NOW)
        with turns.store.database.write() as connection:
            following = queries.dependents(connection, ["j0"])
        idle = turns.store.is_idle()
    assert [claim.job.job_id for claim in claims] == ["j0"]
    assert waits[f"j{CHAIN - 1}"].sentence.endswith(f"j{CHAIN - 2} to finish.")
    assert len(following) == CHAIN - 1
    assert not idle
    turns.end(claims)
    assert [claim.job.job_id for claim in turns.turn()] == ["j1"]
    assert turns.store.list_jobs("r")[-1].status is JobStatus.COMPLETED
