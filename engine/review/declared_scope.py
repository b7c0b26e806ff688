"""The patterns of all files that a workstream declares to write, as paths in its repository. Pure."""

from collections.abc import Iterable
from pathlib import PurePath

from engine.jobfile.tool_names import is_coding_tool
from engine.scheduling.path_scopes import covers
from state.records import Job, WorkstreamFile


def declared_scope(jobs: Iterable[Job], roots: Iterable[str]) -> tuple[str, ...]:
    """The union of the scopes of these jobs; empty where a coding tool among them may write anywhere.

    `roots` are the folders that stand for the repository: its working tree, and the worktree of the workstream.
    """
    writers = [job for job in jobs if job.tree is not None]
    if any(is_coding_tool(job.tool) and not job.files_scope for job in writers):
        return ()
    tops = [PurePath(root) for root in roots]
    found = (
        str(_below(PurePath(job.scope_root or ""), tops) / pattern)
        for job in writers
        for pattern in job.files_scope
    )
    return tuple(dict.fromkeys(found))


def outside_scope(scope: Iterable[str], files: Iterable[WorkstreamFile]) -> tuple[str, ...]:
    """The touched files that no pattern of a declared scope covers; none where no scope is declared."""
    patterns = tuple(scope)
    if not patterns:
        return ()
    return tuple(sorted(file.path for file in files if file.touched and not covers(patterns, file.path)))


def _below(root: PurePath, tops: Iterable[PurePath]) -> PurePath:
    """Where the scope starts in the repository."""
    return next((root.relative_to(top) for top in tops if root.is_relative_to(top)), PurePath())
