"""What one file of grants holds, and how grants for one start pass from unused to used. Reads and writes no file."""

import json
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field, replace

from engine.trust.binding import Binding
from engine.trust.grants import FORMAT, Grant
from engine.trust.launch_plan import LaunchPlan
from engine.trust.repository_state import RepositoryStates

_MAX_JOBS = 5_000
"""How many jobs that were allowed singly are remembered; the oldest beyond that need trust again."""
Queued = Callable[[Sequence[str]], Container[str]]
"""Says which of these ids are those of jobs in the queue; called in the transaction that queues jobs."""


@dataclass
class GrantFile:
    """The grants of a user, and the jobs that were allowed singly."""

    grants: dict[str, Grant] = field(default_factory=dict)
    """By their keys."""
    jobs: dict[str, list[str]] = field(default_factory=dict)
    """The shown digests of the plans of each job that was allowed singly, by ``<home_id>/<job_id>``."""

    def __post_init__(self) -> None:
        self._by_command: dict[str, list[str]] = {}
        for grant in self.grants.values():
            self._by_command.setdefault(grant.start.command_digest, []).append(grant.key)

    def covering(self, plan: LaunchPlan, states: RepositoryStates, *, or_used: bool = False) -> Grant | None:
        """The grant that covers this plan, a lasting one first; `or_used` counts what a job may have used up."""
        keys = self._by_command.get(plan.command_digest, ())
        found = [self.grants[key] for key in keys if key in self.grants]
        found = [grant for grant in found if or_used or not grant.used_by]
        found.sort(key=lambda grant: grant.once)
        return next((grant for grant in found if grant.covers(plan, states)), None)

    @property
    def homes(self) -> set[str]:
        """The ids of the homes whose jobs have used up grants here."""
        return {each.used_by.partition("/")[0] for each in self.grants.values() if each.used_by}

    def using(self, home_id: str) -> dict[str, Grant]:
        """The grants that jobs of a home have used up, by their keys."""
        return {key: each for key, each in self.grants.items() if each.used_by.startswith(f"{home_id}/")}

    def add(self, grant: Grant) -> None:
        """Add a grant; a lasting one takes the place of those for one start of the same plan."""
        known = self.grants.get(grant.key)
        self.grants[grant.key] = grant if known is None or known.used_by else known
        if not grant.once:
            for once in [each for each in self.grants.values() if _is_superseded(each, grant)]:
                del self.grants[once.key]

    def remember(self, job: str, digests: list[str]) -> None:
        """Let a job carry out the plans that were shown with these digests."""
        self.jobs.pop(job, None)  # keeps the newest last
        self.jobs[job] = digests
        for oldest in list(self.jobs)[: max(0, len(self.jobs) - _MAX_JOBS)]:
            del self.jobs[oldest]

    def use(self, job: str, plans: Sequence[LaunchPlan], states: RepositoryStates) -> bool:
        """Whether these plans are granted to the job; it then uses up the grants for one start."""
        found = [self.covering(plan, states) for plan in plans]
        granted = [grant for grant in found if grant is not None]
        if len(granted) < len(plans):
            return False
        used = {grant.key: replace(grant, used_by=job) for grant in granted if grant.once}
        if used:
            self.grants |= used
            self.remember(job, [plan.with_state(states).shown_digest for plan in plans])
        return True

    def settle(self, home_id: str, queued: Queued) -> None:
        """Remove what queued jobs of a home have used up; what jobs used that were never queued is unused again."""
        used = self.using(home_id)
        known = queued([each.used_by.partition("/")[2] for each in used.values()]) if used else ()
        for key, grant in used.items():
            if grant.used_by.partition("/")[2] in known:
                del self.grants[key]
            else:
                self.grants[key] = replace(grant, used_by="")
                self.jobs.pop(grant.used_by, None)


def parsed(data: bytes) -> GrantFile:
    """Read the contents of a file of grants.

    Raises:
        ValueError: they are not valid; the message says why, as a clause that follows the name of the file.
    """
    try:
        saved = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is damaged ({error})") from None
    if not isinstance(saved, dict) or not isinstance(saved.get("format"), int):
        raise ValueError("is not a file of grants")  # noqa: TRY004 - the content of a file, not a wrong call
    if saved["format"] > FORMAT:
        raise ValueError(
            f"was written by a newer Signalbox (format {saved['format']}, this one reads {FORMAT})"
        )
    try:
        grants = [Grant.from_json(each, file_format=saved["format"]) for each in saved["grants"]]
        jobs = {str(key): [str(digest) for digest in digests] for key, digests in saved["jobs"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"is not valid ({error})") from None
    return GrantFile(grants={grant.key: grant for grant in grants}, jobs=jobs)


def _is_superseded(grant: Grant, lasting: Grant) -> bool:
    return (
        grant.once
        and grant.start.command_digest == lasting.start.command_digest
        and (lasting.binding is Binding.ANYTHING or grant.start.digest == lasting.start.digest)
    )
