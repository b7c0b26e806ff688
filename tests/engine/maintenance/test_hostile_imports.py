"""A8: nothing of an import is used before all of it is checked; what is refused leaves no row and no file."""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from engine.errors import SignalboxError
from engine.maintenance import export_format
from engine.maintenance.import_run import import_run
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state import records, worktree_records
from state.forecast_records import KeptForecast
from tests.helpers.command_line import CommandLine, python

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a run in which one job completed, one failed twice and one never began."""
    folder = tmp_path_factory.mktemp("exported")
    source = CommandLine(folder)
    fails = python(
        "import sys; print('no'); sys.exit(3)", "b", metadata={"retry": {"limit": 1, "interval_sec": 0}}
    )
    waits = python("1", "c", metadata={"depends_on": ["b"]})
    source("run", *(source.file(f"{job['job_id']}.json", job) for job in (fails, waits)), code=1)
    source("export", source.job("b").run_id, folder / "out")
    return folder / "out"


@pytest.fixture
def folder(exported: Path, tmp_path: Path) -> Path:
    """A copy to be broken."""
    return shutil.copytree(exported, tmp_path / "out")


def write_document(folder: Path, history: object) -> None:
    """Put another document into an export, with its checksum."""
    data = history if isinstance(history, bytes) else json.dumps(history).encode()
    (folder / "run.json").write_bytes(data)
    change_sums(folder, lambda sums: sums["sha256"].update({"run.json": hashlib.sha256(data).hexdigest()}))


def rewrite(folder: Path, change: Change) -> None:
    history = json.loads((folder / "run.json").read_text())
    change(history)
    write_document(folder, history)


def change_sums(folder: Path, change: Change) -> None:
    sums = json.loads((folder / "sums.json").read_text())
    change(sums)
    (folder / "sums.json").write_text(json.dumps(sums))


@contextmanager
def nothing_changes(home: Home) -> Iterator[None]:
    """Fail where the home has another row or file afterwards."""
    before = state_of(home)
    yield
    assert state_of(home) == before


def state_of(home: Home) -> tuple[object, ...]:
    store = JobStateStore(home=home)
    try:
        files = sorted(str(path) for path in home.attempts.rglob("*"))
        return files, len(store.list_events()), store.list_recent_runs()
    finally:
        store.close()


def refusal(tmp_path: Path, folder: Path) -> str:
    """What the command line says, after checking that nothing was imported."""
    (tmp_path / "other").mkdir()
    other = CommandLine(tmp_path / "other")
    with nothing_changes(other.home):
        said = other("import", folder, code=2)
    assert "Traceback" not in said.err
    assert "nothing was imported" in said.err
    assert len(said.err.splitlines()) == 1
    return said.err


def some_output(folder: Path) -> Path:
    return next(iter(sorted(folder.glob("outputs/*/stdout"))))


def as_link(folder: Path) -> None:
    output = some_output(folder)
    output.unlink()
    output.symlink_to("/etc/passwd")


def as_fifo(folder: Path) -> None:
    os.mkfifo(next(folder.glob("outputs/*")) / "stderr.1")


def as_socket(folder: Path) -> None:
    here = Path.cwd()
    os.chdir(next(folder.glob("outputs/*")))  # the names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("stdout.1")
    finally:
        os.chdir(here)


def linked_folder(folder: Path) -> None:
    real = next(folder.glob("outputs/*"))
    real.rename(folder.parent / "elsewhere")
    real.symlink_to(folder.parent / "elsewhere")


def linked_document(folder: Path) -> None:
    (folder / "run.json").rename(folder.parent / "run.json")
    (folder / "run.json").symlink_to(folder.parent / "run.json")


def extra_output(folder: Path) -> None:
    (next(folder.glob("outputs/*")) / "stdout.1").write_text("not in the sums")


def extra_folder(folder: Path) -> None:
    (folder / "outputs" / "x").mkdir()


def extra_note(folder: Path) -> None:
    (folder / "notes.txt").touch()


def torn(folder: Path) -> None:
    (folder / "sums.json").write_text("{")


def huge_document(folder: Path) -> None:
    with (folder / "run.json").open("r+b") as file:
        file.truncate(3 * 1024**3)


def huge_output(folder: Path) -> None:
    with some_output(folder).open("r+b") as file:
        file.truncate(3 * 1024**3)


def named(name: str) -> Callable[[Path], None]:
    return lambda folder: change_sums(folder, lambda sums: sums["sha256"].update({name: "0" * 64}))


def sums_as(value: Any) -> Callable[[Path], None]:
    return lambda folder: change_sums(folder, lambda sums: sums.update(sha256=value))


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "link": (as_link, "is a link"),
    "fifo": (as_fifo, "is a FIFO"),
    "socket": (as_socket, "is a socket"),
    "linked folder": (linked_folder, "is a link"),
    "linked document": (linked_document, "is a link"),
    "unlisted output": (extra_output, "does not list outputs/"),
    "unlisted note": (extra_note, "does not list notes.txt"),
    "unlisted folder": (extra_folder, "is a folder"),
    "huge document": (huge_document, "run.json: "),
    "huge output": (huge_output, "too large"),
    "absolute name": (named("/etc/passwd"), "names '/etc/passwd'"),
    "upward name": (named("outputs/../../victim"), "is not a file of an export"),
    "dotted name": (named("outputs/1-a/./stdout"), "is not a file of an export"),
    "nul in a name": (named("outputs/1-a/std\0out"), "is not a file of an export"),
    "other file": (named("outputs/1-a/evil.sh"), "is not a file of an export"),
    "fullwidth name": (named("outputs/\uff11-a/stdout"), "is missing"),
    "sums of no kind": (sums_as(5), "sums.json: sha256"),
    "sums as a list": (sums_as([]), "sums.json: sha256"),
    "sum of no kind": (sums_as({"run.json": 5}), "sha256.run.json"),
    "without the document": (sums_as({}), "does not list run.json"),
    "no sums": (lambda folder: (folder / "sums.json").unlink(), "sums.json: cannot be read"),
    "torn": (torn, "sums.json: line 1"),
    "other format": (
        lambda folder: change_sums(folder, lambda sums: sums.update(format="1")),
        "has format 1",
    ),
    "true format": (
        lambda folder: change_sums(folder, lambda sums: sums.update(format=True)),
        "has format True",
    ),
}


@pytest.mark.parametrize("how", FILES)
def test_a_folder_with_files_that_are_not_those_of_an_export_is_refused(
    folder: Path, tmp_path: Path, how: str
) -> None:
    spoil, reason = FILES[how]
    spoil(folder)
    assert reason in refusal(tmp_path, folder)


def at(*route: str | int, value: Any) -> Change:
    """Put a value into the document."""

    def change(history: Any) -> None:
        for step in route[:-1]:
            history = history[step]
        history[route[-1]] = value

    return change


def without(*route: str | int) -> Change:
    def change(history: Any) -> None:
        for step in route[:-1]:
            history = history[step]
        del history[route[-1]]

    return change


def twice(name: str) -> Change:
    return lambda history: history[name].append(history[name][0])


VICTIM = "x/../../../victim"
FIELDS: dict[str, tuple[Change, str]] = {
    "token upwards": (at("attempts", 0, "token", value=VICTIM), "attempts[0].token"),
    "token absolute": (at("attempts", 0, "token", value="/etc"), "attempts[0].token"),
    "token dots": (at("attempts", 0, "token", value=".."), "attempts[0].token"),
    "token with a line": (at("attempts", 0, "token", value="a\n"), "attempts[0].token"),
    "token of no kind": (at("attempts", 0, "token", value=5), "attempts[0].token"),
    "metadata of no kind": (at("run", "metadata", value=5), "run.metadata"),
    "metadata as a list": (at("run", "metadata", value=[["a", 1]]), "run.metadata"),
    "result of no kind": (at("attempts", 0, "result", value=[1]), "attempts[0].result"),
    "result metadata": (at("attempts", 0, "result", "metadata", value=5), "attempts[0].result.metadata"),
    "changed files": (
        at("attempts", 0, "result", "metadata", value={"changed_files": [{"path": "a", "evil": 1}]}),
        "changed_files[0].evil",
    ),
    "usage": (at("attempts", 0, "result", "metadata", value={"usage": {"cost_usd": "1"}}), "usage.cost_usd"),
    "spec of no kind": (at("jobs", 0, "spec", value="x"), "jobs[0].spec"),
    "command of no kind": (at("jobs", 0, "spec", "command", value=6.7), "jobs[0].spec.command"),
    "job file of no tool": (at("jobs", 0, "spec", "tool", value="rm"), "jobs[0].spec.tool"),
    "no spec": (without("jobs", 0, "spec"), "jobs[0].spec"),
    "no job id": (without("jobs", 0, "job_id"), "jobs[0].job_id"),
    "far future": (at("jobs", 0, "started_at", value=1e300), "jobs[0].started_at"),
    "before all time": (at("run", "created_at", value=-1.0), "run.created_at"),
    "time as text": (at("run", "created_at", value="1"), "run.created_at"),
    "end of an attempt": (at("attempts", 0, "completed_at", value=1e20), "attempts[0].completed_at"),
    "negative duration": (at("attempts", 0, "duration_s", value=-1), "attempts[0].duration_s"),
    "free money": (at("jobs", 0, "cost_usd", value=1e300), "jobs[0].cost_usd"),
    "unknown state": (at("jobs", 0, "status", value="flying"), "jobs[0].status"),
    "state of no kind": (at("run", "status", value=[]), "run.status"),
    "number as truth": (at("attempts", 0, "number", value=True), "attempts[0].number"),
    "truth as number": (at("jobs", 0, "quarantined", value=1), "jobs[0].quarantined"),
    "huge number": (at("jobs", 0, "priority", value=10**17), "jobs[0].priority"),
    "long note": (at("jobs", 0, "note", value="x" * 4_001), "jobs[0].note"),
    "half a note": (at("jobs", 0, "note", value="\ud83d"), "jobs[0].note"),
    "label of two words": (at("jobs", 0, "labels", value=["a b"]), "jobs[0].labels[0]"),
    "label that acts": (at("jobs", 0, "labels", value=["a\x1b[2J"]), "jobs[0].labels[0]"),
    "many labels": (at("jobs", 0, "labels", value=[f"l{n}" for n in range(21)]), "jobs[0].labels"),
    "labels of no kind": (at("jobs", 0, "labels", value="flaky"), "jobs[0].labels"),
    "turning text": (at("jobs", 0, "job_id", value="a\u202eb"), "jobs[0].job_id"),
    "no width": (at("jobs", 0, "job_id", value="a\u200bb"), "jobs[0].job_id"),
    "control": (at("run", "run_id", value="a\x1b[2J"), "run.run_id"),
    "empty id": (at("run", "run_id", value=""), "run.run_id"),
    "long id": (at("run", "run_id", value="a" * 10_000), "run.run_id"),
    "half a character": (at("jobs", 0, "summary", value="\ud83d"), "jobs[0].summary"),
    "half, deep": (at("jobs", 0, "spec", value={"a": ["\ud83d"]}), "jobs[0].spec"),
    "other run": (at("jobs", 0, "run_id", value="other"), "jobs[0].run_id"),
    "other workstream": (at("jobs", 0, "ws_id", value="other"), "jobs[0].ws_id"),
    "attempt of another job": (at("attempts", 0, "job_id", value="other"), "attempts[0].job_id"),
    "file of another workstream": (
        at("files", value=[{"run_id": "r", "ws_id": "w", "path": "p"}]),
        "files[0].run_id",
    ),
    "job twice": (twice("jobs"), "jobs[2].job_id"),
    "attempt twice": (twice("attempts"), "attempts["),
    "workstream twice": (twice("workstreams"), "workstreams[1].ws_id"),
    "waits for itself": (at("jobs", 0, "depends_on", value=["b"]), "depends_on"),
    "waits in a circle": (at("jobs", 0, "depends_on", value=["c"]), "depends_on"),
    "dependencies as text": (at("jobs", 0, "depends_on", value="c"), "jobs[0].depends_on"),
    "jobs of no kind": (at("jobs", value={}), "jobs"),
    "no events": (without("events"), "events"),
    "job of no kind": (at("jobs", 0, value=[]), "jobs[0]"),
    "event of no kind": (at("events", 0, "payload", value=[]), "events[0].payload"),
}


@pytest.mark.parametrize("how", FIELDS)
def test_a_document_that_is_not_that_of_an_export_is_refused_with_its_field(
    folder: Path, tmp_path: Path, how: str
) -> None:
    change, field = FIELDS[how]
    rewrite(folder, change)
    said = refusal(tmp_path, folder)
    assert "run.json: " in said
    assert field in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"run": 1, "run": 2}', "run is given twice"),
        (b'{"run": NaN}', "is not a number"),
        (b'{"run": 1e999}', "is not a number"),
        (b'{"run": ' + b"9" * 5000 + b"}", "is not a number"),
        (b"[" * 100_000, "deep"),
        (b"[]", "is not a file of an export"),
        (b"", "is not JSON"),
        (b'{"run": "\xff"}', "is not UTF-8"),
        (b"\xef\xbb\xbf{}", "is not JSON"),
    ],
)
def test_a_document_that_could_be_read_in_two_ways_is_refused_for_that_reason(
    folder: Path, tmp_path: Path, text: bytes, reason: str
) -> None:
    write_document(folder, text)
    assert reason in refusal(tmp_path, folder)


def test_an_output_that_the_document_names_outside_of_its_folder_is_never_read(
    folder: Path, tmp_path: Path
) -> None:
    """A token that leads out is refused; without it nothing else names a path."""
    victim = folder.parent / "victim"
    victim.mkdir()
    (victim / "stdout").write_text("secret")
    (folder / "outputs" / "1-x").mkdir()
    assert (folder / "outputs" / f"1-{VICTIM}").samefile(victim)
    rewrite(folder, lambda history: history["attempts"][0].update(id=1, token=VICTIM))
    assert "attempts[0].token" in refusal(tmp_path, folder), "refused for its name, before any file is opened"


def test_an_error_in_the_middle_of_an_import_leaves_no_row_and_no_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path / "home")
    store = JobStateStore(home=home)
    with nothing_changes(home):
        rows_before = store.list_events()

        def full(event_type: str, payload: dict[str, object]) -> int:
            raise OSError(28, os.strerror(28), f"{event_type} {payload}")

        monkeypatch.setattr(store, "record_event", full)
        with pytest.raises(SignalboxError, match="nothing was imported"):
            import_run(home, store, folder)
        assert store.list_events() == rows_before
    store.close()


def test_every_field_of_every_record_is_checked() -> None:
    """A field that a record gains must be given a type and bounds in an import, too."""
    pairs: dict[type, type[BaseModel]] = {
        records.Run: export_format.RunRecord,
        records.Workstream: export_format.WorkstreamRecord,
        records.Job: export_format.JobRecord,
        records.Attempt: export_format.AttemptRecord,
        records.WorkstreamFile: export_format.FileRecord,
        records.Event: export_format.EventRecord,
        worktree_records.ReviewComment: export_format.CommentRecord,
        worktree_records.ViewedFile: export_format.ViewedRecord,
        KeptForecast: export_format.ForecastRecord,
    }
    for record, model in pairs.items():
        assert {field.name for field in fields(record)} <= model.model_fields.keys(), record


# --- every field, whatever it becomes -------------------------------------------------------------------------------

STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        ["../../x", "/etc", "\u202e", "queued", "running", "completed", "\ud83d", "a" * 300, "\0"]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


def routes(value: object, route: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a document."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*route, key)
            yield from routes(item, (*route, key))


@settings(
    max_examples=40,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_export_changed_anywhere_is_imported_whole_or_refused_whole(
    exported: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = tmp_path_factory.mktemp("fuzzed")
    folder = shutil.copytree(exported, place / "out")
    history = json.loads((folder / "run.json").read_text())
    history["events"] = history["events"][:2]
    for _ in range(data.draw(st.integers(1, 3))):
        route = data.draw(st.sampled_from(sorted(routes(history), key=str)))
        if data.draw(st.booleans()):
            at(*route, value=data.draw(STRANGE))(history)
        else:
            without(*route)(history)
    write_document(folder, history)
    other = CommandLine(place)
    store = JobStateStore(home=other.home)
    try:
        imported = import_run(other.home, store, folder)
    except SignalboxError:
        assert (store.list_recent_runs(), list(other.home.attempts.iterdir())) == ([], [])
        return
    finally:
        store.close()
    for job in imported.jobs:
        other("show", job.job_id)
    for words in (["status"], ["jobs"], ["jobs", "--json"], ["status", "--json"]):
        other(*words)
    other("export", imported.run.run_id, place / "again")
