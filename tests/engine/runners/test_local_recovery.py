"""X1, X3, X4: whoever is killed and whenever, an attempt is run once, and the next engine finds out how it ended.

Engines are processes of their own here, killed by the fault points of `engine.system.fault_injection` or from outside.
Each tool appends a line to a ledger when it begins and one when it ends: what recovery says must agree with the ledger.
"""

import errno
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from engine.runners import detached, layout, process_tree
from engine.runners.attempt_lock import AttemptLock
from engine.runners.local import LocalRunner
from engine.runners.shim_program import chosen_shim, python_shim
from engine.types import AttemptEnd, AttemptRef, EndReason, Recovery
from state.locks import KernelLock
from tests.engine.runners.stage import Engine, LocalStage, new_ref, reach, wait_until
from tests.helpers import child_zoo
from tests.helpers.disks import disk
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S

pytestmark = pytest.mark.usefixtures("each_shim")

ENGINE = """
import json, sys, threading
from pathlib import Path
from engine.system.home import Home
from engine.runners.local import LocalRunner
from engine.types import AttemptRef, Invocation

home, verb, number, token, *argv = sys.argv[1:]
runner = LocalRunner(Home.at(home))
ref = AttemptRef(int(number), token)
woken = threading.Event()
runner.on_end(woken.set)
print("up", flush=True)
if verb == "start":
    runner.make_folder(ref)
    runner.start(ref, Invocation(argv=tuple(argv), cwd=Path("/"), env={"PATH": "/usr/bin:/bin"}, grace_s=0.5))
    print("started", flush=True)
else:
    print(runner.recover(ref)[0], flush=True)
while runner.running():
    woken.wait(0.01)
for end in runner.ended():
    print(end.reason, end.exit_code, flush=True)
runner.close()
"""


class Killed:
    """What an engine process said before it was gone, and how it went."""

    def __init__(self, said: list[str], code: int) -> None:
        self.said, self.code = said, code


def engine_process(
    stage: LocalStage, ref: AttemptRef, verb: str, *argv: str, **environ: str
) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-c",
        ENGINE,
        str(stage.home.root),
        verb,
        str(ref.attempt_id),
        ref.token,
        *argv,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environ})


def run_engine(stage: LocalStage, ref: AttemptRef, verb: str, *argv: str, **environ: str) -> Killed:
    with engine_process(stage, ref, verb, *argv, **environ) as process:
        said, _ = process.communicate(timeout=PATIENCE_S)
    return Killed(said.split("\n")[:-1], process.returncode)


@contextmanager
def running_engine(
    stage: LocalStage, ref: AttemptRef, *argv: str, **environ: str
) -> Iterator[subprocess.Popen[str]]:
    """An engine that has started an attempt; killed at the end if it still lives."""
    with engine_process(stage, ref, "start", *argv, **environ) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["up\n", "started\n"]
        yield process
        process.kill()


class Ledger:
    """A file to which each tool writes when it begins and when it ends."""

    def __init__(self, root: Path) -> None:
        self.file = root / "ledger"

    def tool(self, ref: AttemptRef, duration_s: float = 0.0, code: int = 0) -> list[str]:
        name = ref.folder_name
        script = f"echo S {name} $$ >> {self.file}; sleep {duration_s}; echo E {name} $$ >> {self.file}; exit {code}"
        return ["/bin/sh", "-c", script]

    def lines(self, ref: AttemptRef) -> str:
        """The letters written for an attempt: empty, ``S`` or ``SE`` are as it should be."""
        text = self.file.read_text() if self.file.exists() else ""
        return "".join(line[0] for line in text.splitlines() if line.split()[1] == ref.folder_name)


@pytest.fixture
def ledger(stage: LocalStage) -> Ledger:
    return Ledger(stage.home.root)


def test_a_running_attempt_outlives_its_killed_engine_and_is_adopted(
    stage: LocalStage, ledger: Ledger
) -> None:
    ref = new_ref()
    with running_engine(stage, ref, *ledger.tool(ref, 0.7, code=5)) as process:
        stage.started(ref)
        process.kill()
        process.wait()
    engine = stage.engine()
    assert engine.runner.recover(ref) == (Recovery.ADOPTED, None)
    assert engine.runner.recover(ref) == (Recovery.ADOPTED, None)
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) == (EndReason.EXITED, 5)
    assert ledger.lines(ref) == "SE"
    assert engine.runner.running() == frozenset()


def test_an_attempt_that_ended_while_no_engine_lived_is_told_by_its_result(
    stage: LocalStage, ledger: Ledger
) -> None:
    ref = new_ref()
    with running_engine(stage, ref, *ledger.tool(ref, 0.2, code=6)) as process:
        stage.started(ref)
        process.kill()
    wait_until((stage.folder(ref) / layout.RESULT).exists, "the result")
    found, end = settled(stage.engine(), ref)
    assert found is Recovery.ENDED
    assert end is not None
    assert end.exit_code == 6


def settled(engine: Engine, ref: AttemptRef) -> tuple[Recovery, AttemptEnd | None]:
    """Recover until it runs no longer, as an engine does."""
    found, end = engine.runner.recover(ref)
    if found is Recovery.ADOPTED:
        end = engine.end_of(ref)
        found = Recovery.INTERRUPTED if end.reason is EndReason.INTERRUPTED else Recovery.ENDED
    return found, end


def agree(stage: LocalStage, ref: AttemptRef, ledger: Ledger, found: Recovery) -> None:
    """Hold what was found against what has happened, now and after everything that could still start has."""
    lines = ledger.lines(ref)
    assert (
        lines
        in {
            Recovery.ENDED: {"SE"},
            Recovery.NEVER_STARTED: {""},
            Recovery.INTERRUPTED: {"", "S", "SE"},
        }[found]
    ), (found, lines)
    assert stage.alive(ref) == set()


@pytest.mark.parametrize("point", ["before_spawn", "after_spawn"])
def test_x1_an_engine_killed_while_it_starts_an_attempt(
    stage: LocalStage, ledger: Ledger, point: str
) -> None:
    seen = Counter[Recovery]()
    chance = random.Random(point)  # noqa: S311
    for turn in range(10):
        ref = new_ref()
        killed = run_engine(stage, ref, "start", *ledger.tool(ref, 0.05), SIGNALBOX_FAULT=point)
        assert (killed.said, killed.code) == (["up"], -9)
        if point == "after_spawn" and turn % 3 == 1:
            stage.started(ref)  # the other times shim and recoverer run a race
        reach(time.monotonic() + chance.choice([0, 0.01, 0.02, 0.03, 0.05]))
        found, _ = settled(stage.engine(), ref)
        seen[found] += 1
        agree(stage, ref, ledger, found)
        reach(time.monotonic() + 0.05)
        agree(stage, ref, ledger, found)
    if point == "before_spawn":
        assert set(seen) == {Recovery.NEVER_STARTED}
    else:
        assert seen[Recovery.ENDED], "what a killed engine had started was never adopted"


@pytest.mark.parametrize(
    ("point", "reason", "lines"),
    [
        ("after_lock", EndReason.INTERRUPTED, ""),
        ("before_tool", EndReason.INTERRUPTED, ""),
        ("before_result", EndReason.INTERRUPTED, "SE"),
        ("after_result", EndReason.EXITED, "SE"),
    ],
)
def test_x1_a_shim_killed_at_a_named_point(
    stage: LocalStage, ledger: Ledger, point: str, reason: EndReason, lines: str
) -> None:
    ref = new_ref()
    killed = run_engine(stage, ref, "start", *ledger.tool(ref), SIGNALBOX_FAULT=point)
    assert killed.code == 0
    assert killed.said[2] == f"{reason} {0 if reason is EndReason.EXITED else None}"
    assert ledger.lines(ref) == lines
    found, end = settled(stage.engine(), ref)
    agree(stage, ref, ledger, found)
    if point == "after_lock":
        assert (found, end) == (Recovery.NEVER_STARTED, None)
    else:
        assert end is not None
        assert end.reason is reason


@pytest.mark.parametrize("point", ["recovery_locked", "result_seen"])
def test_x1_an_engine_killed_when_it_sees_the_end_leaves_it_to_the_next(
    stage: LocalStage, ledger: Ledger, point: str
) -> None:
    ref = new_ref()
    killed = run_engine(stage, ref, "start", *ledger.tool(ref, code=8), SIGNALBOX_FAULT=point)
    assert (killed.said, killed.code) == (["up", "started"], -9)
    for _ in range(2):
        found, end = settled(stage.engine(), ref)
        assert found is Recovery.ENDED
        assert end is not None
        assert end.exit_code == 8
    assert ledger.lines(ref) == "SE"


@pytest.mark.parametrize("point", ["recovery_locked", "recovery_abandoned", "recovery_swept"])
def test_x1_a_recoverer_killed_twice_leaves_it_to_the_third(
    stage: LocalStage, ledger: Ledger, point: str
) -> None:
    ref = new_ref()
    with running_engine(stage, ref, *ledger.tool(ref, 60)) as process:
        stage.started(ref)
        process.kill()
        os.kill(stage.shim_of(ref), 9)
        wait_until(lambda: not lock_is_held(stage, ref), "the shim's lock to be free")
    for _ in range(2):
        killed = run_engine(stage, ref, "recover", SIGNALBOX_FAULT=point)
        assert (killed.said, killed.code) == (["up"], -9)
    found, end = settled(stage.engine(), ref)
    assert found is Recovery.INTERRUPTED
    assert end is not None
    agree(stage, ref, ledger, found)


def lock_is_held(stage: LocalStage, ref: AttemptRef) -> bool:
    return AttemptLock.is_held(stage.folder(ref))


def test_x4_engine_and_shim_killed_together_leave_no_process(stage: LocalStage, ledger: Ledger) -> None:
    ref = new_ref()
    command = child_zoo.command(child_zoo.keeps_daemon)
    with running_engine(stage, ref, *command) as process:
        stage.printed(ref, b"ready")
        process.send_signal(signal.SIGSTOP)  # a living engine could sweep between the two kills
        wait_until(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED, "it to stop")
        os.kill(stage.shim_of(ref), 9)
        process.kill()
    found, end = settled(stage.engine(), ref)
    assert found is Recovery.INTERRUPTED
    assert end is not None
    assert end.leftovers >= 1
    agree(stage, ref, ledger, found)


def test_a_shim_that_comes_after_its_recoverer_starts_nothing(stage: LocalStage, ledger: Ledger) -> None:
    ref = new_ref()
    late_shim(stage, ref, ledger)
    assert settled(stage.engine(), ref) == (Recovery.NEVER_STARTED, None)
    assert run_shim(stage, ref) == layout.GIVEN_UP
    agree(stage, ref, ledger, Recovery.NEVER_STARTED)


def test_a_shim_that_comes_while_the_lock_is_held_starts_nothing(stage: LocalStage, ledger: Ledger) -> None:
    ref = new_ref()
    late_shim(stage, ref, ledger)
    with KernelLock.try_take_folder(stage.folder(ref)) or pytest.fail("not taken"):
        assert run_shim(stage, ref) == layout.LOCK_TAKEN
    agree(stage, ref, ledger, Recovery.NEVER_STARTED)


def test_a_shim_that_finds_a_result_starts_nothing(stage: LocalStage, ledger: Ledger) -> None:
    engine, ref = stage.engine(), new_ref()
    engine.runner.make_folder(ref)
    engine.runner.start(ref, stage.command(ledger.tool(ref)))
    assert engine.end_of(ref).exit_code == 0
    assert run_shim(stage, ref) == layout.ALREADY_ENDED
    assert ledger.lines(ref) == "SE"


def test_after_a_start_of_the_system_an_attempt_without_a_note_may_have_been_started(
    stage: LocalStage,
) -> None:
    before, after = new_ref(), new_ref()
    note = stage.home.started / layout.BOOT
    note.write_text(json.dumps({"boot": "another", "last_attempt": 0}))
    first, second = stage.engine(), stage.engine()
    for ref in (before, after):
        first.runner.make_folder(ref)
    first.runner.begin(before.attempt_id)
    second.runner.begin(after.attempt_id)
    for engine in (first, second):
        assert engine.runner.recover(before)[0] is Recovery.INTERRUPTED
        assert engine.runner.recover(after)[0] is Recovery.NEVER_STARTED


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"boot": []}', '{"boot": "B", "last_attempt": "x"}', '{"boot": "B", "last_attempt": Infinity}',
     "[" * 200_000, None],
)  # fmt: skip
def test_where_it_is_not_known_when_the_system_was_started_no_earlier_attempt_is_repeated(
    stage: LocalStage, text: str | None
) -> None:
    ref, note = new_ref(), stage.home.started / layout.BOOT
    if text is None:
        os.mkfifo(note)  # as a tool may leave it
    else:
        note.write_text(text.replace("B", detached.boot_id()))
    engine = stage.engine()
    engine.runner.make_folder(ref)
    engine.runner.begin(ref.attempt_id)
    assert engine.runner.recover(ref)[0] is Recovery.INTERRUPTED


def test_an_error_of_the_shim_itself_does_not_leave_the_tool_alone(stage: LocalStage) -> None:
    ref = new_ref()
    runner = LocalRunner(stage.home, shim=python_shim("/no/such/python"))
    runner.make_folder(ref)
    runner.start(ref, stage.animal(child_zoo.keeps_daemon, timeout_s=0.4))
    runner.close()
    order = stage.folder(ref) / layout.INVOCATION
    order.write_text(order.read_text().replace('"stop_signal": 15', '"stop_signal": 999'))
    assert run_shim(stage, ref) == 0
    found, end = settled(stage.engine(), ref)
    assert found is Recovery.ENDED
    assert end is not None
    assert end.reason is EndReason.INTERRUPTED
    assert layout.LOG in end.detail
    assert "Invalid argument" in (stage.folder(ref) / layout.LOG).read_text()
    assert stage.alive(ref) == set()


def late_shim(stage: LocalStage, ref: AttemptRef, ledger: Ledger) -> None:
    """Everything a shim needs, as a killed engine leaves it, but no shim yet."""
    runner = LocalRunner(stage.home, shim=python_shim("/no/such/python"))
    runner.make_folder(ref)
    runner.start(ref, stage.command(ledger.tool(ref)))
    assert [end.reason for end in runner.ended()] == [EndReason.SPAWN_FAILED]
    runner.close()


def run_shim(stage: LocalStage, ref: AttemptRef, **environ: str) -> int:
    command = chosen_shim().argv(stage.folder(ref))
    env = {"PATH": "/usr/bin:/bin", **environ}
    with (stage.folder(ref) / layout.LOG).open("ab") as log:
        return subprocess.run(command, env=env, stderr=log, check=False, timeout=PATIENCE_S).returncode


def test_two_recoverers_at_once_agree_with_what_happened(stage: LocalStage, ledger: Ledger) -> None:
    engines = [stage.engine() for _ in range(4)]
    for turn in range(8):
        ref = new_ref()
        killed = run_engine(stage, ref, "start", *ledger.tool(ref, 0.02), SIGNALBOX_FAULT="after_spawn")
        assert killed.code == -9
        reach(time.monotonic() + turn / 200)
        with ThreadPoolExecutor(4) as pool:
            found = [each for each, _ in pool.map(settled, engines, [ref] * len(engines))]
        if Recovery.ENDED in found:
            assert set(found) == {Recovery.ENDED}
        agree(stage, ref, ledger, found[0])


@pytest.mark.parametrize("version", ["now", "0.1"])
def test_an_attempt_of_which_only_the_lock_is_seen_is_watched(stage: LocalStage, version: str) -> None:
    engine = stage.engine()
    ref = new_ref()
    folder = engine.runner.make_folder(ref)
    take = KernelLock.try_take_folder if version == "now" else KernelLock.try_take
    lock = take(folder if version == "now" else folder / layout.LOCK)
    assert lock is not None
    assert engine.runner.recover(ref) == (Recovery.ADOPTED, None)
    lock.release()
    end = engine.end_of(ref)
    assert end.reason is EndReason.INTERRUPTED
    assert "before its tool was started" in end.detail


def test_the_result_of_another_attempt_is_not_believed(stage: LocalStage, ledger: Ledger) -> None:
    ref = new_ref()
    engine = stage.engine()
    engine.runner.make_folder(ref)
    engine.runner.start(ref, stage.command(ledger.tool(ref)))
    engine.end_of(ref)
    result = stage.folder(ref) / layout.RESULT
    result.write_text(result.read_text().replace(ref.token, "other"))
    assert settled(stage.engine(), ref)[0] is Recovery.INTERRUPTED


@pytest.mark.parametrize("text", ["", "{", "[]", '{"token": "T"}', '{"token": "T", "reason": "bored"}'])
def test_a_result_that_cannot_be_read_is_as_good_as_none(
    stage: LocalStage, expect_log: LogWatch, text: str
) -> None:
    ref = new_ref()
    stage.engine().runner.make_folder(ref)
    (stage.folder(ref) / layout.RESULT).write_text(text.replace("T", ref.token))
    stage.start_note(ref).touch()
    expect_log.expect(f"{ref.folder_name}/result.json cannot be read")
    assert settled(stage.engine(), ref)[0] is Recovery.INTERRUPTED


@pytest.mark.parametrize("kind", ["a FIFO", "a link"])
def test_a_result_that_is_no_file_is_neither_waited_for_nor_followed(
    stage: LocalStage, expect_log: LogWatch, kind: str
) -> None:
    ref = new_ref()
    stage.engine().runner.make_folder(ref)
    result = stage.folder(ref) / layout.RESULT
    if kind == "a FIFO":
        os.mkfifo(result)
    else:
        result.symlink_to(os.devnull)
    expect_log.expect(f"{ref.folder_name}/result.json cannot be read")
    assert settled(stage.engine(), ref)[0] is Recovery.NEVER_STARTED


def test_without_room_for_the_tombstone_nothing_is_decided_until_there_is(stage: LocalStage) -> None:
    ref = new_ref()
    runner = LocalRunner(stage.home, patience_s=PATIENCE_S)
    engine = Engine(runner)
    with disk(stage.home.attempts, "1m") as attempts:
        runner.make_folder(ref)
        attempts.use_every_inode()
        assert runner.recover(ref) == (Recovery.ADOPTED, None)
        (problem,) = wait_until(runner.problems, "the problem to be reported")
        assert os.strerror(errno.ENOSPC) in problem.sentence
        assert runner.running() == {ref}
        attempts.free_inodes()
        assert engine.end_of(ref).reason is EndReason.INTERRUPTED
        assert (stage.folder(ref) / layout.ABANDONED).exists()
        runner.close()
        shutil.rmtree(stage.folder(ref))


def test_where_there_is_never_room_for_the_tombstone_the_processes_decide_in_the_end(
    stage: LocalStage,
) -> None:
    ref = new_ref()
    engine = stage.engine()
    with disk(stage.home.attempts, "1m") as attempts:
        engine.runner.make_folder(ref)
        attempts.use_every_inode()
        assert engine.runner.recover(ref) == (Recovery.ADOPTED, None)
        assert engine.end_of(ref).reason is EndReason.INTERRUPTED
        assert engine.runner.running() == frozenset()
        attempts.free_inodes()
        shutil.rmtree(stage.folder(ref))


def test_attempts_are_recovered_though_their_whole_folder_is_gone(stage: LocalStage) -> None:
    stage.home.attempts.rmdir()
    assert stage.engine().runner.recover(new_ref()) == (Recovery.NEVER_STARTED, None)
    assert stage.home.attempts.stat().st_mode & 0o777 == 0o700


def test_a_wake_up_that_fails_does_not_tell_an_end_twice(stage: LocalStage, expect_log: LogWatch) -> None:
    runner = LocalRunner(stage.home)
    woken: list[str] = []

    def wake() -> None:
        woken.append("woken")
        raise RuntimeError("a defect of the host")

    runner.on_end(wake)
    expect_log.expect("cannot be checked", logging.ERROR)
    ref = new_ref()
    runner.make_folder(ref)
    runner.start(ref, stage.command(["/bin/true"]))
    wait_until(lambda: expect_log.records, "the defect to be logged")
    reach(time.monotonic() + 0.5)
    assert [end.ref for end in runner.ended()] == [ref]
    assert woken == ["woken"]
    runner.close()


def test_a_folder_removed_under_a_running_attempt_ends_it_as_interrupted(
    stage: LocalStage, ledger: Ledger
) -> None:
    ref = new_ref()
    with running_engine(stage, ref, *ledger.tool(ref, 60)) as process:
        stage.started(ref)
        wait_until(lambda: ledger.lines(ref) == "S", "the tool to begin")
        process.kill()
    shutil.rmtree(stage.folder(ref))
    found, end = stage.engine().runner.recover(ref)
    assert found is Recovery.INTERRUPTED
    assert end is not None
    agree(stage, ref, ledger, found)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_shim_that_lost_its_folder_starts_nothing_once_its_attempt_was_given_up(
    stage: LocalStage, ledger: Ledger, *, is_replaced: bool
) -> None:
    ref, aside = new_ref(), stage.home.root / "aside"
    with running_engine(stage, ref, *ledger.tool(ref), SIGNALBOX_FAULT="delay:before_tool:0.5") as process:
        stage.started(ref)
        process.kill()
    shim = psutil.Process(stage.shim_of(ref))
    stage.folder(ref).rename(aside)
    if is_replaced:
        stage.folder(ref).mkdir()
    assert settled(stage.engine(), ref)[0] is Recovery.INTERRUPTED
    shim.wait(PATIENCE_S)
    assert ledger.lines(ref) == ""


def test_what_a_shim_had_no_time_to_remove_after_its_result_is_removed_with_its_end(
    stage: LocalStage, ledger: Ledger
) -> None:
    ref = new_ref()
    killed = run_engine(stage, ref, "start", *ledger.tool(ref), SIGNALBOX_FAULT="after_result")
    assert killed.said[-1] == "exited 0"
    assert not (stage.folder(ref) / layout.TMP).exists()
    group = json.loads(stage.start_note(ref).read_text())["group"]
    assert not group or not Path(group).exists()


class TestMutants:
    """X3: the checks above mean something, as engines without these safeguards fail them."""

    def test_without_the_tombstone_a_late_shim_starts_what_was_given_up(
        self, stage: LocalStage, ledger: Ledger
    ) -> None:
        ref = new_ref()
        late_shim(stage, ref, ledger)
        killed = run_engine(stage, ref, "recover", SIGNALBOX_MUTANT="no_tombstone")
        assert killed.said[1] == Recovery.NEVER_STARTED
        assert run_shim(stage, ref, SIGNALBOX_MUTANT="no_tombstone") == 0
        with pytest.raises(AssertionError):
            agree(stage, ref, ledger, Recovery.NEVER_STARTED)

    def test_without_the_lock_a_living_attempt_is_taken_for_dead(
        self, stage: LocalStage, ledger: Ledger
    ) -> None:
        ref = new_ref()
        with running_engine(stage, ref, *ledger.tool(ref, 60)):
            wait_until(lambda: ledger.lines(ref) == "S", "the tool to begin")
            killed = run_engine(stage, ref, "recover", SIGNALBOX_MUTANT="no_lock_wait")
            assert killed.said[1] == Recovery.INTERRUPTED

    def test_without_the_result_what_has_ended_is_taken_for_interrupted(
        self, stage: LocalStage, ledger: Ledger
    ) -> None:
        ref = new_ref()
        assert run_engine(stage, ref, "start", *ledger.tool(ref)).said[2] == "exited 0"
        killed = run_engine(stage, ref, "recover", SIGNALBOX_MUTANT="no_result")
        assert killed.said[1] == Recovery.INTERRUPTED


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 30))])
def test_x2_engines_and_shims_killed_at_random_moments(stage: LocalStage, ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    seen = Counter[Recovery]()
    for _ in range(15):
        ref = new_ref()
        folder = stage.folder(ref)
        seen_first = chance.choice(
            [folder, folder / layout.INVOCATION, stage.start_note(ref), folder / layout.RESULT]
        )
        with engine_process(stage, ref, "start", *ledger.tool(ref, chance.uniform(0.01, 0.09))) as process:
            wait_until(seen_first.exists, f"{seen_first}")
            reach(time.monotonic() + chance.uniform(0, 0.05))
            process.kill()
            if chance.random() < 0.3:
                for shim in process_tree.shims_on(folder):
                    process_tree.kill(shim)
        found, _ = settled(stage.engine(), ref)
        seen[found] += 1
        agree(stage, ref, ledger, found)
    assert seen[Recovery.ENDED], f"every engine was killed too early: {seen}"
