"""Adds to the adapter of a tool the tests that a job demands after its edit, within the attempt and in the same tree.

They are started by a small process of ours, which first compares the working tree: what tests leave there is no edit.
"""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from engine.adapters import findings, junit, work_tree
from engine.adapters.evidence_step import HEADING
from engine.adapters.findings import Finding
from engine.adapters.probing import with_facts
from engine.adapters.step_request import without_account, write_request
from engine.adapters.tests import REPORT, finding_of_pytest, is_pytest, tests_invocation
from engine.interfaces import Adapter
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.types import (
    AttemptContext,
    AttemptEnd,
    EvidenceCommand,
    EvidenceEnd,
    FailureClass,
    Invocation,
    JobResult,
    ToolProbe,
)

_REQUEST, _STREAM = "tests_request.json", "tests"
_STEP = Path(__file__).with_name("evidence_step.py")


class WithEvidence:
    """The adapter of a tool, whose attempts succeed only if the tests pass that their job demands."""

    def __init__(self, adapter: Adapter) -> None:
        self.tool, self.tile = adapter.tool, adapter.tile
        self._adapter = adapter

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The command of the tool, with the tests that follow it.

        Raises:
            SpawnError: it cannot be built, or a program of the tests is missing.
        """
        invocation = self._adapter.prepare(spec, context)
        tests = spec.evidence_tests
        return invocation if tests is None else _followed(invocation, spec, tests, context)

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """The result of the tool where that failed, else that of the tests."""
        result = self._adapter.result(spec, context, end)
        tests = spec.evidence_tests
        if tests is not None and end.tests is not None:
            result = replace(result, stdout=f"{result.stdout}\n{_printed(context)}")
        if result.success and tests is not None:
            result = _tested(spec, tests, context, end, result)
        if result.success:
            work_tree.forget_baseline(context)
        return result

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """As the adapter of the tool itself, with who is logged in and whether this version was ever tried."""
        return with_facts(self._adapter.probe(tool_paths))


def _followed(invocation: Invocation, spec: JobSpec, tests: JobSpec, context: AttemptContext) -> Invocation:
    own = tests_invocation(tests, without_account(context), tests.command)
    request = context.folder / _REQUEST
    write_request(request, spec, context, own.argv)
    argv = (sys.executable, "-I", str(_STEP), str(request))
    step = EvidenceCommand(
        argv=argv, env=own.env, stop_signal=own.stop_signal, after=invocation.success_codes
    )
    return replace(invocation, tests=step, secrets=tuple({*invocation.secrets, *own.secrets}))


def _tested(
    spec: JobSpec, tests: JobSpec, context: AttemptContext, end: AttemptEnd, result: JobResult
) -> JobResult:
    report = junit.read(context.folder / REPORT)
    finding = _finding(tests, context, end, report)
    metadata = {**result.metadata, "tests_summary": finding.summary}
    metadata |= finding.metadata
    if report is not None:
        metadata["tests"] = report.to_json()
    if finding.failure is None:
        metadata["summary"] = f"{result.metadata['summary']} Its tests: {finding.summary}"
        return replace(result, metadata=metadata)
    is_named = bool(metadata.get("tests", {}).get("failing"))
    metadata |= {
        "summary": finding.summary if is_named else f"Its tests failed: {finding.summary}",
        "failure_class": FailureClass.TESTS_FAILED.value,
    }
    return findings.reported(spec, context, replace(result, success=False, metadata=metadata))


def _finding(
    tests: JobSpec, context: AttemptContext, end: AttemptEnd, report: junit.Report | None
) -> Finding:
    """Whether the tests passed; whatever kept them from passing is their failure, not that of the tool."""
    if end.tests is None:
        summary = f"they did not run, because the tool ended with exit code {end.exit_code}."
        return Finding(summary=summary, failure=FailureClass.TESTS_FAILED)
    if end.tests.exit_code is None:
        return Finding(summary=end.tests.detail, failure=FailureClass.TESTS_FAILED)
    last_line = findings.last_line_of(context, _STREAM)
    message = "" if last_line.startswith(HEADING) else last_line
    is_empty = report is not None and not (report.passed or report.skipped or report.broken)
    if is_empty and end.tests.exit_code == 0:
        return Finding(summary="pytest ran no test.", failure=FailureClass.TESTS_FAILED)
    if tests.command is None or is_pytest(tests.command):
        return finding_of_pytest(end.tests.exit_code, report, message)
    named = findings.tests_that_failed(context, _STREAM) if end.tests.exit_code else None
    if named is not None:
        failed = FailureClass.TESTS_FAILED
        return Finding(summary=named.failure_in_words(), failure=failed, metadata={"tests": named.to_json()})
    return _by_exit_code(PurePath(tests.command.exe).name, end.tests, message)


def _by_exit_code(name: str, end: EvidenceEnd, message: str) -> Finding:
    code = end.exit_code or 0
    if not code:
        return Finding(summary=f"{name} succeeded.")
    how = f"was ended by {findings.signal_name(code)}" if code < 0 else f"ended with exit code {code}"
    summary = f"{name} {how}: {message}" if message else f"{name} {how}."
    return Finding(summary=summary, failure=FailureClass.TESTS_FAILED)


def _printed(context: AttemptContext) -> str:
    return output.tail_text(context.folder, name=_STREAM)
