"""Repositories as people really have them: each function makes one in a folder and returns its working tree.

All have one commit on main with hello.py and README.md unless their sentence says otherwise.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository

HOOKS = (
    *("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit", "post-checkout"),
    *("post-merge", "pre-rebase", "reference-transaction", "post-index-change"),
)
POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
"""What the repository stores of a file that Git LFS keeps elsewhere."""
FILTER = "media"
"""The filter in `lfs_absent`: not `lfs`, since this machine may have that."""
TAKEN = "signalbox/r1/w1"
"""The branch that is taken in `branch_taken`."""


def unborn(root: Path) -> Path:
    """No commit yet, and one new file."""
    root.mkdir(parents=True)
    git_caller(root)("init", "-q", "-b", "main")
    (root / "new.txt").write_text("new\n")
    return root


def detached(root: Path) -> Path:
    """HEAD names a commit and no branch."""
    git_caller(small_repository(root))("switch", "-q", "--detach")
    return root


def dirty(root: Path) -> Path:
    """A file is changed, one is staged and changed again, one is deleted, and one is new."""
    git = git_caller(small_repository(root))
    (root / "gone.txt").write_text("gone\n")
    (root / "staged.txt").write_text("one\n")
    git("add", "-A")
    git("commit", "-qm", "more")
    (root / "hello.py").write_text("edited\n")
    (root / "staged.txt").write_text("two\n")
    git("add", "staged.txt")
    (root / "staged.txt").write_text("three\n")
    (root / "gone.txt").unlink()
    (root / "new.txt").write_text("new\n")
    return root


def shallow(root: Path) -> Path:
    """Only the last of three commits is here."""
    source = small_repository(root.with_name(f"{root.name}-source"))
    git = git_caller(source)
    for name in ("second", "third"):
        git("commit", "-q", "--allow-empty", "-m", name)
    git("clone", "-q", "--depth", "1", source.as_uri(), str(root))
    return _with_identity(root)


def sparse(root: Path) -> Path:
    """Only the folder `in` is checked out, not `out`."""
    git = git_caller(small_repository(root))
    for folder in ("in", "out"):
        (root / folder).mkdir()
        (root / folder / "file.txt").write_text("one\n")
    git("add", "-A")
    git("commit", "-qm", "folders")
    git("sparse-checkout", "set", "--cone", "in")
    return root


def with_submodule(root: Path) -> Path:
    """The submodule `part`, checked out, with part.txt in it."""
    source = small_repository(root.with_name(f"{root.name}-part"))
    (source / "part.txt").write_text("part\n")
    git_caller(source)("add", "-A")
    git_caller(source)("commit", "-qm", "part")
    git = git_caller(small_repository(root))
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(source), "part")
    git("commit", "-qm", "with a submodule")
    return root


def lfs_absent(root: Path) -> Path:
    """picture.bin is a pointer like those of Git LFS, and git's configuration does not know its filter."""
    git = git_caller(small_repository(root))
    (root / ".gitattributes").write_text(f"*.bin filter={FILTER} -text\n")
    (root / "picture.bin").write_text(POINTER)
    git("add", "-A")
    git("commit", "-qm", "a picture")
    return root


def failing_hooks(root: Path) -> Path:
    """Every hook there is fails, and leaves a file `hook-ran` beside the repository."""
    hooks = small_repository(root) / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in HOOKS:
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\ntouch '{root.parent / 'hook-ran'}'\nexit 1\n")
        hook.chmod(0o755)
    return root


def signing_on(root: Path) -> Path:
    """Commits and tags are to be signed, by a program that fails and leaves a file `signer-ran`."""
    git = git_caller(small_repository(root))
    signer = root.with_name("signer")
    signer.write_text(f"#!/bin/sh\ntouch '{root.parent / 'signer-ran'}'\nexit 1\n")
    signer.chmod(0o755)
    for key in ("commit.gpgSign", "tag.gpgSign", "tag.forceSignAnnotated"):
        git("config", key, "true")
    git("config", "user.signingKey", "none")
    git("config", "gpg.program", str(signer))
    return root


def index_locked(root: Path) -> Path:
    """A git that was killed has left index.lock."""
    (small_repository(root) / ".git" / "index.lock").touch()
    return root


def branch_taken(root: Path) -> Path:
    """The branch `TAKEN` exists already."""
    git_caller(small_repository(root))("branch", TAKEN)
    return root


def worktree_inside(root: Path) -> Path:
    """The working tree `inside`, on branch `side`, lies within the repository."""
    git_caller(small_repository(root))("worktree", "add", "-q", "-b", "side", "inside")
    return root


def case_only_rename(root: Path) -> Path:
    """The last commit has renamed Notes.txt to notes.txt."""
    git = git_caller(small_repository(root))
    (root / "Notes.txt").write_text("notes\n")
    git("add", "-A")
    git("commit", "-qm", "notes")
    git("mv", "Notes.txt", "notes.txt")
    git("commit", "-qm", "renamed")
    return root


def of_another_user(root: Path) -> Path:
    """Everything belongs to another user, so git refuses it; only root can make such a one."""
    small_repository(root)
    if os.geteuid():
        pytest.skip("only root can give files to another user")
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    return root


def bare(root: Path) -> Path:
    """No working tree at all."""
    source = small_repository(root.with_name(f"{root.name}-source"))
    git_caller(source)("clone", "-q", "--bare", str(source), str(root))
    shutil.rmtree(source)
    return _with_identity(root)


ODD_REPOSITORIES: Mapping[str, Callable[[Path], Path]] = {
    "unborn": unborn,
    "detached": detached,
    "dirty": dirty,
    "shallow": shallow,
    "sparse": sparse,
    "submodule": with_submodule,
    "LFS absent": lfs_absent,
    "failing hooks": failing_hooks,
    "signing on": signing_on,
    "index.lock left": index_locked,
    "branch taken": branch_taken,
    "worktree inside": worktree_inside,
    "case-only rename": case_only_rename,
    "another user's": of_another_user,
    "bare": bare,
}
"""Each kind by its name, for a test that goes through all of them."""


def _with_identity(root: Path) -> Path:
    git = git_caller(root)
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.invalid")
    return root
