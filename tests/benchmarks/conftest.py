"""The table that all benchmarks of a run write to, and where they put what has to be durable."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.disks import folder_on_disk
from tests.benchmarks.figures import Figures


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Written down at the end of a run."""
    collected = Figures()
    yield collected
    if collected.found:
        collected.write()


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a disk, where syncs are real."""
    with folder_on_disk() as folder:
        yield folder
