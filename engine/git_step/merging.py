"""Make the commit of a merge without touching a file or a branch; a conflict is found before anything changes."""

from collections.abc import Mapping
from typing import Any

from engine.git_step.calls import GitCalls, StepError
from engine.git_step.commit import FALLBACK_IDENTITY

_KINDS = {
    "refs/heads/": "branch",
    "refs/tags/": "tag",
    "refs/remotes/": "remote-tracking branch",
}
_NAMED_CONFLICTS = 10
_UNKNOWN_OPTION = 129
"""What git exits with where an option is too new for it."""


def merged_commit(git: GitCalls, step: Mapping[str, Any], *, before: str, target: str) -> str:
    """The commit that has both histories: `target` itself where that is enough, otherwise a new one.

    Raises:
        StepError: they conflict, or only a fast-forward is allowed.
    """
    is_forward = not git.run("merge-base", "--is-ancestor", before, target).returncode
    if is_forward and step["fast_forward"] != "never":
        return target
    if step["fast_forward"] == "only":
        reason = f"{step['branch']} cannot be merged by a fast-forward: both sides have commits of their own"
        raise StepError(f"{reason}. Allow a merge commit (git.fast_forward).")
    tree = _merged_tree(git, step["branch"], before=before, target=target)
    identity = () if git.line("var", "GIT_COMMITTER_IDENT") else FALLBACK_IDENTITY
    words = (*identity, "commit-tree", "--no-gpg-sign", "-p", before, "-p", target, "-F", "-", tree)
    return git.must(*words, given=_message(git, step, target)).strip()


def _merged_tree(git: GitCalls, name: str, *, before: str, target: str) -> str:
    done = git.run("merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", before, target)
    tree, *files = done.stdout.decode(errors="surrogateescape").rstrip("\0").split("\0")
    if done.returncode == 1 and files:
        named = ", ".join(files[:_NAMED_CONFLICTS])
        raise StepError(f"Merging {name} conflicts in {named}; nothing was changed.", "bad_edit")
    if done.returncode == _UNKNOWN_OPTION:
        raise StepError(f"Merging {name} needs git 2.38 or newer, and this is {git.line('version')}.")
    git.check(done, "merge-tree")
    return tree


def _message(git: GitCalls, step: Mapping[str, Any], target: str) -> str:
    name = step["branch"]
    if step["message"]:
        done = git.run("stripspace", given=step["message"])
    else:
        full = git.line("rev-parse", "--symbolic-full-name", name)
        kind = next((kind for prefix, kind in _KINDS.items() if full.startswith(prefix)), "commit")
        done = git.run("fmt-merge-msg", given=f"{target}\t\t{kind} '{name}' of .\n")
    git.check(done, "merge")
    return done.stdout.decode(errors="surrogateescape")
