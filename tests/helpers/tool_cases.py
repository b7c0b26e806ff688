"""The cases that real coding tools are measured in: what the model does, and how the attempt must end."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.helpers.loopback_model import provider_errors
from tests.helpers.loopback_model.conversation import Protocol
from tests.helpers.loopback_model.scenario import Edit, ProviderError, Scenario

EDIT = Edit(path="hello.py", search='    return "hello"\n', replace='    return "hello, world"\n')
QUOTA_S = 2 * 3600
"""In how many seconds the quota of the cases returns."""
_LARGE = 900_000


@dataclass(frozen=True)
class Case:
    """One case: its name in the table, what the model does, how the attempt ends, and what the job file adds.

    `other` names the tools for which it ends in another way.
    """

    name: str
    plays: Callable[[Protocol], Scenario]
    ends: str
    other: Mapping[str, str] = field(default_factory=dict)
    job: Mapping[str, Any] = field(default_factory=dict)

    def ends_for(self, tool: str) -> str:
        """The failure class or status of the attempt with this tool."""
        return self.other.get(tool, self.ends)


def _fails(error: Callable[[Protocol], ProviderError]) -> Callable[[Protocol], Scenario]:
    return lambda protocol: Scenario(edits=(EDIT,), error=error(protocol))


def _edits(**more: Any) -> Callable[[Protocol], Scenario]:
    return lambda _: Scenario(edits=(EDIT,), **more)


_WITHOUT_END = {"opencode": "timeout"}
"""It asks again for ever, or waits for the quota itself, and says nothing of that."""
_LIMITED = {"metadata": {"timeout_seconds": 60}}

CASES = (
    Case("edit", _edits(), "completed"),
    Case("edit with a plan and cached input", _edits(plan=("Read", "Mend")), "completed"),
    Case("nothing to do", lambda _: Scenario(final="Nothing to do."), "no_change"),
    Case(
        "nothing to do, change optional",
        lambda _: Scenario(final="Nothing to do."),
        "completed",
        job={"metadata": {"evidence": {"change": "optional"}}},
    ),
    Case("large prompt", _edits(), "completed", job={"prompt": "Greet the world. " * (_LARGE // 17)}),
    Case(
        "edit that does not fit",
        lambda _: Scenario(edits=(EDIT.model_copy(update={"search": "nothing of this\n"}),)),
        "bad_edit",
    ),
    Case("401, key not known", _fails(provider_errors.bad_key), "auth"),
    Case("403, not allowed", _fails(provider_errors.forbidden), "auth"),
    Case("404, no such model", _fails(lambda of: provider_errors.no_model(of, "played")), "failed"),
    Case(
        "429 once, come again in 1 s",
        _fails(lambda of: provider_errors.rate_limit(of, 1, times=1)),
        "completed",
    ),
    Case("429 that lasts", _fails(lambda of: provider_errors.rate_limit(of, 5)), "rate"),
    Case(
        "quota used up, returns in two hours",
        _fails(lambda of: provider_errors.quota(of, time.time() + QUOTA_S)),
        "quota",
        _WITHOUT_END,
        _LIMITED,
    ),
    Case("500 that lasts", _fails(provider_errors.server_error), "network"),
    Case(
        "stream cut off",
        _edits(drop=True),
        "network",
        {"claude": "completed", "aider": "bad_edit", **_WITHOUT_END},
        _LIMITED,
    ),
    Case("context too long", _fails(provider_errors.too_long), "context"),
    Case(
        "error after the edit",
        lambda of: Scenario(edits=(EDIT,), error=provider_errors.bad_key(of).model_copy(update={"after": 1})),
        "auth",
        other={"aider": "completed"},  # it edits in one request
    ),
    Case(
        "edit, and a command that is not allowed",
        _edits(command="git push --force"),
        "completed",
    ),
)
