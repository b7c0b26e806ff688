"""The commands by name, each imported when it is carried out: importing all takes longer than a short one does."""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer._click.shell_completion import CompletionItem
from typer.core import TyperCommand

from engine.cli.help_format import WholeSentences
from engine.cli.interrupts import raise_from_now_on

_YOUNG = 20_000
"""So many new objects before garbage is looked for: a short command makes thousands, and hardly any are garbage."""
OWN_PROCESS = object()
"""The context's object where the process runs nothing but this command: a third of a short one's time is saved."""


@dataclass(frozen=True)
class LazyCommand:
    """Where a command is defined: a function or a group of commands, by module and name; and its help."""

    module: str
    name: str
    help: str
    jobs: int = 0
    """So many words behind it, at most, are ids of jobs; a terminal completes them without importing the command."""

    @cached_property
    def loaded(self) -> Any:
        """The command as Typer makes it."""
        with _without_collector():
            found = getattr(import_module(f"engine.cli.{self.module}"), self.name)
        if isinstance(found, typer.Typer):
            group = typer.main.get_group(found)  # with `get_command` it would offer completion of its own
            group.help = self.help
            return group
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(help=self.help)(found)
        return typer.main.get_command(app)


def _has_options() -> bool:
    """Whether a terminal completes a line that has options: only the command itself knows which have values."""
    line = os.environ.get("COMP_WORDS", "") + os.environ.get("_TYPER_COMPLETE_ARGS", "")
    return any(word.startswith("-") for word in line.split())


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


class _OnJobs(TyperCommand):
    """A command as a terminal sees it that completes the ids of its jobs."""

    def __init__(self, name: str, command: LazyCommand) -> None:
        super().__init__(name, help=command.help)
        self._most = command.jobs

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """The ids that begin so."""
        from engine.cli.word_completion import job_ids  # noqa: PLC0415 - only to complete words

        ids = job_ids(ctx, incomplete) if len(ctx.args) < self._most else ()
        return [CompletionItem(job_id) for job_id in ids]


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

    def list_commands(self, _ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """A command as lists and completion show it, with its name and its help; nothing is imported for that."""
        found = self.table.get(cmd_name)
        return None if found is None else TyperCommand(cmd_name, help=found.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command to carry out; where it has the process to itself, its modules are no garbage until the end."""
        name, listed, rest = super().resolve_command(ctx, args)
        if ctx.resilient_parsing and name is not None and self.table[name].jobs and not _has_options():
            return name, _OnJobs(name, self.table[name]), rest
        command = None if name is None or listed is None else self.commands[name]
        if ctx.obj is OWN_PROCESS:
            gc.freeze()
            gc.set_threshold(_YOUNG)
            raise_from_now_on()
        return name, command, rest
