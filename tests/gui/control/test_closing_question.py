"""What a window asks before it closes: only what an answer would change, with numbers."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.recurring.recurring_rows import RecurringRow
from engine.scheduling.explainer import Explainer, QueueFacts
from engine.system.formatting import clock_minute
from gui.control.closing_question import OpenWork, closing_question, next_recurring, open_work
from state.records import Hold, HoldKind, Job, JobStatus

NOW = 1_000_000.0


def job(job_id: str, status: JobStatus = JobStatus.QUEUED, **values: Any) -> Job:
    return Job(job_id=job_id, run_id="r", ws_id="w", status=status, **values)


def work_of(*jobs: Job, holds: tuple[Hold, ...] = ()) -> OpenWork:
    known = {one.job_id: one for one in jobs}
    return open_work(known, Explainer(QueueFacts(jobs=known, holds=holds), NOW).wait)


def test_what_waits_for_a_failed_or_held_job_however_far_behind_does_not_start_by_itself() -> None:
    stuck = work_of(
        job("a", JobStatus.FAILED),
        job("b", depends_on=("a",)),
        job("c", depends_on=("b",)),
        job("d", JobStatus.HELD),
    )
    assert stuck == OpenWork(stuck=3)
    assert closing_question(stuck) is None


def test_what_waits_for_running_jobs_or_a_time_starts_by_itself() -> None:
    found = work_of(
        job("a", JobStatus.RUNNING),
        job("b", depends_on=("a",)),
        job("c", depends_on=("b",)),
        job("d", not_before=NOW + 60, waits_for="start_at"),
    )
    assert found == OpenWork(running=1, startable=3)


def test_a_pause_keeps_everything_for_a_person() -> None:
    assert work_of(job("a"), holds=(Hold(kind=HoldKind.ENGINE, key="", reason="", since=NOW),)) == OpenWork(
        stuck=1
    )


def test_nothing_is_asked_where_no_answer_would_change_anything() -> None:
    assert closing_question(OpenWork()) is None
    assert closing_question(OpenWork(stuck=29)) is None


def test_a_recurring_run_that_is_due_later_is_named_and_an_engine_can_be_left_for_it() -> None:
    paused = RecurringRow(name="a", path=Path("a"), run=None, error=None, note=None)
    nightly = replace(paused, name="nightly", upcoming=(NOW - 60, NOW + 60, NOW + 86_460))
    sweep = replace(paused, name="sweep", upcoming=(NOW + 3600,))
    assert next_recurring([paused], NOW) == ""
    at = clock_minute(NOW + 60)
    sentence = f"The recurring run nightly is due next at {at}; it is queued only while a window or an engine is open."
    assert next_recurring([sweep, paused, nightly], NOW) == sentence
    alone = closing_question(OpenWork(stuck=1), sentence)
    assert alone is not None
    assert alone.sentence == f"{sentence} If you quit, the next start reports what was missed."
    assert [choice.id for choice in alone.choices] == ["keep_open", "stop", "background"]
    for work in (OpenWork(running=1), OpenWork(startable=1)):
        beside = closing_question(work, sentence)
        assert beside is not None
        assert beside.sentence.endswith(f". {sentence}")


def test_what_runs_is_cancelled_finished_or_left_to_the_background_and_the_words_say_numbers() -> None:
    question = closing_question(OpenWork(running=2, startable=3, stuck=29))
    assert question is not None
    assert question.sentence.startswith(
        "2 jobs run; 3 more jobs start by themselves; 29 jobs wait for a person. A job that is cancelled"
    )
    assert [choice.text for choice in question.choices] == [
        "Cancel the 2 running jobs",
        "Let the 2 running jobs finish",
        "Continue in the background",
    ]
    one = closing_question(OpenWork(running=1))
    assert one is not None
    assert one.sentence.startswith("1 job runs. ")
    assert one.choices[1].text == "Let the running job finish"


def test_where_nothing_runs_no_answer_speaks_of_running_jobs() -> None:
    question = closing_question(OpenWork(startable=1, stuck=1))
    assert question is not None
    assert question.sentence == "Nothing runs; 1 job starts by itself; 1 job waits for a person."
    assert [choice.text for choice in question.choices] == [
        "Leave it in the queue",
        "Continue in the background",
    ]
