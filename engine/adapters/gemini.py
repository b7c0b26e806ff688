"""Gemini CLI: its event stream without a terminal; the task on standard input, its work left uncommitted."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.adapters import agent, findings, invocations, provider_messages, sessions, usage, work_tree
from engine.adapters.environment_names import PASSED_ON
from engine.adapters.findings import Finding
from engine.adapters.gemini_home import forget_settings, own_home
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.sessions import SessionFiles
from engine.adapters.shell import verbatim
from engine.jobfile.spec import JobSpec
from engine.streams.tool_json import ToolObject, whole_text
from engine.types import (
    AttemptContext,
    AttemptEnd,
    FailureClass,
    Invocation,
    JobResult,
    Permission,
    ToolProbe,
)

# Without the second, an outer process stays that is deaf to SIGTERM.
_ENV = {"GEMINI_CLI_TRUST_WORKSPACE": "true", "GEMINI_CLI_NO_RELAUNCH": "true"}
_KEY = "GEMINI_API_KEY"
_APPROVAL_MODES = {Permission.READ: "plan", Permission.EDIT: "auto_edit", Permission.FULL: "yolo"}
_TURNS = 50
_EDITS = frozenset({"replace", "write_file"})
_NO_LOG_IN = 41
# In its JSON formats it ends with the HTTP status, cut to a byte.
_STATUSES = {status & 255: status for status in (400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504)}
_MARK = "[API Error: "
"""How gemini begins what its provider answered, where it prints text alone."""

_REFUSED = frozenset({FailureClass.AUTH, FailureClass.QUOTA, FailureClass.RATE})


_SESSIONS = SessionFiles(
    variable="GEMINI_CLI_HOME", usual="", pattern=".gemini/tmp/*/chats/session-*{short}.json*"
)


class GeminiAdapter:
    """Lets gemini edit files without asking; git shows what it changed."""

    tool = "gemini"
    tile = "ge"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """One session without a terminal; a command of the job's own is run as it is.

        Raises:
            SpawnError: gemini or the message file is missing.
        """
        if spec.command is not None:
            invocation = verbatim(spec, context)
        else:
            run = context.run
            program = invocations.program(self.tool, spec, context)
            argv = [
                *(program, "-o", "stream-json", "--skip-trust"),
                *("--approval-mode", _APPROVAL_MODES[run.permission]),
                *(["-m", run.model] if run.model else []),
                *spec.extra_args,
            ]
            env = {**_ENV, **_own_home(spec, context)}
            invocation = invocations.invocation(spec, context, argv, env=env, pass_on=PASSED_ON[self.tool])
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
        """Success needs a result that says so, exit code 0 and the change git sees."""
        changes = work_tree.changes_since(spec, context)
        forget_settings(context.folder)
        found = agent.events(context.folder)
        final = agent.last(found, "result")
        session = sessions.id_in(context.folder, "session_id", "init")
        finding = findings.outside_tool(end, context, self.tool, is_own=spec.command is not None)
        finding = finding or sessions.refused(self.tool, session, end, context)
        if finding is None:
            finding = finding_of(end, context, final, complaint=agent.last(found, "error"))
        finding = finding or _rejected(found, agent.changed(spec, changes))
        finding = finding.with_metadata(**agent.answered(_answer(found)))
        finding = finding.with_metadata(**sessions.kept(_SESSIONS, context, session))
        finding = usage.with_usage(finding, _used(final, is_refused=finding.failure in _REFUSED))
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The gemini on PATH."""
        return probed(self.tool, self.tool, tool_paths)


def finding_of(
    end: AttemptEnd,
    context: AttemptContext,
    final: ToolObject | None,
    *,
    complaint: ToolObject | None,
) -> Finding | None:
    """The failure that gemini itself reports, or None: then what changed in git decides.

    It ends with 0 when it is stopped and when the stream breaks: only the result event is reliable.
    """
    if final is None:
        return _unfinished(end, context)
    if final.text("status") == "success":
        return agent.unfinished("gemini", end, context) if end.exit_code else None
    reported = final.part("error") or complaint or ToolObject({})
    status = _STATUSES.get(end.exit_code or 0)
    return agent.refused("gemini", reported.text("message"), context, status=status, fields=reported.fields)


def _unfinished(end: AttemptEnd, context: AttemptContext) -> Finding:
    """The finding on a gemini that printed no result: it may have left a report of the error, or none."""
    last = findings.last_line_of(context, "stderr")
    finding = agent.unfinished("gemini", end, context, marked=last if last.startswith(_MARK) else "")
    status = _STATUSES.get(end.exit_code or 0)
    if status is None and end.exit_code != _NO_LOG_IN:
        return finding
    report = agent.complaint_of(context)
    kinds = ["authentication_failed"] if end.exit_code == _NO_LOG_IN else []
    is_report = report.startswith("{")
    answer = provider_messages.read(
        report if is_report else "",
        findings.last_printed_at(context),
        status=status,
        kinds=kinds,
        sure=is_report or bool(kinds),
    )
    return replace(finding, failure=answer.failure, metadata=answer.metadata)


def _used(final: ToolObject | None, *, is_refused: bool) -> dict[str, Any]:
    """The tokens of each model; zeros of a session that broke off count only where the provider refused it."""
    stats = ToolObject({}) if final is None else final.part("stats")
    each = stats.named_parts("models") or ([("", stats)] if stats else [])
    uses = [_use(name, counted) for name, counted in each]
    if uses and is_refused and all(use.is_nothing for use in uses):
        return usage.none_used()
    return usage.used(uses)


def _use(model: str, counted: ToolObject) -> usage.ModelUsage:
    """What a model thought is in its total alone; it is paid like what it says."""
    sent, received, total = map(counted.count, ("input_tokens", "output_tokens", "total_tokens"))
    if sent is not None and received is not None:
        received = max(received, (total or 0) - sent)
    return usage.ModelUsage(
        model=model, sent=sent, cached=usage.optional(counted, "cached"), received=received
    )


def _answer(found: Sequence[ToolObject]) -> str:
    """The answer of gemini after its last use of a tool; it comes in pieces."""
    pieces: list[str] = []
    for event in found:
        kind = event.text("type")
        if kind == "tool_result":
            pieces.clear()
        elif kind == "message" and event.text("role") == "assistant":
            pieces.append(event.piece("content"))
    return whole_text(pieces)


def _rejected(found: Sequence[ToolObject], finding: Finding) -> Finding:
    """An edit that did not fit ends well all the same; the result of the last edit shows it."""
    if finding.failure is not FailureClass.NO_CHANGE:
        return finding
    edits: set[str] = set()
    why = ""
    for event in found:
        kind, tool_id = event.text("type"), event.text("tool_id")
        if kind == "tool_use" and event.text("tool_name") in _EDITS:
            edits.add(tool_id)
        elif kind == "tool_result" and tool_id in edits:
            message = event.part("error").text("message") or event.text("output")
            why = " ".join(message.split())[:200] if event.text("status") == "error" else ""
    return Finding(summary=f"The edit was not made: {why}", failure=FailureClass.BAD_EDIT) if why else finding


def _own_home(spec: JobSpec, context: AttemptContext) -> dict[str, str]:
    """A home with settings of ours where a key is given; without one, the user's log-in lies in their own."""
    env = {**(context.base_env or os.environ), **spec.env, **context.run.account_env}
    if not env.get(_KEY):
        return {}
    return own_home(context.folder, env, turns=spec.metadata.limits.max_turns or _TURNS)
