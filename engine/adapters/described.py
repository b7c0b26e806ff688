"""A coding tool that a file describes: its command line is built, and its output read, as `tools/NAME.yaml` says.

The description is kept with the attempt, so that what has ended is judged by what it was started with, even if the
file has changed since or is gone.
"""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import ValidationError

from engine.adapters import agent, described_result, findings, invocations, sessions, usage, work_tree
from engine.adapters.described_command import arguments, environment
from engine.adapters.environment_names import EVERYWHERE
from engine.adapters.probing import probed
from engine.adapters.prompt import write_prompt
from engine.adapters.shell import verbatim
from engine.adapters.tool_files import read_tool_file
from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.jobfile.tool_description import ToolDescription
from engine.jobfile.tool_registry import ToolFileError, tools
from engine.system.private_files import write_private
from engine.types import AttemptContext, AttemptEnd, Invocation, JobResult, ToolProbe
from state.new_session import NewSession

_KEPT = "tool.json"


class DescribedToolAdapter:
    """Runs one tool that a file describes; git shows what it changed."""

    def __init__(self, tool: str) -> None:
        self.tool = tool

    @property
    def tile(self) -> str:
        """The letters that the description gives, or the first two of the name."""
        return tools().tile(self.tool)

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The command of the description; a command of the job's own is run as it is.

        Raises:
            SpawnError: the description cannot be used or does not fit the job, or the program or a file is missing.
        """
        tool = self._described()
        write_private(context.folder / _KEPT, tool.model_dump_json(exclude_defaults=True))
        if spec.command is not None:
            invocation = verbatim(spec, context)
        else:
            context = _session_opened(tool, spec, context)
            signs = "-" if tool.prompt == "argument" else ""
            task = write_prompt(spec, context, command_signs=signs)
            exe = tools().program(self.tool, context.tool_paths)
            program = invocations.program(exe, spec, context)
            invocation = invocations.invocation(
                spec,
                context,
                [program, *arguments(self.tool, tool, spec, context, task=task)],
                env=environment(tool, context),
                pass_on=(*tool.env_names, *EVERYWHERE),
                stdin_file=task if tool.prompt == "stdin" else None,
            )
            invocation = replace(
                invocation, new_session=context.new_session, success_codes=tool.success.exit_codes
            )
        work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success is what the description calls so, and the change that git sees."""
        tool = self._kept(context)
        changes = work_tree.changes_since(spec, context)
        found = agent.events(context.folder) if tool.output == "jsonl" else []
        finding = findings.outside_tool(end, context, self.tool, is_own=spec.command is not None)
        session = described_result.session(tool, found)
        finding = finding or sessions.refused(self.tool, session, end, context)
        if finding is None:
            finding = described_result.failure_of(self.tool, tool, end, context, found=found)
        if finding is None:
            finding = described_result.blocked(tool, found, agent.changed(spec, changes))
        finding = finding.with_metadata(**described_result.facts(tool, found))
        if session is not None:
            finding = finding.with_metadata(session_id=session)
        model = context.run.model or spec.model or ""
        finding = usage.with_usage(finding, described_result.used(tool, found, model))
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """Where its program is and which version it prints, or what is wrong with its description."""
        try:
            tool = tools().description(self.tool)
        except ToolFileError as error:
            return ToolProbe(tool=self.tool, problem=str(error))
        version, exe = tool.version, tools().program(self.tool, tool_paths)
        return probed(self.tool, exe, tool_paths, arguments=version.args, pattern=version.pattern)

    def _described(self) -> ToolDescription:
        try:
            return tools().description(self.tool)
        except ToolFileError as error:
            raise SpawnError(str(error)) from error

    def _kept(self, context: AttemptContext) -> ToolDescription:
        """The description that the attempt was started with."""
        try:
            return ToolDescription.model_validate_json(read_tool_file(context.folder / _KEPT))
        except (OSError, ValidationError):
            return tools().description(self.tool)


def _session_opened(tool: ToolDescription, spec: JobSpec, context: AttemptContext) -> AttemptContext:
    """The context without the session it was to resume, where the tool cannot take it; that is for the tool to keep."""
    if (resumed := context.run.session_id) is not None:
        before = context.session_folder
        folder = "" if before is None else sessions.noted_in(before).text("folder")
        if tool.resume_args is None:
            context = sessions.without_session(context, NewSession.CANNOT)
        elif sessions.valid_id(resumed) is None:
            context = sessions.without_session(context, NewSession.GONE)
        elif folder not in {"", str(spec.working_dir)}:
            context = sessions.without_session(context, NewSession.OTHER_FOLDER)
    sessions.note(context, folder=str(spec.working_dir))
    return context
