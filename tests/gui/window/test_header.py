"""The strip on top: numbers that filter, the engine's standing, the runs, and what goes as the window narrows."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from engine.intake.refusals import Refusal
from engine.scheduling.buckets import SHOWN_STATES, Bucket, BucketCounts
from gui.control.actions import Actions
from gui.data.projection import EngineFacts, Projection
from gui.data.selection import Selection
from gui.data.state_counts import StateCounts
from gui.theme.theme import Theme
from gui.window.counter_button import CounterButton
from gui.window.header import Header
from gui.window.palette_field import PaletteForm
from state.codec import record_to_json
from state.records import (
    Event,
    GroupStatus,
    Hold,
    HoldKind,
    Job,
    JobStatus,
    ReviewState,
    Snapshot,
    Workstream,
)
from tests.gui.board_records import event_of

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def counters(projection: Projection, selection: Selection) -> StateCounts:
    return StateCounts(projection, selection)


@pytest.fixture
def header(
    projection: Projection,
    theme: Theme,
    actions: Actions,
    counters: StateCounts,
    qtbot: QtBot,
) -> Iterator[Header]:
    window = QWidget()
    qtbot.addWidget(window)
    made = Header(
        projection, actions.selection, theme=theme, actions=actions, counters=counters, parent=window
    )
    made.resize(1700, 48)
    window.show()
    yield made
    window.hide()


def counter(header: Header, bucket: str) -> CounterButton:
    return next(one for one in header.counters if one.bucket == bucket)


def fold_records(projection: Projection, **records: object) -> None:
    """Fold one event with these records in it."""
    payload = {name: record_to_json(record) for name, record in records.items()}
    projection.fold([Event(id=projection.cursor + 1, at=0.0, event_type="told", payload=payload)])


def numbers(header: Header) -> dict[str, int]:
    return {one.bucket: one.number for one in header.counters}


def test_the_numbers_are_those_of_the_workstreams_and_the_tooltip_has_the_jobs(header: Header) -> None:
    assert numbers(header) == {"needsyou": 1, "running": 1, "waiting": 0, "failed": 1, "done": 0}
    tips = {one.bucket: one.toolTip() for one in header.counters}
    assert tips[Bucket.RUNNING] == "1 workstream, 1 job run. Press to show only these in every panel."
    assert tips[Bucket.WAITING].startswith("0 workstreams, 1 job wait.")


def test_a_job_that_moves_is_counted_once_where_it_is_now(header: Header, projection: Projection) -> None:
    job = Job(job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.COMPLETED)
    fold_records(projection, job=job)
    assert numbers(header) == {"needsyou": 1, "running": 0, "waiting": 1, "failed": 1, "done": 0}
    fold_records(projection, job=job)
    assert numbers(header)["waiting"] == 1


def test_v11_work_that_waits_for_review_needs_you_until_it_is_decided(
    header: Header, projection: Projection, selection: Selection
) -> None:
    waiting = Workstream(run_id="0347", ws_id="done", review=ReviewState.WAITING, status=GroupStatus.REVIEW)
    fold_records(projection, workstream=waiting)
    assert numbers(header)["needsyou"] == 2
    assert "Also waiting for you: 1 review." in counter(header, "needsyou").toolTip()
    selection.select_run("other")
    assert numbers(header)["needsyou"] == 0
    selection.select_run(None)
    assert numbers(header)["needsyou"] == 2
    approved = replace(waiting, review=ReviewState.APPROVED, status=GroupStatus.MERGING)
    fold_records(projection, workstream=approved)
    assert numbers(header)["needsyou"] == 1


def test_choosing_a_run_counts_that_run_and_still_all_its_running_slots(
    header: Header, selection: Selection
) -> None:
    selection.select_run("0346")
    assert numbers(header) == {"needsyou": 1, "running": 0, "waiting": 0, "failed": 1, "done": 0}
    assert header.engine_status.text.endswith("1 of 3 slots")


def test_a_click_on_a_number_filters_every_panel_and_a_second_removes_the_filter(
    header: Header, selection: Selection, qtbot: QtBot
) -> None:
    qtbot.mouseClick(counter(header, "failed"), Qt.MouseButton.LeftButton)
    assert selection.filter_states == SHOWN_STATES[Bucket.FAILED]
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    assert selection.filter_states == SHOWN_STATES[Bucket.FAILED] | SHOWN_STATES[Bucket.RUNNING]
    qtbot.mouseClick(counter(header, "failed"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    assert not selection.filter_states


def test_those_that_failed_are_among_those_that_need_a_person(
    header: Header, selection: Selection, qtbot: QtBot
) -> None:
    qtbot.mouseClick(counter(header, "needsyou"), Qt.MouseButton.LeftButton)
    assert counter(header, "failed").isChecked()
    qtbot.mouseClick(counter(header, "needsyou"), Qt.MouseButton.LeftButton)
    assert not selection.filter_states
    assert not counter(header, "failed").isChecked()


def test_a_filter_is_named_in_the_header_with_what_it_hides_and_one_click_removes_it(
    header: Header, selection: Selection, qtbot: QtBot
) -> None:
    chips = header.filter_chips
    assert not chips.isVisible()
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    assert (chips.isVisible(), chips.chip.accessibleName()) == (True, "Shown: only running, hides 1")
    selection.select_run("0347")
    assert (chips.chip.accessibleName(), chips.more.text()) == ("Shown: only running", "+1")
    assert "Night: checkout v2" in chips.more.toolTip()
    qtbot.mouseClick(chips.chip, Qt.MouseButton.LeftButton)
    assert chips.chip.accessibleName() == "Shown: only Night: checkout v2, hides 1 run"
    assert not chips.more.isVisible()
    assert not counter(header, "running").isChecked()
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(chips.clear, Qt.MouseButton.LeftButton)
    assert not selection.filter
    assert not chips.isVisible()


def test_a_counter_at_zero_filters_nothing_away_but_ends_its_own_filter(
    header: Header, selection: Selection, projection: Projection, qtbot: QtBot
) -> None:
    assert not counter(header, "done").isEnabled()
    qtbot.mouseClick(counter(header, "done"), Qt.MouseButton.LeftButton)
    assert not selection.filter
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    fold_records(
        projection, job=Job(job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.COMPLETED)
    )
    assert (counter(header, "running").number, counter(header, "running").isEnabled()) == (0, True)
    qtbot.mouseClick(counter(header, "running"), Qt.MouseButton.LeftButton)
    assert not selection.filter
    assert not counter(header, "running").isEnabled()


def test_the_chip_gives_way_after_the_words_of_counters_and_palette(
    header: Header, selection: Selection
) -> None:
    selection.filter_by_state(SHOWN_STATES[Bucket.RUNNING])
    chip = header.filter_chips.chip
    wide = chip.sizeHint().width()
    header.resize(1024, 48)
    assert not any(one._words for one in header.counters)
    assert chip.sizeHint().width() < wide
    assert chip.isVisible()


def test_refused_files_light_the_counter_of_what_needs_you_without_being_counted_as_workstreams(
    header: Header, projection: Projection
) -> None:
    projection.observe_refusals([Refusal(name=name, reason="it is empty", at=1.0) for name in ("a", "b")])
    assert counter(header, "needsyou").number == 1
    assert "Also waiting for you: 2 refused files." in counter(header, "needsyou").toolTip()


def test_a_filter_removed_elsewhere_is_removed_here(header: Header, selection: Selection) -> None:
    selection.filter_by_state(SHOWN_STATES[Bucket.DONE])
    assert counter(header, "done").isChecked()
    selection.filter_by_state(())
    assert not any(one.isChecked() for one in header.counters)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (EngineFacts(), "No engine"),
        (EngineFacts(starting=True), "Starting the engine…"),
        (EngineFacts(running=True), "Engine running"),
        (EngineFacts(running=True, stopping=True), "Engine stopping"),
        (EngineFacts(running=False, problem="disk full"), "Engine stopped"),
    ],
)
def test_the_state_of_the_engine_is_shown(
    header: Header, projection: Projection, facts: EngineFacts, words: str
) -> None:
    projection.observe_engine(facts)
    status = header.engine_status
    assert status.text == f"{words} 1 of 3 slots"
    assert status.accessibleName() == status.text, "the whole sentence is heard"
    assert facts.problem in status.toolTip()
    assert bool(status.toolTip()) == bool(facts.problem)
    status.show_slots(shown=False)
    assert status.accessibleName() == f"{words} 1 of 3 slots", "also where there is no room for all of it"
    status.set_view_only(view_only=True)
    assert status.text == "View only 1 of 3 slots"


def test_an_engine_that_runs_nothing_is_idle(header: Header, projection: Projection) -> None:
    projection.observe_engine(EngineFacts(running=True))
    fold_records(
        projection, job=Job(job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.COMPLETED)
    )
    assert header.engine_status.text == "Engine idle 0 of 3 slots"


def test_the_pause_button_resumes_while_paused(
    header: Header, projection: Projection, actions: Actions, qtbot: QtBot
) -> None:
    projection.observe_engine(EngineFacts(running=True))
    with qtbot.waitSignal(actions.triggered) as requested:
        qtbot.mouseClick(header.pause_button, Qt.MouseButton.LeftButton)
    assert requested.args[0] == "pause"
    fold_records(projection, hold=Hold(kind=HoldKind.ENGINE, key="", reason="", since=0.0))
    assert header.engine_status.text.startswith("Paused")
    assert (header.pause_button.text(), actions.action("pause").isEnabled()) == ("Resume", False)
    with qtbot.waitSignal(actions.triggered) as requested:
        qtbot.mouseClick(header.pause_button, Qt.MouseButton.LeftButton)
    assert requested.args[0] == "resume"


def test_words_go_below_1280_and_the_palette_field_below_1100(header: Header) -> None:
    assert all(one._words for one in header.counters)
    assert header.palette_field.form.name == "FULL"
    header.resize(1279, 48)
    assert not any(one._words for one in header.counters)
    header.resize(1099, 48)
    assert header.palette_field.form.name == "ICON"


def test_what_the_header_needs_is_the_same_whatever_it_shows_or_its_words_would_come_and_go_for_ever(
    header: Header,
) -> None:
    counter(header, Bucket.RUNNING).click()
    needed = set()
    for width in range(640, 1920):
        header.resize(width, 48)
        needed.add(header._needed())
    assert header.pause_button.text(), "the widest header has every word"
    assert len(needed) == 1


@pytest.mark.parametrize("width", [1024, 1100, 1200, 1280, 1366, 1440, 1600, 1920])
@pytest.mark.parametrize(("jobs", "filtered"), [(0, False), (100_000, False), (9, True)])
def test_nothing_in_it_overlaps_at_any_width(
    header: Header, selection: Selection, width: int, jobs: int, *, filtered: bool
) -> None:
    if filtered:
        selection.select_run("0347")
        selection.filter_by_state(SHOWN_STATES[Bucket.WAITING] | SHOWN_STATES[Bucket.RUNNING])
    for one in header.counters:
        one.show_counts(BucketCounts(workstreams={one.bucket: jobs}))
    header.resize(width, 48)
    QCoreApplication.sendPostedEvents()  # lays out the parts of parts
    header.layout().activate()
    parts = [
        header.menu_button, header.runs, header.engine_status, header.pause_button,
        *([header.filter_chips] if filtered else []), header.palette_field, *header.counters,
        header.add_button, header.settings_button,
    ]  # fmt: skip
    for left, right in itertools.pairwise(parts):
        assert left.geometry().right() < right.geometry().left(), (left, right)
    assert header.settings_button.geometry().right() < width
    if header.palette_field.form is PaletteForm.CUT:
        assert header.counters[0]._words, "the text of the field is cut only for those of the counters"
    chips = header.filter_chips
    shown = [one for one in (chips.chip, chips.more, chips.clear) if one.isVisible()]
    assert len(shown) == ((2 if width < 1200 else 3) if filtered else 0)
    assert all(one.width() >= one.minimumSizeHint().width() for one in shown)


def test_the_run_menu_lists_the_newest_first_and_chooses(
    header: Header, selection: Selection, projection: Projection, qtbot: QtBot
) -> None:
    by_hand = {"recurring": {"name": "nightly", "by_hand": True}}
    projection.fold([event_of(replace(projection.runs["0346"], metadata=by_hand), id=99)])
    qtbot.mouseClick(header.runs, Qt.MouseButton.LeftButton)
    menu = header.runs.findChild(QMenu)
    assert isinstance(menu, QMenu)
    entries = [entry for entry in menu.actions() if not entry.isSeparator()]
    assert [entry.text() for entry in entries] == [
        "All 2 runs, 2 workstreams",
        "Night: checkout v2",
        "Parser: error recovery",
    ]
    assert menu.toolTipsVisible()
    origin = "Started by hand, of the recurring run nightly"
    assert origin in entries[2].toolTip()
    entries[2].trigger()
    menu.close()
    assert origin in header.runs.toolTip()
    assert selection.run_id == "0346"
    assert header.runs.title == "Parser: error recovery"


def test_the_text_of_the_run_selector_is_whole_where_there_is_room(header: Header) -> None:
    shown = header.runs.text().strip().replace("&&", "&")
    assert shown == header.runs.title == "All 2 runs, 2 workstreams"


def test_a_single_run_is_not_called_all(header: Header, projection: Projection) -> None:
    run = projection.runs["0347"]
    projection.load(Snapshot(cursor=9, runs=(run,)))
    assert header.runs.title == "1 run, 0 workstreams"


def test_runs_that_are_not_shown_are_counted_beside_those_that_are(
    header: Header, projection: Projection
) -> None:
    run = projection.runs["0347"]
    projection.load(Snapshot(cursor=9, runs=(run,), earlier_runs=1201))
    assert header.runs.title == "1 of 1,202 runs, 0 workstreams"
    said = "1,201 earlier runs, in which nothing is open, are neither shown nor counted here."
    assert said in header.runs.toolTip()


def test_an_ampersand_in_a_title_is_shown_not_eaten(
    header: Header, projection: Projection, qtbot: QtBot
) -> None:
    run = projection.runs["0347"]
    fold_records(projection, run=type(run)(run_id="0347", title="R&D <b>now</b>", created_at=2.0))
    qtbot.mouseClick(header.runs, Qt.MouseButton.LeftButton)
    menu = header.runs.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert "R&&D <b>now</b>" in [entry.text() for entry in menu.actions()]
    menu.close()


def test_its_buttons_request_commands(header: Header, actions: Actions, qtbot: QtBot) -> None:
    for button, command in (
        (header.add_button, "add_jobs"),
        (header.settings_button, "settings"),
        (header.palette_field, "palette"),
    ):
        with qtbot.waitSignal(actions.triggered) as requested:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert requested.args[0] == command


def test_every_part_has_a_name_for_a_screen_reader(header: Header) -> None:
    assert counter(header, "failed").accessibleName() == "1 failed"
    for part in (
        header.menu_button,
        header.runs,
        header.palette_field,
        header.settings_button,
        header.engine_status,
    ):
        assert part.accessibleName()


@pytest.mark.usefixtures("in_german")
@pytest.mark.parametrize("width", [1024, 1045, 1129, 1280])
@pytest.mark.parametrize(("number", "percent"), [(0, 100), (9_999, 100), (9, 125)])
def test_long_words_of_another_language_cut_no_button_of_a_filtered_header(
    header: Header, projection: Projection, selection: Selection, width: int, *, number: int, percent: int
) -> None:
    header._theme.set_text_size(percent)
    for one in header.counters:
        one.show_counts(BucketCounts(workstreams={one.bucket: number}))
    projection.observe_engine(EngineFacts(running=True))
    fold_records(
        projection, job=Job(job_id="edit", run_id="0347", ws_id="cart", seq=1, status=JobStatus.COMPLETED)
    )
    assert header.engine_status.text.startswith("Engine bereit")
    selection.filter_by_state(SHOWN_STATES[Bucket.NEEDS_YOU])
    header.resize(width, 48)
    for _ in range(3):  # parts that yield have others measured again
        QCoreApplication.sendPostedEvents()
    header.layout().activate()
    assert header.add_button.text() in {"", "Jobs hinzufügen"}
    word = header.engine_status._word
    assert word.width() >= word.sizeHint().width()
    assert header.pause_button.text() in {"", "Pausieren"}
    assert header.pause_button.accessibleName() == "Pausieren"
    for button in (header.pause_button, header.add_button, header.filter_chips.clear):
        assert button.isHidden() or button.width() >= button.sizeHint().width()
