"""Commands on the settings of a home: list, set, reset; the same settings and checks as in the window."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_option import HomeOption
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import JsonOption
from engine.cli.printing import print_json, print_line, print_table
from engine.errors import CommandRefusedError
from engine.settings import Settings, read_settings, refuse_unknown
from engine.system.numbers import decimal_number, whole_number
from state import queries

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
)


def _one(arguments: Sequence[str]) -> str:
    if len(arguments) != 1:
        raise CommandRefusedError(f"Give one value, not {len(arguments)}.")
    return arguments[0]


def _number(
    parse: Callable[[str], int | float | None], arguments: Sequence[str], current: Any
) -> int | float | str:
    """The number; a word that is none is left to `Settings` to refuse, as is one out of bounds."""
    del current
    word = _one(arguments)
    number = parse(word)
    return word if number is None else number


def _switch(arguments: Sequence[str], current: Any) -> bool | str:
    del current
    word = _one(arguments)
    return {"on": True, "off": False}.get(word.lower(), word)


def _folder(arguments: Sequence[str], current: Any) -> str:
    del current
    folder = Path(_one(arguments)).expanduser().absolute()
    if not folder.is_dir():
        raise CommandRefusedError(f"{folder} is not a folder. Create it first.")
    return str(folder)


def _word(arguments: Sequence[str], current: Any) -> str:
    del current
    return _one(arguments)


def _command(arguments: Sequence[str], current: Any) -> list[str]:
    del current
    from engine.host.job_hook import problem_of  # noqa: PLC0415 - it loads what runs programs

    if problem := problem_of(list(arguments)):
        raise CommandRefusedError(problem)
    return list(arguments)


def _tool_path(arguments: Sequence[str], current: Any) -> dict[str, str]:
    if len(arguments) != 2:  # noqa: PLR2004 - a program and its path
        raise CommandRefusedError(
            "Give the name of a program and its path, as in `tool_paths aider ~/bin/aider`."
        )
    name, given = arguments
    program = Path(given).expanduser().absolute()
    if not program.is_file():
        raise CommandRefusedError(f"There is no program at {program}.")
    return {**(current or {}), name: str(program)}


_READ: Mapping[str, Callable[[Sequence[str], Any], Any]] = {
    "string": _word,
    "object": _tool_path,
    "array": _command,
    "boolean": _switch,
    "integer": partial(_number, whole_number),
    "number": partial(_number, decimal_number),
}
"""How the arguments of the command line become a value, by its JSON type."""
_FOLDERS = frozenset({"inbox", "worktrees_folder"})

_KEYS = [
    key for key in Settings.model_fields if key not in {"ladders", "tools"}
]  # those have commands of their own


def _read(key: str, arguments: Sequence[str], current: Settings) -> Any:
    schema = Settings.model_json_schema()["properties"][key]
    if key in _FOLDERS:
        return _folder(arguments, None)
    described = (
        one.get("type", "string") for one in schema.get("anyOf", [schema])
    )  # a class of words has none
    kinds = [kind for kind in described if kind != "null"]
    return _READ[kinds[0]](arguments, current.json_value(key))


def _current_value(key: str, session: HomeSession) -> Any:
    """The current value of a setting, whether set or default."""
    settings = session.settings()
    return str(settings.inbox_folder(session.home)) if key == "inbox" else settings.json_value(key)


def _names(incomplete: str) -> list[str]:
    return [name for name in _KEYS if name.startswith(incomplete)]


KeyArgument = Annotated[
    str, typer.Argument(metavar="NAME", help=f"One of {', '.join(_KEYS)}.", autocompletion=_names)
]


@app.callback(invoke_without_command=True)
def _settings(ctx: typer.Context, *, as_json: JsonOption = False, home: HomeOption = None) -> None:
    if ctx.invoked_subcommand is None:
        list_settings(as_json=as_json, home=home)


@app.command("list")
def list_settings(*, as_json: JsonOption = False, home: HomeOption = None) -> None:
    """List every setting with its value and its effect."""
    with opened(home, creates=home is None) as session:
        read = read_settings(session.plain.read(queries.all_settings))
        stored = read.stored
        values = read.settings.model_dump(mode="json") | {
            "inbox": str(read.settings.inbox_folder(session.home))
        }
    if as_json:
        print_json({key: {"value": values[key], "set": key in stored} for key in _KEYS})
        return
    rows = [
        (key, _shown(values[key]), "*" if key in stored else "", Settings.model_fields[key].description or "")
        for key in _KEYS
    ]
    print_table(("NAME", "VALUE", "SET", ""), rows)
    print_line("Limits on running jobs: `signalbox limits`. Tools that take over: `signalbox ladders`.")
    print_line("How coding tools run: `signalbox tools`.")


@app.command(
    "set", context_settings={"ignore_unknown_options": True}
)  # the callback may have options of its own
def set_setting(
    key: KeyArgument,
    arguments: Annotated[list[str], typer.Argument(metavar="VALUE...", help="The new value.")],
    *,
    home: HomeOption = None,
) -> None:
    """Change a setting. Give a command as separate words: `set callback notify-send {title}`."""
    refuse_unknown(key, _KEYS)
    with opened(home, creates=True) as session:
        with session.setting_to_change(key) as change:
            change(_read(key, arguments, session.settings()))
        print_line(f"{key} is now {_shown(_current_value(key, session))}.")


@app.command("reset")
def reset_setting(key: KeyArgument, *, home: HomeOption = None) -> None:
    """Reset a setting to its default."""
    with opened(home) as session:
        if key not in session.plain.read(queries.all_settings):
            refuse_unknown(key, _KEYS)
            raise CommandRefusedError(f"{key} is not set.")
        with session.setting_to_change(key) as change:
            change(None)
        if key in _KEYS:
            print_line(f"{key} is {_shown(_current_value(key, session))} again.")


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
