"""Says where git can compare files at all, and identifies the settings by which it compares them. Writes nothing."""

import hashlib
import os
from pathlib import Path

from engine.system.git import git, inner_path
from engine.system.looks import seen
from engine.system.real_path import real_path

_HOW = r"^(core\.(autocrlf|eol|filemode|symlinks|ignorecase|attributesfile)|filter\..*)$"
_WHAT = r"^core\.excludesfile$"
_NONE = 1
"""The exit code of git where no setting matches, and where nothing is ignored."""


def incomparable(folder: Path, root: Path | None) -> str:
    """Why git compares nothing in `folder`, whose working tree is at `root`, in a sentence; empty if it does."""
    here = real_path(folder)
    if root is not None:
        is_gits_own = ".git" in here.relative_to(root).parts
        reason = f"{folder} is in git's own folder, where git compares nothing. Correct paths.repo_root."
        return reason if is_gits_own else ""
    bare = seen((incomparable, here), lambda: next(filter(_is_git_folder, (here, *here.parents)), None))
    if bare is None:
        return ""
    return f"{bare} is a bare repository, which has no files to compare. Let the job work in a clone of it."


def is_ignored(folder: Path, root: Path) -> bool:
    """Whether git ignores the whole folder, and so sees no change in it.

    Raises:
        GitError: git cannot say.
    """
    path = os.path.relpath(real_path(folder), root)
    return path != "." and bool(git(["check-ignore", "--", path], root, accepted=(0, _NONE)))


def settings_of_comparing(root: Path) -> str:
    """Identifies how git compares files: line endings, modes, attributes, filters.

    Raises:
        GitError: git cannot say.
        OSError: a file of attributes cannot be read.
    """
    own = inner_path(root, "--git-path", "info/attributes")
    return _digest(root, _HOW, own, _of_user(root, "core.attributesFile", "attributes"))


def settings_of_ignoring(root: Path) -> str:
    """Identifies the rules outside the working tree by which git leaves files out.

    Raises:
        GitError: git cannot say.
        OSError: a file of rules cannot be read.
    """
    own = inner_path(root, "--git-path", "info/exclude")
    return _digest(root, _WHAT, own, _of_user(root, "core.excludesFile", "ignore"))


def _is_git_folder(folder: Path) -> bool:
    try:
        return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()
    except PermissionError:
        return False


def _digest(root: Path, names: str, *files: Path) -> str:
    values = git(["config", "-z", "--get-regexp", names], root, accepted=(0, _NONE))
    parts = (values, *(file.read_bytes() if file.is_file() else b"" for file in files))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _of_user(root: Path, setting: str, name: str) -> Path:
    """The user's own file of rules, which a setting may name."""
    named = git(["config", "--type=path", "--get", setting], root, accepted=(0, _NONE))
    if named:
        return root / os.fsdecode(named).removesuffix("\n")
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder, "git", name)
