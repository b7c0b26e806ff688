"""The models of needs and runs, made from cards."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.intake.inbox import HELD
from gui.data import captions
from gui.data.card import CardButton
from gui.data.cards_model import CardsModel
from gui.data.job_display import BAR_ORDER
from gui.data.projection import Projection
from gui.panels.dashboard.attention_items import AttentionItem, AttentionRow, needs_of, workstreams_in
from gui.panels.dashboard.attention_model import MAX_SHOWN, NEED_ROLE, AttentionModel
from gui.panels.dashboard.attention_view import AttentionView
from gui.panels.dashboard.runs_model import Field, RunRow, RunsModel, RunsSorted, run_rows
from gui.panels.dashboard.unread_needs import UnreadNeeds
from gui.theme.text_layout import Typesetter
from gui.theme.theme import Theme
from state.records import GroupStatus, HoldCause, JobStatus, Origin, ReviewState, Run, Workstream
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


def fail(projection: Projection, number: int, summary: str = "", **more: object) -> None:
    """Add a failed workstream, a minute later than the one before; each fails in another way, unless given."""
    key = ("0347", f"broken-{number}")
    at = NOW - (30 - number) * MINUTE
    why = {"summary": summary or f"test_{number} failed", "failure_class": "failed", "exit_code": 1}
    failed = job(key, "test", JobStatus.FAILED, completed_at=at, **(why | more))
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


def test_a_need_of_an_alarm_offers_its_line_beside_the_release(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    arrive(projection, 1)
    reason = "The alarm fatal matched at 10:00:00: FATAL one"
    held = replace(projection.jobs["main-edit-1"], origin=Origin.COMMAND_LINE, source_path=None)
    held = replace(held, hold_cause=HoldCause.ALARM, hold_reason=reason)
    projection.fold([event_of(held, id=projection.cursor + 1)])

    def looks() -> list[tuple[str, str]]:
        needs = needs_of(cards.cards(), projection.jobs)
        return [(need.button.command, need.second.command) for need in needs if need.button and need.second]

    qtbot.waitUntil(lambda: looks() == [("release", "show_alarm_line")])


def shown(model: AttentionModel) -> list[str]:
    return [model.index(row).data(NEED_ROLE).title for row in range(model.rowCount())]


def unread_model() -> AttentionModel:
    return AttentionModel(UnreadNeeds(NOW))


def needs_after(cards: CardsModel, projection: Projection, qtbot: QtBot, number: int) -> list[AttentionItem]:
    """The needs, once this many workstreams need a person."""
    qtbot.waitUntil(lambda: workstreams_in(needs_of(cards.cards(), projection.jobs)) == number)
    return needs_of(cards.cards(), projection.jobs)


def test_jobs_that_failed_the_same_way_are_one_need_with_one_verb_for_all(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    fail(projection, 1, "mypy: no module decimal_ext.")
    fail(projection, 2, "mypy: no module decimal_ext.")
    fail(projection, 3, "mypy: no module money_ext.")
    needs = {need.title: need for need in needs_after(cards, projection, qtbot, 5)}
    both = needs["2 jobs failed the same way"]
    assert both.reason == "mypy: no module decimal_ext, in broken-1 and broken-2"
    assert both.button == CardButton("retry", "Retry both")
    assert both.job_ids == ("broken-1-test", "broken-2-test")
    assert both.since == NOW - 29 * MINUTE
    assert [(one.title, one.button) for one in both.members] == [
        ("broken-1", CardButton("retry", "Retry")),
        ("broken-2", CardButton("retry", "Retry")),
    ]
    assert needs["broken-3 failed"].button == CardButton("retry", "Retry")
    fail(projection, 4, "mypy: no module decimal_ext.")
    titles = {need.title: need for need in needs_after(cards, projection, qtbot, 6)}
    assert titles["3 jobs failed the same way"].button == CardButton("retry", "Retry all 3")
    assert titles["3 jobs failed the same way"].reason.endswith("in broken-1, broken-2 and 1 more")


def test_a_verb_names_its_act_where_there_is_only_one(cards: CardsModel, projection: Projection) -> None:
    labels = [need.button.label for need in needs_of(cards.cards(), projection.jobs) if need.button]
    assert labels == ["Decide", "Review command"]  # a quarantined job can be retried, accepted or cancelled


def test_work_that_waits_for_review_is_one_need(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    for number, name in enumerate(("docs-api", "unicode-idents"), start=1):
        waiting = replace(
            projection.workstreams["0346", name],
            status=GroupStatus.REVIEW,
            review=ReviewState.WAITING,
            waits_since=NOW - number * MINUTE,
        )
        projection.fold([event_of(waiting, id=projection.cursor + 1)])
    needs = needs_after(cards, projection, qtbot, 4)
    found = next(need for need in needs if need.title == "2 workstreams wait for review")
    assert found.workstream == ("0346", "unicode-idents")  # the button opens the one that waits longest
    assert found.button == CardButton("show_review", "Review")
    assert [one.title for one in found.members] == ["unicode-idents", "docs-api"]


def test_finished_work_that_nothing_is_off_about_says_what_it_changed_and_cost(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    stream = projection.workstreams["0346", "unicode-idents"]
    waiting = replace(stream, status=GroupStatus.REVIEW, review=ReviewState.WAITING, waits_since=NOW - MINUTE)
    projection.fold([event_of(waiting, id=projection.cursor + 1)])
    found = next(need for need in needs_after(cards, projection, qtbot, 3) if "review" in need.title)
    assert found.reason == f"3 files, +30 {captions.MINUS}2, $0.66"


def test_needs_are_ranked_by_the_workstreams_they_hold_up_and_then_by_age(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    fail(projection, 1)
    fail(projection, 2)
    first = projection.cursor + 1
    for number, name in enumerate(("behind", "further-behind")):
        projection.fold([event_of(Workstream(run_id="0347", ws_id=name), id=first + 2 * number)])
        before = "broken-2-test" if name == "behind" else "behind-edit"
        waiting = job(("0347", name), "edit", JobStatus.QUEUED, depends_on=(before,))
        projection.fold([event_of(waiting, id=first + 2 * number + 1)])
    needs = needs_after(cards, projection, qtbot, 4)
    assert [(need.title, need.holds_up) for need in needs] == [
        ("broken-2 failed", 2),
        ("stripe-webhooks is quarantined", 0),
        ("broken-1 failed", 0),
        ("1 job file waits for your trust", 0),
    ]


def test_five_needs_are_shown_and_the_rest_is_counted_until_expanded(
    cards: CardsModel, projection: Projection, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = unread_model()
    qtmodeltester.check(model)
    for number in range(6):
        fail(projection, number)
    model.show(needs_after(cards, projection, qtbot, 8))
    assert len(model.needs) == 8
    assert model.workstreams == 8
    assert model.rowCount() == MAX_SHOWN + 1
    last: AttentionItem = model.index(MAX_SHOWN).data(NEED_ROLE)
    assert (last.title, last.button) == ("3 more", None)
    model.expand(expanded=True)
    assert model.rowCount() == 9
    assert shown(model)[-1] == "Show fewer"
    model.set_limit(2)
    model.expand(expanded=False)
    assert shown(model)[-1] == "6 more"


def test_enter_on_the_row_that_counts_the_rest_goes_on_with_the_first_row_that_was_hidden(
    theme: Theme, qtbot: QtBot
) -> None:
    model = unread_model()
    view = AttentionView(model, theme, Typesetter(theme))
    qtbot.addWidget(view)
    model.set_limit(1)
    model.show([need("one"), need("two"), need("three")])
    view.setCurrentIndex(model.index(1))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert (view.currentIndex().data(), shown(model)[-1]) == ("two", "Show fewer")
    view.setCurrentIndex(model.index(3))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.currentIndex().data() == "2 more"


def members(*names: str, since: float = NOW - 60) -> AttentionItem:
    """A need of several workstreams."""
    ones = tuple(
        AttentionItem(key=("r", name), kind=AttentionRow.MEMBER, title=name, since=since) for name in names
    )
    return AttentionItem(key=("a cause",), title=f"{len(ones)} jobs failed", since=since, members=ones)


def need(name: str, since: float = NOW - 60) -> AttentionItem:
    """A need of one workstream."""
    return replace(members(name, since=since), key=("only", name), title=name)


def test_the_workstreams_of_a_need_are_listed_below_it_once_opened() -> None:
    model = unread_model()
    model.show([members("a", "b"), need("c")])
    assert shown(model) == ["2 jobs failed", "c"]
    model.open_members(model.rows[0], opened=True)
    assert shown(model) == ["2 jobs failed", "a", "b", "c"]
    assert model.opened_rows == 2
    model.show([members("a", "b", "d"), need("c")])
    assert shown(model) == ["3 jobs failed", "a", "b", "d", "c"]
    model.open_members(model.rows[0], opened=False)
    assert shown(model) == ["3 jobs failed", "c"]


def test_no_row_moves_while_the_pointer_is_over_the_list(qtbot: QtBot) -> None:
    model = unread_model()
    model.show([need("a"), need("b"), need("c")])
    model.keep_still(still=True)
    with qtbot.assertNotEmitted(model.modelReset):
        model.show([need("c"), need("b")])
    assert shown(model) == ["a", "b", "c"]
    assert [one.is_settled for one in model.rows] == [True, False, False]
    assert model.workstreams == 2  # the number beside the title is true all the same
    model.show([need("d"), need("c"), need("b")])
    assert shown(model) == ["a", "b", "c", "d"]
    model.show([need("c")], limits="one run")
    assert shown(model) == ["c"]  # what a filter hides is not settled
    model.show([need("d"), need("c"), need("b")])
    model.keep_still(still=False)
    assert shown(model) == ["d", "c", "b"]


def test_what_came_since_the_last_look_is_unread_until_it_is_looked_at() -> None:
    model = AttentionModel(UnreadNeeds(NOW - 100))
    seen, first, second = need("seen", NOW - 200), need("first", NOW - 50), need("second", NOW - 40)
    model.show([seen, first, second])
    assert [one.is_unread for one in model.rows] == [False, True, True]
    model.look(model.rows[1])
    assert [one.is_unread for one in model.rows] == [False, False, True]
    model.show([seen, replace(first, reason="another word")])
    assert [one.is_unread for one in model.rows] == [False, False]


def test_a_new_workstream_makes_its_need_unread_again() -> None:
    model = AttentionModel(UnreadNeeds(NOW - 100))
    model.show([members("a", "b", since=NOW - 200)])
    assert not model.rows[0].is_unread
    both = members("a", "b", since=NOW - 200)
    late = replace(both.members[0], key=("r", "late"), since=NOW)
    model.show([replace(both, members=(*both.members, late))])
    assert model.rows[0].is_unread


def test_unread_needs_that_are_not_shown_are_counted() -> None:
    model = AttentionModel(UnreadNeeds(NOW - 100))
    model.set_limit(1)
    model.show([need("a", NOW - 200), need("b", NOW - 200), need("c", NOW)])
    assert shown(model) == ["a", "2 more, 1 new"]


def test_what_was_unread_is_unread_after_a_restart() -> None:
    before = UnreadNeeds(NOW - 100)
    needs = [need("old", NOW - 200), need("read", NOW - 50), need("unread", NOW - 40)]
    before.look(before.marked(needs[1]))
    after = UnreadNeeds(before.remembered(needs, NOW))
    assert [after.marked(one).is_unread for one in needs] == [False, False, True]
    before.look(before.marked(needs[2]))
    assert before.remembered(needs, NOW) == NOW


def test_a_need_whose_text_changes_keeps_its_row(qtbot: QtBot) -> None:
    model = unread_model()
    model.show([need("a"), need("b")])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show([need("a"), replace(need("b"), reason="c")])


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


def test_a_run_of_which_nothing_runs_shows_what_needs_a_person_in_every_list(
    cards: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    assert projection.runs_in_need() == {}  # some of each runs
    for number, job_id in enumerate(sorted(projection.running_jobs), start=projection.cursor + 1):
        held = replace(projection.jobs[job_id], status=JobStatus.HELD, hold_cause=HoldCause.PERSON)
        projection.fold([event_of(held, id=number)])
    needing = projection.runs_in_need()
    assert needing == {"0347": "needsyou"}

    def shown() -> dict[str, str]:
        return {row.run_id: row.state for row in run_rows(cards.cards(), projection.runs)}

    qtbot.waitUntil(lambda: shown().items() >= needing.items())
    qtbot.waitUntil(lambda: shown()["0346"] not in {"needsyou", "running"})
