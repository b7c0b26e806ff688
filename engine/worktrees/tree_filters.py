"""Know the filters that cannot run in a worktree: named by the repository alone, missing here, or set up nowhere.

They are switched off, so the files they are for stay as the repository stores them: pointers of Git LFS, for instance.
"""

import os
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import WorktreeError
from engine.system.formatting import plural
from engine.system.git_programs import (
    BY_THE_REPOSITORY,
    QUERY,
    UnsafeNameError,
    program_settings,
    programs_of,
)
from engine.worktrees.tree_git import TreeGit

_NOT_FILTERS = frozenset({"unspecified", "unset", "set", ""})
_NAME = re.compile(r"[A-Za-z0-9_./+-]+")
_OF_THE_SHELL = frozenset(
    {"exec", "command", "eval", "if", "for", "while", "until", "case", "cd", "set", "export"}
)


@dataclass(frozen=True)
class TreeFilters:
    """The switches that keep programs from being run, and why each filter of the configuration is off.

    `set_up` are the filters that run.
    """

    switches: tuple[str, ...]
    off: Mapping[str, str]
    set_up: frozenset[str]

    def notes(self, git: TreeGit, *, env: Mapping[str, str], paths: Sequence[str]) -> list[str]:
        """A sentence for each filter that does not run and that some of these paths, in the index of `env`, need."""
        listed = b"".join(os.fsencode(path) + b"\0" for path in paths)
        words = ("check-attr", "--cached", "--stdin", "-z", "filter")
        fields = os.fsdecode(git.run(*words, given=listed, env=env)).split("\0")
        needed = Counter(name for name in fields[2::3] if name not in _NOT_FILTERS | self.set_up)
        return [self._note(name, count) for name, count in sorted(needed.items())]

    def _note(self, name: str, count: int) -> str:
        why = self.off.get(name, "which is not set up in git's configuration")
        verb = "goes" if count == 1 else "go"
        stay = "it is" if count == 1 else "they are"
        return (
            f"{plural(count, 'file')} {verb} through the filter {name}, {why}: "
            f"in the worktree {stay} as the repository stores {'it' if count == 1 else 'them'}."
        )


def tree_filters(git: TreeGit) -> TreeFilters:
    """What the configuration says about filters, in the folder of `git`.

    Raises:
        GitError: a program is named so that git cannot switch it off.
    """
    output = git.run(*QUERY, accepted=(0, 1))
    try:
        programs = programs_of(output)
    except UnsafeNameError as error:
        raise WorktreeError(f"{git.folder}: {error}") from error
    off = dict.fromkeys(programs.filters, "which only the configuration of the repository names")
    own = {
        key: value
        for scope, key, value in program_settings(output)
        if scope not in {*BY_THE_REPOSITORY, "command"} and key.startswith("filter.")
    }
    missing = {
        name: program
        for key, value in own.items()
        if (name := _name_in(key)) not in off and (program := _missing(value, git))
    }
    off |= {name: f"whose program {program} is not installed" for name, program in missing.items()}
    return TreeFilters(
        (*programs.switches, *_disabled(missing)), off, frozenset(map(_name_in, own)) - off.keys()
    )


def _name_in(key: str) -> str:
    return key.removeprefix("filter.").rpartition(".")[0]


def _disabled(missing: Mapping[str, str]) -> list[str]:
    switches = []
    for name in sorted(missing):
        for part in ("clean=", "smudge=", "process=", "required=false"):
            switches += ["-c", f"filter.{name}.{part}"]
    return switches


def _missing(command: str, git: TreeGit) -> str:
    """The program of a filter's command, if git would not find it; empty where it would, or cannot be known."""
    try:
        program = next(iter(shlex.split(command)), "")
    except ValueError:
        return ""
    if not _NAME.fullmatch(program) or program in _OF_THE_SHELL:
        return ""
    path = os.pathsep.join([git.text("--exec-path"), os.environ.get("PATH", os.defpath)])
    return "" if shutil.which(program, path=path) else program
