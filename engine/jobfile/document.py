"""Defines a file as plain data together with the line of each value, independent of JSON and YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MAX_DEPTH = 32

Route = tuple[str | int, ...]
"""The path to a value: keys and list positions from the top."""


class LineMap:
    """The line each value starts on (in a mapping, its key's line).

    It is computed only when an error needs it, because finding the lines of a file takes longer than reading it.
    """

    def __init__(self, find: Callable[[], dict[Route, int]] = dict) -> None:
        self._find = find

    @cached_property
    def lines(self) -> Mapping[Route, int]:
        """The lines by the routes of the values."""
        return self._find()


@dataclass(frozen=True)
class Document:
    """The content of a file as plain data, and the line of each value.

    `within` is the route to `data` if it is only a part of the file, `merged_from` that to what was merged into it.
    """

    data: Any
    name: str
    line_map: LineMap = field(default_factory=LineMap, repr=False, compare=False)
    within: Route = ()
    merged_from: Route | None = None

    def line_of(self, route: Route) -> int | None:
        """The line of the value, or of the nearest value around it."""
        lines = self.line_map.lines
        starts = [self.within] if self.merged_from is None else [self.within, self.merged_from]
        for length in range(len(route), -1, -1):
            for start in starts:
                if (line := lines.get((*start, *route[:length]))) is not None:
                    return line
        return None


def dotted(route: Route) -> str:
    """The route as text: ``metadata.retry.limit``, ``files[2]``."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
