"""Call ``git diff-tree``: the same way for the list of files and for their lines, whatever a repository configures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.system.git import git
from state.records import NOTHING

_COMPARE = (
    "diff-tree", "-r", "-M", "--no-commit-id", "--full-index", "--no-abbrev", "--no-color", "--no-ext-diff",
    "--no-textconv", "--ignore-submodules=none", "--diff-algorithm=histogram", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_SWITCHES = (
    "--literal-pathspecs",
    "-c",
    "diff.suppressBlankEmpty=false",
    "-c",
    "core.quotePath=true",
)
"""What a repository may have configured otherwise, and the command has no option for."""


def tree_diff(
    repo: Path,
    sides: tuple[str, str],
    *options: str,
    paths: Sequence[str] = (),
    ignore_whitespace: bool = False,
    env: Mapping[str, str] = NOTHING,
) -> bytes:
    """What git prints of the difference between two commits or trees, of these paths or of all.

    `env` may name folders with more objects than the repository has.

    Raises:
        GitError: one of the commits does not exist, or the repository cannot be read.
    """
    blanks = ["-w"] if ignore_whitespace else []
    words = [*_COMPARE, *options, *blanks, "--end-of-options", *sides, "--", *paths]
    return git(words, repo, env=env, switches=_SWITCHES)
