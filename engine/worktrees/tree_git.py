"""Call git to change a worktree: safe in any repository, patient with locks, and not alone when its engine dies.

Unlike `engine.system.git` this writes to repositories. No program that a repository names is run, and none that is
missing: `engine.worktrees.tree_filters` says which are switched off.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from engine.errors import GitError
from engine.system.bounded_call import bounded_call
from engine.system.git import ENVIRONMENT, INHERITED, SAFE, git_program
from engine.system.git_failures import disk_error, explained, is_busy, too_slow
from state.records import NOTHING

_TIMEOUT_S = 900.0
"""Filling the tree of a large repository on a slow disk takes minutes."""
IDENTITY = ("-c", "user.name=Signalbox", "-c", "user.email=signalbox@localhost")
"""Whose commits are snapshots and archives, and other commits where git knows no identity of the user."""
ABSENT = ""
"""What `update-ref` takes for a ref that must not exist yet, however long the ids of the repository are."""


class TreeGit:
    """Calls git in one folder.

    `lock` is the descriptor of a lock that every call shares: a git that outlives the engine keeps it until it has
    ended, so the next engine does not work beside it. `switches` come before each command.
    """

    def __init__(self, folder: Path, *, lock: int | None = None, switches: Sequence[str] = ()) -> None:
        self.folder, self._lock, self.switches = folder, lock, tuple(switches)

    def within(self, folder: Path) -> "TreeGit":
        """The same in another folder."""
        return TreeGit(folder, lock=self._lock, switches=self.switches)

    def with_switches(self, switches: Sequence[str]) -> "TreeGit":
        """The same with these switches before each command."""
        return TreeGit(self.folder, lock=self._lock, switches=switches)

    def run(
        self,
        *words: str,
        given: bytes = b"",
        env: Mapping[str, str] = NOTHING,
        accepted: Sequence[int] = (0,),
        switches: Sequence[str] = (),
    ) -> bytes:
        """The output of one call; called again while somebody else holds a lock of git.

        Raises:
            GitError: git is missing, too slow, or ends with an exit code that is not `accepted`.
        """
        for tries in count(1):
            done = self._called([*switches, *words], words[0], given, env)
            if not done.returncode or not is_busy(done.stderr, tries):
                break
        if done.returncode not in accepted:
            reason = explained(done.stderr, done.returncode, command=words[0], folder=str(self.folder))
            raise GitError(reason) from disk_error(done.stderr)
        return done.stdout

    def text(
        self,
        *words: str,
        env: Mapping[str, str] = NOTHING,
        accepted: Sequence[int] = (0,),
        given: bytes = b"",
    ) -> str:
        """What a call prints, without its last line break."""
        return os.fsdecode(self.run(*words, env=env, accepted=accepted, given=given)).removesuffix("\n")

    def names(self, *words: str, env: Mapping[str, str] = NOTHING) -> list[str]:
        """The paths a call lists with ``-z``."""
        return [os.fsdecode(path) for path in self.run(*words, env=env).split(b"\0") if path]

    def commit_of(self, name: str) -> str:
        """The id of the commit with this name; empty where there is none."""
        return self.text("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", accepted=(0, 1))

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Whether the history of the commit `later` contains `earlier`."""
        return not self.text("rev-list", "--max-count=1", earlier, "--not", later)

    def _called(
        self, words: Sequence[str], command: str, given: bytes, env: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[bytes]":
        program = git_program()
        if program is None:
            raise GitError("git was not found on PATH. Install git to isolate workstreams.")
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        argv = [program, *SAFE, *self.switches, *words]
        try:
            return bounded_call(
                argv,
                self.folder,
                env={**inherited, **ENVIRONMENT, **env},
                timeout_s=_TIMEOUT_S,
                given=given,
                kept_open=() if self._lock is None else (self._lock,),
            )
        except subprocess.TimeoutExpired as error:
            raise GitError(too_slow(command, str(self.folder), _TIMEOUT_S)) from error
        except OSError as error:
            reason = f"{error.strerror}. Look at the folder, then retry."
            raise GitError(f"git {command} in {self.folder}: {reason}") from error
