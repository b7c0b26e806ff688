"""Claude Code: ``claude -p`` with its event stream; the task on standard input, its work left uncommitted."""

from collections.abc import Mapping
from typing import Any

from engine.adapters import agent, attempt
from engine.adapters.attempt import Verdict
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.shell import verbatim
from engine.job_spec import JobSpec
from engine.types import AttemptContext, AttemptEnd, FailureClass, Invocation, JobResult, ToolProbe

_ENV = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "CLAUDE_CODE_MAX_RETRIES": "2"}
_PASSED_ON = (
    *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CLAUDE_CONFIG_DIR"),
    *("CLAUDE_CODE_OAUTH_TOKEN", "API_TIMEOUT_MS", *agent.PROXIES),
)
_LIMITS = {"error_max_turns": "the limit of turns", "error_max_budget_usd": "the cost limit"}
_SERVER_ERROR = 500


class ClaudeAdapter:
    """Lets claude edit files without asking; what it changed is asked of git."""

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
            task = write_prompt(spec, context)
            argv = _arguments(spec, attempt.program(self.tool, spec, context))
            invocation = attempt.invocation(
                spec, context, argv, env=_ENV, pass_on=_PASSED_ON, stdin_file=task
            )
        attempt.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success needs a result without an error, exit code 0 and the change git sees."""
        changes = attempt.changes_since(context)
        final = agent.last(agent.events(context.folder), "result")
        verdict = attempt.early_end(end)
        if verdict is None and spec.command is not None:
            verdict = attempt.by_exit_code(end, context, self.tool)
        verdict = verdict or judged(end, context, final) or _blocked(final, agent.changed(spec, changes))
        if final is not None and isinstance(final.get("usage"), dict):
            used = final["usage"]
            usage = agent.tokens(
                used.get("input_tokens"), used.get("output_tokens"), final.get("total_cost_usd")
            )
            verdict = verdict.with_metadata(usage=usage)
        return attempt.finished(spec, context, end, verdict, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The claude on PATH."""
        return probed(self.tool, self.tool, tool_paths)


def judged(end: AttemptEnd, context: AttemptContext, final: Mapping[str, Any] | None) -> Verdict | None:
    """What went wrong by claude's own words, or None: then what changed in git decides.

    The subtype of a result is "success" even where the provider refused: `is_error` and the status tell.
    """
    if final is None:
        return agent.unfinished("claude", end, context)
    subtype = str(final.get("subtype"))
    if subtype in _LIMITS:
        return Verdict(summary=f"claude stopped at {_LIMITS[subtype]}.", failure=FailureClass.FAILED)
    if subtype == "error_during_execution":
        return Verdict(
            summary="claude was stopped in the middle of its work.", failure=FailureClass.INTERRUPTED
        )
    if final.get("is_error"):
        said = str(final.get("result") or "; ".join(map(str, final.get("errors") or [])))
        return agent.refused("claude", said, _by_status(final.get("api_error_status"), said))
    return agent.unfinished("claude", end, context) if end.exit_code else None


def _by_status(status: object, said: str) -> FailureClass | None:
    match status:
        case 401 | 403:
            return FailureClass.AUTH
        case 429:
            return FailureClass.QUOTA if agent.class_of(said) is FailureClass.QUOTA else FailureClass.RATE
        case int() if status >= _SERVER_ERROR:
            return FailureClass.NETWORK
        case _:
            return None


def _blocked(final: Mapping[str, Any] | None, verdict: Verdict) -> Verdict:
    """An edit that was not allowed ends well all the same; the list of denials tells."""
    denials = (final or {}).get("permission_denials")
    if verdict.failure is FailureClass.NO_CHANGE and isinstance(denials, list) and denials:
        names = sorted({str(each.get("tool_name")) for each in denials if isinstance(each, dict)})
        return Verdict(summary=f"Was not allowed to use {', '.join(names)}.", failure=FailureClass.BAD_EDIT)
    return verdict


def _arguments(spec: JobSpec, program: str) -> list[str]:
    limits = spec.metadata.limits
    return [
        *(program, "-p", "--output-format", "stream-json", "--verbose", "--permission-mode", "acceptEdits"),
        "--no-session-persistence",
        *(["--model", spec.model] if spec.model else []),
        *(["--max-turns", str(limits.max_turns)] if limits.max_turns else []),
        *(["--max-budget-usd", f"{limits.max_cost_usd:g}"] if limits.max_cost_usd else []),
        *spec.extra_args,
    ]
