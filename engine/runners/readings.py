"""How a piece of output can be read: as it stands, without its escape sequences, and as backspaces leave it.

A secret may be split by what a terminal does not show, and may as well be within it, in the address of a link or before
a backspace. So each reading is searched. Imports only the standard library, as `masking` does.
"""

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners.secret_forms import UNSEEN
else:  # in the shim
    from secret_forms import UNSEEN

AS_IT_STANDS, WITHOUT_ESCAPES, AS_LEFT = range(3)
"""The ways to read; each leaves out what the one before leaves out, and more."""
WAYS = (AS_IT_STANDS, WITHOUT_ESCAPES, AS_LEFT)
_LONGEST_ESCAPE = 2100
"""Bytes; the longest that is looked for is the address of a link."""
_UNSEEN = rb"[\x00-\x07\x0a-\x1a\x1c-\x1f\x7f]"
_ESCAPE = (
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]{0,2048}(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])"
)
_UNFINISHED_ESCAPE = rb"\x1b(?:[ -/]*|\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]{0,2048}\x1b?)?\Z"
_BACKSPACES = rb"\x08+"
_BREAKS = b"\r\n"
_CONTINUING = range(0x80, 0xC0)
"""The bytes that continue a character of UTF-8."""


class Reading:
    """What was released last (`context`) and what came since, read in one way; leads back to the fresh bytes."""

    def __init__(self, way: int, context: bytes, fresh: bytes, squeezed: bytes) -> None:
        """`squeezed` are the fresh bytes without what is left out."""
        self.way = way
        self.at = len(context)
        """Where the fresh bytes begin."""
        self.squeezed = context + squeezed
        self.fresh, self.fresh_squeezed = fresh, squeezed
        self._has_gaps = len(squeezed) < len(fresh)
        self._starts: list[int] = []
        self._removed: list[int] = []

    def start_of(self, place: int) -> int:
        """Where in the fresh bytes something starts that starts at this place; negative if it started before them."""
        return self._origin(place - self.at) if place >= self.at else place - self.at

    def end_of(self, place: int) -> int:
        """Where in the fresh bytes something ends that ends before this place."""
        return self._origin(place - self.at - 1) + 1

    def _origin(self, fresh: int) -> int:
        if not self._has_gaps:
            return fresh
        if not self._removed:
            self._removed = [0]
            for start, end in _gaps(self.way, self.fresh):
                self._starts.append(start - self._removed[-1])
                self._removed.append(self._removed[-1] + end - start)
        return fresh + self._removed[bisect_right(self._starts, fresh)]


def differs(way: int, data: bytes) -> bool:
    """Whether this way to read leaves out more of the data than the one before."""
    return way == AS_IT_STANDS or (b"\b" if way == AS_LEFT else b"\x1b") in data


def squeeze(way: int, data: bytes) -> bytes:
    """The bytes without what this way to read leaves out."""
    if way == AS_LEFT and b"\b" in data:
        return b"".join(data[start:end] for start, end in _left(data))
    if way == AS_IT_STANDS or b"\x1b" not in data:
        return data.translate(None, UNSEEN)
    import re  # costs 10 ms, which hardly any attempt needs

    return re.sub(_ESCAPE + b"|" + _UNSEEN, b"", data)


def whole_to(data: bytes) -> int:
    """Up to where there is no escape sequence of which the end is still missing."""
    if b"\x1b" not in data[-_LONGEST_ESCAPE:]:
        return len(data)
    import re

    unfinished = re.search(_UNFINISHED_ESCAPE, data[-_LONGEST_ESCAPE:])
    return len(data) if unfinished is None else max(len(data) - _LONGEST_ESCAPE, 0) + unfinished.start()


def outside_escape(data: bytes, place: int) -> int:
    """The place, or the start of the escape sequence that it lies within."""
    at = data.rfind(b"\x1b", max(place - _LONGEST_ESCAPE, 0), place)
    while at >= 0:
        import re

        found = re.compile(_ESCAPE).match(data, at)
        if found is not None and found.end() > place:
            place = at
        at = data.rfind(b"\x1b", max(place - _LONGEST_ESCAPE, 0), at)
    return place


def _gaps(way: int, data: bytes) -> list[tuple[int, int]]:
    """What this way to read leaves out, in order."""
    import re

    if way == AS_LEFT and b"\b" in data:
        left = _left(data)
        return list(
            zip([0, *(end for _, end in left)], [*(start for start, _ in left), len(data)], strict=True)
        )
    pattern = _UNSEEN if way == AS_IT_STANDS else _ESCAPE + b"|" + _UNSEEN
    return [gap.span() for gap in re.finditer(pattern, data)]


def _left(data: bytes) -> list[tuple[int, int]]:
    """The parts of the data that neither are escape sequences nor are taken back by a backspace in the same line."""
    import re

    parts: list[tuple[int, int]] = []
    line = at = 0
    for gap in re.finditer(_ESCAPE + b"|" + _BACKSPACES + b"|" + _UNSEEN, data):
        if gap.start() > at:
            parts.append((at, gap.start()))
        at = gap.end()
        if data[gap.start()] in _BREAKS:
            line = len(parts)
        elif data[gap.start()] == ord("\b"):
            _take_back(data, parts, at - gap.start(), line)
    return [*parts, (at, len(data))]


def _take_back(data: bytes, parts: list[tuple[int, int]], count: int, line: int) -> None:
    """Take that many characters from the end of the parts, but not from those before the part number `line`."""
    while count and len(parts) > line:
        start, end = parts.pop()
        while count and end > start:
            end -= 1
            while end > start and data[end] in _CONTINUING:
                end -= 1
            count -= 1
        if end > start:
            parts.append((start, end))
