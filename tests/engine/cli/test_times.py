"""Times that no calendar has break no command: refused at the entrance, unknown where a database already has them."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.helpers.command_line import CommandLine

LATE = "9999-12-31T23:59:59-12:00"
SHELL = {"tool": "shell", "command": {"exe": "true"}}

LISTS = (["status"], ["jobs"], ["show", "a"], ["show", "b"])
LOGS = (["logs"], ["logs", "a"])


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def stored(signalbox: CommandLine, statement: str, *values: object) -> None:
    """Change a row behind the ledger, as an earlier release may have left it."""
    with sqlite3.connect(signalbox.home.database) as connection:
        connection.execute(statement, values)
    connection.close()


def plain_json(text: str) -> object:
    """What any JSON parser reads: without NaN and infinite numbers."""
    return json.loads(text, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "moment", [LATE, "0001-01-01T00:00:00+12:00", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"]
)
def test_a_start_time_that_no_calendar_shows_is_refused_with_its_line(
    signalbox: CommandLine, moment: str
) -> None:
    path = signalbox.folder / "late.yaml"
    path.write_text(
        f"tool: shell\ncommand: {{exe: 'true'}}\nmetadata:\n  start_at: {moment}\n", encoding="utf-8"
    )
    refused = signalbox("submit", path, code=2).err
    assert "late.yaml:4: metadata.start_at: should be a time between 1970 and 9998" in refused


@pytest.mark.parametrize("late", [253_402_343_999.0, 1e300, float("inf"), -1e300])
def test_a_job_of_an_earlier_release_that_waits_for_no_possible_time_breaks_no_command(
    signalbox: CommandLine, late: float
) -> None:
    signalbox("submit", signalbox.file("a.json", SHELL | {"job_id": "a"}))
    signalbox("submit", signalbox.file("b.json", SHELL | {"job_id": "b"}))
    stored(signalbox, "UPDATE jobs SET not_before = ?, waits_for = 'start_at' WHERE job_id = 'a'", late)
    stored(signalbox, "UPDATE jobs SET created_at = ?, started_at = ? WHERE job_id = 'b'", late, late)
    hold = (
        "INSERT INTO holds (kind, key, reason, cause, since, until) VALUES ('tool', 'git', '', 'quota', ?, ?)"
    )
    stored(signalbox, hold, late, late)
    columns = "event_type, level, run_id, ws_id, job_id, message, payload_json"
    stored(signalbox, f"INSERT INTO events (at, {columns}) SELECT ?, {columns} FROM events", late)  # noqa: S608
    spec = SHELL | {"job_id": "a", "metadata": {"start_at": LATE}}
    stored(signalbox, "UPDATE jobs SET spec_json = ? WHERE job_id = 'a'", json.dumps(spec))
    for command in LISTS:
        signalbox(*command)
        assert plain_json(signalbox(*command, "--json").out)
    for command in LOGS:
        signalbox(*command)
        assert all(plain_json(line) for line in signalbox(*command, "--json").out.splitlines())
