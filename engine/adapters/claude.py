"""Claude Code: ``claude -p`` with its event stream; the task on standard input, its work left uncommitted."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.adapters import (
    agent,
    claude_usage,
    findings,
    invocations,
    reported_windows,
    sessions,
    usage,
    work_tree,
)
from engine.adapters.environment_names import PASSED_ON
from engine.adapters.findings import Finding
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.sessions import SessionFiles
from engine.adapters.shell import verbatim
from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.streams.tool_json import ToolObject
from engine.types import (
    AttemptContext,
    AttemptEnd,
    FailureClass,
    Invocation,
    JobResult,
    Permission,
    ToolProbe,
    ToolRun,
)

_ENV = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "CLAUDE_CODE_MAX_RETRIES": "2"}
_PERMISSIONS = {
    Permission.READ: ("--permission-mode", "default", "--disallowedTools=Edit,MultiEdit,Write,NotebookEdit"),
    Permission.EDIT: ("--permission-mode", "acceptEdits"),
    Permission.FULL: ("--permission-mode", "bypassPermissions"),
}
_LIMITS = {"error_max_turns": "the limit of turns", "error_max_budget_usd": "the cost limit"}
_TOO_MANY = 429
_MARKED = re.compile(
    r"API Error\b|(?:Invalid API key|Not logged in|OAuth token \w+) ·|Credit balance is too low$|Prompt is too long$"
    r"|You.ve (?:hit|reached) your [\w ]*limit ·|Claude (?:AI )?usage limit reached"
)
"""How claude begins what its provider answered, where it prints text alone: nothing but that, on standard output."""
_DIAGNOSTIC = "[ede_diagnostic]"
"""What opens a line for claude's makers, left by an interruption."""
_EDITS = frozenset({"Edit", "MultiEdit", "Write", "NotebookEdit"})


_SESSIONS = SessionFiles(variable="CLAUDE_CONFIG_DIR", usual=".claude", pattern="projects/*/{id}.jsonl")


class ClaudeAdapter:
    """Lets claude edit files without asking; git shows what it changed."""

    tool = "claude"
    tile = "cl"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """One session without a terminal; a command of the job's own is run as it is.

        Raises:
            SpawnError: claude or the message file is missing.
        """
        if spec.command is not None:
            invocation = verbatim(spec, context)
        else:
            argv = _arguments(spec, context.run, invocations.program(self.tool, spec, context))
            invocation = invocations.invocation(spec, context, argv, env=_ENV, pass_on=PASSED_ON[self.tool])
            _refuse_full_as_root(context.run, invocation)
            context = sessions.opened(_SESSIONS, context, invocation)
            invocation = replace(
                invocation,
                argv=sessions.with_switch(argv, "--resume", context),
                stdin_file=write_prompt(spec, context),
                new_session=context.new_session,
            )
        work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success needs a result without an error, exit code 0 and the change git sees."""
        changes = work_tree.changes_since(spec, context)
        found = agent.events(context.folder)
        final = agent.last(found, "result")
        session = sessions.id_in(context.folder, "session_id", "system")
        finding = findings.outside_tool(end, context, self.tool, is_own=spec.command is not None)
        finding = finding or sessions.refused(self.tool, session, end, context)
        if finding is None:
            finding = finding_of(end, context, final, found=found)
        finding = finding or _blocked(final, _rejected(found), agent.changed(spec, changes))
        if final is not None:
            answer = "" if final.has("is_error") else final.text("result")
            finding = finding.with_metadata(**agent.answered(answer))
        finding = finding.with_metadata(**sessions.kept(_SESSIONS, context, session))
        finding = finding.with_metadata(**reported_windows.of_claude(found))
        finding = usage.with_usage(finding, claude_usage.used_by(found, final))
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The claude on PATH."""
        return probed(self.tool, self.tool, tool_paths)


def finding_of(
    end: AttemptEnd,
    context: AttemptContext,
    final: ToolObject | None,
    *,
    found: Sequence[ToolObject] = (),
) -> Finding | None:
    """The failure that claude itself reports, or None: then what changed in git decides.

    The subtype of a result is "success" even where the provider refused: `is_error` and the status decide. `found` are
    all its events: some say what kind of error it was, and when a used-up limit returns.
    """
    if final is None:
        printed = "" if found else output.tail_text(context.folder, name="stdout").strip()
        is_marked = _MARKED.match(printed) and "\n" not in printed
        return agent.unfinished("claude", end, context, marked=printed if is_marked else "")
    subtype = final.text("subtype")
    if subtype in _LIMITS:
        return Finding(summary=f"claude stopped at {_LIMITS[subtype]}.", failure=FailureClass.FAILED)
    errors = "; ".join(one for one in final.texts("errors") if not one.startswith(_DIAGNOSTIC))
    if subtype == "error_during_execution" and not errors:
        return Finding(
            summary="claude was stopped in the middle of its work.", failure=FailureClass.INTERRUPTED
        )
    if final.has("is_error"):
        answer = final.text("result")
        status = final.count("api_error_status")
        limit = _rejected_limit(found)
        return agent.refused(
            "claude",
            answer or errors,
            context,
            status=status,
            kinds=[_error_kind(found), *(["usage_limit_reached"] if limit and status == _TOO_MANY else [])],
            ends_at=limit.moment("resetsAt"),
            sure=bool(answer),
        )
    return agent.unfinished("claude", end, context) if end.exit_code else None


def _error_kind(found: Sequence[ToolObject]) -> str:
    """The kind of the last error that claude met, "" where it went on well after it."""
    kind = ""
    for event in found:
        if event.text("type") == "assistant" or event.text("subtype") == "api_retry":
            kind = event.text("error")
    return kind


def _rejected_limit(found: Sequence[ToolObject]) -> ToolObject:
    """The limit that was used up, from the event that says so; an empty one where none was."""
    event = agent.last(found, "rate_limit_event")
    limit = ToolObject({}) if event is None else event.part("rate_limit_info")
    return limit if limit.text("status") == "rejected" else ToolObject({})


def _rejected(found: Sequence[ToolObject]) -> str:
    """Why the last edit was not made; claude ends well all the same."""
    edits: set[str] = set()
    why = ""
    for part in _parts(found):
        if part.text("type") == "tool_use" and part.text("name") in _EDITS:
            edits.add(part.text("id"))
        elif part.text("type") == "tool_result" and part.text("tool_use_id") in edits:
            content = part.text("content") or " ".join(each.text("text") for each in part.parts("content"))
            message = re.sub(r"</?tool_use_error>", "", content)
            why = " ".join(message.split())[:200] if part.has("is_error") else ""
    return why


def _parts(found: Sequence[ToolObject]) -> Iterator[ToolObject]:
    for event in found:
        if event.text("type") in {"assistant", "user"}:
            yield from event.part("message").parts("content")


def _blocked(final: ToolObject | None, rejected: str, finding: Finding) -> Finding:
    """An edit that was not allowed or did not fit ends well all the same; denials and results of tools show it."""
    if finding.failure is not FailureClass.NO_CHANGE:
        return finding
    denials = final.parts("permission_denials") if final is not None else []
    if denials:
        names = sorted({denial.text("tool_name") or "a tool" for denial in denials})
        return Finding(summary=f"Was not allowed to use {', '.join(names)}.", failure=FailureClass.BAD_EDIT)
    if rejected:
        return Finding(summary=f"The edit was not made: {rejected}", failure=FailureClass.BAD_EDIT)
    return finding


def _refuse_full_as_root(run: ToolRun, invocation: Invocation) -> None:
    """Claude would end at once, with a line that no job's card should have to explain."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if run.permission is Permission.FULL and is_root and invocation.env.get("IS_SANDBOX") != "1":
        raise SpawnError(
            "claude refuses full permission to root. Run Signalbox as another user, give the job permission: edit, "
            "or set IS_SANDBOX=1 if this machine is a sandbox."
        )


def _arguments(spec: JobSpec, run: ToolRun, program: str) -> list[str]:
    limits = spec.metadata.limits
    return [
        *(program, "-p", "--output-format", "stream-json", "--verbose", *_PERMISSIONS[run.permission]),
        *(["--model", run.model] if run.model else []),
        *(["--max-turns", str(limits.max_turns)] if limits.max_turns else []),
        *(["--max-budget-usd", f"{limits.max_cost_usd:g}"] if limits.max_cost_usd else []),
        *spec.extra_args,
    ]
