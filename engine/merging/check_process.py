"""Run the check of a project as a child, and end its whole process tree with it, at its time, or with the engine.

The engine starts this under ``python -I -S`` and writes one line, the request (JSON), to its standard input. The end of
that input, which comes with the end of the engine too, stops the check. The answer is printed.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[2]))  # -I leaves out the folder this is started from

from engine.runners import process_tree

_LOOK_EVERY_S = 0.1
_GRACE_S = 3.0
_ENDING_S = 20.0
_READ = 65_536
_MOST_READS = 32
"""So many reads without a look at the time; they take all that a pipe holds."""
_LEFT_OUT = b"\n[Signalbox: the output is longer than this file may be; what follows was left out]\n"


class Check:
    """One run of the check; what it prints goes into the log, up to `most` bytes."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._request = request
        self._room = int(request["most"])
        self._log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._reason = ""

    def run(self) -> dict[str, Any]:
        """Run it; its exit code, and why it was ended, if it was."""
        process_tree.become_subreaper()
        try:
            child = subprocess.Popen(
                self._request["argv"],
                cwd=self._request["folder"],
                env=self._request["env"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return {
                "exit_code": None,
                "reason": "start",
                "detail": getattr(error, "strerror", "") or str(error),
            }
        output = child.stdout.fileno()  # type: ignore[union-attr]  # a pipe was requested
        os.set_blocking(output, False)
        self._follow(child, output)
        self._end_tree()
        self._copy(output)
        return {"exit_code": child.poll(), "reason": self._reason, "detail": ""}

    def _follow(self, child: "subprocess.Popen[bytes]", output: int) -> None:
        until = time.monotonic() + self._request["timeout_s"]
        watched = [0, output]
        while child.poll() is None and not self._reason:
            ready, _, _ = select.select(watched, [], [], _LOOK_EVERY_S)
            if output in ready and not self._copy(output):
                watched.remove(output)
            if 0 in ready and not os.read(0, _READ):
                self._reason = "stopped"
            elif time.monotonic() > until:
                self._reason = "timeout"

    def _copy(self, output: int) -> bool:
        """Copy what was printed into the log, for a moment at most; whether more may come."""
        try:
            for _ in range(_MOST_READS):
                if not (data := os.read(output, _READ)):
                    return False
                self._write(data)
        except BlockingIOError:
            pass
        return True

    def _write(self, data: bytes) -> None:
        if self._room <= 0:
            return
        kept = data[: self._room]
        self._room -= len(kept)
        try:
            os.write(self._log, kept)
            if self._room <= 0:
                os.write(self._log, _LEFT_OUT)
        except OSError:  # the disk is full: the check itself goes on
            self._room = 0

    def _end_tree(self) -> None:
        """End what is left: with a chance to end by itself where the check was stopped."""
        number = signal.SIGTERM if self._reason else signal.SIGKILL
        kill_at = time.monotonic() + _GRACE_S
        give_up_at = kill_at + _ENDING_S
        while (tree := process_tree.descendants(os.getpid())) and time.monotonic() < give_up_at:
            for process in tree:
                process_tree.send(process, number if time.monotonic() < kill_at else signal.SIGKILL)
            time.sleep(_LOOK_EVERY_S / 5)


def main() -> int:
    """Run the check that the request names."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the engine ends this by closing the input
    line = b""
    while not line.endswith(b"\n") and (part := os.read(0, _READ)):
        line += part
    if line.endswith(b"\n"):
        sys.stdout.write(json.dumps(Check(json.loads(line)).run()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
