"""The engine's commands in the language of the window: on menus and buttons, for Undo, and where they do not fit."""

from collections.abc import Mapping

from engine.host.command_kind import CommandKind
from gui.translation import tr, tr_count, translatable

TITLES = frozenset(
    {
        translatable("Hold"),
        translatable("Release"),
        translatable("Retry"),
        translatable("Send back…"),
        translatable("Accept as is"),
        translatable("Cancel…"),
        translatable("Change priority…"),
        translatable("Move"),
        translatable("Edit job…"),
        translatable("Note…"),
        translatable("Label…"),
        translatable("Undo"),
        translatable("Redo"),
        translatable("Pause: start nothing new"),
        translatable("Drain: let what runs end"),
        translatable("Resume"),
        translatable("Dismiss the files refused from the inbox"),
        translatable("Dismiss the recurring runs that were missed"),
        translatable("Run missed recurring runs now"),
    }
)
"""The titles of those kinds that the window shows."""

UNDOABLE: Mapping[str, str] = {
    "hold": translatable("hold {what}"),
    "release": translatable("release {what}"),
    "retry": translatable("retry {what}"),
    "follow-up": translatable("send back {what}"),
    "skip": translatable("accept {what}"),
    "cancel": translatable("cancel {what}"),
    "priority": translatable("change the priority of {what}"),
    "move": translatable("move {what}"),
    "edit": translatable("edit {what}"),
    "note": translatable("note on {what}"),
    "label": translatable("label {what}"),
    "dismiss": translatable("dismiss {what}"),
    "dismiss-missed": translatable("dismiss {what}"),
    "schedules remove": translatable("remove {what}"),
    "merge hold": translatable("hold the merge of {what}"),
    "merge release": translatable("release the merge of {what}"),
    "merge move": translatable("move {what}"),
    "review approve": translatable("approve {what}"),
    "review withdraw": translatable("withdraw the approval of {what}"),
    "review send-back": translatable("send back {what}"),
    "review discard": translatable("discard {what}"),
    "review restore": translatable("restore {what}"),
}
"""What a command does with what it is given, by the name of its kind."""

NONE_FITS: Mapping[str, str] = {
    "hold": translatable("There is no job here that can be held."),
    "release": translatable("There is no job here that can be released."),
    "retry": translatable("There is no job here that can be retried."),
    "follow-up": translatable("There is no job here that can be sent back."),
    "skip": translatable("There is no job here that can be accepted as is."),
    "cancel": translatable("There is no job here that can be cancelled."),
    "priority": translatable("There is no job here that can be given another priority."),
    "move": translatable("There is no job here that can be moved."),
    "edit": translatable("There is no job here that can be edited."),
    "note": translatable("There is no job here that can be given a note."),
    "label": translatable("There is no job here that can be labelled."),
}
"""The sentence shown where no job fits a command, by the name of its kind."""


def command_label(kind: CommandKind) -> str:
    """The words of a command on a button."""
    return tr(kind.title).rstrip("…")


def undo_title(kind: CommandKind, undone: CommandKind, what: str) -> str:
    """What Undo or Redo would do now: ``Undo: hold lexer``."""
    return tr("{title}: {command}", title=tr(kind.title), command=tr(UNDOABLE[undone.name], what=what))


def none_fits(name: str) -> str:
    """Why the command of this name is not sent; one of the window alone has no name."""
    return tr(NONE_FITS.get(name, translatable("There is no job here that can be used for this.")))


def left_out(name: str, number: int) -> str:
    """How many of what is selected a command would leave out: ``3 cannot be held``."""
    match name:
        case "hold":
            return tr_count("{n} cannot be held", "{n} cannot be held", number)
        case "release":
            return tr_count("{n} cannot be released", "{n} cannot be released", number)
        case "retry":
            return tr_count("{n} cannot be retried", "{n} cannot be retried", number)
        case "cancel":
            return tr_count("{n} cannot be cancelled", "{n} cannot be cancelled", number)
        case _:
            raise KeyError(name)
