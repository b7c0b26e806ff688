"""Starts engines by the dozen: imported once, forked for each, so that a hundred kills take seconds, not minutes.

Run as ``python -m tests.helpers.engine_nursery HOME``. Each line ``start`` on stdin forks a process that drives an
engine on the home until it is idle and exits 0; its process id is printed. ``quit`` ends the nursery.
"""

import os
import signal
import sys
import time
from pathlib import Path

from engine.home import Home
from engine.service import Engine


def drive(home: Home) -> None:
    """One engine until it is idle."""
    engine = Engine(home, kind="test")
    while not (report := engine.step()).idle:
        engine.wait(max(0.0, min(0.05, (report.next_wake or 0.0) - time.time())))
    engine.close()


def main() -> None:
    """Fork an engine for each line that asks for one."""
    home = Home.at(Path(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "quit":
            return
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                drive(home)
            except BaseException:  # noqa: BLE001 - the top of this process
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
