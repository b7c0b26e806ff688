"""Know what an interrupted call of git has done on the way from one tree of files to another, and complete it.

A file is as in one of both trees, missing, or the beginning of what it is to be; anything else is somebody's own work.
"""

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError

_NONE = "000000"
_GITLINK = "160000"


@dataclass(frozen=True)
class _Entry:
    """A file that is not the same in both trees: its modes, and its content in the second."""

    before: str
    after: str
    blob: str


class HalfDone:
    """The way from one tree (or commit) to another; `env` names an index that is, or was, that of the first."""

    def __init__(self, git: GitCalls, env: Mapping[str, str], scratch: Path, way: tuple[str, str]) -> None:
        self._env, self._way = env, way
        self._target = {"GIT_INDEX_FILE": str(scratch / "git_target_index")}
        self._top = Path(git.read("rev-parse", "--show-toplevel"))
        self._git = git.within(self._top)
        self._entries = self._differing()

    def files(self) -> list[str]:
        """The files that are as in the second tree, or begun."""
        changed, ahead = self._changed(), self._ahead()
        return [path for path in self._entries if path in changed and self._is_ours(path, ahead)]

    def foreign(self) -> list[str]:
        """The files that are as in neither tree, nor begun."""
        changed, ahead = self._changed(), self._ahead()
        return [path for path in self._entries if path in changed and not self._is_ours(path, ahead)]

    def refuse_missing(self) -> None:
        """Find out before anything changes what git cannot write: it would leave such a file out and report success.

        Raises:
            StepError: the repository lacks a file of the second tree.
        """
        blobs = {entry.blob: path for path, entry in self._entries.items() if entry.after != _NONE}
        found = self._git.run("cat-file", "--batch-check", given="".join(f"{blob}\n" for blob in blobs))
        self._git.check(found, "cat-file")
        missing = next(
            (line.split()[0] for line in found.stdout.decode().splitlines() if " missing" in line), ""
        )
        if missing and found.stderr:  # git says why it did not fetch it
            raise StepError(self._git.explained(found, "cat-file"))
        if missing:
            reason = f"The repository lacks the contents of {blobs[missing]}"
            raise StepError(f"{reason}. Run git fsck there, and repair it or clone it again.")

    def complete(self, paths: Iterable[str] | None = None) -> None:
        """Bring these files, by default all, to where they are in the second tree, in the index too."""
        entries = {path: self._entries[path] for path in (self._entries if paths is None else paths)}
        gone = [path for path, entry in entries.items() if entry.after == _NONE]
        for path in gone:
            self._remove(self._top / path)
        index = "".join(f"{_mode(entry.after)} {entry.blob}\t{path}\0" for path, entry in entries.items())
        self._git.read("update-index", "-z", "--index-info", given=index, env=self._env)
        kept = "".join(f"{path}\0" for path in entries if path not in gone)
        self._git.read("checkout-index", "--force", "-u", "-z", "--stdin", given=kept, env=self._env)

    def _differing(self) -> dict[str, _Entry]:
        words = ("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", *NO_PROGRAMS)
        fields = iter(self._git.names(*words, *self._way))
        found = {}
        for described in fields:
            before, after, _, blob, *_ = described.removeprefix(":").split()
            path = next(fields)
            if _GITLINK not in {before, after}:
                found[path] = _Entry(before, after, blob)
        return found

    def _changed(self) -> set[str]:
        """The files that are not as in the first tree; a new one in the index is a person's, who has put it there."""
        known = set(self._git.names("ls-files", "-z", env=self._env))
        new = {path for path, entry in self._entries.items() if entry.before == _NONE and self._exists(path)}
        return (new - known) | self._modified(self._env)

    def _ahead(self) -> set[str]:
        """The files that are not as in the second tree."""
        self._git.read("read-tree", self._way[1], env=self._target)
        left = {path for path, entry in self._entries.items() if entry.after == _NONE and self._exists(path)}
        return left | self._modified(self._target)

    def _modified(self, env: Mapping[str, str]) -> set[str]:
        self._git.run("update-index", "-q", "--refresh", "--ignore-submodules", env=env)
        return set(self._git.names("diff-files", "--name-only", "-z", *NO_PROGRAMS, env=env))

    def _is_ours(self, path: str, ahead: set[str]) -> bool:
        return path not in ahead or self._is_begun(self._top / path, self._entries[path])

    def _is_begun(self, file: Path, entry: _Entry) -> bool:
        if entry.after == _NONE:
            return False
        if not os.path.lexists(file):
            return True
        if file.is_symlink() or not file.is_file():
            return False
        name = f"--path={file.relative_to(self._top)}"
        done = self._git.run("cat-file", "--filters", name, entry.blob)
        return not done.returncode and done.stdout.startswith(file.read_bytes())

    def _exists(self, path: str) -> bool:
        return os.path.lexists(self._top / path)

    def _remove(self, file: Path) -> None:
        """Remove a file and the folders that are empty without it, as git does."""
        file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a folder that is not empty ends it
            for folder in file.parents:
                if folder == self._top:
                    break
                folder.rmdir()


def _mode(mode: str) -> str:
    """As ``update-index --index-info`` takes it: a removed file has the mode 0."""
    return "0" if mode == _NONE else mode
