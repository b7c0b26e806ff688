"""Run the user's own command at the end of each job: an argv whose placeholders are whole arguments, never a shell.

Runs alongside the engine, one command at a time and for at most half a minute. It cannot change the job.
"""

import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.system.formatting import duration

log = logging.getLogger(__name__)

TIMEOUT_S = 30.0
MAX_WAITING = 200
"""With more commands than this waiting, further job ends are dropped: the command is too slow for them."""
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


class Callback:
    """Runs the command for each job that ended. `argv` returns the command as it is set now."""

    def __init__(self, argv: Callable[[], object], *, timeout_s: float = TIMEOUT_S) -> None:
        self._argv, self._timeout_s = argv, timeout_s
        self._pool: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self.problem: HealthProblem | None = None
        """Why the last command failed; None when it did not."""

    def run(self, values: Mapping[str, str]) -> None:
        """Run the command in the background with these values for its placeholders; return at once."""
        argv = self._argv()
        if not argv:
            return
        if problem := problem_of(argv):
            self._fail(problem)
            return
        with self._lock:
            if self._waiting >= MAX_WAITING:
                return
            self._waiting += 1
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="callback")
        self._pool.submit(self._run, with_values([str(word) for word in argv], values))  # type: ignore[attr-defined]  # checked above

    def close(self, timeout_s: float = 5.0) -> None:
        """Let the running command end within `timeout_s`, then kill it."""
        if self._pool is None:
            return
        over = threading.Timer(timeout_s, self._kill)
        over.start()
        self._pool.shutdown(wait=True)
        over.cancel()
        over.join()

    def _run(self, argv: list[str]) -> None:
        try:
            self._run_one(argv)
        except OSError as error:
            self._fail(f"The command at the end of a job, {argv[0]}, cannot be started: {error.strerror}.")
        finally:
            with self._lock:
                self._waiting -= 1

    def _run_one(self, argv: list[str]) -> None:
        nothing = subprocess.DEVNULL
        with subprocess.Popen(
            argv, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        ) as child:
            self._child = child
            try:
                code = child.wait(self._timeout_s)
            except subprocess.TimeoutExpired:
                child.kill()
                limit = duration(self._timeout_s)
                self._fail(
                    f"The command at the end of a job, {argv[0]}, ran longer than {limit} and was killed."
                )
                return
            finally:
                self._child = None
        if code:
            self._fail(f"The command at the end of a job, {argv[0]}, ended with exit code {code}.")
        else:
            self.problem = None

    def _kill(self) -> None:
        self._timeout_s = 0.0
        if (child := self._child) is not None:
            child.kill()

    def _fail(self, sentence: str) -> None:
        log.info("%s", sentence)
        self.problem = HealthProblem(kind=HealthProblemKind.CALLBACK, sentence=sentence, stops=False)
