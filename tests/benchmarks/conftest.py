"""The table that all benchmarks of a run write to."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.figures import Figures

LINES = 9
"""What a whole run finds."""


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Written down at the end of a whole run; part of one is only printed."""
    collected = Figures()
    yield collected
    if len(collected.found) == LINES:
        collected.write()
