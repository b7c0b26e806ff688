"""A saved filter set as the chips of the Logs."""

from collections.abc import Iterator

from engine.jobfile.filter_set import RANGE_S, FilterSet, LineSelection
from gui.panels.logs.filter import Chip, since


def chips_of(content: FilterSet, *, now: float) -> tuple[Chip, ...]:
    """The chips that show what a filter set shows, as of now."""
    found = [*_chips(content.show, hide=False), *_chips(content.hide, hide=True)]
    age = RANGE_S.get(content.time)
    return (*found, *(() if age is None else (since(now - age),)))


def _chips(of: LineSelection, *, hide: bool) -> Iterator[Chip]:
    for text in of.text:
        yield Chip("text", text.find, hide=hide, is_regex=text.regex, is_case=text.case)
    yield from (Chip("level", word, hide=hide) for word in of.levels)
    yield from (Chip("tool", tool, hide=hide) for tool in of.tools)
    yield from (Chip("workstream", ws_id, hide=hide) for ws_id in of.workstreams)
    yield from (Chip("job", job_id, hide=hide) for job_id in of.jobs)
