"""A plain command: started as written, assessed by its exit code and by nothing it prints."""

from collections.abc import Mapping
from pathlib import PurePath

from engine.adapters import findings, invocations, work_tree
from engine.errors import SpawnError
from engine.jobfile.spec import JobSpec
from engine.system import git
from engine.system.tool_paths import search_path
from engine.types import AttemptContext, AttemptEnd, Invocation, JobResult, ToolProbe


class ShellAdapter:
    """Runs a program with its arguments; despite the old name no shell reads them."""

    tool = "shell"
    tile = "sh"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The command exactly as the job gives it."""
        invocation = verbatim(spec, context)
        work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """Success is exit code 0."""
        name = PurePath(spec.command.exe).name if spec.command else self.tool
        finding = findings.early_end(end) or findings.by_exit_code(end, context, name)
        changes = work_tree.changes_since(spec, context)
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """Nothing to look for: each command names its own program."""
        del tool_paths
        return ToolProbe(tool=self.tool, version="built in")


def is_plain(spec: JobSpec) -> bool:
    """Whether a job is a command around which there is nothing to do: no git looks at its files, and no tests follow.

    Raises:
        OSError: the disk cannot say whether git is to look.
    """
    if spec.tool != ShellAdapter.tool or spec.evidence_tests is not None:
        return False
    if not search_path.cache_info().currsize:
        return False  # the PATH of the login shell is still being read
    return not spec.writes or git.work_tree_root(spec.working_dir) is None


def verbatim(spec: JobSpec, context: AttemptContext) -> Invocation:
    """The job's own command, its program made an absolute path and nothing else changed.

    Raises:
        SpawnError: there is no command, or its program or folder is missing.
    """
    if spec.command is None:
        raise SpawnError(f"Job {spec.job_id} names no command. Give it one and run it again.")
    argv = [invocations.program(spec.command.exe, spec, context), *spec.command.args]
    return invocations.invocation(spec, context, argv)
