"""Commands about what is set for a home: list, set, reset; the same settings as the window's, checked the same way."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli.help_format import WholeSentences
from engine.cli.home_session import HomeSession, opened
from engine.cli.options import HomeOption, JsonOption
from engine.cli.printing import print_json, print_table, say
from engine.errors import CommandRefusedError
from engine.host.job_hook import problem_of
from engine.settings import Settings, read_settings, refuse_unknown
from state import queries

app = typer.Typer(
    cls=WholeSentences,
    rich_markup_mode=None,
    help="What is set for this home: list, set, reset. A running engine follows at once.",
)


def _one(words: Sequence[str]) -> str:
    if len(words) != 1:
        raise CommandRefusedError(f"Give one value, not {len(words)}.")
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


_READ: Mapping[str, Callable[[Sequence[str], Any], Any]] = {
    "string": _folder,
    "object": _tool_path,
    "array": _command,
    "boolean": _switch,
    "integer": _number,
    "number": _amount,
}
"""How the words of the command line become a value, by its type in JSON."""

_KEYS = [key for key in Settings.model_fields if key != "ladders"]  # `signalbox ladders` has words of its own


def _read(key: str, words: Sequence[str], before: Settings) -> Any:
    schema = Settings.model_json_schema()["properties"][key]
    kinds = [one["type"] for one in schema.get("anyOf", [schema]) if one["type"] != "null"]
    return _READ[kinds[0]](words, before.json_value(key))


def _in_force(key: str, view: HomeSession) -> Any:
    """The value of a setting that holds now, whether it is set or a default."""
    settings = view.store.settings()
    return str(settings.inbox_folder(view.home)) if key == "inbox" else settings.json_value(key)


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
    """List every setting, what it is, and what it does."""
    with opened(home) as view:
        stored = read_settings(view.reader.read(queries.all_settings)).stored
        values = {key: _in_force(key, view) for key in _KEYS}
    if as_json:
        print_json({key: {"value": values[key], "set": key in stored} for key in _KEYS})
        return
    rows = [
        (key, _shown(values[key]), "*" if key in stored else "", Settings.model_fields[key].description or "")
        for key in _KEYS
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
    refuse_unknown(key, _KEYS)
    with opened(home) as view, view.store.transaction():
        view.store.queue_control.change_setting(key, _read(key, words, view.store.settings()))
        say(f"{key} is {_shown(_in_force(key, view))} now.")


@app.command("reset")
def reset_setting(key: KeyArgument, *, home: HomeOption = None) -> None:
    """Reset a setting to its default."""
    with opened(home) as view:
        if key not in view.reader.read(queries.all_settings):
            refuse_unknown(key, _KEYS)
            raise CommandRefusedError(f"{key} is not set.")
        view.store.queue_control.change_setting(key, None)
        if key in _KEYS:
            say(f"{key} is {_shown(_in_force(key, view))} again.")


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
