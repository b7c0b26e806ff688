"""What the runners' tests stand on: commands in the words of each runner, and waiting for ends without sleeping."""

import itertools
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from engine.interfaces import Runner
from engine.runners import layout, output, process_tree
from engine.runners.attempt_lock import AttemptLock
from engine.runners.fake import FakeProcesses, FakeRunner
from engine.runners.local import LocalRunner
from engine.system.home import Home
from engine.types import AttemptEnd, AttemptRef, Invocation
from tests.helpers import child_zoo
from tests.helpers.leftovers import children
from tests.helpers.patience import PATIENCE_S

_numbers = itertools.count(1)


def new_ref() -> AttemptRef:
    """An attempt of a name no other test process has: its processes are found by it, all over the machine."""
    return AttemptRef(next(_numbers), secrets.token_hex(8))


def wait_until(true: Callable[[], Any], what: str, patience: float = PATIENCE_S) -> Any:
    """Poll until something is true and return it."""
    deadline = time.monotonic() + patience
    while not (found := true()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s in vain for: {what}")
        time.sleep(0.005)
    return found


def reach(moment: float) -> None:
    """Let the monotonic clock come to a moment."""
    wait_until(lambda: time.monotonic() >= moment, "the moment")


class Engine:
    """A runner as an engine uses it."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.ends: list[AttemptEnd] = []
        self._woken = threading.Event()
        runner.on_end(self._woken.set)

    def start(self, invocation: Invocation) -> AttemptRef:
        ref = new_ref()
        self.runner.make_folder(ref)
        self.runner.start(ref, invocation)
        return ref

    def end_of(self, ref: AttemptRef, patience: float = PATIENCE_S) -> AttemptEnd:
        """Wait for the end of an attempt, woken by the runner alone."""
        deadline = time.monotonic() + patience
        while not (found := [end for end in self.ends if end.ref == ref]):
            if not self._woken.wait(deadline - time.monotonic()):
                raise AssertionError(f"no end of {ref} within {patience} s; running: {self.runner.running()}")
            self._woken.clear()
            self.ends += self.runner.ended()
        assert len(found) == 1
        return found[0]

    def run(self, invocation: Invocation) -> AttemptEnd:
        return self.end_of(self.start(invocation))


class Stage(Protocol):
    """One home on which engines come and go, and the commands its runner understands."""

    def engine(self) -> Engine:
        """A new engine on the same home."""

    def gone(self, engine: Engine) -> None:
        """That engine is no more."""

    def printing(self, text: str, code: int = 0) -> Invocation:
        """Prints on stdout and exits."""

    def endless(self) -> Invocation:
        """Runs until it is stopped."""

    def missing(self) -> Invocation:
        """Cannot be started."""

    def started(self, ref: AttemptRef) -> AttemptRef:
        """Wait until its tool has been started."""

    def kill_shim(self, ref: AttemptRef) -> None:
        """Let what would write down the end vanish."""


class LocalStage:
    def __init__(self, root: Path) -> None:
        self.home = Home.at(root)
        self._engines: list[Engine] = []
        self._others = set(children())

    def engine(self) -> Engine:
        engine = Engine(LocalRunner(self.home))
        self._engines.append(engine)
        return engine

    def gone(self, engine: Engine) -> None:
        engine.runner.close()

    def python(self, code: str, *arguments: str, **more: Any) -> Invocation:
        return self.command([sys.executable, "-I", "-S", "-c", code, *arguments], **more)

    def shell(self, code: str, **more: Any) -> Invocation:
        return self.command(["/bin/sh", "-c", code], **more)

    def animal(self, animal: Callable[..., None], *arguments: object, **more: Any) -> Invocation:
        """A child of the zoo."""
        return self.command(child_zoo.command(animal, *arguments), **more)

    def command(self, argv: Sequence[str], **more: Any) -> Invocation:
        settings = {"cwd": self.home.root, "env": {"PATH": os.environ["PATH"]}, "grace_s": 1.0, **more}
        return Invocation(argv=tuple(argv), **settings)

    def printing(self, text: str, code: int = 0) -> Invocation:
        return self.shell(f"printf %s '{text}'; exit {code}")

    def endless(self) -> Invocation:
        return self.command(["/bin/sleep", "600"])

    def missing(self) -> Invocation:
        return self.command([str(self.home.root / "no-such-program")])

    def kill_shim(self, ref: AttemptRef) -> None:
        os.kill(self.shim_of(self.started(ref)), 9)

    def shim_of(self, ref: AttemptRef) -> int:
        """The process id of an attempt's shim."""
        ((pid, _),) = wait_until(lambda: process_tree.shims_on(self.folder(ref)), "the shim to run")
        return int(pid)

    def folder(self, ref: AttemptRef) -> Path:
        return self.home.attempts / ref.folder_name

    def start_note(self, ref: AttemptRef) -> Path:
        """What the shim leaves before it starts the tool."""
        return self.home.started / ref.folder_name

    def started(self, ref: AttemptRef) -> AttemptRef:
        """Wait until the tool has been started."""
        wait_until(self.start_note(ref).exists, "the tool to be started")
        return ref

    def printed(self, ref: AttemptRef, text: bytes) -> AttemptRef:
        """Wait until the tool has printed this on stdout."""
        wait_until(lambda: text in output.stream(self.folder(ref), "stdout"), f"{text!r} on stdout")
        return ref

    def alive(self, ref: AttemptRef) -> set[process_tree.Process]:
        """The processes of an attempt other than its shim."""
        return process_tree.marked(f"{layout.MARKER}={ref.folder_name}")

    def close(self) -> None:
        """Stop whatever a test has left running."""
        shims = set(children()) - self._others
        for folder in self.home.attempts.iterdir():
            number, _, token = folder.name.partition("-")
            LocalRunner(self.home).stop(AttemptRef(int(number), token))
            wait_until(partial(_is_free, folder), f"{folder.name} to be stopped")
        self.close_engines()
        for pid in shims:  # those that end once their engine is gone
            wait_until(partial(_is_waited_for, pid), f"the shim {pid} to end")

    def close_engines(self) -> None:
        """Let every engine go."""
        for engine in self._engines:
            engine.runner.close()


def _is_waited_for(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _is_free(folder: Path) -> bool:
    return not AttemptLock.is_held(folder)


class FakeStage:
    def __init__(self, root: Path) -> None:
        self.home = Home.at(root)
        self._processes = FakeProcesses()
        self._runner = self._new()

    def engine(self) -> Engine:
        return Engine(self._new())

    def gone(self, engine: Engine) -> None:
        engine.runner.close()

    def printing(self, text: str, code: int = 0) -> Invocation:
        return self._command("print", text, "exit", str(code))

    def endless(self) -> Invocation:
        return self._command("forever")

    def missing(self) -> Invocation:
        return self._command("spawn_failed", "There is no such program.")

    def started(self, ref: AttemptRef) -> AttemptRef:
        return ref

    def kill_shim(self, ref: AttemptRef) -> None:
        self._runner.kill(ref)

    def close(self) -> None:
        for ref in list(self._processes.alive):
            self._runner.stop(ref)

    def _new(self) -> FakeRunner:
        return FakeRunner(self.home, processes=self._processes)

    def _command(self, *words: str) -> Invocation:
        return Invocation(argv=("fake", *words), cwd=self.home.root, env={})
