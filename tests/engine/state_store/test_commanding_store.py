"""A person's commands on the queue: carried out with an event, or refused with a sentence and nothing changed."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import CommandRefusedError, JobFileError, SignalboxError
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.scheduling import queue_order
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from engine.trust.launch import launch_plans
from engine.trust.trust_store import TrustStore
from engine.trust.waiting import waits_for_trust
from engine.types import QueuePosition
from state.command_table import COMMAND_STATES, JobCommand
from state.records import Hold, HoldKind, Job, JobStatus, Limit, LimitKind, Origin


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStateStore]:
    made = JobStateStore(home=Home.at(tmp_path / "home"))
    yield made
    made.close()


def spec(job_id: str, *, tool: str = "shell", **fields: Any) -> JobSpec:
    says = {"command": {"exe": "true"}} if tool == "shell" else {"prompt": "Mend it."}
    return job_from_mapping({"job_id": job_id, "tool": tool, **says, **fields}, base=Path("/nowhere"))


def add(store: JobStateStore, *specs: JobSpec) -> list[Job]:
    items = [Accepted(spec=one, digest=one.digest()) for one in specs]
    return store.accept(items, origin=Origin.API, run_id="r1")


def line(store: JobStateStore) -> list[str]:
    waiting = [job for job in store.list_jobs("r1") if job.status in {JobStatus.QUEUED, JobStatus.HELD}]
    return [job.job_id for job in sorted(waiting, key=lambda job: job.queue_key)]


def job_of(store: JobStateStore, job_id: str) -> Job:
    job = store.get_job(job_id)
    assert job is not None
    return job


def events(store: JobStateStore) -> list[str]:
    return [event.event_type for event in store.list_events(limit=10_000)]


def set_status(store: JobStateStore, job_id: str, status: JobStatus) -> None:
    with store.transaction():
        joined = store.database.joined
        assert joined is not None
        joined.execute(
            text("UPDATE jobs SET status = :status WHERE job_id = :job_id"),
            {"status": status, "job_id": job_id},
        )


def carried_out(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except CommandRefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("moved", "spot", "line_after"),
    [
        ("d", QueuePosition(where="top"), "dabce"),
        ("b", QueuePosition(where="bottom"), "acdeb"),
        ("c", QueuePosition(where="up"), "acbde"),
        ("c", QueuePosition(where="down"), "abdce"),
        ("e", QueuePosition(where="before", job_id="b"), "aebcd"),
        ("a", QueuePosition(where="after", job_id="d"), "bcdae"),
        ("bd", QueuePosition(where="top"), "bdace"),
        ("ce", QueuePosition(where="up"), "acebd"),
        ("ac", QueuePosition(where="down"), "bdace"),
        ("ab", QueuePosition(where="after", job_id="c"), "cabde"),
    ],
)
def test_jobs_are_moved_in_the_queue_and_keep_their_order(
    store: JobStateStore, moved: str, spot: QueuePosition, line_after: str
) -> None:
    add(store, *(spec(name) for name in "abcde"))
    before = len(events(store))
    found = store.job_control.move(list(moved), spot)
    assert "".join(line(store)) == line_after
    assert [job.job_id for job in found] == sorted(moved)
    assert events(store)[before:] == ["job.moved"] * len(moved)


def test_who_is_moved_takes_the_priority_found_there(store: JobStateStore) -> None:
    add(store, spec("a", metadata={"priority": 5}), spec("b"), spec("c", metadata={"priority": -5}))
    store.job_control.move(["c"], QueuePosition(where="top"))
    assert line(store) == ["c", "a", "b"]
    assert job_of(store, "c").priority == 5
    store.job_control.move(["c"], QueuePosition(where="bottom"))
    assert line(store) == ["a", "b", "c"]
    assert job_of(store, "c").priority == 0


def test_who_comes_later_stands_behind_the_one_that_was_moved_to_the_end(store: JobStateStore) -> None:
    add(store, spec("a"), spec("b"), spec("c"))
    store.job_control.move(["a", "b"], QueuePosition(where="bottom"))
    add(store, spec("d"))
    assert line(store) == ["c", "a", "b", "d"]


def test_a_position_is_found_however_often_jobs_are_moved_into_the_same_gap(store: JobStateStore) -> None:
    add(store, *(spec(name) for name in "abcd"))
    store.job_control.move(["d"], QueuePosition(where="after", job_id="a"))
    for number in range(150):
        mover = "cd"[number % 2]
        store.job_control.move([mover], QueuePosition(where="after", job_id="a"))
        assert line(store) == ["a", mover, "dc"[number % 2], "b"]
    add(store, spec("e"))
    assert line(store)[-1] == "e"


@pytest.mark.parametrize(
    ("moved", "spot", "why"),
    [
        (["a"], QueuePosition(where="top"), "nothing in the queue would change"),
        (["c"], QueuePosition(where="down"), "nothing in the queue would change"),
        (["gone"], QueuePosition(where="top"), "gone is not waiting"),
        (["b", "done"], QueuePosition(where="top"), "done is not waiting"),
        (["b"], QueuePosition(where="before", job_id="done"), "before done: it is not waiting"),
        (["b"], QueuePosition(where="after", job_id="b"), "is being moved itself"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_and_changes_nothing(
    store: JobStateStore, moved: Sequence[str], spot: QueuePosition, why: str
) -> None:
    add(store, spec("a"), spec("b"), spec("c"), spec("done"))
    store.request_cancel("done")
    before = store.list_events(limit=1_000)
    with pytest.raises(CommandRefusedError, match=why):
        store.job_control.move(moved, spot)
    assert store.list_events(limit=1_000) == before


@pytest.mark.parametrize("status", JobStatus)
def test_the_queue_is_changed_in_exactly_the_states_of_the_command_table(
    store: JobStateStore, status: JobStatus
) -> None:
    add(store, spec("other"), spec("a"))
    set_status(store, "a", status)
    control, top = store.job_control, QueuePosition(where="top")
    attempts: dict[JobCommand, Callable[[], object]] = {
        JobCommand.SET_PRIORITY: lambda: control.set_priority("a", 0),
        JobCommand.MOVE: lambda: control.move(["a"], top),
        JobCommand.EDIT: lambda: control.edit("a", spec("a")),
    }
    done = {command for command, attempt in attempts.items() if carried_out(attempt)}
    assert done == {command for command in attempts if status in COMMAND_STATES[command].allowed}


def test_a_job_is_put_back_where_it_was(store: JobStateStore) -> None:
    add(store, spec("a", metadata={"priority": 9}), spec("b"), spec("c"))
    before = job_of(store, "c")
    store.job_control.move(["c"], QueuePosition(where="top"))
    store.job_control.put_back("c", priority=before.priority, queue_position=before.queue_position)
    assert job_of(store, "c") == before


def test_the_queue_position_outlasts_a_restart(store: JobStateStore) -> None:
    add(store, spec("a"), spec("b"))
    store.job_control.move(["b"], QueuePosition(where="top"))
    again = JobStateStore(home=store.home)
    assert line(again) == ["b", "a"]
    again.close()


def test_a_retry_with_another_tool_is_checked_before_it_is_queued(store: JobStateStore) -> None:
    add(store, spec("a"), spec("b", tool="aider"))
    for job_id in "ab":
        store.request_cancel(job_id)
    before = len(events(store))
    with pytest.raises(CommandRefusedError, match="a cannot be run with codex"):
        store.job_control.retry("a", tool="codex")
    with pytest.raises(
        CommandRefusedError, match="b cannot be run with emacs: tool: 'emacs' is not one of shell, "
    ):
        store.job_control.retry("b", tool="emacs")
    assert len(events(store)) == before
    assert store.job_control.retry("b", tool="codex").tool == "codex"


def test_a_retry_takes_what_depends_on_it_along_but_not_what_ended_well(store: JobStateStore) -> None:
    add(
        store, spec("a"), spec("b", metadata={"depends_on": ["a"]}), spec("c", metadata={"depends_on": ["b"]}),
        spec("d", metadata={"depends_on": ["a"]}), spec("other"),
    )  # fmt: skip
    for job_id in ("a", "c", "other"):
        store.request_cancel(job_id)
    store.job_control.skip("d")
    assert [job.job_id for job in store.job_control.retry_all(["a"])] == ["a", "c"]
    states = {job.job_id: job.status.value for job in store.list_jobs("r1")}
    assert states == {"a": "queued", "b": "queued", "c": "queued", "d": "skipped", "other": "cancelled"}


def test_a_waiting_job_is_edited_and_what_follows_from_its_words_follows(store: JobStateStore) -> None:
    add(store, spec("p"), spec("a", metadata={"priority": 3}))
    store.hold("a")
    store.job_control.set_priority("a", 7)
    edited = spec(
        "a", tool="aider", files=["src/x.py"],
        metadata={"priority": 3, "depends_on": ["p"], "retry": {"limit": 4}, "group": "night"},
    )  # fmt: skip
    job = store.job_control.edit("a", edited)
    assert job == job_of(store, "a")
    assert (job.status, job.tool, job.group_name, job.max_attempts) == (JobStatus.HELD, "aider", "night", 5)
    assert (job.depends_on, job.files_scope, job.scope_root) == (("p",), ("src/x.py",), "/nowhere")
    assert job.priority == 7, "a priority given since counts as long as the file says the same one"
    assert job.digest == edited.digest()
    assert store.job_spec("a") == edited
    assert events(store)[-1] == "job.edited"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"run_id": "r2"}, "keeps the run_id r1"),
        ({"workstream_id": "w2"}, "keeps the workstream_id main"),
        ({"metadata": {"depends_on": ["child"]}}, "wait for each other"),
    ],
)
def test_an_edit_that_would_make_another_job_of_it_is_refused(
    store: JobStateStore, fields: dict[str, Any], why: str
) -> None:
    add(store, spec("a"), spec("child", metadata={"depends_on": ["a"]}))
    before = len(events(store))
    with pytest.raises((CommandRefusedError, JobFileError), match=why):
        store.job_control.edit("a", spec("a", **fields))
    with pytest.raises(CommandRefusedError, match="keeps the job_id a"):
        store.job_control.edit("a", spec("b"))
    assert len(events(store)) == before


def test_only_a_waiting_job_is_edited_or_given_a_priority(store: JobStateStore) -> None:
    add(store, spec("a"))
    store.request_cancel("a")
    with pytest.raises(CommandRefusedError, match="a was cancelled; only a waiting job can be changed"):
        store.job_control.edit("a", spec("a"))
    with pytest.raises(CommandRefusedError, match="a was cancelled; only a waiting job can be changed"):
        store.job_control.set_priority("a", 5)


def test_a_command_that_would_do_nothing_is_refused(store: JobStateStore) -> None:
    before = store.list_events()
    with pytest.raises(CommandRefusedError, match="Nothing is paused"):
        store.queue_control.resume()
    with pytest.raises(CommandRefusedError, match="no limit for tool aider"):
        store.queue_control.remove_limit(LimitKind.TOOL, "aider")
    assert store.list_events() == before


@pytest.mark.parametrize(
    ("limit", "why"),
    [
        (Limit(kind=LimitKind.TOOL, key="aider", value=0), "at least 1"),
        (Limit(kind=LimitKind.TOOL, key="", value=1), "needs the name"),
        (Limit(kind=LimitKind.GLOBAL, key="x", value=1), "takes no name"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(store: JobStateStore, limit: Limit, why: str) -> None:
    with pytest.raises(CommandRefusedError, match=why):
        store.queue_control.set_limit(limit)


def test_limits_are_set_and_removed(store: JobStateStore) -> None:
    limit = Limit(kind=LimitKind.GROUP, key="night", value=2)
    store.queue_control.set_limit(limit)
    assert limit in store.queue_control.limits()
    store.queue_control.remove_limit(LimitKind.GROUP, "night")
    assert limit not in store.queue_control.limits()
    assert events(store)[-2:] == ["limit.set", "limit.removed"]


@pytest.mark.parametrize(
    ("ladders", "why"),
    [
        ({"aider": ["shell"]}, "shell is no rung"),
        ({"make": ["codex"]}, "make is no rung"),
        ({"aider": ["codex", "codex"]}, "names a tool twice"),
        ({"aider": ["aider"]}, "names a tool twice"),
    ],
)
def test_a_ladder_that_leads_nowhere_is_refused(
    store: JobStateStore, ladders: dict[str, list[str]], why: str
) -> None:
    with pytest.raises(SignalboxError, match=why):
        store.queue_control.change_setting("ladders", ladders)
    store.queue_control.change_setting("ladders", {"aider": ["codex", "claude"]})
    assert store.settings().ladders == {"aider": ("codex", "claude")}


def test_a_group_is_held_and_resumed(store: JobStateStore) -> None:
    store.queue_control.set_hold(Hold(kind=HoldKind.GROUP, key="night", reason="not now", since=1.0))
    assert store.queue_control.lift_hold(HoldKind.GROUP, "night")
    assert not store.queue_control.lift_hold(HoldKind.GROUP, "night")


def test_a_hold_of_a_person_never_waits_for_trust_whatever_its_reason_says(store: JobStateStore) -> None:
    add(store, spec("a"))
    held = store.hold("a", "needs trust: says Ann, who is on holiday")
    assert not waits_for_trust(held)
    store.release("a")
    assert not TrustStore().covers_job(store.home.home_id(), "a", launch_plans(spec("a")))


def test_a19_a_move_counts_with_what_has_changed_since_it_was_computed(
    store: JobStateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, *(spec(name) for name in "abc"))
    moves, changes = queue_order.moves, ["c"]

    def moves_and_change(*arguments: Any) -> Any:
        found = moves(*arguments)
        if changes and store.database.joined is None:
            store.request_cancel(changes.pop())
        return found

    monkeypatch.setattr(queue_order, "moves", moves_and_change)
    with pytest.raises(CommandRefusedError, match="moved after c: it is not waiting"):
        store.job_control.move(["a"], QueuePosition(where="after", job_id="c"))
    assert line(store) == ["a", "b"]
