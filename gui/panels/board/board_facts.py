"""The facts over the columns of the board and in its title, and what an empty column says."""

from collections.abc import Collection, Mapping, Sequence

from engine.system.formatting import age
from gui.data.card import BoardColumn, Card
from gui.data.note_text import written_lines
from gui.data.projection import Projection
from gui.panels.board.board_columns import done_today
from gui.translation import tr, translatable

_EMPTY: Mapping[BoardColumn, str] = {
    BoardColumn.WAITING: translatable("Nothing is waiting."),
    BoardColumn.RUNNING: translatable("Nothing is running."),
    BoardColumn.NEEDS_YOU: translatable("Nothing needs you."),
    BoardColumn.DECIDE: translatable("Nothing waits for a decision."),
    BoardColumn.REVIEW: translatable("Nothing to review yet. Finished work appears here with its diff."),
    BoardColumn.DONE: translatable("Nothing is done yet."),
}


def title_fact(cards: Collection[Card], now: float) -> str:
    """How many workstreams are open, and how many were completed today."""
    done = [card for card in cards if not card.is_open]
    if not cards:
        return ""
    return tr("{open:,} open, {done:,} done today", open=len(cards) - len(done), done=done_today(done, now))


def column_fact(
    column: BoardColumn, cards: Sequence[Card], now: float, *, projection: Projection, wide: bool
) -> str:
    """The one fact over a column with these cards."""
    match column:
        case BoardColumn.WAITING:
            return tr("next to start first") if wide and cards else ""
        case BoardColumn.RUNNING:
            return projection.slots_words() if projection.slots() is not None else ""
        case BoardColumn.NEEDS_YOU | BoardColumn.DECIDE | BoardColumn.REVIEW:
            return _oldest(cards, now)
        case BoardColumn.DONE:
            return _today(cards, now)


def empty_line(
    column: BoardColumn, cards: Collection[Card], *, projection: Projection, filtered: bool
) -> str:
    """Why a column is empty; `cards` are those of all columns, whether they pass the filter or not."""
    if column is BoardColumn.RUNNING and projection.pause() is not None:
        return tr("The engine is paused; nothing starts until you resume it.")
    if column is BoardColumn.RUNNING and not projection.engine.is_expected:
        return tr("No engine is running; nothing starts.")
    if filtered:
        return tr("No card matches the filter.")
    if (
        column is BoardColumn.RUNNING
        and all(card.column is not column for card in cards)
        and projection.running_jobs
    ):
        return tr("What runs is on a card that needs you.")
    return tr(_EMPTY[column])


def card_tip(card: Card) -> str:
    """The full texts of a card, with its labels and the beginning of its note."""
    written = written_lines(card.labels, card.note)
    return "\n".join(part for part in (card.distinct_name, card.sentence, *written) if part)


def _oldest(cards: Sequence[Card], now: float) -> str:
    oldest = min((card.since for card in cards if card.since is not None), default=None)
    return tr("oldest {age}", age=age(oldest, now)) if oldest is not None else ""


def _today(cards: Sequence[Card], now: float) -> str:
    today = done_today(cards, now)
    if not cards:
        return ""
    return tr("today") if today == len(cards) else tr("{number:,} today", number=today)
