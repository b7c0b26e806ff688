"""Decides from job files, project file and settings alone whether a workstream gets a git worktree of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.jobfile.isolation import agreed
from engine.jobfile.placing import repository_of
from engine.jobfile.project_file import NO_PROJECT_FILE, ProjectFile
from engine.jobfile.spec import JobSpec
from engine.system.git_refs import RefFiles


@dataclass(frozen=True)
class IsolationChoice:
    """What a workstream that is to have a worktree is made of: the job that decides, and where it works.

    `refs` are None where there is no repository with a commit, so that no worktree can be made.
    """

    lead: JobSpec
    root: Path | None
    project: ProjectFile
    refs: RefFiles | None


def writer_of(specs: Sequence[JobSpec]) -> JobSpec | None:
    """The first job with a coding tool that writes."""
    return next((spec for spec in specs if spec.is_agent and spec.may_write), None)


def isolation_choice(
    specs: Sequence[JobSpec], setting: str, project_of: Callable[[Path], ProjectFile]
) -> IsolationChoice | None:
    """The choice for a new workstream with these jobs; None where it works in place.

    `project_of` says what the project file around a folder holds.

    Raises:
        JobFileError: two of them disagree.
    """
    requested = agreed("isolation", specs)
    writer = writer_of(specs)
    lead = writer or specs[0]
    if requested == "in_place" or (requested is None and writer is None):
        return None
    root = repository_of(lead)
    project = NO_PROJECT_FILE if root is None else project_of(lead.repo_root)
    if requested is None and (project.isolation or setting) != "worktree":
        return None
    refs = None if root is None else RefFiles.of(root)
    begun = refs if refs is not None and refs.commit("HEAD") is not None else None
    if begun is None and requested is None:
        return None
    return IsolationChoice(lead=lead, root=root, project=project, refs=begun)
