"""Name what the panels are limited to, in the header, in titles and in empty states. Pure functions."""

from collections.abc import Collection, Mapping

from engine.scheduling.buckets import SHOWN_STATES, Bucket
from engine.system.plain_text import escape_invisible
from gui.data.bucket_captions import bucket_word
from gui.data.job_display import state_inside
from gui.data.panel_filter import FilterPart, PanelFilter
from gui.translation import tr, tr_count, translatable
from state.records import Run
from state.shown_names import ShownNames

_LONGEST = 3
_PARTS = {FilterPart.STATE: translatable("state"), FilterPart.RUN: translatable("run")}


def part_caption(chosen: PanelFilter, part: FilterPart, runs: Mapping[str, Run]) -> str:
    """One limit in a few words: the title of the run, or the states."""
    if part is FilterPart.RUN:
        return ShownNames(runs=runs, clean=escape_invisible).distinct_run(chosen.run_id or "")
    return _states(chosen.states)


def filter_caption(chosen: PanelFilter, runs: Mapping[str, Run]) -> str:
    """All limits: ``running, Night: checkout v2``; empty without any."""
    return ", ".join(part_caption(chosen, part, runs) for part in chosen.parts)


def filter_fact(chosen: PanelFilter, followed: Collection[FilterPart], runs: Mapping[str, Run]) -> str:
    """The fact of a panel while a filter is on: what limits it, and what does not."""
    obeyed = chosen.only(followed)
    ignored = tr(" or ").join(tr(_PARTS[part]) for part in chosen.parts if part not in followed)
    facts = [
        tr("filtered: {limits}", limits=filter_caption(obeyed, runs)) if obeyed else "",
        tr("not filtered by {parts}", parts=ignored) if ignored else "",
    ]
    return ", ".join(fact for fact in facts if fact)


def hidden_sentence(what: str, chosen: PanelFilter, runs: Mapping[str, Run]) -> str:
    """The line of an empty panel: ``86 files hidden by running``; `what` is the counted noun."""
    return tr("{what} hidden by {limits}", what=what, limits=filter_caption(chosen, runs))


def pressed_buckets(states: frozenset[str]) -> list[Bucket]:
    """The counters whose states all pass; failed is not named beside those that need a person."""
    pressed = [bucket for bucket in Bucket if SHOWN_STATES[bucket] <= states]
    return [one for one in pressed if one is not Bucket.FAILED or Bucket.NEEDS_YOU not in pressed]


def covered_states(states: frozenset[str]) -> frozenset[str]:
    """Those of the states that pressed counters stand for."""
    return frozenset[str]().union(*(SHOWN_STATES[bucket] for bucket in pressed_buckets(states)))


def _states(states: frozenset[str]) -> str:
    """The words of the counters that are pressed, then those of single states."""
    pressed, covered = pressed_buckets(states), covered_states(states)
    words = [tr("needs you") if bucket is Bucket.NEEDS_YOU else bucket_word(bucket) for bucket in pressed]
    words += sorted(state_inside(state) for state in states - covered)
    shown, more = ", ".join(words[:_LONGEST]), len(words) - _LONGEST
    return tr_count("{shown} and {n} more", "{shown} and {n} more", more, shown=shown) if more > 0 else shown
