"""X4, X14, X15: whatever a tool starts, nothing of it is left at the end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.runners import detached, layout, output, process_tree
from engine.types import AttemptEnd, AttemptRef, EndReason
from tests.engine.runners.stage import Engine, LocalStage, wait_until
from tests.helpers import child_zoo
from tests.helpers.patience import at_most

pytestmark = pytest.mark.usefixtures("each_shim")

GRACE_S = 0.5
STOPPED_WITHIN_S = GRACE_S + 3


def ready(stage: LocalStage, engine: Engine, animal: Callable[..., None], *arguments: object) -> AttemptRef:
    ref = engine.start(stage.animal(animal, *arguments, grace_s=GRACE_S))
    return stage.printed(ref, b"ready\n")


def stopped(engine: Engine, ref: AttemptRef) -> AttemptEnd:
    begun = time.monotonic()
    engine.runner.stop(ref)
    end = engine.end_of(ref)
    assert time.monotonic() - begun < at_most(STOPPED_WITHIN_S)
    return end


@pytest.mark.parametrize(
    "animal",
    [
        child_zoo.ignores_term,
        child_zoo.stops_itself,
        child_zoo.leads_sessions,
        child_zoo.keeps_daemon,
        child_zoo.clears_environment,
        child_zoo.makes_zombies,
        child_zoo.crowd,
    ],
    ids=lambda animal: animal.__name__,
)
def test_x14_a_stopped_attempt_leaves_nothing_behind(stage: LocalStage, animal: Callable[..., None]) -> None:
    engine = stage.engine()
    ref = ready(stage, engine, animal)
    tree = set(process_tree.descendants(stage.shim_of(ref)))
    assert tree
    end = stopped(engine, ref)
    assert end.reason is EndReason.CANCELLED
    assert "could not be ended" not in end.detail
    assert stage.alive(ref) == set()
    assert not [process for process in tree if process_tree.start_time(process[0]) == process[1]]


def test_a_tool_that_ends_when_asked_is_not_killed(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.exits_on, "INT", 5, stop_signal="INT", grace_s=20.0))
    stage.printed(ref, b"ready\n")
    end = stopped(engine, ref)
    assert (end.reason, end.exit_code, end.leftovers) == (EndReason.CANCELLED, 5, 0)


def test_each_process_is_asked_once(stage: LocalStage) -> None:
    code = (
        "import os, signal, time\n"
        "asked = []\n"
        "def on_int(*_): asked.append(1); os.write(1, b'asked\\n')\n"
        "signal.signal(signal.SIGINT, on_int)\n"
        "os.write(1, b'ready\\n')\n"
        "while not asked: time.sleep(0.01)\n"
        "time.sleep(0.2)\n"
    )
    engine = stage.engine()
    ref = stage.printed(engine.start(stage.python(code, stop_signal="INT", grace_s=20.0)), b"ready\n")
    engine.runner.stop(ref)
    assert engine.end_of(ref).exit_code == 0
    assert output.stream(stage.folder(ref), "stdout") == b"ready\nasked\n"


def test_x15_an_attempt_ends_soon_after_its_tool_though_a_grandchild_holds_the_pipe(
    stage: LocalStage,
) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.leaves_pipe_open))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.leftovers) == (EndReason.EXITED, 0, 1)
    assert end.duration_s < at_most(2)
    assert stage.alive(ref) == set()
    assert output.stream(stage.folder(ref), "stdout") == b"ready\n"


def test_a_daemon_left_behind_is_ended_and_counted(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.leaves_daemon))
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code, end.leftovers) == (EndReason.EXITED, 0, 1)
    assert stage.alive(ref) == set()


def test_a_chain_of_children_that_never_stand_still_is_ended(stage: LocalStage) -> None:
    engine = stage.engine()
    begun = time.monotonic()
    ref = engine.start(stage.animal(child_zoo.runs_away))
    end = engine.end_of(ref)
    assert end.exit_code == 0
    assert end.leftovers >= 1
    assert "could not be ended" not in end.detail
    assert time.monotonic() - begun < at_most(10)
    assert stage.alive(ref) == set()


def test_a_child_that_finishes_shortly_after_its_parent_is_let_finish(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.shell("(sleep 0.2; echo late) & echo early"))
    end = engine.end_of(ref)
    assert (end.exit_code, end.leftovers) == (0, 0)
    assert output.stream(stage.folder(ref), "stdout") == b"early\nlate\n"


@pytest.mark.parametrize(
    "animal", [child_zoo.keeps_daemon, child_zoo.leads_sessions], ids=lambda each: each.__name__
)
def test_x4_nothing_survives_a_killed_shim(stage: LocalStage, animal: Callable[..., None]) -> None:
    engine = stage.engine()
    ref = ready(stage, engine, animal)
    assert len(stage.alive(ref)) == 2
    os.kill(stage.shim_of(ref), 9)
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.INTERRUPTED, None)
    assert end.leftovers >= 1
    assert "killed" in end.detail
    assert stage.alive(ref) == set()


def test_the_tool_dies_with_a_killed_shim_though_nobody_sweeps(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = ready(stage, engine, child_zoo.ignores_term)
    stage.gone(engine)
    os.kill(stage.shim_of(ref), 9)
    wait_until(lambda: stage.alive(ref) == set(), "the kernel to kill the tool")
    assert not (stage.folder(ref) / layout.RESULT).exists()


def detaching(stage: LocalStage) -> str:
    """The shortest way to leave a process behind that neither a parent nor a variable leads to."""
    file = stage.home.root / "detached"
    left = f"echo $$ > {file}.new; mv {file}.new {file}; exec /bin/sleep 600"
    path = "PATH=/bin:/usr/bin"
    return (
        f"env -i {path} setsid /bin/sh -c '{left}' > /dev/null 2>&1 & "
        f"while [ ! -e {file} ]; do :; done; kill -9 $PPID"
    )


def detached_pid(stage: LocalStage) -> int:
    return int((stage.home.root / "detached").read_text(encoding="ascii"))


def test_a12_what_was_detached_in_every_way_is_ended_by_its_control_group(stage: LocalStage) -> None:
    if not (group := detached.make_group("probe-of-a-test")):
        pytest.skip("this user may make no control groups")
    detached.remove_group(group)
    engine = stage.engine()
    ref = engine.start(stage.shell(detaching(stage)))
    end = engine.end_of(ref)
    assert end.reason is EndReason.INTERRUPTED
    assert end.leftovers >= 1
    assert "still ran and were ended" in end.detail
    wait_until(lambda: process_tree.start_time(detached_pid(stage)) is None, "it to be gone")
    assert not Path(group).with_name(f"signalbox-{ref.folder_name}").exists()


def test_a12_where_there_are_no_control_groups_what_may_be_left_is_named(
    stage: LocalStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGNALBOX_MUTANT", "no_group")
    engine = stage.engine()
    end = engine.end_of(engine.start(stage.shell(detaching(stage))))
    left = detached_pid(stage)
    try:
        assert "may be its, too, and were left alone: " in end.detail
        assert f"sleep (process {left})" in end.detail
    finally:
        os.kill(left, signal.SIGKILL)


def test_a12_a_group_that_is_not_the_attempts_own_is_not_believed() -> None:
    other = subprocess.Popen(["/bin/sleep", "600"])
    try:
        if not (group := detached.make_group("of-another")):
            pytest.skip("this user may make no control groups")
        Path(group, "cgroup.procs").write_text(str(other.pid))
        forged = json.dumps({"group": group, "boot": "", "within": "", "since": 0})
        for noted in (
            forged,
            forged.replace("of-another", "of-another/../signalbox-mine"),
            "{",
            "[]",
            "",
            "7" * 9,
        ):
            assert detached.Detached("mine", noted).processes() == set()
            assert detached.Detached("mine", noted).suspects() == ""
        assert detached.Detached("of-another", forged).processes() != set()
    finally:
        other.kill()
        other.wait()
        detached.remove_group(group)


def test_a12_an_attempt_that_ended_leaves_no_control_group(stage: LocalStage) -> None:
    if not (group := detached.make_group("probe-of-a-test")):
        pytest.skip("this user may make no control groups")
    detached.remove_group(group)
    engine = stage.engine()
    ref = engine.start(stage.shell("cat /proc/self/cgroup"))
    assert engine.end_of(ref).exit_code == 0
    assert f"/signalbox-{ref.folder_name}\n".encode() in output.stream(stage.folder(ref), "stdout")
    wait_until(
        lambda: not Path(group).with_name(f"signalbox-{ref.folder_name}").exists(), "the group to be removed"
    )


def test_x25_a_tool_that_kills_its_shim_is_an_interruption(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.kills_parent))
    assert engine.end_of(ref).reason is EndReason.INTERRUPTED
    assert stage.alive(ref) == set()


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT"])
def test_a_shim_that_is_asked_to_end_stops_its_tool_and_says_interrupted(
    stage: LocalStage, name: str
) -> None:
    engine = stage.engine()
    ref = ready(stage, engine, child_zoo.leads_sessions)
    wait_until(lambda: listens(stage.shim_of(ref)), "the shim to listen to signals")
    os.kill(stage.shim_of(ref), signal.Signals[f"SIG{name}"])
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.INTERRUPTED, -15)
    assert stage.alive(ref) == set()


def listens(pid: int) -> bool:
    """Whether a process catches TERM."""
    with open(f"/proc/{pid}/status") as file:  # noqa: PTH123
        caught = next(line for line in file if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << 14)


def test_a_process_number_used_again_is_left_alone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        started = process_tree.start_time(other.pid)
        assert started is not None
        assert not process_tree.send((other.pid, started - 1), 9)
        assert other.poll() is None
        assert other.stdin is not None
        other.stdin.close()
        assert other.wait() == 1


def test_a_sweep_finds_only_what_carries_the_marker() -> None:
    with (
        subprocess.Popen(["/bin/sleep", "60"], env={"SIGNALBOX_ATTEMPT": "7-abc"}) as marked,
        subprocess.Popen(["/bin/sleep", "60"], env={"SIGNALBOX_ATTEMPT": "7-abcd"}) as other,
    ):
        wait_until(lambda: process_tree.marked("SIGNALBOX_ATTEMPT=7-abcd"), "the other to become sleep")
        wait_until(lambda: process_tree.marked("SIGNALBOX_ATTEMPT=7-abc"), "the marked one to become sleep")
        assert process_tree.sweep("SIGNALBOX_ATTEMPT=7-abc") == (1, 0)
        assert marked.wait() == -9
        assert other.poll() is None
        other.kill()
