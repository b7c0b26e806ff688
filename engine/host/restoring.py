"""Restores a backup and brings it up to date with the attempts whose folders are here, before anything can start."""

import threading
import time
from contextlib import closing
from pathlib import Path

from engine.host import assembly
from engine.maintenance import backups
from engine.orchestrator.turn import Turn
from engine.state_store.job_state_store import JobStateStore
from engine.system.clock import wall
from engine.system.home import Home
from state import queries
from state.database_errors import SignalboxError
from state.database_reader import DatabaseReader
from state.records import Job, JobStatus

SETTLING_S = 30.0
"""How long to wait for the ends of attempts; the next engine settles what is left."""
_TURN_S = 0.05


class UnsettledError(SignalboxError):
    """The backup was restored and the queue is paused, but what has happened since could not be recorded yet."""


def restore(home: Home, backup: Path) -> tuple[Path | None, list[Job]]:
    """Restore a backup; return where the previous database is now, and the jobs that still run.

    Raises:
        CommandRefusedError: an engine is running in this home, or the backup is not sound; nothing was changed.
        UnsettledError: the backup was restored, and the rest is left to the next engine.
    """
    aside = backups.restore(home, backup)
    try:
        with closing(JobStateStore(home=home)) as store:
            settle(store)
            with closing(DatabaseReader(store.database)) as reader:
                return aside, reader.read(queries.list_jobs, status=[JobStatus.RUNNING])
    except (SignalboxError, OSError) as error:
        reason = f"{error.filename}: {error.strerror}." if isinstance(error, OSError) else str(error)
        raise UnsettledError(
            f"The backup was restored, but what its jobs did since could not be recorded: {reason} "
            "The next engine does it."
        ) from error


def settle(store: JobStateStore) -> None:
    """End, finish or adopt every attempt that the database says is running, and start nothing."""
    turn = Turn(store, assembly.default_parts(store))
    turned = threading.Event()
    turn.on_wake(turned.set)
    deadline = time.monotonic() + SETTLING_S
    try:
        turn.advance(wall())
        while turn.running > len(turn.parts.runner.running()) and time.monotonic() < deadline:
            turned.wait(_TURN_S)
            turned.clear()
            turn.advance(wall())
    finally:
        turn.close("the backup that was restored is up to date")
