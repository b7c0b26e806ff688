"""Reads the state of a whole repository, which a grant is bound to where a command may load any file of it.

With git it is the commit and the contents of everything that differs from it; without, the contents of every file.
Runs no program that a repository names, and writes nothing.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import GitError
from engine.system.real_path import real_text
from engine.trust.committed_files import MOST_BYTES as MOST_COMMITTED_BYTES
from engine.trust.committed_files import TooMuchError
from engine.trust.fingerprints import BoundFile
from engine.trust.repository_reading import (
    RepositoryReading,
    UnknownStateError,
    files_outside,
    is_at_or_in,
    root_of,
    too_many_bytes,
)

_NAMED = 2_000


@dataclass(frozen=True, kw_only=True)
class RepositoryState:
    """What a repository holds: its commit, and the contents of its files that differ from it.

    Args:
        commit: the commit that is checked out; empty without git or before the first commit.
        tree: identifies the names and contents of all files of that commit.
        contents: identifies the names and contents of all `count` files.
        with_source: the digest as it would be with the job file itself, if that is one of the files.
        count: how many files those are: what differs from the commit, git's settings and hooks; without git, all.
        linked: how many of them are outside of the repository, where a link leads.
        files: the files, in a saved state only the first of them, from which a later change can be named.
        has_git: whether git is used, so files that it ignores are left out.
        problem: why the state is unknown, as a clause; then nothing can be bound to it.
    """

    commit: str = ""
    tree: str = ""
    contents: str = ""
    with_source: str = ""
    count: int = 0
    linked: int = 0
    files: tuple[BoundFile, ...] = ()
    has_git: bool = False
    problem: str = ""

    @classmethod
    def of(
        cls,
        files: Iterable[BoundFile],
        *,
        commit: str = "",
        tree: str = "",
        linked: int = 0,
        has_git: bool,
    ) -> "RepositoryState":
        """The state with these files."""
        found = sorted(set(files))
        digest = hashlib.sha256()
        for file in found:
            digest.update(b"\0".join(os.fsencode(part) for part in file) + b"\0\0")
        return cls(
            commit=commit,
            tree=tree,
            contents=digest.hexdigest(),
            count=len(found),
            linked=linked,
            files=tuple(found),
            has_git=has_git,
        )

    @property
    def digest(self) -> str:
        """Identifies the state; empty if it is unknown."""
        if self.problem:
            return ""
        return hashlib.sha256(
            f"{self.has_git}:{self.commit}:{self.tree}:{self.contents}".encode()
        ).hexdigest()

    def without(self, source: str) -> "RepositoryState":
        """The state without the job file itself, whose jobs are looked at one by one in any case."""
        others = [file for file in self.files if file.path != source]
        if len(others) == len(self.files):
            return self
        found = RepositoryState.of(others, commit=self.commit, tree=self.tree, has_git=self.has_git)
        return replace(found, linked=self.linked, with_source=self.digest)

    def is_now(self, now: "RepositoryState") -> bool:
        """Whether the repository is `now` as it was in this state; the job file may have been left where it was."""
        return bool(now.digest) and now.digest in {self.digest, self.with_source}

    def to_json(self) -> dict[str, Any]:
        """The state as plain JSON values."""
        return {
            "commit": self.commit,
            "tree": self.tree,
            "contents": self.contents,
            "with_source": self.with_source,
            "count": self.count,
            "linked": self.linked,
            "files": [list(file) for file in self.files[:_NAMED]],
            "has_git": self.has_git,
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, saved: Any) -> "RepositoryState":
        """The state that `to_json` turned into these values.

        Raises:
            ValueError: a field is missing or has the wrong type.
        """
        try:
            return cls(
                commit=str(saved["commit"]),
                tree=str(saved.get("tree", "")),
                contents=str(saved["contents"]),
                with_source=str(saved["with_source"]),
                count=int(saved["count"]),
                linked=int(saved.get("linked", 0)),
                files=tuple(BoundFile(str(path), str(contents)) for path, contents in saved["files"]),
                has_git=bool(saved["has_git"]),
                problem=str(saved["problem"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"a state of a repository is not valid ({error})") from None


class RepositoryStates:
    """Reads the state of each repository at most once; made for one decision, since a state is soon out of date."""

    def __init__(
        self,
        apart: Iterable[Path] = (),
        *,
        source: str = "",
        known: dict[tuple[str, tuple[str, ...]], RepositoryState] | None = None,
    ) -> None:
        """`apart` are folders of our own, which change with every job and are not part of any repository."""
        self._apart = tuple(real_text(folder) for folder in apart)
        self._source = real_text(source) if source else ""
        self._known = {} if known is None else known

    def seen_from(self, source: str) -> "RepositoryStates":
        """The same states for the jobs of a job file, which is itself no part of them."""
        return RepositoryStates(map(Path, self._apart), source=source, known=self._known)

    def of(self, repo: str, folders: tuple[str, ...] = ()) -> RepositoryState:
        """The state of a repository with what git ignores in these `folders`, or why it is unknown."""
        key = repo, folders
        if key not in self._known:
            self._known[key] = self._read(repo, folders)
        state = self._known[key]
        return state.without(os.path.relpath(self._source, root_of(repo))) if self._source else state

    def _read(self, repo: str, folders: tuple[str, ...]) -> RepositoryState:
        try:
            root = root_of(repo)
            reading = RepositoryReading([one for one in self._apart if not is_at_or_in(root, one)], root)
            has_git = os.path.lexists(os.path.join(root, ".git"))
            commit, tree, files = (
                reading.of_git(root, named=(repo, *folders))
                if has_git
                else ("", "", [*reading.all_of(repo, above=repo)])
            )
            linked = set(reading.behind_links(folders))
            return RepositoryState.of(
                [*files, *linked], commit=commit, tree=tree, linked=files_outside(linked), has_git=has_git
            )
        except UnknownStateError as error:
            return RepositoryState(problem=str(error))
        except TooMuchError:
            return RepositoryState(problem=too_many_bytes(MOST_COMMITTED_BYTES))
        except (GitError, OSError) as error:
            return RepositoryState(problem=f"the repository cannot be read ({error})")
