"""The time axis: moments and pixels, its words, zooming, moving and following."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.panels.timeline.time_axis import (
    HOUR_S,
    LONGEST_S,
    NIGHT_S,
    NOW_AT,
    SHORTEST_S,
    Camera,
    NightRange,
    TimeAxis,
    Zoom,
    following,
    moved,
    night_range,
    revealing,
    ticks,
    to_zoom,
    zoomed,
)

NOW = 1_790_000_000.0
NIGHT = NightRange(NOW - 5 * HOUR_S, NOW + 2 * HOUR_S)


@given(
    start=st.floats(0, 2e9), span=st.floats(60, LONGEST_S), width=st.floats(50, 4000), share=st.floats(0, 1)
)
def test_a_pixel_and_its_moment_lead_to_each_other(
    start: float, span: float, width: float, share: float
) -> None:
    axis = TimeAxis(start, start + span, 236, width)
    x = axis.left + share * width
    assert axis.x(axis.at(x)) == pytest.approx(x, abs=0.01)


@given(span=st.floats(SHORTEST_S, LONGEST_S), width=st.integers(200, 4000))
def test_words_of_the_axis_stand_at_least_a_hundred_pixels_apart(span: float, width: int) -> None:
    axis = TimeAxis(NOW, NOW + span, 0, width)
    named = [axis.x(tick.at) for tick in ticks(axis) if tick.words]
    assert all(second - first >= 99 for first, second in itertools.pairwise(named))
    assert all(axis.start <= tick.at <= axis.end for tick in ticks(axis))


def test_the_words_of_a_whole_night_are_full_hours() -> None:
    named = [tick.words for tick in ticks(TimeAxis(NIGHT.start, NIGHT.end, 0, 1148)) if tick.words]
    assert len(named) in {7, 8}
    assert all(words.endswith(":00") for words in named)


def test_a_night_begins_at_the_half_hour_before_its_first_start_and_leaves_room_after_now() -> None:
    night = night_range(NOW - 4.6 * HOUR_S, NOW)
    assert 0 <= (NOW - 4.6 * HOUR_S) - night.start < HOUR_S / 2
    assert night.end - NOW >= (NOW - night.start) * (1 - NOW_AT) / NOW_AT - 1


def test_a_night_reaches_to_the_last_that_is_expected_but_not_so_far_that_the_past_is_lost() -> None:
    assert night_range(NOW - 4 * HOUR_S, NOW, NOW + 5 * HOUR_S).end >= NOW + 5 * HOUR_S
    assert night_range(NOW - HOUR_S, NOW, NOW + 90 * HOUR_S).end <= NOW + 3 * HOUR_S


def test_a_night_that_has_just_begun_is_shown_in_minutes() -> None:
    night = night_range(NOW - 100, NOW)
    assert night.start <= NOW - 100
    assert SHORTEST_S <= night.end - night.start <= 2 * SHORTEST_S


def test_a_night_is_never_longer_ago_than_twelve_hours() -> None:
    assert night_range(NOW - 40 * HOUR_S, NOW).start >= NOW - NIGHT_S - HOUR_S / 2


def test_while_it_follows_now_stays_where_it_is() -> None:
    camera = Camera(Zoom.HOUR, HOUR_S)
    for now in (NOW, NOW + 500):
        shown = camera.shown(NIGHT, now)
        assert (now - shown.start) / (shown.end - shown.start) == pytest.approx(NOW_AT)


@given(factor=st.floats(0.01, 100), share=st.floats(0, 1))
def test_zooming_keeps_the_moment_under_the_pointer_and_stays_within_its_limits(
    factor: float, share: float
) -> None:
    at = NIGHT.start + share * (NIGHT.end - NIGHT.start)
    camera = zoomed(Camera(), factor, around=at, night=NIGHT, now=NOW)
    shown = camera.shown(NIGHT, NOW)
    assert not camera.follows
    assert SHORTEST_S <= shown.end - shown.start <= LONGEST_S
    assert (at - shown.start) / (shown.end - shown.start) == pytest.approx(share, abs=1e-6)


def test_a_zoom_button_keeps_following_and_a_key_does_too() -> None:
    assert to_zoom(Camera(), Zoom.HOUR, night=NIGHT, now=NOW).follows
    closer = zoomed(Camera(), 0.5, around=None, night=NIGHT, now=NOW)
    assert closer.follows
    assert closer.span == pytest.approx(3.5 * HOUR_S)


def test_moving_leaves_now_and_following_returns_to_it() -> None:
    earlier = moved(Camera(), -HOUR_S, night=NIGHT, now=NOW)
    assert earlier.shown(NIGHT, NOW).start == NIGHT.start - HOUR_S
    assert not earlier.follows
    assert following(earlier).shown(NIGHT, NOW) == NIGHT


def test_nothing_moves_so_far_into_the_future_that_the_past_is_out_of_sight() -> None:
    later = moved(Camera(), 100 * HOUR_S, night=NIGHT, now=NOW)
    assert later.shown(NIGHT, NOW).start < NOW


def test_what_is_out_of_view_is_moved_into_it_and_what_is_in_view_moves_nothing() -> None:
    hour = Camera(Zoom.HOUR, HOUR_S)
    assert revealing(hour, NOW - 600, NOW - 300, night=NIGHT, now=NOW) is hour
    shown = revealing(hour, NOW - 4 * HOUR_S, NOW - 3.8 * HOUR_S, night=NIGHT, now=NOW).shown(NIGHT, NOW)
    assert shown.start <= NOW - 4 * HOUR_S
    assert shown.end >= NOW - 3.8 * HOUR_S


def test_a_start_that_lies_ahead_since_a_clock_was_set_back_does_no_harm() -> None:
    night = night_range(NOW + HOUR_S, NOW)
    assert night.start < NOW < night.end
