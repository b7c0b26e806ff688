"""How each coding tool is set up here: its program, log-in, defaults and accounts, its cost and its quota."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.adapters import ADAPTERS
from engine.jobfile.job_sections import Retry
from engine.jobfile.tool_registry import tools
from engine.maintenance.tool_logins import login_problem
from engine.scheduling import budgets
from engine.settings import Settings
from engine.system.cost_text import cost_text
from engine.system.usage_windows import UsageWindow, windows_in, windows_text
from engine.tool_defaults import NO_DEFAULTS, ToolDefaults
from engine.types import Permission, ToolProbe
from state import attempt_queries, hold_queries, statistics
from state.costs import Cost
from state.records import Hold, HoldKind, nothing
from state.sql_text import Connection


@dataclass(frozen=True, kw_only=True)
class ToolOverview:
    """One coding tool as it is set up here.

    `defaults` are what is set, `holds` what keeps the tool or an account of it from starting. `login_problem` says why
    nobody seems to be logged in; it is empty where somebody is, or where that is not known. `windows` are how much of
    its quota each account has used, by its name, "" for the tool without an account.
    """

    tool: str
    probe: ToolProbe
    login_problem: str
    defaults: ToolDefaults
    holds: tuple[Hold, ...] = ()
    cost_today: Cost = field(default_factory=Cost)
    windows: Mapping[str, tuple[UsageWindow, ...]] = field(default_factory=nothing)

    @property
    def permission(self) -> Permission:
        """What it may do in jobs that do not say."""
        return self.defaults.permission or Permission.EDIT

    @property
    def retry(self) -> Retry:
        """How jobs are retried that do not say."""
        return self.defaults.retry or Retry()


@dataclass(frozen=True, kw_only=True)
class ToolRecords:
    """What the database knows of tools: every hold, and what each tool cost since the day began here."""

    holds: tuple[Hold, ...]
    costs: Mapping[str, Cost]
    windows: Mapping[tuple[str, str], tuple[UsageWindow, ...]]


def records_of_tools(connection: Connection, now: float) -> ToolRecords:
    """What the database knows of tools at this time."""
    return ToolRecords(
        holds=tuple(hold_queries.all_holds(connection)),
        costs=statistics.spent_by_tool(connection, budgets.day_start(now)),
        windows={
            (tool, account or ""): windows_in(reported)
            for tool, account, reported in attempt_queries.last_windows(connection)
        },
    )


def usage_texts(records: ToolRecords, now: float) -> dict[str, str]:
    """What each tool has cost today and how much of its quotas is used, a line for each account that is known."""
    lines: dict[str, list[str]] = {}
    for tool, cost in records.costs.items():
        if text := cost_text(cost):
            lines.setdefault(tool, []).append(f"{text} today")
    for (tool, account), windows in records.windows.items():
        if text := windows_text(windows, now):
            lines.setdefault(tool, []).append(f"{account}: {text}" if account else text)
    return {tool: "\n".join(found) for tool, found in lines.items()}


def overview(settings: Settings, records: ToolRecords) -> Iterator[ToolOverview]:
    """Each coding tool there is; asks its program for its version, which may take seconds."""
    for tool in tools().coding:
        defaults = settings.tools.get(tool, NO_DEFAULTS)
        mine = {(HoldKind.TOOL, tool), *((HoldKind.ACCOUNT, name) for name in defaults.accounts)}
        yield ToolOverview(
            tool=tool,
            probe=ADAPTERS[tool].probe(settings.tool_paths),
            login_problem=login_problem(tool),
            defaults=defaults,
            holds=tuple(hold for hold in records.holds if (hold.kind, hold.key) in mine),
            cost_today=records.costs.get(tool, Cost()),
            windows={account: found for (of, account), found in records.windows.items() if of == tool},
        )
