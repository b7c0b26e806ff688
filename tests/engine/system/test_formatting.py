"""Durations, sizes, money, plurals and clock times: one table for the command line and the window."""

import inspect
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.system import formatting as say

DAY = 86_400.0
NEW_YEAR = 1_893_456_000.0  # 2030-01-01 00:00:00 UTC


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in UTC."""
    monkeypatch.setenv("TZ", "UTC")
    say._SECONDS.clear()
    time.tzset()
    yield
    monkeypatch.undo()
    say._SECONDS.clear()
    time.tzset()


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(
    ("write", "given", "written"),
    [
        (say.duration, (None,), ""),
        (say.duration, (-1,), "0.0 s"),
        (say.duration, (0.04,), "0.0 s"),
        (say.duration, (9.94,), "9.9 s"),
        (say.duration, (59.4,), "59 s"),
        (say.duration, (185,), "3 min 05 s"),
        (say.duration, (7_620,), "2 h 07 min"),
        (say.exact_duration, (None,), ""),
        (say.exact_duration, (0,), "0 s"),
        (say.exact_duration, (0.01,), "0.1 s"),
        (say.exact_duration, (0.32,), "0.3 s"),
        (say.exact_duration, (0.97,), "1 s"),
        (say.exact_duration, (37.9,), "37 s"),
        (say.exact_duration, (242,), "4 m 02 s"),
        (say.exact_duration, (3_900,), "1 h 05 m"),
        (say.short_duration, (None,), ""),
        (say.short_duration, (-5,), "0 s"),
        (say.short_duration, (0,), "0 s"),
        (say.short_duration, (59.9,), "59 s"),
        (say.short_duration, (60,), "1 m"),
        (say.short_duration, (5_640,), "1 h 34 m"),
        (say.short_duration, (7_200,), "2 h"),
        (say.short_duration, (90_000,), "1 d 1 h"),
        (say.in_largest_unit, (-1,), (0, "second")),
        (say.in_largest_unit, (1,), (1, "second")),
        (say.in_largest_unit, (60,), (1, "minute")),
        (say.in_largest_unit, (3_599,), (59, "minute")),
        (say.in_largest_unit, (7_300,), (2, "hour")),
        (say.age, (None, 100.0), ""),
        (say.age, (40.0, 100.0), "1 m"),
        (say.size, (0,), "0 kB"),
        (say.size, (320,), "<1 kB"),
        (say.size, (640_000,), "640 kB"),
        (say.size, (3_240_000,), "3.2 MB"),
        (say.size, (100_000_000,), "100 MB"),
        (say.size, (1_204_000_000,), "1,204 MB"),
        (say.size, (212_400_000_000,), "212 GB"),
        (say.money, (None,), ""),
        (say.money, (0.0,), "$0.00"),
        (say.money, (0.001,), "<$0.01"),
        (say.money, (4.184,), "$4.18"),
        (say.money, (1_234.5,), "$1,234.50"),
        (say.plural, (0, "file"), "0 files"),
        (say.plural, (1, "file"), "1 file"),
        (say.plural, (6_200, "file"), "6,200 files"),
        (say.plural, (2, "match", "matches"), "2 matches"),
        (say.plural, (1, "match", "matches"), "1 match"),
        (say.clock_minute, (None,), ""),
        (say.clock_minute, (NEW_YEAR + 10_038,), "02:47"),
        (say.clock_second, (NEW_YEAR + 10_038.9,), "02:47:18"),
        (say.clock_millisecond, (NEW_YEAR + 10_038.042,), "02:47:18.042"),
        (say.date_millisecond, (NEW_YEAR + 10_038.042,), "2030-01-01 02:47:18.042+00:00"),
        (say.date_minute, (NEW_YEAR + 10_038,), "2030-01-01 02:47"),
        (say.date_second, (NEW_YEAR + 10_038,), "2030-01-01 02:47:18"),
        (say.moment, (NEW_YEAR + 10_038, NEW_YEAR), "02:47:18"),
        (say.moment, (NEW_YEAR + 10_038, NEW_YEAR - DAY), "2030-01-01 02:47"),
        (say.short_moment, (NEW_YEAR + 10_038, NEW_YEAR), "02:47:18"),
        (say.short_moment, (NEW_YEAR + 10_038, NEW_YEAR - DAY), "01-01 02:47"),
        (say.iso, (NEW_YEAR + 0.5,), "2030-01-01T00:00:00.500Z"),
    ],
)
def test_numbers_are_written_as_people_read_them(
    write: Callable[..., Any], given: tuple[Any, ...], written: object
) -> None:
    assert write(*given) == written


@pytest.mark.usefixtures("utc")
def test_a_day_ends_at_midnight_of_the_machines_own_clock() -> None:
    assert say.same_day(NEW_YEAR, NEW_YEAR + DAY - 1)
    assert not say.same_day(NEW_YEAR, NEW_YEAR - 1)


WRITERS = {
    name: write
    for name, write in inspect.getmembers(say, inspect.isfunction)
    if write.__module__ == say.__name__ and not name.startswith("_") and name != "plural"
}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    "odd", [math.inf, -math.inf, math.nan, 1e300, -1e300, 1e18, -1e18, 253_402_343_999.0, -1.0, 0.0, 10**400]
)
def test_every_number_is_written_whatever_it_is(name: str, odd: float) -> None:
    arguments = [odd] * len(inspect.signature(WRITERS[name]).parameters)
    assert WRITERS[name](*arguments) in {None, False} or WRITERS[name](*arguments)


@pytest.mark.parametrize("odd", [math.inf, math.nan, 1e300, 253_402_343_999.0])
def test_a_time_that_none_can_be_is_called_unknown(odd: float) -> None:
    clocks = [say.clock_minute, say.clock_second, say.clock_millisecond, say.date_minute, say.date_second]
    assert {clock(odd) for clock in clocks} == {"unknown"}
    assert say.age(odd, NEW_YEAR) == say.moment(odd, NEW_YEAR) == say.short_moment(odd, NEW_YEAR) == "unknown"
    assert say.iso(odd) is None
