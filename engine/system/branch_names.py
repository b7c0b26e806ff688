"""Tell without git whether a word can be the name of a branch; only git knows whether there is one."""

import re

_IMPOSSIBLE = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|\Z)|\A[-/.]|[/.]\Z|\AHEAD\Z|\A\Z"
)
"""What `git check-ref-format --branch` refuses."""


_HEADS = "refs/heads/"


def short_branch(name: str) -> str:
    """The name of a branch as people say it, also where it was given as the whole name of its ref."""
    return name.removeprefix(_HEADS)


def is_branch_name(name: str) -> bool:
    """Whether git takes this as the name of a branch, and it is text that can be stored."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return _IMPOSSIBLE.search(name) is None
