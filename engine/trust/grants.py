"""One grant: what a person has allowed, what it is bound to, and which launch plans it covers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.trust.binding import Binding
from engine.trust.known_programs import loads_nothing
from engine.trust.launch_plan import LaunchPlan
from engine.trust.repository_state import RepositoryStates

FORMAT = 2
"""The first format bound the script that was recognised; this one binds everything a launch plan names or loads."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Permission to carry out a launch plan without review, as far as its `binding` reaches.

    `format` is that of the file of grants in which it was first written. `used_by` is the job that has used up a grant
    for one start, as ``<home_id>/<job_id>``, as long as that job may still turn out not to be queued.
    """

    start: LaunchPlan
    at: float
    source: str = ""
    binding: Binding
    format: int = FORMAT
    used_by: str = ""

    @cached_property
    def key(self) -> str:
        """Identifies the grant: the same command may be granted in several ways."""
        bound = self.start.command_digest if self.binding is Binding.ANYTHING else self.start.shown_digest
        return hashlib.sha256(f"{self.binding}:{bound}".encode()).hexdigest()

    @property
    def grant_id(self) -> str:
        """The first characters of the key, by which `revoke` finds it."""
        return self.key[:12]

    @property
    def once(self) -> bool:
        """Whether the next job that matches uses it up."""
        return self.binding is Binding.ONCE

    @property
    def bound_too_little(self) -> bool:
        """Whether it was granted before everything was bound that the command may load; then it covers nothing."""
        return self.start.loads_any and self.start.state is None and self.binding is not Binding.ANYTHING

    def covers(self, plan: LaunchPlan, states: RepositoryStates) -> bool:
        """Whether this plan may be carried out; reads the state of the repository only if that decides."""
        if self.binding is Binding.ANYTHING:
            return plan.command_digest == self.start.command_digest
        if plan.digest != self.start.digest or self.bound_too_little:
            return False
        if self.once and (self.start.state is None or self.start.state.problem):
            return True
        now = plan.with_state(states)
        if now.state is None or self.start.state is None:
            return now.lasting is not None
        return now.lasting is not None and self.start.state.is_now(now.state)

    def to_json(self) -> dict[str, Any]:
        """The grant as plain JSON values."""
        return {
            "at": self.at,
            "source": self.source,
            "binding": self.binding.value,
            "format": self.format,
            "start": self.start.to_json(),
            **({"used_by": self.used_by} if self.used_by else {}),
        }

    @classmethod
    def from_json(cls, saved: Mapping[str, Any], *, file_format: int) -> "Grant":
        """The grant that `to_json` turned into these values, also in the first format.

        Raises:
            KeyError, TypeError, ValueError: a field is missing or has the wrong type.
        """
        values = saved if file_format > 1 else _of_first_format(saved)
        return cls(
            start=LaunchPlan.from_json(values["start"]),
            at=float(values["at"]),
            source=str(values["source"]),
            binding=Binding(values["binding"]),
            format=int(values["format"]),
            used_by=str(values.get("used_by", "")),
        )


def _of_first_format(saved: Mapping[str, Any]) -> dict[str, Any]:
    start = saved["start"]
    loads_any = start["tool"] == "tests" or (
        start["tool"] == "shell" and not loads_nothing(start["program"], start["exe"])
    )
    now = {
        "files": [[start["script"], start["script_print"]]] if start["script"] else [],
        "folders": [],
        "loads_any": loads_any,
        "state": None,
        "unbound": "",
    }
    binding = Binding.ONCE if saved["once"] and not loads_any else Binding.FILES
    return {**saved, "binding": binding, "format": 1, "start": {**start, **now}}
