"""When a used-up quota returns, out of the words of every tool."""

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.resets import reset_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 10, 14, 20, tzinfo=PARIS).timestamp()


@pytest.fixture
def in_paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A user in Paris, whom a time without a zone means."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Europe/Paris")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Please try again in 20s.", 20),
        ("Please try again in 6m0s.", 360),
        ("Please retry in 34.074824224s.", 34.074824224),
        ("Your quota will reset after 2h15m3s.", 8103),
        ("or try again in 5 days 4 hours 3 minutes.", 446_580),
        ("Fast limit reached and temporarily disabled · resets in 4m 10s", 250),
        ("try again in 250ms", 0.25),
        ("Try again in ~5330 min.", 319_800),
        ("try again in 5 days 22 hours", 511_200),
        ("Try again in about 3 hours.", 10_800),
        ("resets in 1h 30m", 5_400),
        ("wait for 5 minutes and 3 seconds", 303),
        ("try again in an hour", 3_600),
        ("Retry-After: 30", 30),
        ('retryDelay: "34.07s"', 34.07),
    ],
)
def test_a_length_of_time_counts_from_now(said: str, seconds: float) -> None:
    found = reset_of(said, NOW)
    assert found is not None
    assert found - NOW == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("You've hit your limit · resets 3pm (Europe/Paris)", (2026, 3, 10, 15, 0)),
        ("You've hit your limit · resets 2:15pm (Europe/Paris)", (2026, 3, 11, 14, 15)),
        ("You've hit your limit · resets 12am (Europe/Paris)", (2026, 3, 11, 0, 0)),
        ("You've hit your weekly limit · resets Mar 14 at 5pm (Europe/Paris)", (2026, 3, 14, 17, 0)),
        ("or try again at Mar 12th, 2026 3:04 PM (Europe/Paris).", (2026, 3, 12, 15, 4)),
    ],
)
def test_a_time_of_day_is_the_next_one_there_is(said: str, at: tuple[int, int, int, int, int]) -> None:
    assert reset_of(said, NOW) == datetime(*at, tzinfo=PARIS).timestamp()


def test_a_date_may_lie_in_the_next_year() -> None:
    now = datetime(2026, 12, 30, 12, 0, tzinfo=PARIS).timestamp()
    found = reset_of("You've hit your weekly limit · resets Jan 2, 9am (Europe/Paris)", now)
    assert found == datetime(2027, 1, 2, 9, 0, tzinfo=PARIS).timestamp()


def test_a_time_without_a_zone_is_the_users_own() -> None:
    found = reset_of("try again at 11:59 PM.", NOW)
    assert found is not None
    local = datetime.fromtimestamp(found).astimezone()
    assert (local.hour, local.minute) == (23, 59)


def test_seconds_since_the_epoch_are_taken_as_they_are() -> None:
    assert reset_of(f"Claude AI usage limit reached|{int(NOW) + 7200}", NOW) == int(NOW) + 7200


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("resets Mon 12:00am", (2026, 3, 16, 0, 0)),
        ("resets Tuesday 3pm", (2026, 3, 10, 15, 0)),
        ("resets Apr 1", (2026, 4, 1, 0, 0)),
        ("resets 15:00", (2026, 3, 10, 15, 0)),
        ("resets 17h30", (2026, 3, 10, 17, 30)),
        ("Limits will reset at 9:30 AM.", (2026, 3, 11, 9, 30)),
        ("Usage resets tomorrow at noon", (2026, 3, 11, 12, 0)),
        ("try again at 10 de abr. de 2026, 11:52", (2026, 4, 10, 11, 52)),
        ("Réessayez le 1 avr. 2026 à 11:15", (2026, 4, 1, 11, 15)),
        ("Versuchen Sie es erneut am 1. April 2026 11:15", (2026, 4, 1, 11, 15)),
        ("限额将在 2026年4月1日 11:15 重置。", (2026, 4, 1, 11, 15)),
        ("available after April 6, 2026, 11:15", (2026, 4, 6, 11, 15)),
        ("Your limit will reset at 2026-03-30 22:00:45", (2026, 3, 30, 22, 0, 45)),
        ("when your monthly cycle ends on 3/23/2026.", (2026, 3, 23, 0, 0)),
        ("It renews on 23.03.2026, 08:00", (2026, 3, 23, 8, 0)),
    ],
)
def test_a_date_is_read_in_the_form_and_language_it_is_written_in(
    in_paris: None, said: str, at: tuple[int, ...]
) -> None:
    del in_paris
    year, month, day, hour, minute, second = (*at, 0)[:6]
    expected = datetime(year, month, day, hour, minute, second, tzinfo=PARIS)
    assert reset_of(said, NOW) == expected.timestamp()


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("will reset at 9am (America/New_York)", "2026-03-11T09:00:00-04:00"),
        ("reset at 11:24 PM GMT+1", "2026-03-10T23:24:00+01:00"),
        ("try again at 9:24 AM PDT", "2026-03-10T09:24:00-07:00"),
        ("resets at midnight Pacific time", "2026-03-11T00:00:00-07:00"),
        ("resets at 9pm UTC", "2026-03-10T21:00:00Z"),
        ("You will regain access on 2026-04-01 at 00:00 UTC.", "2026-04-01T00:00:00Z"),
        ("resets 2026-03-11T11:15:00+08:00", "2026-03-11T11:15:00+08:00"),
        ("resets at 2026-03-11T11:15:00.123456Z", "2026-03-11T11:15:00.123456Z"),
        ("Retry-After: Wed, 11 Mar 2026 11:15:00 GMT", "2026-03-11T11:15:00Z"),
        ("X-RateLimit-Reset: 1773200000000", "2026-03-11T03:33:20Z"),
    ],
)
def test_a_zone_counts_however_it_is_named(said: str, at: str) -> None:
    found = reset_of(said, NOW)
    assert found == pytest.approx(datetime.fromisoformat(at).timestamp(), abs=1)


def test_a_minute_that_has_just_passed_is_over_and_not_tomorrow() -> None:
    for said in (
        "resets 2:20pm (Europe/Paris)",
        "resets 2:19pm (Europe/Paris)",
        "resets Tue 2:19pm (Europe/Paris)",
    ):
        found = reset_of(said, NOW + 30)
        assert found is not None
        assert 0 < found - NOW - 30 <= 2


@pytest.mark.parametrize(
    ("said_at", "said", "hours"),
    [
        ("2026-10-24T22:00:00+02:00", "resets 3:30am (Europe/Paris)", 6.5),
        ("2026-03-28T22:00:00+01:00", "resets 3:30am (Europe/Paris)", 4.5),
        ("2026-10-31T21:00:00-07:00", "resets 6am (America/Los_Angeles)", 10.0),
    ],
)
def test_a_change_of_daylight_saving_in_between_is_no_error(said_at: str, said: str, hours: float) -> None:
    now = datetime.fromisoformat(said_at).timestamp()
    found = reset_of(said, now)
    assert found is not None
    assert (found - now) / 3600 == hours


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Quota exceeded. Check your plan and billing details.",
        "Claude AI usage limit reached|1000000000",
        "try again in 400 days",
        "resets 25pm (Europe/Paris)",
        "resets 3pm (Nowhere/Atlantis)",
        "resets Feb 31 at 5pm (Europe/Paris)",
        "try again later",
        "try again in 30",
        "Usage limit reached for 5 hour.",
        "limit of 40 requests per 1 minute reached",
        "resets at 2031-01-01 00:00 UTC",
        "resets 99999999999999",
    ],
)
def test_what_is_not_told_past_or_beyond_belief_is_not_known(said: str) -> None:
    assert reset_of(said, NOW) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001 - of the user's zone
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_a_time_of_day_is_never_more_than_a_day_away(when: datetime, hour: int, minute: int) -> None:
    now = when.replace(tzinfo=PARIS).timestamp()
    found = reset_of(f"resets {hour:02}:{minute:02} (Europe/Paris)", now)
    assert found is not None
    assert 0 < found - now <= 25 * 3600
    read = datetime.fromtimestamp(found, PARIS)
    assert (read.hour, read.minute) == (hour, minute) or found - now <= 120 or when.month in {3, 10}


@given(st.text(max_size=200).map(lambda text: f"try again in {text} resets at {text}"))
def test_no_text_breaks_it(said: str) -> None:
    found = reset_of(said, NOW)
    assert found is None or found > NOW


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("3 déc. 2026, 09:05", "2026-12-03T09:05"),
        ("10 décembre 2026 à 23:52", "2026-12-10T23:52"),
        ("10 set 2026, 11:52", "2026-09-10T11:52"),
        ("10 paź 2026, 23:52", "2026-10-10T23:52"),
        ("3 Mart 2026 09:05", "2026-03-03T09:05"),
        ("3. 2. 2026 9:05", "2026-02-03T09:05"),
        ("3. januar 2026 kl. 09.05", "2026-01-03T09:05"),
        ("10 ian. 2026, 23:52", "2026-01-10T23:52"),
        ("2026年9月10日 上午11:52", "2026-09-10T11:52"),
        ("2026/9/10 下午1:52", "2026-09-10T13:52"),
        ("2026. 9. 10. 오전 11:52", "2026-09-10T11:52"),
    ],
)
def test_a_month_that_one_language_skips_is_read_in_its_own(in_paris: None, said: str, at: str) -> None:
    del in_paris
    expected = datetime.fromisoformat(at).replace(tzinfo=PARIS).timestamp()
    assert reset_of(f"You've hit your usage limit, or try again at {said}.", expected - 260_000) == expected


def test_of_two_days_that_a_date_may_mean_the_earlier_counts(in_paris: None) -> None:
    del in_paris
    now = datetime(2026, 9, 7, 12, 0, tzinfo=PARIS).timestamp()
    expected = datetime(2026, 9, 10, 23, 52, tzinfo=PARIS).timestamp()
    assert reset_of("try again at 10/09/2026, 23:52", now) == expected


@pytest.mark.parametrize(
    ("said", "now", "at"),
    [
        ("resets 2:30am (Europe/Paris)", "2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("resets 2:30am (Europe/Paris)", "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("resets 2:30am", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+01:00"),
        ("resets 2:30am", "2026-10-25T02:45:00+01:00", "2026-10-26T02:30:00+01:00"),
        ("resets 2:30am", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"),
        ("resets 1:30am (America/New_York)", "2026-11-01T01:45:00-04:00", "2026-11-01T01:30:00-05:00"),
        ("resets Feb 29, 9am", "2028-02-28T20:00:00+01:00", "2028-02-29T09:00:00+01:00"),
        ("resets Dec 31, 11:59pm", "2027-01-01T00:00:30+01:00", "2027-01-01T00:00:31+01:00"),
        ("resets at 24:00", "2026-12-31T23:00:00+01:00", "2027-01-01T00:00:00+01:00"),
    ],
)
def test_an_hour_that_a_clock_shows_twice_or_never_is_the_next_one_there_is(
    in_paris: None, said: str, now: str, at: str
) -> None:
    del in_paris
    assert reset_of(said, datetime.fromisoformat(now).timestamp()) == datetime.fromisoformat(at).timestamp()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("resets in 1:30:00", 5_400),
        ("resets at 17:00 (GMT-3)", 24_000),
        ("resets at 17:00 (UTC+2)", 6_000),
        ("resets 9am PT", 9_600),
        ("quota refreshes at 16:20 (Europe/Paris)", 7_200),
        ("will be restored in 2 hours", 7_200),
    ],
)
def test_a_length_on_a_clock_and_a_zone_in_brackets_are_understood(said: str, seconds: float) -> None:
    assert reset_of(said, NOW) == NOW + seconds


@pytest.mark.parametrize("said", ["resets in 1:30", "resets Feb 30, 9am", "try again in 400 days"])
def test_a_time_that_may_mean_anything_is_none(said: str) -> None:
    assert reset_of(said, NOW) is None
