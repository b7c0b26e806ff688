"""The watched folder: complete files are accepted once, bad ones are rejected with a reason, and nothing is lost.

N11, N12, N13, N15 and I1 of the reliability plan; each counts what was dropped against what happened to it.
"""

import errno
import json
import logging
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pytest

from engine.host.engine_service import EngineService
from engine.intake.inbox import HELD, MOST_REVIEWS, STABLE_S, TURN_S, Inbox, ScanReport
from engine.intake.open_files import Writers
from engine.interfaces import Holds
from engine.jobfile.spec import JobSpec
from engine.maintenance.home_invariants import breaches
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.locks import KernelLock
from state.records import Event, JobHold, JobStatus, Origin
from state.sql_text import driver
from tests.helpers.command_line import python, until
from tests.helpers.counts import counted
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
BIG = 10_000 if os.environ.get("SIGNALBOX_SOAK") else 500
"""How many files are dropped at once; the long form is ten thousand."""
STILL_S = STABLE_S + 0.01
POINTS = ("file_seen", "parsed", "accepted", "before_unlink")


@dataclass
class Clock:
    """Monotonic seconds that stand still until a test moves them."""

    now: float = 100.0
    step: float = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@dataclass
class InboxBench:
    """An inbox with its home and its store."""

    home: Home
    store: JobStateStore
    inbox: Inbox
    clock: Clock = field(default_factory=Clock)

    def put(self, name: str, content: Any) -> Path:
        """Write a file in one go; anything but bytes becomes JSON."""
        path = self.inbox.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    def scan(self, after_s: float = 0.0) -> ScanReport:
        """Let time pass, then scan once."""
        self.clock.now += after_s
        return self.inbox.scan()

    def scan_all(self) -> ScanReport:
        """Scan until nothing is left to do."""
        whole = ScanReport()
        for _ in range(2 * BIG):
            report = self.scan(STILL_S)
            whole.accepted += report.accepted
            whole.rejected += report.rejected
            if not report.more and not report.settling:
                return whole
        raise AssertionError("the scans do not end")

    def job_ids(self) -> set[str]:
        return {
            job.job_id
            for run in self.store.list_recent_runs(10 * BIG)
            for job in self.store.list_jobs(run.run_id)
        }

    def events(self, kind: str) -> list[Event]:
        return [event for event in self.store.list_events(limit=100_000) if event.event_type == kind]

    def reason(self, name: str) -> str:
        return (self.rejected / f"{name}.reason").read_text(encoding="utf-8").strip()

    @property
    def rejected(self) -> Path:
        return self.inbox.folder / "rejected"

    def count(self) -> tuple[int, int, int]:
        """I1: how many files were accepted, rejected with a reason, and are still in the inbox."""
        refused = (
            [path for path in self.rejected.iterdir() if path.suffix != ".reason"]
            if self.rejected.exists()
            else []
        )
        left = [path for path in self.inbox.folder.iterdir() if path.name not in {"rejected", ".taking"}]
        taking = list((self.inbox.folder / ".taking").glob("*"))
        assert all((self.rejected / f"{path.name}.reason").exists() for path in refused)
        return len(list(self.home.accepted.iterdir())), len(refused), len(left) + len(taking)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[InboxBench]:
    home = Home.at(tmp_path / "home")
    store, clock = JobStateStore(home=home), Clock()
    yield InboxBench(home, store, Inbox(home.inbox, home, store, monotonic=clock), clock)
    store.close()


def at_once(
    reason_to_hold: Callable[[JobSpec], JobHold | None],
) -> Callable[[Sequence[JobSpec]], "Future[Holds]"]:
    """A review that has ended when it begins."""

    def review(specs: Sequence[JobSpec]) -> "Future[Holds]":
        done: Future[Holds] = Future()
        found = [reason_to_hold(spec) for spec in specs]
        done.set_result(lambda _queued: found)
        return done

    return review


def job(job_id: str, code: str = "print(1)", **more: Any) -> dict[str, Any]:
    return python(code, job_id, **more)


# --- accepted files -------------------------------------------------------------------------------------------------


def test_a_complete_file_becomes_a_held_job_and_moves_to_the_accepted_files(bench: InboxBench) -> None:
    bench.put("a.json", job("a"))
    bench.put("b.yaml", b"tool: shell\njob_id: b\ncommand: {exe: 'true'}\n")
    report = bench.scan_all()
    assert [path.name.split("-")[2] for path in report.accepted] == ["a.json", "b.yaml"]
    assert bench.count() == (2, 0, 0)
    for name in ("a", "b"):
        found = bench.store.get_job(name)
        assert found is not None
        assert (found.status, found.origin) == (JobStatus.HELD, Origin.INBOX)
        assert found.source_path is not None
        assert Path(found.source_path).exists()
    assert {stat.S_IMODE(path.stat().st_mode) for path in bench.home.accepted.iterdir()} == {0o600}


def test_n12_a_file_is_read_only_after_it_has_not_changed_for_a_while(bench: InboxBench) -> None:
    whole = json.dumps(job("slow")).encode()
    path = bench.put("slow.json", b"")
    for end in range(0, len(whole), 9):
        path.write_bytes(whole[:end])  # rewritten in bench, or written a few bytes at a time
        os.utime(path, ns=(end, end))
        report = bench.scan(STABLE_S * 0.9)
        assert (report.accepted, report.rejected, report.settling) == ([], [], True)
    path.write_bytes(whole)
    bench.scan(STILL_S)
    assert bench.job_ids() == set()
    assert len(bench.scan(STILL_S).accepted) == 1
    assert bench.job_ids() == {"slow"}


def test_n12_a_file_replaced_by_a_rename_has_to_settle_again(bench: InboxBench) -> None:
    bench.put("a.json", job("old"))
    bench.scan()
    other = bench.home.root / "other"
    other.write_text(json.dumps(job("new")), encoding="utf-8")
    other.rename(bench.inbox.folder / "a.json")
    assert bench.scan(STILL_S).settling
    bench.scan_all()
    assert bench.job_ids() == {"new"}


NO_JOB_FILES = [
    "a.json.part", "a.json.tmp", "a.json~", ".a.json.swp", ".hidden.json", "a.crdownload", "x.yaml.filepart",
    "x.yaml.partial", "x.yaml.download", "x.yaml.opdownload", "x.yaml.!sync", "#x.yaml#", ".#x.yaml", "4913",
    "desktop.ini", "Thumbs.db", "~$x.yaml", ".goutputstream-A1B2C3", ".nfs000000000012ab", ".syncthing.x.yaml.tmp",
    "x.yaml.1f3a", "x.yaml.bak", "x.yaml.swx", "notes", "Unconfirmed 12345.crdownload", ".yaml", "x.yaml.",
]  # fmt: skip
"""What uploads, editors and desktops leave beside job files."""


@pytest.mark.parametrize("name", NO_JOB_FILES)
def test_n12_what_is_no_job_file_by_name_stays_with_one_note_until_it_is_renamed(
    bench: InboxBench, name: str
) -> None:
    path = bench.put(name, job("a"))
    for _ in range(3):
        assert bench.scan_all() == ScanReport()
        bench.inbox = Inbox(
            bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock
        )  # another engine
    assert path.exists()
    (note,) = bench.events("inbox.noted")
    assert (note.level, note.payload["files"]) == ("info", [name])
    path.rename(bench.inbox.folder / "a.json")
    bench.scan_all()
    assert bench.job_ids() == {"a"}


@pytest.mark.parametrize(
    "name", ["x (1).yaml", "X.YAML", "x.Yml", "x.part.json", "Kopie von x.JSON", "~x.yaml"]
)
def test_n12_a_job_file_is_known_by_its_suffix_alone(bench: InboxBench, name: str) -> None:
    content = (
        json.dumps(job("a")) if "son" in name.lower() else "tool: shell\njob_id: a\ncommand: {exe: 'true'}\n"
    )
    bench.put(name, content.encode())
    bench.scan_all()
    assert bench.job_ids() == {"a"}
    assert bench.events("inbox.noted") == []


def test_a_thousand_files_that_are_no_jobs_are_a_few_notes(bench: InboxBench) -> None:
    for number in range(1000):
        bench.put(f"{number}.jpg", b"")
    bench.put("a.json", job("a"))
    bench.scan_all()
    notes = bench.events("inbox.noted")
    assert sorted(name for note in notes for name in note.payload["files"]) == sorted(
        f"{number}.jpg" for number in range(1000)
    )
    assert len(notes) < 10
    assert max(len(note.message) for note in notes) < 300
    assert bench.job_ids() == {"a"}


def test_a_folder_that_is_no_job_file_by_name_stays(bench: InboxBench) -> None:
    (bench.inbox.folder / ".stfolder").mkdir()
    (bench.inbox.folder / "archive").mkdir()
    bench.scan_all()
    assert bench.count() == (0, 0, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")
def test_n12_a_file_that_somebody_still_writes_is_not_taken_however_long_they_pause(
    bench: InboxBench,
) -> None:
    path = bench.inbox.folder / "a.yaml"
    with path.open("w", encoding="utf-8") as writer:
        writer.write("tool: shell\njob_id: a\ncommand: {exe: 'true'}\n")
        writer.flush()
        for _ in range(20):
            report = bench.scan(1.0)
            assert (report.accepted, report.rejected, report.settling) == ([], [], True)
        writer.write("metadata: {depends_on: [green]}\n")
    bench.scan_all()
    found = bench.store.get_job("a")
    assert found is not None
    assert list(found.depends_on) == ["green"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")
def test_a_file_that_is_never_closed_is_noted_and_keeps_no_engine_from_ending(bench: InboxBench) -> None:
    path = bench.inbox.folder / "a.json"
    with path.open("w", encoding="utf-8") as writer:
        writer.write(json.dumps(job("a")))
        writer.flush()
        assert bench.scan_all() == ScanReport()
        (note,) = bench.events("inbox.noted")
        assert "a.json" in note.message
        assert "open" in note.message
    bench.scan_all()
    assert bench.job_ids() == {"a"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says who has a file open")
@pytest.mark.parametrize("stays_open", [True, False])
def test_n12_a_file_that_changes_after_it_was_read_is_read_again(
    bench: InboxBench, *, stays_open: bool
) -> None:
    path = bench.put("a.json", b"")
    opened: list[TextIO] = []

    def write_more(_spec: JobSpec) -> JobHold:
        if not opened:
            (taken,) = (bench.inbox.folder / ".taking").iterdir()
            opened.append(taken.open("w", encoding="utf-8"))
            opened[0].write(json.dumps(job("a", metadata={"depends_on": ["green"]})))
            opened[0].flush()
            if not stays_open:
                opened[0].close()
        return HELD

    path.write_text(json.dumps(job("a")), encoding="utf-8")
    bench.inbox = Inbox(
        bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock, review=at_once(write_more)
    )
    bench.scan()
    assert bench.scan(STILL_S).accepted == []
    if stays_open:
        assert bench.scan(STILL_S).settling
        opened[0].close()
    bench.scan_all()
    found = bench.store.get_job("a")
    assert found is not None
    assert list(found.depends_on) == ["green"]
    assert bench.count() == (1, 0, 0)


def test_where_the_system_cannot_say_who_writes_a_file_has_to_rest_for_longer(
    bench: InboxBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.intake.inbox.writers_of", lambda _path: Writers.UNKNOWN)
    bench.put("a.json", job("a"))
    bench.scan()
    assert bench.scan(3.5).settling
    assert bench.job_ids() == set()
    bench.scan(3.5)
    assert bench.job_ids() == {"a"}


def test_n12_a_file_that_vanishes_is_not_an_error(bench: InboxBench) -> None:
    path = bench.put("a.json", job("a"))
    bench.scan()
    path.unlink()
    assert bench.scan_all() == ScanReport()


def test_n12_the_same_file_dropped_twice_is_one_job(bench: InboxBench) -> None:
    for name in ("a.json", "copy of a.json"):
        bench.put(name, job("a"))
        bench.scan_all()
    assert bench.job_ids() == {"a"}
    assert bench.count() == (2, 0, 0)
    (known,) = bench.events("inbox.known")
    assert "copy of a.json" in known.message


def test_n12_a_file_without_an_id_is_one_job_until_it_has_ended(bench: InboxBench) -> None:
    fields = {name: value for name, value in job("").items() if name != "job_id"}
    for name in ("a.json", "b.json"):
        bench.put(name, fields)
        bench.scan_all()
    (first,) = bench.job_ids()
    bench.store.request_cancel(first)
    bench.put("c.json", fields)
    bench.scan_all()
    assert len(bench.job_ids()) == 2


@pytest.mark.parametrize("fields", [{}, {"job_id": "a"}])
def test_n12_copies_of_a_file_that_are_dropped_at_once_are_one_job(
    bench: InboxBench, fields: dict[str, str]
) -> None:
    fields = {**{name: value for name, value in job("").items() if name != "job_id"}, **fields}
    for number in range(4):
        bench.put(f"{number}.json", fields)
    bench.put("5.json", job("b"))
    bench.scan_all()
    assert len(bench.job_ids()) == 2
    assert bench.count() == (5, 0, 0)
    assert len(bench.events("inbox.known")) == 3


def test_jobs_of_two_files_that_wait_for_each_other_are_refused_by_the_name_of_the_second(
    bench: InboxBench,
) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        bench.put(f"{name}.json", {**job(name), "metadata": {"depends_on": [other]}})
    bench.scan_all()
    assert bench.job_ids() == {"a"}
    assert bench.reason("b.json").startswith("b.json: metadata.depends_on: these jobs wait for each other")


def test_n12_the_same_pipeline_twice_is_one_run(bench: InboxBench) -> None:
    steps = [python("1", name="edit"), python("2", name="test")]
    for name in ("a.json", "b.json"):
        bench.put(name, {"title": "Twice", "workstreams": [{"id": "one", "steps": steps}]})
        bench.scan_all()
    assert len(bench.job_ids()) == 2


def test_two_jobs_with_the_same_command_and_different_ids_are_two_jobs(bench: InboxBench) -> None:
    bench.put("a.json", job("a"))
    bench.put("b.json", job("b"))
    bench.scan_all()
    assert bench.job_ids() == {"a", "b"}


def test_n12_the_same_id_with_other_contents_is_rejected_with_the_field(bench: InboxBench) -> None:
    bench.put("a.json", job("a"))
    bench.scan_all()
    bench.put("b.json", job("a", "print(2)"))
    bench.scan_all()
    assert bench.count() == (1, 1, 0)
    assert bench.reason("b.json").startswith("b.json: job_id: A job 'a' exists already")


def test_a_bad_file_is_rejected_with_file_line_and_field(bench: InboxBench) -> None:
    bench.put("bad.yaml", b"tool: shell\ncommand: {exe: x}\nmetadata:\n  retry: {limit: -1}\n")
    bench.put("notes.txt", b"buy milk")
    bench.scan_all()
    assert bench.count() == (0, 1, 1)
    assert bench.reason("bad.yaml").startswith("bad.yaml: line 4: metadata.retry.limit: ")
    assert [event.level for event in bench.events("inbox.rejected")] == ["error"]
    (note,) = bench.events("inbox.noted")
    assert "notes.txt" in note.message
    assert "end in .json, .yaml, .yml" in note.message


def test_two_rejected_files_of_one_name_are_both_kept(bench: InboxBench) -> None:
    for content in (b"{", b"["):
        bench.put("bad.json", content)
        bench.scan_all()
    assert {path.name for path in bench.rejected.iterdir()} == {
        "bad.json", "bad.json.reason", "bad-2.json", "bad-2.json.reason",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        b"\xff\xfe.json",
        "é" * 120 + ".json",
        "x" * 250 + ".json",
        "a\nb.json",
        "-rf.json",
        "$(id).json",
        "e\u0301.json",
    ],
)
def test_a_file_with_any_name_is_accepted(bench: InboxBench, name: str | bytes) -> None:
    bench.put(os.fsdecode(name), job("a"))
    bench.scan_all()
    assert bench.count() == (1, 0, 0)
    assert bench.job_ids() == {"a"}


@pytest.mark.parametrize("name", [b"\xff\xfe.json", b"y" * 250 + b".json"])
def test_a_bad_file_with_any_name_is_rejected(bench: InboxBench, name: bytes) -> None:
    bench.put(os.fsdecode(name), b"{")
    bench.scan_all()
    assert bench.count() == (0, 1, 0)
    assert breaches(bench.home) == []


# --- N11: files that are not ours -----------------------------------------------------------------------------------


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "inner.json").write_text(json.dumps(job("inner")), encoding="utf-8")


def _link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _second_name(path: Path) -> None:
    first = path.parents[1] / "first"
    first.write_text(json.dumps(job("linked")), encoding="utf-8")
    path.hardlink_to(first)


def _device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("only root can make a device")


def _of_another_user(path: Path) -> None:
    path.write_text(json.dumps(job("theirs")), encoding="utf-8")
    try:
        os.chown(path, os.geteuid() + 1, -1)
    except PermissionError:
        pytest.skip("only root can give a file away")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_fifo, "is not a regular file"),
        (_socket, "cannot be read"),
        (_folder, "is not a regular file"),
        (_device, "is not a regular file"),
        (_link_to("/etc/shadow"), "is a symbolic link"),
        (_link_to("/dev/zero"), "is a symbolic link"),
        (_link_to("odd.json"), "is a symbolic link"),
        (_second_name, "has a second name"),
        (_of_another_user, "belongs to another user"),
    ],
)
def test_n11_a_file_that_is_not_ours_is_rejected_unread(
    bench: InboxBench, make: Callable[[Path], None], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.inbox.folder)  # a socket's path may not be long
    make(bench.inbox.folder / "odd.json" if make is not _socket else Path("odd.json"))
    bench.put("good.json", job("good"))
    bench.scan_all()
    assert bench.count() == (1, 1, 0)
    assert reason in bench.reason("odd.json")
    assert bench.job_ids() == {"good"}


_WITH_A_CLOSED_FILE = """
import os, sys, time
from pathlib import Path
from engine.system.home import Home
from engine.intake.inbox import Inbox
from engine.state_store.job_state_store import JobStateStore
home = Home.at(Path(sys.argv[1]))
closed = home.inbox / "closed.json"
closed.write_text("{}", encoding="utf-8")
closed.chmod(0)
inbox = Inbox(home.inbox, home, JobStateStore(home=home))
while inbox.scan().settling:
    time.sleep(0.05)
print((home.inbox / "rejected" / "closed.json.reason").read_text())
"""


def test_n11_an_unreadable_file_is_rejected(tmp_path: Path) -> None:
    """Without what lets root read every file."""
    words = [sys.executable, "-c", _WITH_A_CLOSED_FILE, str(tmp_path / "home")]
    if os.geteuid() == 0:
        dropped = "-dac_override,-dac_read_search"
        words = ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("closed.json: cannot be read: Permission denied"), done.stderr


def test_an_inbox_that_others_can_write_to_is_not_read_and_says_so(bench: InboxBench) -> None:
    bench.put("a.json", job("a"))
    bench.inbox.folder.chmod(0o770)
    report = bench.scan(STILL_S)
    assert "can be written by others" in report.problem
    bench.inbox.folder.chmod(0o700)
    bench.scan_all()
    assert bench.job_ids() == {"a"}


# --- many at once ---------------------------------------------------------------------------------------------------


@pytest.mark.timeout(1200)
def test_l2_i1_all_files_dropped_at_once_are_accepted_or_rejected(bench: InboxBench) -> None:
    for number in range(BIG):
        good = number % 10 != 0
        bench.put(f"{number:05}.json", job(f"job-{number}") if good else b'{"tool": "shell", }')
    bench.scan_all()
    counted(
        f"L2: {BIG} files dropped: {bench.count()[0]} accepted, {bench.count()[1]} rejected, {bench.count()[2]} left"
    )
    assert bench.count() == (BIG - BIG // 10, BIG // 10, 0)
    assert bench.job_ids() == {f"job-{number}" for number in range(BIG) if number % 10}
    assert breaches(bench.home) == []


def test_a_turn_ends_after_a_few_milliseconds_and_requests_another(bench: InboxBench) -> None:
    for number in range(20):
        bench.put(f"{number}.json", job(f"job-{number}"))
    bench.scan()
    bench.clock.now += STILL_S
    bench.clock.step = 0.001
    report = bench.inbox.scan()
    assert report.more
    assert 0 < len(report.accepted) < 20
    bench.clock.step = 0.0
    bench.scan_all()
    assert len(bench.job_ids()) == 20


def test_two_engines_take_turns_and_accept_each_file_once(bench: InboxBench) -> None:
    second = Inbox(bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock)
    for number in range(20):
        bench.put(f"{number}.json", job(f"job-{number}"))
    accepted = []
    for _ in range(4):
        for one in (bench.inbox, second):
            bench.clock.now += STILL_S
            accepted += one.scan().accepted
    assert len(accepted) == 20
    with KernelLock.try_take(bench.home.root / "inbox.lock") or pytest.fail("the lock is held"):
        assert bench.inbox.scan() == ScanReport(settling=True)


# --- X1 and I1: killed while a file is accepted ---------------------------------------------------------------------

_DRIVE = """
import os, sys, time
from pathlib import Path
from engine.system.home import Home
from engine.intake.inbox import Inbox
from engine.state_store.job_state_store import JobStateStore

def drive():
    inbox = Inbox(home.inbox, home, JobStateStore(home=home))
    until = time.monotonic() + 60
    while time.monotonic() < until and ((report := inbox.scan()).more or report.settling):
        time.sleep(0.01)

home, kills = Home.at(Path(sys.argv[1])), 0
for _ in range(int(sys.argv[2])):
    if not (child := os.fork()):
        drive()
        os._exit(0)
    if os.waitpid(child, 0)[1] != 9:
        break
    kills += 1
print(kills)
"""
"""Imported once and forked for each engine, so that a hundred kills take seconds."""


def _drive(home: Home, *, lives: int = 1, **env: str) -> int:
    """Scan in a process of its own; start another for each one killed, and return how many those were."""
    words = [sys.executable, "-c", _DRIVE, str(home.root), str(lives)]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
        timeout=3 * PATIENCE_S,
    )
    return int(done.stdout)


@pytest.mark.parametrize("point", POINTS)
def test_x01_an_engine_killed_while_accepting_a_file_accepts_it_once(bench: InboxBench, point: str) -> None:
    bench.put("a.json", job("a"))
    bench.put("b.json", job("b"))
    assert _drive(bench.home, SIGNALBOX_FAULT=point) == 1
    accepted, rejected, left = bench.count()
    assert accepted + rejected + left == 2
    assert breaches(bench.home) == []
    assert _drive(bench.home) == 0
    assert bench.count() == (2, 0, 0)
    assert bench.job_ids() == {"a", "b"}
    assert len([event for event in bench.store.list_events() if event.event_type == "job.held"]) == 2


@pytest.mark.timeout(1200)
def test_x01_engines_killed_again_and_again_at_every_point_lose_no_file(
    bench: InboxBench, tmp_path: Path
) -> None:
    number, log = 60, tmp_path / "faults"
    for one in range(number):
        bench.put(f"{one}.json", job(f"job-{one}") if one % 5 else b"[")
    faults = ",".join(f"{point}:0.12" for point in POINTS)
    kills = _drive(bench.home, lives=400, SIGNALBOX_FAULT=faults, SIGNALBOX_FAULT_LOG=str(log))
    points = Counter(log.read_text(encoding="utf-8").split())
    counted(f"X1, files accepted: {kills} kills {dict(points)}: {bench.count()} of {number} files")
    assert points.total() == kills
    assert set(points) == set(POINTS)
    assert bench.count() == (number - number // 5, number // 5, 0)
    assert bench.job_ids() == {f"job-{one}" for one in range(number) if one % 5}
    assert breaches(bench.home) == []


def test_x01_an_engine_that_runs_until_idle_accepts_what_a_killed_one_had_begun(
    bench: InboxBench,
) -> None:
    bench.put("a.json", job("a"))
    assert _drive(bench.home, SIGNALBOX_FAULT="parsed") == 1
    assert bench.count() == (0, 0, 1)
    bench.put("b.json", job("b"))  # and a file just dropped, which still has to settle
    words = [sys.executable, "-m", "engine", "engine", "--until-idle", "--home", str(bench.home.root)]
    done = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3 * PATIENCE_S
    )
    assert done.returncode == 3, "what nobody has reviewed is not started"
    assert bench.count() == (2, 0, 0)
    assert bench.job_ids() == {"a", "b"}


def test_x26_a_file_our_own_code_fails_on_is_rejected_and_the_others_are_accepted(
    bench: InboxBench, expect_log: LogWatch
) -> None:
    def fails(spec: JobSpec) -> JobHold:
        if spec.job_id == "bad":
            raise ZeroDivisionError
        return HELD

    expect_log.expect("Could not accept bad.json", logging.ERROR)
    bench.inbox = Inbox(
        bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock, review=at_once(fails)
    )
    bench.put("bad.json", job("bad"))
    bench.put("good.json", job("good"))
    bench.scan_all()
    assert bench.count() == (1, 1, 0)
    assert "ZeroDivisionError" in bench.reason("bad.json")
    assert bench.job_ids() == {"good"}


@pytest.mark.parametrize("then", ["unchanged", "changed", "taken by another engine"])
def test_a_file_under_review_waits_and_keeps_no_other_waiting(bench: InboxBench, then: str) -> None:
    reviews: dict[str, Future[Holds]] = {}

    def review(specs: Sequence[JobSpec]) -> "Future[Holds]":
        reviews[specs[0].job_id] = Future()
        return reviews[specs[0].job_id]

    bench.inbox = Inbox(bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock, review=review)
    bench.put("slow.json", job("slow"))
    bench.put("quick.json", job("quick"))
    bench.scan()
    assert bench.scan(STILL_S).settling
    reviews["quick"].set_result(lambda _queued: [None])
    bench.scan()
    assert bench.job_ids() == {"quick"}
    [taken] = (bench.inbox.folder / ".taking").iterdir()
    if then == "changed":
        taken.write_text(json.dumps(job("slow", "print(2)")), encoding="utf-8")
    if then == "taken by another engine":
        Inbox(bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock).scan()
    reviews["slow"].set_result(lambda _queued: [None])
    bench.scan()
    if then == "changed":
        assert bench.job_ids() == {"quick"}, "what was reviewed is not what is there"
        reviews["slow"].set_result(lambda _queued: [HELD])
        bench.scan()
    found = bench.store.get_job("slow")
    assert found is not None
    assert (found.held is None) == (then == "unchanged")
    assert bench.count() == (2, 0, 0)


def test_of_many_files_only_some_are_under_review_at_once(bench: InboxBench) -> None:
    reviews: list[Future[Holds]] = []

    def review(_specs: Sequence[JobSpec]) -> "Future[Holds]":
        reviews.append(Future())
        return reviews[-1]

    bench.inbox = Inbox(bench.inbox.folder, bench.home, bench.store, monotonic=bench.clock, review=review)
    for number in range(MOST_REVIEWS + 5):
        bench.put(f"{number}.json", job(f"j{number}"))
    bench.scan()
    report = bench.scan(STILL_S)
    while report.more:
        report = bench.scan()
    assert report.settling
    assert len(reviews) == MOST_REVIEWS
    for one in reviews:
        one.set_result(lambda _queued: [HELD])
    accepted: list[str] = []
    while len(accepted) < MOST_REVIEWS + 5:
        accepted += [path.name.split("-")[2] for path in bench.scan(STILL_S).accepted]
        for one in reviews[MOST_REVIEWS:]:
            if not one.done():
                one.set_result(lambda _queued: [HELD])
    assert bench.count() == (MOST_REVIEWS + 5, 0, 0)
    assert accepted == sorted(accepted), "they are queued in the order of their names"


# --- N13: the folder itself -----------------------------------------------------------------------------------------


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    yield made
    made.close()


def problems(engine: EngineService) -> list[str]:
    return [
        event.message
        for event in engine.store.list_events(limit=10_000)
        if event.event_type == "inbox.problem"
    ]


def step_until(engine: EngineService, holds: Callable[[], bool]) -> None:
    def stepped() -> bool | None:
        engine.step()
        return holds() or None

    until(stepped)


def drop(folder: Path, job_id: str) -> None:
    (folder / f".{job_id}.part").write_text(json.dumps(job(job_id)), encoding="utf-8")
    (folder / f".{job_id}.part").rename(folder / f"{job_id}.json")


@pytest.mark.parametrize("how", ["removed", "renamed", "a file instead"])
def test_n13_a_missing_inbox_is_reported_and_not_recreated_and_used_when_it_is_back(
    engine: EngineService, how: str
) -> None:
    folder = engine.home.inbox
    engine.step()
    if how == "renamed":
        folder.rename(folder.with_name("elsewhere"))
    else:
        shutil.rmtree(folder)
    if how == "a file instead":
        folder.touch()
    step_until(engine, lambda: problems(engine) != [])
    assert str(folder) in problems(engine)[-1]
    assert not folder.is_dir()
    engine.step()
    assert len(problems(engine)) == 1, "reported once"
    folder.unlink(missing_ok=True)
    folder.mkdir(mode=0o700)
    drop(folder, "back")
    step_until(engine, lambda: engine.store.get_job("back") is not None)
    assert problems(engine)[1:] == ["The inbox can be read again."]


def test_n13_a_folder_that_came_back_wakes_the_engine_again(engine: EngineService) -> None:
    folder = engine.home.inbox
    engine.step()
    folder.rename(folder.with_name("elsewhere"))
    step_until(engine, lambda: problems(engine) != [])
    folder.mkdir(mode=0o700)
    step_until(engine, lambda: len(problems(engine)) == 2)
    woken: list[bool] = []
    engine.on_wake(lambda: woken.append(True))
    drop(folder, "a")
    until(lambda: woken or None)


def test_n13_a_folder_that_cannot_be_watched_is_checked_and_that_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr("watchdog.observers.api.BaseObserver.schedule", refuse)
    engine = EngineService(Home.at(tmp_path / "home"))
    try:
        engine.step()
        assert problems(engine) == [
            "The inbox is only checked every few seconds: it cannot be watched (inotify watch limit reached)."
        ]
        drop(engine.home.inbox, "a")
        step_until(engine, lambda: engine.store.get_job("a") is not None)
    finally:
        engine.close()


def test_n13_an_inbox_that_cannot_be_emptied_is_reported_and_the_engine_goes_on(tmp_path: Path) -> None:
    if os.geteuid():
        pytest.skip("only root can mount")
    engine = EngineService(Home.at(tmp_path / "home"))
    folder = engine.home.inbox
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        engine.close()
        pytest.skip("nothing can be mounted here")
    try:
        drop(folder, "a")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        step_until(engine, lambda: problems(engine) != [])
        assert "Read-only file system" in problems(engine)[-1]
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        step_until(engine, lambda: engine.store.get_job("a") is not None)
    finally:
        engine.close()
        subprocess.run(["umount", str(folder)], check=True)


def test_files_dropped_together_share_a_transaction_and_a_refused_one_holds_up_no_other(
    bench: InboxBench,
) -> None:
    bench.put("first.json", {"tool": "shell", "job_id": "taken", "command": {"exe": "true"}})
    bench.scan_all()
    commits = 0

    def count() -> None:
        nonlocal commits
        commits += 1

    bench.store.database.after_commit = count
    for number in range(9):
        job_id = "taken" if number == 4 else f"new-{number}"
        job = {"tool": "shell", "job_id": job_id, "command": {"exe": "true", "args": [str(number)]}}
        bench.put(f"{number}.json", job)
    whole = bench.scan_all()
    assert (len(whole.accepted), [path.name.partition("-")[2] for path in whole.rejected]) == (8, ["4.json"])
    assert "4.json: job_id:" in bench.reason("4.json")
    assert bench.job_ids() == {"taken", *(f"new-{number}" for number in range(9) if number != 4)}
    for number in range(10, 20):
        bench.put(f"{number}.json", {"tool": "shell", "job_id": f"more-{number}", "command": {"exe": "true"}})
    commits = 0
    assert len(bench.scan_all().accepted) == 10
    assert commits < 10


def test_the_jobs_of_files_of_one_turn_are_entered_together_and_the_folder_is_listed_once(
    bench: InboxBench,
) -> None:
    for number in range(40):
        waits_for = {"metadata": {"depends_on": [f"job-{number - 1}"]}} if number else {}
        bench.put(f"{number:02d}.json", {**python("pass", f"job-{number}"), **waits_for})
    bench.scan()
    inserted, listed = [], []
    with bench.store.database.write() as connection:
        driver(connection).set_trace_callback(
            lambda text: inserted.append(text) if text.startswith("BEGIN") else None
        )
    entries = bench.inbox._entries
    bench.inbox._entries = lambda: listed.append(1) or entries()  # type: ignore[method-assign, func-returns-value]
    bench.clock.step = TURN_S / 9  # so that a turn ends after a few files
    whole = bench.scan_all()
    assert len(whole.accepted) == 40
    assert len(inserted) <= 10
    assert len(listed) <= 3
    jobs = [bench.store.get_job(f"job-{number}") for number in range(40)]
    assert [job.depends_on for job in jobs if job is not None][1:3] == [("job-0",), ("job-1",)]
    assert len({job.run_id for job in jobs if job is not None}) == 40
    assert {run.title for run in bench.store.list_recent_runs(50)} == {
        f"{number:02d}" for number in range(40)
    }


def test_a_file_that_came_while_a_drop_is_taken_in_is_taken_in_too(bench: InboxBench) -> None:
    for number in range(20):
        bench.put(f"{number:02d}.json", python("pass", f"job-{number}"))
    bench.scan()
    bench.clock.step = TURN_S / 3
    assert bench.scan(STILL_S).more
    bench.put("00-late.json", python("pass", "late"))
    bench.put("99-late.json", python("pass", "later"))
    bench.scan_all()
    assert {"late", "later"} <= bench.job_ids()
    assert bench.count() == (22, 0, 0)
