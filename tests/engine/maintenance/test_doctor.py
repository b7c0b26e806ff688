"""What the doctor reports about a home and a machine, and that it finds every invariant broken on purpose."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.maintenance import doctor, home_invariants
from engine.runners import layout, native_shim
from engine.runners.shim_program import CHOICE
from engine.system.display import probe_qt, window_problem
from engine.system.home import Home
from state.migrations import REVISIONS
from state.records import Origin
from tests.helpers.command_line import CommandLine, python, until
from tests.helpers.patience import PATIENCE_S

HERE = Path(__file__).resolve().parents[3]


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def lived_in(signalbox: CommandLine) -> CommandLine:
    """A home in which a job has run."""
    signalbox("run", signalbox.file("a.json", python("print(1)", "a")))
    return signalbox


def codes(home: Home) -> list[str]:
    return [breach.code for breach in home_invariants.breaches(home)]


# --- strict --------------------------------------------------------------------------------------------------------


def test_a_home_in_which_jobs_ran_keeps_every_invariant_and_the_check_is_quick(lived_in: CommandLine) -> None:
    begun = time.thread_time()
    assert home_invariants.breaches(lived_in.home) == []
    assert time.thread_time() - begun < 1.0
    for words in (
        ("note", "a", "Ask Anna."),
        ("label", "a", "--add", "flaky"),
        ("label", "a", "--add", "slow"),
    ):
        lived_in(*words)
    assert lived_in("doctor", "--strict").out.endswith(": I1, I2, I3, I4, I5, I6, I7, I9, I10.\n")


def test_a_home_without_a_database_has_no_breaches_and_gets_no_database(signalbox: CommandLine) -> None:
    signalbox("doctor", "--strict")
    assert not signalbox.home.database.exists()


def test_each_invariant_is_described_in_a_sentence() -> None:
    assert sorted(home_invariants.INVARIANTS, key=lambda code: int(code[1:])) == [
        "I1", "I2", "I3", "I4", "I5", "I6", "I7", "I9", "I10",
    ]  # fmt: skip
    assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in home_invariants.INVARIANTS.values())


def test_a_breach_exits_with_1_and_says_which_invariant_is_broken_where(lived_in: CommandLine) -> None:
    altered = sqlite3.connect(lived_in.home.database)
    altered.execute("UPDATE jobs SET status = 'running' WHERE job_id = 'a'")
    altered.commit()
    altered.close()
    answer = lived_in("doctor", "--strict", code=1)
    assert "I3 is broken: Job a is running and has 0 running attempts." in answer.err
    report = lived_in("doctor", "--strict", "--json", code=1).json
    assert {breach["invariant"] for breach in report["breaches"]} == {"I2", "I3", "I6"}


def test_files_that_others_could_read_are_found(lived_in: CommandLine) -> None:
    home = lived_in.home
    (attempt,) = home.attempts.iterdir()
    for path in (home.root / "home_id", attempt / "stdout", home.logs):
        mode = path.stat().st_mode
        path.chmod(mode | 0o044)
        assert codes(home) == ["I9"], path
        path.chmod(mode)
    assert codes(home) == []


def test_files_that_others_put_in_may_have_any_mode(lived_in: CommandLine) -> None:
    home = lived_in.home
    (attempt,) = home.attempts.iterdir()
    (home.root / "demo").mkdir(mode=0o700)
    for path in (home.inbox / "dropped.json", attempt / "junit.xml", home.root / "demo" / "README"):
        path.touch()
        path.chmod(0o666)
    assert codes(home) == []


def test_everything_a_run_leaves_is_closed_to_others_whatever_the_umask(signalbox: CommandLine) -> None:
    before = os.umask(0)
    try:
        with signalbox.process("run", signalbox.file("a.json", python("print(1)", "a"))) as started:
            assert started.wait(PATIENCE_S) == 0
    finally:
        os.umask(before)
    assert codes(signalbox.home) == []


def test_a_process_left_by_an_ended_attempt_is_found_and_others_are_not(lived_in: CommandLine) -> None:
    home = lived_in.home
    (attempt,) = home.attempts.iterdir()
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    for marker, found in {f"{attempt.name}": ["I4"], "1-of-another-home": [], "nonsense": []}.items():
        with subprocess.Popen(sleeper, env={**os.environ, layout.MARKER: marker}) as left:
            until(lambda pid=left.pid: b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes() or None)  # type: ignore[misc]  # bound per turn
            assert codes(home) == found
            left.kill()


def test_a_rejected_file_without_its_reason_is_found(lived_in: CommandLine) -> None:
    rejected = lived_in.home.inbox / "rejected"
    rejected.mkdir(mode=0o700)
    (rejected / "bad.json").touch()
    assert codes(lived_in.home) == ["I1"]
    (rejected / "bad.json.reason").touch()
    (
        rejected / ".bad.json.reason.0123456789ab"
    ).touch()  # an engine was killed before the reason had its name
    assert codes(lived_in.home) == []


def test_the_file_of_a_waiting_job_is_kept(signalbox: CommandLine) -> None:
    home = signalbox.home
    source = home.accepted / "cafe-0123-a.json"
    with signalbox.store() as store:
        signalbox("submit", signalbox.file("a.json", python("1", "a")))
        with store.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE jobs SET origin = ?, source_path = ?", (Origin.INBOX, str(source))
            )
    assert codes(home) == ["I1"]
    taking = home.inbox / ".taking"
    taking.mkdir(mode=0o700)
    (taking / "0123-a.json").touch()  # committed, and killed before it was moved
    assert codes(home) == []


def test_a_database_log_that_only_grows_is_found(lived_in: CommandLine) -> None:
    wal = lived_in.home.database.with_name("signalbox.db-wal")
    with wal.open("ab") as file:
        file.truncate(home_invariants.WAL_BUDGET + 1)
    wal.chmod(0o600)
    assert "I10" in codes(lived_in.home)


@pytest.mark.parametrize("at", [0, 4096 * 3])
def test_a_damaged_database_is_a_breach_and_not_a_crash(lived_in: CommandLine, at: int) -> None:
    with lived_in.home.database.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * 4096 * 4)
    assert set(codes(lived_in.home)) == {"I7"}


def test_a_database_of_a_newer_release_is_reported_and_not_changed(lived_in: CommandLine) -> None:
    newer = sqlite3.connect(lived_in.home.database)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    before = lived_in.home.database.read_bytes()
    assert "schema version is 9999" in lived_in("doctor", "--strict", code=1).err
    assert lived_in.home.database.read_bytes() == before


# --- what can be used here -----------------------------------------------------------------------------------------


def level_of(home: Home, topic: str) -> tuple[str, str]:
    (found,) = [one for one in doctor.examine(home) if one.topic == topic]
    return found.level, found.text


def test_the_doctor_reports_home_database_inbox_tools_and_window(lived_in: CommandLine) -> None:
    findings = {finding["topic"]: finding for finding in lived_in("doctor", "--json").json}
    assert {"home", "database", "inbox", "space", "shell", "tests", "git", "aider", "window"} <= set(findings)
    assert all(
        findings[topic]["level"] == "ok" for topic in ("home", "database", "inbox", "shell", "tests", "git")
    )
    assert f"schema {REVISIONS[-1]}" in findings["database"]["text"]
    assert re.search(r"\d+\.\d+.* /.*git$", findings["git"]["text"])
    assert findings["window"]["text"].startswith("Qt 6.")


def test_a_missing_tool_is_a_note_and_not_a_problem(
    lived_in: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    from engine.system.tool_paths import search_path  # noqa: PLC0415 - only to forget the PATH it remembers

    search_path.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setenv("SHELL", "")
    try:
        level, text = level_of(lived_in.home, "aider")
    finally:
        search_path.cache_clear()
    assert level == "note"
    assert "was not found" in text


def test_an_inbox_that_is_missing_or_open_to_others_is_a_problem(lived_in: CommandLine) -> None:
    home = lived_in.home
    home.inbox.chmod(0o777)
    level, text = level_of(home, "inbox")
    assert (level, "chmod 700" in text) == ("problem", True)
    home.inbox.rmdir()
    # `Home.at` would make it again, so the home is examined as it is.
    assert level_of(home, "inbox")[0] == "problem"


def test_a_file_that_is_not_a_database_is_a_problem_and_is_left_unchanged(signalbox: CommandLine) -> None:
    signalbox.home.database.write_bytes(b"not a database, but a letter to my aunt")
    signalbox.home.database.chmod(0o600)
    answer = signalbox("doctor", code=1)
    assert "is not a Signalbox database" in answer.out
    assert signalbox.home.database.read_bytes().startswith(b"not a database")


def test_a_home_open_to_others_is_a_problem_that_says_how_to_close_it(lived_in: CommandLine) -> None:
    (lived_in.home.root / "home_id").chmod(0o644)
    level, text = level_of(lived_in.home, "home")
    assert level == "problem"
    assert f"chmod -R go= {lived_in.home.root}" in text


def test_files_of_worktrees_have_the_modes_of_the_repository_wherever_the_settings_have_them_made(
    lived_in: CommandLine,
) -> None:
    tree = lived_in.home.root / "trees" / "run" / "stream"
    tree.mkdir(parents=True, mode=0o755)
    (tree / "program").touch(mode=0o755)
    (lived_in.home.root / "trees").chmod(0o700)
    assert level_of(lived_in.home, "home")[0] == "problem"
    lived_in("settings", "set", "worktrees_folder", str(lived_in.home.root / "trees"))
    assert level_of(lived_in.home, "home")[0] == "ok"
    assert "I9" not in codes(lived_in.home)


def test_qt_is_probed_in_a_process_of_its_own() -> None:
    code = (
        "import sys; from engine.system.display import probe_qt; print(probe_qt().text); "
        "sys.exit('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith("Qt 6.")
    assert probe_qt().problem == ""


def test_a_window_can_be_opened_if_there_is_a_display_or_none_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert window_problem() == ""  # the tests run offscreen
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert "There is no display" in window_problem()
    monkeypatch.setenv("WAYLAND_DISPLAY", f"wayland-of-{socket.gethostname()}")
    assert window_problem() == ""


# --- pytest and log-ins ---------------------------------------------------------------------------------------------


def of_topic(signalbox: CommandLine, topic: str) -> list[tuple[str, str]]:
    report = signalbox.result_of("doctor", "--json").json
    return [(one["level"], one["text"]) for one in report if one["topic"] == topic]


def test_t6_the_doctor_says_which_python_has_pytest_and_starts_none_of_a_repository(
    signalbox: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, ran = tmp_path / "repo", tmp_path / "ran"
    python_of_repo = repo / ".venv" / "bin" / "python"
    python_of_repo.parent.mkdir(parents=True)
    python_of_repo.write_text(f"#!/bin/sh\ntouch {ran}\n")
    python_of_repo.chmod(0o755)
    (repo / ".venv" / "lib" / "python3.11" / "site-packages" / "pytest").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    job = {"tool": "tests", "job_id": "t", "paths": {"repo_root": str(repo)}}
    signalbox("submit", signalbox.file("t.json", job))
    assert of_topic(signalbox, "pytest")[1:] == [("ok", f"{python_of_repo} has pytest, for {repo}")]
    assert not ran.exists()


def test_t6_the_doctor_says_where_no_python_has_pytest(
    signalbox: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("engine.maintenance.pytest_check.has_pytest", lambda python: python == "")
    [(level, text)] = of_topic(signalbox, "pytest")
    assert level == "note"
    assert text.startswith(f"no Python for {tmp_path} has pytest; install pytest into its .venv")


def test_t6_the_doctor_warns_of_a_tool_nobody_is_logged_in_to_and_of_a_version_never_tried(
    signalbox: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "claude"
    tool.write_text("#!/bin/sh\necho 0.0.1\n")
    tool.chmod(0o755)
    signalbox("settings", "set", "tool_paths", "claude", str(tool))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CONFIG_DIR"):
        monkeypatch.delenv(name, raising=False)
    [(level, text)] = of_topic(signalbox, "claude")
    assert level == "note"
    assert "version 0.0.1 is older than" in text
    assert "nobody seems to be logged in" in text
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    [(_, text)] = of_topic(signalbox, "claude")
    assert "somebody is logged in" in text


@pytest.mark.parametrize(
    ("choice", "level"), [("", "ok"), ("compiled", "ok"), ("python", "note"), ("rust", "problem")]
)
def test_the_doctor_names_the_shim(monkeypatch: pytest.MonkeyPatch, choice: str, level: str) -> None:
    if choice in {"", "compiled"} and native_shim.built() is None:
        pytest.skip("no compiled shim could be built here")
    monkeypatch.setenv(CHOICE, choice)
    finding = doctor._shim()
    assert finding.level == level
    assert choice in finding.text
