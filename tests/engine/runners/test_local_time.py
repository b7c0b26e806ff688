"""X13, X22, X24: timeouts, silence and cancelling, and exactly one outcome when they meet."""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from engine.runners import layout
from engine.runners.recovery import leave
from engine.types import EndReason
from tests.engine.runners.stage import LocalStage, reach
from tests.helpers import child_zoo
from tests.helpers.patience import at_most

pytestmark = pytest.mark.usefixtures("each_shim")


def test_a_tool_that_runs_too_long_is_stopped_as_a_timeout(stage: LocalStage) -> None:
    end = stage.engine().run(stage.command(["/bin/sleep", "60"], timeout_s=0.3))
    assert (end.reason, end.exit_code) == (EndReason.TIMEOUT, -15)
    assert 0.3 <= end.duration_s < at_most(3)
    assert end.detail == "It ran longer than 0.3 s."


def test_a_tool_that_ignores_the_timeout_is_killed_after_the_grace(stage: LocalStage) -> None:
    end = stage.engine().run(stage.animal(child_zoo.ignores_term, timeout_s=0.5, grace_s=0.3))
    assert (end.reason, end.exit_code) == (EndReason.TIMEOUT, -9)
    assert 0.8 <= end.duration_s < at_most(4)


def test_a_tool_that_ends_in_time_has_no_timeout(stage: LocalStage) -> None:
    end = stage.engine().run(stage.shell("exit 4", timeout_s=30.0, silence_timeout_s=30.0))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 4)


def test_x22_a_tool_that_says_nothing_is_stopped_where_that_was_asked_for(stage: LocalStage) -> None:
    end = stage.engine().run(stage.shell("echo begun; exec sleep 60", silence_timeout_s=0.3))
    assert (end.reason, end.exit_code) == (EndReason.SILENCE, -15)
    assert end.detail == "It printed nothing for 0.3 s."


def test_output_on_either_stream_breaks_the_silence(stage: LocalStage) -> None:
    code = "for n in 1 2 3 4 5 6 7 8; do sleep 0.1; echo $n >&2; done"
    end = stage.engine().run(stage.shell(code, silence_timeout_s=0.6))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
    assert end.duration_s > 0.6


def test_x13_a_sleeping_machine_kills_nothing(stage: LocalStage) -> None:
    engine = stage.engine()
    go = stage.home.root / "go"
    code = f"echo ready; while [ ! -e {go} ]; do sleep 0.02; done"
    ref = stage.printed(engine.start(stage.shell(code, timeout_s=4.0, silence_timeout_s=4.0)), b"ready\n")
    shim = stage.shim_of(ref)
    os.kill(shim, signal.SIGSTOP)
    slept = time.monotonic()
    reach(slept + 5.5)
    os.kill(shim, signal.SIGCONT)
    awake = time.monotonic()
    reach(awake + 0.5)  # a timeout that counted the night would come now
    assert engine.runner.running() == {ref}
    go.touch()
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
    assert end.duration_s > 5.5


def test_a_stop_that_nothing_announces_is_found(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = stage.printed(engine.start(stage.shell("echo ready; exec sleep 60")), b"ready\n")
    leave(stage.folder(ref) / layout.STOP)
    assert engine.end_of(ref).reason is EndReason.CANCELLED


def test_a_stop_that_comes_after_the_end_leaves_nothing_behind(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.shell("exit 0"))
    engine.end_of(ref)
    for reason in (EndReason.CANCELLED, EndReason.STOPPED):
        engine.runner.stop(ref, reason)
    left = {path.name for path in stage.folder(ref).iterdir()}
    assert not left & {layout.STOP, layout.STOP_OF_ENGINE}


def test_a_tool_that_leaves_a_result_of_its_own_can_be_stopped(stage: LocalStage) -> None:
    engine = stage.engine()
    folder = 'dirname "$TMPDIR"'
    code = f"echo x > $({folder})/{layout.RESULT}; echo ready; exec sleep 60"
    ref = stage.printed(engine.start(stage.shell(code)), b"ready\n")
    assert (stage.folder(ref) / layout.RESULT).exists()
    engine.runner.stop(ref)
    assert engine.end_of(ref).reason is EndReason.CANCELLED


def test_the_signal_that_announces_a_stop_alone_stops_nothing(stage: LocalStage) -> None:
    engine = stage.engine()
    code = "echo ready; sleep 1; exit 6"
    ref = stage.printed(engine.start(stage.shell(code)), b"ready\n")
    shim = stage.shim_of(ref)
    for _ in range(100):
        os.kill(shim, signal.SIGURG)
    assert engine.end_of(ref).exit_code == 6


def test_stopping_never_waits_for_a_shim_that_does_not_listen(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = stage.printed(engine.start(stage.shell("echo ready; exec sleep 60", grace_s=0.2)), b"ready\n")
    shim = stage.shim_of(ref)
    os.kill(shim, signal.SIGSTOP)
    begun = time.monotonic()
    for _ in range(5_000):
        engine.runner.stop(ref)
    assert time.monotonic() - begun < at_most(20)
    with suppress(ProcessLookupError):  # after a while the runner itself wakes a shim that is suspended
        os.kill(shim, signal.SIGCONT)
    assert engine.end_of(ref).reason is EndReason.CANCELLED


@pytest.mark.parametrize("seed", range(20))
def test_x24_timeout_exit_and_cancels_at_the_same_moment_have_one_outcome(
    stage: LocalStage, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # chance, not secrets
    engine = stage.engine()
    at = 0.25
    ref = engine.start(
        stage.shell(f"sleep {at + chance.uniform(-0.01, 0.01):.4f}; exit 3", timeout_s=at, grace_s=0.2)
    )
    stage.started(ref)
    begun = time.monotonic()
    for moment in sorted(chance.uniform(at - 0.05, at + 0.05) for _ in range(2)):
        reach(begun + moment)
        engine.runner.stop(ref)
    end = engine.end_of(ref)
    match end.reason:
        case EndReason.EXITED:
            assert end.exit_code == 3
        case EndReason.TIMEOUT | EndReason.CANCELLED:
            assert end.exit_code in {3, -15}
        case _:
            pytest.fail(f"{end}")
    assert stage.engine().runner.recover(ref)[1] == end
    assert stage.alive(ref) == set()


@pytest.mark.parametrize("delay_ms", [0, 5, 10, 15, 20, 25, 30, 40, 60])
def test_x23_a_cancel_while_it_starts_leaves_nothing_running(stage: LocalStage, delay_ms: int) -> None:
    engine = stage.engine()
    ref = engine.start(stage.command(["/bin/sleep", "60"]))
    begun = time.monotonic()
    reach(begun + delay_ms / 1000)
    engine.runner.stop(ref)
    end = engine.end_of(ref)
    assert end.reason is EndReason.CANCELLED
    assert stage.alive(ref) == set()


def test_durations_and_times_are_of_the_tool_not_of_the_wall_clock(stage: LocalStage) -> None:
    engine = stage.engine()
    before = time.time()
    ref = engine.start(stage.command(["/bin/sleep", "0.2"]))
    end = engine.end_of(ref)
    assert 0.2 <= end.duration_s < at_most(2)
    told = Path(stage.folder(ref) / layout.RESULT).read_text()
    assert f'"duration_s": {end.duration_s}' in told
    assert before <= float(told.partition('"started_at": ')[2].partition(",")[0]) <= time.time()
