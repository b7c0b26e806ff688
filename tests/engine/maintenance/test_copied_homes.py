"""A4: a copy of a home is another home. It kills nothing of the original's and runs nothing of it a second time.

The originals are real: an engine of their own and jobs that write a line when they begin and one when they end.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.runners import process_tree
from engine.system import home_identity
from engine.system.home import Home
from engine.trust.trust_store import TrustStore
from state.records import HoldCause, JobStatus
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.long_forms import in_turn
from tests.helpers.patience import PATIENCE_S

JOB = """
import pathlib, sys, time
ledger, gate = map(pathlib.Path, sys.argv[1:])
with ledger.open("a") as file: file.write("S\\n")
while not gate.exists(): time.sleep(0.02)
with ledger.open("a") as file: file.write("E\\n")
"""


class Original(CommandLine):
    """A home whose job `a` runs until `finish`, or until it is killed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ledger, self.gate = folder / "ledger", folder / "gate"

    def job_file(self, job_id: str = "a", **metadata: object) -> Path:
        """A job that may be run again whenever it was interrupted."""
        command = {"exe": sys.executable, "args": ["-c", JOB, str(self.ledger), str(self.gate)]}
        metadata = {"on_interrupted": "rerun", **metadata}
        job = {"job_id": job_id, "tool": "shell", "command": command, "metadata": metadata}
        return self.file(f"{job_id}.json", job)

    def lines(self) -> str:
        """What was written so far, a letter a line."""
        return self.ledger.read_text().replace("\n", "") if self.ledger.exists() else ""

    def at(self, root: Path) -> "Original":
        """Commands to another home, about the same files."""
        other = Original(self.folder)
        other.home = Home.at(root)
        return other

    def engine(self) -> None:
        """An engine in a process of its own, until it is idle; it ends with 3 where a job waits for a person."""
        argv = [sys.executable, "-m", "engine", "engine", "--until-idle", "--home", str(self.home.root)]
        done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode in {0, 3}, done


@pytest.fixture
def original(tmp_path: Path) -> Original:
    return Original(tmp_path)


@contextmanager
def running(original: Original, *, killed: bool = False) -> Iterator[None]:
    """The job is at work, beside an engine that lives or was killed."""
    original("submit", original.job_file())
    with original.process("engine") as engine:
        until(lambda: original.lines() or None)
        if killed:
            engine.kill()
            engine.wait()
        yield
        original.gate.touch()
        if not killed:
            original.await_job("a", lambda job: job.status is JobStatus.COMPLETED)
            engine.send_signal(signal.SIGTERM)
            engine.wait()


def copied(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", source, target], check=True)


def packed(source: Path, target: Path) -> None:
    archive = target.with_suffix(".tar")
    subprocess.run(["tar", "-C", source, "--ignore-failed-read", "-cf", archive, "."], check=False)
    target.mkdir(mode=0o700)
    subprocess.run(["tar", "-C", target, "-xpf", archive], check=True)


def database_alone(source: Path, target: Path) -> None:
    Home.at(target)
    for name in ("signalbox.db", "signalbox.db-wal"):
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def over_another_home(source: Path, target: Path) -> None:
    """What rsync does to a home that was there before."""
    assert Home.at(target).home_id()
    shutil.copytree(source, target, dirs_exist_ok=True)


COPIES = [copied, packed, database_alone, over_another_home]


@pytest.mark.parametrize(("copy", "killed"), in_turn(COPIES, (False, True)))
def test_a_copied_home_neither_kills_nor_repeats_what_runs_in_the_original(
    original: Original, tmp_path: Path, copy: Callable[[Path, Path], None], *, killed: bool
) -> None:
    with running(original, killed=killed):
        copy(original.home.root, tmp_path / "home2")
        other = original.at(tmp_path / "home2")
        other.engine()
        job = other.job("a")
        assert (job.status, job.hold_cause) == (JobStatus.HELD, HoldCause.INTERRUPTED)
        assert "another home" in (job.hold_reason or "")
        assert original.lines() == "S"
        assert other("doctor", "--strict", "--json").json["breaches"] == []
    if killed:
        original.engine()
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"
    original("doctor", "--strict")
    other("doctor", "--strict")


def test_two_engines_on_a_home_and_its_copy_at_once_leave_each_other_alone(
    original: Original, tmp_path: Path
) -> None:
    with running(original):
        copied(original.home.root, tmp_path / "home2")
        other = original.at(tmp_path / "home2")
        other("submit", other.job_file("b"))
        with other.process("engine") as engine:
            until(lambda: original.lines() == "SS" or None)
            other("cancel", "a")
            other("cancel", "b")
            other.await_job("b", lambda job: job.status is JobStatus.CANCELLED)
            assert original.job("a").status is JobStatus.RUNNING
            engine.send_signal(signal.SIGTERM)
            engine.wait()
    assert original.lines() == "SSE"


def test_what_was_queued_in_the_original_waits_in_a_copy_until_a_person_releases_it(
    original: Original, tmp_path: Path
) -> None:
    original("submit", original.job_file())
    original.gate.touch()
    copied(original.home.root, tmp_path / "home2")
    other = original.at(tmp_path / "home2")
    other("submit", other.job_file("b"))
    other.engine()
    assert {job["job_id"]: job["status"] for job in other("jobs", "--json").json} == {
        "a": "held",
        "b": "completed",
    }
    assert other.job("a").hold_cause is HoldCause.COPIED
    original.engine()
    assert original.lines() == "SESE"
    other("release", "a")
    other.engine()
    assert other.job("a").status is JobStatus.COMPLETED


def test_a_cancel_of_a_job_that_ran_in_the_original_gets_done_in_the_copy(
    original: Original, tmp_path: Path
) -> None:
    with running(original):
        copied(original.home.root, tmp_path / "home2")
        other = original.at(tmp_path / "home2")
        other("cancel", "a")
        other.engine()
        assert other.job("a").status is JobStatus.CANCELLED
        assert original.job("a").status is JobStatus.RUNNING


def moved(home: Path, tmp_path: Path) -> Path:
    return home.rename(tmp_path / "moved")


def linked(home: Path, tmp_path: Path) -> Path:
    (tmp_path / "link").symlink_to(home)
    return tmp_path / "link"


def after_a_reboot(home: Path, tmp_path: Path) -> Path:
    del tmp_path
    saved = json.loads((home / "home_id").read_text())
    saved |= {"boot": "another", "device": saved["device"] + 1}
    (home / "home_id").write_text(json.dumps(saved))
    return home


def of_a_former_release(home: Path, tmp_path: Path) -> Path:
    del tmp_path
    (home / "home_id").write_text(json.loads((home / "home_id").read_text())["home_id"] + "\n")
    return home


@pytest.mark.parametrize("same", [moved, linked, after_a_reboot, of_a_former_release])
def test_a_home_that_is_still_the_same_takes_up_what_ran(
    original: Original, tmp_path: Path, same: Callable[[Path, Path], Path]
) -> None:
    with running(original, killed=True):
        was = original.home.home_id()
        pid = shim_of(original.home)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists() or None)
        again = original.at(same(original.home.root, tmp_path))
        assert again.home.home_id() == was
        original.gate.touch()
        again.engine()
    assert again.job("a").status is JobStatus.COMPLETED, "it was interrupted and run again"
    assert original.lines() == "SSE"


def shim_of(home: Home) -> int:
    """The process beside the one attempt of a home."""
    (folder,) = home.attempts.iterdir()
    ((pid, _),) = process_tree.shims_on(folder)
    return pid


def test_a_home_of_a_former_release_is_bound_once_and_its_copies_are_homes_of_their_own(
    tmp_path: Path,
) -> None:
    first = Home.at(tmp_path / "first")
    (first.root / "home_id").write_text("0123456789abcdef\n")
    assert (first.home_id(), first.home_id()) == ("0123456789abcdef", "0123456789abcdef")
    copied(first.root, tmp_path / "second")
    second = Home.at(tmp_path / "second")
    assert second.home_id() not in {"0123456789abcdef", ""}
    assert second.home_id() == second.home_id()


def test_a_home_on_another_machine_is_another_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home.at(tmp_path / "home")
    here = home.home_id()
    machine = tmp_path / "machine-id"
    machine.write_text("another machine\n")
    monkeypatch.setattr(home_identity, "_MACHINE_IDS", (str(machine),))
    there = home.home_id()
    assert there != here
    assert home.home_id() == there


def test_a_machine_that_is_given_an_id_is_the_one_that_was_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, machine = Home.at(tmp_path / "home"), tmp_path / "machine-id"
    monkeypatch.setattr(home_identity, "_MACHINE_IDS", (str(machine),))
    unnamed = home.home_id()
    machine.write_text("this machine\n")
    assert home_identity.known_identity(home.root) == unnamed
    assert home.home_id() == unnamed
    monkeypatch.setattr("socket.gethostname", lambda: "renamed")
    assert home.home_id() == unnamed  # by its id, as it is bound to that now


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"home_id": 5}', "\udcff", '{"home_id": "../../x"}'])
def test_an_identity_that_cannot_be_read_is_made_anew(tmp_path: Path, content: str) -> None:
    home = Home.at(tmp_path / "home")
    (home.root / "home_id").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert home.home_id() == home.home_id()
    assert len(home.home_id()) == 16


def test_what_was_allowed_for_one_job_does_not_hold_in_a_copy(original: Original, tmp_path: Path) -> None:
    (original.home.inbox / "b.json").write_text(json.dumps(python("print(1)", "b")))
    original.engine()
    assert original.job("b").hold_cause in {HoldCause.TRUST, HoldCause.INBOX}
    original("release", "b")
    copied(original.home.root, tmp_path / "home2")
    other = original.at(tmp_path / "home2")
    other("submit", other.job_file("c"))
    other("release", "b")
    original.gate.touch()
    other.engine()
    assert other.job("b").hold_cause is HoldCause.TRUST
    original.engine()
    assert original.job("b").status is JobStatus.COMPLETED
    assert not TrustStore().grants() or all(
        not grant.source.endswith("b.json") for grant in TrustStore().grants()
    )


def test_a_copy_watches_its_own_inbox(original: Original, tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir(mode=0o700)
    original("settings", "set", "inbox", tmp_path / "drop")
    original("submit", original.job_file())
    copied(original.home.root, tmp_path / "home2")
    other = original.at(tmp_path / "home2")
    other.engine()
    with other.store() as store:
        assert store.settings().inbox_folder(other.home) == other.home.inbox
    with original.store() as store:
        assert store.settings().inbox_folder(original.home) == tmp_path / "drop"
