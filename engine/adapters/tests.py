"""Test runs: pytest assessed by its JUnit report, any other command by its exit code."""

import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePath

from engine.adapters import findings, invocations, junit
from engine.adapters.findings import Finding
from engine.adapters.probing import probed
from engine.errors import SpawnError
from engine.jobfile.job_sections import Command
from engine.jobfile.job_sections import Tests as TestRun
from engine.jobfile.spec import JobSpec
from engine.system.tool_paths import first_found
from engine.types import AttemptContext, AttemptEnd, FailureClass, Invocation, JobResult, ToolProbe

_PYTHON_STEP = Path(__file__).with_name("python_step.py")
REPORT = "junit.xml"
"""What pytest writes in the attempt's folder."""
_OPTIONS = "PYTEST_ADDOPTS"
_BAD_USE = 4
"""The one exit code at which pytest leaves no report and has not crashed."""


class TestsAdapter:
    """Runs pytest with the Python of the repository, and says which tests failed."""

    __test__ = False  # pytest would collect a class of this name
    tool = "tests"
    tile = "te"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """Pytest with a report into the attempt's folder; a command that has arguments is taken as it is.

        Raises:
            SpawnError: the command is missing, or no Python here has pytest.
        """
        command = spec.command if spec.command is not None and spec.command.args else None
        return tests_invocation(spec, context, command)

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success is exit code 0 and, from pytest, a report in which nothing failed."""
        report = junit.read(context.folder / REPORT)
        finding = findings.early_end(end)
        if finding is None:
            finding = (
                finding_of_pytest(end.exit_code, report, findings.last_line_of(context, "stderr"))
                if spec.command is None or not spec.command.args or is_pytest(spec.command)
                else _plain(spec, end, context)
            )
        if report is not None:
            finding = finding.with_metadata(tests=report.to_json())
        return findings.finished(spec, context, end, finding)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The Python on PATH; which one a job takes depends on its repository."""
        return probed(self.tool, "python3", tool_paths)


def tests_invocation(spec: JobSpec, context: AttemptContext, command: Command | None) -> Invocation:
    """A command as it is, or pytest with the Python of the repository; pytest reports into the attempt's folder.

    Raises:
        SpawnError: the command is missing, or no Python here has pytest.
    """
    report = context.folder / REPORT
    if command is None:
        argv = _pytest_command(spec, context, report)
    else:
        argv = [invocations.program(command.exe, spec, context), *command.args]
    # At SIGINT pytest still writes its report; at SIGTERM it does not.
    env = {"PYTHONDONTWRITEBYTECODE": "1"}
    invocation = invocations.invocation(spec, context, argv, env=env, stop_signal="INT")
    if command is None or not is_pytest(command):
        return invocation
    options = f"{invocation.env.get(_OPTIONS, '')} {shlex.quote(f'--junitxml={report}')}".strip()
    return replace(invocation, env={**invocation.env, _OPTIONS: options})


def _pytest_command(spec: JobSpec, context: AttemptContext, report: Path) -> list[str]:
    run = spec.tests or TestRun()
    options = ["-q", "--color=no", "-p", "no:cacheprovider", f"--junitxml={report}"]
    words = ["-m", "pytest", *options, *run.args, *run.paths]
    if context.worktree is not None and context.worktree.setup and spec.command is None:
        folders = dict.fromkeys(map(str, (spec.working_dir, spec.repo_root)))
        return [sys.executable, "-I", str(_PYTHON_STEP), *folders, "--", *words]
    return [_python(spec, context), *words]


def finding_of_pytest(code: int | None, report: junit.Report | None, message: str) -> Finding:
    """The finding on a run of pytest that ended by itself; `message` is the last line it printed as an error."""
    if report is None and code != _BAD_USE:
        return _without_report(code, message)
    counts = report.in_words() if report else "nothing"
    names = report.names_in_words() if report else ""
    broken = report.broken if report else 0
    failure: FailureClass | None = FailureClass.FAILED
    match code:
        case 0 if not broken:
            summary, failure = f"{counts}.", None
        case 1 if report and broken:
            summary, failure = report.failure_in_words(), FailureClass.TESTS_FAILED
        case 2 | 4 if broken:
            summary, failure = f"Could not be loaded: {names}", FailureClass.TESTS_FAILED
        case 2:
            summary, failure = "pytest was interrupted.", FailureClass.INTERRUPTED
        case 3:
            summary, failure = "pytest broke down inside; see its output.", FailureClass.CRASH
        case 4:
            summary = f"pytest could not begin: {message or 'see its output'}"
        case 5:
            summary = "pytest found no tests to run."
        case _:
            summary = f"pytest ended with exit code {code}, though its report counts {counts}."
    return Finding(summary=summary, failure=failure)


def _without_report(code: int | None, message: str) -> Finding:
    if message.endswith("No module named pytest"):
        python = message.partition(":")[0]
        return Finding(summary=f"pytest is not installed for {python}.", failure=FailureClass.SPAWN_FAILED)
    how = findings.signal_name(code) if code is not None and code < 0 else f"exit code {code}"
    summary = f"The tests crashed ({how}): pytest left no report" + (f". {message}" if message else ".")
    return Finding(summary=summary, failure=FailureClass.CRASH)


def _plain(spec: JobSpec, end: AttemptEnd, context: AttemptContext) -> Finding:
    name = PurePath(spec.command.exe).name if spec.command else "tests"
    finding = findings.by_exit_code(end, context, name)
    if finding.failure is FailureClass.FAILED:
        return replace(finding, failure=FailureClass.TESTS_FAILED)
    return finding


def is_pytest(command: Command) -> bool:
    """Whether a command is certain to run pytest."""
    words = [PurePath(command.exe).name, *command.args]
    return words[0].startswith(("pytest", "py.test")) or "pytest" in words


def _python(spec: JobSpec, context: AttemptContext) -> str:
    """The Python the job names, else the first that has pytest: the repository's own, PATH's, ours.

    Raises:
        SpawnError: the named one is missing, or none has pytest.
    """
    if spec.command is not None:
        return invocations.program(spec.command.exe, spec, context)
    if "python" in context.tool_paths:
        return invocations.program("python", spec, context)
    return python_with_pytest((spec.working_dir, spec.repo_root), invocations.path_of(context))


def python_with_pytest(folders: Iterable[Path], path: str) -> str:
    """The first Python that has pytest, for these folders and this PATH.

    Raises:
        SpawnError: none has it.
    """
    candidates = pythons(dict.fromkeys(folders), path)
    found = next((python for python in candidates if has_pytest(python)), None)
    if found is None:
        raise SpawnError(
            f"No Python with pytest was found (tried {', '.join(candidates)}). "
            "Install pytest into the repository's .venv, or name a Python as the job's command.",
        )
    return found


def pythons(folders: Iterable[Path], path: str) -> list[str]:
    """The Pythons that may run pytest in these folders, in order: of their own, of PATH, ours."""
    inside = [folder / venv / where for folder in folders for venv in (".venv", "venv") for where in _IN_VENV]
    on_path = first_found(["python3", "python"], path=path)
    found = [str(python) for python in inside if python.is_file()]
    return [*found, *([str(on_path)] if on_path else []), sys.executable]


_IN_VENV = (Path("bin/python"), Path("Scripts/python.exe"))


@cache
def has_pytest(python: str) -> bool:
    """Whether a Python can import pytest; it is started once to find out."""
    question = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pytest') is None)"
    try:
        return (
            subprocess.run(
                [python, "-I", "-c", question], capture_output=True, timeout=10, check=False
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
