"""Starts engines by the dozen: imported once, forked for each, so that a hundred kills take seconds, not minutes.

Run as ``python -m tests.helpers.engine_nursery HOME``. Each line ``start`` on stdin forks a process that drives an
engine on the home until it is idle and exits 0; its process id is printed. What follows ``start`` are faults for this
one, as ``SIGNALBOX_FAULT`` names them. ``quit`` ends the nursery.
"""

import importlib
import os
import signal
import sys
import time
from pathlib import Path

from engine.host.engine_service import EngineService
from engine.system import fault_injection
from engine.system.home import Home
from tests.helpers import split_claim
from tests.helpers.sweeper import die_with_parent


def drive(home: Home) -> None:
    """One engine until it is idle."""
    engine = EngineService(home, kind="test")
    while not (report := engine.step()).idle or is_waiting(home):
        engine.wait(max(0.0, min(0.05, (report.next_wake or 0.0) - time.time())))
    engine.close()


def is_waiting(home: Home) -> bool:
    """Whether files lie in the inbox that are still to be taken in."""
    taking = home.inbox / ".taking"
    lying = any(not entry.name.startswith(".") and entry.is_file() for entry in home.inbox.iterdir())
    return lying or (taking.is_dir() and any(taking.iterdir()))


def main() -> None:
    """Fork an engine for each line that asks for one."""
    die_with_parent()
    home = Home.at(Path(sys.argv[1]))
    split_claim.install_if_wanted()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        word, _, fault = line.strip().partition(" ")
        if word == "quit":
            return
        pid = os.fork()
        if pid == 0:
            die_with_parent()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                if fault:
                    os.environ["SIGNALBOX_FAULT"] = fault
                    importlib.reload(fault_injection)  # they are read at import
                drive(home)
            except BaseException:  # noqa: BLE001 - the top of this process
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
