"""The names of failed tests as a person says them. Pure."""

import re
from collections.abc import Sequence

_LEVELS = re.compile(r"::| \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} | > ")
"""What the parts of a test's name stand between: of pytest, unittest and cargo, of jest, of vitest."""
_MOST_NAMED = 3


def short_name(name: str) -> str:
    """The name of a test without that of its file and class."""
    return _LEVELS.split(name)[-1]


def names_in_words(failing: Sequence[str], count: int = 0) -> str:
    """The tests that failed, `count` in all: ``test_a, test_b, test_c and 4 more``; namesakes with their files."""
    short = [short_name(name) for name in failing]
    shown = [name if short.count(name) == 1 else whole for name, whole in zip(short, failing, strict=True)]
    more = max(count, len(shown)) - _MOST_NAMED
    if more > 0:
        return f"{', '.join(shown[:_MOST_NAMED])} and {more:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))
