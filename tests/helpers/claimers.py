"""Eight processes that claim the jobs of a home until none is queued, each telling what it got; they run nothing.

Run as ``python -m tests.helpers.claimers HOME [split_claim]``.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from engine.system.home import Home
from state import statistics
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import Ledger
from state.records import Engine, Hold, Job, JobStatus, Limit
from state.running_job import RunningJob
from tests.helpers import split_claim
from tests.helpers.claim_race import allow_for_load
from tests.helpers.patience import PATIENCE_S
from tests.helpers.sweeper import die_with_parent

CLAIMERS = 8


def choose(
    _running: Sequence[RunningJob],
    page: Sequence[Job],
    _holds: Sequence[Hold],
    _limits: Sequence[Limit],
    _now: float,
) -> Sequence[str]:
    """The first that waits."""
    return [page[0].job_id]


def work(number: int, home: Home, begin_at: float) -> None:
    """Claim one after the other."""
    allow_for_load()
    database = Database(home.database)
    reader, ledger = DatabaseReader(database, busy_ms=20_000), Ledger(database)
    me = Engine(engine_id=f"e{number}", home_id="h", host="here", pid=os.getpid())
    while time.monotonic() < begin_at:
        time.sleep(0.001)
    until = begin_at + 2 * PATIENCE_S
    while reader.read(statistics.counts).get(JobStatus.QUEUED) and time.monotonic() < until:
        for _, attempt in ledger.attempts.claim(me, choose, runner="none", now=time.time()):
            os.write(sys.stdout.fileno(), f"{attempt.job_id}\n".encode())  # in one piece: eight write at once


def main() -> int:
    """Fork them, have them begin at once, and wait for all."""
    die_with_parent()
    if sys.argv[2:] == ["split_claim"]:
        split_claim.install()
    home, begin_at, children = Home.at(Path(sys.argv[1])), time.monotonic() + 0.5, []
    for number in range(CLAIMERS):
        if not (child := os.fork()):
            die_with_parent()
            try:
                work(number, home, begin_at)
            except BaseException:  # noqa: BLE001 - the top of this process
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        children.append(child)
    return max(os.waitpid(child, 0)[1] for child in children)


if __name__ == "__main__":
    sys.exit(bool(main()))
