"""Bad input, row by row of the reliability plan: N1 to N10, N14 and N16. Every error is reported, no reader crashes.

What lies in the inbox (N11 to N13) is tested with the inbox, settings (N15) with the window.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import JobExistsError, JobFileError, SpawnError
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping, read_job_bytes, read_source
from engine.jobfile.safe_read import MAX_BYTES, read_bytes
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.tool_paths import resolve
from state import queries
from state.database import Database
from state.database_reader import DatabaseReader
from state.migrations import REVISIONS
from state.records import Origin
from tests.helpers.command_line import CommandLine, python
from tests.helpers.counts import counted
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "state" / "schemas"
SOAK = bool(os.environ.get("SIGNALBOX_SOAK"))
SLOWEST_S = 0.05 * (1 if SOAK else 4)
"""How long a file of some hundred bytes may take; the machine may be busy beside us."""


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


GOOD: dict[str, Any] = {
    "tool": "shell",
    "job_id": "a",
    "command": {"exe": "true", "args": ["-x"]},
    "metadata": {"retry": {"limit": 2}, "depends_on": ["b"], "timeout_seconds": 60},
}
GOOD_JSON = json.dumps(GOOD, indent=1).encode()
GOOD_YAML = b"""tool: shell
job_id: a
command:
  exe: "true"
  args: [-x]
metadata:
  retry: {limit: 2}
  depends_on: [b]
"""
PIPELINE = b"""pipeline: shop
workstreams:
  ui:
    steps:
    - tool: shell
      command: {exe: "true"}
"""


def refused(data: bytes | str, name: str = "a.json") -> JobFileError:
    """Why a file is not taken; whatever it is, the reason names the file."""
    with pytest.raises(JobFileError) as caught:
        read_source(data if isinstance(data, bytes) else data.encode(), name, base=Path("/nowhere"))
    assert str(caught.value).startswith(f"{name}: ")
    return caught.value


def came_to(data: bytes, name: str) -> str:
    """Read or refused; anything else is an error of ours. Says how long it took where that was too long."""
    begun, outcome = time.process_time(), "read"
    try:
        read_source(data, name, base=Path("/nowhere"))
    except JobFileError:
        outcome = "refused"
    took = time.process_time() - begun
    assert took < SLOWEST_S, (took, name, data)
    return outcome


def test_n01_an_incomplete_file_is_refused() -> None:
    for data in (b"", b"null", b"[]", b"3", b'"x"', b"{", b"[{}]", GOOD_JSON + b"x", GOOD_JSON + GOOD_JSON):
        refused(data)
    for data in (b"", b"null", b"- a\n- b\n", b"just words", GOOD_YAML + b"---\n" + GOOD_YAML):
        refused(data, "a.yaml")


def test_n01_a_good_file_cut_off_at_any_byte_is_refused() -> None:
    for length in range(len(GOOD_JSON)):
        refused(GOOD_JSON[:length])
    for length in range(len(GOOD_YAML)):
        assert came_to(GOOD_YAML[:length], "a.yaml")  # a shorter YAML file may be a whole one


def test_n02_files_too_large_or_too_deep_and_invalid_numbers_are_refused_at_once(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(3 * 1024**3)
    begun = time.thread_time()
    with pytest.raises(JobFileError, match="larger than 1 MB"):
        read_bytes(huge)
    for number in (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5_000):
        assert "number" in refused(b'{"tool": "shell",\n "x": ' + number + b"}").reason
    for opening in (b"[", b'{"a":'):
        assert "deep" in refused(opening * 100_000).reason
    assert time.thread_time() - begun < 5
    assert MAX_BYTES == 1024 * 1024


def test_n03_a_key_given_twice_is_refused_with_its_line() -> None:
    error = refused(b'{"tool": "git",\n "command": {"exe": "x"},\n "tool": "shell"}')
    assert (error.line, error.reason) == (3, "tool is given twice")
    error = refused(b"tool: shell\ncommand:\n  exe: x\n  exe: y\n", "a.yaml")
    assert (error.line, error.reason) == (4, "command.exe is given twice")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + GOOD_JSON,
        json.dumps(GOOD).encode("utf-16"),
        json.dumps(GOOD).encode("utf-16-le"),
        json.dumps(GOOD).encode("utf-32"),
        json.dumps(GOOD).encode("utf-32-be"),
        b'{"tool": "shell", "command": {"exe": "\xe4"}}',
        b'{"tool": "shell", "command": {"exe": "\\ud800"}}',
        b'{"tool": "shell", "command": {"exe": "a\\u0000b"}}',
        b'{"tool": "shell", "job_id": "a\xe2\x80\xaeb", "command": {"exe": "x"}}',
        b'{"tool": "shell", "job_id": "a\xe2\x80\x8bb", "command": {"exe": "x"}}',
    ],
)
def test_n04_text_that_is_not_plain_utf_8_is_refused(data: bytes) -> None:
    assert refused(data).line in {None, 1}


def test_n05_yaml_means_what_it_shows_or_is_refused() -> None:
    bomb = "\n".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" if before else f"{name}: &{name} [x]"
        for before, name in zip(["", *"abcdefg"], "abcdefgh", strict=True)
    )
    begun = time.process_time()
    for text in (
        bomb,
        "tool: !!python/object/apply:os.system [id]",
        "tool: !!str shell",
        "<<: *x",
        "- " * 5_000,
        "{" * 5_000,
        "a: 1\n---\nb: 2",
    ):
        refused(text, "a.yaml")
    assert time.process_time() - begun < 5
    text = "tool: shell\ncommand: {exe: x, args: [no, 1:30, 0123, 2030-01-01, 1e3, ~x]}\n"
    (spec,) = read_job_bytes(text.encode(), "a.yaml")
    assert spec.command is not None
    assert spec.command.args == ("no", "1:30", "0123", "2030-01-01", "1e3", "~x")


@settings(max_examples=200, deadline=None)
@given(name=st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9._ -]{1,66}\n?", fullmatch=True))
def test_n06_an_id_of_other_than_letters_digits_and_three_signs_is_refused(name: str) -> None:
    plain = name.isascii() and 0 < len(name) <= 64 and name[0].isalnum() and set(name) <= _ID_SIGNS
    fields = {**GOOD, "job_id": name, "metadata": {}}
    if plain:
        assert job_from_mapping(fields).job_id == name
        return
    with pytest.raises(JobFileError) as caught:
        job_from_mapping(fields)
    assert "job_id" in {error.field for error in caught.value.every}


_ID_SIGNS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def test_n06_ids_that_differ_only_by_case_are_two_jobs_and_no_file_is_named_by_them(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    signalbox(
        "run", *(signalbox.file(f"{one}.json", python("print(1)", one)) for one in ("Twin", "twin", "CON"))
    )
    assert not [path for path in signalbox.home.root.rglob("*") if path.name.lower() in {"twin", "con"}]
    assert breaches(signalbox.home) == []
    assert tmp_path.exists()


@pytest.mark.parametrize("length", [1, 2, 1_000])
def test_n07_jobs_that_wait_for_each_other_are_refused_and_the_circle_is_named(
    signalbox: CommandLine, tmp_path: Path, length: int
) -> None:
    jobs = [
        python("print(1)", f"job-{one}", metadata={"depends_on": [f"job-{(one + 1) % length}"]})
        for one in range(length)
    ]
    with closing(JobStateStore(home=signalbox.home)) as store:
        with pytest.raises(JobFileError, match="job-0") as caught:
            enter(store, jobs, tmp_path)
        assert "depends_on" in str(caught.value)
        assert store.get_job("job-0") is None, "nothing of it was entered"


def test_n07_an_id_used_twice_among_the_added_jobs_is_refused(signalbox: CommandLine, tmp_path: Path) -> None:
    with closing(JobStateStore(home=signalbox.home)) as store, pytest.raises(JobExistsError, match="twice"):
        enter(store, [python("1", "same"), python("2", "same")], tmp_path)


def enter(store: JobStateStore, jobs: list[dict[str, Any]], base: Path) -> None:
    specs = [job_from_mapping(job, base=base) for job in jobs]
    store.accept([Accepted(spec=spec, digest=spec.digest()) for spec in specs], origin=Origin.API)


def test_n09_a_program_is_found_once_by_its_real_name_and_never_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "git"
    ours.write_text("#!/bin/sh\n", encoding="ascii")
    ours.chmod(0o700)
    monkeypatch.chdir(tmp_path)
    for path in ("", ".", f".{os.pathsep}/usr/bin{os.pathsep}/bin", f"{os.pathsep}/usr/bin"):
        try:
            found = resolve("git", path=path, working_dir=tmp_path)
        except SpawnError:
            continue
        assert found.is_absolute()
        assert not found.is_relative_to(tmp_path), path
    assert resolve("./git", path="/usr/bin", working_dir=tmp_path) == ours, "named by its path it is meant"
    with pytest.raises(SpawnError, match="leads out"):
        resolve("../git", path="/usr/bin", working_dir=tmp_path)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"comand": {"exe": "x"}}, "comand", "did you mean command?"),
        ({"tool": "shel"}, "tool", "did you mean shell?"),
        ({"tool": "kubectl"}, "tool", "is not one of"),
        ({"schema_version": 2}, "schema_version", "newer"),
        ({"metadata": {"timeout_seconds": -5}}, "metadata.timeout_seconds", "greater than"),
        ({"metadata": {"priority": 10**9}}, "metadata.priority", "100"),
        ({"metadata": {"priority": "hihg"}}, "metadata.priority", "did you mean high?"),
        ({"metadata": {"retry": {"limit": 10**6}}}, "metadata.retry.limit", "less than"),
        ({"metadata": {"retry": {"backof": "linear"}}}, "metadata.retry.backof", "did you mean backoff?"),
        ({"metadata": {"retry": "3"}}, "metadata.retry", "mapping"),
        ({"metadata": {"depends_on": "b"}}, "metadata.depends_on", "list"),
        ({"command": "make"}, "command", "mapping"),
        ({"env": {"A": 1}}, "env.A", "string"),
        ({"schema_version": True}, "schema_version", "should be a number, not true"),
        ({"metadata": {"timeout_seconds": True}}, "metadata.timeout_seconds", "should be a number, not true"),
        ({"metadata": {"retry": {"limit": False}}}, "metadata.retry.limit", "should be a number, not false"),
        ({"metadata": {"retry": {"exit_code": [1, True]}}}, "metadata.retry.exit_code[1]", "not true"),
        ({"metadata": {"limits": {"output_mb": True}}}, "metadata.limits.output_mb", "not true"),
        ({"metadata": {"writes": 1}}, "metadata.writes", "should be true or false, not 1"),
        ({"metadata": {"writes": 0.0}}, "metadata.writes", "should be true or false, not 0.0"),
        ({"metadata": {"priority": "\uff11\uff12"}}, "metadata.priority", "whole number"),
        *(
            ({"metadata": {"start_at": number}}, "metadata.start_at", "should be a time with its zone")
            for number in (1.5, 20301231, 4102444800, "20301231", "203012312200", "+5", "1_000", "1e3", True)
        ),
    ],
)
def test_n10_an_error_is_reported_with_file_line_field_and_the_nearest_valid_word(
    changed: dict[str, Any], field: str, reason: str
) -> None:
    error = refused(json.dumps({**GOOD, **changed}, indent=1))
    found = [one for one in error.every if one.field == field]
    assert found, [str(one) for one in error.every]
    assert reason in found[0].reason
    assert found[0].line is not None
    assert f"a.json: line {found[0].line}: {field}: " in str(found[0])


_KILLED_WHILE_MIGRATING = """
import os, sys
from pathlib import Path
from sqlalchemy import Engine, event
from state.database import Database

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)

Database(Path(sys.argv[1]), backups=Path(sys.argv[1]).parent)
"""


def test_n14_a_migration_killed_at_any_statement_leaves_no_trace(tmp_path: Path) -> None:
    path, revision = tmp_path / "old.db", REVISIONS[0]
    with closing(sqlite3.connect(path)) as old:
        old.executescript((SCHEMAS / f"{revision}.sql").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(path)) as old:
        jobs = old.execute("SELECT job_id, status FROM jobs ORDER BY seq").fetchall()
    kills = 0
    for statement in (1, 5, 9, 100):
        words = [sys.executable, "-c", _KILLED_WHILE_MIGRATING, str(path), str(statement)]
        died = (
            subprocess.run(words, cwd=ROOT, capture_output=True, check=False, timeout=PATIENCE_S).returncode
            == -9
        )
        if not died:
            break
        kills += 1
        with closing(sqlite3.connect(path)) as old:
            assert old.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)
            assert old.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kills >= 3
    counted(f"N14: {kills} kills in the middle of a migration, each as if it had not begun")
    with closing(Database(path, backups=tmp_path)) as database, closing(DatabaseReader(database)) as reader:
        assert [(job.job_id, job.status.value) for job in reader.read(queries.list_jobs)] == jobs


def test_n16_ten_thousand_random_changes_of_good_files_are_read_or_refused_and_none_takes_long() -> None:
    chance = random.Random(16)  # noqa: S311 - a fixed seed
    corpus = [(GOOD_JSON, "a.json"), (GOOD_YAML, "a.yaml"), (PIPELINE, "p.yaml"), (GOOD_JSON, "dropped")]
    number, came = 10_000 if SOAK else 1_000, dict.fromkeys(("read", "refused"), 0)
    for _ in range(number):
        data, name = chance.choice(corpus)
        came[came_to(_changed(bytearray(data), chance), name)] += 1
    counted(f"N16: {number} changed files: {came['read']} read, {came['refused']} refused, no other end")
    assert min(came.values()) > number / 100, came


def _changed(data: bytearray, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randint(1, 12)]
            case 2:
                data[at:at] = data[chance.randrange(len(data) + 1) :][: chance.randint(1, 20)]
            case _:
                data[at:at] = chance.choice(
                    [
                        b"&a ",
                        b"*a",
                        b"!!int ",
                        b"{",
                        b"[",
                        b"]",
                        b"---\n",
                        b"\t",
                        b"NaN",
                        b"\xff",
                        b'"',
                        b": ",
                    ]
                )
    return bytes(data)
