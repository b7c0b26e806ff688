"""Starting a shim out of the engine.

Not subprocess: what it does besides, a pipe to read why the program could not be started among it, costs as much as the
start itself. Descriptors of ours are not inherited, and those that a library has opened otherwise the shim closes.
"""

import os
import signal
import sys
from collections.abc import Mapping

_BY_DEFAULT = (
    () if sys.platform == "win32" else tuple(getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ"))
)
"""What Python itself ignores; a program would inherit that."""


def start_detached(argv: list[str], env: Mapping[str, str], *, stderr: int | None = None) -> int:
    """Start a program in a session of its own, without input and output but for `stderr`, and return its process id.

    Raises:
        OSError: it cannot be started.
        ValueError: a NUL is in what it is to be given.
    """
    if sys.platform == "win32":
        raise OSError("no process can be started so here")
    kept = (
        [] if stderr is None else [(os.POSIX_SPAWN_DUP2, stderr, 2)]
    )  # first: its number may be 0 or 1 itself
    opened = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3 - len(kept))]
    actions = [*kept, *opened]
    return os.posix_spawn(argv[0], argv, env, file_actions=actions, setsid=True, setsigdef=_BY_DEFAULT)
