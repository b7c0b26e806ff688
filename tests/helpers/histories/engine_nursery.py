"""Starts engines by the dozen: imported once, forked for each, so that a hundred kills take seconds, not minutes.

Run as ``python -m tests.helpers.histories.engine_nursery [windows]``. Each line on stdin is a JSON object:
``{"home": "…", "folder": "…", "mutant": "", "window": false, "env": {…}}`` forks a process that runs `signalbox engine`
or the window on the home, broken as the mutant and with these variables, and prints its process id; its current folder
gets what it prints, the names of the points it died at and a line for each of its recoveries. ``{"exit_of": PID}``
waits for one and prints its exit code.
"""

import gc
import importlib
import json
import os
import sys
from typing import Any

from engine import cli
from engine.orchestrator import turn
from engine.orchestrator.turn import Turn
from engine.system import clock, fault_injection
from tests.helpers.histories import mutants, warmth
from tests.helpers.histories.nursery import RECOVERIES
from tests.helpers.sweeper import die_with_parent


def become_engine(order: dict[str, Any]) -> None:
    """Run what the order names in this process, as its command would."""
    os.environ.update(order["env"])
    mutants.install(order["mutant"])
    for read_once in (fault_injection, clock):
        importlib.reload(read_once)
    if order["window"]:
        from gui.__main__ import main  # noqa: PLC0415 - engines without a window must not wait for Qt

        sys.exit(main(["--home", order["home"]]))
    sys.argv = ["signalbox", "engine", "--home", order["home"]]
    cli.main()


def forked(order: dict[str, Any]) -> int:
    """The process id of a new engine."""
    pid = os.fork()
    if pid:
        return pid
    die_with_parent()
    code = 1
    try:
        os.chdir(order["folder"])
        out = os.open(f"engine-{os.getpid()}.out", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (out, 1), (out, 2)):
            os.dup2(source, target)
        become_engine(order)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:  # noqa: BLE001 - the top of this process
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def note_recoveries() -> None:
    """Have every engine search for the attempts of dead ones each second, and write a line each time."""
    vars(turn)["RECOVERY_EVERY_S"] = 1.0  # a history kills too often to wait for five
    recover = Turn._recover

    def noting(self: Turn) -> bool:
        changed = recover(self)
        note = os.open(RECOVERIES, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        os.write(note, f"{os.getpid()}\n".encode())
        os.close(note)
        return changed

    Turn._recover = noting  # type: ignore[method-assign]  # that is what it is for


def main() -> None:
    """Answer each line."""
    die_with_parent()
    warmth.keep()
    warmth.warm_up()
    if sys.argv[1:]:
        importlib.import_module("gui.__main__")
    note_recoveries()
    gc.freeze()  # no page is copied only because a child collects
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "exit_of" in order:
            print(os.waitstatus_to_exitcode(os.waitpid(order["exit_of"], 0)[1]), flush=True)
            continue
        print(forked(order), flush=True)


if __name__ == "__main__":
    main()
