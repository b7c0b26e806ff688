"""The models of needs and runs, made from cards."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.intake.inbox import HELD
from gui.data.cards_model import CardsModel
from gui.data.job_display import BAR_ORDER
from gui.data.projection import Projection
from gui.panels.dashboard.attention_model import MAX_SHOWN, NEED_ROLE, AttentionItem, AttentionModel, needs_of
from gui.panels.dashboard.runs_model import Field, RunRow, RunsModel, RunsSorted, run_rows
from state.records import GroupStatus, JobStatus, Origin, ReviewState, Run, Workstream
from tests.gui.board_records import MINUTE, NOW, event_of, job, projected
from tests.gui.conftest import Clock


@pytest.fixture
def projection() -> Projection:
    return projected()


@pytest.fixture
def cards(qtbot: QtBot, projection: Projection) -> Iterator[CardsModel]:
    assert qtbot
    made = CardsModel(projection, clock=Clock(NOW))
    made.set_live(True)
    yield made
    made.set_live(False)


def arrive(projection: Projection, number: int) -> None:
    """Add a job file from the inbox, in a run of its own."""
    key = (f"in-{number}", "main")
    held = job(
        key,
        f"edit-{number}",
        JobStatus.HELD,
        origin=Origin.INBOX,
        hold_cause=HELD.cause,
        hold_reason=HELD.reason,
        source_path=f"/home/me/inbox/{number}.json",
        created_at=NOW - MINUTE,
    )
    first = projection.cursor + 1
    projection.fold(
        [
            event_of(Run(run_id=key[0], created_at=NOW), id=first),
            event_of(Workstream(run_id=key[0], ws_id="main"), id=first + 1),
            event_of(held, id=first + 2),
        ]
    )


def fail(projection: Projection, number: int) -> None:
    """Add a failed workstream, a minute later than the one before."""
    key = ("0347", f"broken-{number}")
    at = NOW - (30 - number) * MINUTE
    failed = job(key, "test", JobStatus.FAILED, completed_at=at, summary="2 failed")
    first = projection.cursor + 1
    projection.fold(
        [event_of(Workstream(run_id="0347", ws_id=key[1]), id=first), event_of(failed, id=first + 1)],
    )


def test_needs_are_ordered_by_age_and_say_why(cards: CardsModel, projection: Projection) -> None:
    needs = needs_of(cards.cards(), projection.jobs)
    assert [need.title for need in needs] == [
        "stripe-webhooks is quarantined",
        "1 job file waits for your trust",
    ]
    assert needs[0].reason == "test_replay_twice failed the same way 3 times."
    assert needs[0].since == NOW - 38 * MINUTE


def test_job_files_of_the_inbox_are_combined_into_one_need(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    arrive(projection, 1)
    arrive(projection, 2)
    qtbot.waitUntil(lambda: cards.card(("in-2", "main")) is not None)
    need = next(need for need in needs_of(cards.cards(), projection.jobs) if need.state == "needsyou")
    assert need.title == "3 job files wait for your trust"
    assert need.since == NOW - 6 * MINUTE
    assert set(need.job_ids) == {"from-inbox-edit", "main-edit-1", "main-edit-2"}


def test_a_failed_workstream_is_a_need_and_an_accepted_one_is_not(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    def needs() -> list[str]:
        return [need.title for need in needs_of(cards.cards(), projection.jobs)]

    fail(projection, 1)
    qtbot.waitUntil(lambda: "broken-1 failed" in needs())
    accepted = replace(projection.jobs["broken-1-test"], status=JobStatus.SKIPPED)
    projection.fold([event_of(accepted, id=projection.cursor + 1)])
    qtbot.waitUntil(lambda: "broken-1 failed" not in needs())


def test_five_needs_are_shown_and_the_rest_is_counted_until_expanded(
    cards: CardsModel, projection: Projection, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = AttentionModel()
    qtmodeltester.check(model)
    for number in range(6):
        fail(projection, number)
    qtbot.waitUntil(lambda: len(needs_of(cards.cards(), projection.jobs)) == 8)
    model.show(needs_of(cards.cards(), projection.jobs))
    assert len(model.needs) == 8
    assert model.rowCount() == MAX_SHOWN + 1
    last: AttentionItem = model.index(MAX_SHOWN).data(NEED_ROLE)
    assert (last.title, last.button) == ("3 more", None)
    model.expand(expanded=True)
    assert model.rowCount() == 8


def test_a_need_whose_text_changes_keeps_its_row(qtbot: QtBot) -> None:
    model = AttentionModel()
    model.show([AttentionItem(title="a"), AttentionItem(title="b")])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show([AttentionItem(title="a"), AttentionItem(title="c")])


def test_runs_are_listed_newest_first_with_bar_and_numbers(cards: CardsModel, projection: Projection) -> None:
    night, parser = run_rows(cards.cards(), projection.runs)
    assert (night.run_id, parser.run_id) == ("0347", "0346")
    assert night.total == sum(number for _, number in night.segments)
    assert [state for state, _ in night.segments][:2] == ["completed", "running"]
    assert night.done == sum(
        job.status is JobStatus.COMPLETED for job in projection.jobs.values() if job.run_id == "0347"
    )
    assert night.elapsed(NOW) == 94 * MINUTE
    assert night.state == "running"


def test_a_run_that_has_not_started_or_cost_anything_leaves_its_cells_empty() -> None:
    row = run_rows([], {"r": Run(run_id="r", created_at=1.0)})[0]
    assert (row.elapsed(NOW), row.cost, row.total) == (None, None, 0)


def test_a_finished_run_stops_counting() -> None:
    row = RunRow(run_id="r", started_at=NOW - 600, ended_at=NOW - 300)
    assert row.elapsed(NOW) == 300


def test_the_table_passes_the_model_tester_and_emits_only_changes(
    cards: CardsModel, projection: Projection, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = RunsModel()
    qtmodeltester.check(model)
    qtmodeltester.check(RunsSorted(model))
    model.show(run_rows(cards.cards(), projection.runs))
    ended = replace(projection.runs["0347"], status=GroupStatus.COMPLETED, completed_at=NOW)
    projection.fold([event_of(ended, id=11)])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as change:
        model.show(run_rows(cards.cards(), projection.runs))
    assert change.args[0].row() == change.args[1].row() == 0


def test_the_table_sorts_by_what_a_column_shows() -> None:
    model = RunsModel()
    model.now = NOW
    model.show(
        [
            RunRow(run_id="new", created_at=3.0, cost=1.0, started_at=NOW - 5),
            RunRow(run_id="mid", created_at=2.0, cost=None, started_at=NOW - 500),
            RunRow(run_id="old", created_at=1.0, cost=4.0, started_at=None),
        ]
    )
    table = RunsSorted(model)

    def ids() -> list[str]:
        rows = (table.mapToSource(table.index(row, 0)).row() for row in range(3))
        return [model.rows()[row].run_id for row in rows]

    table.sort(Field.COST, Qt.SortOrder.DescendingOrder)
    assert ids() == ["old", "new", "mid"]
    table.sort(Field.ELAPSED, Qt.SortOrder.AscendingOrder)
    assert ids() == ["old", "new", "mid"]
    table.sort(Field.RUN, Qt.SortOrder.DescendingOrder)
    assert ids() == ["new", "mid", "old"]


def test_v11_work_that_waits_for_review_is_a_need_that_opens_it(
    cards: CardsModel, projection: Projection
) -> None:
    key = ("0347", "bump-ruff")
    waiting = replace(
        projection.workstreams[key],
        review=ReviewState.WAITING,
        status=GroupStatus.REVIEW,
        waits_since=NOW - MINUTE,
    )
    projection.fold([event_of(waiting, id=projection.cursor + 1)])
    [need] = [one for one in needs_of(cards.cards(), projection.jobs) if one.workstream == key]
    assert (need.title, need.state, need.since) == ("bump-ruff waits for review", "needsyou", NOW - MINUTE)
    assert need.button is not None
    assert (need.button.command, need.button.label) == ("show_review", "Review")


@pytest.mark.parametrize("status", GroupStatus)
def test_v11_a_run_is_shown_in_a_state_that_has_a_glyph(
    cards: CardsModel, projection: Projection, status: GroupStatus
) -> None:
    run = replace(projection.runs["0347"], status=status)
    [row] = [one for one in run_rows(cards.cards(), {"0347": run}) if one.run_id == "0347"]
    assert row.state in {*BAR_ORDER}
