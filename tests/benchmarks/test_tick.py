"""One turn of the queue with 5,000 jobs that wait for each other by 20,000 edges: decide, claim, look ahead."""

import statistics
import time
from graphlib import TopologicalSorter
from pathlib import Path

from engine.host.assembly import EngineIdentity
from engine.scheduling.explainer import QueueFacts
from engine.scheduling.schedule import choose
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.ledger import AttemptOutcome, Ending, Following
from state.records import AttemptStatus, Job, JobStatus, Limit, LimitKind
from tests.benchmarks.figures import Figure, Figures
from tests.helpers import graphs
from tests.helpers.waits import waits_of

JOBS, AT_ONCE, TICKS = 5_000, 8, 150


def in_memory(jobs: list[Job]) -> float:
    """Milliseconds in which a scheduler that keeps nothing finds what is ready: the whole graph, walked by graphlib."""
    took = []
    for _ in range(20):
        begun = time.process_time()
        sorter = TopologicalSorter({job.job_id: job.depends_on for job in jobs})
        sorter.prepare()
        assert sorter.get_ready()
        took.append((time.process_time() - begun) * 1000)
    return statistics.median(took)


def test_a_turn_of_the_queue_with_five_thousand_jobs(tmp_path: Path, figures: Figures) -> None:
    home, jobs = Home.at(tmp_path / "home"), graphs.tangle(JOBS)
    store = JobStateStore(home=home)
    ledger = store._ledger  # its memory of what runs is what claims go by
    graphs.enter(ledger, jobs)
    store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=AT_ONCE))
    identity = EngineIdentity(home, kind="bench")
    identity.take()
    store.engine_started(identity.engine)
    done, over = (
        AttemptOutcome(status=AttemptStatus.COMPLETED, result={}),
        Following(status=JobStatus.COMPLETED),
    )
    took, completed = [], 0
    for _ in range(TICKS):
        begun = time.process_time()
        claims = store.claim(identity.engine, choose, time.time(), runner="fake")
        store.next_due(time.time())
        took.append((time.process_time() - begun) * 1000)
        endings = [Ending(attempt=claim.attempt, outcome=done, following=over) for claim in claims]
        ledger.attempts.end_all(endings, now=time.time())
        completed += len(claims)
    facts = QueueFacts(
        jobs={job.job_id: job for job in store.list_jobs("r")}, limits=store.queue_control.limits()
    )
    begun = time.process_time()
    waits = waits_of(facts, time.time())
    explained = (time.process_time() - begun) * 1000
    identity.release()
    store.close()
    edges = sum(len(job.depends_on) for job in jobs)
    print(
        f"\nturn with {JOBS:,} jobs and {edges:,} edges, up to {AT_ONCE} starts: "
        f"median {statistics.median(took):.1f} ms, "
        f"p95 {statistics.quantiles(took, n=20)[-1]:.1f} ms, {completed:,} jobs run; "
        f"all {len(waits):,} waits explained in {explained:.1f} ms"
    )
    what = f"processor time of a turn that claims up to {AT_ONCE} of {JOBS:,} jobs with {edges:,} edges from the disk"
    rival = "`graphlib` that walks the same graph in memory"
    theirs = in_memory(jobs)
    figures.add(Figure(what=what, ours=statistics.median(took), rival=rival, theirs=theirs, unit="ms"))
    what = f"processor time to explain why each of {len(waits):,} jobs waits"
    figures.add(Figure(what=what, ours=explained, rival=rival, theirs=theirs, unit="ms"))
    assert completed > TICKS
