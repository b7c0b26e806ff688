"""What a job waited for, for every stretch of time in which it did not run."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.scheduling.explainer import Wait, WaitKind
from engine.system.phrase import verbatim
from gui.panels.timeline.past_waits import (
    WaitFacts,
    WaitSpan,
    hold_periods,
    waits_of,
    without_engine,
    writers_of,
)
from state.records import Attempt, AttemptStatus, Job, JobStatus
from state.timeline_queries import TimelineEvent

KEY: dict[str, Any] = {"run_id": "run", "ws_id": "cart"}
NOW = 10_000.0


def job(job_id: str = "edit", **more: Any) -> Job:
    values: dict[str, Any] = {"job_id": job_id, "created_at": 1000.0, "tool": "codex"} | KEY | more
    return Job(**values)


def attempt(start: float, end: float | None, job_id: str = "edit") -> Attempt:
    status = AttemptStatus.RUNNING if end is None else AttemptStatus.FAILED
    more: dict[str, Any] = {"step_name": "edit", "number": 1, "tool": "codex", "id": int(start)}
    return Attempt(job_id=job_id, status=status, started_at=start, completed_at=end, **KEY, **more)


def move(at: float, kind: str, **more: Any) -> TimelineEvent:
    values: dict[str, Any] = {"job_id": "edit"} | KEY | more
    return TimelineEvent(id=int(at), at=at, event_type=kind, **values)


def spans(
    of: Job, attempts: list[Attempt], moves: list[TimelineEvent], **more: Any
) -> list[tuple[float, float, str]]:
    present, since = more.pop("present", None), more.pop("since", 0.0)
    facts = WaitFacts(**({"jobs": {of.job_id: of}} | more))
    found = waits_of(of, attempts, moves, facts, since=since, now=NOW, present=present)
    return [(span.start, span.end, span.words) for span in found]


def test_what_nothing_else_explains_lacked_a_slot() -> None:
    assert spans(job(status=JobStatus.RUNNING), [attempt(2000, None)], []) == [(1000, 2000, "no slot")]


def test_after_a_failure_it_backs_off_and_then_lacks_a_slot() -> None:
    moves = [move(3000, "job.queued", waits_for="backoff", until=4000.0)]
    found = spans(job(status=JobStatus.RUNNING), [attempt(1000, 3000), attempt(5000, None)], moves)
    assert found == [(3000, 4000, "backing off"), (4000, 5000, "no slot")]


def test_a_wait_for_a_quota_names_its_end_which_may_lie_ahead() -> None:
    of = job(not_before=12_000.0, waits_for="quota")
    present = Wait(kind=WaitKind.QUOTA, phrase=verbatim(""), until=12_000.0)
    moves = [move(3000, "job.queued", waits_for="quota", until=12_000.0)]
    (found,) = spans(of, [attempt(1000, 3000)], moves, present=present)
    assert found[:2] == (3000, 12_000)
    assert found[2].startswith("quota until ")


def test_it_waits_for_what_another_workstream_does_until_that_is_done() -> None:
    parent = Job(job_id="lexer", run_id="run", ws_id="other", status=JobStatus.COMPLETED, completed_at=4000.0)
    of = job(depends_on=("lexer",), status=JobStatus.RUNNING)
    found = spans(
        of, [attempt(5000, None)], [], jobs={"edit": of, "lexer": parent}, titles={("run", "other"): "Split"}
    )
    assert found == [(1000, 4000, "waits for Split"), (4000, 5000, "no slot")]


def test_a_step_does_not_wait_before_the_one_before_it_is_done() -> None:
    plan = job("plan", status=JobStatus.COMPLETED, completed_at=4000.0)
    of = job(depends_on=("plan",), status=JobStatus.RUNNING)
    assert spans(of, [attempt(4500, None)], [], jobs={"edit": of, "plan": plan}) == [(4000, 4500, "no slot")]
    unfinished = job("plan", status=JobStatus.RUNNING)
    assert spans(job(depends_on=("plan",)), [], [], jobs={"plan": unfinished}) == []


def test_a_step_after_one_that_failed_does_not_lack_a_slot() -> None:
    failed = job("plan", status=JobStatus.FAILED, completed_at=4000.0)
    of = job(depends_on=("plan",))
    blocked = Wait(kind=WaitKind.BLOCKED, phrase=verbatim(""))
    assert spans(of, [], [], jobs={"edit": of, "plan": failed}, present=blocked) == []
    skipped = job("plan", status=JobStatus.SKIPPED, completed_at=4000.0)
    assert spans(of, [], [], jobs={"edit": of, "plan": skipped}) == [(4000, NOW, "no slot")]


def test_a_held_stretch_says_who_held_it() -> None:
    moves = [move(2000, "job.held", cause="person"), move(3000, "job.queued")]
    facts = WaitFacts(jobs={})
    found = waits_of(job(status=JobStatus.RUNNING), [attempt(4000, None)], moves, facts, since=0, now=NOW)
    assert found[1] == WaitSpan(2000, 3000, "held by you", "person")
    assert [span.words for span in found] == ["no slot", "held by you", "no slot"]


def test_it_waits_while_its_tool_is_held_and_while_no_engine_lives() -> None:
    holds = hold_periods(
        [
            move(2000, "hold.set", hold_kind="tool", hold_key="codex", cause="person", job_id=None),
            move(3000, "hold.lifted", hold_kind="tool", hold_key="codex", job_id=None),
            move(2000, "hold.set", hold_kind="tool", hold_key="claude", cause="person", job_id=None),
        ]
    )
    lives = without_engine([(500, 4000), (6000, None)], 0, NOW)
    found = spans(job(status=JobStatus.RUNNING), [attempt(7000, None)], [], holds=holds, no_engine=lives)
    assert [words for _, _, words in found] == ["no slot", "codex on hold", "no slot", "no engine", "no slot"]
    assert found[3][:2] == (4000, 6000)


def test_it_waits_for_the_workstream_that_writes_the_same_files() -> None:
    other = Job(job_id="lexer", run_id="run", ws_id="other", tree="/src/shop")
    of = job(tree="/src/shop", status=JobStatus.RUNNING)
    jobs = {"edit": of, "lexer": other}
    writers = writers_of([attempt(900, 4000, "lexer")], jobs)
    assert spans(of, [attempt(4000, None)], [], jobs=jobs, writers=writers) == [
        (1000, 4000, "waits for other")
    ]


def test_the_last_wait_is_worded_as_the_explainer_explains_it() -> None:
    present = Wait(kind=WaitKind.NO_ENGINE, phrase=verbatim("No engine is running."))
    assert spans(job(), [], [], present=present) == [(1000, NOW, "no engine")]


def test_what_waits_now_for_another_writer_names_it_from_its_start_on() -> None:
    other = Job(job_id="lexer", run_id="run", ws_id="other", tree="/src/shop", status=JobStatus.RUNNING)
    of = job(tree="/src/shop")
    jobs = {"edit": of, "lexer": other}
    writers = writers_of([attempt(9000, None, "lexer")], jobs)
    present = Wait(kind=WaitKind.TREE, phrase=verbatim(""))
    found = spans(of, [], [], jobs=jobs, writers=writers, present=present)
    assert found == [(1000, 9000, "no slot"), (9000, NOW, "waits for other")]


def test_nothing_is_said_of_what_was_before_the_history_that_was_read() -> None:
    assert spans(job(), [], [], since=8000.0) == [(8000, NOW, "no slot")]


@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(1000, 9000), st.booleans()), max_size=8),
)
def test_waits_fill_exactly_the_times_without_an_attempt(
    lengths: list[int], held: list[tuple[int, bool]]
) -> None:
    at, attempts = 1000.0, []
    for length in lengths:
        attempts.append(attempt(at + 50, at + 50 + length / 2))
        at += 50 + length / 2
    moves = [move(when, "job.held" if is_held else "job.queued") for when, is_held in sorted(held)]
    found = spans(job(), attempts, moves)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))
    worked = sum((one.completed_at or NOW) - one.started_at for one in attempts)
    waited = sum(end - start for start, end, _ in found)
    assert abs(worked + waited - (NOW - 1000)) < 2 * (len(attempts) + len(moves) + 1)
