"""Call a program for its output within a time limit, and end it with everything it has started when that is over.

A child that outlived its parent would keep the pipes open, and be waited for without an end.
Imports only the standard library: the process of a git step loads what uses this, too.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

TERMINATION_S = 20.0
"""So long a program has to take its locks away before it is killed."""


def bounded_call(
    argv: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str],
    timeout_s: float,
    given: bytes = b"",
    kept_open: Sequence[int] = (),
) -> "subprocess.CompletedProcess[bytes]":
    """What a program printed and how it ended; it has no terminal to ask on, and gets the descriptors `kept_open`.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was ended.
        OSError: it cannot be started.
    """
    with subprocess.Popen(
        argv,
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=kept_open,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(given, timeout=timeout_s)
        except BaseException:
            _end(process)
            raise
    return subprocess.CompletedProcess(argv, process.returncode, out, err)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End all processes of the group; a program that is killed outright leaves its locks."""
    _signal(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=TERMINATION_S)
    _signal(process.pid, signal.SIGKILL)


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
