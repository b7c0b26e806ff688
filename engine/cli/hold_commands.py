"""Commands on holds and limits: pause, drain, resume, limits, ladders."""

import time
from collections.abc import Sequence
from typing import Annotated

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import (
    JsonOption,
    ReasonOption,
)
from engine.cli.printing import print_error, print_json, print_line, print_table, record_json
from engine.errors import CommandRefusedError
from engine.scheduling.schedule import active
from engine.scheduling.wait_phrases import hold_sentence
from engine.system.numbers import whole_number
from state import hold_queries, queries
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


def _target(group: str | None, tool: str | None, account: str | None) -> tuple[HoldKind, str]:
    named = [
        (kind, key)
        for kind, key in ((HoldKind.GROUP, group), (HoldKind.TOOL, tool), (HoldKind.ACCOUNT, account))
        if key is not None
    ]
    if len(named) > 1:
        raise typer.BadParameter("use only one of --group, --tool and --account.")
    return named[0] if named else (HoldKind.ENGINE, "")


def _refuse_unknown(tool: str) -> None:
    """Refuse a hold or a limit of a tool that does not exist: it would be kept and never mean anything."""
    from engine.jobfile.error_messages import nearest  # noqa: PLC0415 - pydantic takes as long as a short command
    from engine.jobfile.tool_registry import tools  # noqa: PLC0415 - as above

    names = tools().names
    if tool not in names:
        raise CommandRefusedError(
            f"There is no tool {tool!r}{nearest(tool, names) or '.'} The tools are {', '.join(names)}."
        )


def pause(
    *,
    group: GroupOption = None,
    tool: OneToolOption = None,
    account: AccountOption = None,
    reason: ReasonOption = "",
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox pause`."""
    kind, key = _target(group, tool, account)
    if kind is HoldKind.TOOL:
        _refuse_unknown(key)
    with opened(home, creates=True) as session:
        session.queue_requests.set_hold(Hold(kind=kind, key=key, reason=reason, since=0.0))
    if kind is HoldKind.ENGINE:
        print_line("Paused: nothing starts until `signalbox resume`.")
    else:
        print_line(f"On hold: no job of {kind} {key} starts until `signalbox resume --{kind} {key}`.")


def resume(
    *,
    group: GroupOption = None,
    tool: OneToolOption = None,
    account: AccountOption = None,
    home: HomeOption = None,
) -> None:
    """Carry out `signalbox resume`."""
    kind, key = _target(group, tool, account)
    with opened(home) as session:
        if kind is HoldKind.ENGINE:
            session.queue_requests.resume()
        elif not session.queue_requests.lift_hold(kind, key):
            raise CommandRefusedError(f"Nothing holds {kind} {key}.")
        what = "Resumed" if kind is HoldKind.ENGINE else f"Resumed {kind} {key}"
        print_line(f"{what}." if session.engines() else f"{what}; no engine is running.")


def drain(*, reason: ReasonOption = "", home: HomeOption = None) -> None:
    """Carry out `signalbox drain`."""
    with opened(home) as session:
        session.queue_requests.pause(reason, cause=HoldCause.DRAIN)
        announced: set[str] = set()
        while running := session.plain.read(queries.list_jobs, status=[JobStatus.RUNNING]):
            if not session.engines():
                ids = ", ".join(job.job_id for job in running)
                print_error(
                    f"No engine is running to finish these jobs: {ids}. Start one with `signalbox engine`."
                )
                raise typer.Exit(1)
            for job in running:
                if job.job_id not in announced:
                    print_line(f"Waiting for {job.job_id} to end.")
            announced |= {job.job_id for job in running}
            time.sleep(_POLL_S)
            if not any(hold.kind is HoldKind.ENGINE for hold in session.plain.read(hold_queries.all_holds)):
                raise CommandRefusedError("The queue was resumed meanwhile; waiting jobs start again.")
    print_line("Nothing is running; nothing starts until `signalbox resume`.")


# --- limits ----------------------------------------------------------------------------------------------------

limits = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)
KindArgument = Annotated[LimitKind, typer.Argument(metavar="KIND", help="global, tool, account or group.")]
KeyArgument = Annotated[
    str, typer.Argument(metavar="KEY", help="The tool, account or group; omit it for global.")
]


@limits.callback(invoke_without_command=True)
def _limits(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_limits(as_json=as_json, home=home)


@limits.command("list")
def list_limits(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the limits, how many jobs of each are running, and the holds."""
    with opened(home, creates=home is None) as session:
        limits_set = session.plain.read(hold_queries.all_limits)
        holds = session.plain.read(hold_queries.all_holds)
        if as_json:
            listed = [record_json(limit, running=_running(session, limit)) for limit in limits_set]
            print_json({"limits": listed, "holds": [record_json(hold) for hold in holds]})
            return
        rows = [
            (limit.kind.value, limit.key, str(limit.value), str(_running(session, limit)))
            for limit in limits_set
        ]
        print_table(("KIND", "KEY", "LIMIT", "RUNNING"), rows or [("", "", "", "")])
        now, running = (
            time.time(),
            len(session.plain.read(queries.list_jobs, status=[JobStatus.RUNNING], limit=100_000)),
        )
        for hold in active(holds, now).values():
            print_line(hold_sentence(hold, now, running), style="yellow")


def _running(session: HomeSession, limit: Limit) -> int:
    running = session.plain.read(queries.list_jobs, status=[JobStatus.RUNNING], limit=100_000)
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
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="[KEY] N", help="The tool, account or group (omit it for global), and the number."
        ),
    ],
    *,
    home: HomeOption = None,
) -> None:
    """Let at most N jobs run at once, in total or of one tool, account or group; running jobs are not stopped."""
    *named, number = arguments
    if len(named) > 1 or (most := whole_number(number)) is None or most < 0:
        raise typer.BadParameter(f"give a name and a number, as in `limits set {kind} NAME 2`.")
    if kind is LimitKind.TOOL and named:
        _refuse_unknown(named[0])
    with opened(home, creates=True) as session:
        limit = session.queue_requests.set_limit(Limit(kind=kind, key="".join(named), value=most))
    print_line(
        f"At most {limit.value} {'job runs' if limit.value == 1 else 'jobs run'} at once{_named(kind, limit.key)}."
    )


@limits.command("remove")
def remove_limit(kind: KindArgument, key: KeyArgument = "", *, home: HomeOption = None) -> None:
    """Remove a limit."""
    with opened(home, creates=home is None) as session:
        session.queue_requests.remove_limit(kind, key)
    print_line(f"There is no longer a limit{_named(kind, key)}.")


def _named(kind: LimitKind, key: str) -> str:
    return "" if kind is LimitKind.GLOBAL else f" for {kind} {key}"


# --- ladders ---------------------------------------------------------------------------------------------------

ladders = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)


@ladders.callback(invoke_without_command=True)
def _ladders(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_ladders(as_json=as_json, home=home)


@ladders.command("list")
def list_ladders(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List the ladders."""
    with opened(home, creates=home is None) as session:
        found = session.setting("ladders") or {}
    if as_json:
        print_json(found)
    elif not found:
        print_line("There are no ladders; a failed job escalates only to the tools its own file names.")
    else:
        for tool, successors in found.items():
            print_line(_ladder(tool, successors))


@ladders.command("set")
def set_ladder(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool that a job names.")],
    successors: Annotated[
        list[str], typer.Argument(metavar="TOOL...", help="The tools that take over, in order.")
    ],
    *,
    home: HomeOption = None,
) -> None:
    """Set the tools that take over, one after the other, when a tool has failed."""
    with opened(home, creates=True) as session, session.setting_to_change("ladders") as change:
        known = session.settings().ladders
        change({**known, tool: successors})
    print_line(f"{_ladder(tool, successors)}.")


@ladders.command("remove")
def remove_ladder(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="The tool that a job names.")],
    *,
    home: HomeOption = None,
) -> None:
    """Remove the ladder of a tool: no other tool takes over when it fails."""
    with opened(home, creates=home is None) as session, session.setting_to_change("ladders") as change:
        known = session.settings().ladders
        if tool not in known:
            raise CommandRefusedError(
                f"There is no ladder for {tool}; `signalbox ladders` lists the ladders."
            )
        left = {name: successors for name, successors in known.items() if name != tool}
        change(left or None)
    print_line(f"No tool takes over when {tool} fails.")


def _ladder(tool: str, successors: Sequence[str]) -> str:
    return " -> ".join((tool, *successors))
