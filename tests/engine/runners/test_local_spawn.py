"""X18, X20, X21, X27 and N8: what cannot be started says why, and every way to exit is told as it was."""

import contextlib
import errno
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.runners import output
from engine.runners.local import LocalRunner
from engine.runners.shim_program import CHOICE, ShimKind, python_shim
from engine.system.home import Home
from engine.types import AttemptEnd, EndReason, Invocation
from tests.engine.runners.stage import Engine, LocalStage
from tests.helpers import child_zoo
from tests.helpers.patience import PATIENCE_S

pytestmark = pytest.mark.usefixtures("each_shim")


def spawn_failed(end: AttemptEnd) -> str:
    assert (end.reason, end.exit_code) == (EndReason.SPAWN_FAILED, None), end
    return end.detail


def test_x21_a_missing_program_is_named(stage: LocalStage) -> None:
    exe = stage.home.root / "nowhere" / "aider"
    assert f"There is no program {exe}" in spawn_failed(stage.engine().run(stage.command([str(exe)])))


def test_x21_a_folder_is_no_program(stage: LocalStage) -> None:
    assert "is a folder" in spawn_failed(stage.engine().run(stage.command([str(stage.home.root)])))


def test_x21_a_file_that_is_not_executable_is_named(stage: LocalStage) -> None:
    exe = stage.home.root / "tool"
    exe.write_text("#!/bin/sh\n")
    assert spawn_failed(stage.engine().run(stage.command([str(exe)]))).endswith(f"chmod +x {exe}")


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01\x01" + bytes(57), b"no first line\n"])
def test_x21_a_file_of_another_machine_is_no_program(stage: LocalStage, content: bytes) -> None:
    exe = stage.home.root / "tool"
    exe.write_bytes(content)
    exe.chmod(0o700)
    assert f"{exe} is no program for this machine" in spawn_failed(
        stage.engine().run(stage.command([str(exe)]))
    )


def test_x21_a_missing_interpreter_is_not_told_as_a_missing_program(stage: LocalStage) -> None:
    exe = stage.home.root / "tool"
    exe.write_text("#!/no/such/interpreter\n")
    exe.chmod(0o700)
    assert "interpreter" in spawn_failed(stage.engine().run(stage.command([str(exe)])))


@pytest.mark.parametrize("kind", ["missing", "a file"])
def test_x20_a_working_folder_that_is_none_is_named(stage: LocalStage, kind: str) -> None:
    cwd = stage.home.root / "repo"
    if kind == "a file":
        cwd.touch()
    detail = spawn_failed(stage.engine().run(stage.command(["/bin/true"], cwd=cwd)))
    assert f"The working folder {cwd} does not exist or is not a folder" in detail


def test_a_missing_input_file_is_named(stage: LocalStage) -> None:
    task = stage.home.root / "task.md"
    engine = stage.engine()
    ref = engine.start(stage.command(["/bin/cat"], stdin_file=task))
    assert f"The input {task} cannot be read" in spawn_failed(engine.end_of(ref))
    assert not stage.start_note(ref).exists()


def test_n8_arguments_longer_than_the_system_allows_are_told_with_their_size(stage: LocalStage) -> None:
    detail = spawn_failed(stage.engine().run(stage.command(["/bin/echo", "x" * 3_000_000])))
    assert "3000011 bytes" in detail


def test_an_environment_longer_than_the_system_allows_is_told(stage: LocalStage) -> None:
    detail = spawn_failed(stage.engine().run(stage.command(["/bin/true"], env={"BIG": "x" * 3_000_000})))
    assert os.strerror(errno.E2BIG) in detail


@pytest.mark.parametrize("argument", ["nul\0", "\ud800"])
def test_n8_arguments_no_program_can_be_given_are_refused(stage: LocalStage, argument: str) -> None:
    assert spawn_failed(stage.engine().run(stage.command(["/bin/echo", argument]))).startswith("/bin/echo: ")


def test_an_unknown_stop_signal_is_told(stage: LocalStage) -> None:
    assert "'BYE'" in spawn_failed(stage.engine().run(stage.command(["/bin/true"], stop_signal="BYE")))


def test_n8_arguments_and_environment_arrive_byte_for_byte(stage: LocalStage) -> None:
    arguments = [
        "a b",
        "; rm -rf ~",
        "$(id)",
        "`id`",
        "'\"\\",
        "*",
        "",
        "é😀",
        os.fsdecode(b"\xff\xfe"),
        "line\nbreak",
    ]
    env = {"PATH": "/bin", "LANG": "de_DE", "ODD": os.fsdecode(b"\xff") + "é", "EMPTY": ""}
    code = (
        "import os, sys\n"
        "os.write(1, b'\\0'.join(map(os.fsencode, sys.argv[1:])))\n"
        "os.write(2, open('/proc/self/environ', 'rb').read())"
    )
    engine = stage.engine()
    ref = engine.start(stage.python(code, *arguments, env=env))
    assert engine.end_of(ref).exit_code == 0
    assert output.stream(stage.folder(ref), "stdout").split(b"\0") == [
        os.fsencode(each) for each in arguments
    ]
    seen = dict(
        entry.split(b"=", 1) for entry in output.stream(stage.folder(ref), "stderr").split(b"\0") if entry
    )
    assert seen == {
        **{os.fsencode(name): os.fsencode(value) for name, value in env.items()},
        b"SIGNALBOX_ATTEMPT": ref.folder_name.encode(),
        b"TMPDIR": bytes(stage.folder(ref) / "tmp"),
    }


def test_the_tool_gets_its_folder_its_input_and_no_other_descriptor(stage: LocalStage) -> None:
    task = stage.home.root / "task.md"
    task.write_text("do this")
    engine = stage.engine()
    repo = stage.home.root / "repo"
    repo.mkdir()
    left_open = os.open(task, os.O_RDONLY)
    os.set_inheritable(left_open, True)  # noqa: FBT003 - as a library may leave one of its own
    ref = engine.start(stage.shell("cat; pwd; ls /proc/self/fd | wc -l", cwd=repo, stdin_file=task))
    os.close(left_open)
    engine.end_of(ref)
    # Besides the three, ls has one for the folder it lists.
    assert output.stream(stage.folder(ref), "stdout") == f"do this{repo}\n4\n".encode()


def test_without_an_input_file_there_is_nothing_to_read(stage: LocalStage) -> None:
    assert stage.engine().run(stage.command(["/bin/cat"])).exit_code == 0


def test_the_tool_gets_the_signals_of_a_shell_not_of_python(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.command(["/bin/grep", "SigIgn", "/proc/self/status"]))
    engine.end_of(ref)
    assert int(output.stream(stage.folder(ref), "stdout").split()[1], 16) & (1 << 12 | 1 << 24) == 0


def test_the_tool_leads_a_session_without_a_terminal(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.python("import os; print(os.getsid(0) == os.getpid())\nopen('/dev/tty')"))
    assert engine.end_of(ref).exit_code == 1
    assert output.stream(stage.folder(ref), "stdout") == b"True\n"


def test_the_tool_has_the_users_umask(stage: LocalStage) -> None:
    old = os.umask(0o027)
    try:
        engine = stage.engine()
        ref = engine.start(stage.shell("umask"))
        engine.end_of(ref)
    finally:
        os.umask(old)
    assert output.stream(stage.folder(ref), "stdout") == b"0027\n"


@pytest.mark.parametrize(
    ("animal", "arguments", "code"),
    [
        (child_zoo.closes_output, (7,), 7),
        (child_zoo.prints, (0,), 0),
        (child_zoo.dies_of, ("SEGV",), -11),
        (child_zoo.dies_of, ("KILL",), -9),
        (child_zoo.dies_of, ("TERM",), -15),
    ],
    ids=["closes its output", "never prints", "segfault", "killed", "terminated"],
)
def test_x18_every_way_to_exit_is_told_as_it_was(
    stage: LocalStage, animal: Callable[..., None], arguments: tuple[object, ...], code: int
) -> None:
    end = stage.engine().run(stage.animal(animal, *arguments))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, code)


@pytest.mark.parametrize("code", [0, 1, 2, 127, 139, 255])
def test_x18_every_exit_code_is_told(stage: LocalStage, code: int) -> None:
    end = stage.engine().run(stage.shell(f"exit {code}"))
    assert (end.reason, end.exit_code) == (EndReason.EXITED, code)


def test_what_the_tool_leaves_in_its_tmpdir_is_removed(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.animal(child_zoo.litters))
    assert engine.end_of(ref).exit_code == 0
    assert output.stream(stage.folder(ref), "stdout") == bytes(stage.folder(ref) / "tmp")
    assert not (stage.folder(ref) / "tmp").exists()


def test_a_python_that_is_not_there_is_a_failure_to_spawn(stage: LocalStage) -> None:
    engine = Engine(LocalRunner(stage.home, shim=python_shim("/no/such/python")))
    assert "/no/such/python" in spawn_failed(engine.run(stage.command(["/bin/true"])))
    engine.runner.close()


def test_a_folder_that_is_gone_is_a_failure_to_spawn(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.command(["/bin/true"]))
    engine.end_of(ref)
    other = type(ref)(ref.attempt_id, "other")
    engine.runner.start(other, stage.command(["/bin/true"]))
    assert str(stage.folder(other)) in spawn_failed(engine.end_of(other))


LIMITED = """
import resource, sys, threading
from pathlib import Path
from engine.system.home import Home
from engine.runners.local import LocalRunner
from engine.types import AttemptRef, Invocation
kind, limit = int(sys.argv[2]), int(sys.argv[3])
runner = LocalRunner(Home.at(sys.argv[1]))
woken = threading.Event()
runner.on_end(woken.set)
def run(ref):
    runner.make_folder(ref)
    runner.start(ref, Invocation(argv=("/bin/true",), cwd=Path("/"), env={}))
    while not (ends := runner.ended()):
        assert woken.wait(120)
        woken.clear()
    return ends[0]
print(run(AttemptRef(1, "free")).reason, flush=True)
resource.setrlimit(kind, (limit, limit))
end = run(AttemptRef(2, "limited"))
print(end.reason, "|", end.detail)
runner.close()
"""


def limited(home: Home, kind: int, limit: int) -> str:
    command = [sys.executable, "-c", LIMITED, str(home.root), str(kind), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "exited"
    return second


def test_x27_with_few_descriptors_a_job_still_runs(stage: LocalStage) -> None:
    assert limited(stage.home, resource.RLIMIT_NOFILE, 64).startswith("exited |")


@pytest.mark.parametrize("count", [9, 11])
def test_x27_with_too_few_descriptors_the_cause_is_told(stage: LocalStage, count: int) -> None:
    told = limited(stage.home, resource.RLIMIT_NOFILE, count)
    assert told.startswith("spawn_failed |")
    assert os.strerror(errno.EMFILE) in told


def test_x27_with_too_little_memory_for_the_shim_the_cause_is_told(stage: LocalStage) -> None:
    # Enough for the interpreter to start, too little for the shim; with less, some builds die without a word.
    enough_to_start = 3_300_000 if os.environ[CHOICE] == ShimKind.PYTHON else 60_000
    told = limited(stage.home, resource.RLIMIT_DATA, enough_to_start)
    assert told.startswith("spawn_failed |")
    assert "cannot map" in told or "emory" in told  # the loader or Python, whoever came first


def test_modes_are_private_whatever_the_umask(stage: LocalStage) -> None:
    old = os.umask(0)
    try:
        engine = stage.engine()
        code = "trap '' TERM; echo ready; sleep 60"
        ref = stage.printed(engine.start(stage.shell(code, grace_s=0.5)), b"ready")
        engine.runner.stop(ref)
        found = {}
        for entry in stage.folder(ref).iterdir():
            with contextlib.suppress(FileNotFoundError):  # written under another name first
                found[entry] = entry.lstat().st_mode & 0o777
        engine.end_of(ref)
    finally:
        os.umask(old)
    assert stage.folder(ref).stat().st_mode & 0o777 == 0o700
    assert found.pop(stage.folder(ref) / "tmp") == 0o700
    assert set(found.values()) == {0o600}
    assert {Path(entry).name for entry in found} >= {
        "invocation.json",
        "stdout",
        "stop",
    }


def test_values_of_the_environment_are_in_no_file(stage: LocalStage) -> None:
    engine = stage.engine()
    canary = "canary-3141592653"
    env = {"PATH": "/bin", "API_KEY": canary}
    ref = engine.start(stage.shell("echo $API_KEY", env=env, secrets=(canary,)))
    engine.end_of(ref)
    assert output.stream(stage.folder(ref), "stdout") == b"***\n"
    for entry in stage.folder(ref).iterdir():
        assert entry.is_fifo() or canary.encode() not in entry.read_bytes(), entry


def test_the_shim_carries_no_marker_and_the_tool_no_secrets(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.shell("cat /proc/self/environ; echo; exec sleep 60", secrets=("canary-2718",)))
    stage.printed(ref, b"\n")
    shim = Path(f"/proc/{stage.shim_of(ref)}/environ").read_bytes()
    assert b"SIGNALBOX_ATTEMPT" not in shim
    assert b"SIGNALBOX_SECRETS" in shim
    assert b"SIGNALBOX_SECRETS" not in output.stream(stage.folder(ref), "stdout")


def test_the_locks_are_not_inherited_by_the_tool(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.shell("ls -l /proc/self/fd"))
    engine.end_of(ref)
    assert b"lock" not in output.stream(stage.folder(ref), "stdout")


def test_an_invocation_is_written_once(stage: LocalStage) -> None:
    engine = stage.engine()
    ref = engine.start(stage.command(["/bin/true"]))
    engine.end_of(ref)
    engine.ends.clear()
    engine.runner.start(ref, Invocation(argv=("/bin/true",), cwd=Path("/"), env={}))
    assert "File exists" in spawn_failed(engine.end_of(ref))
