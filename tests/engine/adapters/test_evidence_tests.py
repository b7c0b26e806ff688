"""The tests that a job demands after its edit: in the attempt itself, and their failure is its failure."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.tool_registry import user_folder
from engine.types import AttemptEnd, EndReason, EvidenceEnd, JobResult, ToolRun
from tests.engine.adapters.test_evidence import coding_tool
from tests.helpers.attempts import Attempts, git_caller

PASSING = "def test_hello():\n    assert True\n"
FAILING = "def test_hello():\n    assert False, 'not yet'\n\n\ndef test_other():\n    pass\n"


class Work:
    """Lets a coding tool do something, then the tests that its job demands."""

    def __init__(self, attempts: Attempts, repo: Path, bin_folder: Path) -> None:
        self.attempts, self.repo, self.bin = attempts, repo, bin_folder

    def job(self, tests: dict[str, Any], **more: Any) -> dict[str, Any]:
        evidence = {"tests": tests, **more.pop("evidence", {})}
        job = {"tool": "claude", "prompt": "Mend it.", "paths": {"repo_root": str(self.repo)}}
        return {**job, "metadata": {"evidence": evidence, **more}}

    def __call__(self, tests: dict[str, Any], does: str = "echo more >> hello.py", **more: Any) -> JobResult:
        tool = coding_tool(self.bin, does)
        return self.attempts.run(self.job(tests, **more), tool_paths={"claude": str(tool)})


@pytest.fixture
def work(attempts: Attempts, repo: Path, tmp_path: Path) -> Work:
    return Work(attempts, repo, tmp_path / "bin")


def command(code: str) -> dict[str, Any]:
    return {"command": {"exe": "/bin/sh", "args": ["-c", code]}}


def test_t6_failing_tests_are_the_failure_of_the_attempt_and_are_named(work: Work) -> None:
    result = work({"paths": ["test_it.py"]}, f"echo '{FAILING}' > test_it.py")
    assert (result.success, result.metadata["failure_class"]) == (False, "tests_failed")
    assert result.metadata["tests"]["failing"] == ["test_it::test_hello"]
    assert result.metadata["tests"]["passed"] == 1
    assert result.metadata["summary"] == "test_hello failed; 1 passed"
    assert result.exit_code == 0
    assert "not yet" in result.stdout
    assert result.error_report_path is not None
    assert json.loads(Path(result.error_report_path).read_text())["metadata"] == result.metadata


def test_t6_passing_tests_complete_the_attempt_and_are_counted(work: Work) -> None:
    result = work({}, f"echo '{PASSING}' > test_it.py")
    assert result.success, result
    assert result.metadata["summary"] == "1 file changed (+3 -0). Its tests: 1 passed."
    assert result.metadata["tests"]["passed"] == 1


def test_t6_a_command_is_used_as_it_is_written_and_judged_by_its_exit_code(work: Work) -> None:
    assert work({"command": {"exe": "true"}}).success
    failed = work(command("grep -c more hello.py; echo broken; exit 3"))
    assert failed.metadata["failure_class"] == "tests_failed"
    assert failed.metadata["summary"] == "Its tests failed: sh ended with exit code 3: broken"
    killed = work(command("kill -9 $$"))
    assert killed.metadata["summary"] == "Its tests failed: sh was ended by SIGKILL."


def test_t6_a_command_that_runs_pytest_names_the_failing_tests_too(work: Work, repo: Path) -> None:
    (repo / "test_it.py").write_text(FAILING)
    result = work(command("exec python3 -m pytest -q"))
    assert result.metadata["failure_class"] == "tests_failed"


def test_t6_tests_that_break_down_are_a_failure_of_the_tests_not_of_the_tool(work: Work, repo: Path) -> None:
    for broken in ("import os\nos._exit(1)\n", "import no_such_module\n", "\n"):
        (repo / "test_it.py").write_text(broken)
        assert work({}).metadata["failure_class"] == "tests_failed"


@pytest.mark.parametrize(
    "tests",
    [{"paths": ["--co"]}, {"command": {"exe": "python3", "args": ["-m", "pytest", "--co"]}}],
)
def test_t6_tests_that_are_only_listed_prove_nothing(work: Work, repo: Path, tests: dict[str, Any]) -> None:
    (repo / "test_it.py").write_text(FAILING)
    result = work(tests)
    assert not result.success
    assert result.metadata["failure_class"] == "tests_failed"
    assert result.metadata["summary"] == "Its tests failed: pytest ran no test."


def test_t6_without_a_change_or_after_a_failure_the_tests_do_not_run(work: Work, repo: Path) -> None:
    tests = command(f"touch {repo.parent / 'ran'}")
    assert work(tests, "true").metadata["failure_class"] == "no_change"
    assert work(tests, "echo more >> hello.py; exit 3").metadata["failure_class"] != "tests_failed"
    assert not (repo.parent / "ran").exists()
    assert work(tests, "true", evidence={"change": "optional"}).success
    assert (repo.parent / "ran").exists()


def test_t6_what_the_tests_leave_in_the_tree_is_no_change_of_the_tool(work: Work, repo: Path) -> None:
    leaving = command("echo x > artifact.txt; echo more >> hello.py")
    result = work(leaving, files_scope=["*.py"])
    assert result.success
    assert [file["path"] for file in result.metadata["changed_files"]] == ["hello.py"]
    assert work(leaving, "true", evidence={"change": "forbidden"}).success
    assert git_caller(repo)("status", "--porcelain") == "M hello.py\n?? artifact.txt"


def test_t6_a_scope_is_enforced_before_the_tests_count(work: Work) -> None:
    result = work({"command": {"exe": "false"}}, "echo x > stray.txt", files_scope=["*.py"])
    assert result.metadata["failure_class"] == "bad_edit"


def test_t6_a_program_of_the_tests_that_is_missing_is_known_before_the_tool_starts(work: Work) -> None:
    spec = job_from_mapping(work.job({"command": {"exe": "no-such-program"}}))
    tool = coding_tool(work.bin)
    with pytest.raises(Exception, match="no-such-program"):
        ADAPTERS["claude"].prepare(spec, work.attempts.context(tool_paths={"claude": str(tool)}))


def test_t6_the_tests_get_the_jobs_variables_and_no_key_of_the_tool(work: Work, repo: Path) -> None:
    tests = command(f"env > {repo.parent / 'env'}")
    job = {**work.job(tests), "env": {"FLAVOUR": "sweet"}}
    base = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "ANTHROPIC_API_KEY": "canary"}
    tool = coding_tool(work.bin, "echo more >> hello.py")
    assert work.attempts.run(job, tool_paths={"claude": str(tool)}, base_env=base).success
    seen = (repo.parent / "env").read_text()
    assert "FLAVOUR=sweet" in seen
    assert "canary" not in seen


def test_t6_the_tests_get_neither_the_account_of_the_tool_nor_what_is_passed_on_to_it(
    work: Work, repo: Path
) -> None:
    tests = command(f"env > {repo.parent / 'env'}")
    base = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "WORK_PROXY": "canary"}
    run = ToolRun(account="work", account_env={"ANTHROPIC_API_KEY": "canary"}, env_names=("WORK_PROXY",))
    tool = coding_tool(work.bin, "echo more >> hello.py")
    paths = {"claude": str(tool)}
    assert work.attempts.run(work.job(tests), tool_paths=paths, base_env=base, run=run).success
    assert "canary" not in (repo.parent / "env").read_text()


def test_t6_tests_follow_a_described_tool_that_ended_well_by_its_own_rule(work: Work) -> None:
    folder = user_folder()
    folder.mkdir(parents=True)
    for codes in ([0, 3], [2]):
        (folder / "mine.yaml").write_text(f"exe: cat\nsuccess: {{exit_codes: {codes}}}\n")
        invocation, _ = work.attempts.prepare({**work.job({"command": {"exe": "true"}}), "tool": "mine"})
        assert invocation.tests is not None
        assert invocation.tests.after == tuple(codes)


@pytest.mark.parametrize(
    ("tests", "words"),
    [
        (None, "did not run, because the tool ended with exit code 0"),
        (EvidenceEnd(detail="No way."), "No way."),
    ],
)
def test_t6_without_an_end_of_the_tests_nothing_is_completed(
    work: Work, tests: EvidenceEnd | None, words: str
) -> None:
    spec = job_from_mapping(work.job({}, evidence={"change": "optional"}))
    tool = coding_tool(work.bin)
    _, context = work.attempts.prepare(spec, tool_paths={"claude": str(tool)})
    (context.folder / "stdout").write_text('{"type": "result", "subtype": "success", "is_error": false}\n')
    end = AttemptEnd(ref=context.ref, reason=EndReason.EXITED, exit_code=0, tests=tests)
    result = ADAPTERS["claude"].result(spec, context, end)
    assert result.metadata["failure_class"] == "tests_failed"
    assert words in result.metadata["summary"]


@pytest.mark.parametrize(
    "job",
    [
        {"tool": "shell", "command": {"exe": "/bin/sh", "args": ["-c", "echo more >> hello.py"]}},
        {
            "tool": "claude",
            "prompt": "x",
            "command": {"exe": "/bin/sh", "args": ["-c", "echo more >> hello.py"]},
        },
    ],
)
def test_t6_commands_of_ones_own_are_tested_too(work: Work, job: dict[str, Any]) -> None:
    more = {"paths": {"repo_root": str(work.repo)}}
    for exe, success in (("true", True), ("false", False)):
        evidence = {"tests": {"command": {"exe": exe}}}
        assert work.attempts.run({**job, **more, "metadata": {"evidence": evidence}}).success is success


def test_t6_what_a_job_is_compared_with_stays_until_its_tests_pass(work: Work) -> None:
    """Its first attempt edits, its second has nothing left to edit: they are judged together, and tested again."""
    failing, passing = ({"command": {"exe": exe}} for exe in ("false", "true"))
    first = work.attempts.context(tool_paths={"claude": str(coding_tool(work.bin, "echo more >> hello.py"))})
    assert work.attempts.run(job_from_mapping(work.job(failing)), context=first).success is False
    tool_paths = {"claude": str(coding_tool(work.bin))}
    again = work.attempts.run(work.job(failing), tool_paths=tool_paths, earlier=(first.folder,))
    assert again.metadata["failure_class"] == "tests_failed"
    assert (first.folder / "objects").exists()
    assert work.attempts.run(work.job(passing), tool_paths=tool_paths, earlier=(first.folder,)).success
    assert not (first.folder / "objects").exists()


def test_t6_pytest_reports_whatever_options_the_job_gives_it(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    """In a home whose path has a space, too: pytest splits its options like a shell."""
    (repo / "test_it.py").write_text(FAILING)
    spaced = Attempts(tmp_path / "my attempts")
    command = {"exe": sys.executable, "args": ["-m", "pytest"]}
    job = {
        "tool": "tests",
        "command": command,
        "env": {"PYTEST_ADDOPTS": "-q"},
        "paths": {"repo_root": str(repo)},
    }
    for each in (attempts, spaced):
        result = each.run(job)
        assert result.metadata["tests"]["failing"] == ["test_it::test_hello"]
        assert "test session starts" not in result.stdout
