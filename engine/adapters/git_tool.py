"""Git steps: branch, apply, commit, diff, worktree and merge, each done by a small child process of ours."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.adapters import findings, invocations, work_tree
from engine.adapters.findings import Finding, for_want_of_room
from engine.adapters.probing import probed
from engine.adapters.shell import verbatim
from engine.adapters.tool_files import read_tool_file
from engine.errors import SpawnError
from engine.jobfile.git_steps import GitApply, GitCommit, GitMerge, GitStep
from engine.jobfile.spec import JobSpec
from engine.system.disk_errors import OF_DISK
from engine.system.git import CEILINGS, ENVIRONMENT, IDENTITY, SAFE, work_tree_root
from engine.system.real_path import real_path
from engine.types import AttemptContext, AttemptEnd, FailureClass, Invocation, JobResult, ToolProbe

_STEP = ("-c", "commit.gpgSign=false", "-c", "advice.detachedHead=false")
"""What a step that writes needs beyond `SAFE`: nobody is there to unlock a signing key."""
_CHILD = Path(__file__).parents[1] / "git_step" / "process.py"


class GitAdapter:
    """Performs the step a job names; a command of the job's own is run as it is."""

    tool = "git"
    tile = "gi"

    def prepare(self, spec: JobSpec, context: AttemptContext) -> Invocation:
        """The child process with its request, which lies in the attempt's folder.

        Raises:
            SpawnError: git, the patch or the repository is missing.
        """
        if spec.git is None:
            invocation = verbatim(spec, context)
        else:
            request = self._request(spec, spec.git, context)
            file = context.folder / "git_request.json"
            file.write_text(json.dumps(request), encoding="utf-8")
            argv = [sys.executable, "-I", "-S", str(_CHILD), str(file)]
            invocation = invocations.invocation(
                spec, context, argv, env=ENVIRONMENT, pass_on=(*IDENTITY, CEILINGS)
            )
        if isinstance(spec.git, GitApply):  # the other steps move work about, only this one makes it
            work_tree.note_before(spec, context)
        return invocation

    def result(self, spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> JobResult:
        """As the child answered; without an answer it was stopped or crashed."""
        finding = findings.outside_tool(end, context, "git", is_own=spec.git is None)
        finding = finding or for_want_of_room(_answered(spec, context, end), spec.working_dir, context.folder)
        changes = work_tree.changes_since(spec, context) if isinstance(spec.git, GitApply) else None
        return findings.finished(spec, context, end, finding, changes=changes)

    def probe(self, tool_paths: Mapping[str, str]) -> ToolProbe:
        """The git on PATH."""
        return probed(self.tool, "git", tool_paths)

    def _request(self, spec: JobSpec, step: GitStep, context: AttemptContext) -> dict[str, Any]:
        fields = step.model_dump(mode="json")
        invocations.check_folder(spec)
        if work_tree_root(spec.working_dir) is None:
            raise SpawnError(
                f"{spec.working_dir} is no git repository. Correct paths.repo_root, or run git init there."
            )
        if isinstance(step, GitApply):
            fields["patch_path"] = str(_patch(spec, step, context.folder))
        return {
            "git": [invocations.program("git", spec, context), *SAFE, *_STEP],
            "folder": str(spec.working_dir),
            "job_id": spec.job_id,
            "step": fields,
        }


def _patch(spec: JobSpec, step: GitApply, folder: Path) -> Path:
    if step.patch_file is not None:
        file = spec.repo_root / step.patch_file
        if not file.is_file():
            raise SpawnError(f"The patch {file} does not exist. Correct git.patch_file.")
        if not real_path(file).is_relative_to(real_path(spec.repo_root)):
            raise SpawnError(f"The patch {file} leads out of the repository by a link. Name the real file.")
        return file
    file = folder / "patch.diff"
    text = step.patch or ""
    file.write_bytes((text if text.endswith("\n") else text + "\n").encode())
    return file


def _answered(spec: JobSpec, context: AttemptContext, end: AttemptEnd) -> Finding:
    try:
        answer = json.loads(read_tool_file(context.folder / "git_answer.json"))
    except (OSError, ValueError):
        message = findings.last_line_of(context, "stderr")
        summary = f"The git step ended without an answer (exit code {end.exit_code}): {message}"
        return Finding(summary=summary, failure=FailureClass.CRASH)
    if answer["ok"] and end.exit_code == 0:
        made = isinstance(spec.git, GitCommit | GitMerge)
        return Finding(summary=answer["summary"], metadata={"commit": answer["commit"]} if made else {})
    is_of_disk = answer.get("errno") in OF_DISK
    failure = FailureClass.DISK if is_of_disk else FailureClass(answer.get("failure_class", "failed"))
    return Finding(summary=answer["summary"], failure=failure)
