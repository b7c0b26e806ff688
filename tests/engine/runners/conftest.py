"""A home with engines that start real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.runners.stage import LocalStage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path / "home")
    yield stage
    stage.close()
