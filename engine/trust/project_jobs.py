"""What the project file has run around a job that has a worktree, as jobs, so that it is trusted like them."""

from collections.abc import Iterator
from pathlib import Path

from engine.jobfile.job_sections import Command
from engine.jobfile.project_file import NO_PROJECT_FILE, ProjectFile, valid_project_of
from engine.jobfile.spec import JobSpec
from engine.system.git import work_tree_root


def jobs_of_project(spec: JobSpec, *, isolation: str) -> tuple[tuple[str, JobSpec], ...]:
    """Setup, teardown and check of the repository of a job, by their fields; none where the job works in place.

    A project file that is not valid has nothing run, since no job starts there.
    """
    if not (spec.is_agent and spec.may_write):
        return ()
    root = work_tree_root(spec.working_dir)
    project = NO_PROJECT_FILE if root is None else valid_project_of(root)
    if root is None or (spec.metadata.isolation or project.isolation or isolation) != "worktree":
        return ()
    return tuple(jobs_in(spec, project, root))


def jobs_in(spec: JobSpec, project: ProjectFile, root: Path) -> Iterator[tuple[str, JobSpec]]:
    """What a project file has run around a job in this working tree, by its fields."""
    for field, command in project.runs.items():
        yield (
            field,
            JobSpec.model_validate(
                {
                    "tool": "shell",
                    "job_id": spec.job_id,
                    "command": Command(exe=command.exe, args=command.args),
                    "paths": {"repo_root": str(root)},
                }
            ),
        )
