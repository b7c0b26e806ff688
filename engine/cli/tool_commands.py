"""Commands on the coding tools: list them as they are set up, set and reset the defaults that jobs inherit."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from engine.adapters.known_versions import note_version
from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import opened
from engine.cli.options import JsonOption
from engine.cli.printing import print_json, print_line, print_table, record_json
from engine.errors import CommandRefusedError
from engine.jobfile.error_messages import nearest, sentence_of
from engine.jobfile.tool_registry import tools
from engine.maintenance.tool_overview import ToolOverview, overview, records_of_tools
from engine.system import clock
from engine.system.cost_text import cost_text
from engine.system.numbers import whole_number
from engine.system.usage_windows import windows_text
from engine.tool_defaults import NO_DEFAULTS, ToolDefaults
from engine.types import LogIn

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)


def _one(words: Sequence[str]) -> str:
    if len(words) != 1:
        raise CommandRefusedError(f"Give one value, not {len(words)}.")
    return words[0]


def _retry(words: Sequence[str]) -> dict[str, Any]:
    word = _one(words)
    number = whole_number(word)
    return {"limit": word if number is None else number}


_READ: Mapping[str, Callable[[Sequence[str]], Any]] = {
    "model": _one,
    "permission": _one,
    "env": list,
    "account": _one,
    "on_quota": _one,
    "session": _one,
    "retry": _retry,
}
"""How the words of the command line become a value, by the field of `ToolDefaults`."""

ToolArgument = Annotated[
    str,
    typer.Argument(
        metavar="TOOL",
        help="The coding tool.",
        autocompletion=lambda incomplete: [one for one in tools().coding if one.startswith(incomplete)],
    ),
]
_FIELDS = ", ".join(_READ)
_LOGGED_IN: Mapping[LogIn | None, bool | None] = {LogIn.LOGGED_IN: True, LogIn.NO: False, LogIn.UNKNOWN: None}
_LOGGED_IN_WORDS: Mapping[LogIn | None, str] = {
    LogIn.LOGGED_IN: "yes", LogIn.NO: "no", LogIn.UNKNOWN: "not known", None: "-",
}  # fmt: skip


@app.callback(invoke_without_command=True)
def _tools(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_tools(as_json=as_json, home=home)


@app.command("list")
def list_tools(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List every coding tool: its program, who is logged in, its defaults, its accounts, and its cost of today."""
    with opened(home, creates=home is None) as session:
        settings = session.settings()
        records = session.plain.read(records_of_tools, clock.wall())
    found = list(overview(settings, records))
    for one in found:
        note_version(session.home.root, one.probe, clock.wall())
    if as_json:
        print_json([_plain(one) for one in found])
        return
    print_table(
        ("TOOL", "VERSION", "LOG-IN", "MODEL", "PERMISSION", "RETRIES", "TODAY", "PROGRAM"),
        [_row(one) for one in found],
    )
    for one in found:
        for line in _details(one):
            print_line(f"  {one.tool}: {line}")


@app.command("set")
def set_default(
    tool: ToolArgument,
    field: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {_FIELDS}.")],
    words: Annotated[list[str], typer.Argument(metavar="VALUE...", help="The new value.")],
    *,
    home: HomeOption = None,
) -> None:
    """Set a default of a tool, for jobs that do not say: `set claude model opus`, `set codex permission read`."""
    _refuse_unknown(tool, field)
    with opened(home, creates=True) as session, session.setting_to_change("tools") as change:
        known = session.settings().tools
        changed = _changed(tool, known.get(tool, NO_DEFAULTS), {field: _READ[field](words)})
        change(_stored({**known, tool: changed}))
    print_line(f"The {field} of {tool} is now {_shown(changed, field)}.")


@app.command("reset")
def reset_default(
    tool: ToolArgument,
    field: Annotated[
        str | None, typer.Argument(metavar="NAME", help=f"One of {_FIELDS}; all of them by default.")
    ] = None,
    *,
    home: HomeOption = None,
) -> None:
    """Reset one default of a tool, or all of them."""
    _refuse_unknown(tool, field)
    with opened(home, creates=home is None) as session, session.setting_to_change("tools") as change:
        known = session.settings().tools
        names = known.get(tool, NO_DEFAULTS).model_fields_set & _READ.keys()
        gone = names if field is None else names & {field}
        if not gone:
            raise CommandRefusedError(f"{field or 'No default'} is {'not ' if field else ''}set for {tool}.")
        left = _changed(tool, known[tool], {}, without=gone)
        change(_stored({**known, tool: left}))
    print_line(f"{tool} has no {', '.join(sorted(gone))} of its own any more.")


@app.command("account")
def set_account(
    tool: ToolArgument,
    name: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The name of the account.")],
    *,
    folder: Annotated[
        str | None, typer.Option(help="Its own configuration folder.", metavar="FOLDER")
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option(help="A variable of it, NAME=VALUE; a secret as NAME=env:OTHER_NAME. May be repeated."),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the account.")] = False,
    home: HomeOption = None,
) -> None:
    """Add, change or remove an account of a tool; jobs use the first one whose quota is not used up."""
    _refuse_unknown(tool, None)
    pairs = [one.partition("=") for one in env or ()]
    fields = {"config_folder": folder, "env": {key: value for key, _, value in pairs}}
    with opened(home, creates=True) as session, session.setting_to_change("tools") as change:
        known = session.settings().tools
        defaults = known.get(tool, NO_DEFAULTS)
        accounts = {one: account.model_dump(mode="json") for one, account in defaults.accounts.items()}
        if remove and accounts.pop(name, None) is None:
            raise CommandRefusedError(f"{tool} has no account {name!r}{nearest(name, accounts) or '.'}")
        if not remove:
            accounts[name] = fields
        changed = _changed(tool, defaults, {"accounts": accounts})
        change(_stored({**known, tool: changed}))
    print_line(f"The accounts of {tool} are now {', '.join(accounts) or 'none'}.")


def _refuse_unknown(tool: str, field: str | None) -> None:
    if tool not in tools().coding:
        known = ", ".join(tools().coding)
        raise CommandRefusedError(
            f"There is no coding tool {tool!r}{nearest(tool, tools().coding) or '.'} There are {known}."
        )
    if field is not None and field not in _READ:
        raise CommandRefusedError(
            f"There is no {field!r} of a tool{nearest(field, _READ) or '.'} There are {_FIELDS}."
        )


def _changed(
    tool: str, defaults: ToolDefaults, values: Mapping[str, Any], *, without: Collection[str] = ()
) -> ToolDefaults:
    kept = defaults.model_dump(mode="json", exclude_unset=True)
    fields = {**{name: value for name, value in kept.items() if name not in without}, **values}
    try:
        return ToolDefaults.model_validate(fields)
    except ValidationError as error:
        raise CommandRefusedError(f"{tool}: {sentence_of(error, fields, ToolDefaults)}.") from error


def _stored(every: Mapping[str, ToolDefaults]) -> dict[str, Any] | None:
    plain = {tool: one.model_dump(mode="json", exclude_unset=True) for tool, one in every.items()}
    return {tool: fields for tool, fields in plain.items() if fields} or None


def _shown(defaults: ToolDefaults, field: str) -> str:
    value = defaults.model_dump(mode="json")[field]
    if field == "retry":
        return f"{value['limit']}"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _row(one: ToolOverview) -> tuple[str, ...]:
    return (
        one.tool,
        one.probe.version or "-",
        _LOGGED_IN_WORDS[one.probe.login],
        one.defaults.model or "-",
        one.permission,
        str(one.retry.limit),
        cost_text(one.cost_today) or "-",
        one.probe.path or one.probe.problem or "-",
    )


def _details(one: ToolOverview) -> list[str]:
    """What a row has no room for."""
    lines = [one.probe.problem] if one.probe.problem and one.probe.path else []
    lines += [f"{one.login_problem}."] if one.login_problem and one.probe.path else []
    lines += [f"also gets {', '.join(one.defaults.env)}"] if one.defaults.env else []
    lines += [f"accounts {', '.join(one.defaults.accounts)}"] if one.defaults.accounts else []
    for account, windows in one.windows.items():
        if text := windows_text(windows, clock.wall()):
            lines.append(f"quota of account {account}: {text}" if account else f"quota: {text}")
    return lines + [f"{hold.kind} {hold.key} is held: {hold.reason}" for hold in one.holds]


def _plain(one: ToolOverview) -> dict[str, Any]:
    return {
        "tool": one.tool,
        "path": one.probe.path,
        "version": one.probe.version,
        "problem": one.probe.problem,
        "logged_in": _LOGGED_IN.get(one.probe.login),
        "login_problem": one.login_problem or None,
        "model": one.defaults.model,
        "permission": one.permission,
        "env": list(one.defaults.env),
        "account": one.defaults.account,
        "accounts": list(one.defaults.accounts),
        "on_quota": one.defaults.on_quota,
        "session": one.defaults.session,
        "retry": one.retry.model_dump(mode="json"),
        "set": sorted(one.defaults.model_fields_set),
        "holds": [record_json(hold) for hold in one.holds],
        "windows": [
            {"account": account or None, **window.to_json()}
            for account, windows in one.windows.items()
            for window in windows
        ],
        "cost_today_usd": one.cost_today.usd,
        "cost_today_source": one.cost_today.source,
    }
