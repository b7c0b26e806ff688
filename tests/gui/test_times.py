"""A window over a database whose times no calendar has, as an earlier release may have imported them."""

import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.interfaces import Accepted, IncomingFile
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.types import JobResult
from gui.app import ControlRoom
from state.records import Hold, HoldKind, Origin
from tests.helpers.control_room import until

TOOLS = ("shell", "tests")
START = 1_790_000_000.5
CLOCKS = {
    "runs": ("created_at", "started_at", "completed_at"),
    "workstreams": ("created_at", "started_at", "completed_at"),
    "jobs": ("created_at", "started_at", "completed_at", "cost_usd"),
    "step_attempts": ("started_at", "completed_at", "duration_s", "cost_usd"),
    "events": ("at",),
    "holds": ("since",),
    "errors": ("first_at", "last_at"),
}


def _home_at(folder: Path, odd: float) -> Home:
    """A home with ended and waiting jobs, all of which happened at a time that no calendar has."""
    home = Home.at(folder / "home")
    store = JobStateStore(home=home, clock=lambda: START)
    for number, tool in enumerate(TOOLS * 2):
        spec = {"tool": tool, "job_id": f"job-{number}", "workstream_id": tool, "command": {"exe": "true"}}
        job = job_from_mapping(spec, base=folder)
        file = IncomingFile(
            jobs=[Accepted(spec=job, digest=job.digest(), source_path=f"file-{number}")],
            origin=Origin.COMMAND_LINE, holds=lambda _: [None], title="Odd times", source_prefix=f"file-{number}",
        )  # fmt: skip
        store.acceptance.accept_files([file])
        if number < len(TOOLS):
            store.mark_job_running(f"job-{number}")
            store.update_job_result(
                {"job_id": f"job-{number}"}, JobResult(exit_code=number, success=not number)
            )
    store.queue_control.set_hold(Hold(kind=HoldKind.TOOL, key="shell", reason="", since=START))
    store.close()
    _change_times(home, odd)
    return home


def _change_times(home: Home, odd: float) -> None:
    """Change every time in the database, behind the ledger."""
    with closing(sqlite3.connect(home.database)) as connection:
        for trigger in ("step_attempts_ended_is_final", "events_never_change"):
            connection.execute(f"DROP TRIGGER {trigger}")
        for table, columns in CLOCKS.items():
            for column in columns:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} IS NOT NULL", (odd,))  # noqa: S608
        connection.execute(
            "UPDATE jobs SET not_before = ?, waits_for = 'backoff' WHERE status = 'queued'", (odd,)
        )
        text = json.dumps(odd).replace("Infinity", "1e999")
        connection.execute("UPDATE events SET payload_json = replace(payload_json, ?, ?)", (str(START), text))
        connection.commit()


@pytest.fixture
def rooms() -> Iterator[list[ControlRoom]]:
    opened: list[ControlRoom] = []
    yield opened
    for room in opened:
        room.close("leave")


@pytest.mark.parametrize("odd", [1e300, -1e300, math.inf, 253_402_343_999.0, -5.0])
def test_a_window_over_times_that_no_calendar_has_shows_everything_else(
    qtbot: QtBot, tmp_path: Path, rooms: list[ControlRoom], odd: float
) -> None:
    room = ControlRoom(_home_at(tmp_path, odd).root, engine=False)
    rooms.append(room)
    room.theme.reduce_motion = True
    room.window.resize(1400, 900)
    room.window.show()
    until(qtbot, lambda: len(room.projection.jobs) == len(TOOLS) * 2)
    for name in room.panels:
        room.window.docks[name].show()
        for job_id in ("job-0", "job-3"):
            room.selection.select_job(job_id)
            qtbot.wait(20)
            room.window.grab()
