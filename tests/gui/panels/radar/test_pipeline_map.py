"""The position of a file in the pipeline follows from the jobs of its workstream."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.scheduling.explainer import Explainer, QueueFacts
from gui.data.shown_review import shown_review
from gui.panels.radar.pipeline_map import FileIndex, only_states, place, runs_shown, survey, works_on
from gui.panels.radar.pipeline_records import ConflictKind, Place, PlacedFile, RadarLane, Ring, Survey
from gui.panels.radar.pipeline_words import accessible_text, centre_words, follows, rivals_of, tail_length
from state.records import GroupStatus, Job, JobStatus, ReviewState, Run, Snapshot, Stage, Workstream
from state.worktree_records import PredictedConflict
from tests.gui.panels.radar.radar_records import (
    NOW,
    PARSER,
    SHOP,
    file,
    job,
    night,
    predicted,
    projection,
    steps,
)

S = JobStatus


def placed(*jobs: Job) -> Place:
    facts = QueueFacts(jobs={one.job_id: one for one in jobs})
    explainer = Explainer(facts, NOW)
    return place(jobs, {one.job_id: explainer.wait(one) for one in jobs})


def surveyed(snapshot: Snapshot | None = None, selected: str | None = None) -> Survey:
    shown = snapshot or night()
    index = FileIndex(shown.files)
    records = projection(shown)
    return survey(records, index, runs_shown(records, index, selected), now=NOW)


def test_before_any_job_has_started_a_file_is_queued() -> None:
    found = placed(*steps("ws", S.QUEUED, S.QUEUED))
    assert (found.ring, found.state, found.since) == (Ring.QUEUED, "queued", NOW - 3600)


def test_a_file_is_where_the_running_job_works() -> None:
    found = placed(*steps("ws", S.COMPLETED, S.RUNNING, S.QUEUED))
    assert (found.ring, found.state, found.step, found.steps) == (Ring.TESTING, "running", 2, 3)


def test_checks_are_drawn_on_the_ring_of_the_tests() -> None:
    assert placed(job("ws", 1, S.RUNNING, stage=Stage.CHECK)).ring is Ring.TESTING


def test_a_file_waits_where_the_next_job_will_work() -> None:
    found = placed(*steps("ws", S.COMPLETED, S.QUEUED))
    assert (found.ring, found.state) == (Ring.TESTING, "queued")


def test_a_file_stays_in_the_stage_that_failed() -> None:
    found = placed(*steps("ws", S.COMPLETED, S.FAILED, S.QUEUED))
    assert (found.ring, found.state) == (Ring.TESTING, "failed")


def test_a_quarantined_step_shows_as_quarantined() -> None:
    assert placed(job("ws", 1, S.FAILED, quarantined=True)).state == "quarantined"


def test_v11_a_file_is_merged_where_its_workstream_is_and_done_where_nobody_reviews_it() -> None:
    done = steps("ws", S.COMPLETED, S.COMPLETED, S.COMPLETED, S.COMPLETED)
    alone, merged = placed(*done), under_review(ReviewState.MERGED, GroupStatus.MERGED, *done)
    assert (alone.ring, alone.is_merged) == (Ring.DONE, False)
    assert (merged.ring, merged.is_merged) == (Ring.DONE, True)
    assert under_review(ReviewState.WAITING, GroupStatus.REVIEW, *done).ring is Ring.REVIEW
    files = [PlacedFile(file=file("ws", "a.py"), place=at) for at in (alone, merged)]
    assert [follows(one) for one in files] == ["Nothing: all steps are done.", "Nothing: the file is merged."]
    lane = RadarLane(
        workstream=Workstream(run_id="night", ws_id="ws"),
        title="ws",
        repo=None,
        state="completed",
        place=merged,
    )
    assert centre_words(Survey(lanes=[replace(lane, files=files)])) == (2, "done")
    assert centre_words(Survey(lanes=[replace(lane, files=files[1:])])) == (1, "merged")


@pytest.mark.parametrize(
    ("review", "status", "state", "follows_next"),
    [
        (ReviewState.WAITING, GroupStatus.REVIEW, "needsyou", "A person reviews it."),
        (ReviewState.APPROVED, GroupStatus.MERGING, "queued", "It is merged in its turn."),
        (ReviewState.DISCARDED, GroupStatus.DISCARDED, "cancelled", "Nothing: the work was discarded."),
    ],
)
def test_v11_a_review_is_a_state_of_its_own_on_the_radar(
    review: ReviewState, status: GroupStatus, state: str, follows_next: str
) -> None:
    found = under_review(review, status, *steps("ws", S.COMPLETED, S.COMPLETED))
    assert (found.ring, found.state) == (Ring.REVIEW, state)
    assert follows(PlacedFile(file=file("ws", "a.py"), place=found)) == follows_next


def under_review(review: ReviewState, status: GroupStatus, *jobs: Job) -> Place:
    """The position of finished work whose review stands there."""
    stream = Workstream(run_id="night", ws_id="ws", review=review, status=status)
    return place(jobs, {}, shown_review(stream))


def test_a_skipped_merge_has_merged_nothing() -> None:
    assert placed(*steps("ws", S.COMPLETED, S.COMPLETED, S.COMPLETED, S.SKIPPED)).is_merged is False


def test_a_merge_that_runs_is_still_outside_of_the_middle() -> None:
    assert placed(*steps("ws", S.COMPLETED, S.COMPLETED, S.COMPLETED, S.RUNNING)).ring is Ring.REVIEW


def test_time_in_a_stage_counts_from_the_end_of_the_stage_before() -> None:
    edit, check, test = steps("ws", S.COMPLETED, S.COMPLETED, S.RUNNING)
    check = replace(check, stage=Stage.CHECK, completed_at=NOW - 90)
    test = replace(test, stage=Stage.TEST, started_at=NOW - 10)
    assert placed(replace(edit, completed_at=NOW - 500), check, test).since == NOW - 500


def test_a_job_with_a_scope_moves_only_its_own_files() -> None:
    rings = {one.name: one.place.ring for one in surveyed().files() if one.key[1] == "cart-totals"}
    assert rings == {
        "cart.py": Ring.TESTING,
        "totals.py": Ring.EDITING,
        "money.py": Ring.EDITING,
        "receipt.py": Ring.QUEUED,
        "tax.py": Ring.QUEUED,
    }


def test_a_job_without_a_scope_works_on_every_file() -> None:
    one = steps("ws", S.QUEUED)[0]
    assert works_on(one, "any.py")
    assert works_on(replace(one, files_scope=("src",)), "src/a.py")
    assert not works_on(replace(one, files_scope=("src",)), "srcs/a.py")


def test_lanes_are_grouped_by_repository_in_a_stable_order() -> None:
    lanes = surveyed().lanes
    assert [lane.repo for lane in lanes] == [PARSER] * 4 + [SHOP] * 7
    names = [lane.key[1] for lane in lanes]
    assert names[:4] == sorted(names[:4])
    assert names[4:] == sorted(names[4:])


def test_a_workstream_without_files_has_no_lane() -> None:
    full = night()
    bare = replace(full, files=tuple(one for one in full.files if one.ws_id == "recovery"))
    assert [lane.title for lane in surveyed(bare).lanes] == ["recovery"]


def test_what_only_the_records_say_is_that_both_changed_a_file_or_that_one_declares_it() -> None:
    found = {conflict.path: conflict.kind for conflict in surveyed().conflicts}
    assert found == {
        "shop/cart/totals.py": ConflictKind.CHANGED,
        "src/parser/lexer.py": ConflictKind.DECLARED,
    }


def with_predicted(*conflicts: PredictedConflict) -> Snapshot:
    return replace(night(), conflicts=conflicts)


def test_only_work_in_different_folders_can_have_changed_a_file_twice() -> None:
    found = {one.path: one.kind for one in surveyed(replace(night(), worktrees=())).conflicts}
    assert found["shop/cart/totals.py"] is ConflictKind.DECLARED


def test_what_git_predicts_takes_the_place_of_what_the_records_say() -> None:
    first, second = surveyed(with_predicted(predicted())).conflicts
    assert (first.path, first.kind) == ("shop/cart/totals.py", ConflictKind.PREDICTED)
    assert (first.first[1], first.second[1]) == ("cart-totals", "price-rules")
    assert (second.path, second.kind) == ("src/parser/lexer.py", ConflictKind.DECLARED)


def test_a_predicted_conflict_in_a_file_that_a_lane_does_not_know_still_joins_both_lanes() -> None:
    pipeline = surveyed(with_predicted(predicted("cart-totals", "price-rules", "shop/new.py")))
    conflict = pipeline.conflicts[0]
    assert conflict.path == "shop/new.py"
    assert pipeline.find(conflict.first) is not None
    assert pipeline.find(conflict.second) is not None


def test_a_conflict_with_a_target_or_with_a_run_that_is_not_shown_is_one_of_the_lane() -> None:
    pipeline = surveyed(with_predicted(predicted(target="main")))
    rivals = rivals_of(pipeline, ("night", "cart-totals", "shop/cart/totals.py"), real=True)
    assert rivals == ["main", "price-rules"]
    elsewhere = replace(predicted(), run_id="earlier", ws_id="old")
    pipeline = surveyed(with_predicted(elsewhere))
    assert rivals_of(pipeline, ("night", "price-rules", "shop/cart/totals.py"), real=True) == [
        "old",
        "cart-totals",
    ]


def test_of_finished_work_git_alone_decides() -> None:
    full = night()
    waiting = [
        replace(stream, review=ReviewState.WAITING)
        if stream.ws_id in {"cart-totals", "price-rules"}
        else stream
        for stream in full.workstreams
    ]
    finished = replace(full, workstreams=tuple(waiting))
    assert [one.path for one in surveyed(finished).conflicts] == ["src/parser/lexer.py"]
    both = surveyed(replace(finished, conflicts=(predicted(),))).conflicts
    assert [one.kind for one in both] == [ConflictKind.PREDICTED, ConflictKind.DECLARED]


def test_a_filter_keeps_a_conflict_with_a_target_and_drops_one_with_a_hidden_lane() -> None:
    pipeline = surveyed(with_predicted(predicted(), predicted("price-rules", target="main")))
    shown = only_states(pipeline, {"running"})
    states = {lane.title: lane.state for lane in pipeline.lanes}
    assert states["price-rules"] == "running"
    assert ("", "main") in {one.second[:2] for one in shown.conflicts}


def test_equal_paths_in_different_or_unknown_repositories_are_no_conflict() -> None:
    for repos in (("/a", "/b"), (None, None)):
        streams = [Workstream(run_id="r", ws_id=ws, repo=repo) for ws, repo in zip("xy", repos, strict=True)]
        shown = Snapshot(
            cursor=1,
            runs=(Run(run_id="r"),),
            workstreams=tuple(streams),
            files=(file("x", "a.py", "r"), file("y", "a.py", "r")),
        )
        assert len(surveyed(shown).lanes) == 2
        assert surveyed(shown).conflicts == []


def test_a_merged_file_conflicts_with_nobody() -> None:
    full = night()
    extra = file("recovery", "src/parser/idents.py")
    assert not [
        one for one in surveyed(replace(full, files=(*full.files, extra))).conflicts if "idents" in one.path
    ]


def test_of_three_workstreams_with_one_file_each_is_linked_to_the_next() -> None:
    full = night()
    extra = file("ui-a11y", "shop/cart/totals.py")
    found = surveyed(replace(full, files=(*full.files, extra))).conflicts
    kinds = sorted(one.kind for one in found if one.path == "shop/cart/totals.py")
    assert kinds == [ConflictKind.CHANGED, ConflictKind.DECLARED]


def test_a_conflict_is_visible_from_both_sides() -> None:
    pipeline = surveyed()
    for mine, other in (("recovery", "lexer-split"), ("lexer-split", "recovery")):
        key = ("night", mine, "src/parser/lexer.py")
        assert rivals_of(pipeline, key, real=False) == [other]
        assert rivals_of(pipeline, key, real=True) == []


def test_a_selected_run_is_shown_alone_else_open_ones_newest_first_else_the_last_one() -> None:
    runs = [
        Run(run_id="old", created_at=1, status=GroupStatus.RUNNING),
        Run(run_id="new", created_at=2, status=GroupStatus.QUEUED),
        Run(run_id="done", created_at=3, status=GroupStatus.COMPLETED),
        Run(run_id="bare", created_at=4, status=GroupStatus.RUNNING),
    ]
    index = FileIndex([file("w", "a.py", run_id) for run_id in ("old", "new", "done")])
    records = projection(Snapshot(cursor=1, runs=tuple(runs)))
    assert runs_shown(records, index, "bare") == ["bare"]
    assert runs_shown(records, index, None) == ["new", "old"]
    records.runs = {
        run.run_id: replace(run, status=GroupStatus.COMPLETED) for run in runs if run.run_id != "bare"
    }
    assert runs_shown(records, index, None) == ["done"]


def test_a_tail_gains_a_dot_with_each_doubling_of_the_minutes() -> None:
    minutes = (0.5, 1, 2, 3.9, 4, 8, 16, 32, 600)
    assert [tail_length(NOW - 60 * one, NOW) for one in minutes] == [0, 1, 2, 2, 3, 4, 5, 6, 6]
    assert tail_length(None, NOW) == 0


@given(st.lists(st.tuples(st.sampled_from(list(S)), st.sampled_from(list(Stage))), min_size=1, max_size=6))
def test_every_mix_of_jobs_has_a_position_and_a_sentence(mix: list[tuple[JobStatus, Stage]]) -> None:
    jobs = [
        replace(job("ws", 1, status), job_id=f"j{number}", stage=stage, position=number)
        for number, (status, stage) in enumerate(mix)
    ]
    found = placed(*jobs)
    assert 1 <= found.step <= found.steps == len(jobs)
    shown = replace(next(surveyed().files()), place=found)
    assert follows(shown).endswith((".", "?")) or found.wait is not None


def test_the_accessible_text_of_a_file_says_everything_a_blip_shows() -> None:
    pipeline = surveyed()
    found = pipeline.find(("night", "recovery", "src/parser/lexer.py"))
    lane = pipeline.lane(("night", "recovery"))
    assert found is not None
    assert lane is not None
    text = accessible_text(found, lane, ["lexer-split"], now=NOW + 120)
    assert text == "lexer.py, recovery, Testing, running, 3 minutes, conflict with lexer-split"
    text = accessible_text(found, lane, [], now=NOW + 120, shared=["lexer-split"])
    assert text.endswith("3 minutes, shared with lexer-split")
