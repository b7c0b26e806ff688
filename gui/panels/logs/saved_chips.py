"""A saved filter set as the chips of the Logs, and the chips as a filter set."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gui.panels.logs.filter import Chip, Query, since

if TYPE_CHECKING:
    from engine.jobfile.filter_set import FilterSet, LineSelection

_FIELDS = {"level": "levels", "tool": "tools", "workstream": "workstreams", "job": "jobs"}


def chips_of(content: "FilterSet", *, now: float) -> tuple[Chip, ...]:
    """The chips that show what a filter set shows, as of now."""
    from engine.jobfile.filter_set import RANGE_S  # noqa: PLC0415 - slow to load, and this needs a saved one

    found = [*_chips(content.show, hide=False), *_chips(content.hide, hide=True)]
    age = RANGE_S.get(content.time)
    return (*found, *(() if age is None else (since(now - age),)))


def fields_of(query: Query, *, now: float) -> dict[str, Any]:
    """The fields of the filter set that shows what this query does; empty if it limits nothing that can be saved.

    A time becomes the shortest range that reaches back to it. The run and the end of a time are of today alone.
    """
    from engine.jobfile.filter_set import RANGE_S  # noqa: PLC0415 - as above

    chips = list(query.chips)
    if query.needle and query.only_matching:
        chips.append(Chip("text", query.needle, is_regex=query.is_regex, is_case=query.is_case))
    found: dict[str, Any] = {}
    for chip in chips:
        if chip.kind == "text":
            text = {"find": chip.value, "regex": chip.is_regex, "case": chip.is_case}
            _values(found, chip, "text").append({key: value for key, value in text.items() if value})
        elif chip.kind in _FIELDS:
            _values(found, chip, _FIELDS[chip.kind]).append(chip.value)
    ages = [now - float(chip.value) for chip in chips if chip.kind == "since" and not chip.hide]
    ranges = sorted((seconds, word) for word, seconds in RANGE_S.items())
    word = next((word for seconds, word in ranges if ages and min(ages) <= seconds), "")
    return found | ({"time": word} if word else {})


def _values(found: dict[str, Any], chip: Chip, field: str) -> list[Any]:
    values: list[Any] = found.setdefault("hide" if chip.hide else "show", {}).setdefault(field, [])
    return values


def _chips(of: "LineSelection", *, hide: bool) -> Iterator[Chip]:
    for text in of.text:
        yield Chip("text", text.find, hide=hide, is_regex=text.regex, is_case=text.case)
    yield from (Chip("level", word, hide=hide) for word in of.levels)
    yield from (Chip("tool", tool, hide=hide) for tool in of.tools)
    yield from (Chip("workstream", ws_id, hide=hide) for ws_id in of.workstreams)
    yield from (Chip("job", job_id, hide=hide) for job_id in of.jobs)
