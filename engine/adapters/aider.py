"""Aider: its recommended command line, and an outcome read from what it prints and writes, since it exits 0 anyway.

Its work is left uncommitted; committing is a step of its own.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from engine.adapters import (
    agent,
    aider_usage,
    findings,
    invocations,
    provider_messages,
    sessions,
    usage,
    work_tree,
)
from engine.adapters.aider_start import environment_of, start_command
from engine.adapters.environment_names import PASSED_ON
from engine.adapters.findings import Finding
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.shell import verbatim
from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.runners import output
from engine.streams import tool_json
from engine.system.git import work_tree_root
from engine.system.tool_paths import resolve, search_path
from engine.types import (
    AttemptContext,
    AttemptEnd,
    FailureClass,
    Invocation,
    JobResult,
    Permission,
    ToolProbe,
)
from state.recordable import recordable
from state.records import names_one_path

_SWITCHES = (
    *("--edit-format", "diff", "--yes-always", "--no-pretty", "--no-fancy-input", "--no-check-update"),
    *("--no-show-release-notes", "--no-show-model-warnings", "--no-analytics", "--no-gitignore"),
    *("--no-detect-urls", "--no-suggest-shell-commands", "--disable-playwright", "--map-tokens", "0"),
    *("--no-auto-lint", "--no-auto-commits", "--no-dirty-commits"),
)
# Lines are not wrapped at 80 columns, so that a message is found whole.
_ENV = {"COLUMNS": "4000", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONDONTWRITEBYTECODE": "1"}
_CHAT = "chat.md"
_COMMAND_SIGNS = "/!"
"""What begins a command of aider, also in its message file: `!` and `/run` start a program."""

_APPLIED = re.compile(r"^Applied edit to (.+)$")
_RETRYING = re.compile(r"^Retrying in [\d.]+ seconds")
_API_ERROR = re.compile(r"^litellm\.(\w+): (.*)$")
_AFTER_API_ERROR = re.compile(
    r"^$|^The API provider|^Retry(?:ing)? in |^litellm\.|^Tokens: |^Applied edit|^>|^https://aider\.chat"
)
_LONGEST_ERROR = 60
"""Lines that the answer of a provider takes at most: some send JSON that is laid out for people."""
_WRAPPING = re.compile(r"^(\w+: )?\w*Exception - ")
_RULES: tuple[tuple[re.Pattern[str], FailureClass, str], ...] = (
    (
        re.compile(r"has hit a token limit!"),
        FailureClass.CONTEXT,
        "The task does not fit into the model's context",
    ),
    (
        re.compile(r"^Only \d+ reflections allowed, stopping\."),
        FailureClass.BAD_EDIT,
        "Aider gave up correcting its edit",
    ),
    (
        re.compile(r"^The LLM did not conform to the edit format"),
        FailureClass.BAD_EDIT,
        "The answer was no valid edit",
    ),
    (
        re.compile(r"^# \d+ SEARCH/REPLACE blocks? failed to match"),
        FailureClass.BAD_EDIT,
        "An edit did not fit the file",
    ),
    (re.compile(r"^Unable to write file"), FailureClass.FAILED, "A file could not be written"),
    (re.compile(r"^Unable to commit:"), FailureClass.FAILED, "Aider could not commit"),
    (re.compile(r"file not found error"), FailureClass.FAILED, "A file was not found"),
    (re.compile(r"^\^C again to exit"), FailureClass.INTERRUPTED, "Aider was interrupted"),
)


class AiderAdapter:
    """Gives aider a task and files, and believes git and its own log rather than its exit code."""

    tool = "aider"
    tile = "ai"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The recommended command line, the task in a file; a command of the job's own is run as it is.

        Raises:
            SpawnError: aider or the message file is missing.
        """
        if spec.command is not None:
            invocation = verbatim(spec, context)
        else:
            program = invocations.program(self.tool, spec, context)
            invocation = invocations.invocation(spec, context, (), env=_ENV, pass_on=PASSED_ON[self.tool])
            context = sessions.opened_chat(context, invocation, _CHAT)
            argv = tuple(_arguments(spec, context, program))
            invocation = replace(invocation, argv=argv, new_session=context.new_session)
        work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success needs an edit that git sees, or a deliberate answer without one where the job allows that."""
        changes = work_tree.changes_since(spec, context)
        used, unanswered = aider_usage.used_by(context)
        finding = findings.outside_tool(end, context, self.tool, is_own=spec.command is not None)
        if finding is None:
            printed = output.tail_text(context.folder, name="stdout")
            message = findings.last_line_of(context, "stderr")
            finding = finding_of(
                end,
                printed,
                unanswered=unanswered,
                message=message,
                at=findings.last_printed_at(context),
            )
            finding = finding or agent.changed(spec, changes)
        finding = finding.with_metadata(**sessions.kept_chat(context, _CHAT))
        finding = usage.with_usage(finding, used)
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The aider on PATH; the version is read from its installation, since its start takes five seconds."""
        try:
            program = resolve(self.tool, path=search_path(), tool_paths=tool_paths)
        except SpawnError as error:
            return ToolProbe(tool=self.tool, problem=str(error))
        installed = program.resolve().parent.parent.glob("lib/python*/site-packages/aider_chat-*.dist-info")
        for folder in installed:
            version = folder.name.removesuffix(".dist-info").rpartition("-")[2]
            return ToolProbe(tool=self.tool, path=str(program), version=version)
        return probed(self.tool, self.tool, tool_paths)


def finding_of(
    end: AttemptEnd, output: str, *, unanswered: bool | None = None, message: str = "", at: float = 0.0
) -> Finding | None:
    """The failure that aider itself reports, or None: then what changed in git decides.

    A complaint counts unless an edit was applied after it; `unanswered` says that a request to the model was
    begun and never ended, None where aider kept no log of that; where each was answered, no provider refused one, and
    what looks like it is part of an answer. `message` is its last line on standard error, `at` when it printed last.
    """
    code = end.exit_code
    if code:
        if code < 0:
            return agent.killed("aider", -code)
        reason = f": {message}" if message else "."
        return Finding(summary=f"aider ended with exit code {code}{reason}", failure=FailureClass.FAILED)
    complaint: _Complaint | None = None
    for line in _sayings(output):
        if _APPLIED.match(line) or _RETRYING.match(line):
            complaint = None
        elif (found := _complaint(line, at)) and not (found.by_provider and unanswered is False):
            complaint = _worse(complaint, found)
    if complaint is None and unanswered:
        return Finding(summary=recordable("The model did not answer."), failure=FailureClass.NETWORK)
    return None if complaint is None else complaint.finding


def _sayings(output: str) -> Iterator[str]:
    """The lines of an output; what a provider answered is one, however many lines it takes."""
    lines = [line.strip() for line in output.splitlines()]
    at = 0
    while at < len(lines):
        end = at + 1
        if _API_ERROR.match(lines[at]):
            last = min(len(lines), at + _LONGEST_ERROR)
            end = next((each for each in range(at + 1, last) if _AFTER_API_ERROR.match(lines[each])), last)
        yield " ".join(lines[at:end])
        at = end


class _Complaint(NamedTuple):
    """What a line complains of, and whether it only repeats what the model's provider answered."""

    finding: Finding
    by_provider: bool = False


def _complaint(line: str, at: float) -> _Complaint | None:
    if api := _API_ERROR.match(line):
        kind, message = api.groups()
        answer = provider_messages.read(message, at, kinds=[kind])
        reason = tool_json.unwrapped(_WRAPPING.sub("", message))[:200]
        finding = Finding(
            summary=f"The model's provider refused: {reason}",
            failure=answer.failure,
            metadata=answer.metadata,
        )
        return _Complaint(finding, by_provider=True)
    for rule, failure, sentence in _RULES:
        if rule.search(line):
            return _Complaint(Finding(summary=f"{sentence}.", failure=failure))
    return None


def _worse(known: _Complaint | None, found: _Complaint) -> _Complaint:
    """Of two complaints the one nearer to the cause: the first, unless only the provider's word comes later."""
    return found if known is None or (found.by_provider and not known.by_provider) else known


def _arguments(spec: JobSpec, context: AttemptContext, program: str) -> list[str]:
    folder = context.folder
    prices = folder / "model.json"
    prices.write_text(json.dumps(_model_entry(context.run.model, program)), encoding="utf-8")
    return [
        *start_command(program, folder),
        *(["--model", context.run.model] if context.run.model else []),
        *_SWITCHES,
        *(["--chat-mode", "ask"] if context.run.permission is Permission.READ else []),
        *(["--no-git"] if work_tree_root(spec.working_dir) is None else []),
        *("--model-metadata-file", str(prices)),
        *("--analytics-log", str(folder / "events.jsonl")),
        *("--chat-history-file", str(folder / _CHAT)),
        *(["--restore-chat-history"] if context.run.session_id else []),
        *("--input-history-file", str(folder / "input")),
        *("--message-file", str(write_prompt(spec, context, command_signs=_COMMAND_SIGNS))),
        *spec.extra_args,
        *_files(spec),
    ]


def _files(spec: JobSpec) -> list[str]:
    """The files of the task that exist; aider would make an empty file of any other, and makes new ones itself."""
    names = spec.files or tuple(filter(names_one_path, spec.metadata.files_scope))
    found = [spec.repo_root / name for name in names]
    return [str(file) for file in found if file.is_file()]


def _model_entry(model: str | None, program: str) -> dict[str, Any]:
    """What the price list that came with aider says of the model; with any entry aider asks no server for one."""
    if model is None:
        return {}
    prices = _price_list(str(environment_of(program)))
    known = prices.get(model) or prices.get(model.rpartition("/")[2])
    return {model: known or {"mode": "chat"}}


@lru_cache(maxsize=2)
def _price_list(environment: str) -> Mapping[str, Any]:
    name = "lib/python*/site-packages/litellm/model_prices_and_context_window_backup.json"
    for file in Path(environment).glob(name):
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict):
            return found
    return {}
