"""The tests after an edit through the command line: run once, stopped with the attempt, shown, masked and trusted."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from state.records import Attempt
from tests.engine.adapters.test_baseline import ENDS, Claude, judged
from tests.helpers.command_line import until
from tests.helpers.patience import PATIENCE_S
from tests.helpers.small_repository import small_repository

FAILING = "def test_hello():\\n    assert 1 == 2\\n"


@pytest.fixture
def claude(tmp_path: Path) -> Claude:
    return Claude(tmp_path, small_repository(tmp_path / "repo"))


def shell(code: str) -> dict[str, Any]:
    return {"tests": {"command": {"exe": "/bin/sh", "args": ["-c", code]}}}


def stream(claude: Claude, attempt: Attempt, name: str = "tests") -> str:
    return (claude.folder(attempt) / name).read_text()


def test_t6_failing_tests_go_into_the_next_attempts_prompt_and_passing_ones_complete_the_job(
    claude: Claude,
) -> None:
    first, second = claude(
        f"printf '{FAILING}' > test_it.py; {ENDS}",
        f"cat > {claude.repo.parent}/prompt.txt; printf 'def test_hello(): pass' > test_it.py; {ENDS}",
        evidence={"tests": {"paths": ["test_it.py"]}},
    )
    assert judged([first, second]) == ["tests_failed", "completed"]
    assert first.result["metadata"]["tests"]["failing"] == ["test_it::test_hello"]
    assert "test_it::test_hello" in (claude.repo.parent / "prompt.txt").read_text()
    assert claude.run.job("mend").status == "completed"
    assert "Its tests: 1 passed." in claude.run("show", "mend").out
    logs = claude.run("logs", "mend").out
    assert "Tests: " in logs
    assert "1 failed" in logs
    assert "assert 1 == 2" in stream(claude, first)


def test_t6_show_and_validate_list_the_tests(claude: Claude) -> None:
    file = claude.job(evidence=shell("exit 0"))
    assert "tested after its edit by /bin/sh -c exit 0" in claude.run("validate", file).out
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    claude.run("run", file)
    assert "/bin/sh -c 'exit 0'" in claude.run("show", "mend").out


def test_t6_the_tests_are_trusted_like_a_command(claude: Claude) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    file = claude.job(evidence=shell("exit 0"))
    shown = claude.run("trust", "show", file).out
    assert "Then tests" in shown
    assert "/bin/sh -c exit 0" in shown
    assert "runs tests after its edit" in shown
    refused = claude.run.result_of("run", file, trust=False)
    assert refused.code != 0
    assert "is not trusted" in refused.err
    claude.run("trust", "grant", file)
    other = json.loads(file.read_text())
    other["metadata"]["evidence"] = shell("exit 1")
    changed = claude.run.file("other.json", {**other, "job_id": "other"})
    assert claude.run.result_of("run", changed, trust=False).code != 0
    claude.run("run", file, trust=False)
    assert claude.run.job("mend").status == "completed"


def test_t6_a_retry_from_the_inbox_goes_on_although_the_first_attempt_has_edited(claude: Claude) -> None:
    """The grant is bound to the command of the tests, not to the files that the job edits."""
    claude.starts_as(f"echo more >> hello.py; {ENDS}", f"touch fixed; {ENDS}")
    file = claude.job(evidence={"tests": {"command": {"exe": "/usr/bin/test", "args": ["-e", "fixed"]}}})
    claude.run("trust", "grant", file)
    inbox = claude.run.home.inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "job.json").write_text(file.read_text())
    claude.run("engine", "--until-idle")
    assert judged(claude.attempts()) == ["tests_failed", "completed"]


def test_t6_a_secret_of_the_job_is_masked_in_what_the_tests_print(
    claude: Claude, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "canary-of-the-tests")
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    job = json.loads(claude.job(evidence=shell("echo token $MY_TOKEN; exit 1"), retries=0).read_text())
    claude.run.result_of("run", claude.run.file("job.json", {**job, "env": {"MY_TOKEN": "env:MY_TOKEN"}}))
    [attempt] = claude.attempts()
    assert attempt.failure_class == "tests_failed"
    assert "token " in stream(claude, attempt)
    for file in claude.folder(attempt).rglob("*"):
        assert not file.is_file() or b"canary-of-the-tests" not in file.read_bytes()
    assert "canary-of-the-tests" not in json.dumps(attempt.result)


def begun(claude: Claude) -> Attempt:
    """The attempt whose tests have begun."""

    def look() -> Attempt | None:
        attempts = claude.attempts()
        found = attempts[-1] if attempts else None
        return found if found and (claude.repo.parent / "begun").exists() else None

    return until(look)


def test_t6_cancelling_a_job_stops_its_tests(claude: Claude) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    claude.run("submit", claude.job(evidence=shell(f"touch {claude.repo.parent}/begun; exec sleep 600")))
    with claude.run.process("engine", "--until-idle") as engine:
        attempt = begun(claude)
        claude.run("cancel", "mend")
        assert engine.wait(PATIENCE_S) == 0
    assert judged(claude.attempts()) == ["cancelled"]
    assert not processes_of(attempt)


def test_t6_tests_outlive_a_killed_engine_run_once_and_the_next_engine_reads_their_end(
    claude: Claude,
) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    base = claude.repo.parent
    tests = (
        f"echo x >> {base}/runs; touch {base}/begun; while [ ! -e {base}/go ]; do sleep 0.05; done; exit 1"
    )
    claude.run("submit", claude.job(evidence=shell(tests), retries=0))
    with claude.run.process("engine", "--until-idle") as engine:
        begun(claude)
        engine.send_signal(signal.SIGKILL)
        engine.wait(PATIENCE_S)
    (base / "go").touch()
    claude.run.result_of("engine", "--until-idle")
    assert judged(claude.attempts()) == ["tests_failed"]
    assert (base / "runs").read_text() == "x\n"


def test_t6_tests_that_are_lost_with_their_shim_leave_an_unknown_outcome(claude: Claude) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    tests = shell("kill -9 $PPID; exec sleep 60")
    claude.run.result_of("run", claude.job(evidence=tests, retries=0))
    [attempt] = claude.attempts()
    assert attempt.failure_class == "interrupted"
    assert not processes_of(attempt)


def test_t6_a_time_limit_holds_for_the_tests_too(claude: Claude) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    claude.run.result_of("run", claude.job(evidence=shell("exec sleep 600"), retries=0, timeout_seconds=5.0))
    [attempt] = claude.attempts()
    assert attempt.failure_class == "timeout"
    assert "Its tests were running." in attempt.summary


def processes_of(attempt: Attempt) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"SIGNALBOX_ATTEMPT={attempt.folder_name}".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return [each for each in found if each and str(os.getpid()) != each]
