"""Batches are sized by the work they cause in this thread."""

import pytest

from gui.data.batch_size import BatchSize
from tests.gui.conftest import Clock


@pytest.fixture
def size(clock: Clock) -> BatchSize:
    return BatchSize(most=500, least=50, budget_s=0.004, effort=clock)


def handle(size: BatchSize, clock: Clock, items: int, *, each_s: float) -> None:
    with size.measured(items):
        clock.go_on(items * each_s)


def test_a_batch_that_took_too_long_makes_the_next_one_fit(size: BatchSize, clock: Clock) -> None:
    assert size.items == 500
    handle(size, clock, 500, each_s=0.00002)
    assert size.items == 200
    handle(size, clock, 200, each_s=0.00002)
    assert size.items == 200


def test_no_batch_gets_so_small_that_its_fixed_cost_is_most_of_it(size: BatchSize, clock: Clock) -> None:
    handle(size, clock, 500, each_s=0.01)
    assert size.items == 50


def test_batches_grow_again_at_most_to_twice_the_size_of_the_one_before(
    size: BatchSize, clock: Clock
) -> None:
    handle(size, clock, 500, each_s=0.01)
    sizes = []
    for _ in range(5):
        handle(size, clock, size.items, each_s=0.000001)
        sizes.append(size.items)
    assert sizes == [100, 200, 400, 500, 500]


def test_a_batch_of_a_few_items_says_nothing_about_a_full_one(size: BatchSize, clock: Clock) -> None:
    handle(size, clock, 3, each_s=0.01)
    assert size.items == 500
