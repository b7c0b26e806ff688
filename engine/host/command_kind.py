"""The record of one kind of command, from which menus, buttons, the palette, the command line and Undo are made."""

from dataclasses import dataclass
from enum import Enum, auto

from state.command_table import JobCommand


class Reversal(Enum):
    """How a command is undone, for each of its jobs or workstreams."""

    RELEASE = auto()
    HOLD_AGAIN = auto()
    UNCANCEL = auto()
    PUT_BACK = auto()
    """Back to the priority and the queue position it had."""
    WITHDRAW = auto()
    """Out of the merge queue, to wait for review."""
    UNWRITE = auto()
    """Back to the note and the labels it had."""
    RESTORE = auto()
    """Back from the archive, to wait for review."""


@dataclass(frozen=True, kw_only=True)
class CommandKind:
    """Everything about a kind of command that does not depend on who gives it.

    `name` is its word on the command line, `title` its words on menus and buttons. `verb` and `participle` complete
    "Undo: … a" and "There is no job here that can be …". `job_command` is its row in `state.command_table`: the jobs it
    applies to; None for a command on something else. `unfit` ends the sentence that refuses it: "a failed, …".
    """

    name: str
    title: str
    verb: str = ""
    participle: str = ""
    job_command: JobCommand | None = None
    unfit: str = ""
    reversal: Reversal | None = None
    needs_database: bool = True
    """False for a command that still makes sense when the database file is gone."""
