"""Costs and durations as the window shows them: those of `engine.system`, in its language."""

from engine.system.formatting import UNKNOWN, in_largest_unit
from gui.figures import amount_of, figure
from gui.translation import tr, tr_count, translatable
from state.costs import Cost, CostSource

_CERTAINTY = {
    CostSource.ESTIMATED: translatable("about {amount}"),
    CostSource.UNKNOWN: translatable("at least {amount}"),
}
_SOURCES = {
    CostSource.REPORTED: translatable("{amount}, reported by the tool"),
    CostSource.ESTIMATED: translatable("{amount}, estimated from the table of prices"),
    CostSource.UNKNOWN: translatable("{amount}, a part is not known"),
}


def with_certainty(amount: str, source: CostSource | None) -> str:
    """An amount, with how certain it is where no tool has reported it."""
    words = None if source is None else _CERTAINTY.get(source)
    return amount if words is None else tr(words, amount=amount)


def cost_text(cost: Cost) -> str:
    """What something cost and how certain that is: ``$4.18``, ``about $4.18``, ``at least $4.18``, ``unknown``."""
    amount = amount_of(cost)
    if amount == UNKNOWN:
        return tr("unknown")
    return with_certainty(amount, cost.source) if amount else ""


def cost_caption(cost: Cost) -> str:
    """The same where nothing around it says what is unknown."""
    return tr("cost unknown") if amount_of(cost) == UNKNOWN else cost_text(cost)


def explained_cost(cost: Cost) -> str:
    """The cost and its source: ``$4.18, reported by the tool``; empty where nothing was spent."""
    text = cost_text(cost)
    return text if cost.source is None or cost.usd is None else tr(_SOURCES[cost.source], amount=text)


def tokens_text(sent: int | None, cached: int | None, received: int | None) -> str:
    """Tokens used: ``1,200 in (1,000 cached) / 300 out``; empty where neither is known."""
    if sent is None and received is None:
        return ""
    into, out = (tr("unknown") if number is None else figure(number) for number in (sent, received))
    if cached:
        return tr("{into} in ({cached:,} cached) / {out} out", into=into, cached=cached, out=out)
    return tr("{into} in / {out} out", into=into, out=out)


def spoken_duration(seconds: float) -> str:
    """A duration for a screen reader, in its largest unit: ``1 second``, ``14 minutes``, ``2 hours``."""
    match in_largest_unit(seconds):
        case None:
            return tr("unknown")
        case number, "second":
            return tr_count("{n} second", "{n} seconds", number)
        case number, "minute":
            return tr_count("{n} minute", "{n} minutes", number)
        case number, _:
            return tr_count("{n} hour", "{n} hours", number)
