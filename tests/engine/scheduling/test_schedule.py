"""Who may start now, and the sentence for everybody else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.interfaces import QueueView
from engine.scheduling.explainer import Explainer, QueueFacts, WaitKind, shown_group, shown_state
from engine.scheduling.schedule import choose, order
from state.records import Hold, HoldCause, HoldKind, Job, JobStatus, Limit, LimitKind, Workstream
from state.shown_names import ShownNames
from tests.helpers.waits import waits_of

NOW = 1_000_000.0
THREE = (Limit(kind=LimitKind.GLOBAL, key="", value=3),)


def job(job_id: str, **values: Any) -> Job:
    return Job(
        job_id=job_id,
        **{"run_id": "r", "ws_id": "w", "seq": int("".join(filter(str.isdigit, job_id)) or 0), **values},
    )


def view(
    *candidates: Job,
    running: tuple[Job, ...] = (),
    holds: tuple[Hold, ...] = (),
    limits: tuple[Limit, ...] = THREE,
) -> QueueView:
    return QueueView(candidates=candidates, running=running, holds=holds, limits=limits)


def explained(waiting: Job, *others: Job, **facts: Any) -> tuple[WaitKind, str]:
    jobs = {item.job_id: item for item in (waiting, *others)}
    wait = Explainer(QueueFacts(jobs=jobs, **facts), NOW).wait(waiting)
    assert wait is not None
    return wait.kind, wait.sentence


def test_higher_priority_starts_first_and_then_who_came_first() -> None:
    jobs = (job("j1"), job("j2", priority=10), job("j3"), job("j4", priority=10))
    assert choose(view(*jobs), NOW) == ["j2", "j4", "j1"]


def test_no_more_start_than_there_are_free_slots() -> None:
    running = (job("r8", status=JobStatus.RUNNING), job("r9", status=JobStatus.RUNNING))
    assert choose(view(job("j1"), job("j2"), running=running), NOW) == ["j1"]


@pytest.mark.parametrize(
    ("kind", "key", "other"),
    [
        (LimitKind.TOOL, "aider", {"tool": "shell"}),
        (LimitKind.GROUP, "night", {"group_name": "day"}),
        (LimitKind.ACCOUNT, "work", {"account": None}),
    ],
)
def test_a_limit_of_one_kind_lets_others_pass(kind: LimitKind, key: str, other: dict[str, str]) -> None:
    same = {"tool": "aider", "group_name": "night", "account": "work"}
    limits = (*THREE, Limit(kind=kind, key=key, value=1))
    jobs = (job("j1", **same), job("j2", **same), job("j3", **{**same, **other}))
    assert choose(view(*jobs, limits=limits), NOW) == ["j1", "j3"]


def test_one_writer_a_working_tree() -> None:
    jobs = (job("j1", tree="/t"), job("j2", tree="/t"), job("j3", tree=None), job("j4", tree="/u"))
    assert choose(view(*jobs), NOW) == ["j1", "j3", "j4"]


def scoped(job_id: str, *scope: str, root: str = "/t", **values: Any) -> Job:
    return job(job_id, scope_root=root, files_scope=scope, **values)


def test_two_jobs_that_write_the_same_files_run_one_after_the_other() -> None:
    jobs = (
        scoped("j1", "src/a.py", "doc"), scoped("j2", "src/*.py"), scoped("j3", "src/b.py"), scoped("j4", "doc/x/y.md"),
        scoped("j5", "src/a.py", root="/u"), job("j6", files_scope=("src/a.py",)),
    )  # fmt: skip
    many = (Limit(kind=LimitKind.GLOBAL, key="", value=9),)
    assert choose(view(*jobs, limits=many), NOW) == ["j1", "j3", "j5", "j6"]


def test_a_job_without_a_scope_and_one_with_a_scope_in_its_tree_run_one_after_the_other() -> None:
    whole, part = job("j1", tree="/t"), scoped("j2", "a.py")
    assert choose(view(whole, part), NOW) == ["j1"]
    assert choose(view(part, replace(whole, seq=3)), NOW) == ["j2"]
    bounded = job("j1", tree="/t", scope_root="/t", files_scope=("b.py",))
    assert choose(view(bounded, part), NOW) == ["j1", "j2"]


def test_a_job_that_waits_for_files_names_the_job_that_writes_them() -> None:
    running = scoped("r1", "src/**", status=JobStatus.RUNNING)
    assert explained(scoped("j1", "src/deep/a.py"), running) == (
        WaitKind.TREE,
        "Waits for r1: both write some of the same files in t.",
    )


def test_of_two_that_write_the_same_files_only_the_first_says_that_it_starts_next() -> None:
    first, second = scoped("j1", "src/**", ws_id="one"), scoped("j2", "src/a.py", ws_id="two")
    jobs = {one.job_id: one for one in (first, second)}
    waits = waits_of(QueueFacts(jobs=jobs, limits=THREE), NOW)
    assert (waits["j1"].kind, waits["j1"].sentence) == (WaitKind.READY, "Starts next.")
    assert waits["j2"].sentence == "Waits for one: both write some of the same files in t."
    assert (waits["j2"].kind, waits["j2"].shown) == (WaitKind.TREE, "blocked")


def test_only_as_many_say_that_they_start_next_as_there_are_free_slots() -> None:
    jobs = {f"j{n}": job(f"j{n}", tool="aider") for n in range(1, 6)}
    waits = waits_of(QueueFacts(jobs=jobs, limits=THREE), NOW)
    assert [waits[f"j{n}"].kind for n in range(1, 6)] == [WaitKind.READY] * 3 + [WaitKind.NO_SLOT] * 2
    assert waits["j4"].sentence == "Those before it take the free slots; number 4 in the queue."
    of_tool = Limit(kind=LimitKind.TOOL, key="aider", value=1)
    waits = waits_of(QueueFacts(jobs=jobs, limits=(*THREE, of_tool)), NOW)
    assert waits["j2"].sentence == "Those before it take the free slots for aider; number 2 in the queue."


@given(
    waiting=st.lists(
        st.tuples(st.integers(-3, 3), st.sampled_from([None, "/a", "/b"]), st.sampled_from("xy")), max_size=12
    ),
    slots=st.integers(0, 5),
)
def test_exactly_those_say_that_they_start_next_that_the_engine_starts(
    waiting: list[tuple[int, str | None, str]], slots: int
) -> None:
    limits = (Limit(kind=LimitKind.GLOBAL, key="", value=slots), Limit(kind=LimitKind.TOOL, key="x", value=2))
    jobs = {
        f"j{n}": job(f"j{n}", priority=p, tree=tree, tool=tool) for n, (p, tree, tool) in enumerate(waiting)
    }
    waits = waits_of(QueueFacts(jobs=jobs, limits=limits), NOW)
    ready = {job_id for job_id, wait in waits.items() if wait.kind is WaitKind.READY}
    assert ready == set(choose(view(*jobs.values(), limits=limits), NOW))


def test_the_queue_is_sorted_by_priority_and_then_by_the_position_a_person_set() -> None:
    jobs = (job("j1"), job("j2", queue_position=0.5), job("j3", queue_position=1.5, priority=-1), job("j4"))
    assert [item.job_id for item in order(jobs)] == ["j2", "j1", "j4", "j3"]


def test_nothing_starts_while_paused_and_all_does_when_the_pause_is_over() -> None:
    pause = Hold(kind=HoldKind.ENGINE, key="", reason="", since=1.0, until=NOW + 5)
    assert choose(view(job("j1"), holds=(pause,)), NOW) == []
    assert choose(view(job("j1"), holds=(pause,)), NOW + 5) == ["j1"]


@pytest.mark.parametrize("kind", [HoldKind.TOOL, HoldKind.GROUP, HoldKind.ACCOUNT])
def test_a_hold_stops_just_what_it_names(kind: HoldKind) -> None:
    key = {"tool": "aider", "group": "g", "account": "acc"}[kind.value]
    held = job("j1", tool="aider", group_name="g", account="acc")
    hold = Hold(kind=kind, key=key, reason="quota", since=1.0)
    assert choose(view(held, job("j2"), holds=(hold,)), NOW) == ["j2"]


@given(
    running=st.integers(0, 4),
    waiting=st.lists(
        st.tuples(st.integers(-3, 3), st.sampled_from([None, "/a", "/b"]), st.sampled_from("xy")), max_size=12
    ),
    slots=st.integers(0, 5),
    of_x=st.integers(0, 3),
)
def test_no_limit_is_ever_exceeded_and_no_tree_has_two_writers(
    running: int, waiting: list[tuple[int, str | None, str]], slots: int, of_x: int
) -> None:
    limits = (
        Limit(kind=LimitKind.GLOBAL, key="", value=slots), Limit(kind=LimitKind.TOOL, key="x", value=of_x),
    )  # fmt: skip
    going = tuple(job(f"r{n}", status=JobStatus.RUNNING, tool="x") for n in range(running))
    jobs = {
        f"j{n}": job(f"j{n}", priority=p, tree=tree, tool=tool) for n, (p, tree, tool) in enumerate(waiting)
    }
    chosen = [jobs[job_id] for job_id in choose(view(*jobs.values(), running=going, limits=limits), NOW)]
    assert running + len(chosen) <= max(slots, running)
    assert running + sum(item.tool == "x" for item in chosen) <= max(of_x, running)
    trees = [item.tree for item in chosen if item.tree]
    assert len(trees) == len(set(trees))
    assert len(chosen) == len(set(chosen))


def test_a_blocked_job_names_what_blocks_it_and_what_to_do() -> None:
    failed = job("parent", status=JobStatus.FAILED)
    kind, sentence = explained(job("j1", depends_on=("parent",)), failed)
    assert kind is WaitKind.BLOCKED
    assert sentence == "Blocked by parent, which failed; retry or skip that one."


@pytest.mark.parametrize(
    ("waiting", "facts", "kind", "words"),
    [
        ({"depends_on": ("gone",)}, {}, WaitKind.MISSING, "gone, which has not arrived"),
        (
            {"not_before": NOW + 60, "waits_for": "quota", "tool": "codex"},
            {},
            WaitKind.QUOTA,
            "codex has used its quota",
        ),
        (
            {"not_before": NOW + 60, "attempts": 1, "max_attempts": 3},
            {},
            WaitKind.BACKOFF,
            "Attempt 2 of 3 starts at",
        ),
        ({"not_before": NOW + 60, "waits_for": "start_at"}, {}, WaitKind.START_AT, "as its file says"),
        ({}, {"engine_running": False}, WaitKind.NO_ENGINE, "No engine is running"),
        ({}, {"stopping": True}, WaitKind.STOPPING, "stopping"),
        (
            {},
            {"holds": (Hold(kind=HoldKind.ENGINE, key="", reason="lunch", since=1.0),)},
            WaitKind.PAUSED,
            "Paused (lunch)",
        ),
        (
            {},
            {"holds": (Hold(kind=HoldKind.ENGINE, key="", reason="", since=1.0, cause=HoldCause.DRAIN),)},
            WaitKind.PAUSED,
            "Draining; resume to start it.",
        ),
        (
            {},
            {"holds": (Hold(kind=HoldKind.GROUP, key="default", reason="", since=1.0, until=NOW + 60),)},
            WaitKind.HOLD,
            "Group default is on hold; starts again at",
        ),
        (
            {"status": JobStatus.HELD, "hold_reason": "Came in by the inbox."},
            {},
            WaitKind.HELD,
            "Came in by the inbox.",
        ),
        ({}, {}, WaitKind.READY, "Starts next."),
        ({"status": JobStatus.RUNNING, "cancel_requested_at": 1.0}, {}, WaitKind.STOPPING, "Stopping"),
    ],
)
def test_every_wait_has_a_sentence(
    waiting: dict[str, Any], facts: dict[str, Any], kind: WaitKind, words: str
) -> None:
    found, sentence = explained(job("j1", **waiting), **facts)
    assert found is kind
    assert words in sentence


def test_a_full_queue_names_the_limit_and_the_queue_position() -> None:
    running = tuple(job(f"r{n}", status=JobStatus.RUNNING) for n in range(3))
    waiting = (job("j1"), job("j2"))
    jobs = {item.job_id: item for item in (*running, *waiting)}
    waits = waits_of(QueueFacts(jobs=jobs, limits=THREE), NOW)
    assert waits["j1"].sentence == "No free slot (3 of 3 running); first in the queue."
    assert waits["j2"].sentence == "No free slot (3 of 3 running); number 2 in the queue."
    assert set(waits) == {"j1", "j2"}


def test_the_queue_position_counts_only_jobs_that_lack_nothing_but_a_slot() -> None:
    running = tuple(job(f"r{n}", status=JobStatus.RUNNING) for n in range(3))
    others = (
        job("j1", depends_on=("r1",)), job("j2", not_before=NOW + 5), job("j3", tool="held"),
        job("j4", status=JobStatus.HELD),
    )  # fmt: skip
    stop = Hold(kind=HoldKind.TOOL, key="held", reason="", since=1.0)
    _, sentence = explained(job("j5"), *running, *others, limits=THREE, holds=(stop,))
    assert sentence == "No free slot (3 of 3 running); first in the queue."


def test_a_backoff_ends_its_sentence_whatever_the_summary_ends_with() -> None:
    for summary in ("2 tests failed", "2 tests failed."):
        waiting = job("j1", not_before=NOW + 60, attempts=1, max_attempts=3, summary=summary)
        assert explained(waiting)[1].endswith(" after: 2 tests failed.")
    assert explained(job("j1", not_before=NOW + 60, attempts=1, max_attempts=3))[1].endswith(".")


def test_a_second_writer_names_the_job_it_waits_for() -> None:
    writer = job("r1", status=JobStatus.RUNNING, tree="/t")
    assert explained(job("j1", tree="/t"), writer) == (
        WaitKind.TREE,
        "Waits for r1: both write in t.",
    )


def test_five_thousand_jobs_in_a_chain_are_explained_without_recursion() -> None:
    chain = {f"j{n}": job(f"j{n}", depends_on=(f"j{n - 1}",) if n else ()) for n in range(5_000)}
    waits = waits_of(QueueFacts(jobs=chain, limits=THREE), NOW)
    assert waits["j0"].kind is WaitKind.READY
    assert sum(wait.kind is WaitKind.BLOCKED for wait in waits.values()) == 4_999


def test_what_a_job_is_shown_as() -> None:
    blocked = job("j1", depends_on=("gone",))
    facts = QueueFacts(jobs={"j1": blocked})
    assert shown_state(blocked, Explainer(facts, NOW).wait(blocked)) == "blocked"
    assert shown_state(job("j2", status=JobStatus.FAILED, quarantined=True), None) == "quarantined"
    assert shown_group(["completed", "running", "failed"]) == "failed"
    assert shown_group([]) == "queued"


def test_sentences_name_workstreams_and_steps_as_people_do() -> None:
    feed = Workstream(run_id="r", ws_id="ws-1", title="rss-feed")
    names = ShownNames({feed.key: feed})
    writer = Job(
        job_id="claude-1", run_id="r", ws_id="ws-1", tool="claude", step_name="edit", tree="/src/site",
        status=JobStatus.RUNNING,
    )  # fmt: skip
    other = Job(job_id="claude-2", run_id="r", ws_id="tags", tool="claude", tree="/src/site")
    after = Job(job_id="claude-3", run_id="r", ws_id="tags", tool="claude", depends_on=("claude-1",))
    beside = Job(job_id="claude-4", run_id="r", ws_id="ws-1", tool="claude", depends_on=("claude-1",))
    jobs = {one.job_id: one for one in (writer, other, after, beside)}
    waits = waits_of(QueueFacts(jobs=jobs, names=names), NOW)
    assert waits["claude-2"].sentence == "Waits for rss-feed: both write in site."
    assert waits["claude-3"].sentence == "Waits for rss-feed / edit to finish."
    assert waits["claude-4"].sentence == "Waits for edit to finish."
