"""Reads which files git's settings of a repository are in, and which files of it they name: hooks, rules, programs."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from engine.system.git import git
from engine.trust.elsewhere import files_elsewhere, is_bound
from engine.trust.fingerprints import is_inside
from engine.trust.named_files import NamedFiles, named_files

_LIST = ("config", "--list", "--show-scope", "--show-origin", "-z")
_NAMES_NO_FILE = re.compile(r"(remote|branch|submodule|url)\.|core\.worktree$")


@dataclass(frozen=True)
class GitSettings:
    """The files of a repository's own settings, with those they include, and what any setting names in it.

    `elsewhere` are the files that its own settings name outside of it, and the folder of the hooks if that is outside.
    """

    files: tuple[str, ...]
    named: NamedFiles
    elsewhere: tuple[str, ...] = ()


def git_settings(root: str) -> GitSettings:
    """Git's settings for the working tree at `root`.

    Raises:
        GitError: git cannot say.
    """
    fields = list(map(os.fsdecode, git(_LIST, Path(root)).split(b"\0")))
    files, values, own, hooks = [], [], [], ""
    for scope, origin, setting in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        kind, _, path = origin.partition(":")
        key, _, value = setting.partition("\n")
        if kind == "file" and scope in {"local", "worktree"}:
            files.append(path)
            own.append(value)
        if key == "core.hookspath" and scope != "command":
            hooks = os.path.realpath(os.path.join(root, os.path.expanduser(value)))
        if scope != "command" and not _NAMES_NO_FILE.match(key):
            values.append(value)
    elsewhere = [*files_elsewhere(own, root, root)]
    if hooks and not is_inside(hooks, root) and is_bound(hooks):
        elsewhere.append(hooks)
    return GitSettings(tuple(files), named_files(values, root, root), tuple(dict.fromkeys(elsewhere)))
