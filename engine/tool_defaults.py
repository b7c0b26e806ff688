"""The defaults of a coding tool that jobs inherit, and its accounts; stored as the setting `tools`."""

from typing import Annotated

from pydantic import Field

from engine.jobfile.fields import EnvName, Line, OnQuota, Part, Ref, SessionUse, Word
from engine.jobfile.spec import Retry
from engine.types import Permission

_MOST = 200


class Account(Part):
    """A log-in or key of a tool: its own configuration folder, or variables, or both.

    Values of `env` are plain, or references such as `env:WORK_KEY` where they are secret.
    """

    config_folder: Line | None = None
    env: dict[EnvName, Line] = Field(default_factory=dict, max_length=_MOST)


class ToolDefaults(Part):
    """How a tool runs where the job file and the rung do not say otherwise.

    `accounts` are by name, in the order in which they are used; `account` limits the tool to one of them. `env` names
    further variables that are passed on to the tool.
    """

    model: Ref | None = None
    permission: Permission | None = None
    account: Word | None = None
    accounts: Annotated[dict[Word, Account], Field(max_length=_MOST)] = Field(default_factory=dict)
    env: Annotated[tuple[EnvName, ...], Field(max_length=_MOST)] = ()
    on_quota: OnQuota | None = None
    retry: Retry | None = None
    session: SessionUse | None = None
