"""The table that all benchmarks of a run write to."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.figures import Figures


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Written down at the end of a run."""
    collected = Figures()
    yield collected
    if collected.found:
        collected.write()
