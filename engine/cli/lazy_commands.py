"""The commands by name, each imported when it is used: all of them together take longer than a short command does."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import typer

from engine.cli.help_format import WholeSentences

OWN_PROCESS = object()
"""The context's object where the process runs nothing but this command: a third of a short one's time is saved."""


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is defined: a function or a group of commands, by module and name.

    `kind` is the class in `engine.host.commands` that has its help; by default the function's first sentence is.
    """

    module: str
    name: str
    kind: str = ""

    @cached_property
    def loaded(self) -> Any:
        """The command as Typer makes it."""
        with _without_collector():
            found = getattr(import_module(f"engine.cli.{self.module}"), self.name)
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
            app.command(help=self._help)(found)
            return typer.main.get_command(app)
        return typer.main.get_group(found)  # with `get_command` it would offer completion of its own

    @property
    def _help(self) -> str | None:
        if not self.kind:
            return None
        kind: str = getattr(import_module("engine.host.commands"), self.kind).kind.help
        return kind


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let no garbage be looked for: imports leave hardly any, and looking takes a sixth of their time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _Loaded(Mapping[str, Any]):
    """The commands of a table; looking one up imports it."""

    def __init__(self, table: Mapping[str, LazyCommand]) -> None:
        self._table = table

    def __getitem__(self, name: str) -> Any:
        command = self._table[name].loaded
        command.name = name
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


class LazyGroup(WholeSentences):
    """A group whose commands stand in a table."""

    table: Mapping[str, LazyCommand]

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = _Loaded(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command; where it has the process to itself, its modules are no garbage until the end."""
        command = super().get_command(ctx, cmd_name)
        if ctx.obj is OWN_PROCESS:
            gc.freeze()
        return command
