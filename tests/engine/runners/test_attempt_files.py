"""A1: whatever a tool does to the files of its attempt, the attempt ends, nothing of it is left and others go on."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from engine.runners import layout, process_tree
from engine.runners.results import write_result
from engine.types import AttemptEnd, AttemptRef, EndReason, Recovery
from state.locks import KernelLock
from tests.engine.runners.stage import Engine, LocalStage, new_ref, wait_until
from tests.helpers.disks import disk
from tests.helpers.logs import LogWatch

pytestmark = pytest.mark.usefixtures("each_shim")

DAMAGE = {
    "the folder is a file": 'rm -rf "$A"; echo x > "$A"',
    "the folder is gone": 'rm -rf "$A"',
    "the folder is another": 'rm -rf "$A"; mkdir "$A"',
    "the folder is empty": 'rm -rf "$A"/*',
    "the folder leads nowhere": 'rm -rf "$A"; ln -s /no/such/folder "$A"',
    "the folder leads to itself": 'rm -rf "$A"; ln -s "$A" "$A"',
    "the folder leads to one of others": (
        'V="$A/../../victim"; mkdir -p "$V/tmp/sub"; touch "$V/tmp/keep"; rm -rf "$A"; ln -s "$V" "$A"'
    ),
    "the tool's own folder is very deep": (
        'cd "$TMPDIR"; python3 -c "import os; [(os.mkdir(c), os.chdir(c)) for c in [200 * chr(100)] * 1500]"'
    ),
    "the folder is a FIFO": 'rm -rf "$A"; mkfifo "$A"',
    "an older lock is a file": 'touch "$A/lock"',
    "an older lock is a folder": 'mkdir "$A/lock"',
    "an older lock leads away": 'ln -s /dev/null "$A/lock"',
    "an older lock leads in a circle": 'ln -s lock "$A/lock"',
    "an older lock is a FIFO": 'mkfifo "$A/lock"',
    "the result is a folder": 'mkdir "$A/result.json"',
    "the result is a full folder": 'mkdir -p "$A/result.json/x"',
    "the result is a FIFO": 'mkfifo "$A/result.json"',
    "the result leads away": 'ln -s /dev/zero "$A/result.json"',
    "the result is nested": 'yes "[" | head -c 60000 | tr -d "\\n" > "$A/result.json"',
    "the result is huge": 'truncate -s 1T "$A/result.json"',
    "no draft": 'rm "$A/result.tmp"',
    "the draft is a folder": 'rm "$A/result.tmp"; mkdir "$A/result.tmp"',
    "the start is forgotten": 'rm "$A/../../started/"*',
    "the start is noted as garbage": 'for note in "$A/../../started/"*; do echo "[[" > "$note"; done',
    "the start is noted in a FIFO": 'for note in "$A/../../started/"*; do rm "$note"; mkfifo "$note"; done',
    "the streams are folders": 'rm -f "$A/stdout" "$A/index"; mkdir "$A/stdout" "$A/index"',
    "the streams lead away": 'ln -sf /dev/zero "$A/stdout"; ln -sf /dev/zero "$A/index"',
    "the tool's own folder is a file": 'rmdir "$TMPDIR"; echo x > "$TMPDIR"',
    "the log is a folder": 'rm -f "$A/shim.log"; mkdir "$A/shim.log"',
    "no order": 'rm "$A/invocation.json"',
}
damaged = pytest.mark.parametrize("how", DAMAGE)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    """A home whose attempts may be in any condition at the end."""
    stage = LocalStage(tmp_path / "home")
    yield stage
    stage.close_engines()
    for child in psutil.Process().children():  # a shim whose engine was gone before it ended
        with suppress(psutil.NoSuchProcess):
            if child.status() == psutil.STATUS_ZOMBIE or process_tree.is_shim(child.cmdline()):
                os.waitpid(child.pid, 0)


@pytest.fixture(autouse=True)
def unreadable_results_are_logged(expect_log: LogWatch) -> None:
    expect_log.allow("result.json cannot be read")


def begin(stage: LocalStage, engine: Engine, how: str, *, then: str) -> AttemptRef:
    """An attempt that damages its own files; it lets the test know by a file elsewhere."""
    done = stage.home.root / "done"
    script = f'A=$(dirname "$TMPDIR"); {DAMAGE[how]}; touch {done}; {then}'
    ref = engine.start(stage.shell(script))
    wait_until(done.exists, "the damage")
    return ref


@pytest.mark.parametrize("by", ["its own engine", "the next engine"])
@pytest.mark.parametrize("then", ["sleep 600 & sleep 600", "exit 3"])
def test_a01_nothing_is_removed_or_left_where_a_link_in_place_of_the_folder_leads(
    stage: LocalStage, then: str, by: str
) -> None:
    """A link in place of the folder may lead to another attempt, or to ``/``, where ``tmp`` is everybody's."""
    first = engine = stage.engine()
    ref = begin(stage, first, "the folder leads to one of others", then=then)
    if by == "the next engine":
        stage.gone(first)
        engine = stage.engine()
        if engine.runner.recover(ref)[0] is Recovery.ADOPTED:
            stopped(engine, ref)
    else:
        stopped(engine, ref)
    victim = stage.home.root / "victim"
    assert sorted(str(file.relative_to(victim)) for file in victim.rglob("*")) == [
        "tmp",
        "tmp/keep",
        "tmp/sub",
    ]


@damaged
def test_a01_an_attempt_that_damaged_its_files_is_stopped(stage: LocalStage, how: str) -> None:
    engine = stage.engine()
    ref = begin(stage, engine, how, then="sleep 600 & sleep 600")
    end = stopped(engine, ref)
    assert end.reason in {EndReason.CANCELLED, EndReason.INTERRUPTED}
    assert stage.alive(ref) == set()
    assert engine.runner.running() == frozenset()


def stopped(engine: Engine, ref: AttemptRef) -> AttemptEnd:
    """Request the stop again and again, as an engine does, until the attempt has ended."""
    engine.runner.stop(ref)
    ends: list[AttemptEnd] = []

    def has_ended() -> bool:
        engine.runner.stop(ref)
        ends.extend(engine.runner.ended())
        return bool(ends)

    wait_until(has_ended, "the end")
    return ends[0]


@damaged
def test_a01_an_attempt_that_damaged_its_files_ends_with_its_tool(stage: LocalStage, how: str) -> None:
    engine = stage.engine()
    ref = begin(stage, engine, how, then="exit 3")
    end = engine.end_of(ref)
    assert (end.reason, end.exit_code) in {(EndReason.EXITED, 3), (EndReason.INTERRUPTED, None)}
    assert engine.runner.running() == frozenset()
    assert stage.alive(ref) == set()


@damaged
def test_a01_the_next_engine_ends_what_damaged_its_files_and_never_calls_it_unstarted(
    stage: LocalStage, how: str
) -> None:
    first, second = stage.engine(), stage.engine()
    ref = begin(stage, first, how, then="sleep 600")
    stage.gone(first)
    found, end = second.runner.recover(ref)
    if found is Recovery.ADOPTED:
        end = stopped(second, ref)
    assert end is not None
    assert end.reason in {EndReason.CANCELLED, EndReason.INTERRUPTED}
    assert found is not Recovery.NEVER_STARTED
    assert stage.alive(ref) == set()
    assert second.runner.running() == frozenset()


@damaged
def test_a01_what_ran_while_no_engine_lived_is_never_called_unstarted(stage: LocalStage, how: str) -> None:
    first, second = stage.engine(), stage.engine()
    ref = begin(stage, first, how, then="exit 3")
    first.end_of(ref)
    stage.gone(first)
    found, end = second.runner.recover(ref)
    if found is Recovery.ADOPTED:
        end = second.end_of(ref)
    assert found is not Recovery.NEVER_STARTED
    assert end is not None
    assert (end.reason, end.exit_code) in {(EndReason.EXITED, 3), (EndReason.INTERRUPTED, None)}


def test_a01_what_the_files_refuse_is_reported_once_with_its_attempt(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = begin(stage, engine, "the folder is a file", then="sleep 600")
    engine.runner.stop(ref)
    engine.runner.stop(ref)
    (problem,) = engine.runner.problems()
    assert problem.ref == ref
    assert str(stage.folder(ref)) in problem.sentence
    assert engine.runner.problems() == []
    engine.end_of(ref)


@pytest.fixture
def on_read_only_disk(stage: LocalStage) -> Iterator[Callable[[], None]]:
    """Lets the folder of all attempts turn read-only for whoever opens it from then on."""
    folder = str(stage.home.attempts)
    if os.geteuid() or subprocess.run(["mount", "--bind", folder, folder], check=False).returncode:
        pytest.skip("only root can mount a folder here")
    subprocess.run(["umount", folder], check=True)
    with ExitStack() as stack:

        def turn() -> None:
            subprocess.run(["mount", "--bind", folder, folder], check=True)
            stack.callback(subprocess.run, ["umount", "--lazy", folder], check=True)
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)

        yield turn


def test_a01_attempts_on_a_disk_that_turns_read_only_are_stopped(
    stage: LocalStage, on_read_only_disk: Callable[[], None]
) -> None:
    engine = stage.engine()
    refs = [stage.started(engine.start(stage.command(["/bin/sleep", "600"]))) for _ in range(3)]
    on_read_only_disk()
    for ref in refs:
        engine.runner.stop(ref)
    assert {engine.end_of(ref).reason for ref in refs} <= {EndReason.CANCELLED, EndReason.INTERRUPTED}
    assert [stage.alive(ref) for ref in refs] == [set(), set(), set()]


def test_a01_a_dead_attempt_on_a_disk_that_turned_read_only_is_interrupted(
    stage: LocalStage, on_read_only_disk: Callable[[], None]
) -> None:
    first, second = stage.engine(), stage.engine()
    ref = stage.printed(first.start(stage.shell("sleep 600 & echo ready; sleep 600")), b"ready")
    stage.gone(first)
    on_read_only_disk()
    stage.kill_shim(ref)
    found, end = second.runner.recover(ref)
    assert found is Recovery.ADOPTED, "whether the disk recovers is awaited for a while"
    end = second.end_of(ref)
    assert end.reason is EndReason.INTERRUPTED
    assert end.leftovers
    assert stage.alive(ref) == set()


def test_a01_a_folder_in_which_nothing_can_change_keeps_no_attempt_running(stage: LocalStage) -> None:
    def chattr(change: str, folder: Path) -> bool:
        return not subprocess.run(["chattr", change, folder], check=False, capture_output=True).returncode

    if not chattr("+i", stage.home.attempts):
        pytest.skip("files cannot be made immutable here")
    assert chattr("-i", stage.home.attempts)
    engine = stage.engine()
    ref = stage.started(engine.start(stage.command(["/bin/sleep", "600"])))
    assert chattr("+i", stage.folder(ref))
    try:
        engine.runner.stop(ref)
        assert engine.end_of(ref).reason is EndReason.INTERRUPTED
    finally:
        assert chattr("-i", stage.folder(ref))
    assert stage.alive(ref) == set()


def test_a01_an_attempt_on_a_full_disk_is_stopped(stage: LocalStage) -> None:
    with disk(stage.home.attempts, "4m") as attempts:
        engine = stage.engine()
        ref = stage.started(engine.start(stage.command(["/bin/sleep", "600"])))
        attempts.fill()
        engine.runner.stop(ref)
        assert engine.end_of(ref).reason in {EndReason.CANCELLED, EndReason.INTERRUPTED}
        assert stage.alive(ref) == set()


def test_a01_a_process_that_holds_the_lock_of_a_dead_attempt_keeps_it_running_no_longer(
    stage: LocalStage,
) -> None:
    first, second = stage.engine(), stage.engine()
    ref = stage.started(first.start(stage.command(["/bin/sleep", "600"])))
    stage.kill_shim(ref)
    first.end_of(ref)
    lock = KernelLock.try_take_folder(stage.folder(ref))
    assert lock is not None
    with lock:
        assert second.runner.recover(ref) == (Recovery.ADOPTED, None)
        assert second.end_of(ref).reason is EndReason.INTERRUPTED


def test_a01_a_shim_that_was_suspended_by_its_tool_is_stopped(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = stage.started(engine.start(stage.shell("kill -STOP $PPID; exec sleep 600")))
    assert stopped(engine, ref).reason in {EndReason.CANCELLED, EndReason.INTERRUPTED}
    assert stage.alive(ref) == set()


UNFIT = {
    "exit_code": ["[]", "9999999999999999999", '"0"'],
    "duration_s": ["1e999", "NaN", "-1", "null"],
    "leftovers": ["1e999", "[]"],
    "reason": ["[]", '"bored"'],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in UNFIT for value in UNFIT[field]])
def test_a01_a_result_with_values_that_nothing_can_store_is_as_good_as_none(
    stage: LocalStage, field: str, value: str
) -> None:
    ref = new_ref()
    stage.engine().runner.make_folder(ref)
    fields = {"token": f'"{ref.token}"', "reason": '"exited"', "exit_code": "0", "duration_s": "0.1"}
    fields |= {"leftovers": "0", "detail": '""', "lost_bytes": "0", field: value}
    text = ", ".join(f'"{name}": {each}' for name, each in fields.items())
    (stage.folder(ref) / layout.RESULT).write_text(f"{{{text}}}")
    stage.start_note(ref).touch()
    assert stage.engine().runner.recover(ref)[0] is Recovery.INTERRUPTED


def test_a01_a_lone_half_of_a_character_in_a_result_is_replaced(stage: LocalStage) -> None:
    ref = new_ref()
    folder = stage.engine().runner.make_folder(ref)
    write_result(folder, AttemptEnd(ref=ref, reason=EndReason.EXITED, exit_code=0, detail="half \ud83d."))
    end = stage.engine().runner.recover(ref)[1]
    assert end is not None
    assert end.detail == "half ?."
