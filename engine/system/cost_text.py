"""Costs and tokens as every screen shows them, with how certain they are; everything uses these."""

from engine.system.formatting import UNKNOWN, money
from engine.system.phrase import Phrase, phrase
from state.costs import Cost, CostSource
from state.times import finite_or_none

_SMALL_CENTS = 6
"""Decimals of an amount below half a cent that is known in part only; it must not read like nothing."""


def amount_text(cost: Cost) -> str:
    """What something cost, without how certain that is: ``$4.18``; empty where nothing was spent."""
    if cost.usd is None:
        return UNKNOWN if cost.source is CostSource.UNKNOWN else ""
    if finite_or_none(cost.usd) is None:
        return UNKNOWN
    amount = money(cost.usd)
    if cost.source is CostSource.UNKNOWN and amount.startswith("<"):
        amount = f"${cost.usd:.{_SMALL_CENTS}f}"
    return amount


def cost_text(cost: Cost) -> str:
    """What something cost and how certain that is: ``$4.18``, ``about $4.18``, ``at least $4.18``, ``unknown``."""
    amount = amount_text(cost)
    return amount if amount in {"", UNKNOWN} else f"{certainty(cost.source)}{amount}"


def cost_caption(cost: Cost) -> str:
    """The same where nothing around it says what is unknown."""
    text = cost_text(cost)
    return f"cost {text}" if text == UNKNOWN else text


def explained_cost(cost: Cost) -> str:
    """The cost and its source: ``$4.18, reported by the tool``; empty where nothing was spent."""
    return str(cost_phrase(cost))


def cost_phrase(cost: Cost) -> Phrase | str:
    """The same for a window in another language."""
    amount: Phrase | str = amount_text(cost)
    if amount == UNKNOWN:
        amount = phrase("unknown")
    elif amount and cost.source is CostSource.ESTIMATED:
        amount = phrase("about {amount}", amount=amount)
    elif amount and cost.source is CostSource.UNKNOWN:
        amount = phrase("at least {amount}", amount=amount)
    match None if cost.usd is None else cost.source:
        case CostSource.REPORTED:
            return phrase("{amount}, reported by the tool", amount=amount)
        case CostSource.ESTIMATED:
            return phrase("{amount}, estimated from the table of prices", amount=amount)
        case CostSource.UNKNOWN:
            return phrase("{amount}, a part is not known", amount=amount)
        case _:
            return amount


def certainty(source: CostSource | None) -> str:
    """What stands before an amount that is no tool's own word."""
    return {CostSource.ESTIMATED: "about ", CostSource.UNKNOWN: "at least "}.get(source, "") if source else ""


def tokens_text(sent: int | None, cached: int | None, received: int | None) -> str:
    """Tokens used: ``1,200 in (1,000 cached) / 300 out``; empty where neither is known."""
    if sent is None and received is None:
        return ""
    from_cache = f" ({cached:,} cached)" if cached else ""
    into, out = (UNKNOWN if number is None else f"{number:,}" for number in (sent, received))
    return f"{into} in{from_cache} / {out} out"
