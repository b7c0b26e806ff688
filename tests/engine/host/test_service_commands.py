"""What a person asks of an engine, as the window sends it: each command carried out, refused or taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import CommandRefusedError
from engine.host.commands import (
    AddJobs,
    CancelJobs,
    Drain,
    EditJob,
    HoldJobs,
    LabelJobs,
    LiftHold,
    MoveInQueue,
    PerJobCommand,
    Redo,
    ReleaseJobs,
    RemoveLimit,
    Resume,
    RetryJobs,
    SetHold,
    SetLimit,
    SetNote,
    SetPriority,
    SkipJobs,
    Undo,
)  # fmt: skip
from engine.host.engine_service import EngineService
from engine.interfaces import Accepted
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system.home import Home
from engine.types import QueuePosition
from state.records import Hold, HoldCause, HoldKind, Job, JobStatus, Limit, LimitKind


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    yield made
    made.close()


def spec(job_id: str, **metadata: Any) -> Any:
    return job_from_mapping(
        {"job_id": job_id, "tool": "shell", "command": {"exe": "true"}, "metadata": metadata},
        base=Path("/nowhere"),
    )


def add(engine: EngineService, *names: str) -> None:
    items = [Accepted(spec=spec(name), digest=spec(name).digest()) for name in names]
    engine.carry_out(AddJobs(jobs=items, run_id="r1"))


def job(engine: EngineService, job_id: str) -> Job:
    found = engine.store.get_job(job_id)
    assert found is not None
    return found


def line(engine: EngineService) -> list[str]:
    return [one.job_id for one in sorted(engine.store.list_jobs("r1"), key=lambda one: one.queue_key)]


COMMANDS: list[PerJobCommand | MoveInQueue] = [
    HoldJobs(job_ids=["b"]),
    CancelJobs(job_ids=["b"]),
    SetPriority(job_ids=["b"], priority=50),
    MoveInQueue(job_ids=["b"], position=QueuePosition(where="bottom")),
    SetNote(job_ids=["b"], note="Ask Anna."),
    LabelJobs(job_ids=["b"], add=["flaky"]),
]


@pytest.mark.parametrize("command", COMMANDS, ids=[command.kind.name for command in COMMANDS])
def test_a_command_on_a_waiting_job_is_undone(
    engine: EngineService, command: PerJobCommand | MoveInQueue
) -> None:
    add(engine, "a", "b", "c")
    before = job(engine, "b")
    outcome = engine.carry_out(command)
    assert [one.job_id for one in outcome.changed] == ["b"]
    assert outcome.before == [before]
    assert job(engine, "b") != before
    undo = Undo(undone=command.kind, before=outcome.before, after=outcome.changed)
    engine.carry_out(undo)
    after = job(engine, "b")
    assert state_of(after) == state_of(before)
    engine.carry_out(Redo(undo=undo))
    again, first = job(engine, "b"), outcome.changed[0]
    assert state_of(again) == state_of(first)


def state_of(job: Job) -> tuple[object, ...]:
    return (job.status, job.queue_key, job.held, job.note, job.labels)


@pytest.mark.parametrize("command", [SetNote(job_ids=["a"], note="No."), LabelJobs(job_ids=["a"], add=["x"])])
def test_what_was_written_on_a_job_that_has_ended_is_undone(
    engine: EngineService, command: SetNote | LabelJobs
) -> None:
    add(engine, "a")
    engine.carry_out(CancelJobs(job_ids=["a"]))
    outcome = engine.carry_out(command)
    undo = Undo(undone=command.kind, before=outcome.before, after=outcome.changed)
    assert (job(engine, "a").note, job(engine, "a").labels) != ("", ())
    engine.carry_out(undo)
    assert (job(engine, "a").note, job(engine, "a").labels) == ("", ())


def test_undoing_one_note_on_several_jobs_gives_each_its_own_back(engine: EngineService) -> None:
    add(engine, "a", "b", "c")
    engine.carry_out(SetNote(job_ids=["a"], note="Ask Anna."))
    engine.carry_out(SetNote(job_ids=["b"], note="Ask Bert."))
    command = SetNote(job_ids=["a", "b", "c"], note="Ask nobody.")
    outcome = engine.carry_out(command)
    undo = Undo(undone=command.kind, before=outcome.before, after=outcome.changed)
    engine.carry_out(undo)
    assert [job(engine, one).note for one in "abc"] == ["Ask Anna.", "Ask Bert.", ""]
    engine.carry_out(Redo(undo=undo))
    assert [job(engine, one).note for one in "abc"] == ["Ask nobody."] * 3


def test_what_waits_for_trust_is_not_released_by_doing_a_release_again(engine: EngineService) -> None:
    add(engine, "a")
    released = job(engine, "a")
    engine.store.hold("a", "it runs a command of its own", cause=HoldCause.TRUST)
    with pytest.raises(CommandRefusedError, match="a waits for your trust"):
        engine.carry_out(
            Redo(undo=Undo(undone=ReleaseJobs.kind, before=[job(engine, "a")], after=[released]))
        )


@pytest.mark.parametrize("command", [ReleaseJobs(job_ids=["a"]), CancelJobs(job_ids=["a"])])
def test_a_job_that_was_held_is_held_again_for_the_same_reason(
    engine: EngineService, command: ReleaseJobs | CancelJobs
) -> None:
    add(engine, "a")
    engine.carry_out(HoldJobs(job_ids=["a"], reason="not before lunch"))
    before = job(engine, "a")
    engine.carry_out(command)
    assert job(engine, "a").status is not JobStatus.HELD
    engine.carry_out(Undo(undone=command.kind, before=[before]))
    assert (job(engine, "a").status, job(engine, "a").hold_reason) == (JobStatus.HELD, "not before lunch")


def test_a_job_that_waits_for_its_time_is_started_at_once_and_there_is_nothing_to_take_back(
    engine: EngineService,
) -> None:
    job_spec = spec("a", start_at="2999-01-01T00:00:00+00:00")
    engine.carry_out(AddJobs(jobs=[Accepted(spec=job_spec, digest=job_spec.digest())], run_id="r1"))
    outcome = engine.carry_out(ReleaseJobs(job_ids=["a"]))
    assert job(engine, "a").not_before is None
    assert outcome.before == ()
    with pytest.raises(CommandRefusedError, match="a is queued and cannot become queued"):
        engine.carry_out(ReleaseJobs(job_ids=["a"]))


def test_a_cancelled_job_that_waited_for_its_time_waits_for_it_again(engine: EngineService) -> None:
    job_spec = spec("a", start_at="2999-01-01T00:00:00+00:00")
    engine.carry_out(AddJobs(jobs=[Accepted(spec=job_spec, digest=job_spec.digest())], run_id="r1"))
    before = job(engine, "a")
    outcome = engine.carry_out(CancelJobs(job_ids=["a"]))
    engine.carry_out(Undo(undone=CancelJobs.kind, before=outcome.before, after=outcome.changed))
    assert before.not_before is not None
    assert job(engine, "a") == before


def test_undoing_a_hold_releases_from_that_hold_alone(engine: EngineService) -> None:
    add(engine, "a")
    outcome = engine.carry_out(HoldJobs(job_ids=["a"]))
    engine.carry_out(ReleaseJobs(job_ids=["a"]))
    engine.store.hold("a", "the disk is being replaced")
    with pytest.raises(CommandRefusedError, match="held anew meanwhile: the disk is being replaced"):
        engine.carry_out(Undo(undone=HoldJobs.kind, before=outcome.before, after=outcome.changed))
    assert job(engine, "a").status is JobStatus.HELD


def test_undoing_a_release_says_in_one_sentence_that_the_job_has_started(engine: EngineService) -> None:
    add(engine, "a")
    engine.carry_out(HoldJobs(job_ids=["a"]))
    outcome = engine.carry_out(ReleaseJobs(job_ids=["a"]))
    engine.store.mark_job_running("a")
    with pytest.raises(CommandRefusedError, match=r"^a is running by now and cannot be held again\.$"):
        engine.carry_out(Undo(undone=ReleaseJobs.kind, before=outcome.before, after=outcome.changed))


def test_undoing_a_hold_gives_no_trust(engine: EngineService) -> None:
    add(engine, "a")
    outcome = engine.carry_out(HoldJobs(job_ids=["a"]))
    engine.carry_out(ReleaseJobs(job_ids=["a"]))
    engine.store.hold("a", "it runs a command of its own", cause=HoldCause.TRUST)
    with pytest.raises(CommandRefusedError, match="a waits for your trust"):
        engine.carry_out(Undo(undone=HoldJobs.kind, before=outcome.before, after=outcome.changed))


def test_redoing_a_release_releases_from_that_hold_alone(engine: EngineService) -> None:
    add(engine, "a")
    engine.carry_out(HoldJobs(job_ids=["a"], reason="not before lunch"))
    outcome = engine.carry_out(ReleaseJobs(job_ids=["a"]))
    undo = Undo(undone=ReleaseJobs.kind, before=outcome.before, after=outcome.changed)
    engine.carry_out(undo)
    engine.carry_out(ReleaseJobs(job_ids=["a"]))
    engine.store.hold("a", "not today")
    with pytest.raises(CommandRefusedError, match="held anew meanwhile: not today"):
        engine.carry_out(Redo(undo=undo))


def test_what_has_gone_on_meanwhile_is_not_taken_back(engine: EngineService) -> None:
    add(engine, "a", "b")
    before = [job(engine, "a"), job(engine, "b")]
    engine.carry_out(CancelJobs(job_ids=["a", "b"]))
    engine.carry_out(RetryJobs(job_ids=["a"]))
    outcome = engine.carry_out(Undo(undone=CancelJobs.kind, before=before))
    assert [one.job_id for one in outcome.changed] == ["b"]
    assert outcome.refused == {"a": "a is queued; its cancelling cannot be undone."}


def test_jobs_are_moved_edited_and_retried_with_what_depends_on_them(engine: EngineService) -> None:
    add(engine, "a", "b", "c")
    engine.carry_out(MoveInQueue(job_ids=["c"], position=QueuePosition(where="before", job_id="b")))
    assert line(engine) == ["a", "c", "b"]
    engine.carry_out(EditJob(spec=spec("b", depends_on=["a"])))
    assert job(engine, "b").depends_on == ("a",)
    engine.carry_out(CancelJobs(job_ids=["a", "b"]))
    outcome = engine.carry_out(RetryJobs(job_ids=["a"], dependents=True))
    assert [one.job_id for one in outcome.changed] == ["a", "b"]


def test_holds_and_limits_are_set_and_removed(engine: EngineService) -> None:
    group = Hold(kind=HoldKind.GROUP, key="night", reason="day", since=0.0)
    engine.carry_out(SetHold(hold=group))
    (hold,) = engine.store.queue_control.holds()
    assert (hold.key, hold.since > 0) == ("night", True)
    engine.carry_out(LiftHold(hold_kind=HoldKind.GROUP, key="night"))
    with pytest.raises(CommandRefusedError, match="Nothing holds group night"):
        engine.carry_out(LiftHold(hold_kind=HoldKind.GROUP, key="night"))
    engine.carry_out(SetLimit(limit=Limit(kind=LimitKind.TOOL, key="shell", value=1)))
    engine.carry_out(RemoveLimit(limit_kind=LimitKind.TOOL, key="shell"))
    with pytest.raises(CommandRefusedError, match="no limit for tool shell"):
        engine.carry_out(RemoveLimit(limit_kind=LimitKind.TOOL, key="shell"))


def test_draining_is_a_pause_that_is_named_so_and_is_resumed_like_one(engine: EngineService) -> None:
    engine.carry_out(Drain())
    (hold,) = engine.store.queue_control.holds()
    assert (hold.kind, hold.cause) == (HoldKind.ENGINE, HoldCause.DRAIN)
    engine.carry_out(Resume())
    with pytest.raises(CommandRefusedError, match="Nothing is paused"):
        engine.carry_out(Resume())


def test_what_has_no_way_back_is_not_undone(engine: EngineService) -> None:
    add(engine, "a")
    with pytest.raises(CommandRefusedError, match="Accept as is cannot be undone"):
        engine.carry_out(Undo(undone=SkipJobs.kind, before=[job(engine, "a")]))


@pytest.mark.parametrize("meanwhile", ["nothing", "edited", "released", "cancelled"])
def test_what_was_read_before_a_release_is_carried_out_only_if_the_job_is_still_the_same(
    engine: EngineService, meanwhile: str
) -> None:
    add(engine, "a")
    engine.store.hold("a", "it runs a command of its own", cause=HoldCause.TRUST)
    release = ReleaseJobs(job_ids=["a"])
    reading = engine.read_first(release)
    assert reading is not None
    match meanwhile:
        case "edited":
            engine.carry_out(EditJob(spec=spec("a", priority=90)))
        case "released":
            engine.store.release("a")
        case "cancelled":
            engine.carry_out(CancelJobs(job_ids=["a"]))
        case _:
            pass
    if meanwhile == "nothing":
        outcome = engine.carry_out(release, reading.result())
        assert [one.status for one in outcome.changed] == [JobStatus.QUEUED]
        return
    before = job(engine, "a")
    with pytest.raises(CommandRefusedError):
        engine.carry_out(release, reading.result())
    assert job(engine, "a") == before


def test_a19_a_command_of_the_window_on_many_jobs_shares_transactions_and_so_does_its_undo(
    engine: EngineService, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"job-{number}" for number in range(300)]
    add(engine, *names)
    commits: list[None] = []
    monkeypatch.setattr(engine.store.database, "after_commit", lambda: commits.append(None))
    command = CancelJobs(job_ids=names)
    outcome = engine.carry_out(command)
    undo = Undo(undone=command.kind, before=outcome.before, after=outcome.changed)
    engine.carry_out(undo)
    engine.carry_out(Redo(undo=undo))
    assert len(commits) <= 6
    assert {job(engine, name).status for name in names} == {JobStatus.CANCELLED}


def test_a19_a_refusal_of_many_jobs_gives_a_few_reasons_and_the_number_of_the_others(
    engine: EngineService,
) -> None:
    names = [f"job-{number}" for number in range(300)]
    add(engine, *names)
    with pytest.raises(CommandRefusedError, match=r"The same goes for 280 more jobs\.$") as refused:
        engine.carry_out(RetryJobs(job_ids=names))
    assert len(str(refused.value)) < 8_000
