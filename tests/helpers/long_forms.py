"""Which cases of a test of many cases every run takes, and which the long form (`make soak`) alone."""

from collections.abc import Iterable, Sequence

import pytest
from _pytest.mark.structures import ParameterSet


def in_turn(first: Iterable[object], second: Sequence[object]) -> list[ParameterSet]:
    """Every pair. Of each in `first` the pair with one of `second`, in turn, is short and the others are long forms."""
    return [
        pytest.param(one, other, marks=[] if (number - turn) % len(second) == 0 else [pytest.mark.soak])
        for number, one in enumerate(first)
        for turn, other in enumerate(second)
    ]


def some(cases: Iterable[object], *, short: Iterable[object]) -> list[ParameterSet]:
    """Every case. Those in `short` are short, the others long forms."""
    chosen = list(short)
    return [pytest.param(case, marks=[] if case in chosen else [pytest.mark.soak]) for case in cases]
