"""Read what lies in a worktree at this moment, as if it were committed. Writes nothing into its repository."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.system import snapshots
from engine.system.git import git, inner_path
from state.worktree_records import Worktree


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkInProgress:
    """A repository of its own that also has the objects of the worktree's one, and the git tree of what lies there.

    `left_out` are files too large to be compared, or that cannot be read.
    """

    repo: Path
    tree: str
    left_out: tuple[str, ...]


@contextmanager
def work_in_progress(worktree: Worktree) -> Iterator[WorkInProgress]:
    """What lies in a worktree, while the context is open.

    Raises:
        GitError: git cannot read the worktree.
    """
    root = Path(worktree.path)
    shared = inner_path(root, "--git-path", "objects").resolve()
    kind = git(["rev-parse", "--show-object-format"], root).decode().strip()
    with tempfile.TemporaryDirectory(prefix="signalbox-diff-") as folder:
        inner = Path(folder, ".git")
        for name in ("refs", "objects/info"):
            (inner / name).mkdir(parents=True)
        (inner / "HEAD").write_text("ref: refs/heads/main\n")
        (inner / "config").write_text(_CONFIG.format(kind=kind))
        (inner / "objects/info/alternates").write_bytes(bytes(shared) + b"\n")
        found = snapshots.take(root, inner / "objects")
        yield WorkInProgress(repo=Path(folder), tree=found.tree, left_out=tuple(sorted(found.apart)))


_CONFIG = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = {kind}\n"
