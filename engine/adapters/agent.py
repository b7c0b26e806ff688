"""What the adapters of coding tools share: event streams, the classes of failures, the changes git sees.

A coding tool has succeeded when its exit code is 0, it reports that it has finished, and git shows the change the job
requires. Knows no tool by name.
"""

import re
import signal
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.adapters import findings, provider_messages
from engine.adapters.findings import Finding
from engine.adapters.tree_comparison import ChangeEvidence, WorkTreeChanges
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.streams import tool_json
from engine.streams.tool_json import ToolObject
from engine.system.plain_text import plain_lines
from engine.types import AttemptContext, AttemptEnd, FailureClass
from state.recordable import recordable

_STREAM_END = 4 * 1024 * 1024
"""Bytes at the end of a stream that are read for events; what decides stands last."""

_AS_SHELLS_SAY: Mapping[int, int] = {130: signal.SIGINT, 137: signal.SIGKILL, 143: signal.SIGTERM}
"""Exit codes of tools that catch a signal and then end by themselves."""
_NOISE = re.compile(
    r"Reading additional input from stdin|at .*:\d+:\d+\)?$|\{\"|\d{4}-\d\d-\d\dT\S+\s+[A-Z]+\s+[\w:]+:|\[STARTUP\]"
    r"|[Ww]arning: |\(node:\d+\)|YOLO mode is enabled|Loaded cached credentials"
)
"""Notes, log lines and stack frames, in which a tool complains of nothing."""
_WRONG_USE = re.compile(r"(error: )?(unknown|unexpected|invalid) (option|argument|value)", re.IGNORECASE)
_STREAM_LINE = 2000
_ANSWER = 4000


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


def refused(
    tool: str, message: str, context: AttemptContext, *, status: int | None = None, **beside: Any
) -> Finding:
    """The finding on a tool that reports what its provider answered; `beside` it, `provider_messages` reads more."""
    answer = provider_messages.read(message, findings.last_printed_at(context), status=status, **beside)
    reason = " ".join(tool_json.unwrapped(message).split())[:300] or "no reason given"
    return Finding(summary=f"{tool} failed: {reason}", failure=answer.failure, metadata=answer.metadata)


def unfinished(tool: str, end: AttemptEnd, context: AttemptContext, *, marked: str = "") -> Finding:
    """The finding on a tool that ended without saying that it had finished, whatever its exit code.

    What it printed last is shown, but names no class: it may be of the tool, of a command it ran, or of a file.
    `marked` is what it printed as its provider's where it prints no events, "" for nothing; that is a guess.
    """
    code = end.exit_code
    if not code:
        summary = f"{tool} ended without saying that it had finished."
        return Finding(summary=summary, failure=FailureClass.INTERRUPTED)
    killed_by = -code if code < 0 else _AS_SHELLS_SAY.get(code)
    if killed_by is not None:
        return killed(tool, killed_by)
    message = marked or complaint_of(context)
    if not message:
        summary = f"{tool} ended with exit code {code} without saying why."
        return Finding(summary=summary, failure=FailureClass.INTERRUPTED)
    finding = Finding(
        summary=f"{tool} ended with exit code {code}: {tool_json.unwrapped(message)[:300]}",
        failure=FailureClass.FAILED,
    )
    if not marked:
        return finding
    answer = provider_messages.read(marked, findings.last_printed_at(context), sure=False)
    return replace(finding, failure=answer.failure, metadata=answer.metadata)


def killed(tool: str, by: int) -> Finding:
    """The finding on a tool that was ended by a signal; one that asks a program to stop is an interruption."""
    failure = FailureClass.INTERRUPTED if by == signal.SIGINT else FailureClass.CRASH
    return Finding(summary=f"{tool} was ended by {findings.signal_name(-by)}.", failure=failure)


def complaint_of(context: AttemptContext) -> str:
    """What the tool complained of at its end, "" where it did not."""
    return _complaint(output.tail_text(context.folder, name="stderr")) or _complaint(
        output.tail_text(context.folder, name="stdout")
    )


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
            return Finding(
                summary=recordable("Ended well; the job only reads, so git did not look for changes.")
            )
        case ChangeEvidence.UNKNOWN | ChangeEvidence.NO_REPOSITORY if expected == "optional":
            return Finding(summary=recordable("Ended well; what it changed is not known."))
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
