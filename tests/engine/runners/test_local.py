"""The runner of this machine keeps the contract."""

from tests.engine.runners.contract import RunnerContract


class TestLocalRunner(RunnerContract):
    """With the fixture `stage` of this folder."""
