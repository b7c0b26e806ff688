"""Attempts as processes of this machine, each beside a shim of its own that outlives the engine.

Starts, stops and recovers; what happens inside an attempt is the shim's, which leaves files in the attempt's folder
(`layout`). The rule that makes recovery safe: whoever takes a folder's lock reads the result, or leaves the tombstone
before he gives the lock back; nobody takes it just to look.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import psutil

from engine.errors import SpawnError
from engine.runners import layout, process_tree
from engine.runners.exit_watcher import ExitWatcher
from engine.runners.results import read_result
from engine.system.fault_injection import fault, mutant, passed_on
from engine.system.home import Home
from engine.types import AttemptEnd, AttemptRef, EndReason, Invocation, Recovery
from state.locks import KernelLock, is_held

_log = logging.getLogger(__name__)
SHIM = Path(__file__).with_name("shim.py")


class LocalRunner:
    """The `Runner` of this machine. Its methods may be called from any thread; only `recover` can take its time."""

    name = "local"

    def __init__(self, home: Home, *, python: str = sys.executable) -> None:
        self._home, self._python = home, python
        self._wake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._running: set[AttemptRef] = set()
        self._ends: deque[AttemptEnd] = deque()
        self._watcher = ExitWatcher(self._on_exit)

    def on_end(self, wake: Callable[[], None]) -> None:
        """Call `wake` from any thread when `ended` has something new."""
        self._wake = wake

    def folder(self, ref: AttemptRef) -> Path:
        """Where the attempt's files lie."""
        return self._home.attempts / ref.folder_name

    def make_folder(self, ref: AttemptRef) -> Path:
        """Make the attempt's folder, open to its owner alone.

        Raises:
            SpawnError: it is there already, or cannot be made.
        """
        folder = self.folder(ref)
        try:
            self._make(folder)
        except FileExistsError as error:
            raise SpawnError(
                f"{folder} is there already: this attempt was started or given up before."
            ) from error
        except OSError as error:
            raise SpawnError(f"{folder} cannot be made: {error.strerror}.") from error
        return folder

    def start(self, ref: AttemptRef, invocation: Invocation) -> None:
        """Start the attempt; every failure arrives as an end with reason `spawn_failed`."""
        fault("before_spawn")
        if sys.platform == "win32":
            detail = "Jobs run on Linux and macOS; on Windows, start Signalbox inside WSL."
            self._report_end(AttemptEnd(ref=ref, reason=EndReason.SPAWN_FAILED, detail=detail))
            return
        try:
            self._watcher.begin()
            pid = self._spawn(ref, invocation)
        except (OSError, ValueError, RuntimeError) as error:
            self._report_end(
                AttemptEnd(ref=ref, reason=EndReason.SPAWN_FAILED, detail=_why(error, invocation))
            )
            return
        fault("after_spawn")
        with self._lock:
            self._running.add(ref)
        self._watcher.add_child(ref, pid)

    def stop(self, ref: AttemptRef, reason: EndReason = EndReason.CANCELLED) -> None:
        """Ask for the whole tree to be stopped; an attempt that has ended is left as it is."""
        folder = self.folder(ref)
        if (folder / layout.RESULT).exists():
            return
        try:
            if reason is EndReason.STOPPED:
                (folder / layout.STOP_OF_ENGINE).touch(mode=0o600)
            (folder / layout.STOP).touch(mode=0o600)
            _ring(folder / layout.CONTROL)
        except FileNotFoundError:
            return  # the folder is gone: there is nothing to stop

    def recover(self, ref: AttemptRef, *, is_foreign: bool = False) -> tuple[Recovery, AttemptEnd | None]:
        """Adopt an attempt of a dead engine, or say how it ended; of an attempt never started there is no end."""
        with self._lock:
            if ref in self._running:
                return Recovery.ADOPTED, None
        try:
            found, end = self._examine_foreign(ref) if is_foreign else self._examine(ref)
        except OSError as error:
            # Without the tombstone nothing may be decided: it is watched as if it ran, and examined again and again.
            _log.warning("Attempt %s cannot be given up yet: %s", ref.folder_name, error)
            found, end = Recovery.ADOPTED, None
        if found is Recovery.ADOPTED:
            with self._lock:
                self._running.add(ref)
            self._watcher.add(ref, self._shim_of(ref))
        return found, end if found is not Recovery.NEVER_STARTED else None

    def ended(self) -> list[AttemptEnd]:
        """Ends seen since the last call."""
        ends = []
        while self._ends:
            ends.append(self._ends.popleft())
        return ends

    def running(self) -> frozenset[AttemptRef]:
        """Attempts started or adopted here that have not ended."""
        with self._lock:
            return frozenset(self._running)

    def close(self) -> None:
        """Stop watching; what runs goes on and can be adopted."""
        self._watcher.close()

    def _spawn(self, ref: AttemptRef, invocation: Invocation) -> int:
        """Start the shim and return its process id."""
        folder = self.folder(ref)
        order = json.dumps(_order(ref, invocation), indent=1).encode("ascii")
        with open(folder / layout.INVOCATION, "xb", opener=_private) as file:
            file.write(order)
        env = {**invocation.env, **passed_on()}
        if invocation.secrets:
            env[layout.SECRETS] = json.dumps({"values": invocation.secrets})
        with open(folder / layout.LOG, "xb", opener=_private) as log:
            process = subprocess.Popen(
                [self._python, "-I", "-S", "-X", "utf8", str(SHIM), str(folder), *_libraries()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=env,
                start_new_session=True,
            )
        process.returncode = (
            0  # it is waited for by its number from here on; Popen would warn that it still runs
        )
        return process.pid

    def _on_exit(self, ref: AttemptRef, code: int | None) -> bool:
        """Look at an attempt whose shim seems to have ended."""
        found, end = self._conclude(ref, code)
        if found is Recovery.ADOPTED or end is None:
            return False
        fault("result_seen")
        with self._lock:
            known = ref in self._running
            self._running.discard(ref)
        if known:
            self._report_end(end)
        return True

    def _report_end(self, end: AttemptEnd) -> None:
        self._ends.append(end)
        self._wake()

    def _examine(self, ref: AttemptRef) -> tuple[Recovery, AttemptEnd | None]:
        """What there is of an attempt that nobody here has started."""
        try:
            self._make(self.folder(ref))
        except FileExistsError:
            return self._conclude(ref, None)
        return self._give_up(ref, None)  # whoever comes late cannot make the folder any more

    def _examine_foreign(self, ref: AttemptRef) -> tuple[Recovery, AttemptEnd | None]:
        """What this very folder says of an attempt of another home; what may run there is left alone."""
        folder = self.folder(ref)
        if is_held(folder / layout.LOCK):
            return Recovery.ADOPTED, None
        if (end := read_result(folder, ref)) is not None:
            return Recovery.ENDED, end
        detail = "It belongs to another home and may run there; how it ends is not known here."
        return Recovery.INTERRUPTED, AttemptEnd(ref=ref, reason=EndReason.INTERRUPTED, detail=detail)

    def _make(self, folder: Path) -> None:
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700)

    def _conclude(self, ref: AttemptRef, code: int | None) -> tuple[Recovery, AttemptEnd | None]:
        """Say how an attempt ended if its lock can be had; `code` is the exit code of the shim, if known."""
        try:
            lock = KernelLock.try_take(self.folder(ref) / layout.LOCK)
        except FileNotFoundError:
            return self._after_removal(ref)
        if lock is None and not mutant("no_lock_wait"):
            return Recovery.ADOPTED, None
        try:
            fault("recovery_locked")
            if not mutant("no_result") and (end := read_result(self.folder(ref), ref)) is not None:
                self._tidy(ref)
                return Recovery.ENDED, end
            return self._give_up(ref, code)
        finally:
            if lock is not None:
                lock.release()

    def _give_up(self, ref: AttemptRef, code: int | None) -> tuple[Recovery, AttemptEnd | None]:
        """Make sure that nothing of the attempt runs or can still start; its lock is held meanwhile."""
        folder = self.folder(ref)
        if not mutant("no_tombstone"):
            (folder / layout.ABANDONED).touch(mode=0o600)
        fault("recovery_abandoned")
        swept, left = process_tree.sweep(_marker(ref))
        fault("recovery_swept")
        self._tidy(ref)
        started = (folder / layout.STARTED).exists()
        end = self._end_of_dead(ref, code, started=started, swept=swept, left=left)
        return Recovery.INTERRUPTED if started or swept else Recovery.NEVER_STARTED, end

    def _end_of_dead(
        self, ref: AttemptRef, code: int | None, *, started: bool, swept: int, left: int
    ) -> AttemptEnd:
        reason, detail = (
            EndReason.INTERRUPTED,
            "The process beside it was killed, so how it ended is not known.",
        )
        if not started:
            detail = "It was given up before its tool was started."
            if code is not None and 0 < code < layout.LOCK_TAKEN:
                reason, detail = EndReason.SPAWN_FAILED, self._reason_of_shim(ref, code)
        if swept:
            detail += f" {swept} of its processes still ran and were ended."
        if left:
            detail += f" {left} of them could not be ended."
        return AttemptEnd(ref=ref, reason=reason, leftovers=swept, detail=detail)

    def _reason_of_shim(self, ref: AttemptRef, code: int) -> str:
        folder = self.folder(ref)
        try:
            last = (folder / layout.LOG).read_text("utf-8", "replace").strip().rpartition("\n")[2]
        except OSError:
            last = ""
        why = (
            os.strerror(code - layout.PREPARING_FAILED)
            if code > layout.PREPARING_FAILED
            else f"exit code {code}"
        )
        return f"The attempt could not be prepared in {folder}: {last or why}."

    def _after_removal(self, ref: AttemptRef) -> tuple[Recovery, AttemptEnd]:
        """End an attempt whose folder was removed under it."""
        swept, _ = process_tree.sweep(_marker(ref))
        detail = f"{self.folder(ref)} was removed while it ran, so how it ended is not known."
        return Recovery.INTERRUPTED, AttemptEnd(
            ref=ref, reason=EndReason.INTERRUPTED, leftovers=swept, detail=detail
        )

    def _shim_of(self, ref: AttemptRef) -> process_tree.Process | None:
        try:
            fields = json.loads((self.folder(ref) / layout.SHIM).read_bytes())
            return int(fields["pid"]), int(fields["start_time"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not written yet: the lock alone decides

    def _tidy(self, ref: AttemptRef) -> None:
        """Take away what only a running attempt needs, where its shim could not."""
        (self.folder(ref) / layout.CONTROL).unlink(missing_ok=True)
        tmp = self.folder(ref) / layout.TMP
        if tmp.exists():
            shutil.rmtree(tmp, ignore_errors=True)


def _libraries() -> list[str]:
    """Folders the shim needs to import from besides its own."""
    return [] if process_tree.LINUX else [str(Path(psutil.__file__).parent.parent)]


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
    }


def _signal_number(name: str) -> int:
    try:
        return signal.Signals[f"SIG{name.removeprefix('SIG')}"].value
    except KeyError:
        raise ValueError(f"there is no signal {name!r}; use TERM or INT") from None


def _why(error: Exception, invocation: Invocation) -> str:
    exe = invocation.argv[0] if invocation.argv else "The command"
    if isinstance(error, OSError):
        return f"{exe} cannot be started: {error.strerror}{f' ({error.filename})' if error.filename else ''}."
    return f"{exe} cannot be started: {error}."


def _marker(ref: AttemptRef) -> str:
    return f"{layout.MARKER}={ref.folder_name}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _ring(fifo: Path) -> None:
    """Wake the shim, which looks for itself; where nobody listens it has yet to look, or never will."""
    try:
        descriptor = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        os.write(descriptor, b"!")
    except BlockingIOError:
        pass  # more than enough bytes lie there
    finally:
        os.close(descriptor)
