"""Read where the refs of a repository point, from its files: in microseconds, so that a transaction may do it.

Runs no git, follows no configuration and never waits, whatever the files are. What only git can resolve is unknown.
"""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

_MOST = 64 * 1024 * 1024
"""Larger lists of packed refs are left to git."""
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_PLACES = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""Where git looks for a name, in its order."""
_DEPTH = 5
_BRANCH = "refs/heads/"


@dataclass(frozen=True)
class RefFiles:
    """The refs of the repository whose working tree is at a folder."""

    own: Path
    common: Path

    @classmethod
    def of(cls, root: Path) -> "RefFiles":
        """The refs of the repository with this working tree, which may be a linked one."""
        own = root / ".git"
        if own.is_file():
            own = (root / _text(own).removeprefix("gitdir:").strip()).resolve()
        shared = _text(own / "commondir").strip()
        return cls(own, (own / shared).resolve() if shared else own)

    def head_branch(self) -> str | None:
        """The short name of the branch that is checked out, which may have no commit; None where HEAD is detached."""
        name = _text(self.own / "HEAD").strip().removeprefix("ref:").strip()
        return name.removeprefix(_BRANCH) if name.startswith(_BRANCH) else None

    def commit(self, name: str) -> str | None:
        """The object that a ref, a branch, a tag or a whole id names; None where the files do not say."""
        if _COMMIT.fullmatch(name):
            return name
        if ".." in name or name.startswith("/"):
            return None
        places = (place.format(name) for place in _PLACES)
        return next((found for place in places if (found := self._resolved(place)) is not None), None)

    def has_branch(self, name: str) -> bool:
        """Whether there is a branch of this name."""
        return self._resolved(_BRANCH + name) is not None

    def _resolved(self, ref: str, depth: int = 0) -> str | None:
        folder = self.common if ref.startswith("refs/") else self.own
        value = _text(folder / ref).strip()
        if value.startswith("ref:") and depth < _DEPTH:
            return self._resolved(value.removeprefix("ref:").strip(), depth + 1)
        if _COMMIT.fullmatch(value):
            return value
        return self._packed(ref) if ref.startswith("refs/") else None

    def _packed(self, ref: str) -> str | None:
        found = re.search(
            rf"^([0-9a-f]+) {re.escape(ref)}$", _text(self.common / "packed-refs"), re.MULTILINE
        )
        return found[1] if found else None


def _text(file: Path) -> str:
    """What a regular file holds; nothing where it is none, or cannot be read."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError):
        return ""
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST:
            return ""
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            return opened.read().decode(errors="surrogateescape")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
