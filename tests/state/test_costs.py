"""Sums of costs: each as certain as its least certain part, and a job has used what its attempts have."""

import itertools
import random

import pytest

from state import attempt_queries, queries, statistics
from state.costs import Cost, CostSource, total_cost
from state.ledger import AttemptOutcome, Following
from state.records import AttemptStatus, Job, JobStatus
from tests.state.conftest import ME, Room, make_job

TOLD, ESTIMATED, UNKNOWN = CostSource.REPORTED, CostSource.ESTIMATED, CostSource.UNKNOWN


@pytest.mark.parametrize(
    ("costs", "sum_"),
    [
        ([], Cost()),
        ([Cost(), Cost()], Cost()),
        ([Cost(1.0, TOLD), Cost()], Cost(1.0, TOLD)),
        ([Cost(1.0, TOLD), Cost(0.5, ESTIMATED)], Cost(1.5, ESTIMATED)),
        ([Cost(1.0, TOLD), Cost(None, UNKNOWN)], Cost(1.0, UNKNOWN)),
        ([Cost(None, UNKNOWN), Cost(0.5, ESTIMATED)], Cost(0.5, UNKNOWN)),
        ([Cost(None, UNKNOWN)], Cost(None, UNKNOWN)),
        ([Cost.of(2.0, None)], Cost(2.0, TOLD)),
    ],
)
def test_a_sum_is_as_certain_as_its_least_certain_part(costs: list[Cost], sum_: Cost) -> None:
    assert all(total_cost(order) == sum_ for order in itertools.permutations(costs))


def found(room: Room) -> Job:
    job = room.reader.read(queries.find_job, "a")
    assert job is not None
    return job


def one_outcome(dice: random.Random) -> AttemptOutcome:
    source = dice.choice([None, *CostSource])
    known = source is not None and (source is not UNKNOWN or dice.random() < 0.5)
    return AttemptOutcome(
        status=AttemptStatus.FAILED,
        result={},
        cost_usd=dice.randrange(1000) / 8 if known else None,
        cost_source=source,
        input_tokens=dice.choice([None, dice.randrange(10**6)]),
        cached_tokens=dice.choice([None, dice.randrange(10**4)]),
        output_tokens=dice.choice([None, dice.randrange(10**5)]),
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_job_has_used_what_its_attempts_have_used(room: Room, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - costs, not secrets
    room.add(make_job("a"))
    for _ in range(dice.randrange(1, 7)):
        _, attempt = room.ledger.attempts.claim_one("a", ME, runner="fake", now=1.0)
        room.ledger.attempts.end(attempt, one_outcome(dice), Following(status=JobStatus.QUEUED), now=2.0)
    job, attempts = found(room), room.reader.read(attempt_queries.attempts_of, "a")
    assert job.cost == total_cost(attempt.cost for attempt in attempts)
    assert room.reader.read(statistics.spent, 0.0) == job.cost
    for name in ("input_tokens", "cached_tokens", "output_tokens"):
        known = [number for one in attempts if (number := getattr(one, name)) is not None]
        assert getattr(job, name) == (sum(known) if known else None)


def test_the_sum_of_what_tools_count_stays_a_number_of_json(room: Room) -> None:
    room.add(make_job("a"))
    for _ in range(3):
        _, attempt = room.ledger.attempts.claim_one("a", ME, runner="fake", now=1.0)
        outcome = AttemptOutcome(status=AttemptStatus.FAILED, result={}, input_tokens=2**53)
        room.ledger.attempts.end(attempt, outcome, Following(status=JobStatus.QUEUED), now=2.0)
    assert found(room).input_tokens == 2**53
