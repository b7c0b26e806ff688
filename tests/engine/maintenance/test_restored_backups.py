"""A5, A6: a restored backup is brought up to date with what runs, what has ended and what belongs to another home."""

import os
import shutil
import signal
from pathlib import Path

import psutil
import pytest

from engine.host import restoring
from engine.system.home import Home
from state.records import HoldCause, JobStatus
from tests.engine.maintenance.test_copied_homes import Original, shim_of
from tests.helpers.command_line import until
from tests.helpers.long_forms import in_turn
from tests.helpers.patience import PATIENCE_S


@pytest.fixture
def original(tmp_path: Path) -> Original:
    return Original(tmp_path)


def saved(original: Original) -> str:
    return original("backup").out.strip()


def start_and_kill_the_engine(original: Original) -> None:
    """The job is at work and its engine is gone."""
    with original.process("engine") as engine:
        until(lambda: original.lines() or None)
        engine.kill()
        engine.wait()


def end_the_job(original: Original) -> None:
    """Let the job end with nobody there but its shim."""
    pid = shim_of(original.home)
    original.gate.touch()
    until(lambda: not Path(f"/proc/{pid}").exists() or None)


def works(shim: psutil.Process) -> bool:
    """Whether it is neither gone nor a zombie that nobody has waited for."""
    try:
        return shim.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def resume(original: Original) -> None:
    original("resume")
    original.engine()


def test_a_backup_restored_into_another_home_ends_what_ran_in_the_first(
    original: Original, tmp_path: Path
) -> None:
    original("submit", original.job_file())
    start_and_kill_the_engine(original)
    backup = saved(original)
    other = original.at(tmp_path / "home2")
    other("backup", "--restore", backup)
    job = other.job("a")
    assert (job.status, job.hold_cause) == (JobStatus.HELD, HoldCause.INTERRUPTED)
    assert "another home" in (job.hold_reason or "")
    other("doctor", "--strict")
    resume(other)
    assert original.lines() == "S"
    end_the_job(original)
    original.engine()
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"


def test_a_database_put_into_another_home_by_hand_is_found_by_the_doctor_and_settled_by_an_engine(
    original: Original, tmp_path: Path
) -> None:
    original("submit", original.job_file())
    start_and_kill_the_engine(original)
    backup = saved(original)
    other = original.at(tmp_path / "home2")
    other.home.database.write_bytes(Path(backup).read_bytes())
    other.home.database.chmod(0o600)
    found = other("doctor", "--strict", code=1).err
    assert "Attempt 1 of job a is recorded as running, but ran in another home" in found
    assert "signalbox engine --until-idle" in found
    other("cancel", "a")
    other.engine()
    assert other.job("a").status is JobStatus.CANCELLED
    other("doctor", "--strict")
    end_the_job(original)


@pytest.mark.parametrize(
    ("taken", "then"), in_turn(("queued", "running", "held"), ("it still runs", "it ended", "it was killed"))
)
def test_a_backup_restored_after_its_job_was_started_neither_loses_nor_repeats_it(
    original: Original, taken: str, then: str
) -> None:
    original("submit", original.job_file(on_interrupted="hold"))
    if taken == "held":
        original("hold", "a")
    backup = "" if taken == "running" else saved(original)
    if taken == "held":
        original("release", "a")
    start_and_kill_the_engine(original)
    backup = backup or saved(original)
    if then == "it ended":
        end_the_job(original)
    if then == "it was killed":
        pid = shim_of(original.home)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not Path(f"/proc/{pid}").exists() or None)
    answer = original("backup", "--restore", backup).out
    job = original.job("a")
    match then:
        case "it still runs":
            assert "Still running: a." in answer
            assert job.status is JobStatus.RUNNING
            end_the_job(original)
            resume(original)
            assert original.job("a").status is JobStatus.COMPLETED
        case "it ended":
            assert job.status is JobStatus.COMPLETED
            resume(original)
        case _:
            assert (job.status, job.hold_cause) == (JobStatus.HELD, HoldCause.INTERRUPTED)
            resume(original)
    assert original.lines() == ("S" if then == "it was killed" else "SE")
    original("doctor", "--strict")


@pytest.mark.parametrize("on_interrupted", ["rerun", "hold"])
def test_a6_where_an_older_copy_of_the_home_takes_its_place_what_still_runs_ends_before_anything_starts(
    original: Original, tmp_path: Path, on_interrupted: str
) -> None:
    """As with tar or rsync: the home is the same folder, and the attempts since the copy have none any more."""
    original("submit", original.job_file(on_interrupted=on_interrupted))
    root = original.home.root
    shutil.copytree(root, tmp_path / "copy")
    start_and_kill_the_engine(original)
    shim = psutil.Process(shim_of(original.home))
    for path in root.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(tmp_path / "copy", root, dirs_exist_ok=True)
    assert "still runs" in original("doctor", "--strict", code=1).err
    if on_interrupted == "hold":
        original.engine()
        job = original.job("a")
        assert (job.status, job.hold_cause) == (JobStatus.HELD, HoldCause.INTERRUPTED)
    else:
        with original.process("engine") as engine:
            until(lambda: original.lines() == "SS" or None)
            assert not works(shim)
            original.gate.touch()
            original.await_job("a", lambda job: job.status is JobStatus.COMPLETED)
            engine.terminate()
            engine.wait()
    assert not works(shim)
    assert original.lines() == ("S" if on_interrupted == "hold" else "SSE")
    original("doctor", "--strict")


def test_a5_a_restored_backup_that_cannot_be_settled_yet_is_reported_as_restored(original: Original) -> None:
    original("submit", original.job_file())
    backup = saved(original)
    start_and_kill_the_engine(original)
    end_the_job(original)
    engines = original.home.engines
    shutil.rmtree(engines)
    engines.write_text("no folder")
    with pytest.raises(restoring.UnsettledError, match=r"^The backup was restored, but .+ The next engine"):
        restoring.restore(original.home, Path(backup))
    engines.unlink()
    resume(original)
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"


@pytest.mark.parametrize("point", ["set_aside", "restored"])
def test_a_restore_that_is_killed_starts_nothing_and_can_be_repeated(
    original: Original, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    original("submit", original.job_file())
    backup = saved(original)
    start_and_kill_the_engine(original)
    with monkeypatch.context() as faulty:
        faulty.setenv("SIGNALBOX_FAULT", point)
        with original.process("backup", "--restore", backup) as restoring:
            assert restoring.wait(PATIENCE_S) == -signal.SIGKILL
    if point == "restored":
        original("submit", original.job_file("b", on_interrupted="hold"))
        with original.process("engine") as engine:
            original.await_job("a", lambda job: job.status is JobStatus.RUNNING)
            engine.kill()
            engine.wait()
        assert original.job("b").status is JobStatus.QUEUED
    original("backup", "--restore", backup)
    end_the_job(original)
    resume(original)
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"
    original("doctor", "--strict")


def test_an_older_database_put_back_by_hand_is_brought_up_to_date_by_the_next_engine(
    original: Original,
) -> None:
    original("submit", original.job_file())
    backup = saved(original)
    start_and_kill_the_engine(original)
    for part in ("-wal", "-shm"):
        original.home.database.with_name(f"signalbox.db{part}").unlink(missing_ok=True)
    original.home.database.write_bytes(Path(backup).read_bytes())
    pid = shim_of(original.home)
    found = original("doctor", "--strict", code=1).err
    assert "of job a still runs" in found
    assert f"kill {pid}" in found
    original("submit", original.job_file("b"))
    with original.process("engine", "--until-idle") as engine:
        original.await_job("a", lambda job: job.status is JobStatus.RUNNING)
        until(lambda: original.lines() == "SS" or None)
        original.gate.touch()
        engine.wait()
    assert original.lines() == "SSEE"
    assert original.job("a").attempts == 1
    original("doctor", "--strict")


def test_of_several_attempts_that_a_backup_does_not_know_the_last_one_counts(original: Original) -> None:
    original("submit", original.job_file())
    backup = saved(original)
    start_and_kill_the_engine(original)
    os.kill(shim_of(original.home), signal.SIGKILL)
    with original.process("engine") as engine:
        until(lambda: original.lines() == "SS" or None)
        engine.kill()
        engine.wait()
    original("backup", "--restore", backup)
    assert (original.job("a").status, original.job("a").attempts) == (JobStatus.RUNNING, 2)
    original.gate.touch()
    resume(original)
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SSE"
    original("doctor", "--strict")


def test_a_running_job_that_the_backup_does_not_know_is_reported_and_left_alone(original: Original) -> None:
    original("submit", original.job_file("b", on_interrupted="hold"))
    original("hold", "b")
    backup = saved(original)
    original("submit", original.job_file())
    start_and_kill_the_engine(original)
    original("backup", "--restore", backup)
    found = original("doctor", "--strict", code=1).err
    assert "of job a still runs" in found
    resume(original)
    assert original.lines() == "S"
    end_the_job(original)
    original("doctor", "--strict")


def test_a_job_that_neither_an_engine_nor_a_process_has_is_found_and_settled(original: Original) -> None:
    original("submit", original.job_file(on_interrupted="hold"))
    start_and_kill_the_engine(original)
    pid = shim_of(original.home)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists() or None)
    found = original("doctor", "--strict", code=1).err
    assert "is recorded as running, but has no process and no engine" in found
    original.engine()
    original("doctor", "--strict")


def test_folders_of_attempts_that_no_row_names_are_a_note_of_the_doctor(
    original: Original, tmp_path: Path
) -> None:
    original("submit", original.job_file())
    original.gate.touch()
    original.engine()
    other = original.at(tmp_path / "home2")
    for folder in original.home.attempts.iterdir():
        folder.rename(other.home.attempts / folder.name)
    other("jobs")
    other.engine()
    assert other("jobs", "--json").json == []
    found = [one for one in other("doctor", "--json").json if one["topic"] == "attempts"]
    assert [one["level"] for one in found] == ["note"]
    assert "1 folder" in found[0]["text"]
    other("doctor", "--strict")


def test_a_home_without_its_identity_file_still_has_its_living_jobs(original: Original) -> None:
    original("submit", original.job_file())
    start_and_kill_the_engine(original)
    (original.home.root / "home_id").unlink()
    with original.process("engine", "--until-idle") as engine:
        original.await_job("a", lambda job: job.status is JobStatus.RUNNING)
        original.gate.touch()
        engine.wait()
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"
    assert Home.at(original.home.root).home_id()
