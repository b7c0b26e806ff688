"""When a recurring run is due."""

import re
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from engine.recurring.recurrence import MOST_COUNTED, recurrence_of

BERLIN = ZoneInfo("Europe/Berlin")
DAY_S = 86_400.0


def at(text: str) -> float:
    """The moment of a time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


def due(every: str, after: str, number: int = 3) -> list[str]:
    """The next due times, as the clock in Berlin shows them with its offset."""
    found = recurrence_of(every, "Europe/Berlin", at=at(after)).due_after(at(after))
    return [datetime.fromtimestamp(each, BERLIN).strftime("%m-%d %H:%M %z") for each in islice(found, number)]


@pytest.mark.parametrize(
    ("every", "first"),
    [
        ("every night 22:00", "11-30 22:00 +0100"),
        ("Every day at 07:30", "12-01 07:30 +0100"),
        ("every weekday 09:00", "12-01 09:00 +0100"),
        ("every weekend 10:00", "12-05 10:00 +0100"),
        ("every monday 08:00", "12-07 08:00 +0100"),
        ("every wed, fri 8:05", "12-02 08:05 +0100"),
        ("every hour", "11-30 13:00 +0100"),
        ("every 6 hours", "11-30 18:00 +0100"),
        ("every 15 minutes", "11-30 12:30 +0100"),
        ("0 22 * * 1-5", "11-30 22:00 +0100"),
        ("30 4 1 * *", "12-01 04:30 +0100"),
        ("0 0 29 2 *", "02-29 00:00 +0100"),
    ],
)
def test_a_recurrence_is_written_in_words_or_as_a_cron_expression(every: str, first: str) -> None:
    assert due(every, "2026-11-30 12:20", 1) == [first]


@pytest.mark.parametrize(
    ("every", "reason"),
    [
        ("every day", "is not understood; write"),
        ("at night", "is not understood; write"),
        ("* * * * * *", "is not understood; write"),
        ("H * * * *", "is not understood; write"),
        ("@reboot", "is not understood; write"),
        ("61 * * * *", "is no cron expression of five fields"),
        ("every someday 10:00", "'someday' is no day"),
        ("every day 25:00", "should have a time from 00:00 to 23:59"),
        ("every 7 minutes", "which divide an hour evenly"),
        ("every 0 hours", "which divide a day evenly"),
        ("0 0 30 2 *", "is never due: there is no such day"),
    ],
)
def test_what_is_not_understood_says_how_it_is_written(every: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        recurrence_of(every, at=at("2026-11-30 12:20"))


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        recurrence_of("every hour", "Europe/Berln", at=0)


def test_a_time_that_the_clock_leaves_out_counts_as_the_next_there_is() -> None:
    assert due("every night 02:30", "2026-03-28 12:00") == [
        "03-29 03:00 +0200",
        "03-30 02:30 +0200",
        "03-31 02:30 +0200",
    ]


def test_a_time_that_comes_twice_counts_once() -> None:
    assert due("every night 02:30", "2026-10-24 12:00") == [
        "10-25 02:30 +0200",
        "10-26 02:30 +0100",
        "10-27 02:30 +0100",
    ]


def test_what_recurs_all_day_goes_on_evenly_through_both_changes() -> None:
    assert due("every 30 minutes", "2026-10-25 01:40", 5) == [
        "10-25 02:00 +0200",
        "10-25 02:30 +0200",
        "10-25 02:00 +0100",
        "10-25 02:30 +0100",
        "10-25 03:00 +0100",
    ]
    assert due("every 30 minutes", "2026-03-29 01:40", 3) == [
        "03-29 03:00 +0200",
        "03-29 03:30 +0200",
        "03-29 04:00 +0200",
    ]


def test_the_due_times_of_a_span_are_counted_up_to_a_limit_and_the_latest_is_exact() -> None:
    now = at("2026-11-30 12:20")
    nightly = recurrence_of("every night 22:00", "Europe/Berlin", at=now)
    found = nightly.due_between(now - 3 * DAY_S, now)
    assert found is not None
    assert (found.count, found.latest) == (3, at("2026-11-29 22:00"))
    assert nightly.due_between(at("2026-11-29 22:00"), now) is None, (
        "the first moment is not part of the span"
    )
    many = recurrence_of("* * * * *", at=now).due_between(now - 900 * DAY_S, now + 30)
    assert many is not None
    assert (many.count, many.latest) == (MOST_COUNTED, now)


@pytest.mark.parametrize("hours", ["*/1", "0-23", "0-11,12-23"])
def test_every_hour_goes_on_evenly_however_the_hours_are_written(hours: str) -> None:
    assert due(f"0 {hours} * * *", "2026-10-25 01:40", 3) == [
        "10-25 02:00 +0200",
        "10-25 02:00 +0100",
        "10-25 03:00 +0100",
    ]
