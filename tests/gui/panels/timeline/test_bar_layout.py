"""Where bars, waits, estimates and events are: joining, fitting labels, placing words, giving way."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from gui.panels.timeline.bar_layout import (
    LEAST_WIDTH,
    ROW_HEIGHT,
    columns_for,
    place_bars,
    place_events,
    place_ghost,
    place_wait,
)
from gui.panels.timeline.night_records import Ghost, NightGroup, NightRow, NotableEvent
from gui.panels.timeline.row_lines import RowLines
from tests.gui.panels.timeline.night_bars import AXIS, bar, measure, wait

NOW = 6000.0


def labels(*spans: tuple[float, float]) -> list[tuple[str, bool]]:
    placed = place_bars([bar(*span) for span in spans], AXIS, measure, now=NOW)
    return [(one.text, one.has_glyph) for one in placed]


def test_a_label_is_step_and_letters_where_they_fit_then_letters_then_the_glyph_then_nothing() -> None:
    assert labels((0, 600)) == [("edit ai", True)]
    assert labels((0, 300)) == [("ai", True)]
    assert labels((0, 150)) == [("", True)]
    assert labels((0, 90)) == [("", False)]


def test_a_label_that_only_fits_beyond_the_end_of_the_axis_is_not_shown() -> None:
    assert labels((-4000, 300)) == [("ai", True)]
    assert labels((5700, 9000)) == [("ai", True)]


def test_a_bar_has_at_least_four_pixels() -> None:
    assert place_bars([bar(0, 1)], AXIS, measure, now=NOW)[0].width == LEAST_WIDTH


def test_neighbours_of_one_state_under_three_pixels_are_one_bar_with_their_count() -> None:
    many = [bar(start, start + 10) for start in range(0, 300, 12)]
    placed = place_bars(many, AXIS, measure, now=NOW)
    assert len(placed) == 1
    assert len(placed[0].bars) == len(many)
    assert placed[0].text == "25"


def test_neighbours_of_two_states_are_never_one_bar() -> None:
    bars = [bar(0, 10), bar(12, 22, "failed"), bar(24, 34)]
    assert [one.state for one in place_bars(bars, AXIS, measure, now=NOW)] == [
        "completed",
        "failed",
        "completed",
    ]


def test_a_long_neighbour_stays_a_bar_of_its_own() -> None:
    assert len(place_bars([bar(0, 10), bar(12, 600)], AXIS, measure, now=NOW)) == 2


@given(st.lists(st.tuples(st.integers(0, 5900), st.integers(1, 900)), max_size=40))
def test_every_bar_is_placed_once_and_none_covers_another(spans: list[tuple[int, int]]) -> None:
    bars = [bar(start, start + length, attempt_id=n) for n, (start, length) in enumerate(spans)]
    placed = place_bars(bars, AXIS, measure, now=NOW)
    shown = [one for group in placed for one in group.bars]
    assert len(shown) == len(set(shown))
    assert set(shown) == set(bars)
    assert all(one.top >= 0 and one.top + one.height <= ROW_HEIGHT for one in placed)
    lanes = {one.top for one in placed}
    if len(lanes) <= 2:
        for top in lanes:
            row = [one for one in placed if one.top == top]
            assert all(first.right <= second.left for first, second in itertools.pairwise(row))


def test_a_running_bar_ends_at_now() -> None:
    placed = place_bars([bar(3000, None, "running")], AXIS, measure, now=4200)
    assert (placed[0].left, placed[0].right) == (600, 800)


def test_what_is_not_on_the_axis_is_not_placed() -> None:
    assert place_bars([bar(-500, -100), bar(7000, 8000)], AXIS, measure, now=9000) == []


def test_the_words_of_a_wait_are_in_its_middle_and_are_dropped_where_they_do_not_fit() -> None:
    placed = place_wait(wait(0, 3000), AXIS, measure, now=NOW)
    assert placed.words_left is not None
    assert placed.words_left + placed.words_width / 2 == 350
    assert place_wait(wait(0, 300), AXIS, measure, now=NOW).words_left is None


def test_the_words_of_a_wait_stand_on_the_longer_side_of_now() -> None:
    before = place_wait(wait(0, 4000), AXIS, measure, now=3000)
    after = place_wait(wait(0, 4000), AXIS, measure, now=1000)
    assert before.words_left is not None
    assert after.words_left is not None
    assert before.words_left + before.words_width < AXIS.x(3000)
    assert after.words_left > AXIS.x(1000)


def test_an_estimate_has_as_much_of_its_label_as_fits() -> None:
    def text(end: float) -> str:
        ghost = Ghost(start=0, end=end, label="edit", letters="ai", description="")
        return place_ghost(ghost, AXIS, measure).text

    assert (text(600), text(240), text(60)) == ("edit ai", "edit", "")


def event(at: float, words: str = "limit", rank: int = 0) -> NotableEvent:
    return NotableEvent(at=at, state="waiting", words=words, sentence=words, rank=rank)


def test_of_two_events_within_fourteen_pixels_the_more_urgent_one_is_shown() -> None:
    placed = place_events([event(600, "added"), event(660, "quarantined", rank=3)], AXIS, measure, now=NOW)
    assert [one.event.words for one in placed] == ["quarantined"]


def test_the_words_of_an_event_go_left_where_the_next_one_is_near_and_away_where_both_are() -> None:
    events = [event(600), event(1200, "held by you"), event(1320), event(1440)]
    first, second, third, fourth = place_events(events, AXIS, measure, now=NOW)
    assert first.words_left is not None
    assert first.words_left > first.x
    assert second.words_left is None or second.words_left < second.x
    assert third.words_left is None
    assert fourth.words_left is not None
    assert fourth.words_left > fourth.x


@given(st.lists(st.tuples(st.floats(0, 6000), st.integers(0, 3)), max_size=30))
def test_the_words_of_no_two_events_overlap(found: list[tuple[float, int]]) -> None:
    placed = place_events([event(at, "some words", rank) for at, rank in found], AXIS, measure, now=3000)
    words = [(one.words_left, one.words_width) for one in placed]
    spans = sorted((left, left + width) for left, width in words if left is not None)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


def test_the_right_column_gives_way_first_then_the_steps_then_the_labels() -> None:
    wide, middle, narrow, least = (columns_for(width) for width in (1600, 1280, 1150, 1024))
    assert (wide.left, wide.right, wide.has_steps, wide.has_labels) == (236, 206, True, True)
    assert (middle.right, middle.has_steps) == (0, True)
    assert (narrow.has_steps, narrow.has_labels) == (False, True)
    assert (least.left, least.has_labels) == (160, False)


def test_a_line_is_found_at_its_height_and_folded_groups_have_none() -> None:
    rows = tuple(NightRow(key=("run", f"ws-{n}"), name=f"ws-{n}", state="queued") for n in range(3))
    groups = [NightGroup(key=key, title=key, rows=rows) for key in ("open", "shut", "last")]
    lines = RowLines(groups, {"shut"})
    assert lines.height == 3 * 28 + 6 * 40
    assert [line.key for line in lines.within(0, 30)] == ["open", ("run", "ws-0")]
    shut = lines.at(28 + 3 * 40 + 5)
    assert shut is not None
    assert (shut.key, shut.is_folded) == ("shut", True)
    assert lines.at(lines.height) is None
