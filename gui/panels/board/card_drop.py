"""What happens when cards are dropped on a column, in words that are shown while they are dragged. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.system.formatting import plural
from gui.data.card import BoardColumn, Card
from state.command_table import JobCommand

DropCommand = Callable[[Card, BoardColumn], JobCommand | None]

_NAMES: Mapping[BoardColumn, str] = {
    BoardColumn.WAITING: "Waiting",
    BoardColumn.RUNNING: "Running",
    BoardColumn.NEEDS_YOU: "Needs you",
    BoardColumn.DECIDE: "To decide",
    BoardColumn.REVIEW: "To review",
    BoardColumn.DONE: "Done",
}
_WORK: Mapping[BoardColumn, str] = {
    BoardColumn.WAITING: "Waiting work",
    BoardColumn.RUNNING: "Running work",
    BoardColumn.DECIDE: "Work that needs you",
    BoardColumn.REVIEW: "Work under review",
    BoardColumn.DONE: "Finished work",
}


@dataclass(frozen=True)
class CardDrop:
    """What a drop would do: a command for some cards each, or nothing; `words` say so, or why not."""

    words: str
    commands: Sequence[tuple[JobCommand, Sequence[Card]]] = ()

    @property
    def is_possible(self) -> bool:
        """Whether anything would happen."""
        return bool(self.commands)


def drop_on(
    cards: Sequence[Card], column: BoardColumn, *, columns: Sequence[BoardColumn], command_of: DropCommand
) -> CardDrop | None:
    """What dropping these cards on a column would do; None over the column that all of them are in."""
    if all(card.column_in(columns) is column for card in cards):
        return None
    found: dict[JobCommand, list[Card]] = {}
    for card in cards:
        command = command_of(card, column)
        if command is not None:
            found.setdefault(command, []).append(card)
    if not found:
        return CardDrop(_refusal(cards, column))
    return CardDrop(_words(found, left=len(cards) - sum(map(len, found.values()))), tuple(found.items()))


def _words(found: Mapping[JobCommand, Sequence[Card]], *, left: int) -> str:
    one = next(iter(found))
    if len(found) == 1 and len(found[one]) == 1 and not left:
        return "Hold after this step" if one is JobCommand.HOLD else one.value.capitalize()
    words = ", ".join(
        f"{command.value} {plural(len(cards), 'workstream')}" for command, cards in found.items()
    )
    return words[:1].upper() + words[1:] + (f"; {left:,} cannot be moved there" if left else "")


def _refusal(cards: Sequence[Card], column: BoardColumn) -> str:
    kinds = {card.column for card in cards}
    work = _WORK[next(iter(kinds))] if len(kinds) == 1 else "These cards"
    if column is BoardColumn.WAITING and kinds == {BoardColumn.RUNNING}:
        return "Nothing follows the running step that could be held"
    if column is BoardColumn.RUNNING:
        return "Work starts by itself when a slot is free"
    if column is BoardColumn.DONE and kinds == {BoardColumn.REVIEW}:
        return "Approve it in its review to merge it"
    return f"{work} cannot be moved to {_NAMES[column]}"
