"""Attempts as processes of this machine, each beside a shim of its own that outlives the engine.

Starts and stops them and watches for their ends; what happens inside an attempt is the shim's, which leaves files in
the attempt's folder (`layout`), and what became of it is `recovery`'s. What the files of one attempt refuse concerns
that attempt alone: it is kept as a problem of the attempt and tried again, and in the end its processes decide.
"""

import errno
import json
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import DiskError, SpawnError
from engine.runners import layout, process_tree
from engine.runners.attempt_notes import text_of_note
from engine.runners.exit_watcher import ExitWatcher
from engine.runners.recovery import AttemptRecovery, Found, leave
from engine.runners.shim_program import ShimProgram, chosen_shim, python_shim
from engine.runners.shim_start import start_detached
from engine.system.disk_errors import OF_OUR_FOLDERS, is_of_disk
from engine.system.fault_injection import fault, passed_on
from engine.system.home import Home
from engine.system.private_files import write_new
from engine.types import (
    AttemptEnd,
    AttemptProblem,
    AttemptRef,
    EndReason,
    EvidenceCommand,
    Invocation,
    Recovery,
    SetupCommand,
)

PATIENCE_S = 2.0
"""How long the files of an attempt that has to be ended may refuse before its processes alone decide."""
SIGNALLED_AFTER_S = 1.5
"""A stop that was left in the folder and not heeded for so long is sent as a signal, too."""
_OF_ENGINE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""What says nothing of the attempt: this process, or the whole system, has run out of something."""


class LocalRunner:
    """The `Runner` of this machine. Its methods may be called from any thread; only `recover` can take its time."""

    name = "local"

    def __init__(
        self, home: Home, *, shim: ShimProgram | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        """`shim` is what runs beside the attempts; for an attempt with secrets one that masks them is used."""
        self._home, self._patience_s = home, patience_s
        self._shim = shim or chosen_shim()
        self._recovery = AttemptRecovery(home)
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._running: set[AttemptRef] = set()
        self._signal_at: dict[AttemptRef, float] = {}
        """When to signal the shim of an attempt to be stopped, if it has not ended by then, in monotonic seconds."""
        self._undecided: dict[AttemptRef, float] = {}
        """Since when the files of an attempt allow no decision, in monotonic seconds."""
        self._with_problem: set[AttemptRef] = set()
        self._problems: deque[AttemptProblem] = deque()
        self._foreign: set[AttemptRef] = set()
        """Attempts of another home, of which a copy of the database says that they run."""
        self._ends: deque[AttemptEnd] = deque()
        self._watcher = ExitWatcher(self._on_exit)

    def begin(self, last_attempt_id: int) -> None:
        """Get to know the newest attempt of all, before any is recovered or started here."""
        self._recovery.begin(last_attempt_id)

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` from any thread when `ended` or `problems` has something new."""
        self._wake = wake

    def folder(self, ref: AttemptRef) -> Path:
        """Where the attempt's files are."""
        return self._recovery.folder(ref)

    def make_folder(self, ref: AttemptRef) -> Path:
        """Create the attempt's folder, open to its owner alone.

        Raises:
            SpawnError: it exists already, or cannot be made.
            DiskError: it cannot be made because of the state of its disk or of the folder around it.
        """
        folder = self.folder(ref)
        try:
            return self._recovery.make_folder(ref)
        except FileExistsError as error:
            raise SpawnError(
                f"{folder} exists already: this attempt was started or given up before."
            ) from error
        except OSError as error:
            kind = DiskError if error.errno in OF_OUR_FOLDERS else SpawnError
            raise kind(f"{folder} cannot be made: {error.strerror}.") from error

    def start(self, ref: AttemptRef, invocation: Invocation) -> None:
        """Start the attempt; every failure arrives as an end with reason `spawn_failed`, or `disk`."""
        fault("before_spawn")
        if sys.platform == "win32":
            detail = "Jobs run on Linux and macOS; on Windows, start Signalbox inside WSL."
            self._report_end(AttemptEnd(ref=ref, reason=EndReason.SPAWN_FAILED, detail=detail))
            return
        try:
            self._watcher.begin()
            pid = self._spawn(ref, invocation)
        except (OSError, ValueError, RuntimeError) as error:
            reason = EndReason.DISK if is_of_disk(error) else EndReason.SPAWN_FAILED
            self._report_end(AttemptEnd(ref=ref, reason=reason, detail=self._why(error, ref, invocation)))
            return
        fault("after_spawn")
        with self._lock:
            self._running.add(ref)
        self._watcher.add_child(ref, pid)

    def stop(self, ref: AttemptRef, reason: EndReason = EndReason.CANCELLED) -> None:
        """Request that the whole tree be stopped; an attempt that has ended is left as it is.

        May be repeated: the request is left in the folder, and where that is not possible, or not heeded, the shim is
        signalled.
        """
        if self._has_ended(ref):
            return
        now, is_first, is_left = time.monotonic(), ref not in self._signal_at, False
        due = self._signal_at.setdefault(ref, now + SIGNALLED_AFTER_S)
        with self._guarded(ref):
            folder = self._recovery.own_folder(ref)
            if reason is EndReason.STOPPED:
                leave(folder / layout.STOP_OF_ENGINE)
            leave(folder / layout.STOP)
            self._send(ref, process_tree.SIGURG)
            is_left = True
        if now >= due or (is_first and not is_left):
            self._signal_at[ref] = now + SIGNALLED_AFTER_S
            with self._guarded(ref):
                self._stop_by_signal(ref)

    def _has_ended(self, ref: AttemptRef) -> bool:
        """Whether it ran and has ended; what a running tool itself leaves in its folder does not count."""
        with self._lock:
            is_running = ref in self._running
        return not is_running and os.path.lexists(self.folder(ref) / layout.RESULT)

    def _stop_by_signal(self, ref: AttemptRef) -> None:
        self._send(ref, signal.SIGTERM)
        self._send(ref, process_tree.SIGCONT)

    def _send(self, ref: AttemptRef, number: int) -> None:
        """Send a signal to the shim of an attempt, if one lives."""
        if not self._watcher.send(ref, number):
            for shim in self._recovery.shims(ref):
                process_tree.send(shim, number)

    def recover(self, ref: AttemptRef, *, is_foreign: bool = False) -> Found:
        """Adopt an attempt of a dead engine, or say how it ended; of an attempt never started there is no end."""
        with self._lock:
            if ref in self._running:
                return Recovery.ADOPTED, None
            if is_foreign:
                self._foreign.add(ref)
        found, end = self._find_end(ref, lambda: self._recovery.examine(ref))
        if found is Recovery.ADOPTED:
            with self._lock:
                self._running.add(ref)
            self._watcher.add(ref, self._shim_of(ref))
        return found, end if found is not Recovery.NEVER_STARTED else None

    def ended(self) -> list[AttemptEnd]:
        """The ends seen since the last call."""
        ends = []
        while self._ends:
            ends.append(self._ends.popleft())
        return ends

    def problems(self) -> list[AttemptProblem]:
        """What the files of attempts have refused since the last call, once for each attempt."""
        found = []
        while self._problems:
            found.append(self._problems.popleft())
        return found

    def running(self) -> frozenset[AttemptRef]:
        """The attempts started or adopted here that have not ended."""
        with self._lock:
            return frozenset(self._running)

    def close(self) -> None:
        """Stop watching; what runs goes on and can be adopted."""
        self._watcher.close()

    def _spawn(self, ref: AttemptRef, invocation: Invocation) -> int:
        """Start the shim and return its process id."""
        folder = self.folder(ref)
        write_new(folder / layout.INVOCATION, json.dumps(_order(ref, invocation)).encode("ascii"))
        env = {**invocation.env, **_apart(invocation), **passed_on(), layout.NOTED: text_of_note(folder)}
        shim = self._shim
        if invocation.secrets:
            env[layout.SECRETS] = json.dumps({"values": invocation.secrets})
            shim = shim if shim.masks else python_shim()
        if shim.opens_log:
            return start_detached(shim.argv(folder), env)
        with open(folder / layout.LOG, "xb", opener=_private) as log:
            return start_detached(shim.argv(folder), env, stderr=log.fileno())

    def _why(self, error: Exception, ref: AttemptRef, invocation: Invocation) -> str:
        if isinstance(error, OSError) and is_of_disk(error):
            return f"{error.filename or self.folder(ref)} cannot be used: {error.strerror}."
        exe = invocation.argv[0] if invocation.argv else "The command"
        if isinstance(error, OSError):
            where = f" ({error.filename})" if error.filename else ""
            return f"{exe} cannot be started: {error.strerror}{where}."
        return f"{exe} cannot be started: {error}."

    @contextmanager
    def _guarded(self, ref: AttemptRef) -> Iterator[None]:
        """Keep what the files of one attempt refuse from everything else; it becomes a problem of that attempt."""
        try:
            yield
        except OSError as error:
            with self._lock:
                is_new = ref not in self._with_problem
                self._with_problem.add(ref)
            if is_new:
                self._problems.append(AttemptProblem(ref, _sentence(error, self.folder(ref))))
                self._wake()

    def _find_end(self, ref: AttemptRef, look: Callable[[], Found]) -> Found:
        """What `look` finds. As long as the files refuse, the attempt counts as running; then its processes decide."""
        with self._guarded(ref):
            is_foreign = ref in self._foreign
            try:
                found = self._recovery.examine_foreign(ref) if is_foreign else look()
            except OSError as error:
                if error.errno in _OF_ENGINE or not self._is_undecided_for_long(ref):
                    raise
                found = (
                    self._recovery.give_up_foreign(ref)
                    if is_foreign
                    else self._recovery.end_by_processes(ref)
                )
            self._undecided.pop(ref, None)
            return found
        return Recovery.ADOPTED, None

    def _is_undecided_for_long(self, ref: AttemptRef) -> bool:
        now = time.monotonic()
        return now >= self._undecided.setdefault(ref, now) + self._patience_s

    def _on_exit(self, ref: AttemptRef, code: int | None) -> bool:
        """Find the end of an attempt whose shim seems to have ended; False while there is none."""
        found, end = self._find_end(ref, lambda: self._recovery.conclude(ref, code))
        if found is Recovery.ADOPTED or end is None:
            return False
        fault("result_seen")
        with self._lock:
            known = ref in self._running
            self._running.discard(ref)
            self._with_problem.discard(ref)
            self._signal_at.pop(ref, None)
        if known:
            self._report_end(end)
        return True

    def _report_end(self, end: AttemptEnd) -> None:
        self._ends.append(end)
        self._wake()

    def _shim_of(self, ref: AttemptRef) -> process_tree.Process | None:
        """The living shim; None where there is none, or it cannot be found now: then the lock alone decides."""
        with self._guarded(ref):
            return next(iter(self._recovery.shims(ref)), None)
        return None


def _sentence(error: OSError, folder: Path) -> str:
    where = str(error.filename or folder)
    return f"{where} cannot be used: {error.strerror or error}. It is tried again."


def _order(ref: AttemptRef, invocation: Invocation) -> dict[str, object]:
    """What the shim reads from its file: everything but values of the environment and secrets."""
    return {
        "name": ref.folder_name,
        "token": ref.token,
        "argv": invocation.argv,
        "cwd": str(invocation.cwd),
        "env_names": sorted(invocation.env),
        "stdin_file": None if invocation.stdin_file is None else str(invocation.stdin_file),
        "timeout_s": invocation.timeout_s,
        "silence_timeout_s": invocation.silence_timeout_s,
        "grace_s": invocation.grace_s,
        "output_cap": invocation.output_cap,
        "stop_signal": _signal_number(invocation.stop_signal),
        "setup": None if invocation.setup is None else _order_of_setup(invocation.setup),
        "tests": None if invocation.tests is None else _order_of_tests(invocation.tests),
    }


def _order_of_setup(setup: SetupCommand) -> dict[str, object]:
    return {
        "argv": setup.argv,
        "cwd": str(setup.cwd),
        "env_names": sorted(setup.env),
        "stop_signal": _signal_number(setup.stop_signal),
        "timeout_s": setup.timeout_s,
        "digest": setup.digest,
    }


def _order_of_tests(tests: EvidenceCommand) -> dict[str, object]:
    return {
        "argv": tests.argv,
        "env_names": sorted(tests.env),
        "stop_signal": _signal_number(tests.stop_signal),
        "after": tests.after,
    }


def _apart(invocation: Invocation) -> dict[str, str]:
    """What setup and tests have in their environment and the tool has not, or otherwise, under names of its own."""
    others = ((layout.OF_SETUP, invocation.setup), (layout.OF_TESTS, invocation.tests))
    return {
        f"{prefix}{name}": value
        for prefix, command in others
        if command is not None
        for name, value in command.env.items()
        if invocation.env.get(name) != value
    }


def _signal_number(name: str) -> int:
    try:
        return signal.Signals[f"SIG{name.removeprefix('SIG')}"].value
    except KeyError:
        raise ValueError(f"there is no signal {name!r}; use TERM or INT") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
