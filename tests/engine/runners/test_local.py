"""The runner of this machine keeps the contract."""

import pytest

from tests.engine.runners.contract import RunnerContract

pytestmark = pytest.mark.usefixtures("each_shim")


class TestLocalRunner(RunnerContract):
    """With the fixture `stage` of this folder."""
