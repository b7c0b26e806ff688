"""The tests that an attempt runs after its tool: once, under the same supervision, with an outcome that is known."""

import json
import os
import time
from typing import Any

import pytest

from engine.runners import layout, output
from engine.types import EndReason, EvidenceCommand, EvidenceEnd, Invocation, Recovery
from tests.engine.runners.stage import LocalStage, wait_until
from tests.helpers.patience import at_most

pytestmark = pytest.mark.usefixtures("each_shim")


def then(stage: LocalStage, tool: str, tests: str, *, env: Any = None, **more: Any) -> Invocation:
    """A tool and tests, as lines of shell."""
    after = EvidenceCommand(
        argv=("/bin/sh", "-c", tests), env={"PATH": os.environ["PATH"]} if env is None else env
    )
    return stage.shell(tool, tests=after, **more)


def printed(stage: LocalStage, ref: Any) -> str:
    return output.stream(stage.folder(ref), "tests").decode()


def test_t6_the_tests_run_after_the_tool_and_both_ends_are_known(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(then(stage, "echo edited; echo oops >&2", "echo one failed; echo and why >&2; exit 3"))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.tests) == (EndReason.EXITED, 0, EvidenceEnd(exit_code=3))
    assert printed(stage, ref) == "one failed\nand why\n"
    assert output.stream(stage.folder(ref), "stdout") == b"edited\n"
    assert output.stream(stage.folder(ref), "stderr") == b"oops\n"
    assert [piece.stream for piece in output.pieces(stage.folder(ref))][-1] == "tests"


def test_t6_the_tests_do_not_run_after_a_tool_that_failed_or_was_stopped(stage: LocalStage) -> None:
    ran = stage.home.root / "ran"
    engine = stage.engine()
    for tool, more in (("exit 1", {}), ("kill -9 $$", {}), ("sleep 60", {"timeout_s": 0.2})):
        assert engine.run(then(stage, tool, f"touch {ran}", **more)).tests is None
    assert not ran.exists()


@pytest.mark.parametrize(
    ("tool", "after", "ran"),
    [
        ("exit 3", (0, 3), True),
        ("exit 0", (3,), False),
        ("exit 9", (), True),
        ("kill -9 $$", (), False),
    ],
)
def test_t6_the_tests_run_after_each_exit_code_with_which_the_tool_ends_well(
    stage: LocalStage, tool: str, after: tuple[int, ...], *, ran: bool
) -> None:
    tests = EvidenceCommand(argv=("/bin/sh", "-c", "exit 0"), env={}, after=after)
    assert (stage.engine().run(stage.shell(tool, tests=tests)).tests is not None) is ran


def test_t6_tests_that_cannot_be_started_say_why(stage: LocalStage) -> None:
    missing = EvidenceCommand(argv=("/no/such/program",), env={})
    end = stage.engine().run(stage.shell("true", tests=missing))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 0)
    assert end.tests is not None
    assert end.tests.exit_code is None
    assert end.tests.detail.startswith("There is no program /no/such/program")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"timeout_s": 1.5}, EndReason.TIMEOUT), ({"silence_timeout_s": 0.5}, EndReason.SILENCE)],
)
def test_t6_the_limits_of_the_attempt_hold_for_the_tests_too(
    stage: LocalStage, limits: dict[str, float], reason: EndReason
) -> None:
    begun = time.monotonic()
    engine = stage.engine()
    ref = engine.start(then(stage, "sleep 0.3", "echo begun; setsid sleep 60 & sleep 60", **limits))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.tests) == (reason, 0, None)
    assert end.detail.endswith("Its tests were running.")
    assert time.monotonic() - begun < at_most(6)
    assert not stage.alive(ref)


def test_t6_a_cancel_stops_the_tests_with_all_they_started(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(then(stage, "true", "echo begun; setsid sleep 600 & exec sleep 600"))
    wait_until(lambda: printed(stage, ref), "the tests to begin")
    engine.runner.stop(ref)
    end = engine.end_of(ref)
    assert (end.reason, end.tests) == (EndReason.CANCELLED, None)
    assert not stage.alive(ref)


def test_t6_a_cancel_that_comes_as_the_tool_ends_starts_no_tests(stage: LocalStage) -> None:
    engine = stage.engine()
    ran = stage.home.root / "ran"
    tool = f"touch {layout.STOP}; true"
    invocation = then(stage, f"cd $TMPDIR/..; {tool}", f"touch {ran}")
    assert engine.run(invocation).reason is EndReason.CANCELLED
    assert not ran.exists()


def test_t6_what_the_tool_left_behind_is_gone_before_the_tests_run(stage: LocalStage) -> None:
    tests = f"grep -lz {layout.MARKER} /proc/[0-9]*/environ | wc -l"
    engine = stage.engine()
    ref = engine.start(then(stage, "setsid sleep 600 & setsid sleep 600 & true", tests))
    end = engine.end_of(ref)
    assert end.leftovers == 2
    assert end.tests == EvidenceEnd(exit_code=0)


def test_t6_the_tests_have_an_environment_of_their_own_and_no_value_of_it_is_written_down(
    stage: LocalStage,
) -> None:
    engine = stage.engine()
    env = {"PATH": os.environ["PATH"], "SAME": "same", "OTHER": "canary-tests", "MORE": "canary-more"}
    tool_env = {"PATH": os.environ["PATH"], "SAME": "same", "OTHER": "tools", "KEY": "canary-key"}
    invocation = then(stage, "true", "echo $SAME $OTHER $MORE $KEY; env | grep -c SIGNALBOX_TESTS", env=env)
    invocation = Invocation(
        argv=invocation.argv, cwd=invocation.cwd, env=tool_env, grace_s=1.0, tests=invocation.tests,
        secrets=("canary-more",),
    )  # fmt: skip
    ref = engine.start(invocation)
    engine.end_of(ref)
    said = printed(stage, ref).split()
    assert said[:2] == ["same", "canary-tests"]
    assert "canary-key" not in said
    assert said[-1] == "0"
    assert not any(
        b"canary-more" in file.read_bytes() for file in stage.folder(ref).iterdir() if file.is_file()
    )
    order = (stage.folder(ref) / layout.INVOCATION).read_text()
    assert "canary" not in order
    assert json.loads(order)["tests"]["env_names"] == sorted(env)


def test_t6_the_whole_time_counts_and_an_engine_that_comes_later_reads_the_same_end(
    stage: LocalStage,
) -> None:
    first = stage.engine()
    ref = first.start(then(stage, "true", "sleep 0.5; exit 1"))
    stage.gone(first)
    second = stage.engine()
    wait_until((stage.folder(ref) / layout.RESULT).exists, "the end")
    found, end = second.runner.recover(ref)
    if found is Recovery.ADOPTED:
        end = second.end_of(ref)
    assert end is not None
    assert end.tests == EvidenceEnd(exit_code=1)
    assert end.duration_s >= 0.5


@pytest.mark.parametrize("point", ["before_tests", "before_result"])
def test_t6_a_shim_that_is_killed_around_the_tests_leaves_an_unknown_outcome_and_nothing_runs_again(
    stage: LocalStage, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setenv("SIGNALBOX_FAULT", point)
    ran = stage.home.root / "ran"
    engine = stage.engine()
    ref = engine.start(then(stage, "true", f"echo x >> {ran}"))
    end = engine.end_of(ref)
    monkeypatch.delenv("SIGNALBOX_FAULT")
    assert (end.reason, end.tests) == (EndReason.INTERRUPTED, None)
    again, later = stage.engine().runner.recover(ref)
    assert again is Recovery.INTERRUPTED
    assert later is not None
    assert later.tests is None
    assert (ran.read_text() if ran.exists() else "") == ("" if point == "before_tests" else "x\n")


def test_t6_tests_whose_shim_is_killed_end_with_it(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(then(stage, "true", "echo begun; setsid sleep 600 & exec sleep 600"))
    wait_until(lambda: printed(stage, ref), "the tests to begin")
    os.kill(stage.shim_of(ref), 9)
    assert engine.end_of(ref).reason is EndReason.INTERRUPTED
    assert not stage.alive(ref)


def test_t6_an_end_that_names_no_tests_is_read_as_before(stage: LocalStage) -> None:
    """Attempts of an earlier release."""
    engine = stage.engine()
    ref = engine.start(stage.shell("exit 4"))
    engine.end_of(ref)
    file = stage.folder(ref) / layout.RESULT
    fields = json.loads(file.read_text())
    for name in [name for name in fields if name.startswith("tests_")]:
        del fields[name]
    file.write_text(json.dumps(fields))
    assert stage.engine().runner.recover(ref)[0] is Recovery.ENDED
