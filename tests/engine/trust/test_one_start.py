"""A grant for one start: whatever is killed, it is used by exactly one job, or not at all."""

import shutil
from pathlib import Path

import pytest

from engine.trust.trust_store import TrustStore
from tests.helpers.command_line import CommandLine
from tests.helpers.long_forms import in_turn
from tests.helpers.patience import PATIENCE_S
from tests.helpers.trusted_repository import listed, repository, shell

KILLED = -9
WHILE_A_FILE_IS_ACCEPTED = ["grant_used", "before_accept", "accepted"]
WHILE_A_COMMAND_QUEUES = ["grant_used", "queued"]


class Bench:
    """A job file that was trusted for one start, and the command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, job_id: str | None) -> None:
        self.signalbox, self._faults = CommandLine(folder), monkeypatch
        self._starts = folder / "starts"
        words = ["sh", "-c", f"echo >> {self._starts}"]
        content = shell(repository(folder, has_git=False), words)
        del content["job_id"]
        self.file = self.signalbox.file("a.json", content if job_id is None else content | {"job_id": job_id})
        self.signalbox("trust", "grant", self.file, "--once")

    def drop(self) -> None:
        self.signalbox.home.inbox.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.file, self.signalbox.home.inbox)

    def run(self, *words: str | Path, fault: str = "") -> int:
        """Give a command as a process of its own, killed at this point."""
        with self._faults.context() as faults:
            faults.setenv("SIGNALBOX_FAULT", fault)
            with self.signalbox.process(*words, trust=False) as started:
                started.communicate(timeout=PATIENCE_S)
                return started.returncode

    def engine(self, *, fault: str = "") -> int:
        return self.run("engine", "--until-idle", fault=fault)

    def starts(self) -> int:
        return len(self._starts.read_text(encoding="utf-8").splitlines()) if self._starts.exists() else 0


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch, None)


@pytest.mark.parametrize(("point", "job_id"), in_turn(WHILE_A_FILE_IS_ACCEPTED, ("a", None)))
def test_a02_whatever_is_killed_while_a_file_is_accepted_its_grant_starts_one_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, job_id: str | None
) -> None:
    bench = Bench(tmp_path, monkeypatch, job_id)
    bench.drop()
    assert bench.engine(fault=point) == KILLED
    assert bench.engine() == 0
    assert bench.starts() == 1
    assert TrustStore().grants() == []
    bench.drop()
    bench.engine()
    assert bench.starts() == 1


@pytest.mark.parametrize("point", WHILE_A_COMMAND_QUEUES)
def test_a02_a_command_killed_while_it_queues_leaves_the_grant_unused_or_the_job_queued(
    bench: Bench, point: str
) -> None:
    assert bench.run("submit", bench.file, fault=point) == KILLED
    is_queued_again = bench.run("submit", bench.file) == 0
    assert is_queued_again == (point == "grant_used")
    assert TrustStore().grants() == []
    assert bench.engine() == 0
    assert bench.starts() == 1


def test_a02_a_grant_that_a_killed_command_had_begun_to_use_covers_the_file_in_the_inbox(
    bench: Bench,
) -> None:
    assert bench.run("submit", bench.file, fault="grant_used") == KILLED
    bench.drop()
    assert bench.engine() == 0
    assert bench.starts() == 1


def test_a02_a_grant_is_not_used_by_a_file_that_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch, "a")
    bench.signalbox("submit", bench.file, "--hold", trust=False)
    bench.drop()
    bench.engine()
    assert [grant.once for grant in TrustStore().grants()] == [True]


def test_a02_a_grant_is_not_used_by_a_command_that_is_refused(bench: Bench) -> None:
    other = bench.signalbox.file("b.json", shell(bench.file.parent, ["sh", "-c", "true"], job_id="other"))
    assert bench.run("submit", bench.file, other) != 0
    assert "once" in listed()
    assert bench.run("submit", bench.file) == 0


def test_a02_a_grant_is_listed_after_a_command_that_queued_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch, "a")
    bench.signalbox("submit", bench.file, "--hold", trust=False)
    assert bench.run("submit", bench.file) == 2
    assert "once" in listed()


def test_a02_of_two_homes_only_one_uses_a_grant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch, "a")
    assert bench.run("submit", bench.file, fault="grant_used") == KILLED
    (tmp_path / "elsewhere").mkdir()
    elsewhere = CommandLine(tmp_path / "elsewhere")
    elsewhere("submit", bench.file, trust=False, code=3)
    assert bench.run("submit", bench.file) == 0
    elsewhere("submit", bench.file, trust=False, code=3)


def test_a02_a_person_may_grant_again_what_a_killed_command_had_begun_to_use(bench: Bench) -> None:
    assert bench.run("submit", bench.file, fault="grant_used") == KILLED
    bench.signalbox("trust", "grant", bench.file, "--once")
    assert bench.run("submit", bench.file) == 0
    assert bench.run("submit", bench.file) != 0
    assert TrustStore().grants() == []
