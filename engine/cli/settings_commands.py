"""Commands about what is set for a home: list, set, reset; the same settings as the window's, checked the same way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_session import opened
from engine.cli.options import HomeOption, JsonOption
from engine.cli.printing import print_json, print_table, say
from engine.errors import CommandRefusedError
from engine.host.job_hook import problem_of
from engine.jobfile.error_messages import nearest
from engine.maintenance import pruning
from engine.system.home import Home

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    help="What is set for this home: list, set, reset. A running engine follows at once.",
)


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """One setting: what it does, how words become its value, and what holds where it is not set."""

    told: str
    read: Callable[[Sequence[str], Any], Any]
    default: Callable[[Home], Any]


def _one(words: Sequence[str]) -> str:
    if len(words) != 1:
        raise CommandRefusedError(f"One value is wanted, not {len(words)}.")
    return words[0]


def _number(words: Sequence[str], before: Any) -> int:
    del before
    word = _one(words)
    if not word.isdecimal():
        raise CommandRefusedError(f"{word!r} is no whole number from 0 up.")
    return int(word)


def _amount(words: Sequence[str], before: Any) -> float:
    del before
    try:
        amount = float(_one(words))
    except ValueError:
        amount = -1.0
    if not 0 < amount < float("inf"):
        raise CommandRefusedError(f"{words[0]!r} is no amount above 0.")
    return amount


def _switch(words: Sequence[str], before: Any) -> bool:
    del before
    word = _one(words).lower()
    if word not in {"on", "off"}:
        raise CommandRefusedError(f"{word!r} is neither on nor off.")
    return word == "on"


def _folder(words: Sequence[str], before: Any) -> str:
    del before
    folder = Path(_one(words)).expanduser().absolute()
    if not folder.is_dir():
        raise CommandRefusedError(f"{folder} is not a folder. Make it first.")
    return str(folder)


def _command(words: Sequence[str], before: Any) -> list[str]:
    del before
    if problem := problem_of(list(words)):
        raise CommandRefusedError(problem)
    return list(words)


def _tool_path(words: Sequence[str], before: Any) -> dict[str, str]:
    if len(words) != 2:  # noqa: PLR2004 - a program and its path
        raise CommandRefusedError(
            "Say the name of a program and its path, as in `tool_paths aider ~/bin/aider`."
        )
    name, given = words
    program = Path(given).expanduser().absolute()
    if not program.is_file():
        raise CommandRefusedError(f"There is no program at {program}.")
    return {**(before or {}), name: str(program)}


_ALL: Mapping[str, _Setting] = {
    "inbox": _Setting(
        told="The folder that is watched for job files.", read=_folder, default=lambda home: str(home.inbox)
    ),
    "tool_paths": _Setting(
        told="Where programs are that PATH does not lead to: NAME PATH.",
        read=_tool_path,
        default=lambda _home: {},
    ),
    "callback": _Setting(
        told="A command at the end of each job; {job_id} {status} {title} {run_id} {tool} are filled in.",
        read=_command,
        default=lambda _home: None,
    ),
    "keep_awake": _Setting(
        told="Keep the machine awake while jobs run: on, off.", read=_switch, default=lambda _home: True
    ),
    "keep_history_days": _Setting(
        told="Closed runs older than this go each day; 0 keeps them for ever.",
        read=_number,
        default=lambda _home: pruning.KEEP_DAYS,
    ),
    "keep_output_days": _Setting(
        told="The output of jobs older than this goes each day, before its run does; 0 keeps it as long.",
        read=_number,
        default=lambda _home: 0,
    ),
    "free_floor_mb": _Setting(
        told="Nothing starts with less free on the disk; 0 never looks, unset means 500 MB or 2 %.",
        read=_number,
        default=lambda _home: None,
    ),
    "budget_usd": _Setting(
        told="The line in the Dashboard's spending; it stops nothing.",
        read=_amount,
        default=lambda _home: None,
    ),
}


def _names(incomplete: str) -> list[str]:
    return [name for name in _ALL if name.startswith(incomplete)]


KeyArgument = Annotated[
    str, typer.Argument(metavar="NAME", help=f"One of {', '.join(_ALL)}.", autocompletion=_names)
]


@app.callback(invoke_without_command=True)
def _settings(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_settings(as_json=as_json, home=home)


@app.command("list")
def list_settings(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List every setting, what it is, and what it does."""
    with opened(home) as view:
        said = {key: view.store.setting(key) for key in _ALL}
        values = {
            key: one.default(view.home) if said[key] is None else said[key] for key, one in _ALL.items()
        }
    if as_json:
        print_json({key: {"value": values[key], "set": said[key] is not None} for key in _ALL})
        return
    rows = [
        (key, _shown(values[key]), "" if said[key] is None else "*", one.told) for key, one in _ALL.items()
    ]
    print_table(("NAME", "VALUE", "SET", ""), rows)
    say("How many jobs run at once: `signalbox limits`. Which tool takes over: `signalbox ladders`.")


@app.command("set", context_settings={"ignore_unknown_options": True})  # a command has switches of its own
def set_setting(
    key: KeyArgument,
    words: Annotated[list[str], typer.Argument(metavar="VALUE...", help="What it shall be from now on.")],
    *,
    home: HomeOption = None,
) -> None:
    """Change a setting. A command of several words is given word by word: `set callback notify-send {title}`."""
    one = _known(key)
    with opened(home) as view, view.store.transaction():
        value = one.read(words, view.store.setting(key))
        view.store.change_setting(key, value)
    say(f"{key} is {_shown(value)} now.")


@app.command("reset")
def reset_setting(key: KeyArgument, *, home: HomeOption = None) -> None:
    """Take a setting back to what it is by itself."""
    one = _known(key)
    with opened(home) as view:
        if view.store.setting(key) is None:
            raise CommandRefusedError(f"{key} is not set.")
        view.store.change_setting(key, None)
        say(f"{key} is {_shown(one.default(view.home))} again.")


def _known(key: str) -> _Setting:
    if key not in _ALL:
        told = f"There is no setting {key!r}{nearest(key, _ALL) or '.'} There are {', '.join(_ALL)}."
        raise CommandRefusedError(told)
    return _ALL[key]


def _shown(value: Any) -> str:
    match value:
        case None | []:
            return "-"
        case dict() if not value:
            return "-"
        case bool():
            return "on" if value else "off"
        case dict():
            return ", ".join(f"{name}: {path}" for name, path in value.items())
        case list():
            return " ".join(word if word and " " not in word else repr(word) for word in value)
        case _:
            return str(value)
