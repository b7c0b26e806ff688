"""When a used-up quota returns, out of the words of every tool."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.resets import reset_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 10, 14, 20, tzinfo=PARIS).timestamp()


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
    ],
)
def test_what_is_not_told_past_or_beyond_belief_is_not_known(said: str) -> None:
    assert reset_of(said, NOW) is None


@given(st.text(max_size=200).map(lambda text: f"try again in {text} resets at {text}"))
def test_no_text_breaks_it(said: str) -> None:
    found = reset_of(said, NOW)
    assert found is None or found > NOW
