"""Costs and tokens in words: what is known, and how certain that is."""

import pytest

from engine.system.cost_text import cost_caption, cost_text, tokens_text
from state.costs import Cost, CostSource

TOLD, ESTIMATED, UNKNOWN = CostSource.REPORTED, CostSource.ESTIMATED, CostSource.UNKNOWN


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(), ""),
        (Cost(1.2, TOLD), "$1.20"),
        (Cost(1_234.5, ESTIMATED), "about $1,234.50"),
        (Cost(1.2, UNKNOWN), "at least $1.20"),
        (Cost(None, UNKNOWN), "unknown"),
        (Cost(0.001, TOLD), "<$0.01"),
        (Cost(0.0021, UNKNOWN), "at least $0.002100"),
        (Cost(float("nan"), TOLD), "unknown"),
    ],
)
def test_a_cost_says_how_certain_it_is(cost: Cost, text: str) -> None:
    assert cost_text(cost) == text


def test_an_unknown_cost_says_what_is_unknown_where_nothing_around_it_does() -> None:
    assert cost_caption(Cost(None, UNKNOWN)) == "cost unknown"
    assert cost_caption(Cost(1.2, UNKNOWN)) == "at least $1.20"


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ((None, None, None), ""),
        ((1200, 1000, 300), "1,200 in (1,000 cached) / 300 out"),
        ((1200, 0, 300), "1,200 in / 300 out"),
        ((1200, None, None), "1,200 in / unknown out"),
        ((None, None, 3), "unknown in / 3 out"),
        ((0, 0, 0), "0 in / 0 out"),
    ],
)
def test_tokens_are_never_shown_as_0_where_they_are_not_known(
    tokens: tuple[int | None, int | None, int | None], text: str
) -> None:
    assert tokens_text(*tokens) == text
