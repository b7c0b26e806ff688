"""The runner of this machine keeps the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.runners.contract import RunnerContract
from tests.engine.runners.stage import LocalStage


class TestLocalRunner(RunnerContract):
    @pytest.fixture
    def stage(self, tmp_path: Path) -> Iterator[LocalStage]:
        stage = LocalStage(tmp_path / "home")
        yield stage
        stage.close()
