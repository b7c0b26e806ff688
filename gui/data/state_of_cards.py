"""The state that a run, a repository or any other group of cards shows: one rule for every list of them."""

from collections.abc import Sequence

from engine.scheduling.explainer import shown_group
from gui.data.card import Card


def state_of_cards(cards: Sequence[Card]) -> str:
    """Running if anything runs, else what needs a person, else why the rest waits, else how all of it ended."""
    if any("running" in (card.state, *card.steps) for card in cards):
        return "running"
    needing = [card.state for card in cards if card.needs_you]
    still_open = [card.state for card in cards if card.is_open]
    return shown_group(needing or still_open or [card.state for card in cards])
