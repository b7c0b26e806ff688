"""What counts as stuck, and how the Radar says so."""

from dataclasses import replace

import pytest

from gui.panels.radar.pipeline_map import FileIndex, survey
from gui.panels.radar.pipeline_records import Ring, Survey
from gui.panels.radar.stuck_files import LIMIT_S, stuck_files, stuck_summary, usual_seconds
from gui.panels.radar.urgency import by_urgency
from state.records import GroupStatus, Job, JobStatus, Run, Snapshot, Stage, Workstream
from tests.gui.panels.radar.radar_records import NOW, SHOP, file, job, projection

S = JobStatus
MINUTE = 60.0


def surveyed(*jobs: Job, paths: tuple[str, ...] = ("lexer.py",)) -> Survey:
    ids = dict.fromkeys(one.ws_id for one in jobs)
    shown = Snapshot(
        cursor=1,
        runs=(Run(run_id="night", created_at=NOW, status=GroupStatus.RUNNING),),
        workstreams=tuple(Workstream(run_id="night", ws_id=ws_id, repo=SHOP) for ws_id in ids),
        jobs=jobs,
        files=tuple(file(ws_id, path) for ws_id in ids for path in paths),
    )
    return survey(projection(shown), FileIndex(shown.files), ["night"], now=NOW)


def after_edit(ws_id: str, status: JobStatus, minutes: float) -> tuple[Job, Job]:
    """A workstream whose edit ended so long ago, and its tests."""
    edited = replace(job(ws_id, 1, S.COMPLETED), completed_at=NOW - minutes * MINUTE)
    return edited, replace(job(ws_id, 2, status), started_at=None)


@pytest.mark.parametrize(
    ("status", "minutes", "usual", "is_stuck"),
    [
        (S.RUNNING, 29, None, False),
        (S.RUNNING, 31, None, True),
        (S.QUEUED, 31, None, True),
        (S.RUNNING, 31, 20 * MINUTE, False),
        (S.RUNNING, 61, 20 * MINUTE, True),
        (S.RUNNING, 4, 10.0, False),
        (S.RUNNING, 6, 10.0, True),
        (S.FAILED, 0, None, True),
        (S.COMPLETED, 600, None, False),
    ],
)
def test_stuck_is_three_times_the_usual_length_of_a_stage_else_half_an_hour(
    status: JobStatus, minutes: float, usual: float | None, *, is_stuck: bool
) -> None:
    known = {} if usual is None else {(Stage.TEST, "tests"): usual}
    assert bool(stuck_files(surveyed(*after_edit("ws", status, minutes)), known, now=NOW)) is is_stuck


def test_what_queues_for_its_first_step_is_not_stuck() -> None:
    waits = replace(job("ws", 1), created_at=NOW - 10 * LIMIT_S)
    pipeline = surveyed(waits)
    assert pipeline.lanes[0].place.ring is Ring.QUEUED
    assert stuck_files(pipeline, {}, now=NOW) == []


def test_the_usual_length_is_the_median_of_at_least_three_completed_jobs() -> None:
    def took(number: int, seconds: float) -> Job:
        made = job(f"w{number}", 2, S.COMPLETED)
        return replace(made, started_at=NOW - seconds, completed_at=NOW)

    two = [took(1, 60), took(2, 600)]
    assert usual_seconds(two) == {}
    assert usual_seconds([*two, took(3, 120)]) == {(Stage.TEST, "tests"): 120}


def test_the_longest_is_named_first_and_the_others_are_counted() -> None:
    pipeline = surveyed(
        *after_edit("one", S.RUNNING, 31), *after_edit("two", S.QUEUED, 34), *after_edit("three", S.FAILED, 1)
    )
    found = stuck_files(pipeline, {}, now=NOW)
    assert [one.title for one in found] == ["two", "one", "three"]
    assert stuck_summary(found, now=NOW) == "lexer.py has waited in Testing for 34 m, 2 more are stuck"
    assert stuck_summary(found[1:], now=NOW) == "lexer.py has run in Testing for 31 m, 1 more is stuck"
    assert stuck_summary(found[2:], now=NOW) == "lexer.py failed, has been in Testing for 1 m"
    assert stuck_summary([], now=NOW) == "Nothing is stuck"
    just_now = stuck_files(surveyed(*after_edit("ws", S.FAILED, 0)), {}, now=NOW)
    assert stuck_summary(just_now, now=NOW) == "lexer.py failed, has been in Testing for less than a minute"


def test_how_long_it_usually_takes_is_said_of_what_runs_and_several_files_are_counted() -> None:
    pipeline = surveyed(*after_edit("one", S.RUNNING, 31), paths=("a.py", "b.py"))
    found = stuck_files(pipeline, {(Stage.TEST, "tests"): 6 * MINUTE}, now=NOW)
    assert stuck_summary(found, now=NOW) == "2 files of one have run in Testing for 31 m (usually 6 m)"


def test_stuck_workstreams_come_before_waiting_ones_the_longest_first() -> None:
    pipeline = surveyed(
        *after_edit("a-waits", S.QUEUED, 5),
        *after_edit("b-stuck", S.QUEUED, 31),
        *after_edit("c-stuck", S.QUEUED, 40),
        *after_edit("d-runs", S.RUNNING, 90),
        *after_edit("e-done", S.COMPLETED, 1),
    )
    stuck = stuck_files(pipeline, {}, now=NOW)
    order = [lane.title for lane in by_urgency(pipeline, stuck)]
    assert order == ["d-runs", "c-stuck", "b-stuck", "a-waits", "e-done"]
