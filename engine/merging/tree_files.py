"""Write the files of a working tree on the way from one commit to another, and write over nothing that comes meanwhile.

`git read-tree` would write over a file that appears after it has looked: what is new is written by `checkout-index`.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError

_REFUSED = re.compile(rb"not uptodate|would be (overwritten|removed)|would lose untracked")
"""What git says when it has looked at all files, before it writes any."""


class ChangedMeanwhileError(StepError):
    """Somebody has just changed a file; nothing was written."""


def write_files(git: GitCalls, way: tuple[str, str], *, scratch: Path, written: Collection[str]) -> None:
    """Bring files and index to the second commit; those in `written` are there already.

    Raises:
        ChangedMeanwhileError: git refuses to begin.
        StepError: git cannot complete it.
    """
    before, after = way
    added = _added(git, before, after)
    known = _without(git, after, added, scratch) if added else after
    done = git.run("read-tree", "-m", "-u", before, known)
    if done.returncode > 0 and _REFUSED.search(done.stderr):
        raise ChangedMeanwhileError(git.explained(done, "read-tree"))
    git.check(done, "read-tree")
    if added:
        git.read("read-tree", "-m", known, after)
        given = "".join(f"{path}\0" for path in added if path not in written)
        git.read("checkout-index", "-u", "-z", "--stdin", given=given)


def _added(git: GitCalls, before: str, after: str) -> Sequence[str]:
    """The files that are new, but those that say how others are written; none where not all files are in the tree."""
    if git.line("config", "--bool", "core.sparseCheckout") == "true":
        return []
    words = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--diff-filter=A", *NO_PROGRAMS)
    return [path for path in git.names(*words, before, after) if Path(path).name != ".gitattributes"]


def _without(git: GitCalls, commit: str, paths: Sequence[str], scratch: Path) -> str:
    """The git tree of a commit without these paths."""
    env = {"GIT_INDEX_FILE": str(scratch / "git_known_index")}
    git.read("read-tree", commit, env=env)
    git.read(
        "update-index",
        "--force-remove",
        "-z",
        "--stdin",
        given="".join(f"{path}\0" for path in paths),
        env=env,
    )
    return git.read("write-tree", "--missing-ok", env=env)
