"""Call git safely in any repository, and find out what changed in a working tree between two moments.

A repository may name programs in its own configuration; none of them is run here. Nothing here writes to the
index, the refs or the objects of a repository.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from engine.errors import GitError
from engine.system.tool_paths import first_found, search_path
from state.records import NOTHING

SAFE = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "submodule.recurse=false",
    "-c", "gc.auto=0",
    "-c", "maintenance.auto=false",
)  # fmt: skip
"""Options of every git command that Signalbox runs: no program named by a repository, and no background work."""
ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
CEILINGS = "GIT_CEILING_DIRECTORIES"
"""git's own variable: the folders at and above which it searches for no repository."""
_INHERITED = ("PATH", "HOME", "XDG_CONFIG_HOME", "USER", "LOGNAME", "TMPDIR", "SYSTEMROOT", CEILINGS)
_NO_CACHE = ("-c", "core.untrackedCache=false")
_TIMEOUT_S = 120.0
_FILTERS = r"^filter\..*\.(clean|smudge|process)$"
_REPOSITORY_SCOPES = frozenset({b"local", b"worktree"})


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
    here = folder.resolve()
    ceilings = {Path(each) for each in os.environ.get(CEILINGS, "").split(os.pathsep) if each}
    above = takewhile(lambda each: each not in ceilings, here.parents)
    return next((each for each in (here, *above) if (each / ".git").exists()), None)


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
    accepted: Sequence[int] = (0,),
) -> bytes:
    """Run git with these arguments in that folder and return its output; `switches` come before the arguments.

    Raises:
        GitError: git is missing, takes longer than two minutes, or ends with an exit code that is not `accepted`.
    """
    program = git_program()
    if program is None:
        raise GitError("git was not found on PATH. Install it to see what jobs change.")
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    try:
        done = subprocess.run(
            [program, *SAFE, *_NO_CACHE, *switches, *arguments],
            cwd=folder,
            env={**inherited, **ENVIRONMENT, **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git {arguments[0]} in {folder}: {error}") from error
    if done.returncode not in accepted:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise GitError(f"git {arguments[0]} in {folder}: {lines[0]}")
    return done.stdout


def head(root: Path) -> str | None:
    """The commit that is checked out, or None before the first commit."""
    try:
        return git(["rev-parse", "--verify", "--quiet", "HEAD"], root).decode().strip()
    except GitError:
        return None


def snapshot(root: Path, objects: Path) -> str:
    """Store the working tree as it is now, with untracked but without ignored files, and return the id of the git tree.

    The tree is written to the folder `objects`, created if needed; the repository itself is only read.

    Raises:
        GitError: the tree cannot be read.
    """
    objects.mkdir(mode=0o700, exist_ok=True)
    index, its_objects = _inner_paths(root)
    with tempfile.TemporaryDirectory(dir=objects, prefix="index-") as folder:
        copy = Path(folder, "index")
        if index.exists():
            # With its time: to git, a file as recent as its index may have changed unnoticed and is read again.
            shutil.copy2(index, copy)
        env = {**_object_folders(objects, its_objects), "GIT_INDEX_FILE": str(copy)}
        quick = ("-c", "core.looseCompression=0", *filters_off(root))
        # Checking whether a submodule is clean would run the programs its own configuration names.
        inner_repositories = submodules(root, env=env)
        apart = [f":(exclude,literal){path}" for path in inner_repositories]
        # An unreadable file makes `add` return 1 and is left out.
        adding = ["add", "--all", "--ignore-errors", "--", ".", *apart]
        git(adding, root, env=env, switches=quick, accepted=(0, 1))
        if inner_repositories:
            git(
                ["update-index", "--add", "--remove", "--", *inner_repositories],
                root,
                env=env,
                accepted=(0, 128),
            )
        # write-tree reads files as recent as the index again, through their filters.
        return git(["write-tree"], root, env=env, switches=quick).decode().strip()


def submodules(root: Path, *, env: Mapping[str, str] = NOTHING) -> list[str]:
    """The submodules of a repository, as paths relative to its root."""
    entries = git(["ls-files", "--stage", "-z"], root, env=env).split(b"\0")
    return [os.fsdecode(entry.partition(b"\t")[2]) for entry in entries if entry.startswith(b"160000 ")]


def changes(root: Path, objects: Path, before: str, after: str) -> list[ChangedFile]:
    """The files that differ between two snapshots; a renamed file appears under its new name.

    Raises:
        GitError: one of the snapshots no longer exists.
    """
    options = ["--numstat", "-z", "-M", "--no-ext-diff", "--no-textconv"]
    _, its_objects = _inner_paths(root)
    return list(
        parse_numstat(git(["diff", *options, before, after], root, env=_object_folders(objects, its_objects)))
    )


def filters_off(root: Path) -> list[str]:
    """Options that disable the filter programs a repository itself names; the user's own (LFS) stay."""
    query = ["config", "--show-scope", "--name-only", "-z", "--get-regexp", _FILTERS]
    fields = git(query, root, accepted=(0, 1)).split(b"\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    named = [_text(name) for scope, name in pairs if scope in _REPOSITORY_SCOPES]
    needed = {f"{name.rpartition('.')[0]}.required=false" for name in named}
    settings = [*(f"{name}=" for name in named), *sorted(needed)]
    return [part for setting in settings for part in ("-c", setting)]


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


def _inner_paths(root: Path) -> tuple[Path, Path]:
    """The index and the object folder of a repository, also of a linked working tree."""
    output = git(["rev-parse", "--git-path", "index", "--git-path", "objects"], root)
    index, objects = os.fsdecode(output).splitlines()
    return root / index, (root / objects).resolve()


def _object_folders(objects: Path, its_objects: Path) -> dict[str, str]:
    """Write objects to a folder of our own, and also read those of the repository."""
    return {"GIT_OBJECT_DIRECTORY": str(objects), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(its_objects)}


def _text(path: bytes) -> str:
    return path.decode("utf-8", errors="replace")


def _count(number: bytes) -> int | None:
    return int(number) if number.isdigit() else None
