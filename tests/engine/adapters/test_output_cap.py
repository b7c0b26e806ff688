"""The output cap and the adapters: an attempt whose output rolled into segments is judged like one kept whole."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS, agent
from engine.jobfile.job_file_reader import job_from_mapping
from engine.runners import capture, output
from engine.types import AttemptContext, AttemptRef, FailureClass, Invocation, JobResult
from tests.engine.runners.stage import LocalStage, new_ref
from tests.helpers.attempts import keep

CAPTURES = Path(__file__).with_name("captures")
MB = 1024 * 1024
REPLAYED = ("aider", "claude", "codex", "gemini")
EDIT = 'def hello():\n    return "hello, world"\n'

# Prints much on both streams, then what a tool was recorded to print, and exits as it did.
PLAYER = """
import os, sys
recorded, code = sys.argv[1], int(sys.argv[2])
kept = lambda stream: open(f"{recorded}.{stream}", "rb").read() if os.path.exists(f"{recorded}.{stream}") else b""
for descriptor, stream in ((2, "stderr"), (1, "stdout")):
    with open(descriptor, "wb", closefd=False) as file:
        for number in range(14_000):
            file.write(b'{"type": "thinking", "number": %d, "text": "%s"}\\n' % (number, b"x" * 180))
        file.write(kept(stream))
sys.exit(code)
"""

TALKER = """
import sys
for stream in (sys.stderr, sys.stdout):
    stream.write("".join(f"line {number} of the output\\n" for number in range(60_000)))
    stream.write("THE END\\n")
sys.exit(int(sys.argv[1]))
"""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LocalStage]:
    stage = LocalStage(tmp_path / "home")
    yield stage
    stage.close()


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """Programs of these names; what they would print is played by the test."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in REPLAYED:
        (folder / tool).write_text("#!/bin/sh\n")
        (folder / tool).chmod(0o755)
    return {file.name: str(file) for file in folder.iterdir()}


class CappedRun:
    """Runs one attempt of a job as a real process, with a cap of its own on what is kept of its output."""

    def __init__(self, stage: LocalStage, job: dict[str, Any], tools: dict[str, str]) -> None:
        self._stage, self._spec, self._tools = stage, job_from_mapping(job), tools

    def result(self, cap: int, *, argv: tuple[str, ...] = (), edit: Path | None = None) -> JobResult:
        engine, ref = self._stage.engine(), new_ref()
        context = self._context(ref, engine.runner.make_folder(ref))
        invocation = replace(self._prepared(context), output_cap=cap)
        engine.runner.start(ref, replace(invocation, argv=argv or invocation.argv))
        end = engine.end_of(ref)
        if edit is not None:
            edit.write_text(EDIT)
        self.folder = context.folder
        return ADAPTERS[self._spec.tool].result(self._spec, context, end)

    def _prepared(self, context: AttemptContext) -> Invocation:
        return ADAPTERS[self._spec.tool].prepare(self._spec, context)

    def _context(self, ref: AttemptRef, folder: Path) -> AttemptContext:
        base = {"PATH": os.environ["PATH"]}
        return AttemptContext(ref=ref, number=1, folder=folder, tool_paths=self._tools, base_env=base)


def rolled(folder: Path) -> bool:
    return any("." in entry.name for entry in folder.glob("stdout.*"))


def verdict(result: JobResult) -> dict[str, Any]:
    """Everything an adapter read out of the attempt."""
    return {"success": result.success, "code": result.exit_code, **result.metadata}


def play(recorded: Path) -> tuple[str, ...]:
    code = recorded.with_name(f"{recorded.name}.exit").read_text().strip()
    return (sys.executable, "-I", "-S", "-c", PLAYER, str(recorded), code)


def agent_job(tool: str, repo: Path) -> dict[str, Any]:
    return {"tool": tool, "prompt": "Greet the world.", "paths": {"repo_root": str(repo)}}


@pytest.mark.parametrize("case", ["recommended_edit_ok", "recommended_edit_ok without an edit", "refused"])
@pytest.mark.parametrize("tool", REPLAYED)
def test_a_recorded_tool_is_judged_alike_whether_its_output_was_capped_or_not(
    stage: LocalStage, repo: Path, tools: dict[str, str], *, tool: str, case: str
) -> None:
    name, _, without = case.partition(" ")
    if tool == "codex" and name == "refused":
        name = "refused_bounded"
    run = CappedRun(stage, agent_job(tool, repo), tools)
    argv = play(CAPTURES / tool / name)
    edit = None if without or name != "recommended_edit_ok" else repo / "hello.py"
    before = (repo / "hello.py").read_text()
    whole = run.result(32 * MB, argv=argv, edit=edit)
    assert not rolled(run.folder)
    (repo / "hello.py").write_text(before)
    capped = run.result(MB, argv=argv, edit=edit)
    assert rolled(run.folder)
    assert verdict(capped) == verdict(whole)
    assert capped.success is (edit is not None)
    assert (capped.stdout, capped.stderr) == (whole.stdout, whole.stderr)


@pytest.mark.parametrize(
    ("tool", "code"), [("shell", 0), *((tool, 3) for tool in sorted(ADAPTERS.keys() - {"tests"}))]
)
def test_a_command_of_any_tool_is_judged_alike_whether_its_output_was_capped_or_not(
    stage: LocalStage, repo: Path, tools: dict[str, str], *, tool: str, code: int
) -> None:
    command = {"exe": sys.executable, "args": ["-c", TALKER, str(code)]}
    job = agent_job(tool, repo) | {"command": command}
    del job["prompt"]
    run = CappedRun(stage, job, tools)
    whole, capped = run.result(32 * MB), run.result(MB)
    assert rolled(run.folder)
    assert verdict(capped) == verdict(whole)
    assert capped.success is (code == 0)
    assert capped.stdout == whole.stdout
    assert capped.stdout.endswith("line 59999 of the output\nTHE END\n")
    assert code == 0 or capped.metadata["summary"].endswith("exit code 3: THE END")


@pytest.mark.parametrize("case", ["exit1_fail", "exit4_usage"])
def test_a_run_of_pytest_is_judged_alike_whether_its_output_was_capped_or_not(
    stage: LocalStage, repo: Path, case: str
) -> None:
    run = CappedRun(stage, {"tool": "tests", "paths": {"repo_root": str(repo)}}, {"python": sys.executable})
    report = CAPTURES / "pytest" / f"{case}.xml"
    argv = play(report.with_suffix(""))
    if report.exists():
        copy = f"import shutil, os; shutil.copy({str(report)!r}, os.path.dirname(os.environ['TMPDIR']) + '/junit.xml')"
        argv = (*argv[:4], copy + PLAYER, *argv[5:])
    whole, capped = run.result(32 * MB, argv=argv), run.result(MB, argv=argv)
    assert rolled(run.folder)
    assert verdict(capped) == verdict(whole)
    assert capped.metadata["failure_class"] in {FailureClass.TESTS_FAILED, FailureClass.FAILED}


def test_a_git_step_without_an_answer_names_its_last_line_after_much_output(
    stage: LocalStage, repo: Path
) -> None:
    job = {"tool": "git", "git": {"action": "diff"}, "paths": {"repo_root": str(repo)}}
    recorded = repo.parent / "recorded"
    recorded.with_name("recorded.exit").write_text("7")
    recorded.with_name("recorded.stderr").write_text("fatal: the end\n")
    result = CappedRun(stage, job, {}).result(MB, argv=play(recorded))
    assert result.metadata["summary"].endswith("(exit code 7): fatal: the end")


def test_events_that_stand_before_the_gap_are_not_joined_to_those_behind_it(tmp_path: Path) -> None:
    """A line cut by the gap is no event, even where what is left of it reads like one."""
    head = b'{"type": "result", "n": 1}\n{"type": "'
    (tmp_path / "stdout").write_bytes(head)
    (tmp_path / "stdout.000000000001000").write_bytes(
        b'{"type": "result", "n": 2}\n{"type": "text", "n": 3}\n'
    )
    assert [event.count("n") for event in agent.events(tmp_path)] == [3]
    assert output.tail(tmp_path, 2000, name="stdout").startswith(b'{"type": "result", "n": 2}')


def test_the_moment_of_the_last_output_is_known_however_late_it_is_read(tmp_path: Path) -> None:
    assert output.last_printed_at(tmp_path) is None
    keep(tmp_path, ("stdout", b"first\n", 1_790_000_000.5), ("stderr", b"second\n", 1_790_000_007.25))
    assert output.last_printed_at(tmp_path) == pytest.approx(1_790_000_007.25)
    with (tmp_path / "index").open("ab") as file:
        file.write(capture.RECORD.pack(-5, 0, 3, 7) + b"half")
    assert output.last_printed_at(tmp_path) is None
