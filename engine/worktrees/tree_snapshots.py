"""Snapshots of a worktree: commits under refs of our own, whose parents are what was checked out.

The message of such a commit holds, as JSON, what restoring needs to know, so a snapshot is complete without a database.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.worktrees.tree_content import ContentIndex, LeftOutFile, SizeLimit, head_of
from engine.worktrees.tree_git import ABSENT, IDENTITY, TreeGit
from engine.worktrees.tree_place import LinkedTree, TreePlace
from state.worktree_records import Worktree, snapshot_refs

_FIELDS = ("refname", "objectname", "tree", "parent", "committerdate:unix", "contents:body")
_FORMAT = "--format=" + "%09".join(f"%({field})" for field in _FIELDS)


@dataclass(frozen=True)
class KeptTree:
    """The content of a worktree as a commit.

    `head` is the commit that was checked out ("" before the first one), `branch` the full name of the branch ("" if
    none was). `number` counts from 1 within a worktree; an archive has the number 0. `ref` keeps it.
    """

    number: int
    commit: str
    tree: str
    head: str
    branch: str
    created_at: float
    left_out: Sequence[LeftOutFile] = ()
    job_id: str | None = None
    attempt_id: int | None = None
    purpose: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Content:
    """What lies in a worktree at one moment, already stored: its git tree, and what is checked out."""

    tree: str
    head: str
    branch: str
    parents: Sequence[str]
    left_out: Sequence[LeftOutFile]


def content_of(
    tree: LinkedTree, index: ContentIndex, own_branch: str, *, limit: SizeLimit, also: Iterable[str] = ()
) -> Content:
    """Store what lies in a worktree; the parents keep what is staged and the worktree's own branch from being lost."""
    staged = index.staged_tree()
    left_out = index.take_in(limit, also=also)
    stored, head = index.write_tree(), head_of(tree)
    parents = [head] if head else []
    if staged and staged != stored and staged != _tree_of(tree.git, head):
        parents.append(commit_tree(tree.git, staged, parents, "What was staged"))
    tip = tree.git.commit_of(f"refs/heads/{own_branch}")
    if tip and tip != head and not (head and tree.git.is_ancestor(tip, head)):
        parents.append(tip)
    return Content(stored, head, tree.branch, parents, left_out)


def keep(tree: LinkedTree, of: Worktree, content: Content, *, now: float, **about: Any) -> KeptTree:
    """Keep a content under the next number; the newest snapshot is it already where it differs in nothing."""
    known = snapshots(tree.git, of)
    if known and _is_same(known[-1], content, about):
        return known[-1]
    number = _next_number(tree.git, of)
    commit = keep_as(tree, of, content, f"Snapshot {number} of workstream {of.ws_id}", now=now, about=about)
    ref = f"{snapshot_refs(*of.key)}{number}"
    tree.git.run("update-ref", ref, commit, ABSENT)
    left_out = content.left_out
    return KeptTree(
        number, commit, content.tree, content.head, content.branch, now, left_out, ref=ref, **about
    )


def keep_as(
    tree: LinkedTree,
    of: Worktree,
    content: Content,
    subject: str,
    *,
    now: float,
    about: Mapping[str, Any],
    more: Sequence[str] = (),
) -> str:
    """A commit of a content; no ref names it yet."""
    facts = {
        "branch": content.branch,
        "head": content.head,
        "place": TreePlace.of(of).name,
        "left_out": [file.to_json() for file in content.left_out],
        **about,
    }
    return commit_tree(
        tree.git, content.tree, [*content.parents, *more], f"{subject}\n\n{json.dumps(facts)}\n", now=now
    )


def commit_tree(
    git: TreeGit,
    tree: str,
    parents: Sequence[str],
    message: str,
    *,
    now: float | None = None,
    identity: Sequence[str] = IDENTITY,
) -> str:
    """Make a commit of a git tree: no hook, no signature, no ref."""
    named = [word for parent in dict.fromkeys(parents) for word in ("-p", parent)]
    date = f"@{int(now)} +0000" if now is not None else None
    env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    made = git.run(
        *("commit-tree", tree, *named, "-F", "-"),
        given=message.encode(errors="surrogateescape"),
        env=env,
        switches=identity,
    )
    return made.decode().strip()


def snapshots(git: TreeGit, of: Worktree) -> list[KeptTree]:
    """The snapshots of a worktree, oldest first."""
    found = kept_trees(git, [snapshot_refs(*of.key)], of)
    return sorted((each for each in found if each.number), key=lambda each: each.number)


def kept_trees(git: TreeGit, patterns: Sequence[str], of: Worktree) -> list[KeptTree]:
    """The commits of this worktree under the refs that match: another home may have one with the same ids."""
    place = TreePlace.of(of).name
    lines = git.text("for-each-ref", _FORMAT, *patterns).splitlines()
    return [kept for line in lines if (kept := _parsed(line, place)) is not None]


def _parsed(line: str, place: str) -> KeptTree | None:
    """One line of `_FORMAT`; None for a commit that is none of ours, or of a worktree at another place."""
    fields = line.split("\t")
    if len(fields) != len(_FIELDS):
        return None
    ref, commit, tree, parents, date, body = fields
    number = ref.rpartition("/")[2]
    try:
        facts = json.loads(body)
        if facts.get("place") != place:
            return None
        return KeptTree(
            number=int(number) if number.isdigit() else 0,
            ref=ref,
            commit=commit,
            tree=tree,
            head=str(facts["head"]) if facts["head"] in parents.split() else "",
            branch=str(facts["branch"]),
            created_at=float(date),
            left_out=[LeftOutFile(**each) for each in facts["left_out"]],
            job_id=facts.get("job_id"),
            attempt_id=facts.get("attempt_id"),
            purpose=facts.get("purpose", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _next_number(git: TreeGit, of: Worktree) -> int:
    """Also after what is under our refs and none of ours."""
    listed = git.text("for-each-ref", "--format=%(refname:lstrip=-1)", snapshot_refs(*of.key)).split()
    return max((int(number) for number in listed if number.isdigit()), default=0) + 1


def _is_same(kept: KeptTree, content: Content, about: Mapping[str, Any]) -> bool:
    return (kept.tree, kept.head, kept.branch) == (content.tree, content.head, content.branch) and all(
        getattr(kept, name) == value for name, value in about.items()
    )


def _tree_of(git: TreeGit, commit: str) -> str:
    return git.text("rev-parse", f"{commit}^{{tree}}") if commit else ""


def take(
    tree: LinkedTree, of: Worktree, *, limit: SizeLimit, clock: Callable[[], float], **about: Any
) -> KeptTree:
    """Make a snapshot of what lies in a worktree; a repetition for the same attempt finds the one that was made.

    Raises:
        GitError: git cannot read or store it; nothing was changed.
    """
    with ContentIndex(tree) as index:
        content = content_of(tree, index, of.branch, limit=limit)
    return keep(tree, of, content, now=clock(), **about)
