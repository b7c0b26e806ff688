"""The setup before the tool of an attempt: under the same supervision, with a time limit and a stream of its own."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from engine.runners import layout, output
from engine.types import EndReason, EvidenceCommand, EvidenceEnd, Invocation, Recovery, SetupCommand, SetupEnd
from tests.engine.runners.stage import LocalStage, wait_until
from tests.helpers.patience import at_most

pytestmark = pytest.mark.usefixtures("each_shim")

DONE = SetupEnd(exit_code=0, digest="d1")


def first(
    stage: LocalStage, setup: str, tool: str, *, timeout_s: float = 60.0, env: Any = None, **more: Any
) -> Invocation:
    """A setup and a tool, as lines of shell."""
    command = SetupCommand(
        argv=("/bin/sh", "-c", setup),
        cwd=stage.home.root,
        env={"PATH": os.environ["PATH"]} if env is None else env,
        timeout_s=timeout_s,
        digest="d1",
    )
    return stage.shell(tool, setup=command, **more)


def printed(stage: LocalStage, ref: Any, stream: str = "setup") -> str:
    return output.stream(stage.folder(ref), stream).decode()


def test_the_setup_runs_before_the_tool_in_a_folder_and_a_stream_of_its_own(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(first(stage, "pwd; echo and why >&2", "echo edited"))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.setup) == (EndReason.EXITED, 0, DONE)
    assert printed(stage, ref) == f"{stage.home.root}\nand why\n"
    assert printed(stage, ref, "stdout") == "edited\n"
    assert next(output.pieces(stage.folder(ref))).stream == "setup"


def test_after_a_setup_that_failed_nothing_else_runs_and_the_end_says_how_it_failed(
    stage: LocalStage,
) -> None:
    ran = stage.home.root / "ran"
    tests = EvidenceCommand(argv=("/bin/sh", "-c", f"touch {ran}"), env={}, after=())
    end = stage.engine().run(first(stage, "echo no such package; exit 3", f"touch {ran}", tests=tests))
    assert (end.reason, end.exit_code, end.tests) == (EndReason.EXITED, None, None)
    assert end.setup == SetupEnd(exit_code=3, digest="d1")
    assert not ran.exists()


def test_a_setup_that_cannot_be_started_says_why(stage: LocalStage) -> None:
    ran = stage.home.root / "ran"
    missing = SetupCommand(argv=("/no/such/program",), cwd=stage.home.root, env={}, timeout_s=5, digest="d1")
    end = stage.engine().run(stage.shell(f"touch {ran}", setup=missing))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, None)
    assert end.setup is not None
    assert end.setup.exit_code is None
    assert end.setup.detail.startswith("There is no program /no/such/program")
    assert not ran.exists()


def test_a_setup_that_takes_too_long_is_ended_with_all_it_started_by_its_own_limit(stage: LocalStage) -> None:
    begun = time.monotonic()
    engine = stage.engine()
    ref = engine.start(first(stage, "setsid sleep 600 & sleep 600", "true", timeout_s=0.5))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, None)
    assert end.setup == SetupEnd(detail="It ran longer than 0.5 s.", digest="d1")
    assert time.monotonic() - begun < at_most(6)
    assert not stage.alive(ref)


def test_the_limits_of_the_attempt_count_from_the_start_of_the_tool(stage: LocalStage) -> None:
    slow = first(stage, "sleep 1", "sleep 0.2", timeout_s=60, silence_timeout_s=0.7)
    end = stage.engine().run(slow)
    assert (end.reason, end.exit_code, end.setup) == (EndReason.EXITED, 0, DONE)
    assert end.duration_s >= 1.2
    late = stage.engine().run(first(stage, "true", "sleep 60", silence_timeout_s=0.3))
    assert (late.reason, late.setup) == (EndReason.SILENCE, DONE)


def test_a_cancel_stops_the_setup_with_all_it_started_and_starts_no_tool(stage: LocalStage) -> None:
    ran = stage.home.root / "ran"
    engine = stage.engine()
    ref = engine.start(first(stage, "echo begun; setsid sleep 600 & exec sleep 600", f"touch {ran}"))
    wait_until(lambda: printed(stage, ref), "the setup to begin")
    engine.runner.stop(ref)
    end = engine.end_of(ref)
    assert (end.reason, end.setup) == (EndReason.CANCELLED, None)
    assert end.detail.endswith("Its setup was running.")
    assert not stage.alive(ref)
    assert not ran.exists()


def test_a_cancel_that_comes_as_the_setup_ends_starts_no_tool(stage: LocalStage) -> None:
    ran = stage.home.root / "ran"
    end = stage.engine().run(first(stage, f"touch $TMPDIR/../{layout.STOP}", f"touch {ran}"))
    assert (end.reason, end.setup) == (EndReason.CANCELLED, DONE)
    assert not ran.exists()


def test_what_the_setup_left_running_is_gone_before_the_tool_starts(stage: LocalStage) -> None:
    engine = stage.engine()
    own = f"{layout.MARKER}=${layout.MARKER}"  # other attempts come and go beside this test
    names = f'for one in $(grep -lzF "{own}" /proc/[0-9]*/environ); do cat "${{one%environ}}comm"; done'
    ref = engine.start(first(stage, "setsid sleep 600 & true", names))
    end = engine.end_of(ref)
    assert end.leftovers == 1
    running = printed(stage, ref, "stdout").split()
    assert "sh" in running
    assert "sleep" not in running


def test_the_setup_has_an_environment_of_its_own_and_no_value_of_it_is_written_down(
    stage: LocalStage,
) -> None:
    engine = stage.engine()
    env = {"PATH": os.environ["PATH"], "SAME": "same", "OTHER": "canary-setup", "MORE": "canary-more"}
    tests = EvidenceCommand(argv=("/bin/sh", "-c", "echo $OTHER"), env={"OTHER": "tests"})
    found = first(stage, "echo $SAME $OTHER $MORE $KEY; env | grep -c SIGNALBOX_SETUP; true", "true", env=env)
    tool_env = {"PATH": os.environ["PATH"], "SAME": "same", "OTHER": "tools", "KEY": "canary-key"}
    ref = engine.start(
        Invocation(
            argv=("/bin/sh", "-c", "echo $OTHER"), cwd=found.cwd, env=tool_env, grace_s=1.0,
            setup=found.setup, tests=tests, secrets=("canary-more",),
        )
    )  # fmt: skip
    engine.end_of(ref)
    said = printed(stage, ref).split()
    assert said[:2] == ["same", "canary-setup"]
    assert "canary-key" not in said
    assert said[-1] == "0"
    assert (printed(stage, ref, "stdout"), printed(stage, ref, "tests")) == ("tools\n", "tests\n")
    files = [file for file in stage.folder(ref).iterdir() if file.is_file()]
    assert not any(b"canary-more" in file.read_bytes() for file in files)
    order = (stage.folder(ref) / layout.INVOCATION).read_text()
    assert "canary" not in order
    assert json.loads(order)["setup"]["env_names"] == sorted(env)


def test_the_tests_follow_a_tool_that_ended_well_after_its_setup(stage: LocalStage) -> None:
    tests = EvidenceCommand(argv=("/bin/sh", "-c", "exit 3"), env={})
    end = stage.engine().run(first(stage, "true", "true", tests=tests))
    assert (end.setup, end.exit_code, end.tests) == (DONE, 0, EvidenceEnd(exit_code=3))


def test_an_engine_that_comes_later_reads_the_same_end(stage: LocalStage) -> None:
    gone = stage.engine()
    ref = gone.start(first(stage, "sleep 0.5; exit 4", "true"))
    stage.gone(gone)
    later = stage.engine()
    wait_until((stage.folder(ref) / layout.RESULT).exists, "the end")
    found, end = later.runner.recover(ref)
    if found is Recovery.ADOPTED:
        end = later.end_of(ref)
    assert end is not None
    assert end.setup == SetupEnd(exit_code=4, digest="d1")


@pytest.mark.parametrize(("point", "set_up"), [("before_setup", 0), ("before_tool", 1)])
def test_a_shim_that_is_killed_around_the_setup_leaves_an_unknown_outcome_and_nothing_runs_again(
    stage: LocalStage, monkeypatch: pytest.MonkeyPatch, point: str, set_up: int
) -> None:
    monkeypatch.setenv("SIGNALBOX_FAULT", point)
    made, ran = stage.home.root / "made", stage.home.root / "ran"
    engine = stage.engine()
    ref = engine.start(first(stage, f"echo x >> {made}", f"echo x >> {ran}"))
    end = engine.end_of(ref)
    monkeypatch.delenv("SIGNALBOX_FAULT")
    assert (end.reason, end.setup) == (EndReason.INTERRUPTED, None)
    again, later = stage.engine().runner.recover(ref)
    assert again is Recovery.INTERRUPTED
    assert later is not None
    assert later.setup is None
    assert lines_of(made) == set_up
    assert lines_of(ran) == 0


def lines_of(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0


def test_a_setup_whose_shim_is_killed_ends_with_it(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(first(stage, "echo begun; setsid sleep 600 & exec sleep 600", "true"))
    wait_until(lambda: printed(stage, ref), "the setup to begin")
    os.kill(stage.shim_of(ref), 9)
    assert engine.end_of(ref).reason is EndReason.INTERRUPTED
    assert not stage.alive(ref)
