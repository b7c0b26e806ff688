"""The geometry of the round display."""

from dataclasses import replace
from itertools import pairwise
from math import hypot, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.panels.radar.geometry import (
    ALLEY,
    EDGES,
    KEPT_RADIUS,
    REPO_GAP,
    LabelPlacer,
    Rect,
    arc,
    badge_box,
    blips,
    count_label,
    disc_for,
    merged_dots,
    name_label,
    nearest,
    neighbour,
    rim_label,
    rim_room,
    ring_name_boxes,
    sector_at,
    sectors,
)
from gui.panels.radar.pipeline_map import FileIndex, survey
from gui.panels.radar.pipeline_records import Ring, Survey
from tests.gui.panels.radar.radar_records import NOW, crowd, night, projection


def surveyed(many: bool = False) -> Survey:  # noqa: FBT001, FBT002 - a switch of the test
    shown = crowd(3, 30) if many else night()
    return survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW)


def test_sectors_share_the_turn_by_files_outside_the_alley_with_a_gap_between_repositories() -> None:
    lanes = surveyed().lanes
    slices = sectors(lanes)
    assert slices[0].start == pytest.approx(ALLEY / 2)
    assert slices[-1].end == pytest.approx(360 - ALLEY / 2)
    for (lane, one), (after, two) in pairwise(zip(lanes, slices, strict=True)):
        assert two.start - one.end == pytest.approx(REPO_GAP if lane.repo != after.repo else 0)
    widths = {lane.title: one.end - one.start for lane, one in zip(lanes, slices, strict=True)}
    assert widths["locale-de"] == pytest.approx(widths["ui-a11y"])  # two files count as three
    assert widths["cart-totals"] / widths["ui-a11y"] == pytest.approx(5 / 3)


def test_every_blip_lies_in_its_sector_a_third_of_the_way_into_its_ring() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    slices = sectors(pipeline.lanes)
    found = blips(disc, pipeline, slices)
    assert len(found) == sum(1 for one in pipeline.files() if one.place.ring is not Ring.DONE)
    for blip in found:
        angle, distance = disc.polar(*blip.at)
        assert sector_at(slices, angle) == slices[blip.sector]
        outer, inner = disc.edges(blip.ring)
        assert distance == pytest.approx(inner + (outer - inner) / 3)


def test_a_crowded_cell_shows_one_blip_for_each_state() -> None:
    pipeline = surveyed(many=True)
    found = blips(disc_for(800, 800), pipeline, sectors(pipeline.lanes))
    assert [(blip.state, len(blip.files)) for blip in found] == [("running", 30)] * 3


def test_a_cell_without_room_for_a_glyph_of_each_state_has_one_in_the_most_urgent_state() -> None:
    pipeline = surveyed(many=True)
    lane = pipeline.lanes[0]
    states = ["completed", "failed", "running"] * 10
    files = [
        replace(one, place=replace(one.place, state=state))
        for one, state in zip(lane.files, states, strict=True)
    ]
    mixed = replace(pipeline, lanes=[replace(lane, files=files)])
    slices = sectors(pipeline.lanes)[:1]
    found = blips(disc_for(800, 800), mixed, slices)
    assert [(blip.state, len(blip.files)) for blip in found] == [
        ("failed", 10),
        ("running", 10),
        ("completed", 10),
    ]
    narrow = [replace(slices[0], end=slices[0].start + 3)]
    found = blips(disc_for(800, 800), mixed, narrow)
    assert [(blip.state, len(blip.files)) for blip in found] == [("failed", 30)]


def test_the_number_beside_a_glyph_stands_away_from_its_tail_or_where_there_is_room() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    for blip in blips(disc, pipeline, sectors(pipeline.lanes)):
        first, inward, *others = count_label(disc, blip, 15, 14, 10)
        is_right = blip.at.x > disc.center.x
        assert (first.x < blip.at.x) is is_right
        assert bool(others) is (abs(sin(radians(blip.angle))) < 0.5)
        middle = disc.polar(inward.x + 7, inward.y + 5)[1]
        assert middle < disc.blip_distance(blip.ring)


def test_merged_files_lie_inside_the_centre() -> None:
    pipeline, disc = surveyed(), disc_for(900, 700)
    dots = merged_dots(disc, pipeline, sectors(pipeline.lanes))
    assert len(dots) == 3
    rim = disc.edges(Ring.DONE)[0]
    assert all(disc.polar(*at)[1] <= rim for at, _ in dots)


@given(st.floats(300, 3000), st.floats(200, 2000))
def test_labels_give_up_their_room_before_the_disc_becomes_smaller(width: float, height: float) -> None:
    disc = disc_for(width, height)
    if disc.radius > KEPT_RADIUS:
        assert disc.center.x - disc.radius >= 120
        assert disc.center.y - disc.radius >= 50
    elif disc.radius < KEPT_RADIUS:
        assert min(disc.center) - disc.radius == pytest.approx(8)
    assert disc_for(width + 5, height + 5).radius >= disc.radius


def test_the_docked_disc_is_small_and_the_full_one_large() -> None:
    assert not disc_for(582, 443).large
    assert disc_for(1073, 827).large


def test_a_conflict_arc_bends_towards_the_centre() -> None:
    disc = disc_for(900, 900)
    one, two = disc.point(40, 200), disc.point(80, 200)
    bent = arc(disc, one, two)
    straight = hypot((one.x + two.x) / 2 - 450, (one.y + two.y) / 2 - 450)
    assert hypot(bent.badge.x - 450, bent.badge.y - 450) < straight


@given(first=st.floats(0, 360), apart=st.floats(1, 359), size=st.floats(300, 1200))
def test_the_badge_of_a_conflict_never_covers_the_number_of_merged_files(
    first: float, apart: float, size: float
) -> None:
    disc = disc_for(size * 1.5, size)
    far = disc.blip_distance(Ring.REVIEW)
    badge = arc(disc, disc.point(first, far), disc.point(first + apart, far)).badge
    merged = disc.radius * EDGES[Ring.DONE]
    assert hypot(badge.x - disc.center.x, badge.y - disc.center.y) > merged + 9


def test_the_name_of_a_ring_is_dropped_where_the_badge_of_a_conflict_would_cover_it() -> None:
    disc = disc_for(582, 443)
    far = disc.blip_distance(Ring.REVIEW)
    beside, across = (
        badge_box(disc, arc(disc, disc.point(first, far), disc.point(second, far)).badge)
        for first, second in ((120, 160), (-40, 40))
    )
    assert list(ring_name_boxes(disc, [beside])) == [Ring.QUEUED, Ring.EDITING, Ring.TESTING, Ring.REVIEW]
    left = ring_name_boxes(disc, [beside, across])
    assert Ring.REVIEW not in left
    assert not any(box.overlaps(across) for box in left.values())


def test_labels_lie_outside_the_rim_and_never_overlap() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    placer, taken = LabelPlacer(1000, 800), list[Rect]()
    for one in sectors(pipeline.lanes):
        rect = placer.put(rim_label(disc, one, 110, 34))
        assert rim_room(disc, one, 900, gap=3) >= rim_room(disc, one, 900), "nearer to the rim there is more"
        assert rect is not None
        corners = [(rect.x + dx * rect.width, rect.y + dy * rect.height) for dx in (0, 1) for dy in (0, 1)]
        assert all(disc.polar(*corner)[1] >= disc.radius for corner in corners)
        assert not any(rect.overlaps(other) for other in taken)
        taken.append(rect)


def test_a_name_goes_to_the_other_side_or_is_dropped_where_there_is_no_room() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    blip = blips(disc, pipeline, sectors(pipeline.lanes))[0]
    inward, outward = name_label(disc, blip, 15, 60, 12)
    assert inward.x < blip.at.x < outward.x
    placer = LabelPlacer(1000, 800)
    assert [placer.put([inward, outward]) for _ in range(3)] == [inward, outward, None]
    assert placer.put([Rect(990, 0, 20, 10)]) is None


def test_the_pointer_finds_the_nearest_blip_within_reach() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    found = blips(disc, pipeline, sectors(pipeline.lanes))
    x, y = found[5].at
    assert nearest(found, x + 3, y - 2, 12) == found[5]
    assert nearest(found, 1, 1, 12) is None


def test_left_and_right_go_round_all_sectors_and_up_and_down_through_the_rings() -> None:
    pipeline, disc = surveyed(), disc_for(1000, 800)
    found = blips(disc, pipeline, sectors(pipeline.lanes))
    current, seen = neighbour(found, None), []
    for _ in range(len(found) * 2):
        assert current is not None
        seen.append(current.sector)
        current = neighbour(found, current, across=1)
    assert set(seen) == {blip.sector for blip in found}

    cart = next(number for number, lane in enumerate(pipeline.lanes) if lane.title == "cart-totals")
    inner = next(blip for blip in found if blip.sector == cart and blip.ring is Ring.TESTING)
    up = neighbour(found, inner, along=-1)
    assert up is not None
    assert (up.sector, up.ring) == (cart, Ring.EDITING)
    outermost = neighbour(found, neighbour(found, up, along=-1), along=-1)
    assert outermost is not None
    assert outermost.ring is Ring.QUEUED
    assert neighbour([], None) is None
