"""The runner without processes keeps the contract, and does what a test tells it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.interfaces import Runner
from engine.runners import output
from engine.runners.fake import FakeRunner
from engine.system.home import Home
from engine.types import AttemptRef, EndReason, Invocation
from tests.engine.runners.contract import RunnerContract
from tests.engine.runners.stage import FakeStage


class TestFakeRunner(RunnerContract):
    @pytest.fixture
    def stage(self, tmp_path: Path) -> Iterator[FakeStage]:
        stage = FakeStage(tmp_path / "home")
        yield stage
        stage.close()


def test_a_test_ends_what_it_started(tmp_path: Path) -> None:
    runner = FakeRunner(Home.at(tmp_path / "home"))
    port: Runner = runner
    ref = AttemptRef(1, "a")
    port.make_folder(ref)
    port.start(ref, Invocation(argv=("aider", "--message"), cwd=tmp_path, env={}))
    runner.write(ref, b"working\n")
    runner.finish(ref, exit_code=2, stdout=b"done\n", stderr=b"oh\n", duration_s=1.5)
    (end,) = port.ended()
    assert (end.reason, end.exit_code, end.duration_s) == (EndReason.EXITED, 2, 1.5)
    assert output.stream(runner.folder(ref), "stdout") == b"working\ndone\n"
    assert output.stream(runner.folder(ref), "stderr") == b"oh\n"
    assert runner.invocations[ref].argv == ("aider", "--message")
