"""Codex: ``codex exec`` with its event stream; the task on standard input, its work left uncommitted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.adapters import (
    agent,
    codex_usage,
    findings,
    invocations,
    reported_windows,
    sessions,
    usage,
    work_tree,
)
from engine.adapters.codex_retries import retry_switches
from engine.adapters.environment_names import PASSED_ON
from engine.adapters.findings import Finding
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.sessions import SessionFiles
from engine.adapters.shell import verbatim
from engine.adapters.tree_comparison import WorkTreeChanges
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.streams.tool_json import ToolObject
from engine.system.git import work_tree_root
from engine.types import (
    AttemptContext,
    AttemptEnd,
    FailureClass,
    Invocation,
    JobResult,
    Permission,
    ToolProbe,
)

_SANDBOXES = {
    Permission.READ: "read-only",
    Permission.EDIT: "workspace-write",
    Permission.FULL: "danger-full-access",
}
_GOES_ON = "Reconnecting"
_MARK = "ERROR: "
"""How codex begins what its provider answered, where it prints text alone."""
_REJECTED = "ERROR codex_core::tools::router: error="


_SESSIONS = SessionFiles(variable="CODEX_HOME", usual=".codex", pattern="sessions/*/*/*/rollout-*{id}.jsonl")


class CodexAdapter:
    """Lets codex work inside its own sandbox; git shows what it changed."""

    tool = "codex"
    tile = "co"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """One turn without a terminal; a command of the job's own is run as it is.

        Raises:
            SpawnError: codex or the message file is missing.
        """
        if spec.command is not None:
            invocation = verbatim(spec, context)
        else:
            argv = _arguments(spec, context, invocations.program(self.tool, spec, context))
            invocation = invocations.invocation(spec, context, argv, pass_on=PASSED_ON[self.tool])
            context = sessions.opened(_SESSIONS, context, invocation)
            resumed = context.run.session_id
            if resumed is not None:
                record = _SESSIONS.find(_SESSIONS.root(invocation.env), resumed)
                codex_usage.note_before(context, record)
            invocation = replace(
                invocation,
                argv=(*argv, *retry_switches(invocation.env), *(["resume", resumed] if resumed else []), "-"),
                stdin_file=write_prompt(spec, context),
                new_session=context.new_session,
            )
        work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success needs a completed turn, exit code 0 and the change git sees."""
        changes = work_tree.changes_since(spec, context)
        found = agent.events(context.folder)
        session = sessions.id_in(context.folder, "thread_id", "thread.started")
        finding = findings.outside_tool(end, context, self.tool, is_own=spec.command is not None)
        finding = finding or sessions.refused(self.tool, session, end, context)
        finding = finding or finding_of(spec, end, context, found=found, changes=changes)
        finding = finding.with_metadata(**agent.answered(_answer(found)))
        finding = finding.with_metadata(**sessions.kept(_SESSIONS, context, session))
        at = findings.last_printed_at(context)
        recorded = codex_usage.events_of(context.folder / sessions.COPY)
        finding = finding.with_metadata(**reported_windows.of_codex([*recorded, *found], at))
        finding = usage.with_usage(finding, codex_usage.used_by(found, context, spec.model))
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The codex on PATH."""
        return probed(self.tool, self.tool, tool_paths)


def finding_of(
    spec: JobSpec,
    end: AttemptEnd,
    context: AttemptContext,
    *,
    found: Sequence[ToolObject],
    changes: WorkTreeChanges,
) -> Finding:
    """The finding on a turn that ended by itself."""
    final = agent.last(found, "turn.completed", "turn.failed")
    if final is None:
        return _unfinished(end, context, found)
    if final.text("type") == "turn.failed":
        error = final.part("error")
        return agent.refused("codex", error.text("message"), context, fields=error.fields)
    if end.exit_code:
        return agent.unfinished("codex", end, context)
    finding = agent.changed(spec, changes)
    rejected = _rejected(found, output.tail_text(context.folder, name="stderr"))
    if finding.failure is FailureClass.NO_CHANGE and rejected:
        return Finding(summary=f"The edit was not made: {rejected}", failure=FailureClass.BAD_EDIT)
    return finding


def _unfinished(end: AttemptEnd, context: AttemptContext, found: Sequence[ToolObject]) -> Finding:
    """The finding on a turn that never ended: what codex reported last, where that is an error."""
    error = found[-1] if found and found[-1].text("type") == "error" else ToolObject({})
    message = error.text("message")
    if message and not message.startswith(_GOES_ON) and (end.exit_code or 0) > 0:
        return agent.refused("codex", message, context, fields=error.fields)
    last = "" if found else findings.last_line_of(context, "stderr")
    return agent.unfinished("codex", end, context, marked=last if last.startswith(_MARK) else "")


def _answer(found: Sequence[ToolObject]) -> str:
    """The last message codex wrote."""
    messages = [item.text("text") for item in _items(found, "agent_message")]
    return messages[-1] if messages else ""


def _rejected(found: Sequence[ToolObject], stderr: str) -> str:
    """Why an edit was not made; codex ends well all the same."""
    for line in stderr.splitlines():
        if _REJECTED in line:
            return line.partition(_REJECTED)[2][:200]
    failed = any(item.text("status") == "failed" for item in _items(found, "file_change"))
    return "the files could not be written" if failed else ""


def _items(found: Sequence[ToolObject], kind: str) -> list[ToolObject]:
    items = (event.part("item") for event in found if event.text("type") == "item.completed")
    return [item for item in items if item.text("type") == kind]


def _arguments(spec: JobSpec, context: AttemptContext, program: str) -> list[str]:
    return [
        *(program, "exec", "--json", "--color", "never"),
        *("-s", _SANDBOXES[context.run.permission], "-C", str(spec.working_dir)),
        *(["-m", context.run.model] if context.run.model else []),
        *("-o", str(context.folder / "last.txt"), "-c", "analytics.enabled=false"),
        *("--disable", "plugins", "--disable", "unbounded_connection_retries"),
        *(["--skip-git-repo-check"] if work_tree_root(spec.working_dir) is None else []),
        *spec.extra_args,
    ]
