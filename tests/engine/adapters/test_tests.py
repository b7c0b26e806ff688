"""The adapter of test runs: against recorded reports of pytest, and against pytest itself."""

import shutil
import sys
from pathlib import Path

import pytest

from engine.adapters import ADAPTERS, junit
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from tests.helpers.attempts import Attempts

CAPTURES = Path(__file__).with_name("captures") / "pytest"


@pytest.mark.parametrize(
    ("case", "failure", "told"),
    [
        ("exit0_pass", None, "1 passed."),
        ("exit1_fail", "tests_failed", "test_fail, test_error"),
        ("exit2_collect_error", "tests_failed", "Could not be loaded"),
        ("exit2_interrupted", "interrupted", "interrupted"),
        ("exit3_internal", "crash", "broke down inside"),
        ("exit4_missing_path", "failed", "could not begin"),
        ("exit4_usage", "failed", "could not begin"),
        ("exit4_conftest_error", "failed", "No module named 'nope_not_there'"),
        ("exit5_no_tests", "failed", "no tests"),
        ("crash", "crash", "left no report"),
        ("sigterm", "crash", "SIGTERM"),
        ("maxfail", "tests_failed", "failed"),
    ],
)
def test_a_recorded_run_of_pytest_is_judged(
    attempts: Attempts, tmp_path: Path, case: str, failure: str | None, told: str
) -> None:
    context = attempts.context()
    for suffix, name in ((".xml", "junit.xml"), (".stderr", "stderr")):
        if (CAPTURES / f"{case}{suffix}").exists():
            shutil.copy(CAPTURES / f"{case}{suffix}", context.folder / name)
    code = int((CAPTURES / f"{case}.exit").read_text())
    spec = job_from_mapping({"tool": "tests", "paths": {"repo_root": str(tmp_path)}})
    result = ADAPTERS["tests"].result(spec, context, attempts.ended(context, code))
    assert result.metadata.get("failure_class") == failure
    assert result.success is (failure is None)
    assert told in result.metadata["summary"]


def test_counts_and_names_are_read_from_the_report() -> None:
    report = junit.read(CAPTURES / "exit1_fail.xml")
    assert report is not None
    assert (report.failed, report.errors, report.skipped, report.passed) == (2, 1, 2, 4)
    assert report.failing[:2] == ("test_a::test_fail", "test_a::test_error")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<testsuites>",
        "no xml",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><testsuites>&b;</testsuites>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuites>&a;</testsuites>',
    ],
)
def test_a_report_that_cannot_be_trusted_is_no_report(tmp_path: Path, text: str) -> None:
    (tmp_path / "junit.xml").write_text(text)
    assert junit.read(tmp_path / "junit.xml") is None
    assert junit.read(tmp_path / "missing.xml") is None


# Pytest itself


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "test_good.py").write_text("def test_one(): pass\ndef test_two(): pass\n")
    (root / "test_bad.py").write_text("def test_three(): assert 1 == 2\n")
    return root


def run_of(project: Path, **more: object) -> dict[str, object]:
    return {"tool": "tests", "paths": {"repo_root": str(project)}, "command": {"exe": sys.executable}, **more}


def test_a_run_is_counted_and_names_what_failed(attempts: Attempts, project: Path) -> None:
    result = attempts.run(run_of(project))
    assert (result.success, result.exit_code) == (False, 1)
    assert result.metadata["tests"] == {
        "passed": 2,
        "failed": 1,
        "skipped": 0,
        "errors": 0,
        "failing": ["test_bad::test_three"],
    }
    assert result.metadata["summary"] == "test_three failed; 2 passed"
    assert not list(project.rglob("__pycache__"))
    assert not (project / ".pytest_cache").exists()


def test_only_the_named_tests_are_run(attempts: Attempts, project: Path) -> None:
    result = attempts.run(run_of(project, tests={"paths": ["test_good.py::test_one"], "args": ["-k", "one"]}))
    assert result.success
    assert result.metadata["summary"] == "1 passed."


def test_a_file_that_cannot_be_loaded_is_a_failed_test(attempts: Attempts, project: Path) -> None:
    (project / "test_bad.py").write_text("import nothing_of_that_name\n")
    result = attempts.run(run_of(project))
    assert (result.exit_code, result.metadata["failure_class"]) == (2, "tests_failed")
    assert result.metadata["summary"] == "Could not be loaded: test_bad"


def test_a_run_that_dies_is_a_crash_even_with_the_exit_code_of_failed_tests(
    attempts: Attempts, project: Path
) -> None:
    (project / "test_bad.py").write_text("import os\ndef test_three(): os._exit(1)\n")
    result = attempts.run(run_of(project))
    assert (result.exit_code, result.metadata["failure_class"]) == (1, "crash")


def test_a_command_of_pytests_own_is_taken_as_it_is_and_still_leaves_a_report(
    attempts: Attempts, project: Path
) -> None:
    command = {"exe": sys.executable, "args": ["-m", "pytest", "-p", "no:cacheprovider", "test_good.py"]}
    result = attempts.run({**run_of(project), "command": command})
    assert result.success
    assert result.metadata["tests"]["passed"] == 2


def test_another_test_command_is_judged_by_its_exit_code(attempts: Attempts, project: Path) -> None:
    (project / "test_unit.py").write_text(
        "import unittest\nclass T(unittest.TestCase):\n    def test_x(self): self.fail()\n"
    )
    command = {"exe": sys.executable, "args": ["-m", "unittest", "test_unit"]}
    result = attempts.run({**run_of(project), "command": command})
    assert (result.success, result.metadata["failure_class"]) == (False, "tests_failed")
    assert result.metadata["summary"] == "test_x failed"
    assert result.metadata["tests"]["failing"] == ["test_unit.T::test_x"]


def test_the_python_of_the_repository_comes_first(attempts: Attempts, project: Path) -> None:
    venv = project / ".venv" / "bin"
    venv.mkdir(parents=True)
    (venv / "python").symlink_to(sys.executable)
    job = {"tool": "tests", "paths": {"repo_root": str(project)}, "env": {"PYTHONPATH": ":".join(sys.path)}}
    invocation, _ = attempts.prepare(job)
    # The link leads out of any virtual environment that has pytest, so it is passed over unless it has one itself.
    assert invocation.argv[0] in {str(venv / "python"), *(str(p) for p in _pythons_with_pytest())}
    invocation, _ = attempts.prepare(job, tool_paths={"python": sys.executable})
    assert invocation.argv[0] == sys.executable


def _pythons_with_pytest() -> list[str]:
    return [sys.executable, *filter(None, (shutil.which("python3"), shutil.which("python")))]


def test_a_python_without_pytest_is_told_as_such(attempts: Attempts, project: Path) -> None:
    command = {"exe": sys.executable, "args": ["-S", "-m", "pytest"]}
    result = attempts.run({**run_of(project), "command": command})
    assert result.metadata["failure_class"] == "spawn_failed"
    assert result.metadata["summary"] == f"pytest is not installed for {sys.executable}."


def test_a_missing_python_is_told_before_the_start(attempts: Attempts, project: Path) -> None:
    with pytest.raises(SpawnError, match="python9"):
        attempts.prepare({**run_of(project), "command": {"exe": "python9"}})


def test_a_stop_lets_pytest_write_its_report(attempts: Attempts, project: Path) -> None:
    invocation, _ = attempts.prepare(run_of(project))
    assert invocation.stop_signal == "INT"
