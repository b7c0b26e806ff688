"""Run the user's own command at the end of each job: an argv whose placeholders are whole arguments, never a shell.

Runs alongside the engine, one command at a time and for at most half a minute. It cannot change the job. Which command
runs when, and what became of it, is kept by `callback_queue`.
"""

import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.runners import process_tree
from engine.runners.masking import Mask
from engine.system.formatting import duration

log = logging.getLogger(__name__)

TIMEOUT_S = 30.0
MARKER = "SIGNALBOX_CALLBACK"
"""The variable by which every process of a command can be found; its value is chosen by the caller."""
KEPT = 4096
"""How many bytes of what a command printed last are kept."""
_READ = KEPT + 64 * 1024
"""How many bytes are read: a secret of which only the end is kept must be recognised by its beginning."""
_MOST_ROOM = 16 * 1024 * 1024
"""How many bytes of the disk what a command prints may take up for longer than a moment."""
_LOOK_EVERY_S = 0.1
PLACEHOLDERS = ("{job_id}", "{status}", "{title}", "{run_id}", "{tool}")


def problem_of(argv: object) -> str:
    """Why this command cannot be run, as a sentence; empty when it can, or when there is none."""
    if argv in (None, []):
        return ""
    if not isinstance(argv, list) or not all(isinstance(word, str) and word for word in argv):
        return "The command at the end of a job must be a list of words: the program and its arguments."
    inner = [word for word in argv if word not in PLACEHOLDERS and any(name in word for name in PLACEHOLDERS)]
    if inner:
        return f"{inner[0]!r}: a placeholder must be an argument of its own, such as {{job_id}}."
    if shutil.which(argv[0]) is None:
        return f"There is no program {argv[0]!r} on PATH; name its full path."
    return ""


def with_values(argv: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The command with its placeholders replaced, each as one whole argument; NUL characters are removed."""
    return [values[word[1:-1]].replace("\0", "") if word in PLACEHOLDERS else word for word in argv]


@dataclass(frozen=True, kw_only=True)
class CallbackEnd:
    """What became of a command: `reason` says why it failed, and is empty where it did not."""

    exit_code: int | None = None
    reason: str = ""
    output: str = ""


def ignore(_end: CallbackEnd) -> None:
    """Do nothing with the end of a command."""


class Callback:
    """Runs the command for each job that ended. `argv` returns the command as it is set now."""

    def __init__(self, argv: Callable[[], object], *, timeout_s: float = TIMEOUT_S) -> None:
        self._argv, self._timeout_s = argv, timeout_s
        self._pool: ThreadPoolExecutor | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        self.problem: HealthProblem | None = None
        """Why the last command failed; None when it did not."""

    def run(
        self,
        values: Mapping[str, str],
        done: Callable[[CallbackEnd], None] = ignore,
        *,
        mark: str = "",
        secrets: Sequence[str] = (),
    ) -> None:
        """Run the command in the background with these values for its placeholders; return at once.

        `done` is called with its end, from another thread; `mark` is how its processes can be found,
        `secrets` is masked in what it prints.
        """
        argv = self._argv()
        problem = problem_of(argv) or ("" if argv else "No command is set any more.")
        if problem:
            self._finish(CallbackEnd(reason=problem.rstrip(".")), done, values)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="callback")
        mark = mark or uuid4().hex
        words = with_values([str(word) for word in argv], values)  # type: ignore[attr-defined]  # checked above
        self._pool.submit(lambda: self._finish(self._run(words, mark, secrets), done, values))

    def close(self, timeout_s: float = 5.0) -> None:
        """Let the running command end within `timeout_s`, then kill it."""
        if self._pool is None:
            return
        over = threading.Timer(timeout_s, self._kill)
        over.start()
        self._pool.shutdown(wait=True)
        over.cancel()
        over.join()

    def _finish(
        self, end: CallbackEnd, done: Callable[[CallbackEnd], None], values: Mapping[str, str]
    ) -> None:
        self.problem = None
        if end.reason:
            sentence = f"The command at the end of {values.get('job_id', 'a job')} failed: {end.reason}."
            log.info("%s", sentence)
            self.problem = HealthProblem(kind=HealthProblemKind.CALLBACK, sentence=sentence, stops=False)
        done(end)

    def _run(self, argv: list[str], mark: str, secrets: Sequence[str]) -> CallbackEnd:
        try:
            with tempfile.TemporaryFile() as output:
                printed = _Printed(output.fileno(), secrets)
                code = self._run_into(printed, argv, mark)
                reason = self._reason(argv[0], code)
                return CallbackEnd(exit_code=code, reason=reason, output=printed.text())
        except (OSError, ValueError) as error:
            return CallbackEnd(reason=f"{argv[0]} cannot be started: {getattr(error, 'strerror', error)}")

    def _run_into(self, printed: "_Printed", argv: list[str], mark: str) -> int | None:
        output = printed.descriptor
        with subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            env={**os.environ, MARKER: mark},
        ) as child:  # fmt: skip
            code = self._wait(child, printed)
        if code is None or self._closed:  # what has left the session is killed with it
            process_tree.sweep(f"{MARKER}={mark}")
        return code

    def _reason(self, program: str, code: int | None) -> str:
        if self._closed and code in {None, -signal.SIGKILL}:
            return f"{program} was killed because its engine stopped"
        if code is None:
            return f"{program} ran longer than {duration(self._timeout_s)} and was killed"
        return f"{program} ended with exit code {code}" if code else ""

    def _wait(self, child: "subprocess.Popen[bytes]", printed: "_Printed") -> int | None:
        """The exit code; None if the command had to be killed, with everything it started in its session."""
        self._child, begun = child, time.monotonic()
        if self._closed:
            self._kill()
        try:
            while True:
                left = begun + self._timeout_s - time.monotonic()
                with suppress(subprocess.TimeoutExpired):
                    return child.wait(max(min(left, _LOOK_EVERY_S), 0.0))
                printed.limit()
                if left <= 0:
                    _kill_session(child)
                    return None
        finally:
            self._child = None

    def _kill(self) -> None:
        self._closed, self._timeout_s = True, 0.0
        if (child := self._child) is not None:
            _kill_session(child)


def _kill_session(child: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()


class _Printed:
    """What a command prints, in a file without a name: a pipe would break under a command that outlives its engine."""

    def __init__(self, descriptor: int, secrets: Sequence[str]) -> None:
        self.descriptor, self._secrets = descriptor, secrets
        self._earlier, self._gap = b"", 0

    def limit(self) -> None:
        """Give back the room on the disk where it is too much; the command goes on printing behind the gap."""
        size = os.fstat(self.descriptor).st_size
        if size - self._gap > _MOST_ROOM:
            self._earlier, self._gap = self._end(), size
            os.ftruncate(self.descriptor, 0)

    def text(self) -> str:
        """The end of what was printed, masked; a secret that begins before it is masked as well."""
        end, mask = self._end(), Mask(self._secrets)
        mask.feed(end[:-KEPT])
        shown = mask.feed(end[-KEPT:]) + mask.flush()
        return shown[-KEPT:].decode("utf-8", "replace")

    def _end(self) -> bytes:
        size = os.fstat(self.descriptor).st_size
        # Its position is the command's too, so it must not be moved.
        last = os.pread(self.descriptor, _READ, max(size - _READ, 0))
        return (self._earlier + last.replace(b"\0", b""))[-_READ:]
