"""The findings about an ended attempt that all adapters share, and the result made of them. Knows no tool."""

import json
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.adapters.denials import denials_in_words, denied_in
from engine.adapters.junit import Report
from engine.adapters.printed_tests import failed_tests_in
from engine.adapters.tree_comparison import ChangeEvidence, WorkTreeChanges
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.scheduling.path_scopes import covers
from engine.system import plain_text
from engine.system.disk_space import is_full
from engine.system.formatting import duration, plural
from engine.system.private_files import write_private
from engine.types import AttemptContext, AttemptEnd, EndReason, FailureClass, JobResult
from state.recordable import recordable
from state.records import nothing

_LONGEST_LINE = 200
_TESTS_TAIL = 1024 * 1024
_MOST_NAMED = 100
_MOST_DENIED = 3


def last_line_of(context: AttemptContext, stream: str) -> str:
    """The last line of a stream that shows anything, without escapes, cut to 200 characters."""
    return plain_text.last_line(output.tail_text(context.folder, name=stream))[:_LONGEST_LINE]


def tests_that_failed(context: AttemptContext, *streams: str) -> Report | None:
    """The tests that failed, as the first of these streams that names any has them; None where none does."""
    texts = (output.tail_text(context.folder, _TESTS_TAIL, name=name) for name in streams)
    reports = (failed_tests_in(plain_text.plain_lines(text)) for text in texts)
    return next(filter(None, reports), None)


def last_printed_at(context: AttemptContext) -> float:
    """When the attempt last printed anything, in epoch seconds; it may be assessed much later."""
    at = output.last_printed_at(context.folder)
    return time.time() if at is None else at


def signal_name(code: int) -> str:
    """``SIGSEGV`` for -11."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Why an attempt failed, None where it succeeded, with a sentence and what else an adapter could read."""

    summary: str
    failure: FailureClass | None = None
    metadata: Mapping[str, Any] = field(default_factory=nothing)

    def with_metadata(self, **more: Any) -> "Finding":
        """The same finding with more facts."""
        return replace(self, metadata={**self.metadata, **more})


def early_end(end: AttemptEnd) -> Finding | None:
    """The finding on an attempt that did not end by itself, None where it did."""
    failure = end.reason.failure
    return None if failure is None else Finding(summary=_why_early(end), failure=failure)


def _why_early(end: AttemptEnd) -> str:
    match end.reason:
        case EndReason.TIMEOUT:
            return f"Stopped: the time limit was reached after {duration(end.duration_s)}."
        case EndReason.SILENCE:
            return f"Stopped: it printed nothing for too long ({duration(end.duration_s)} in all)."
        case EndReason.CANCELLED:
            return recordable("Cancelled.")
        case EndReason.SPAWN_FAILED:
            return end.detail or recordable("It could not be started.")
        case _:
            return end.detail or recordable("Interrupted; how far it came is not known.")


def by_exit_code(end: AttemptEnd, context: AttemptContext, name: str) -> Finding:
    """The finding on a plain command: 0 is success, and nothing it prints can change that."""
    code = end.exit_code
    if code == 0:
        return Finding(summary=f"{name} succeeded.")
    if code is None:
        return Finding(summary=f"{name} ended, its exit code is not known.", failure=FailureClass.CRASH)
    if code < 0:
        return Finding(summary=f"{name} was ended by {signal_name(code)}.", failure=FailureClass.CRASH)
    tests = tests_that_failed(context, "stderr", "stdout")
    if tests is not None:
        failure, metadata = FailureClass.FAILED, {"tests": tests.to_json()}
        return Finding(summary=tests.failure_in_words(), failure=failure, metadata=metadata)
    reason = last_line_of(context, "stderr") or last_line_of(context, "stdout")
    summary = f"{name} ended with exit code {code}" + (f": {reason}" if reason else ".")
    not_started = code in {126, 127}  # the exit codes of shells and env for a program they cannot run
    return Finding(summary=summary, failure=FailureClass.SPAWN_FAILED if not_started else FailureClass.FAILED)


def outside_tool(end: AttemptEnd, context: AttemptContext, name: str, *, is_own: bool) -> Finding | None:
    """The finding where the tool itself has no say: it was ended early, or the command is the job's own (`is_own`)."""
    return early_end(end) or (by_exit_code(end, context, name) if is_own else None)


def finished(
    spec: JobSpec,
    context: AttemptContext,
    end: AttemptEnd,
    finding: Finding,
    *,
    changes: WorkTreeChanges | None = None,
) -> JobResult:
    """The result of an attempt: the finding, what changed, the ends of both streams, a report where it failed."""
    finding = _with_denials(spec, context, finding)
    finding = _without_denials(spec, _within_scope(spec, finding, changes))
    metadata: dict[str, Any] = {"summary": finding.summary, **finding.metadata}
    if finding.failure is not None:
        metadata["failure_class"] = finding.failure.value
    if changes is not None:
        metadata = {**_facts(changes), **metadata}
    if end.leftovers:
        metadata["leftovers"] = end.leftovers
    result = JobResult(
        exit_code=end.exit_code,
        duration_s=end.duration_s,
        stdout=output.tail_text(context.folder, name="stdout"),
        stderr=output.tail_text(context.folder, name="stderr"),
        success=finding.failure is None,
        metadata=metadata,
    )
    return result if result.success else reported(spec, context, result)


def reported(spec: JobSpec, context: AttemptContext, result: JobResult) -> JobResult:
    """The result of a failed attempt with the report that was written of it."""
    file = context.folder / "error_report.json"
    try:
        _write_report(file, spec, context, result)
    except OSError as error:  # a full disk: the result is worth more than a report of it
        missing = f"The report could not be written: {error.strerror}."
        return replace(result, metadata={**result.metadata, "report_missing": missing})
    return replace(result, error_report_path=str(file))


def _facts(changes: WorkTreeChanges) -> dict[str, Any]:
    """What git said of an attempt, as `JobResult.metadata` holds it."""
    facts: dict[str, Any] = {}
    own = changes.of_attempt
    if own.is_known:
        facts["changed_files"] = [file.to_json() for file in own.files]
    if own.commit:
        facts["commit"] = own.commit
    if own.reason:
        facts["changes_unknown"] = own.reason
    if own.apart:
        facts["compared_by_date"] = list(own.apart[:_MOST_NAMED])
    if changes.attempt is not None and changes.is_known:
        facts["job_changed_files"] = [file.to_json() for file in changes.files]
    elif changes.attempt is not None:
        facts["job_changes_unknown"] = changes.reason
    return facts


def unverified(what: str, changes: WorkTreeChanges) -> Finding:
    """The finding on an attempt that ended well, where git cannot say what a person wants to be sure of."""
    reason = changes.reason if changes.reason.endswith(".") else f"{changes.reason}."
    summary = (
        f"Ended well, but git cannot say {what}: {reason} "
        "Check the files, then accept the job as is, or release it to run it again."
    )
    return Finding(summary=summary, failure=FailureClass.UNVERIFIED)


def _within_scope(spec: JobSpec, finding: Finding, changes: WorkTreeChanges | None) -> Finding:
    scope = spec.metadata.files_scope
    if changes is None or not scope:
        return finding
    is_enforced = finding.failure is None and spec.metadata.evidence.scope == "enforced"
    if changes.evidence is ChangeEvidence.UNKNOWN and is_enforced:
        return unverified("whether it changed files outside its scope", changes)
    strays = [file.path for file in changes.files if not covers(scope, file.path)]
    if not strays:
        return finding
    finding = finding.with_metadata(outside_scope=strays)
    if not is_enforced:
        return finding
    summary = f"Changed {plural(len(strays), 'file')} outside its scope: {', '.join(strays[:5])}"
    return replace(finding, summary=summary, failure=FailureClass.BAD_EDIT)


def _with_denials(spec: JobSpec, context: AttemptContext, finding: Finding) -> Finding:
    """The finding with what the tool was not allowed to do; one on a success says how much that was, too."""
    denied = finding.metadata.get("denied") or denied_in(spec.tool, context.folder)
    if not denied:
        return finding
    finding = finding.with_metadata(denied=list(denied))
    if finding.failure is not None:
        return finding
    return replace(finding, summary=f"{finding.summary.rstrip('.')}; {denials_in_words(denied)}.")


def _without_denials(spec: JobSpec, finding: Finding) -> Finding:
    """The finding on a tool that was denied something, where the job demands that nothing is."""
    denied = finding.metadata.get("denied") or ()
    if finding.failure is not None or not denied or spec.metadata.evidence.denied == "allowed":
        return finding
    named = ", ".join(str(one)[:_LONGEST_LINE] for one in denied[:_MOST_DENIED])
    more = f" and {len(denied) - _MOST_DENIED} more" if len(denied) > _MOST_DENIED else ""
    summary = f"Was to be denied nothing, and was denied {named}{more}."
    return replace(finding, summary=summary, failure=FailureClass.BAD_EDIT)


def _write_report(file: Path, spec: JobSpec, context: AttemptContext, result: JobResult) -> None:
    report = {
        "job_id": spec.job_id,
        "tool": spec.tool,
        "attempt": context.number,
        **result.to_json(),
        "error_report_path": None,
    }
    write_private(file, json.dumps(report, indent=2, ensure_ascii=False).encode(errors="replace"))


def for_want_of_room(finding: Finding, *folders: Path) -> Finding:
    """A failure while the disk of one of these folders is full: that is the state of the disk, and waited for."""
    full = next((folder for folder in folders if is_full(folder)), None)
    if full is None or finding.failure in {None, FailureClass.DISK}:
        return finding
    reason = f"{finding.summary} The disk of {full} is full: make room, then it is tried again."
    return replace(finding, failure=FailureClass.DISK, summary=reason)
