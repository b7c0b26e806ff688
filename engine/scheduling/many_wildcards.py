"""Match paths with patterns of many wildcards in a time that grows with their length alone. Pure.

``re`` tries every way in which several ``*`` may share a name, which takes hours for a pattern that one line of a job
file can hold; here all of these ways are followed at once. ``path_scopes`` states what the wildcards mean.
"""

from collections import defaultdict
from collections.abc import Iterable


class ManyWildcards:
    """A pattern as a row of states, of which a text reaches some: bit by bit in whole numbers.

    Args:
        parts: literal texts and the wildcards ``*``, ``**``, ``**/`` and ``?``, in their order.
    """

    def __init__(self, parts: Iterable[str]) -> None:
        self._advance: defaultdict[str, int] = defaultdict(int)
        """States that a character leads one further."""
        self._advance_in_name = self._stay_in_name = self._stay = self._back = self._skip = self._skip_two = 0
        self._length, before = 0, ""
        for part in parts:
            if not part or (part in {"*", "**", "**/"} and before == "**") or part == before == "*":
                continue
            if part in {"**", "**/"} and before == part:
                continue
            self._add(part)
            before = part

    def _add(self, part: str) -> None:
        bit = 1 << self._length
        match part:
            case "*":
                self._stay_in_name |= bit
                self._skip |= bit
            case "**":
                self._stay |= bit
                self._skip |= bit
            case "**/":  # a state before a name of a folder, and one within it
                self._advance_in_name |= bit
                self._stay_in_name |= bit << 1
                self._back |= bit << 1
                self._skip_two |= bit
                self._length += 1
            case "?":
                self._advance_in_name |= bit
            case _:
                for offset, character in enumerate(part):
                    self._advance[character] |= bit << offset
                self._length += len(part) - 1
        self._length += 1

    def covers(self, path: str) -> bool:
        """Whether the pattern fits the path, or a folder that it is in."""
        reached, end = self._with_skips(1), 1 << self._length
        for character in path:
            if character == "/":
                if reached & end:
                    return True
                reached = self._after_slash(reached)
            else:
                moved = reached & (self._advance.get(character, 0) | self._advance_in_name)
                reached = (moved << 1) | (reached & (self._stay_in_name | self._stay))
            if not reached:
                return False
            reached = self._with_skips(reached)
        return bool(reached & end)

    def _after_slash(self, reached: int) -> int:
        moved = (reached & self._advance.get("/", 0)) << 1
        return moved | ((reached & self._back) >> 1) | (reached & self._stay)

    def _with_skips(self, reached: int) -> int:
        """These states and those behind wildcards that may stand for nothing; no two of a kind follow each other."""
        while True:
            more = reached | ((reached & self._skip) << 1) | ((reached & self._skip_two) << 2)
            if more == reached:
                return reached
            reached = more
