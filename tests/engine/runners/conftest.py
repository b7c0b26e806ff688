"""A home with engines that start real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runners import native_shim
from engine.runners.shim_program import CHOICE, ShimKind
from tests.engine.runners.stage import LocalStage


@pytest.fixture(params=list(ShimKind))
def each_shim(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every engine of the test use the compiled shim, and then the one in Python."""
    if request.param is ShimKind.COMPILED:
        try:
            native_shim.build_beside_sources()
        except native_shim.NoCompilerError as error:
            pytest.skip(str(error))
    monkeypatch.setenv(CHOICE, request.param)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path / "home")
    yield stage
    stage.close()
