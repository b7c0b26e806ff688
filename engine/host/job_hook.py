"""The user's own command at the end of each job: an argv in which whole arguments are replaced, and never a shell.

Runs beside the engine, one at a time and for half a minute at most. What it does changes nothing of the job.
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
MOST_WAITING = 200
"""More ends than this at once are told to nobody: the command is too slow for them."""
PLACEHOLDERS = ("{job_id}", "{status}", "{title}", "{run_id}", "{tool}")


def problem_of(argv: object) -> str:
    """Why this is no command to be run, in a sentence; empty where it is one, or none at all."""
    if argv in (None, []):
        return ""
    if not isinstance(argv, list) or not all(isinstance(word, str) and word for word in argv):
        return "The command at the end of a job is a list of words: the program and its arguments."
    inner = [word for word in argv if word not in PLACEHOLDERS and any(name in word for name in PLACEHOLDERS)]
    if inner:
        return f"{inner[0]!r}: a placeholder is an argument of its own, such as {{job_id}}."
    if shutil.which(argv[0]) is None:
        return f"There is no program {argv[0]!r}; name its whole path."
    return ""


def filled(argv: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """The command with its placeholders replaced, each as one whole argument; NUL can be in none."""
    return [values[word[1:-1]].replace("\0", "") if word in PLACEHOLDERS else word for word in argv]


class Callback:
    """Runs the command for each job that ended. `argv` is asked for the command as it is set now."""

    def __init__(self, argv: Callable[[], object], *, timeout_s: float = TIMEOUT_S) -> None:
        self._argv, self._timeout_s = argv, timeout_s
        self._pool: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self.problem: HealthProblem | None = None
        """Why the command last failed; None where it did not."""

    def tell(self, values: Mapping[str, str]) -> None:
        """Have the command run with these values for its placeholders; returns at once."""
        argv = self._argv()
        if not argv:
            return
        if problem := problem_of(argv):
            self._fail(problem)
            return
        with self._lock:
            if self._waiting >= MOST_WAITING:
                return
            self._waiting += 1
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="callback")
        self._pool.submit(self._run, filled([str(word) for word in argv], values))  # type: ignore[attr-defined]  # checked above

    def close(self, patience_s: float = 5.0) -> None:
        """Let what is under way end, for a moment, and then end it."""
        if self._pool is None:
            return
        over = threading.Timer(patience_s, self._kill)
        over.start()
        self._pool.shutdown(wait=True)
        over.cancel()
        over.join()

    def _run(self, argv: list[str]) -> None:
        try:
            self._run_one(argv)
        except OSError as error:
            self._fail(f"{argv[0]} at the end of a job cannot be started: {error.strerror}.")
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
                self._fail(
                    f"{argv[0]} at the end of a job ran longer than {duration(self._timeout_s)} and was ended."
                )
                return
            finally:
                self._child = None
        if code:
            self._fail(f"{argv[0]} at the end of a job ended with {code}.")
        else:
            self.problem = None

    def _kill(self) -> None:
        self._timeout_s = 0.0
        if (child := self._child) is not None:
            child.kill()

    def _fail(self, sentence: str) -> None:
        log.info("%s", sentence)
        self.problem = HealthProblem(kind=HealthProblemKind.CALLBACK, sentence=sentence, stops=False)
