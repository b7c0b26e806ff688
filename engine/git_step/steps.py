"""The git steps. Each is done whole or not at all, and an interrupted one is completed when it is repeated."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.git_step import working_trees
from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError
from engine.git_step.checkout import move
from engine.git_step.commit import commit_files
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal
from engine.git_step.merging import merged_commit
from engine.git_step.patch import apply_patch, counts_in_words
from engine.git_step.under_way import under_way

_CAREFUL = ("--quiet", "--no-overwrite-ignore")
_NO_COMMIT = "There is no commit yet. Commit something first."


@dataclass(frozen=True)
class GitTask:
    """One step to do: how to call git, the request, what an interrupted attempt noted, a folder for scratch files."""

    git: GitCalls
    step: Mapping[str, Any]
    journal: StepJournal
    folder: Path


def branch(task: GitTask) -> str:
    """Make a branch, or find it already there at the same commit."""
    git, step, journal = task.git, task.step, task.journal
    name = step["name"]
    if git.run("check-ref-format", "--branch", name).returncode:
        raise StepError(f"{name!r} cannot be the name of a branch.")
    target = journal.facts.get("target") or _commit_of(git, step["start"])
    there = git.commit_of(f"refs/heads/{name}")
    if there and there != target:
        raise StepError(
            f"Branch {name} is there already, at another commit ({there[:9]}). Choose another name."
        )
    if step["switch"]:
        _refuse_unfinished(git)
        differing = git.names("diff-tree", "-r", "-z", "--name-only", *NO_PROGRAMS, "HEAD", target)
        git.refuse_foreign_filters_of(target, differing, scratch=task.folder)
    journal.note(target=target)
    if not step["switch"]:
        if not there:
            git.must("branch", "--no-track", "--", name, target)
        return f"Branch {name} made at {target[:9]}."
    # Without --quiet, git would list what is uncommitted, and search submodules for that.
    words = ["--no-guess", name] if there else ["--no-track", "-c", name, target]
    move(git, journal, ["switch", *_CAREFUL, *words], target=target, scratch=task.folder)
    return f"On branch {name}."


def apply(task: GitTask) -> str:
    """Apply a patch whole or not at all (with three_way: as far as it goes, conflicts marked)."""
    return apply_patch(task.git, task.step, task.journal, scratch=task.folder)


def commit(task: GitTask) -> str:
    """Commit the named files, or everything."""
    _refuse_unfinished(task.git)
    return commit_files(task.git, task.step, task.journal)


def diff(task: GitTask) -> str:
    """Print what differs, new files too; changes nothing, since it works on a copy of the index."""
    git, step = task.git, task.step
    index = Path(git.must("rev-parse", "--git-path", "index").strip())
    copy = task.folder / "git_index"  # `index` is the name of the runner's own file
    if index.exists():
        shutil.copy2(index, copy)  # with its time, by which git knows which files it has to read again
    env = {"GIT_INDEX_FILE": str(copy), "GIT_LITERAL_PATHSPECS": "1"}
    base = step["base"]
    if base == "HEAD" and not git.commit_of("HEAD"):
        base = git.must("hash-object", "-t", "tree", "--stdin").strip()  # there is no commit yet: all is new
    if not step["head"]:
        git.add("--intent-to-add", "--all", env={"GIT_INDEX_FILE": str(copy)})
    what = [base, *([step["head"]] if step["head"] else []), "--", *step["files"]]
    counts = git.run("diff", "--numstat", "-z", "-M", *NO_PROGRAMS, *what, env=env)
    git.must("diff", "--stat", "-p", "-M", *NO_PROGRAMS, *what, env=env)
    copy.unlink(missing_ok=True)
    return f"The difference: {counts_in_words(counts.stdout)}." if counts.stdout else "Nothing differs."


def worktree(task: GitTask) -> str:
    """Add a working tree on a new branch, or remove one that holds no uncommitted work."""
    git, step, journal = task.git, task.step, task.journal
    if step["operation"] == "remove":
        return working_trees.remove(git, step, journal)
    target = journal.facts.get("target") or _commit_of(git, step["start"])
    return working_trees.add(git, step, journal, target=target, scratch=task.folder)


def merge(task: GitTask) -> str:
    """Merge a branch: make the commit beside the branch that is checked out, then move forward to it."""
    git, step, journal = task.git, task.step, task.journal
    _refuse_unfinished(git)
    before, target = _commit_of(git, "HEAD"), _commit_of(git, step["branch"])
    made = journal.facts.get("made")
    if made and before == made:  # an interrupted attempt came to its end and could not say so
        IndexTransaction(git, journal).finish()
    elif not git.run("merge-base", "--is-ancestor", target, before).returncode:
        return f"Nothing to do: the branch that is checked out has all of {step['branch']} already."
    else:
        if not made or journal.facts.get("merging") != [before, target]:
            made = merged_commit(git, step, before=before, target=target)
        journal.note(merging=[before, target], made=made)
        differing = git.names("diff-tree", "-r", "-z", "--name-only", *NO_PROGRAMS, before, made)
        git.refuse_foreign_filters_of(made, differing, scratch=task.folder)
        words = ["merge", *_CAREFUL, "--ff-only", "--no-verify", "--no-verify-signatures", made]
        move(git, journal, words, target=made, scratch=task.folder)
    return f"Joined {step['branch']} into the branch that is checked out ({made[:9]})."


STEPS: Mapping[str, Callable[[GitTask], str]] = {
    "branch": branch,
    "apply": apply,
    "commit": commit,
    "diff": diff,
    "worktree": worktree,
    "merge": merge,
}


def _commit_of(git: GitCalls, name: str) -> str:
    if found := git.commit_of(name):
        return found
    is_unborn = name == "HEAD" and git.line("symbolic-ref", "--quiet", "HEAD")
    raise StepError(_NO_COMMIT if is_unborn else f"{name} names no commit here. Correct the name.")


def _refuse_unfinished(git: GitCalls) -> None:
    """Leave alone what somebody is in the middle of: a commit of ours would become a part of it."""
    files, operation = _unmerged(git), under_way(git)
    if files or operation:
        where = f" ({', '.join(files[:10])})" if files else ""
        reason = f"An earlier {operation or 'merge'} is unfinished{where}"
        raise StepError(f"{reason}. Resolve or abort it first.")


def _unmerged(git: GitCalls) -> list[str]:
    return git.names("diff", "--name-only", "--diff-filter=U", "-z", *NO_PROGRAMS)
