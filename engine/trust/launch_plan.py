"""The noun of trust: what one job would start, as the facts a grant is bound to."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

TASK = "<the task>"
"""Placeholder in the arguments of a coding tool for what changes from job to job: its prompt and its files."""

OWN_COMMAND = "runs a command of its own"


@dataclass(frozen=True, kw_only=True)
class LaunchPlan:
    """One program as one job would start it; a grant is bound to every field except the last two.

    Args:
        tool: the tool of the job file.
        repo: the real path of the repository.
        repo_id: identifies the folder at that path, so that another one in its place is noticed.
        cwd: the real path of the folder the program starts in.
        program: the program that is started.
        exe: its real path, which differs where the Python of a virtual environment is a link.
        exe_print: the fingerprint of the program if it is in the repository.
        script: the file of the repository that an interpreter is given to run.
        script_print: the fingerprint of that file.
        args: the arguments, with `TASK` for what changes from job to job.
        env: the names of the job's own variables, with the values of those that decide which code is loaded.
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
    script_print: str = ""
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    problem: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the fields a grant is bound to."""
        bound = {name: value for name, value in asdict(self).items() if name not in _UNBOUND}
        return hashlib.sha256(json.dumps(bound, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def is_of_repo(self) -> bool:
        """Whether it runs code of the repository, or runs without asking for approval."""
        return any(concern != OWN_COMMAND for concern in self.concerns)

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> "LaunchPlan":
        """The plan that `to_json` turned into these values.

        Raises:
            ValueError: a field is missing or has the wrong type.
        """
        try:
            values = {field.name: saved[field.name] for field in fields(cls)}
        except (KeyError, TypeError) as error:
            raise ValueError(f"{error} is missing") from None
        for name in _LISTS:
            if not isinstance(values[name], list) or not all(isinstance(each, str) for each in values[name]):
                raise ValueError(f"{name} is not a list of strings")
            values[name] = tuple(values[name])
        if any(not isinstance(value, str) for name, value in values.items() if name not in _LISTS):
            raise ValueError("a field is not a string")
        return cls(**values)


_UNBOUND = frozenset({"concerns", "problem"})
_LISTS = frozenset({"args", "env", "concerns"})


def concerns_of(plans: Iterable[LaunchPlan]) -> tuple[str, ...]:
    """Why these plans need a grant of their own, each reason once; empty if they need none."""
    return tuple(dict.fromkeys(concern for plan in plans for concern in plan.concerns))
