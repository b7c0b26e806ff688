"""What happens when cards are dropped on a column, in words that are shown while they are dragged. Pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gui.data.card import BoardColumn, Card
from gui.translation import tr, tr_count, translatable
from state.command_table import JobCommand

DropCommand = Callable[[Card, BoardColumn], JobCommand | None]

_NAMES: Mapping[BoardColumn, str] = {
    BoardColumn.WAITING: translatable("Waiting"),
    BoardColumn.RUNNING: translatable("Running"),
    BoardColumn.NEEDS_YOU: translatable("Needs you"),
    BoardColumn.DECIDE: translatable("To decide"),
    BoardColumn.REVIEW: translatable("To review"),
    BoardColumn.DONE: translatable("Done"),
}
_ONE: Mapping[JobCommand, str] = {
    JobCommand.HOLD: translatable("Hold after this step"),
    JobCommand.RELEASE: translatable("Release"),
    JobCommand.RETRY: translatable("Retry"),
}
_WORK: Mapping[BoardColumn, str] = {
    BoardColumn.WAITING: translatable("Waiting work cannot be moved to {column}"),
    BoardColumn.RUNNING: translatable("Running work cannot be moved to {column}"),
    BoardColumn.DECIDE: translatable("Work that needs you cannot be moved to {column}"),
    BoardColumn.REVIEW: translatable("Work under review cannot be moved to {column}"),
    BoardColumn.DONE: translatable("Finished work cannot be moved to {column}"),
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
        return tr(_ONE.get(one, one.value))
    words = ", ".join(_several(command, len(cards)) for command, cards in found.items())
    words = words[:1].upper() + words[1:]
    return tr("{words}; {left:,} cannot be moved there", words=words, left=left) if left else words


def _several(command: JobCommand, number: int) -> str:
    match command:
        case JobCommand.HOLD:
            return tr_count("hold {n} workstream", "hold {n} workstreams", number)
        case JobCommand.RELEASE:
            return tr_count("release {n} workstream", "release {n} workstreams", number)
        case _:
            return tr_count("retry {n} workstream", "retry {n} workstreams", number)


def _refusal(cards: Sequence[Card], column: BoardColumn) -> str:
    kinds = {card.column for card in cards}
    if column is BoardColumn.WAITING and kinds == {BoardColumn.RUNNING}:
        return tr("Nothing follows the running step that could be held")
    if column is BoardColumn.RUNNING:
        return tr("Work starts by itself when a slot is free")
    if column is BoardColumn.DONE and kinds == {BoardColumn.REVIEW}:
        return tr("Approve it in its review to merge it")
    several = translatable("These cards cannot be moved to {column}")
    words = _WORK[next(iter(kinds))] if len(kinds) == 1 else several
    return tr(words, column=tr(_NAMES[column]))
