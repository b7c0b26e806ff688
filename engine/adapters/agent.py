"""What the adapters of coding tools share: event streams, the classes of failures, the changes git sees.

A coding tool has succeeded when its exit code is 0, it reports that it has finished, and git shows the change the job
requires. Knows no tool by name.
"""

import re
import signal
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.adapters import findings
from engine.adapters.findings import Finding
from engine.adapters.resets import LONG_S, reset_of
from engine.adapters.tree_comparison import ChangeEvidence, WorkTreeChanges
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.streams import tool_json
from engine.streams.tool_json import ToolObject
from engine.system.plain_text import plain_lines
from engine.types import AttemptContext, AttemptEnd, FailureClass

_STREAM_END = 4 * 1024 * 1024
"""Bytes at the end of a stream that are read for events; what decides stands last."""

_AS_SHELLS_SAY: Mapping[int, int] = {130: signal.SIGINT, 137: signal.SIGKILL, 143: signal.SIGTERM}
"""Exit codes of tools that catch a signal and then end by themselves."""
_NOISE = re.compile(r"Reading additional input from stdin|at .*:\d+:\d+\)?$|\{\"")
_WRONG_USE = re.compile(r"(error: )?(unknown|unexpected|invalid) (option|argument|value)", re.IGNORECASE)
_STREAM_LINE = 2000
_ANSWER = 4000

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")

_WORDS: tuple[tuple[re.Pattern[str], FailureClass], ...] = (
    (
        re.compile(r"context window|prompt is too long|token limit|maximum context", re.IGNORECASE),
        FailureClass.CONTEXT,
    ),
    (
        re.compile(
            r"quota exceeded|exceeded your (current )?quota|exhausted your|insufficient.quota|billing"
            r"|(usage|spend) limit|hit your|reached your|out of (usage|credits)|credit balance",
            re.IGNORECASE,
        ),
        FailureClass.QUOTA,
    ),
    (
        re.compile(
            r"\b40[13]\b|authenticat|not logged in|api.key|missing environment variable", re.IGNORECASE
        ),
        FailureClass.AUTH,
    ),
    (
        re.compile(r"\b429\b|rate.?limit|too many requests|resource has been exhausted", re.IGNORECASE),
        FailureClass.RATE,
    ),
    (
        re.compile(
            r"connect|timed? ?out|disconnect|\b5\d\d\b|overloaded|high demand|fetch failed|stream .*(clos|end)ed",
            re.IGNORECASE,
        ),
        FailureClass.NETWORK,
    ),
)


def class_of(message: str) -> FailureClass:
    """The failure class of a message that a tool passes on from its provider."""
    return next((failure for rule, failure in _WORDS if rule.search(message)), FailureClass.FAILED)


def events(folder: Path) -> list[ToolObject]:
    """The JSON objects a tool printed, one a line, oldest first; other lines are skipped."""
    return list(tool_json.objects(output.tail_lines(folder, _STREAM_END, name="stdout")))


def last(found: Iterable[ToolObject], *kinds: str) -> ToolObject | None:
    """The last event of one of these types."""
    chosen = None
    for event in found:
        if event.text("type") in kinds:
            chosen = event
    return chosen


def refused(tool: str, message: str, context: AttemptContext, failure: FailureClass | None = None) -> Finding:
    """The finding on a tool that reports why it failed."""
    reason = " ".join(tool_json.unwrapped(message).split())[:300] or "no reason given"
    finding = Finding(summary=f"{tool} failed: {reason}", failure=failure or class_of(message))
    return limited(finding, message, findings.last_printed_at(context))


def limited(finding: Finding, message: str, at: float) -> Finding:
    """The same finding with when the quota returns, where a message printed at `at` names that.

    A rate limit that lasts is a quota that is used up: it holds the account and costs no retry.
    """
    if finding.failure not in {FailureClass.QUOTA, FailureClass.RATE}:
        return finding
    until = reset_of(message, at)
    if until is None or (finding.failure is FailureClass.RATE and until - at < LONG_S):
        return finding
    return replace(finding.with_metadata(quota_until=until), failure=FailureClass.QUOTA)


def unfinished(
    tool: str, end: AttemptEnd, context: AttemptContext, failure: FailureClass | None = None
) -> Finding:
    """The finding on a tool that ended without saying that it had finished, whatever its exit code."""
    code = end.exit_code
    if not code:
        summary = f"{tool} ended without saying that it had finished."
        return Finding(summary=summary, failure=FailureClass.INTERRUPTED)
    killed_by = -code if code < 0 else _AS_SHELLS_SAY.get(code)
    if killed_by is not None:
        how = findings.signal_name(-killed_by)
        return Finding(summary=f"{tool} was ended by {how}.", failure=FailureClass.CRASH)
    message = _complaint(output.tail_text(context.folder, name="stderr")) or _complaint(
        output.tail_text(context.folder, name="stdout")
    )
    reason = f": {tool_json.unwrapped(message)[:300]}" if message else "."
    finding = Finding(
        summary=f"{tool} ended with exit code {code}{reason}", failure=failure or class_of(message)
    )
    return limited(finding, message, findings.last_printed_at(context))


def answered(text: str) -> dict[str, str]:
    """The last answer of a tool in its own words, as `JobResult.metadata` holds it; nothing where it gave none."""
    answer = text.strip()
    return {"answer": answer if len(answer) <= _ANSWER else answer[:_ANSWER] + " …"} if answer else {}


def _complaint(output: str) -> str:
    """The last complaint of a tool, or the first where it explains its use; a whole object where it prints one."""
    if (start := max(output.rfind("\n{\n"), 0 if output.startswith("{\n") else -1)) >= 0:
        return output[start:].strip()
    shown = [line.strip() for line in plain_lines(output)]
    lines = [line for line in shown if line and not _NOISE.match(line)]
    return next((line for line in lines if _WRONG_USE.match(line)), lines[-1] if lines else "")[:_STREAM_LINE]


def changed(spec: JobSpec, changes: WorkTreeChanges) -> Finding:
    """The finding of git on an attempt whose tool reported no failure."""
    expected = spec.metadata.evidence.change
    match changes.evidence:
        case ChangeEvidence.NONE:
            return Finding(summary="Ended well; the job only reads, so git did not look for changes.")
        case ChangeEvidence.UNKNOWN | ChangeEvidence.NO_REPOSITORY if expected == "optional":
            return Finding(summary="Ended well; what it changed is not known.")
        case ChangeEvidence.UNKNOWN | ChangeEvidence.NO_REPOSITORY:
            return findings.unverified("what it changed", changes)
        case ChangeEvidence.UNCHANGED if expected == "required":
            undone = "the files are as they were before the job's first attempt"
            what = undone if changes.of_attempt.files else "changed no file"
            return Finding(summary=f"Answered, but {what}.", failure=FailureClass.NO_CHANGE)
        case ChangeEvidence.CHANGED if expected == "forbidden":
            paths = ", ".join(file.path for file in changes.files[:5])
            summary = f"Was to change nothing, and changed {paths}."
            return Finding(summary=summary, failure=FailureClass.BAD_EDIT)
        case _:
            return Finding(summary=f"{changes.in_words()}.")
