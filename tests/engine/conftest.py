"""The bench every engine test works on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.system.home import Home
from tests.engine.engine_bench import EngineBench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[EngineBench]:
    made = EngineBench(Home.at(tmp_path / "home"))
    yield made
    made.close()
