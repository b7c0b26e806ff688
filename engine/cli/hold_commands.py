"""Commands on holds and limits: pause, drain, resume, limits, ladders."""

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from engine.adapters import ADAPTERS
from engine.cli.help_format import WholeSentences
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import HomeOption, JsonOption, ReasonOption
from engine.cli.printing import complain, print_json, print_table, record_json, say
from engine.errors import CommandRefusedError
from engine.jobfile.error_messages import nearest
from engine.scheduling.schedule import active, standstill
from state import queries
from state.records import Hold, HoldCause, HoldKind, JobStatus, Limit, LimitKind

_POLL_S = 0.25

GroupOption = Annotated[
    str | None, typer.Option("--group", metavar="GROUP", help="Only this group of jobs.", show_default=False)
]
OneToolOption = Annotated[
    str | None, typer.Option("--tool", metavar="TOOL", help="Only jobs of this tool.", show_default=False)
]
AccountOption = Annotated[
    str | None,
    typer.Option("--account", metavar="ACCOUNT", help="Only jobs of this account.", show_default=False),
]


def _what(group: str | None, tool: str | None, account: str | None) -> tuple[HoldKind, str]:
    named = [
        (kind, key)
        for kind, key in ((HoldKind.GROUP, group), (HoldKind.TOOL, tool), (HoldKind.ACCOUNT, account))
        if key is not None
    ]
    if len(named) > 1:
        raise typer.BadParameter("name one of --group, --tool and --account.")
    return named[0] if named else (HoldKind.ENGINE, "")


def _refuse_unknown(tool: str) -> None:
    """Refuse a hold or a limit of a tool that does not exist: it would be kept and never mean anything."""
    if tool not in ADAPTERS:
        told = f"There is no tool {tool!r}{nearest(tool, ADAPTERS) or '.'} There are {', '.join(ADAPTERS)}."
        raise CommandRefusedError(told)


def pause(
    *,
    group: GroupOption = None,
    tool: OneToolOption = None,
    account: AccountOption = None,
    reason: ReasonOption = "",
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox pause`."""
    kind, key = _what(group, tool, account)
    if kind is HoldKind.TOOL:
        _refuse_unknown(key)
    with opened(home) as view:
        view.store.queue_control.set_hold(Hold(kind=kind, key=key, reason=reason, since=0.0))
    if kind is HoldKind.ENGINE:
        say("Paused: nothing starts until `signalbox resume`.")
    else:
        say(f"Nothing of {kind} {key} starts until `signalbox resume --{kind} {key}`.")


def resume(
    *,
    group: GroupOption = None,
    tool: OneToolOption = None,
    account: AccountOption = None,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox resume`."""
    kind, key = _what(group, tool, account)
    with opened(home) as view:
        if kind is HoldKind.ENGINE:
            view.store.queue_control.resume()
        elif not view.store.queue_control.lift_hold(kind, key):
            raise CommandRefusedError(f"Nothing holds {kind} {key}.")
        what = "Resumed" if kind is HoldKind.ENGINE else f"Resumed {kind} {key}"
        say(f"{what}." if view.engines() else f"{what}; no engine is running at this moment.")


def drain(*, reason: ReasonOption = "", home: HomeOption = None) -> None:
    """Carry out `signalbox drain`."""
    with opened(home) as view:
        view.store.queue_control.pause(reason, cause=HoldCause.DRAIN)
        told: set[str] = set()
        while running := view.reader.read(queries.list_jobs, status=[JobStatus.RUNNING]):
            if not view.engines():
                ids = ", ".join(job.job_id for job in running)
                complain(f"No engine is there to see these to their end: {ids}. Start `signalbox engine`.")
                raise typer.Exit(1)
            for job in running:
                if job.job_id not in told:
                    say(f"Waits for {job.job_id} to end.")
            told |= {job.job_id for job in running}
            time.sleep(_POLL_S)
            if not any(hold.kind is HoldKind.ENGINE for hold in view.store.queue_control.holds()):
                raise CommandRefusedError("The pause was lifted meanwhile; what waits starts again.")
    say("Nothing runs; nothing starts until `signalbox resume`.")


# --- limits ----------------------------------------------------------------------------------------------------

limits = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    help="How many jobs run at once: in all, of a tool, of an account, of a group.",
)
KindArgument = Annotated[LimitKind, typer.Argument(metavar="KIND", help="global, tool, account or group.")]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="The tool, account or group; leave it out for global.")
]


@limits.callback(invoke_without_command=True)
def _limits(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_limits(as_json=as_json, home=home)


@limits.command("list")
def list_limits(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the limits, how many run of each, and the holds."""
    with opened(home) as view:
        bounds, stops = view.store.queue_control.limits(), view.store.queue_control.holds()
        if as_json:
            told = [record_json(limit, running=_running(view, limit)) for limit in bounds]
            print_json({"limits": told, "holds": [record_json(hold) for hold in stops]})
            return
        rows = [
            (limit.kind.value, limit.key, str(limit.value), str(_running(view, limit))) for limit in bounds
        ]
        print_table(("KIND", "KEY", "LIMIT", "RUNNING"), rows or [("", "", "", "")])
        now, running = (
            time.time(),
            len(view.reader.read(queries.list_jobs, status=[JobStatus.RUNNING], limit=100_000)),
        )
        for hold in active(stops, now).values():
            say(standstill(hold, now, running), style="yellow")


def _running(view: HomeSession, limit: Limit) -> int:
    running = view.reader.read(queries.list_jobs, status=[JobStatus.RUNNING], limit=100_000)
    match limit.kind:
        case LimitKind.GLOBAL:
            return len(running)
        case LimitKind.TOOL:
            return sum(job.tool == limit.key for job in running)
        case LimitKind.ACCOUNT:
            return sum(job.account == limit.key for job in running)
        case LimitKind.GROUP:
            return sum(job.group_name == limit.key for job in running)


@limits.command("set")
def set_limit(
    kind: KindArgument,
    words: Annotated[list[str], typer.Argument(metavar="[KEY] N", help="Whose limit, and at most so many.")],
    *,
    home: HomeOption = None,
) -> None:
    """Let at most N jobs of a kind run at once; it holds from the next start on."""
    *named, number = words
    if len(named) > 1 or not number.isdecimal():
        raise typer.BadParameter(f"say whose limit and a number, as in `limits set {kind} NAME 2`.")
    if kind is LimitKind.TOOL and named:
        _refuse_unknown(named[0])
    with opened(home) as view:
        limit = view.store.queue_control.set_limit(Limit(kind=kind, key="".join(named), value=int(number)))
    say(f"At most {limit.value} run at once{_named(kind, limit.key)}.")


@limits.command("remove")
def remove_limit(kind: KindArgument, key: KeyArgument = "", *, home: HomeOption = None) -> None:
    """Remove a limit."""
    with opened(home) as view:
        view.store.queue_control.remove_limit(kind, key)
    say(f"There is no longer a limit{_named(kind, key)}.")


def _named(kind: LimitKind, key: str) -> str:
    return "" if kind is LimitKind.GLOBAL else f" for {kind} {key}"


# --- ladders ---------------------------------------------------------------------------------------------------

ladders = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    help="Which tools take over where one has failed, for jobs that name none themselves.",
)


@ladders.callback(invoke_without_command=True)
def _ladders(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_ladders(as_json=as_json, home=home)


@ladders.command("list")
def list_ladders(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the ladders."""
    with opened(home) as view:
        found = view.store.settings().ladders
    if as_json:
        print_json(found)
    elif not found:
        say("There are no ladders; a job climbs only what its own file names.")
    else:
        for tool, rungs in found.items():
            say(_ladder(tool, rungs))


@ladders.command("set")
def set_ladder(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool a job names.")],
    rungs: Annotated[list[str], typer.Argument(metavar="TOOL...", help="The tools after it, in order.")],
    *,
    home: HomeOption = None,
) -> None:
    """Let these tools take over, one after the other, where one has failed."""
    with opened(home) as view, view.store.transaction():
        known = view.store.settings().ladders
        view.store.queue_control.change_setting("ladders", {**known, tool: rungs})
    say(f"{_ladder(tool, rungs)}.")


@ladders.command("remove")
def remove_ladder(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool a job names.")],
    *,
    home: HomeOption = None,
) -> None:
    """Let nothing take over any more where this tool has failed."""
    with opened(home) as view, view.store.transaction():
        known = view.store.settings().ladders
        if tool not in known:
            raise CommandRefusedError(f"There is no ladder for {tool}.")
        left = {name: rungs for name, rungs in known.items() if name != tool}
        view.store.queue_control.change_setting("ladders", left or None)
    say(f"Nothing takes over any more where {tool} has failed.")


def _ladder(tool: str, rungs: Sequence[str]) -> str:
    return " -> ".join((tool, *rungs))
