"""Call git for a step: print each call and its output, wait for locks, run no program that a repository names."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path

from engine.system.git_failures import disk_error, explained, is_busy
from engine.system.git_programs import (
    QUERY,
    RepositoryPrograms,
    UnsafeNameError,
    filtered,
    programs_of,
    refusal,
)
from engine.system.nested_trees import nested, submodules

NO_PROGRAMS = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
"""The last one since git looks whether a submodule is clean with the programs that submodule's configuration names."""


class StepError(Exception):
    """The step did not succeed; the message is the summary, `kind` the failure class."""

    def __init__(self, summary: str, kind: str = "failed") -> None:
        super().__init__(summary)
        self.kind = kind


class UnfinishedError(StepError):
    """The step was interrupted, or cannot be undone; its journal stays, so that a repetition completes it."""


class GitCalls:
    """Calls git in one folder. `words` are the program and the switches before each command.

    `env` is the environment of git; None for that of this process. `lock` is the descriptor of a lock that every call
    shares: a git that outlives this process keeps it until it has ended.
    """

    def __init__(
        self,
        words: Sequence[str],
        folder: str,
        *,
        env: Mapping[str, str] | None = None,
        lock: int | None = None,
    ) -> None:
        self._words, self._folder, self._env, self._lock = words, folder, env, lock
        self._programs = RepositoryPrograms(frozenset(), ())
        self._is_disabled = False

    def within(self, folder: Path) -> "GitCalls":
        """The same in another working tree of the repository, without the programs that are named for it alone, too.

        Raises:
            StepError: the programs of the repository are taken out, and those there cannot be.
        """
        other = GitCalls(self._words, str(folder), env=self._env, lock=self._lock)
        if self._is_disabled:
            other.disable_programs()
        return other

    def with_switches(self, switches: Sequence[str]) -> "GitCalls":
        """The same with these switches before each command, too."""
        other = GitCalls([*self._words, *switches], self._folder, env=self._env, lock=self._lock)
        other._programs, other._is_disabled = self._programs, self._is_disabled
        return other

    def with_variables(self, env: Mapping[str, str]) -> "GitCalls":
        """The same with these variables of the environment, too."""
        other = GitCalls(self._words, self._folder, env={**self._base(), **env}, lock=self._lock)
        other._programs, other._is_disabled = self._programs, self._is_disabled
        return other

    def _base(self) -> Mapping[str, str]:
        return os.environ if self._env is None else self._env

    def disable_programs(self) -> None:
        """Take out the filter and merge programs the repository itself names; the user's own stay.

        Raises:
            StepError: git cannot say which there are, or one cannot be taken out.
        """
        found = self.run(*QUERY)
        if found.returncode not in {0, 1}:
            raise StepError(self.explained(found, "config"))
        try:
            self._programs, self._is_disabled = programs_of(found.stdout), True
        except UnsafeNameError as error:
            raise StepError(f"git in {self._folder}: {error}") from error

    def run(
        self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """One call, again while somebody else holds a lock of git; shows nothing."""
        for tries in count(1):
            done = subprocess.run(
                [*self._words, *self._programs.switches, *words],
                cwd=self._folder,
                input=b"" if given is None else given.encode("utf-8", errors="surrogateescape"),
                capture_output=True,
                env={**self._base(), **(env or {})},
                pass_fds=() if self._lock is None else (self._lock,),
                check=False,
            )
            if not done.returncode or not is_busy(done.stderr, tries):
                return done
        raise AssertionError  # count() does not end

    def show(
        self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """The same, with the call and its whole output printed."""
        sys.stdout.buffer.write(f"$ git {shlex.join(words)}\n".encode(errors="replace"))
        sys.stdout.buffer.flush()
        done = self.run(*words, given=given, env=env)
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.buffer.flush()
        sys.stderr.buffer.write(done.stderr)
        sys.stderr.buffer.flush()
        return done

    def must(self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """The same; anything but exit code 0 ends the step."""
        done = self.show(*words, given=given, env=env)
        self.check(done, words[0])
        return done.stdout.decode(errors="replace")

    def read(self, *words: str, given: str | None = None, env: Mapping[str, str] | None = None) -> str:
        """The output of a call that shows nothing, without its last line break; a failure ends the step."""
        done = self.run(*words, given=given, env=env)
        self.check(done, words[0])
        return done.stdout.decode(errors="surrogateescape").removesuffix("\n")

    def add(
        self, *options: str, paths: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> Sequence[str]:
        """Put these paths, or all, into the index; submodules as the commits they are at, without looking inside.

        Other repositories and working trees inside are left out and returned.

        Raises:
            StepError: one of the paths is in such a repository, or goes through a filter of the repository.
        """
        links = submodules(self.names("ls-files", "--stage", "-z", env=env))
        changed = self.names("ls-files", "--modified", "--others", "--exclude-standard", "-z", env=env)
        inner = [path for path in nested(changed) if path not in links]
        for path in paths:
            if inside := next((each for each in inner if _is_below(os.path.normpath(path), [each])), None):
                raise StepError(
                    f"{path} is in {inside}, a repository or working tree of its own. Commit it there."
                )
        if "--intent-to-add" not in options:  # which stores nothing of the files
            added = [path for path in changed if not path.endswith("/") and path not in links]
            self.refuse_foreign_filters(path for path in added if not paths or _is_below(path, paths))
        apart = [*links, *inner]
        specs = [f":(literal){path}" for path in paths if path not in links] if paths else ["."]
        if specs:
            self.must(
                "add", *options, "--", *specs, *(f":(exclude,literal){each}" for each in apart), env=env
            )
        own = [link for link in links if not paths or link in paths]
        if own:
            self.run("update-index", "--add", "--remove", "--", *own, env=env)
        return inner

    def line(self, *words: str) -> str:
        """What a call answers, stripped; empty where it failed."""
        done = self.run(*words)
        return "" if done.returncode else done.stdout.decode(errors="replace").strip()

    def commit_of(self, name: str) -> str:
        """The id of the commit with this name; empty where there is none."""
        done = self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if done.returncode != 1:
            self.check(done, "rev-parse")
        return done.stdout.decode(errors="replace").strip()

    def names(self, *words: str, env: Mapping[str, str] | None = None) -> list[str]:
        """The paths a call lists with ``-z``; anything but exit code 0 ends the step."""
        done = self.run(*words, env=env)
        self.check(done, words[0])
        return [path for path in done.stdout.decode(errors="surrogateescape").split("\0") if path]

    def check(self, done: "subprocess.CompletedProcess[bytes]", word: str) -> None:
        """End the step if this call failed.

        Raises:
            StepError: with git's reason, and what to do; from the error of the disk where it is that.
            UnfinishedError: git was killed, perhaps after it had done its work.
        """
        if done.returncode < 0:
            raise UnfinishedError(self.explained(done, word)) from disk_error(done.stderr)
        if done.returncode:
            raise StepError(self.explained(done, word)) from disk_error(done.stderr)

    def refuse_foreign_filters(self, paths: Iterable[str], *, env: Mapping[str, str] | None = None) -> None:
        """End the step if one of these paths goes through a filter that only the repository names.

        With an index in `env`, the attributes are those of that index.

        Raises:
            StepError: naming the path and the filter.
        """
        cached = ["--cached"] if env else []

        def attributes(listed: bytes) -> bytes:
            given = listed.decode(errors="surrogateescape")
            done = self.run("check-attr", *cached, "--stdin", "-z", "filter", given=given, env=env)
            self.check(done, "check-attr")
            return done.stdout

        for path, name in filtered(paths, self._programs.filters, attributes).items():
            raise StepError(refusal(path, name))

    def refuse_foreign_filters_of(self, tree: str, paths: Iterable[str], *, scratch: Path) -> None:
        """The same by the attributes of another commit, which is read into an index in the folder `scratch`."""
        names = list(paths)
        if self._programs.filters and names:
            env = {"GIT_INDEX_FILE": str(scratch / "git_attributes_index")}
            self.check(self.run("read-tree", tree, env=env), "read-tree")
            self.refuse_foreign_filters(names, env=env)

    def explained(self, done: "subprocess.CompletedProcess[bytes]", word: str) -> str:
        """Why this call failed, and what to do."""
        return explained(done.stderr, done.returncode, command=word, folder=self._folder)

    def reason(self, done: "subprocess.CompletedProcess[bytes]") -> str:
        """The same without naming the call."""
        return self.explained(done, "").partition(": ")[2]


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path == each or path.startswith(f"{each.rstrip('/')}/") for each in folders)
