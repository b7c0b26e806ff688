"""Call git safely in any repository.

A repository may name programs in its own configuration; none of them is run here. Nothing here writes to the
index, the refs or the objects of a repository.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, count, takewhile
from pathlib import Path
from typing import Any

from engine.errors import GitError
from engine.system.bounded_call import bounded_call
from engine.system.disk_errors import is_of_disk
from engine.system.git_failures import disk_error, explained, is_busy, too_slow
from engine.system.git_programs import QUERY, RepositoryPrograms, UnsafeNameError, programs_of
from engine.system.looks import seen
from engine.system.real_path import real_text
from engine.system.tool_paths import first_found, search_path
from state.records import NOTHING

SAFE = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "log.showSignature=false",
    "-c", "i18n.commitEncoding=UTF-8",
    "-c", "i18n.logOutputEncoding=UTF-8",
    "-c", "submodule.recurse=false",
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
    "-c", "worktree.useRelativePaths=false",
)  # fmt: skip
"""Options of every git command that Signalbox runs: no program named by a repository, and no background work.

A signature is checked by a program, which the repository may name. What is read and written is UTF-8. A worktree names
its repository by a whole path, so that it can be made in one folder and moved to its place.
"""
ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "LC_ALL": "C",
}
"""Objects are what their ids say, not what a ref or a file that anybody may write puts in their place: what is merged
is what was reviewed. Nothing is fetched: the remote of a partial clone is a program, or one that its configuration
names talks to it.

An older git does not know `GIT_NO_LAZY_FETCH`, and every git refuses a protocol that is not allowed.
"""
CEILINGS = "GIT_CEILING_DIRECTORIES"
"""git's own variable: the folders at and above which it searches for no repository."""
INHERITED = ("PATH", "HOME", "XDG_CONFIG_HOME", "USER", "LOGNAME", "TMPDIR", "SYSTEMROOT", CEILINGS)
"""The variables of this process that git gets; with others it may compare files in another way."""
IDENTITY = (
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
)
"""The variables that a git gets besides which commits: who does it, and where that is configured."""
_NO_CACHE = ("-c", "core.untrackedCache=false")
TIMEOUT_S = 120.0
"""After this time a call of git is ended."""


@dataclass(frozen=True)
class ChangedFile:
    """A changed file; the counts are None for a binary file."""

    path: str
    added: int | None
    removed: int | None

    def to_json(self) -> dict[str, Any]:
        """As `JobResult.metadata` holds it."""
        return {"path": self.path, "added": self.added, "removed": self.removed}


def work_tree_root(folder: Path) -> Path | None:
    """The working tree that contains `folder`, found by its ``.git``; runs no git, follows no configuration.

    Like git, it ignores the folders that `GIT_CEILING_DIRECTORIES` names and all above them, except `folder` itself.
    """
    return seen((work_tree_root, folder), lambda: _find_root(folder))


def _find_root(folder: Path) -> Path | None:
    here = real_text(folder)
    named = os.environ.get(CEILINGS, "")
    ceilings = {os.path.normpath(each) for each in named.split(os.pathsep) if each}
    above = takewhile(lambda each: each not in ceilings, _parents(here))
    found = next((each for each in chain((here,), above) if _exists(os.path.join(each, ".git"))), None)  # noqa: PTH118 - as below
    return None if found is None else Path(found)


def _parents(folder: str) -> Iterator[str]:
    """The folders around one, the nearest first; as texts, since each job asks and making paths takes longer."""
    while (parent := os.path.dirname(folder)) != folder:  # noqa: PTH120 - as above
        yield parent
        folder = parent


def _exists(path: str) -> bool:
    """Whether there is such a path; a closed folder shows none, and no folder has too long a name.

    Raises:
        OSError: the disk cannot say.
    """
    try:
        os.stat(path)  # noqa: PTH116 - as above
    except OSError as error:
        if is_of_disk(error):
            raise
        return False
    except ValueError:  # no possible name
        return False
    return True


@cache
def git_program() -> str | None:
    """The absolute path of git, or None."""
    found = first_found(["git"], path=search_path())
    return None if found is None else str(found)


def git(
    arguments: Sequence[str],
    folder: Path,
    *,
    env: Mapping[str, str] = NOTHING,
    switches: Sequence[str] = (),
    stdin: bytes = b"",
    accepted: Sequence[int] = (0,),
) -> bytes:
    """Run git with these arguments in that folder and return its output; `switches` come before the arguments.

    Raises:
        GitError: git is missing, takes longer than two minutes, or ends with an exit code that is not `accepted`.
    """
    program = git_program()
    if program is None:
        raise GitError("git was not found on PATH. Install git to see what jobs change.")
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    argv = [program, *SAFE, *_NO_CACHE, *switches, *arguments]
    for tries in count(1):
        done = _called(argv, folder, {**inherited, **ENVIRONMENT, **env}, stdin, command=arguments[0])
        if done.returncode in accepted:
            return done.stdout
        if not is_busy(done.stderr, tries):
            break
    reason = explained(done.stderr, done.returncode, command=arguments[0], folder=str(folder))
    raise GitError(reason) from disk_error(done.stderr)


def _called(
    argv: Sequence[str], folder: Path, env: Mapping[str, str], stdin: bytes, *, command: str
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return bounded_call(argv, folder, env=env, timeout_s=TIMEOUT_S, given=stdin)
    except subprocess.TimeoutExpired as error:
        raise GitError(too_slow(command, str(folder), TIMEOUT_S)) from error
    except OSError as error:
        raise GitError(
            f"git {command} in {folder}: {error.strerror}. Look at the folder, then retry."
        ) from error


def head(root: Path) -> str | None:
    """The commit that is checked out, or None before the first commit.

    Raises:
        GitError: the repository or its HEAD cannot be read.
    """
    found = git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], root, accepted=(0, 1))
    if found:
        return found.decode().strip()
    branch = git(["symbolic-ref", "HEAD"], root).decode().strip()
    if inner_path(root, "--git-path", branch).exists():
        raise GitError(f"{branch} in {root} names no commit. Run git fsck there, and repair the branch.")
    return None


def repository_programs(root: Path) -> RepositoryPrograms:
    """The programs the repository itself names, and how they are switched off.

    Raises:
        GitError: one of them cannot be switched off.
    """
    try:
        return programs_of(git(QUERY, root, accepted=(0, 1)))
    except UnsafeNameError as error:
        raise GitError(f"{root}: {error}") from error


def inner_path(root: Path, *arguments: str) -> Path:
    """What ``git rev-parse`` answers to these arguments: a path in the repository's own folder, also of a linked tree.

    Raises:
        GitError: git cannot say.
    """
    return root / os.fsdecode(git(["rev-parse", *arguments], root)).removesuffix("\n")


def names(output: bytes) -> list[str]:
    """The paths of an output with ``-z``."""
    return [os.fsdecode(path) for path in output.split(b"\0") if path]


def changed_files(
    root: Path, before: str, after: str, *, env: Mapping[str, str] = NOTHING
) -> list[ChangedFile]:
    """The files that differ between two trees; a renamed file appears under its new name.

    Raises:
        GitError: one of the trees no longer exists.
    """
    options = ["--numstat", "-z", "-M", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none"]
    return list(parse_numstat(git(["diff", *options, before, after], root, env=env)))


def parse_numstat(data: bytes) -> Iterator[ChangedFile]:
    """Parse ``git diff --numstat -z``: ``added<TAB>removed<TAB>path<NUL>``, with two more fields for a rename."""
    fields = iter(data.split(b"\0"))
    for field in fields:
        if field.count(b"\t") < 2:  # noqa: PLR2004 - the tabs of the format
            continue
        added, removed, path = field.split(b"\t", 2)
        if not path:
            next(fields, None)
            path = next(fields, b"")
        yield ChangedFile(_text(path), _count(added), _count(removed))


def _text(path: bytes) -> str:
    return path.decode("utf-8", errors="replace")


def _count(number: bytes) -> int | None:
    return int(number) if number.isdigit() else None
