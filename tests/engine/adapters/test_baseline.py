"""What a job changed counts from before its first attempt, whatever ended the attempts between."""

import json
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.state_store.job_state_store import JobStateStore
from state.records import Attempt
from tests.engine.adapters.test_evidence import program
from tests.helpers.attempts import Attempts, git_caller
from tests.helpers.command_line import CommandLine
from tests.helpers.patience import PATIENCE_S

DONE = json.dumps({"type": "result", "subtype": "success", "is_error": False, "result": "nothing to do"})
OVERLOADED = json.dumps(
    {
        "type": "result",
        "subtype": "success",
        "is_error": True,
        "api_error_status": 529,
        "result": "Overloaded",
    }
)
FAILS, ENDS = f"echo '{OVERLOADED}'; exit 1", f"echo '{DONE}'"


class Claude:
    """A claude that does something else at each start, and the job that it works on."""

    def __init__(self, folder: Path, repo: Path) -> None:
        self.run, self.repo, self.bin = CommandLine(folder), repo, folder / "bin"
        self.starts = folder / "starts"

    def starts_as(self, *starts: str) -> None:
        """What it does at its first start, at its second and so on; the last also ever after."""
        cases = [f"{number}) {does} ;;" for number, does in enumerate(starts, start=1)]
        lines = [f"echo x >> {self.starts}", f"n=$(wc -l < {self.starts})"]
        more = [f"[ $n -gt {len(starts)} ] && n={len(starts)}", "case $((n)) in", *cases, "esac"]
        tool = program(self.bin, "claude", *lines, *more)
        self.run("settings", "set", "tool_paths", "claude", str(tool))

    def job(self, *, retries: int = 1, **metadata: Any) -> Path:
        retry = {"limit": retries, "interval_sec": 0, "backoff": "immediate"}
        paths = {"repo_root": str(self.repo)}
        job = {"tool": "claude", "job_id": "mend", "prompt": "Mend it.", "paths": paths}
        # There an attempt goes on from what the last one left; a worktree is restored unless it says otherwise.
        where = {"isolation": "in_place"}
        return self.run.file("job.json", {**job, "metadata": {"retry": retry, **where, **metadata}})

    def __call__(self, *starts: str, **metadata: Any) -> Sequence[Attempt]:
        """Run the job with a claude that does this, and return its attempts."""
        self.starts_as(*starts)
        self.run.result_of("run", self.job(**metadata))
        return self.attempts()

    def attempts(self) -> list[Attempt]:
        with self.run.store() as store:
            assert isinstance(store, JobStateStore)
            return store.list_attempts("mend")

    def folder(self, attempt: Attempt) -> Path:
        return self.run.home.attempts / attempt.folder_name


@pytest.fixture
def claude(tmp_path: Path, repo: Path) -> Claude:
    return Claude(tmp_path, repo)


def judged(attempts: Sequence[Attempt]) -> list[str]:
    return [attempt.failure_class or attempt.status.value for attempt in attempts]


def changed(attempt: Attempt, key: str = "changed_files") -> list[str]:
    return [file["path"] for file in attempt.result["metadata"][key]]


@pytest.mark.parametrize("where", [{}, {"isolation": "worktree", "on_retry": "continue"}])
def test_t6_an_edit_before_an_error_of_the_provider_counts_for_the_attempt_that_finds_nothing_left_to_do(
    claude: Claude, where: dict[str, str]
) -> None:
    first, second = claude(f"echo more >> hello.py; {FAILS}", ENDS, **where)
    assert judged([first, second]) == ["network", "completed"]
    assert (changed(first), changed(second)) == (["hello.py"], [])
    assert changed(second, "job_changed_files") == ["hello.py"]
    assert "earlier attempts" in second.summary
    assert claude.run.job("mend").status == "completed"


def test_t6_the_show_command_says_what_the_attempt_and_what_the_job_changed(claude: Claude) -> None:
    claude(f"echo more >> hello.py; {FAILS}", f"echo x > new.txt; {ENDS}")
    shown = claude.run("show", "mend").out
    assert "changed     new.txt" in shown
    assert "in all      hello.py, new.txt" in shown


@pytest.mark.parametrize("between", ["kill -9 $PPID; sleep 60", "sleep 60"], ids=["shim killed", "too slow"])
def test_t6_the_baseline_survives_a_crash_and_a_timeout(claude: Claude, between: str) -> None:
    metadata = {"timeout_seconds": 2.0, "on_interrupted": "rerun"}
    first, second = claude(f"echo more >> hello.py; {between}", ENDS, **metadata)
    assert judged([second]) == ["completed"], (first.summary, second.summary)


@pytest.mark.parametrize("point", ["before_finish", "after_finish"])
def test_t6_the_baseline_survives_an_engine_that_is_killed(
    claude: Claude, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claude.starts_as(f"echo more >> hello.py; {FAILS}", ENDS)
    claude.run("submit", claude.job(retries=1, on_interrupted="rerun"))
    with monkeypatch.context() as killed:
        killed.setenv("SIGNALBOX_FAULT", point)
        with claude.run.process("engine", "--until-idle") as engine:
            assert engine.wait(PATIENCE_S) == -signal.SIGKILL
    claude.run("engine", "--until-idle")
    last = claude.attempts()[-1]
    assert (judged([last]), changed(last, "job_changed_files")) == (["completed"], ["hello.py"])


def test_t6_the_next_tool_of_the_ladder_inherits_the_baseline(claude: Claude) -> None:
    codex = '{"type": "turn.completed", "usage": {"input_tokens": 1, "output_tokens": 1}}'
    tool = program(claude.bin, "codex", f"echo '{codex}'")
    claude.run("settings", "set", "tool_paths", "codex", str(tool))
    attempts = claude(f"echo more >> hello.py; {FAILS}", retries=0, escalate_to=["codex"])
    assert [(one.tool, one.failure_class) for one in attempts] == [("claude", "network"), ("codex", None)]


def test_t6_the_baseline_survives_when_a_person_retries_a_failed_job(claude: Claude) -> None:
    claude(f"echo more >> hello.py; {FAILS}", FAILS, ENDS)
    assert claude.run.job("mend").status == "failed"
    claude.run("retry", "mend")
    claude.run("engine", "--until-idle")
    assert judged(claude.attempts()) == ["network", "network", "completed"]


def test_t6_a_job_that_is_started_anew_after_its_completion_has_a_new_baseline(claude: Claude) -> None:
    claude(f"echo more >> hello.py; {ENDS}", ENDS, retries=0)
    claude.run("retry", "mend")
    claude.run.result_of("engine", "--until-idle")
    assert judged(claude.attempts()) == ["completed", "no_change"]


def test_t6_what_is_undone_between_two_attempts_is_no_change(claude: Claude, repo: Path) -> None:
    attempts = claude(f"echo more >> hello.py; {FAILS}", f"git checkout -q hello.py; {ENDS}")
    assert judged(attempts) == ["network", "no_change"]
    assert git_caller(repo)("status", "--porcelain") == ""


def test_t6_what_others_edit_between_two_attempts_is_not_the_jobs(claude: Claude, repo: Path) -> None:
    claude(FAILS, ENDS, retries=0)
    (repo / "README.md").write_text("# edited by a person\n")
    claude.run("retry", "mend")
    claude.run.result_of("engine", "--until-idle")
    last = claude.attempts()[-1]
    assert last.failure_class == "no_change"
    assert changed(last, "job_changed_files") == []


def test_t6_a_review_that_changed_a_file_in_an_earlier_attempt_has_changed_it(claude: Claude) -> None:
    attempts = claude(f"echo more >> hello.py; {FAILS}", ENDS, evidence={"change": "forbidden"})
    assert judged(attempts) == ["network", "bad_edit"]


def test_t6_the_scope_holds_for_everything_the_job_has_changed(claude: Claude) -> None:
    starts = f"echo x > stray.txt; {FAILS}", f"echo more >> hello.py; {ENDS}", f"rm stray.txt; {ENDS}"
    attempts = claude(*starts, retries=2, files_scope=["*.py"])
    assert judged(attempts) == ["network", "bad_edit", "completed"]
    assert attempts[1].result["metadata"]["outside_scope"] == ["stray.txt"]


def lose_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def lose_note(folder: Path) -> None:
    (folder / "before.json").unlink()


def damage_note(folder: Path) -> None:
    (folder / "before.json").write_text('{"root": 3}')


def lose_objects(folder: Path) -> None:
    shutil.rmtree(folder / "objects")


@pytest.mark.parametrize(
    ("lose", "change"),
    [
        (lose_folder, "required"),
        (lose_note, "forbidden"),
        (damage_note, "required"),
        (lose_objects, "required"),
    ],
)
def test_t6_a_baseline_that_is_lost_makes_the_verdict_unknown_until_a_person_has_looked(
    claude: Claude, repo: Path, lose: Any, change: str
) -> None:
    (repo / "untracked.txt").write_text("lies only in the snapshot\n")
    evidence = {"change": change}
    [first] = claude(f"echo more >> untracked.txt; {FAILS}", ENDS, retries=0, evidence=evidence)
    lose(claude.folder(first))
    claude.run("retry", "mend")
    claude.run.result_of("engine", "--until-idle")
    last = claude.attempts()[-1]
    assert last.failure_class == "unverified"
    assert "first attempt" in last.summary
    assert last.result["metadata"]["job_changes_unknown"]
    assert changed(last) == []
    claude.run("release", "mend")
    claude.run.result_of("engine", "--until-idle")
    assert judged(claude.attempts())[-1] == ("no_change" if change == "required" else "completed")


def test_t6_what_an_earlier_attempt_changed_is_not_guessed(claude: Claude, repo: Path) -> None:
    [first] = claude(FAILS, ENDS, retries=0)
    (claude.folder(first) / "changes.json").unlink()
    claude.run("retry", "mend")
    (repo / "README.md").write_text("# edited by whom?\n")
    claude.run.result_of("engine", "--until-idle")
    last = claude.attempts()[-1]
    assert last.failure_class == "unverified"


def test_t6_an_attempt_whose_program_was_missing_is_no_baseline_that_is_lost(claude: Claude) -> None:
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    (claude.bin / "claude").unlink()
    claude.run.result_of("run", claude.job(retries=0))
    claude.starts_as(f"echo more >> hello.py; {ENDS}")
    claude.run("retry", "mend")
    claude.run.result_of("engine", "--until-idle")
    assert judged(claude.attempts()) == ["spawn_failed", "completed"]


def test_t6_only_a_job_that_is_not_done_keeps_what_it_is_compared_with(claude: Claude) -> None:
    first, second = claude(FAILS, f"echo more >> hello.py; {ENDS}")
    assert not (claude.folder(first) / "objects").exists()
    assert not (claude.folder(second) / "objects").exists()


def test_t6_what_was_assessed_before_a_crash_is_assessed_the_same_again(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    """An engine that is killed after assessing an attempt leaves it to the next one."""
    tool = program(tmp_path / "bin", "claude", f"echo more >> hello.py; {ENDS}")
    spec = job_from_mapping({"tool": "claude", "prompt": "x", "paths": {"repo_root": str(repo)}})
    invocation, context = attempts.prepare(spec, tool_paths={"claude": str(tool)})
    printed = subprocess.run(
        invocation.argv, cwd=repo, env=dict(invocation.env), check=True, capture_output=True
    )
    (context.folder / "stdout").write_bytes(printed.stdout)
    first = ADAPTERS["claude"].result(spec, context, attempts.ended(context))
    (repo / "README.md").write_text("# edited by a person\n")
    assert first.success
    assert ADAPTERS["claude"].result(spec, context, attempts.ended(context)) == first
