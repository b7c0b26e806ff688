"""A19: whatever nohup or a shell left ignored or blocked, what is started has every signal as it usually is."""

import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.runners import output
from tests.helpers.command_line import CommandLine
from tests.helpers.patience import PATIENCE_S

STARTER = """
import os, signal, sys
never = (signal.SIGKILL, signal.SIGSTOP, signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP)
numbers = signal.valid_signals() - set(never)
for number in numbers:
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
os.execv(sys.executable, [sys.executable, "-m", "engine", *sys.argv[1:]])
"""
SHOW = "grep -E 'SigBlk|SigIgn' /proc/self/status"
ROOT = Path(__file__).parents[2]


def started_with_every_signal_ignored(signalbox: CommandLine, *words: str | Path) -> None:
    command = [sys.executable, "-c", STARTER, *map(str, words), "--home", str(signalbox.home.root)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE_S)


OF_LIBC = 1 << 31 | 1 << 32
"""Signals 32 and 33: glibc keeps them to itself, lets no program set them, and leaves 32 ignored in what it spawns."""


def masks(text: str) -> dict[str, int]:
    lines = (line.split() for line in text.splitlines())
    return {name.rstrip(":"): int(value, 16) & ~OF_LIBC for name, value in lines}


def test_a19_a_tool_has_no_signal_ignored_or_blocked(signalbox: CommandLine) -> None:
    job = {"job_id": "tool", "tool": "shell", "command": {"exe": "/bin/sh", "args": ["-c", SHOW]}}
    started_with_every_signal_ignored(signalbox, "run", "--trust", signalbox.file("job.json", job))
    with signalbox.store() as store:
        (attempt,) = store.list_attempts("tool")
    printed = output.stream(signalbox.home.attempts / f"{attempt.id}-{attempt.token}", "stdout")
    assert masks(printed.decode()) == {"SigBlk": 0, "SigIgn": 0}


def test_a19_a_command_at_the_end_of_a_job_has_no_signal_ignored_or_blocked(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    hook, found = tmp_path / "hook", tmp_path / "found"
    hook.write_text(f"#!/bin/sh\n{SHOW} > {shlex.quote(str(found))}.part && mv {found}.part {found}\n")
    hook.chmod(0o700)
    signalbox("settings", "set", "callback", str(hook))
    job = {"job_id": "tool", "tool": "shell", "command": {"exe": "/bin/true"}}
    started_with_every_signal_ignored(signalbox, "run", "--trust", signalbox.file("job.json", job))
    assert masks(found.read_text()) == {"SigBlk": 0, "SigIgn": 0}


GIT = """
import os, signal
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)
from engine.system.inherited_signals import is_ignored, keep_from_children
keep_from_children()
import subprocess
print(subprocess.run(["grep", "-E", "SigBlk|SigIgn", "/proc/self/status"], capture_output=True, text=True).stdout)
os.kill(os.getpid(), signal.SIGINT)
print(is_ignored(signal.SIGINT), is_ignored(signal.SIGHUP), is_ignored(signal.SIGTERM))
"""


def test_a19_a_program_that_was_told_to_ignore_a_signal_goes_on_ignoring_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GIT], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    *status, last = filter(None, done.stdout.splitlines())
    assert masks("\n".join(status)) == {"SigBlk": 0, "SigIgn": 0}
    assert last == "True True False"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a19_an_engine_under_nohup_is_not_ended_by_what_it_ignores(
    signalbox: CommandLine, number: signal.Signals
) -> None:
    job = {"job_id": "tool", "tool": "shell", "command": {"exe": "/bin/true"}}
    code = f"import signal; signal.signal({number.value}, signal.SIG_IGN); import os, sys; "
    code += "os.execv(sys.executable, [sys.executable, '-m', 'engine', *sys.argv[1:]])"
    words = ["engine", "--home", str(signalbox.home.root)]
    with subprocess.Popen([sys.executable, "-c", code, *words], cwd=ROOT, stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None
        engine.stdout.readline()
        engine.send_signal(number)
        signalbox("submit", signalbox.file("job.json", job))
        signalbox.await_job("tool", lambda found: found.status.value == "completed")
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(PATIENCE_S) == 0
