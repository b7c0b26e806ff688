"""What may follow an attempt: the retry policy decides, and whoever has the state carries it out."""

from dataclasses import dataclass

from state.records import HoldCause


@dataclass(frozen=True, kw_only=True)
class Done:
    """The job is completed."""

    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class RetryAt:
    """Start another attempt, not before `at`; `free` means it costs no retry (quota, an interruption)."""

    at: float
    why: str
    summary: str = ""
    free: bool = False


@dataclass(frozen=True, kw_only=True)
class WaitForQuota:
    """The account is out of quota; every job of it waits until `until`, and no retry is spent."""

    account: str
    until: float
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class EscalateTo:
    """Start another attempt with the next tool of the ladder, which is its `rung`-th.

    `account` is the one that the rung names: an account of the last tool is none of this one. `quota` is what the last
    tool has used up; the other jobs of its account wait for it.
    """

    tool: str
    rung: int
    at: float
    summary: str = ""
    account: str | None = None
    quota: WaitForQuota | None = None


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """Start no further attempt: `status` is failed, timeout, cancelled or held; `quarantined` jobs need a person.

    `cause` says why a held job is held, `quota` what its tool has used up, as for `EscalateTo`.
    """

    status: str
    summary: str = ""
    quarantined: bool = False
    cause: HoldCause | None = None
    quota: WaitForQuota | None = None


Decision = Done | RetryAt | EscalateTo | WaitForQuota | GiveUp
