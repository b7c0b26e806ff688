"""What a card says of its workstream: pure values, no window."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from engine.scheduling.buckets import needs_person
from engine.scheduling.explainer import Wait, WaitKind
from engine.system.phrase import verbatim
from gui.data.card import NARROW, WIDE, BoardColumn, Card
from gui.data.card_building import card_of
from gui.data.job_actions import fitting, job_actions
from gui.data.job_display import BAR_ORDER, focus_of, tally
from gui.data.panel_filter import PanelFilter
from gui.data.projection import Projection
from state.command_table import JobCommand
from state.costs import CostSource
from state.records import (
    GroupStatus,
    HoldCause,
    Job,
    JobStatus,
    Origin,
    ReviewState,
    Stage,
    Workstream,
    WorkstreamFile,
)
from state.worktree_records import Merge, MergeState, TreeState, Worktree
from tests.gui.board_records import NOW, chain, job, night, projected

WS = ("0347", "cart-totals")
S = JobStatus


def card(*jobs: Job, status: GroupStatus = GroupStatus.QUEUED) -> Card:
    stream = Workstream(run_id="r", ws_id="w", status=status, repo="/src/shop")
    return card_of(stream, jobs, run=None, files=(), wait_of=lambda _: None)


def line(*steps: tuple[str, JobStatus], **more: object) -> list[Job]:
    return list(chain(("r", "w"), *((step, status, more) for step, status in steps)))


@cache
def one_night() -> Projection:
    return projected()


def of_night(name: str) -> Card:
    projection = one_night()
    key = next(key for key in projection.workstreams if key[1] == name)
    return card_of(
        projection.workstreams[key],
        projection.jobs_of(key),
        run=projection.runs[key[0]],
        files=[file for file in projection.files.values() if (file.run_id, file.ws_id) == key],
        wait_of=projection.explainer(NOW).wait,
    )


@pytest.mark.parametrize(
    ("name", "column", "state"),
    [
        ("cart-totals", BoardColumn.RUNNING, "running"),
        ("stripe-webhooks", BoardColumn.DECIDE, "quarantined"),
        ("search-index", BoardColumn.WAITING, "waiting"),
        ("checkout-copy", BoardColumn.WAITING, "queued"),
        ("locale-de", BoardColumn.WAITING, "held"),
        ("from-inbox", BoardColumn.DECIDE, "needsyou"),
        ("bump-ruff", BoardColumn.DONE, "completed"),
        ("locale-nl", BoardColumn.DONE, "cancelled"),
        ("hints-cli", BoardColumn.DONE, "skipped"),
        ("lexer-split", BoardColumn.WAITING, "blocked"),
        ("docs-api", BoardColumn.DONE, "completed"),
    ],
)
def test_a_card_is_in_the_column_of_its_computed_state(name: str, column: BoardColumn, state: str) -> None:
    found = of_night(name)
    assert (found.column, found.state) == (column, state)


def test_a_narrow_board_has_one_column_for_what_a_person_decides_and_reviews() -> None:
    assert of_night("stripe-webhooks").column_in(NARROW) is BoardColumn.NEEDS_YOU
    assert of_night("stripe-webhooks").column_in(WIDE) is BoardColumn.DECIDE
    assert of_night("docs-api").column_in(NARROW) is BoardColumn.DONE


def test_the_focus_is_what_needs_a_person_then_what_runs_then_what_is_next() -> None:
    assert focus_of(line(("a", S.COMPLETED), ("b", S.RUNNING), ("c", S.FAILED))).step_name == "c"
    assert focus_of(line(("a", S.COMPLETED), ("b", S.QUEUED), ("c", S.RUNNING))).step_name == "c"
    assert focus_of(line(("a", S.COMPLETED), ("b", S.QUEUED), ("c", S.QUEUED))).step_name == "b"
    assert focus_of(line(("a", S.COMPLETED), ("b", S.SKIPPED))).step_name == "a"
    assert focus_of([]) is None


def test_a_job_that_waits_for_trust_needs_a_person_but_one_held_by_hand_does_not() -> None:
    inbox = job(WS, "edit", S.HELD, origin=Origin.INBOX, hold_cause=HoldCause.INBOX)
    assert needs_person(inbox)
    assert needs_person(replace(inbox, origin=Origin.WINDOW))
    assert not needs_person(
        replace(inbox, hold_cause=HoldCause.PERSON, hold_reason="needs trust: or so I say")
    )


def test_an_interrupted_job_has_the_glyph_of_failed_and_its_own_word() -> None:
    found = card(
        *line(("edit", S.HELD), hold_cause=HoldCause.INTERRUPTED, summary="Interrupted; look at it.")
    )
    assert (found.state, found.word, found.column) == ("failed", "Interrupted", BoardColumn.DECIDE)


def test_the_progress_counts_steps_and_names_the_one_in_focus() -> None:
    assert of_night("cart-totals").progress == "step 3 of 5: edit"


def test_the_strip_has_the_state_that_each_step_has_in_the_table_of_jobs() -> None:
    assert of_night("search-index").steps == ("completed", "waiting", "blocked", "blocked")


def test_the_footer_counts_changed_files_and_adds_up_lines_and_cost() -> None:
    found = of_night("cart-totals")
    assert (found.files, found.added, found.removed) == (6, 63, 21)
    assert found.cost == pytest.approx(0.84)


def test_a_cost_of_which_a_part_is_unknown_is_a_least_one() -> None:
    edit, test = line(("edit", S.COMPLETED), ("test", S.COMPLETED))
    found = card(replace(edit, cost_usd=0.5), replace(test, cost_source=CostSource.UNKNOWN))
    assert (found.cost, found.cost_source) == (0.5, CostSource.UNKNOWN)
    assert found.sentence == "completed, at least $0.50"


def test_what_was_denied_is_counted_though_the_job_is_completed() -> None:
    edit, test = line(("edit", S.COMPLETED), ("test", S.COMPLETED))
    assert card(replace(edit, denied=2), test).sentence == "completed, 2 commands denied"
    assert card(replace(edit, denied=1), test).sentence == "completed, 1 command denied"


def test_unknown_numbers_stay_unknown() -> None:
    found = card(*line(("edit", S.QUEUED)))
    assert (found.added, found.removed, found.cost, found.files) == (None, None, None, 0)


def test_the_age_counts_from_the_change_that_moved_the_card_here() -> None:
    assert of_night("cart-totals").since == NOW - 20 * 60
    assert of_night("stripe-webhooks").since == NOW - 38 * 60
    assert of_night("search-index").since == NOW - 62 * 60
    assert of_night("bump-ruff").since == NOW - 61 * 60


def test_done_cards_state_their_outcome() -> None:
    assert of_night("bump-ruff").sentence == "completed, 1 file, $0.03"
    assert of_night("hints-cli").sentence == "skipped: hints-ast failed"
    assert of_night("locale-nl").sentence.startswith("cancelled at ")


def test_a_waiting_card_says_why() -> None:
    assert of_night("lexer-split").sentence == "Waits for recovery / review to finish."


def test_a_command_on_a_card_applies_to_its_target_jobs() -> None:
    found = of_night("stripe-webhooks")
    assert found.target_ids == ("stripe-webhooks-test",)
    running = of_night("cart-totals").target_ids
    assert running == ("cart-totals-edit", "cart-totals-test", "cart-totals-review")


def test_a_command_goes_only_to_jobs_whose_state_it_fits() -> None:
    jobs = line(("a", S.RUNNING), ("b", S.QUEUED), ("c", S.HELD), ("d", S.FAILED), ("e", S.COMPLETED))
    assert fitting(JobCommand.HOLD, jobs) == ("w-b",)
    assert fitting(JobCommand.RELEASE, jobs) == ("w-c",)
    assert fitting(JobCommand.RETRY, jobs) == ("w-d",)
    assert fitting(JobCommand.CANCEL, jobs) == ("w-a", "w-b", "w-c")


def test_only_the_coding_tools_of_a_workstream_take_words() -> None:
    edit, test = line(("edit", S.COMPLETED), ("test", S.COMPLETED))
    worked = [replace(edit, tool="codex", attempts=1), replace(test, tool="tests", attempts=1)]
    assert fitting(JobCommand.FOLLOW_UP, worked) == ("w-edit",)


def test_only_what_needs_a_person_has_buttons() -> None:
    for stream in night().workstreams:
        found = of_night(stream.ws_id)
        assert bool(found.buttons) is found.needs_you


@pytest.mark.parametrize(
    ("status", "cause", "offered"),
    [
        (S.FAILED, None, ["retry", "skip", "show_log"]),
        (S.TIMEOUT, None, ["retry", "skip", "show_log"]),
        (S.HELD, HoldCause.UNVERIFIED, ["release", "skip", "show_log"]),
        (S.HELD, HoldCause.INTERRUPTED, ["release", "skip", "show_log"]),
        (S.HELD, HoldCause.TRUST, ["show_details", "release"]),
        (S.HELD, HoldCause.INBOX, ["show_details", "release"]),
        (S.HELD, HoldCause.BUDGET, ["release", "show_details"]),
        (S.HELD, HoldCause.ALARM, ["release", "show_alarm_line"]),
    ],
)
def test_a_card_offers_the_decisions_that_its_job_offers(
    status: JobStatus, cause: HoldCause | None, offered: list[str]
) -> None:
    found = card(*line(("edit", status), hold_cause=cause))
    assert [button.command for button in found.buttons] == offered
    assert found.focus is not None
    possible = {action.command for action in job_actions(found.focus)}
    assert possible - {"cancel"} == set(offered) - {"show_log", "show_details"}


def test_the_buttons_of_a_card_name_the_act() -> None:
    failed = card(*line(("edit", S.FAILED)))
    assert [button.label for button in failed.buttons] == ["Retry", "Accept as is", "Show log"]
    held = card(*line(("edit", S.HELD), hold_cause=HoldCause.INBOX))
    assert [button.label for button in held.buttons] == ["Review command", "Release"]


def test_running_work_keeps_its_place_from_step_to_step() -> None:
    stream = Workstream(run_id="r", ws_id="w", position=3, started_at=NOW - 900, status=GroupStatus.RUNNING)
    ranks = [
        card_of(
            stream,
            line(("edit", first), ("test", second), started_at=NOW - 5),
            run=None,
            files=(),
            wait_of=lambda _job: None,
        ).rank
        for first, second in ((S.RUNNING, S.QUEUED), (S.COMPLETED, S.RUNNING))
    ]
    assert ranks[0] == ranks[1] == (NOW - 900, 3)


def test_a_workstream_without_jobs_follows_what_was_recorded_from_outside() -> None:
    assert card(status=GroupStatus.RUNNING).column is BoardColumn.RUNNING
    assert card(status=GroupStatus.COMPLETED).column is BoardColumn.DONE
    assert card(status=GroupStatus.FAILED).column is BoardColumn.DECIDE


def test_work_whose_last_step_was_a_review_is_done_as_it_waits_for_nobody() -> None:
    assert card(*line(("edit", S.COMPLETED), ("review", S.COMPLETED))).column is BoardColumn.DONE


def test_w3_a_card_whose_step_runs_in_a_worktree_says_from_which_port_it_may_listen() -> None:
    tree = Worktree(run_id="r", ws_id="w", repo="/src/shop", path="/trees/w", branch="b", port_base=23460)

    def found(status: JobStatus) -> str:
        stream = Workstream(run_id="r", ws_id="w", review=ReviewState.NONE, repo="/src/shop")
        jobs = line(("edit", status))
        return card_of(stream, jobs, run=None, files=(), wait_of=lambda _: None, tree=tree).progress

    assert found(S.RUNNING) == "step 1 of 1: edit, port 23460"
    assert found(S.QUEUED) == "step 1 of 1: edit"


def under_review(
    review: ReviewState,
    status: GroupStatus,
    *,
    merge: Merge | None = None,
    head: str = "a",
    archive_ref: str | None = None,
    tree_state: TreeState = TreeState.PLANNED,
    files: Sequence[WorkstreamFile] = (),
    reviewed_at: float | None = None,
    **more: object,
) -> Card:
    """The card of finished work whose review stands there."""
    stream = Workstream(
        run_id="r", ws_id="w", review=review, status=status, waits_since=NOW - 60, completed_at=NOW - 30,
        reviewed_at=reviewed_at,
    )  # fmt: skip
    tree = Worktree(
        run_id="r",
        ws_id="w",
        repo="/src/shop",
        path="/trees/w",
        branch="b",
        head=head,
        archive_ref=archive_ref,
        state=tree_state,
    )
    jobs = line(("edit", S.COMPLETED), ("test", S.COMPLETED), cost_usd=0.42, **more)
    return card_of(stream, jobs, run=None, files=files, wait_of=lambda _: None, merge=merge, tree=tree)


def merge_in(state: MergeState, **more: object) -> Merge:
    fields: dict[str, object] = {"id": 1, "run_id": "r", "ws_id": "w", "repo": "/src/shop", "target": "main"}
    return Merge(**(fields | {"state": state, "head": "a"} | more))  # type: ignore[arg-type]  # fields by name


def test_v11_a_card_under_review_says_what_is_outside_the_scope_as_the_command_line_does() -> None:
    scope: dict[str, Any] = {"files_scope": ("shop/**",), "tree": "/trees/w", "scope_root": "/trees/w"}
    files = [
        WorkstreamFile(run_id="r", ws_id="w", path=path, touched=True)
        for path in ("shop/totals.py", "README.md")
    ]
    found = under_review(ReviewState.WAITING, GroupStatus.REVIEW, files=files, **scope)
    assert found.sentence == "1 file outside scope"
    assert (found.files, found.cost) == (2, 0.84)  # at its foot, once


def test_v11_work_that_waits_for_review_needs_a_person_and_says_what_it_did() -> None:
    found = under_review(ReviewState.WAITING, GroupStatus.REVIEW, denied=1)
    assert (found.column, found.state, found.word) == (BoardColumn.REVIEW, "needsyou", "Waits for review")
    assert (found.needs_you, found.is_open, found.since) == (True, True, NOW - 60)
    assert (found.progress, found.sentence) == ("Waits for review", "2 commands denied")
    assert [button.command for button in found.buttons] == ["show_review", "show_log"]
    assert found.column_in(NARROW) is BoardColumn.NEEDS_YOU


@pytest.mark.parametrize(
    ("merge", "state", "word", "sentence"),
    [
        (merge_in(MergeState.WAITING), "queued", "In the merge queue", "waits to be merged into main"),
        (merge_in(MergeState.CHECKING), "running", "Checking the merge", "is checked on top of main"),
        (
            merge_in(MergeState.BLOCKED, reason="main has changes."),
            "blocked",
            "Merge waits",
            "main has changes.",
        ),
        (merge_in(MergeState.WAITING, held=True), "held", "Merge held", "waits to be merged into main"),
    ],
)
def test_v11_approved_work_says_where_it_stands_in_the_merge_queue(
    merge: Merge, state: str, word: str, sentence: str
) -> None:
    found = under_review(ReviewState.APPROVED, GroupStatus.MERGING, merge=merge)
    assert (found.state, found.word, found.sentence) == (state, word, sentence)
    assert (found.needs_you, found.is_open) == (False, True)
    column = BoardColumn.RUNNING if state == "running" else BoardColumn.WAITING
    assert found.column_in(NARROW) is found.column_in(WIDE) is column


def test_a_merge_that_moved_nothing_is_not_called_merged() -> None:
    empty = replace(merge_in(MergeState.MERGED), target_before="a" * 40, result="a" * 40)
    found = under_review(ReviewState.MERGED, GroupStatus.MERGED, merge=empty)
    assert (found.word, found.column) == ("Nothing to merge", BoardColumn.DONE)
    assert found.sentence.startswith("main had all of it already")


def test_a_card_that_was_sent_back_does_not_call_its_earlier_attempts_failed() -> None:
    assert not under_review(ReviewState.WAITING, GroupStatus.REVIEW).was_sent_back
    assert under_review(ReviewState.WAITING, GroupStatus.REVIEW, reviewed_at=NOW - 5).was_sent_back


def test_v11_only_merged_work_is_called_merged() -> None:
    found = under_review(ReviewState.MERGED, GroupStatus.MERGED, merge=merge_in(MergeState.MERGED))
    assert (found.column, found.state, found.word) == (BoardColumn.DONE, "completed", "Merged")
    assert found.sentence == "merged into main, $0.84"
    step = job(("r", "w"), "merge", S.COMPLETED, stage=Stage.MERGE, position=2)
    by_step = card(*line(("edit", S.COMPLETED)), step)
    assert (by_step.word, "merged" in by_step.sentence) == ("Completed", False)


def test_v11_discarded_work_is_done_and_needs_nobody() -> None:
    found = under_review(ReviewState.DISCARDED, GroupStatus.DISCARDED)
    assert (found.column, found.state, found.word) == (BoardColumn.DONE, "cancelled", "Discarded")
    assert (found.needs_you, found.is_open) == (False, False)
    assert [button.command for button in found.buttons] == ["show_review", "restore_work"]
    assert found.sentence == "it can be restored"
    archived = under_review(
        ReviewState.DISCARDED, GroupStatus.DISCARDED, archive_ref="refs/signalbox/archive/w"
    )
    assert archived.sentence == "its work is archived; it can be restored"
    pruned = under_review(ReviewState.DISCARDED, GroupStatus.DISCARDED, tree_state=TreeState.PRUNED)
    assert pruned.sentence == "its archive was pruned"
    assert [button.command for button in pruned.buttons] == ["show_review"]


def test_v11_work_that_the_merge_queue_returned_says_why_until_it_changes() -> None:
    conflict = merge_in(MergeState.CONFLICT, reason="It conflicts with main in a.py.")
    returned = under_review(ReviewState.WAITING, GroupStatus.REVIEW, merge=conflict)
    assert returned.sentence == "It conflicts with main in a.py."
    assert [button.command for button in returned.buttons] == ["show_review", "show_log"]
    red = replace(conflict, state=MergeState.RED, reason="The check failed.")
    failed = under_review(ReviewState.WAITING, GroupStatus.REVIEW, merge=red)
    assert [button.command for button in failed.buttons] == ["show_review", "show_check_log"]
    mended = under_review(ReviewState.WAITING, GroupStatus.REVIEW, merge=conflict, head="b")
    assert mended.sentence == ""


def test_v11_what_needs_a_person_is_ordered_by_age_whether_it_is_decided_or_reviewed() -> None:
    waiting = under_review(ReviewState.WAITING, GroupStatus.REVIEW)
    failed = replace(card(*line(("edit", S.FAILED), completed_at=NOW - 90)), ws_id="failed")
    later = replace(card(*line(("edit", S.FAILED), completed_at=NOW - 30)), ws_id="later")
    assert ranked([later, waiting, failed]) == ["failed", "w", "later"]


def test_v11_the_merge_queue_comes_after_the_jobs_that_wait_to_start() -> None:
    queued = replace(under_review(ReviewState.APPROVED, GroupStatus.MERGING), ws_id="merge")
    low = replace(card(*line(("edit", S.QUEUED), priority=-50)), ws_id="low")
    assert ranked([queued, low]) == ["low", "merge"]


def ranked(cards: Sequence[Card]) -> list[str]:
    return [found.ws_id for found in sorted(cards, key=lambda found: found.rank)]


def test_waiting_cards_are_in_the_order_in_which_they_start() -> None:
    names = ("locale-de", "checkout-copy", "search-index")
    assert ranked([of_night(name) for name in names]) == ["search-index", "checkout-copy", "locale-de"]


def test_done_cards_are_newest_first() -> None:
    names = ("locale-nl", "bump-ruff", "unicode-idents")
    assert ranked([of_night(name) for name in names]) == ["unicode-idents", "bump-ruff", "locale-nl"]


def test_a_filter_text_is_searched_word_by_word_in_everything_a_card_names() -> None:
    found = of_night("cart-totals")
    assert found.matches("CART shop")
    assert found.matches("checkout v2")
    assert not found.matches("cart parser")


def test_a_state_filter_passes_cards_in_one_of_the_states() -> None:
    assert of_night("cart-totals").passes(PanelFilter(states=frozenset({"running", "failed"})))
    assert of_night("stripe-webhooks").passes(PanelFilter(states=frozenset({"needsyou"})))
    assert not of_night("bump-ruff").passes(PanelFilter(states=frozenset({"needsyou"})))


def test_a_tally_is_in_the_fixed_order_of_the_bar() -> None:
    states = ["cancelled", "queued", "running", "completed", "failed", "running"]
    assert [state for state, _ in tally(states)] == sorted(set(states), key=BAR_ORDER.index)
    assert dict(tally(states))["running"] == 2


def test_the_end_of_a_wait_is_remembered_so_that_the_card_is_refreshed_then() -> None:
    wait = Wait(
        kind=WaitKind.BACKOFF, phrase=verbatim("Attempt 2 starts at 10:00."), until=NOW + 5, shown="waiting"
    )
    stream = Workstream(run_id="r", ws_id="w")
    jobs = line(("edit", S.QUEUED))
    assert card_of(stream, jobs, run=None, files=(), wait_of=lambda _: wait).until == NOW + 5


def test_a_card_has_the_labels_and_notes_of_all_its_jobs_and_is_found_by_them() -> None:
    first = job(("r", "w"), "edit", S.COMPLETED, labels=("flaky",), note="Ask Anna.")
    made = card(first, job(("r", "w"), "test", S.QUEUED, labels=("slow", "flaky")))
    assert made.labels == ("flaky", "slow")
    assert made.note == "edit: Ask Anna."
    assert made.matches("label:flaky label:sl anna")
    assert not made.matches("label:low")
    assert not made.matches("label:anna")
