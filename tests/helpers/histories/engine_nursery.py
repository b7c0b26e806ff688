"""Starts engines by the dozen: imported once, forked for each, so that a hundred kills take seconds, not minutes.

Run as ``python -m tests.helpers.histories.engine_nursery HOME MUTANT [windows]``; the current folder gets what engines
print, and the names of the points they died at. Each line on stdin is a JSON object: ``{"window": false, "env": {…}}``
forks a process that runs ``signalbox engine`` or the window on the home, with these variables, and prints its process
id; ``{"exit_of": PID}`` waits for one and prints its exit code.
"""

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from engine import cli
from engine.system import clock, fault_injection
from tests.helpers.histories import mutants
from tests.helpers.sweeper import die_with_parent


def become_engine(home: str, order: dict[str, Any]) -> None:
    """Run what the order names in this process, as its command would."""
    os.environ.update(order["env"])
    for read_once in (fault_injection, clock):
        importlib.reload(read_once)
    if order["window"]:
        from gui.__main__ import main  # noqa: PLC0415 - engines without a window must not wait for Qt

        sys.exit(main(["--home", home]))
    sys.argv = ["signalbox", "engine", "--home", home]
    cli.main()


def forked(home: str, order: dict[str, Any]) -> int:
    """The process id of a new engine."""
    pid = os.fork()
    if pid:
        return pid
    die_with_parent()
    code = 1
    try:
        out = os.open(f"engine-{os.getpid()}.out", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (out, 1), (out, 2)):
            os.dup2(source, target)
        become_engine(home, order)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:  # noqa: BLE001 - the top of this process
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Answer each line."""
    die_with_parent()
    home, mutant, *windows = sys.argv[1:]
    mutants.install(mutant)
    if windows:
        importlib.import_module("gui.__main__")
    print("ready", Path.cwd(), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "exit_of" in order:
            print(os.waitstatus_to_exitcode(os.waitpid(order["exit_of"], 0)[1]), flush=True)
            continue
        print(forked(home, order), flush=True)


if __name__ == "__main__":
    main()
