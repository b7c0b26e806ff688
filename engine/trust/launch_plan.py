"""The noun of trust: what one job would start, as the facts a grant is bound to."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from engine.trust.binding import Binding
from engine.trust.fingerprints import BoundFile
from engine.trust.repository_state import RepositoryState, RepositoryStates

TASK = "<the task>"
"""Placeholder in the arguments of a coding tool for what changes from job to job: its prompt and its files."""

OWN_COMMAND = "runs a command of its own"
AFTER_EDITS = "runs tests after its edit, and with them what it has written"
OF_PROJECT = {
    "setup": "has the project file set up its worktree, with whatever that loads of the repository",
    "teardown": "has the project file clear away what its worktree has left, with what the job has written",
    "check": "has the project file check its result before a merge, and with that what it has written",
}
"""What the project file has run around a job, by its fields."""
_BESIDE = frozenset({AFTER_EDITS, *OF_PROJECT.values()})


@dataclass(frozen=True, kw_only=True)
class LaunchPlan:
    """One program as one job would start it.

    Args:
        tool: the tool of the job file.
        repo: the real path of the repository.
        repo_id: identifies the folder at that path, so that another one in its place is noticed.
        cwd: the real path of the folder the program starts in.
        program: the program that is started.
        exe: its real path, which differs where the Python of a virtual environment is a link.
        exe_print: the fingerprint of the program if it is in the repository.
        script: the file of the repository that an interpreter is certain to run as its script.
        files: the files of the repository that the command names, or that its program is known to load.
        folders: the folders of the repository that the command names, and what else its words may mean there.
        args: the arguments, with `TASK` for what changes from job to job.
        env: the names of the job's own variables, with the values of those that decide which code is loaded.
        loads_any: whether it may load any other file of the repository.
        state: the state of the repository, once it was read; it is read only where `loads_any`.
        unbound: why not everything the command names could be found, as a clause.
        concerns: why the plan needs a grant of its own, in plain words.
        problem: why the program could not be started at all.
    """

    tool: str
    repo: str
    repo_id: str
    cwd: str
    program: str
    exe: str
    exe_print: str = ""
    script: str = ""
    files: tuple[BoundFile, ...] = ()
    folders: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    loads_any: bool = False
    state: RepositoryState | None = None
    unbound: str = ""
    concerns: tuple[str, ...] = ()
    problem: str = ""

    @cached_property
    def command_digest(self) -> str:
        """Identifies the command, whatever the repository holds."""
        return _digest([getattr(self, name) for name in _COMMAND])

    @cached_property
    def digest(self) -> str:
        """Identifies the command and the contents of the files it names."""
        return _digest([self.command_digest, self.exe_print, self.script, self.files, self.loads_any])

    @property
    def shown_digest(self) -> str:
        """Identifies everything a person was shown: with the state of the repository, if it was read."""
        return f"{self.digest}@{self.state.digest}" if self.state is not None else self.digest

    @property
    def lasting(self) -> Binding | None:
        """What a lasting grant would be bound to; None if it cannot be bound, or the state was not read."""
        if self.unbound or (self.loads_any and (self.state is None or self.state.problem)):
            return None
        return Binding.REPOSITORY if self.loads_any else Binding.FILES

    def with_state(self, states: RepositoryStates) -> "LaunchPlan":
        """The same plan with the state of its repository, if a grant of it is bound to that."""
        if not self.loads_any or self.state is not None:
            return self
        return replace(self, state=states.of(self.repo, self.folders))

    @property
    def script_print(self) -> str:
        """The fingerprint of the script."""
        return next((file.fingerprint for file in self.files if file.path == self.script), "")

    @property
    def is_of_evidence(self) -> bool:
        """Whether these are the tests that follow the edit of another plan."""
        return AFTER_EDITS in self.concerns

    @property
    def is_beside(self) -> bool:
        """Whether it runs beside the tool of the job: its tests, or what the project file has run around it."""
        return not _BESIDE.isdisjoint(self.concerns)

    @property
    def is_of_repo(self) -> bool:
        """Whether it runs code of the repository, or runs without asking for approval."""
        return any(concern != OWN_COMMAND for concern in self.concerns)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        return plain | {
            "script_print": self.script_print,
            "files": [list(file) for file in self.files],
            "state": None if self.state is None else self.state.to_json(),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "LaunchPlan":
        """The plan that `to_json` turned into these values.

        Raises:
            ValueError: a field is missing or has the wrong type.
        """
        try:
            texts = {name: _text(saved[name]) for name in _TEXTS}
            lists = {name: tuple(_text(each) for each in saved[name]) for name in _LISTS}
            files = tuple(BoundFile(_text(path), _text(contents)) for path, contents in saved["files"])
            state = None if saved["state"] is None else RepositoryState.from_json(saved["state"])
            return cls(**texts, **lists, files=files, state=state, loads_any=bool(saved["loads_any"]))  # type: ignore[arg-type]
        except KeyError as error:
            raise ValueError(f"{error} is missing") from None
        except TypeError as error:
            raise ValueError(f"a field of a launch plan is not valid ({error})") from None


_COMMAND = ("tool", "repo", "repo_id", "cwd", "program", "exe", "args", "env")
_TEXTS = ("tool", "repo", "repo_id", "cwd", "program", "exe", "exe_print", "script", "unbound", "problem")
_LISTS = ("folders", "args", "env", "concerns")


def _digest(bound: object) -> str:
    return hashlib.sha256(json.dumps(bound).encode("utf-8", "surrogatepass")).hexdigest()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value


def concerns_of(plans: Iterable[LaunchPlan]) -> tuple[str, ...]:
    """Why these plans need a grant of their own, each reason once; empty if they need none."""
    return tuple(dict.fromkeys(concern for plan in plans for concern in plan.concerns))
