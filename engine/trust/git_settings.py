"""Reads which files git's settings of a repository are in, and which files of it they name: hooks, rules, programs."""

import os
import re
from collections.abc import Iterator
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


@dataclass(frozen=True)
class Setting:
    """One of git's settings; `file` is where it stands, `is_own` says whether that is the repository's own."""

    scope: str
    file: str
    key: str
    value: str

    @property
    def is_own(self) -> bool:
        """Whether it is a setting of the repository and not of the user or the system."""
        return self.scope in {"local", "worktree"}


def settings(root: str) -> Iterator[Setting]:
    """Every setting of git for the working tree at `root`, those of git's command line left out.

    Raises:
        GitError: git cannot say.
    """
    fields = list(map(os.fsdecode, git(_LIST, Path(root)).split(b"\0")))
    for scope, origin, setting in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
        kind, _, path = origin.partition(":")
        key, _, value = setting.partition("\n")
        if scope != "command":
            file = os.path.normpath(os.path.join(root, path)) if kind == "file" else ""
            yield Setting(scope, file, key, value)


def git_settings(root: str) -> GitSettings:
    """What git's settings for the working tree at `root` name.

    Raises:
        GitError: git cannot say.
    """
    every = list(settings(root))
    own = [each for each in every if each.is_own]
    named = named_files([each.value for each in every if not _NAMES_NO_FILE.match(each.key)], root, root)
    elsewhere = [*files_elsewhere((each.value for each in own), root, root)]
    for hooks in (each.value for each in every if each.key == "core.hookspath"):
        folder = os.path.realpath(os.path.join(root, os.path.expanduser(hooks)))
        if not is_inside(folder, root) and is_bound(folder):
            elsewhere.append(folder)
    files = tuple(each.file for each in own if each.file)
    return GitSettings(files, named, tuple(dict.fromkeys(elsewhere)))
