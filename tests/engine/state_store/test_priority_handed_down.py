"""An urgent job hands its priority down to what it waits for: in claims, in the queue's order, and in words."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import CommandRefusedError
from engine.host.assembly import EngineIdentity
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.scheduling import schedule
from engine.scheduling.explainer import QueueFacts
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import QueuePosition
from state.ledger import Ledger
from state.records import Job, Limit, LimitKind, Origin
from tests.engine.test_large_graphs import AT_ONCE, Turns
from tests.helpers import graphs
from tests.helpers.command_line import CommandLine
from tests.helpers.patience import at_most
from tests.helpers.waits import waits_of


class Queue:
    """A queue of one slot, whose jobs are claimed and ended one after the other."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.at(folder)
        self.store = JobStateStore(home=self.home)
        self.engine = EngineIdentity(self.home, kind="test").engine
        self.store.engine_started(self.engine)
        self.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=1))

    def add(self, job_id: str, priority: str | int = "normal", *after: str, **fields: Any) -> None:
        data = {
            "tool": "shell", "command": {"exe": "true"}, "job_id": job_id, **fields,
            "metadata": {"priority": priority, "depends_on": list(after)},
        }  # fmt: skip
        spec = job_from_mapping(data, base=Path("/nowhere"))
        self.store.accept([Accepted(spec=spec, digest=spec.digest())], origin=Origin.API)

    def next(self) -> str:
        """The job that starts next; it has completed when this returns."""
        claims = self.store.claim(self.engine, schedule.choose, time.time(), runner="none")
        assert len(claims) == 1
        Turns.end(self, claims)  # type: ignore[arg-type]  # it needs the store alone
        return claims[0].job.job_id

    def order(self) -> list[str]:
        found = []
        while not self.store.is_idle():
            found.append(self.next())
        return found

    def sentence(self, job_id: str) -> str:
        jobs = {
            job.job_id: job
            for run in self.store.list_recent_runs(100)
            for job in self.store.list_jobs(run.run_id)
        }
        return waits_of(QueueFacts(jobs=jobs), time.time())[job_id].sentence


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    made = Queue(tmp_path / "home")
    yield made
    made.store.close()


def test_what_an_urgent_job_waits_for_starts_before_all_that_is_less_urgent(queue: Queue) -> None:
    queue.add("n1")
    queue.add("low", "low")
    queue.add("middle", "normal", "low")
    queue.add("high", "high")
    queue.add("urgent", "urgent", "middle")
    assert queue.order() == ["low", "middle", "urgent", "high", "n1"]


def test_a_priority_is_handed_down_to_other_runs_and_to_jobs_that_came_before(queue: Queue) -> None:
    queue.add("low", "low", run_id="first")
    queue.add("n", run_id="second")
    queue.add("urgent", "urgent", "low", run_id="third")
    assert queue.order() == ["low", "urgent", "n"]


def test_a_priority_that_is_changed_is_handed_down_at_once(queue: Queue) -> None:
    for job_id in ("n1", "n2", "n3"):
        queue.add(job_id)
    queue.add("low", "low")
    queue.add("last", "low", "low")
    queue.store.job_control.set_priority("last", 50)
    assert queue.next() == "low"
    queue.store.job_control.set_priority("last", -10)
    assert queue.order() == ["n1", "n2", "n3", "last"]


@pytest.mark.parametrize("end", ["cancel", "skip", "hold", "edit"])
def test_a_job_that_no_longer_waits_hands_nothing_down(queue: Queue, end: str) -> None:
    queue.add("n")
    queue.add("low", "low")
    queue.add("urgent", "urgent", "low")
    match end:
        case "cancel":
            queue.store.request_cancel("urgent")
        case "skip":
            queue.store.job_control.skip("urgent")
        case "hold":
            queue.store.hold("urgent")
        case _:
            fields = queue.store.job_spec("urgent").to_json()
            fields["metadata"] = {**fields["metadata"], "priority": "low"}
            queue.store.job_control.edit("urgent", job_from_mapping(fields, base=Path("/nowhere")))
    assert queue.next() == "n"
    assert queue.next() == "low"


def test_a_job_that_is_released_or_retried_hands_down_again(queue: Queue) -> None:
    queue.add("n")
    queue.add("low", "low")
    queue.add("urgent", "urgent", "low")
    queue.store.request_cancel("urgent")
    queue.store.job_control.retry("urgent")
    queue.store.hold("urgent")
    queue.store.release("urgent")
    assert queue.order() == ["low", "urgent", "n"]


def test_two_engines_agree_on_priorities_handed_down(queue: Queue) -> None:
    queue.add("n")
    for number in range(4):
        queue.add(f"low{number}", "low")
    queue.add("urgent", "urgent", "low0", "low1", "low2", "low3")
    other = JobStateStore(home=queue.home)
    second = EngineIdentity(queue.home, kind="test").engine
    other.engine_started(second)
    queue.store.queue_control.set_limit(Limit(kind=LimitKind.GLOBAL, key="", value=2))
    first = queue.store.claim(
        queue.engine, lambda view, at: schedule.choose(view, at)[:1], 1.0, runner="none"
    )
    then = other.claim(second, schedule.choose, 1.0, runner="none")
    assert [claim.job.job_id for claim in [*first, *then]] == ["low0", "low1"]
    other.close()


def test_the_reason_names_the_job_it_is_urgent_through_and_the_number_in_the_queue_counts_it(
    queue: Queue,
) -> None:
    queue.add("n")
    queue.add("low", "low")
    queue.add("urgent", "urgent", "low")
    assert queue.sentence("low") == "Starts next; urgent through urgent."
    assert queue.sentence("n") == "Starts next."
    assert queue.sentence("urgent") == "Waits for low to finish."


def test_a_job_that_is_kept_up_by_another_cannot_be_moved_below_its_place_and_the_reason_is_given(
    queue: Queue,
) -> None:
    queue.add("n1")
    queue.add("n2")
    queue.add("low", "low")
    queue.add("urgent", "urgent", "low")
    with pytest.raises(CommandRefusedError, match="urgent waits for it and has a higher priority"):
        queue.store.job_control.move(["low"], QueuePosition(where="bottom"))
    queue.store.job_control.move(["n2"], QueuePosition(where="top"))
    assert queue.order() == ["n2", "low", "urgent", "n1"]


def test_the_command_line_shows_the_priority_that_counts(tmp_path: Path) -> None:
    signalbox = CommandLine(tmp_path)
    job = {"tool": "shell", "command": {"exe": "true"}}
    low = {**job, "job_id": "low", "metadata": {"priority": "low"}}
    urgent = {**job, "job_id": "u", "metadata": {"priority": "urgent", "depends_on": ["low"]}}
    signalbox("submit", signalbox.file("low.json", low), signalbox.file("u.json", urgent))
    assert "-10, urgent through u" in signalbox("show", "low").out
    shown = signalbox("show", "low", "--json").json
    assert (shown["priority"], shown["effective_priority"], shown["priority_through"]) == (-10, 50, "u")
    plain = signalbox("show", "u", "--json").json
    assert (plain["effective_priority"], plain["priority_through"]) == (50, None)


@pytest.mark.parametrize("make", [graphs.tangle, graphs.chain])
def test_l6_a_turn_stays_short_where_thousands_of_priorities_are_handed_down(
    tmp_path: Path, make: Any
) -> None:
    jobs: list[Job] = make(5_000)
    turns = Turns(tmp_path / "home", [])
    ranked = [_with_priority(job, number % 200 - 100) for number, job in enumerate(jobs)]
    graphs.enter(Ledger(turns.store.database), ranked)
    turns.end(turns.turn())
    begun = time.perf_counter()
    claims = turns.turn()
    took = time.perf_counter() - begun
    print(f"{took * 1000:.0f} ms, {len(claims)} claims of at most {AT_ONCE}")
    assert turns.statements <= 150
    assert took < at_most(0.5)


def _with_priority(job: Job, priority: int) -> Job:
    return replace(job, priority=priority)
