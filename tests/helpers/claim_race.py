"""Eight processes that claim the jobs of one database at once: ``python -m tests.helpers.claim_race KIND PLACE``.

``signalbox HOME`` claims as engines do, as many jobs as there are free slots in one transaction, and ends them in one.
``huey FILE`` takes one after the other out of huey's queue, as its workers do. Prints the id of each job that was
claimed, and last how many seconds it took, then the exit code of each process. Runs nothing.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import state.writing_connection
from engine.interfaces import QueueView
from engine.scheduling import schedule
from engine.system.home import Home
from state import statistics
from state.database import Database
from state.database_reader import DatabaseReader
from state.ledger import AttemptOutcome, Ending, Following, Ledger
from state.records import AttemptStatus, Engine, Hold, Job, JobStatus, Limit
from state.running_job import RunningJob
from tests.helpers.patience import PATIENCE_S, at_most
from tests.helpers.sweeper import die_with_parent

CLAIMERS = 8
_DONE = AttemptOutcome(status=AttemptStatus.COMPLETED, result={})
_COMPLETED = Following(status=JobStatus.COMPLETED)


def choose(
    running: Sequence[RunningJob],
    page: Sequence[Job],
    holds: Sequence[Hold],
    limits: Sequence[Limit],
    now: float,
) -> Sequence[str]:
    """As an engine chooses."""
    return schedule.choose(QueueView(running=running, candidates=page, holds=holds, limits=limits), now)


def allow_for_load() -> None:
    """Wait for the lock as long as the program does, longer by as much as other processes keep this machine busy."""
    vars(state.writing_connection)["WRITER_BUSY_MS"] = int(
        at_most(state.writing_connection.WRITER_BUSY_MS / 1000) * 1000
    )


def claim_from_signalbox(home: str) -> None:
    """Claim and end until nothing is queued; a lock that is not had in time is an error."""
    allow_for_load()
    database = Database(Home.at(Path(home)).database)
    ledger, reader = Ledger(database), DatabaseReader(database, busy_ms=5_000)
    me = Engine(engine_id=f"e{os.getpid()}", home_id="h", host="here", pid=os.getpid())
    until = time.monotonic() + 2 * PATIENCE_S
    while time.monotonic() < until:
        claimed = ledger.attempts.claim(me, choose, runner="none", now=time.time())
        if claimed:
            endings = [Ending(attempt=attempt, outcome=_DONE, following=_COMPLETED) for _, attempt in claimed]
            ledger.attempts.end_all(endings, now=time.time())
            _tell(job.job_id for job, _ in claimed)
        elif reader.read(statistics.counts).get(JobStatus.QUEUED):
            time.sleep(0.002)  # others have all the slots
        else:
            return


def claim_from_huey(file: str) -> None:
    """Dequeue until nothing is left."""
    from huey.storage import SqliteStorage  # noqa: PLC0415 - our own processes must not wait for it

    storage = SqliteStorage("bench", filename=file, fsync=True)
    while (job := storage.dequeue()) is not None:
        _tell([job.decode()])


def _tell(claimed: Iterable[str]) -> None:
    """Print in one piece: all of them write to the same pipe."""
    os.write(1, "".join(f"{job_id}\n" for job_id in claimed).encode())


def race(claim: Callable[[], None]) -> tuple[float, list[int]]:
    """Have all processes begin at once; seconds until the last is done, and the exit codes."""
    children, begin_at = [], time.monotonic() + 0.2
    for _ in range(CLAIMERS):
        if not (child := os.fork()):
            die_with_parent()
            try:
                time.sleep(max(begin_at - time.monotonic(), 0.0))
                claim()
            except BaseException:  # noqa: BLE001 - the top of this process
                sys.excepthook(*sys.exc_info())
                os._exit(1)
            os._exit(0)
        children.append(child)
    codes = [os.waitpid(child, 0)[1] for child in children]
    return time.monotonic() - begin_at, codes


def main() -> None:
    """Run one of them."""
    die_with_parent()
    kind, place = sys.argv[1:]
    claim = claim_from_huey if kind == "huey" else claim_from_signalbox
    took, codes = race(partial(claim, place))
    print(took, *codes)


if __name__ == "__main__":
    main()
