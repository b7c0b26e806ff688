"""The priority that waiting jobs hand down to what they wait for, as a pure function."""

import itertools
import random

import pytest

from state.handed_priority import HandedPriority, handed_down


def test_what_an_urgent_job_waits_for_is_urgent_through_it_however_far_below() -> None:
    handed = handed_down({"a": -10, "b": 0, "c": 50}, {"c": ["b"], "b": ["a"]})
    assert handed == {"a": HandedPriority(50, "c"), "b": HandedPriority(50, "c")}


def test_a_job_with_a_priority_of_its_own_that_is_as_high_is_handed_nothing() -> None:
    assert handed_down({"a": 50, "b": 10, "c": 50}, {"c": ["a"], "b": ["a"]}) == {}


def test_the_highest_of_several_is_handed_down() -> None:
    handed = handed_down({"a": 0, "b": 10, "c": 50}, {"b": ["a"], "c": ["a"]})
    assert handed == {"a": HandedPriority(50, "c")}


def test_a_parent_that_does_not_wait_itself_is_passed_over() -> None:
    assert handed_down({"b": 50, "z": 0}, {"b": ["ended"], "ended": ["z"]}) == {}


def test_a_chain_of_five_thousand_needs_no_recursion() -> None:
    priorities = {f"j{number}": number % 200 - 100 for number in range(5_000)}
    parents = {f"j{number}": [f"j{number - 1}"] for number in range(1, 5_000)}
    handed = handed_down(priorities, parents)
    assert handed["j0"].priority == 99


@pytest.mark.parametrize("seed", range(20))
def test_it_is_the_maximum_over_everything_that_waits_for_a_job(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # any numbers will do
    names = [f"j{number}" for number in range(30)]
    priorities = {name: dice.choice([-10, 0, 10, 50]) for name in names}
    pairs = [pair for pair in itertools.combinations(names, 2) if dice.random() < 0.1]
    parents = {name: [parent for parent, child in pairs if child == name] for name in names}
    handed = handed_down(priorities, parents)
    waiting_for = {name: {child for parent, child in pairs if parent == name} for name in names}
    for name in reversed(names):
        waiting_for[name] |= {far for child in waiting_for[name] for far in waiting_for[child]}
    for name in names:
        highest = max([priorities[other] for other in waiting_for[name]], default=-1000)
        assert (handed[name].priority if name in handed else None) == (
            highest if highest > priorities[name] else None
        )
