"""Git calls that are safe in any repository, and what changed in a working tree between two moments.

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
"""Switches of every git that Signalbox starts: no program a repository names, and no work it did not ask for."""
ENVIRONMENT: Mapping[str, str] = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
CEILINGS = "GIT_CEILING_DIRECTORIES"
"""git's own variable: folders at and above which no repository is looked for."""
_INHERITED = ("PATH", "HOME", "XDG_CONFIG_HOME", "USER", "LOGNAME", "TMPDIR", "SYSTEMROOT", CEILINGS)
_NO_CACHE = ("-c", "core.untrackedCache=false")
_PATIENCE = 120.0
_FILTERS = r"^filter\..*\.(clean|smudge|process)$"
_THEIRS = frozenset({b"local", b"worktree"})


@dataclass(frozen=True)
class ChangedFile:
    """A file that differs; the counts are None for a binary file."""

    path: str
    added: int | None
    removed: int | None

    def to_json(self) -> dict[str, Any]:
        """As `JobResult.metadata` holds it."""
        return {"path": self.path, "added": self.added, "removed": self.removed}


def work_tree_root(folder: Path) -> Path | None:
    """The working tree `folder` lies in, by its ``.git``; asks no git, follows no configuration.

    As git does, it looks at no folder that `GIT_CEILING_DIRECTORIES` names nor above it, `folder` itself excepted.
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
    """What git prints for these arguments in that folder; `switches` come before them.

    Raises:
        GitError: it is missing, takes longer than two minutes, or ends with a code that is not `accepted`.
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
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(f"git {arguments[0]} in {folder}: {error}") from error
    if done.returncode not in accepted:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise GitError(f"git {arguments[0]} in {folder}: {said[0]}")
    return done.stdout


def head(root: Path) -> str | None:
    """The commit that is checked out, or None before the first."""
    try:
        return git(["rev-parse", "--verify", "--quiet", "HEAD"], root).decode().strip()
    except GitError:
        return None


def snapshot(root: Path, objects: Path) -> str:
    """The id of a tree that holds the working tree as it is now, untracked files too (ignored ones not).

    The tree goes into the folder `objects`, made if needed; the repository itself is only read.

    Raises:
        GitError: the tree cannot be read.
    """
    objects.mkdir(mode=0o700, exist_ok=True)
    index, theirs = _inner_paths(root)
    with tempfile.TemporaryDirectory(dir=objects, prefix="index-") as folder:
        copy = Path(folder, "index")
        if index.exists():
            shutil.copyfile(index, copy)
        env = {**_beside(objects, theirs), "GIT_INDEX_FILE": str(copy)}
        quick = ("-c", "core.looseCompression=0", *filters_off(root))
        # Looking whether a submodule is clean would run the programs its own configuration names.
        inner = links(root, env=env)
        apart = [f":(exclude,literal){path}" for path in inner]
        # A file nobody may read makes `add` say 1 and is left out.
        adding = ["add", "--all", "--ignore-errors", "--", ".", *apart]
        git(adding, root, env=env, switches=quick, accepted=(0, 1))
        if inner:
            git(["update-index", "--add", "--remove", "--", *inner], root, env=env, accepted=(0, 128))
        # Writing the tree looks again at files as young as the index, through their filters.
        return git(["write-tree"], root, env=env, switches=quick).decode().strip()


def links(root: Path, *, env: Mapping[str, str] = NOTHING) -> list[str]:
    """The submodules of a repository, as paths from its root."""
    entries = git(["ls-files", "--stage", "-z"], root, env=env).split(b"\0")
    return [os.fsdecode(entry.partition(b"\t")[2]) for entry in entries if entry.startswith(b"160000 ")]


def changes(root: Path, objects: Path, before: str, after: str) -> list[ChangedFile]:
    """The files that differ between two snapshots; a renamed file under its new name.

    Raises:
        GitError: one of the snapshots is gone.
    """
    options = ["--numstat", "-z", "-M", "--no-ext-diff", "--no-textconv"]
    _, theirs = _inner_paths(root)
    return list(parse_numstat(git(["diff", *options, before, after], root, env=_beside(objects, theirs))))


def filters_off(root: Path) -> list[str]:
    """Switches that take out the filter programs a repository itself names; the user's own (LFS) stay."""
    wanted = ["config", "--show-scope", "--name-only", "-z", "--get-regexp", _FILTERS]
    fields = git(wanted, root, accepted=(0, 1)).split(b"\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    named = [_text(name) for scope, name in pairs if scope in _THEIRS]
    needed = {f"{name.rpartition('.')[0]}.required=false" for name in named}
    settings = [*(f"{name}=" for name in named), *sorted(needed)]
    return [part for setting in settings for part in ("-c", setting)]


def parse_numstat(data: bytes) -> Iterator[ChangedFile]:
    """Read ``git diff --numstat -z``: ``added<TAB>removed<TAB>path<NUL>``, renames as two more fields."""
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
    """The index and the folder of objects of a repository, also of a linked working tree."""
    said = git(["rev-parse", "--git-path", "index", "--git-path", "objects"], root)
    index, objects = os.fsdecode(said).splitlines()
    return root / index, (root / objects).resolve()


def _beside(objects: Path, theirs: Path) -> dict[str, str]:
    """Write objects to a folder of ours and read the repository's besides."""
    return {"GIT_OBJECT_DIRECTORY": str(objects), "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(theirs)}


def _text(path: bytes) -> str:
    return path.decode("utf-8", errors="replace")


def _count(number: bytes) -> int | None:
    return int(number) if number.isdigit() else None
