"""Where in the output of an attempt its errors begin, and which of them is why it failed. Pure."""

import re
from collections.abc import Sequence

from engine.streams.entries import Level
from engine.system.failed_tests import short_name

_HEADING = re.compile(
    r"\s*(?:_{2,} |FAIL\b|ERROR: |\N{BLACK CIRCLE} |--- FAIL: |---- |\N{MULTIPLICATION SIGN} )"
)
"""What begins the block of a failed test: of pytest, unittest, jest and vitest, go test, cargo."""
_LONGEST_BLOCK = 400


def error_starts(levels: Sequence[Level]) -> list[int]:
    """The first line of every group of errors that stand below each other."""
    return [
        at
        for at, level in enumerate(levels)
        if level is Level.ERROR and (not at or levels[at - 1] is not Level.ERROR)
    ]


def first_error(texts: Sequence[str], levels: Sequence[Level], failing: Sequence[str] = ()) -> int | None:
    """The line that says why it failed; None where none does.

    `failing` are the names of the tests that failed: the first error in the block of the first of them comes before
    every other one, for what is printed before may be an error that a test wants.
    """
    heading = _first_heading(texts, [short_name(name) for name in failing])
    if heading is None:
        return next((at for at, level in enumerate(levels) if level is Level.ERROR), None)
    for at in range(heading + 1, min(heading + _LONGEST_BLOCK, len(texts))):
        if _HEADING.match(texts[at]):
            break
        if levels[at] is Level.ERROR:
            return at
    return heading


def _first_heading(texts: Sequence[str], names: Sequence[str]) -> int | None:
    patterns = [re.compile(rf"(?<!\w){re.escape(name)}(?![\w\[])") for name in names]
    return next(
        (
            at
            for at, text in enumerate(texts)
            if _HEADING.match(text) and any(pattern.search(text) for pattern in patterns)
        ),
        None,
    )
