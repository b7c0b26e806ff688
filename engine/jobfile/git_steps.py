"""Defines the steps of tool git: one frozen model for each value of `action`."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from engine.jobfile.fields import Flag, Line, Part, Ref, RepoPath, Text


class GitBranch(Part):
    """Create a branch at `start` and, by default, switch to it."""

    action: Literal["branch"]
    name: Ref
    start: Ref = "HEAD"
    switch: Flag = True


class GitApply(Part):
    """Apply a patch, given as text or as a file of the repository."""

    action: Literal["apply"]
    patch: Text | None = None
    patch_file: RepoPath | None = None
    three_way: Flag = False

    @model_validator(mode="after")
    def _one_patch(self) -> Self:
        if (self.patch is None) == (self.patch_file is None):
            raise ValueError("needs exactly one of patch and patch_file")
        return self


class GitCommit(Part):
    """Commit `files`, or all changes; having nothing to commit is a failure unless `allow_empty` is set."""

    action: Literal["commit"]
    message: Annotated[Text, StringConstraints(min_length=1, pattern=r"\S")]
    files: tuple[RepoPath, ...] = ()
    allow_empty: Flag = False


class GitDiff(Part):
    """Print the difference between `base` and the working tree or `head`; changes nothing."""

    action: Literal["diff"]
    base: Ref = "HEAD"
    head: Ref | None = None
    files: tuple[RepoPath, ...] = ()


class GitWorktree(Part):
    """Add a working tree at `path` on a new branch, or remove a clean one."""

    action: Literal["worktree"]
    operation: Literal["add", "remove"] = "add"
    path: Line
    branch: Ref | None = None
    start: Ref = "HEAD"

    @model_validator(mode="after")
    def _branch_to_add(self) -> Self:
        if self.operation == "add" and self.branch is None:
            raise ValueError("needs a branch to add a working tree")
        return self


class GitMerge(Part):
    """Merge a branch into the one that is checked out; a merge with conflicts is undone and reported."""

    action: Literal["merge"]
    branch: Ref
    message: Text | None = None
    fast_forward: Literal["allow", "never", "only"] = "allow"


GitStep = Annotated[
    GitBranch | GitApply | GitCommit | GitDiff | GitWorktree | GitMerge,
    Field(discriminator="action"),
]
