"""Finds what runs without a row, and what runs only by its row: shims the database does not know, rows nobody owns.

Changes nothing; each sentence says what to do next.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.runners import layout, process_tree
from engine.runners.attempt_notes import read_note
from engine.system.home import Home
from state import attempt_queries
from state.database_reader import DatabaseReader
from state.invariants import Breach
from state.locks import is_held
from state.records import Attempt

_GRACE_S = 0.5
_POLL_S = 0.05
_START = "Start an engine (`signalbox engine --until-idle`), which records how it ended."


def ownerless(home: Home, reader: DatabaseReader) -> Iterator[Breach]:
    """Breaches for shims without a running row, and for running rows that no engine and no shim has."""
    unknown, running = _unknown(home, reader)
    deadline = time.monotonic() + _GRACE_S
    while unknown and time.monotonic() < deadline:  # a shim that is about to exit
        time.sleep(_POLL_S)
        again, running = _unknown(home, reader)
        unknown = {name: pid for name, pid in again.items() if name in unknown}
    for name, pid in unknown.items():
        yield Breach("I4", _about_shim(home.attempts / name, pid))
    if running and not any(is_held(lock) for lock in home.engines.glob("*.lock")):
        yield from _rows(home, running)


def living_shims(home: Home) -> Mapping[str, int]:
    """The process id of each living shim, by the name of its attempt's folder."""
    shims = process_tree.shims_below(home.attempts, layout.NOTED)
    return {
        name: pid for name, (pid, _) in shims.items() if not (home.attempts / name / layout.RESULT).exists()
    }


def _unknown(home: Home, reader: DatabaseReader) -> tuple[dict[str, int], dict[str, Attempt]]:
    """The shims without a row, and the rows without a shim; the shims first, as each row is older than its shim."""
    shims = living_shims(home)
    rows = {
        attempt.folder_name: attempt
        for attempt in reader.read(attempt_queries.running_attempts)
        if attempt.runner == "local"
    }
    unknown = {name: pid for name, pid in shims.items() if name not in rows}
    return unknown, {name: attempt for name, attempt in rows.items() if name not in shims}


def _rows(home: Home, running: Mapping[str, Attempt]) -> Iterator[Breach]:
    home_id = home.known_id()
    for attempt in running.values():
        where = "ran in another home" if attempt.home_id != home_id else "has no process and no engine"
        text = f"Attempt {attempt.id} of job {attempt.job_id} is recorded as running, but {where}. {_START}"
        yield Breach("I3", text)


def _about_shim(folder: Path, pid: int) -> str:
    note = read_note(folder)
    what = "" if note is None else f" of job {note.job_id}"
    return (
        f"Attempt {folder.name}{what} still runs (process {pid}), but the database does not record it as running. "
        f"Let it finish, or end it with `kill {pid}`; its output is in {folder}."
    )
