"""The bench every engine test works on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.system.home import Home
from tests.engine.desk import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(Home.at(tmp_path / "home"))
    yield made
    made.close()
