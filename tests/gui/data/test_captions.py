"""Counts and spans of time are written by one rule."""

from datetime import datetime

import pytest

from gui.data.captions import time_span

START = datetime(2026, 3, 1, 10, 7, 5).astimezone().timestamp()


@pytest.mark.parametrize(
    ("lasted", "precise", "words"),
    [
        (3_600.0, False, "10:07 to 11:07"),
        (20.0, False, "10:07"),
        (20.0, True, "10:07:05 to 10:07:25"),
        (0.4, True, "10:07:05"),
        (86_400.0, False, "2026-03-01 10:07 to 2026-03-02 10:07"),
        (86_400.0, True, "2026-03-01 10:07 to 2026-03-02 10:07"),
    ],
)
def test_a_span_that_begins_and_ends_at_the_same_time_is_that_time(
    lasted: float, words: str, *, precise: bool
) -> None:
    assert time_span(START, START + lasted, precise=precise) == words
