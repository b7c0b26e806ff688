"""The model of the cards: what folding events does to its rows."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.data.card import BoardColumn
from gui.data.cards_model import CARD_ROLE, CARDS_MIME, CardFilter, CardsModel, accessible_text
from gui.data.panel_filter import PanelFilter
from gui.data.projection import EngineFacts, Projection
from gui.panels.board.lanes import Lanes, lanes_of
from state.records import Hold, HoldKind, Job, JobStatus, Run, Workstream, WorkstreamFile
from tests.gui.board_records import MINUTE, NOW, event_of, job, night, projected
from tests.gui.conftest import Clock

CART = ("0347", "cart-totals")


@pytest.fixture
def now() -> Clock:
    return Clock(NOW)


@pytest.fixture
def projection() -> Projection:
    return projected()


@pytest.fixture
def model(qtbot: QtBot, projection: Projection, now: Clock) -> Iterator[CardsModel]:
    assert qtbot
    made = CardsModel(projection, clock=now)
    made.set_live(True)
    yield made
    made.set_live(False)


def running(projection: Projection, key: tuple[str, str]) -> Job:
    return next(one for one in projection.jobs_of(key) if one.status is JobStatus.RUNNING)


def test_the_models_are_sound(model: CardsModel, projection: Projection, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    qtmodeltester.check(CardFilter(model))
    projection.fold([event_of(replace(running(projection, CART), status=JobStatus.COMPLETED), id=11)])
    projection.fold([event_of(Workstream(run_id="0347", ws_id="new"), id=12)])


def test_there_is_a_row_for_each_workstream_newest_run_first(model: CardsModel) -> None:
    assert model.rowCount() == len(night().workstreams)
    runs = [card.run_id for card in model.cards()]
    assert runs == sorted(runs, reverse=True)


def test_a_finished_step_changes_just_the_row_of_its_workstream(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    done = replace(running(projection, CART), status=JobStatus.FAILED, completed_at=NOW, summary="broke")
    projection.fold([event_of(done, id=11)])
    qtbot.waitUntil(lambda: model.row_of(CART) in changed)
    assert model.card(CART).column is BoardColumn.DECIDE
    waiting = {model.row_of(card.key) for card in model.cards() if card.column is BoardColumn.WAITING}
    assert set(changed) <= waiting | {model.row_of(CART)}


def test_a_new_workstream_is_added_at_the_end(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    rows = model.rowCount()
    fresh = job(("0346", "fresh"), "edit", JobStatus.QUEUED)
    projection.fold(
        [replace(event_of(Workstream(run_id="0346", ws_id="fresh"), id=11)), event_of(fresh, id=12)]
    )
    qtbot.waitUntil(lambda: model.rowCount() == rows + 1)
    assert model.cards()[-1].ws_id == "fresh"


def test_a_changed_file_changes_the_footer(model: CardsModel, projection: Projection, qtbot: QtBot) -> None:
    file = WorkstreamFile(run_id="0347", ws_id="checkout-copy", path="a.py", touched=True, added=3, removed=1)
    projection.fold([event_of(file, id=11)])
    qtbot.waitUntil(lambda: model.card(("0347", "checkout-copy")).added == 3)


def test_nothing_is_built_while_the_board_is_hidden_and_everything_is_right_afterwards(
    model: CardsModel, projection: Projection
) -> None:
    model.set_live(False)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    done = replace(running(projection, CART), status=JobStatus.TIMEOUT, completed_at=NOW)
    projection.fold([event_of(done, id=11)])
    assert not changed
    assert model.card(CART).column is BoardColumn.RUNNING
    model.set_live(True)
    assert model.card(CART).column is BoardColumn.DECIDE


def test_every_waiting_card_says_that_the_engine_is_stopped(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    projection.observe_engine(EngineFacts(running=False))
    key = ("0347", "checkout-copy")
    qtbot.waitUntil(lambda: model.card(key).sentence.startswith("No engine is running"))


def test_waiting_cards_say_that_the_queue_is_paused(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    hold = Hold(kind=HoldKind.ENGINE, key="", reason="lunch", since=NOW)
    payload = {"hold": {"kind": "engine", "key": "", "reason": "lunch", "since": NOW, "until": None}}
    projection.fold([replace(event_of(Run(run_id="0347"), id=11), event_type="hold.set", payload=payload)])
    assert projection.pause() == hold
    qtbot.waitUntil(lambda: "lunch" in model.card(("0347", "checkout-copy")).sentence)


def test_a_backoff_that_ends_by_the_clock_alone_is_noticed(model: CardsModel, now: Clock) -> None:
    key = ("0346", "fuzz-corpus")
    assert model.card(key).state == "waiting"
    now.go_on(3 * MINUTE)
    model.refresh_waits()
    assert model.card(key).state == "queued"


def test_a_new_snapshot_replaces_everything(model: CardsModel, projection: Projection) -> None:
    with_one = replace(night(), workstreams=night().workstreams[:1])
    projection.load(with_one)
    assert model.rowCount() == 1


def test_the_filter_passes_text_run_and_states_together(model: CardsModel) -> None:
    cards = CardFilter(model)
    cards.limit(text="", limits=PanelFilter("0346"))
    assert cards.rowCount() == sum(card.run_id == "0346" for card in model.cards())
    assert not cards.limited
    cards.limit(text="recov", limits=PanelFilter("0346", frozenset({"running"})))
    assert [cards.index(row, 0).data(CARD_ROLE).ws_id for row in range(cards.rowCount())] == ["recovery"]
    cards.limit(text="recov", limits=PanelFilter("0347"))
    assert cards.rowCount() == 0


def test_a_card_that_fails_while_filtered_out_comes_into_view(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    cards = CardFilter(model)
    cards.limit(text="", limits=PanelFilter(states=frozenset({"failed"})))
    assert cards.rowCount() == 0
    failed = replace(running(projection, CART), status=JobStatus.FAILED, completed_at=NOW)
    projection.fold([event_of(failed, id=11)])
    qtbot.waitUntil(lambda: cards.rowCount() == 1)


def test_only_cards_that_a_command_moves_to_waiting_can_be_dragged(model: CardsModel) -> None:
    commands = {card.ws_id: model.drop_command(card, BoardColumn.WAITING) for card in model.cards()}
    assert {name: command for name, command in commands.items() if command} == {
        "stripe-webhooks": "retry",
        "from-inbox": "release",
        "locale-nl": "retry",
        "cart-totals": "hold",
        "price-rules": "hold",
        "recovery": "hold",
    }
    assert not any(model.drop_command(card, BoardColumn.DONE) for card in model.cards())
    draggable = Qt.ItemFlag.ItemIsDragEnabled
    assert [bool(model.flags(model.index(row)) & draggable) for row in range(len(commands))] == [
        command is not None for command in commands.values()
    ]


def test_a_card_that_goes_on_to_its_next_step_in_the_same_column_keeps_its_rank(
    model: CardsModel, projection: Projection, qtbot: QtBot
) -> None:
    key = ("0346", "lexer-split")
    before = model.card(key)
    assert before is not None
    skipped = replace(projection.jobs["lexer-split-edit"], status=JobStatus.SKIPPED, completed_at=NOW)
    projection.fold([event_of(skipped, id=11)])
    qtbot.waitUntil(lambda: model.card(key) != before)
    after = model.card(key)
    assert after is not None
    assert (after.progress, after.rank) == ("step 2 of 3: test", before.rank)
    moved = replace(projection.jobs["lexer-split-test"], queue_position=-5.0)
    projection.fold([event_of(moved, id=12)])
    qtbot.waitUntil(lambda: model.card(key).rank < before.rank)  # a person has moved it


def test_a_drag_carries_keys_and_nothing_else(model: CardsModel) -> None:
    mime = model.mimeData([model.index(model.row_of(("0347", "stripe-webhooks")))])
    assert mime.formats() == [CARDS_MIME]
    assert bytes(mime.data(CARDS_MIME).data()) == b"0347\tstripe-webhooks"


def test_a_screen_reader_hears_state_step_attempt_age_and_reason(model: CardsModel) -> None:
    cart, stripe = model.card(CART), model.card(("0347", "stripe-webhooks"))
    assert cart is not None
    assert stripe is not None
    text = accessible_text(cart, NOW)
    assert text == "cart-totals, shop, step 3 of 5: edit, claude, running, attempt 3 of 3, 20 m"
    reason = accessible_text(stripe, NOW)
    assert reason.endswith("38 m, test_replay_twice failed the same way 3 times")


def test_lanes_follow_the_repository_and_add_up_their_cards(
    model: CardsModel, projection: Projection
) -> None:
    lanes = lanes_of(model.cards(), Lanes.REPOSITORY, projection.runs)
    assert [lane.title for lane in lanes] == ["shop", "parser"]
    assert lanes[0].detail == "Night: checkout v2, run 0347"
    assert lanes[0].total == sum(len(card.steps) for card in model.cards() if card.repo == "shop")
    assert lanes[0].started_at == NOW - 94 * MINUTE
    assert lanes[0].ended_at is None


def test_lanes_with_open_work_come_before_those_that_are_done(
    model: CardsModel, projection: Projection
) -> None:
    cards = model.cards()
    done = next(card for card in cards if card.column is BoardColumn.DONE)
    lanes = lanes_of([replace(done, repo="old"), *cards], Lanes.REPOSITORY, projection.runs)
    assert [lane.title for lane in lanes] == ["shop", "parser", "old"]


def test_lanes_by_run_are_named_by_its_title(model: CardsModel, projection: Projection) -> None:
    lanes = lanes_of(model.cards(), Lanes.RUN, projection.runs)
    assert [(lane.title, lane.detail) for lane in lanes] == [
        ("Night: checkout v2", "shop, run 0347"),
        ("Parser: error recovery", "parser, run 0346"),
    ]


def test_keys_survive_a_round_trip_through_json(model: CardsModel) -> None:
    assert json.loads(json.dumps(model.cards()[0].key)) == list(model.cards()[0].key)
