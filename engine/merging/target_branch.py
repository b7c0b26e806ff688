"""Find the branch that a merge is to move, or say why it cannot be moved. Changes nothing."""

from dataclasses import dataclass

from engine.git_step.calls import GitCalls

_HEADS = "refs/heads/"
_MOST_LINKS = 5


class BlockedError(Exception):
    """The target cannot be moved at this moment; the message says why and what to do."""


@dataclass(frozen=True)
class Target:
    """A branch that exists: its name, the ref that holds its commit, and that commit."""

    name: str
    ref: str
    commit: str


def find_target(git: GitCalls, name: str) -> Target:
    """The branch of this name.

    Raises:
        BlockedError: there is no such branch.
        StepError: git cannot say.
    """
    if git.run("check-ref-format", "--branch", name).returncode:
        raise BlockedError(
            f"{name!r} cannot be the name of a branch. Withdraw the merge, and name another target."
        )
    ref = _followed(git, f"{_HEADS}{name}")
    commit = git.commit_of(ref)
    if not commit:
        raise BlockedError(_missing(git, name, ref))
    return Target(name, ref, commit)


def _followed(git: GitCalls, ref: str) -> str:
    """The ref that holds the commit: the name of a branch may stand for another branch."""
    for _ in range(_MOST_LINKS):
        other = git.line("symbolic-ref", "--quiet", ref)
        if not other.startswith(_HEADS):
            break
        ref = other
    return ref


def _missing(git: GitCalls, name: str, ref: str) -> str:
    if git.line("symbolic-ref", "--quiet", "HEAD") == ref:
        return f"The target {name} has no commit yet. Commit something on it first."
    remote = git.read("for-each-ref", "--format=%(refname:short)", f"refs/remotes/*/{name}").partition("\n")[
        0
    ]
    if remote:
        return f"The target {name} exists only as {remote}. Make the branch: git branch {name} {remote}"
    return f"There is no branch {name} here. Make it again (git branch {name} COMMIT), or withdraw the merge."
