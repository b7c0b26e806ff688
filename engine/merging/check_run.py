"""Run the check of a project on a candidate, in a process that ends its whole tree with the engine. Decides nothing."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.merging.target_branch import BlockedError
from engine.runners import process_tree
from engine.system.disk_space import is_full
from engine.system.formatting import duration

CHECK_MARKER = "SIGNALBOX_CHECK"
"""The variable by which every process of a check is found; its value names the tree that it runs in."""
_PROGRAM = Path(__file__).with_name("check_process.py")
_MOST_BYTES = 50 * 1024 * 1024
_SHOWN_COMMAND = 200


class MergeStoppedError(Exception):
    """The engine stops, and with it the merge; the next engine does it again."""


@dataclass(frozen=True, kw_only=True)
class CheckOrder:
    """What to run on a candidate: the command, its environment, its time, and the log of what it prints.

    `what` is its name in sentences.
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    timeout_s: float
    log: Path
    what: str = "check"


class Stop:
    """How the engine stops the check that runs, from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.is_requested = False

    def request(self) -> None:
        """Stop the check, and every later one."""
        with self._lock:
            self.is_requested = True
            if self._process is not None:
                _close(self._process)

    def watch(self, process: "subprocess.Popen[bytes] | None") -> None:
        """Stop this process from now on."""
        with self._lock:
            self._process = process
            if self.is_requested and process is not None:
                _close(process)

    def raise_if_requested(self) -> None:
        """Raise `MergeStoppedError` where the engine stops."""
        if self.is_requested:
            raise MergeStoppedError


def run_check(order: CheckOrder, tree: Path, *, stop: Stop, lock: int | None = None) -> str:
    """Run the check in this tree; why it is red, as a sentence, or empty where it is green.

    Raises:
        BlockedError: somebody else ended it, so nobody knows what it would have come to.
        MergeStoppedError: the engine stops.
        OSError: the check, or its log, cannot be made.
    """
    mark = str(tree)
    process_tree.sweep(f"{CHECK_MARKER}={mark}")  # of an engine that was killed with its supervisor
    order.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    order.log.touch(mode=0o600)
    request = {
        "argv": list(order.argv),
        "folder": str(tree),
        "env": {**order.env, CHECK_MARKER: mark},
        "timeout_s": order.timeout_s,
        "log": str(order.log),
        "most": _MOST_BYTES,
    }
    answer = _supervised(json.dumps(request).encode() + b"\n", stop, lock)
    process_tree.sweep(f"{CHECK_MARKER}={mark}")
    stop.raise_if_requested()
    return _sentence(order, answer)


def refuse_full_disk(red: str, order: CheckOrder, tree: Path) -> None:
    """Count no check as red that failed while the disk of its tree or its log was full.

    Raises:
        BlockedError: naming the folder.
    """
    full = next((folder for folder in (tree, order.log.parent) if is_full(folder)), None)
    if red and full is not None:
        raise BlockedError(f"{red} The disk of {full} is full: make room, then it is tried again.")


def _supervised(request: bytes, stop: Stop, lock: int | None) -> Mapping[str, object]:
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(_PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=() if lock is None else (lock,),
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are requested
        with suppress(BrokenPipeError):
            process.stdin.write(request)
            process.stdin.flush()
        stop.watch(process)
        try:
            answer = process.stdout.read()
        finally:
            stop.watch(None)
            _close(process)
    try:
        return dict(json.loads(answer))
    except ValueError:
        return {"exit_code": None, "reason": "killed"}


def _close(process: "subprocess.Popen[bytes]") -> None:
    with suppress(OSError):
        process.stdin.close()  # type: ignore[union-attr]  # it was requested


def _sentence(order: CheckOrder, answer: Mapping[str, object]) -> str:
    command = " ".join(order.argv)[:_SHOWN_COMMAND]
    match answer["reason"]:
        case "timeout":
            return f"The {order.what} ({command}) took longer than {duration(order.timeout_s)} and was ended."
        case "start":
            return f"The {order.what} ({command}) cannot be started: {answer['detail']}."
        case "killed" | "stopped":
            raise BlockedError(
                f"The {order.what} ({command}) was interrupted by somebody else. It is run again."
            )
    code = answer["exit_code"]
    return "" if code == 0 else f"The {order.what} ({command}) failed with exit code {code}."
