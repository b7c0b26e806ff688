"""What the adapters of coding tools share: their event streams, the words of their failures, the look at git.

A coding tool has succeeded when its exit code is 0, it says itself that it has finished, and git shows the change
the job wants. Knows no tool by name.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.adapters import attempt
from engine.adapters.attempt import Changes, Verdict
from engine.job_spec import JobSpec
from engine.types import AttemptContext, AttemptEnd, FailureClass

_STREAM_END = 4 * 1024 * 1024
"""Bytes at the end of a stream that are read for events; what decides stands last."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")

_WORDS: tuple[tuple[re.Pattern[str], FailureClass], ...] = (
    (
        re.compile(r"context window|prompt is too long|token limit|maximum context", re.IGNORECASE),
        FailureClass.CONTEXT,
    ),
    (
        re.compile(r"quota exceeded|exceeded your (current )?quota|usage limit|billing", re.IGNORECASE),
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
            r"connect|timed? ?out|disconnect|\b5\d\d\b|overloaded|high demand|stream|fetch failed",
            re.IGNORECASE,
        ),
        FailureClass.NETWORK,
    ),
)


def class_of(message: str) -> FailureClass:
    """The failure class of what a tool says its provider said."""
    return next((failure for rule, failure in _WORDS if rule.search(message)), FailureClass.FAILED)


def events(folder: Path) -> list[Mapping[str, Any]]:
    """The JSON objects a tool printed, one a line, oldest first; other lines are skipped."""
    try:
        with (folder / "stdout").open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _STREAM_END))
            lines = file.read().splitlines()
    except OSError:
        return []
    return list(_objects(lines))


def last(found: Iterable[Mapping[str, Any]], *kinds: str) -> Mapping[str, Any] | None:
    """The last event of one of these types."""
    chosen = None
    for event in found:
        if event.get("type") in kinds:
            chosen = event
    return chosen


def refused(tool: str, message: str, failure: FailureClass | None = None) -> Verdict:
    """The verdict on a tool that says itself why it failed."""
    said = " ".join(message.split())[:300] or "no reason given"
    return Verdict(summary=f"{tool} failed: {said}", failure=failure or class_of(message))


def unfinished(tool: str, end: AttemptEnd, context: AttemptContext) -> Verdict:
    """The verdict on a tool that ended without saying that it had finished, whatever its exit code."""
    code = end.exit_code
    said = attempt.last_line(attempt.tail(context.folder, "stderr"))
    if not code:
        told = f"{tool} ended without saying that it had finished."
        return Verdict(summary=told, failure=FailureClass.INTERRUPTED)
    if code < 0:
        return Verdict(
            summary=f"{tool} was ended by {attempt.signal_name(code)}.", failure=FailureClass.CRASH
        )
    return Verdict(summary=f"{tool} ended with exit code {code}: {said}", failure=class_of(said))


def changed(spec: JobSpec, changes: Changes) -> Verdict:
    """The verdict of what git saw on an attempt that had nothing to complain about."""
    wanted = spec.metadata.evidence.change
    if changes.files is None:
        return Verdict(summary="Ended well; what it changed is not known.")
    count = len(changes.files)
    if not count and wanted == "required":
        return Verdict(summary="Answered, but changed no file.", failure=FailureClass.NO_CHANGE)
    if count and wanted == "forbidden":
        names = ", ".join(file.path for file in changes.files[:5])
        return Verdict(summary=f"Was to change nothing, and changed {names}.", failure=FailureClass.BAD_EDIT)
    added = sum(file.added or 0 for file in changes.files)
    removed = sum(file.removed or 0 for file in changes.files)
    told = (
        f"{count} file{'' if count == 1 else 's'} changed (+{added} -{removed})"
        if count
        else "No file changed"
    )
    return Verdict(summary=f"{told}.")


def tokens(sent: object, received: object, cost: object = None) -> dict[str, Any]:
    """As `JobResult.metadata["usage"]` holds it; what is no number is None."""
    return {"input_tokens": _number(sent), "output_tokens": _number(received), "cost_usd": _number(cost)}


def _number(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _objects(lines: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    for line in lines:
        if line.startswith(b"{"):
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                yield found
