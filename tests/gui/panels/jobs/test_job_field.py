"""Which columns of the table of jobs are shown, in which order and how wide."""

import pytest

from gui.panels.jobs.job_field import (
    ALWAYS,
    FIELDS,
    FIRST_HIDDEN,
    NARROW_JOB,
    PIPS_ONLY,
    SPECS,
    TILE_ONLY,
    ColumnLayout,
    JobField,
    layout_from_json,
    moved,
)

LAST = JobField.LINE


def test_the_last_line_takes_the_room_that_is_left() -> None:
    widths = ColumnLayout().fitted(1600)
    assert sum(widths.values()) == 1600
    assert all(widths[field] == SPECS[field].width for field in widths if field is not LAST)


@pytest.mark.parametrize("room", [1250, 1100, 1000, 900, 800, 700])
def test_the_last_line_never_has_less_than_its_least_width(room: int) -> None:
    widths = ColumnLayout().fitted(room)
    assert widths[LAST] >= SPECS[LAST].width
    assert all(widths[field] for field in ALWAYS)


def test_the_name_of_the_tool_yields_first_then_the_workstream_and_the_number_of_attempts() -> None:
    before = ColumnLayout().fitted(1600)
    first = min(room for room in range(600, 1600) if ColumnLayout().fitted(room)[JobField.TOOL] != TILE_ONLY)
    narrow = ColumnLayout().fitted(first - 1)
    assert narrow[JobField.TOOL] == TILE_ONLY
    assert narrow[JobField.WORKSTREAM] == before[JobField.WORKSTREAM]
    tight = ColumnLayout().fitted(720)
    assert (tight[JobField.WORKSTREAM], tight[JobField.ATTEMPT], tight[JobField.COST]) == (0, PIPS_ONLY, 0)


def test_a_width_that_a_person_chose_does_not_yield() -> None:
    layout = ColumnLayout(widths={JobField.WORKSTREAM: 200})
    assert layout.fitted(700)[JobField.WORKSTREAM] == 200


def test_a_column_is_as_wide_as_its_words_unless_a_person_has_given_it_a_width() -> None:
    words = {JobField.STATE: 150, JobField.COST: 10, JobField.JOB: 400}
    widths = ColumnLayout(widths={JobField.JOB: 300}).fitted(1600, words)
    assert widths[JobField.STATE] == 150
    assert widths[JobField.COST] == SPECS[JobField.COST].width
    assert widths[JobField.JOB] == 300
    assert sum(widths.values()) == 1600


def test_names_share_their_room_by_need_and_the_width_a_person_has_given_wins() -> None:
    job, stream = JobField.JOB, JobField.WORKSTREAM
    names = {job: 40, stream: 240}
    first, shared = ColumnLayout().fitted(1320), ColumnLayout().fitted(1320, names=names)
    assert shared[job] < first[job], "short names leave their room"
    assert shared[stream] == 240
    assert sum(shared.values()) == 1320
    assert shared[LAST] >= 0.3 * 1320
    wide, narrow = (ColumnLayout().fitted(room, names={job: 400, stream: 400}) for room in (2000, 1320))
    assert wide[job] == wide[stream] == 400
    assert narrow[stream] < 400
    kept = ColumnLayout(widths={stream: 128}).fitted(1900, names=names)
    assert kept[stream] == 128
    assert ColumnLayout().fitted(700, names=names)[stream] == 0
    assert ColumnLayout().fitted(700, names=names)[job] >= NARROW_JOB, "its cells name the workstream, too"


def test_a_layout_comes_back_as_it_was_remembered() -> None:
    layout = ColumnLayout(
        order=moved(FIELDS, JobField.COST, -3),
        hidden=frozenset({JobField.TOOL}),
        widths={JobField.JOB: 300},
        row_height=32,
    )
    assert layout_from_json(layout.as_json()) == layout


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"order": 3, "hidden": "tool", "widths": {"job": "wide", "cost": -1}, "row_height": 7},
        {"order": ["nothing"], "hidden": list(FIRST_HIDDEN), "widths": []},
    ],
)
def test_what_is_not_valid_in_a_remembered_layout_is_as_at_first(value: object) -> None:
    layout = layout_from_json(value)
    assert layout.order == FIELDS
    assert layout.widths is None
    assert layout.row_height == 28


def test_state_and_job_are_always_shown_and_stay_in_front() -> None:
    layout = layout_from_json({"order": ["cost", "job"], "hidden": ["state", "job", "age"]})
    assert layout.shown[:3] == (JobField.STATE, JobField.JOB, JobField.COST)
    assert JobField.AGE not in layout.shown
    assert moved(FIELDS, JobField.STATE, 3) == FIELDS
    assert moved(FIELDS, JobField.WORKSTREAM, -5)[2] is JobField.WORKSTREAM


def test_a_column_that_a_former_release_did_not_have_is_as_at_first() -> None:
    before = [field.value for field in FIELDS if field not in {JobField.LABELS, JobField.NOTE}]
    layout = layout_from_json({"order": before, "hidden": [JobField.COST.value]})
    assert layout.hidden == {JobField.COST, JobField.LABELS, JobField.NOTE}
    assert layout_from_json(layout.as_json()).hidden == layout.hidden
    shown = layout_from_json({"order": [*before, "labels", "note"], "hidden": []})
    assert JobField.NOTE in shown.shown
