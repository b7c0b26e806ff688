"""List commands in help texts, each with its whole sentence, wrapped to the terminal."""

from typing import Any

from typer.core import TyperGroup

_UNCUT = 1000


class WholeSentences(TyperGroup):
    """A group of commands whose help does not truncate sentences."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands in the order in which they were added."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(_UNCUT)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
