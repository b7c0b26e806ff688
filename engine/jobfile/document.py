"""A file as plain data that knows on which line each of its values stands; knows neither JSON nor YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MAX_DEPTH = 32

Route = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""


class LineMap:
    """The line each value starts on (in a mapping, its key's line).

    It is made when an error asks for it: to find the lines of a file takes longer than to read it.
    """

    def __init__(self, find: Callable[[], dict[Route, int]] = dict) -> None:
        self._find = find

    @cached_property
    def lines(self) -> Mapping[Route, int]:
        """The lines by the ways to the values."""
        return self._find()


@dataclass(frozen=True)
class Document:
    """What a file says as plain data, and the line of each value.

    `within` is the way to `data` where it is only a part of the file, `beside` the way to what was merged into it.
    """

    data: Any
    name: str
    line_map: LineMap = field(default_factory=LineMap, repr=False, compare=False)
    within: Route = ()
    beside: Route | None = None

    def line_of(self, route: Route) -> int | None:
        """The line of the value, or of the nearest thing around it."""
        lines = self.line_map.lines
        starts = [self.within] if self.beside is None else [self.within, self.beside]
        for length in range(len(route), -1, -1):
            for start in starts:
                if (line := lines.get((*start, *route[:length]))) is not None:
                    return line
        return None


def dotted(route: Route) -> str:
    """The route as people write it: ``metadata.retry.limit``, ``files[2]``."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
