"""What an engine does with recurring runs: each due time is queued at most once, and none passes in silence."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError, JobFileError
from engine.intake.inbox import Inbox
from engine.interfaces import InlinePool
from engine.recurring import recurring_folder
from engine.recurring.due_file import due_file
from engine.recurring.due_notes import (
    DueNote,
    DueResult,
    LateCause,
    MissedRun,
    note_of,
    remove_note,
    write_note,
)
from engine.recurring.note_lock import LOCK_FILE
from engine.recurring.recurring_changes import RecurringRunChangedError
from engine.recurring.recurring_rows import acknowledge, queue_now, recurring_rows
from engine.recurring.recurring_runs import RecurringRuns
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from state.locks import KernelLock
from state.records import Event, Job, RecurringSource
from state.shown_names import ShownNames, run_name
from tests.helpers.command_line import python
from tests.helpers.logs import LogWatch
from tests.helpers.patience import PATIENCE_S

HOUR_S, DAY_S = 3600.0, 86_400.0


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


BEGIN = at("2026-11-30 12:00")


@dataclass
class RecurringBench:
    """Recurring runs of one home with its store and its inbox, on a clock that a test moves."""

    folder: Path
    home: Home
    store: JobStateStore
    inbox: Inbox
    pool: InlinePool = field(default_factory=InlinePool)
    late_cause: LateCause = LateCause.NO_ENGINE

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """What another engine would begin with."""
        self.runs = RecurringRuns(
            self.home,
            self.pool,
            store=self.store,
            place=self.inbox.place,
            is_in_inbox=self.inbox.is_waiting,
            wake=lambda: None,
            late_cause=lambda _at: self.late_cause,
        )

    def add(self, name: str = "nightly", **fields: object) -> None:
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
        given = {"file": str(file), "every": "every night 22:00", "timezone": "UTC", **fields}
        recurring_folder.save_recurring_run(self.home.root, name, fields=given, now=BEGIN)

    def step(self, now: str) -> None:
        """Two steps of an engine at this time, and what the inbox makes of them."""
        self.runs.run_if_due(at(now))
        self.runs.run_if_due(at(now))
        while self.inbox.scan().more:
            pass

    def jobs(self) -> list[Job]:
        found = [job for run in self.store.list_recent_runs(100) for job in self.store.list_jobs(run.run_id)]
        return sorted(found, key=lambda job: job.job_id)

    def job_ids(self) -> list[str]:
        return [job.job_id for job in self.jobs()]

    def events(self) -> list[Event]:
        return [event for event in self.store.list_events() if event.event_type.startswith("recurring.")]

    def note(self) -> DueNote:
        found = note_of(self.home.root, "nightly")
        assert found is not None
        return found

    def end_all(self) -> None:
        for job in self.jobs():
            self.store.request_cancel(job.job_id)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[RecurringBench]:
    home = Home.at(tmp_path / "home")
    store = JobStateStore(home=home)
    yield RecurringBench(tmp_path, home, store, Inbox(home.inbox, home, store))
    store.close()


def test_a_recurring_run_is_queued_when_it_is_due_and_waits_for_trust_like_a_dropped_file(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-11-30 21:59:59")
    assert bench.job_ids() == []
    bench.step("2026-11-30 22:00:01")
    (job,) = bench.jobs()
    assert (job.job_id, job.run_id) == ("nightly-20261130-2200Z",) * 2
    assert job.status.value == "held"
    assert [event.event_type for event in bench.events()] == ["recurring.queued"]
    bench.step("2026-11-30 22:00:03")
    assert len(bench.jobs()) == 1


def test_it_is_queued_again_at_the_next_due_time_once_the_one_before_is_over(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2026-11-30 22:00:01")
    bench.end_all()
    bench.step("2026-12-01 22:00:01")
    assert bench.job_ids() == ["nightly-20261130-2200Z", "nightly-20261201-2200Z"]


def test_a_template_is_filled_in_for_each_due_time(bench: RecurringBench) -> None:
    bench.add(file=None, template="nightly-tests", repo=str(bench.folder), values={"commits": 3})
    bench.step("2026-11-30 22:00:01")
    assert {job.run_id for job in bench.jobs()} == {"nightly-20261130-2200Z"}
    assert len(bench.jobs()) == 2


@pytest.mark.parametrize(
    ("own", "zone", "title"),
    [
        (None, "UTC", "nightly, 30 Nov 22:00"),
        (None, "Asia/Tokyo", "nightly, 1 Dec 07:00"),
        ("Upgrade everything", "UTC", "Upgrade everything, 30 Nov 22:00"),
        ("x" * 500, "UTC", f"{'x' * 450}, 30 Nov 22:00"),
    ],
)
def test_a_run_is_called_by_its_title_or_the_name_of_what_recurs_with_the_time_it_was_due(
    bench: RecurringBench, own: str | None, zone: str, title: str
) -> None:
    bench.add(timezone=zone, every="every day 07:00" if zone != "UTC" else "every night 22:00")
    file = bench.folder / "nightly.json"
    metadata = {"priority": "high"} | ({} if own is None else {"title": own})
    file.write_text(json.dumps({**python("print(1)"), "metadata": metadata}), encoding="utf-8")
    bench.step("2026-11-30 22:00:01")
    (job,) = bench.jobs()
    run = bench.store.get_run(job.run_id)
    assert run is not None
    assert (job.job_id, job.title, run_name(run)) == ("nightly-20261130-2200Z", title, title)
    assert ShownNames(runs={run.run_id: run}).job(job) == title


def test_the_run_of_a_pipeline_keeps_its_title_before_the_time_and_the_same_due_time_gives_the_same_bytes(
    bench: RecurringBench,
) -> None:
    bench.add(file=None, template="nightly-tests", repo=str(bench.folder))
    run = recurring_folder.recurring_run_named(bench.home.root, "nightly").run
    assert run is not None
    first, second = (due_file(bench.home.root, run, name="nightly", at=at("2026-11-30 22:00")) for _ in "12")
    assert first == second
    assert json.loads(first.text)["title"] == "Nightly tests, 30 Nov 22:00"


def test_due_times_that_passed_while_no_engine_ran_are_reported_and_made_up_for_once(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-12-03 08:00")
    assert bench.job_ids() == ["nightly-20261202-2200Z"]
    (event,) = bench.events()
    assert (event.event_type, event.level) == ("recurring.missed", "warning")
    assert "was due 3 times while no engine ran" in event.message
    note = note_of(bench.home.root, "nightly")
    assert note is not None
    assert note.result is DueResult.LATE


def test_a_missed_one_is_skipped_and_reported_if_the_file_says_so(bench: RecurringBench) -> None:
    bench.add(if_missed="skip")
    bench.step("2026-12-01 08:00")
    assert bench.job_ids() == []
    (event,) = bench.events()
    assert event.event_type == "recurring.missed"
    bench.step("2026-12-01 22:00:05")
    assert bench.job_ids() == ["nightly-20261201-2200Z"]


def test_one_whose_run_before_is_not_over_is_skipped_and_reported(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2026-11-30 22:00:01")
    bench.step("2026-12-01 22:00:01")
    assert len(bench.jobs()) == 1
    assert [event.event_type for event in bench.events()] == ["recurring.queued", "recurring.skipped"]
    bench.step("2026-12-01 22:00:05")
    assert len(bench.events()) == 2


def test_one_that_may_wait_is_queued_when_the_run_before_is_over(bench: RecurringBench) -> None:
    bench.add(if_running="queue")
    bench.step("2026-11-30 22:00:01")
    bench.step("2026-12-01 22:00:01")
    bench.step("2026-12-01 23:00")
    assert [event.event_type for event in bench.events()] == ["recurring.queued", "recurring.skipped"]
    bench.end_all()
    bench.step("2026-12-01 23:30")
    assert bench.job_ids() == ["nightly-20261130-2200Z", "nightly-20261201-2200Z"]


def test_a_clock_that_is_set_back_queues_nothing_twice(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2026-11-30 22:00:01")
    bench.end_all()
    for now in ("2026-11-30 21:30", "2026-11-30 22:00:01", "2026-11-30 23:00"):
        bench.step(now)
    assert bench.job_ids() == ["nightly-20261130-2200Z"]


def test_a_clock_that_ran_years_ahead_holds_nothing_up_once_it_is_right_again(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2031-01-01 08:00")
    bench.end_all()
    bench.step("2026-11-30 21:00")
    bench.step("2026-11-30 22:00:01")
    assert "nightly-20261130-2200Z" in bench.job_ids()


def test_an_engine_in_the_background_stays_while_one_is_enabled(bench: RecurringBench) -> None:
    assert bench.runs.is_awaiting, "nobody has looked yet"
    bench.step("2026-11-30 21:00")
    assert not bench.runs.is_awaiting
    bench.add()
    bench.step("2026-11-30 21:01")
    assert bench.runs.is_awaiting
    recurring_folder.switch_recurring_run(
        bench.home.root, "nightly", enabled=False, now=at("2026-11-30 21:02")
    )
    bench.step("2026-11-30 21:03")
    bench.step("2026-11-30 21:04")
    assert not bench.runs.is_awaiting


def test_nothing_is_missed_while_a_recurring_run_is_paused(bench: RecurringBench) -> None:
    bench.add()
    root = bench.home.root
    recurring_folder.switch_recurring_run(root, "nightly", enabled=False, now=BEGIN)
    bench.step("2026-12-01 08:00")
    recurring_folder.switch_recurring_run(root, "nightly", enabled=True, now=at("2026-12-01 09:00"))
    bench.step("2026-12-01 09:01")
    assert (bench.job_ids(), bench.events()) == ([], [])
    bench.step("2026-12-01 22:00:01")
    assert bench.job_ids() == ["nightly-20261201-2200Z"]


def test_a_file_that_is_not_valid_is_a_problem_with_line_and_field_and_the_others_go_on(
    bench: RecurringBench,
) -> None:
    bench.add()
    bad = recurring_folder.recurring_folder(bench.home.root) / "bad.yaml"
    bad.write_text("template: nightly-tests\nrepo: /srv/shop\nevery: every someday 22:00\n", encoding="utf-8")
    bench.step("2026-11-30 22:00:01")
    assert bench.job_ids() == ["nightly-20261130-2200Z"]
    assert bench.runs.problem is not None
    assert "bad.yaml: line 3: every: 'someday' is no day" in bench.runs.problem.sentence
    assert not bench.runs.problem.stops
    bad.unlink()
    bench.step("2026-11-30 22:00:03")
    assert bench.runs.problem is None


def test_one_whose_template_is_gone_is_reported_when_it_is_due(bench: RecurringBench) -> None:
    bench.add(file=None, template="gone", repo=str(bench.folder))
    bench.step("2026-11-30 22:00:01")
    (event,) = bench.events()
    assert (event.event_type, event.level) == ("recurring.failed", "error")
    assert "There is no template gone" in event.message
    bench.step("2026-11-30 22:00:05")
    assert len(bench.events()) == 1


def test_an_inbox_that_cannot_be_written_loses_no_due_time(
    bench: RecurringBench, expect_log: LogWatch
) -> None:
    expect_log.expect("The recurring run nightly waits: .*File exists")
    bench.add()
    taking = bench.home.inbox / ".taking"
    taking.write_text("in the way", encoding="utf-8")
    bench.runs.run_if_due(at("2026-11-30 22:00:01"))
    bench.runs.run_if_due(at("2026-11-30 22:00:01"))
    taking.unlink()
    bench.step("2026-11-30 22:00:05")
    assert bench.job_ids() == ["nightly-20261130-2200Z"]


KILLED = """
import sys
from tests.engine.recurring.test_recurring_runs import killed_engine
killed_engine(sys.argv[1])
"""


def killed_engine(folder: str) -> None:
    """What an engine does at a due time; `SIGNALBOX_FAULT` kills it on the way."""
    home = Home.at(Path(folder) / "home")
    store = JobStateStore(home=home)
    bench = RecurringBench(Path(folder), home, store, Inbox(home.inbox, home, store))
    bench.step("2026-11-30 22:00:01")
    os._exit(7)


@pytest.mark.parametrize("point", ["recurring_placed", "recurring_noted", "accepted", "before_unlink"])
def test_an_engine_killed_at_a_due_time_neither_loses_nor_doubles_it(
    bench: RecurringBench, point: str
) -> None:
    pipeline = {"title": "Night", "workstreams": {"one": {"steps": [python("print(1)")]}}}
    bench.add()
    (bench.folder / "nightly.json").write_text(json.dumps(pipeline), encoding="utf-8")
    environment = {**os.environ, "SIGNALBOX_FAULT": point}
    root = Path(__file__).parents[3]
    words = [sys.executable, "-c", KILLED, str(bench.folder)]
    done = subprocess.run(words, cwd=root, env=environment, check=False)
    assert done.returncode == -9, "the engine was killed"
    bench.restart()
    bench.step("2026-11-30 22:00:05")
    bench.end_all()
    bench.restart()
    bench.step("2026-11-30 22:00:09")
    assert [job.run_id for job in bench.jobs()] == ["nightly-20261130-2200Z"]


def test_one_that_waits_for_the_run_before_is_not_missed_though_missed_ones_are_skipped(
    bench: RecurringBench,
) -> None:
    bench.add(if_running="queue", if_missed="skip")
    bench.step("2026-11-30 22:00:01")
    bench.step("2026-12-01 22:00:01")
    bench.step("2026-12-01 22:30")
    bench.end_all()
    bench.step("2026-12-01 22:31")
    assert bench.job_ids() == ["nightly-20261130-2200Z", "nightly-20261201-2200Z"]
    assert "recurring.missed" not in {event.event_type for event in bench.events()}


def test_one_that_is_added_again_under_a_name_that_was_removed_counts_from_then_on(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-11-30 21:00")
    recurring_folder.remove_recurring_run(bench.home.root, "nightly", now=BEGIN)
    fields = {"file": str(bench.folder / "nightly.json"), "every": "every night 22:00", "timezone": "UTC"}
    later = at("2026-12-05 12:00")
    recurring_folder.save_recurring_run(bench.home.root, "nightly", fields=fields, now=later)
    bench.step("2026-12-05 12:01")
    assert bench.job_ids() == []
    assert bench.events() == []


def test_a_link_to_nothing_and_a_damaged_note_stop_no_other(bench: RecurringBench) -> None:
    bench.add("a")
    bench.add("b")
    (bench.home.root / "schedules" / "z.yaml").symlink_to(bench.folder / "nothing")
    note = bench.home.root / "schedules" / ".notes" / "a.json"
    note.write_text(json.dumps({"settled_until": -1e300}))
    bench.step("2026-11-30 21:00")
    bench.step("2026-11-30 22:00:01")
    assert "b-20261130-2200Z" in bench.job_ids()


def test_of_two_files_with_one_name_the_second_is_refused_and_the_first_recurs(bench: RecurringBench) -> None:
    bench.add()
    folder = bench.home.root / "schedules"
    (folder / "nightly.yml").write_text((folder / "nightly.yaml").read_text())
    bench.step("2026-11-30 22:00:01")
    assert bench.job_ids() == ["nightly-20261130-2200Z"]
    assert bench.runs.problem is not None
    assert "nightly.yml" in bench.runs.problem.sentence


def queue_by_hand(bench: RecurringBench, now: str) -> str:
    return queue_now(bench.home.root, "nightly", inbox=bench.home.inbox, now=at(now))


def test_two_that_are_queued_by_hand_within_one_second_run_both_and_each_once(bench: RecurringBench) -> None:
    bench.add()
    first, second = (queue_by_hand(bench, "2026-11-30 13:00") for _ in range(2))
    bench.restart()
    accept(bench)
    assert bench.job_ids() == sorted({first, second})
    accept(bench)
    assert len(bench.jobs()) == 2


def test_an_edit_waits_for_who_changes_the_note_and_forgets_no_run_that_was_queued_by_hand(
    bench: RecurringBench,
) -> None:
    bench.add()
    with ThreadPoolExecutor(1) as pool:
        with KernelLock.take(bench.home.root / LOCK_FILE, timeout_s=1):
            editing = pool.submit(
                recurring_folder.switch_recurring_run, bench.home.root, "nightly", enabled=False, now=BEGIN
            )
            with pytest.raises(TimeoutError):
                editing.result(0.2)
            note = note_of(bench.home.root, "nightly")
            assert note is not None
            write_note(bench.home.root, "nightly", note=note.with_one_by_hand("nightly-now"))
        editing.result(PATIENCE_S)
    edited = note_of(bench.home.root, "nightly")
    assert edited is not None
    assert (edited.enabled, edited.by_hand) == (False, ("nightly-now",))


def accept(bench: RecurringBench) -> None:
    """What an inbox makes of files that have stopped changing."""
    clock = iter(range(0, 1000, 10))
    inbox = Inbox(bench.home.inbox, bench.home, bench.store, monotonic=lambda: float(next(clock)))
    for _ in range(4):
        inbox.scan()


def test_a_run_queued_by_hand_does_not_hide_that_the_one_of_the_due_time_is_not_over(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-11-30 22:00:01")
    by_hand = queue_by_hand(bench, "2026-12-01 13:00")
    accept(bench)
    bench.store.request_cancel(by_hand)
    bench.step("2026-12-01 22:00:01")
    assert "nightly-20261130-2200Z was not over" in str(bench.note().reason)
    bench.store.request_cancel("nightly-20261130-2200Z")
    bench.step("2026-12-02 22:00:01")
    assert bench.job_ids()[-1] == "nightly-20261202-2200Z"
    assert bench.note().by_hand == ()


def test_a_due_time_does_not_overtake_a_run_that_was_queued_by_hand(bench: RecurringBench) -> None:
    bench.add()
    by_hand = queue_by_hand(bench, "2026-11-30 21:59")
    accept(bench)
    bench.step("2026-11-30 22:00:01")
    assert bench.job_ids() == [by_hand]
    assert str(bench.note().reason) == f"{by_hand} was not over"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (LateCause.ASLEEP, "was due 3 times while the machine was asleep, last at"),
        (LateCause.CLOCK_SET, "was due 3 times when the clock was set ahead, last at"),
        (LateCause.HELD_UP, "was due 3 times while the engine was held up, last at"),
    ],
)
def test_a_missed_one_says_why_it_was_missed(bench: RecurringBench, cause: LateCause, words: str) -> None:
    bench.late_cause = cause
    bench.add(if_missed="skip")
    bench.step("2026-12-03 08:00")
    (event,) = bench.events()
    assert words in event.message
    assert event.payload["cause"] == cause
    assert bench.note().reason == cause.words


def test_a_file_of_another_user_and_a_link_do_not_recur(bench: RecurringBench) -> None:
    bench.add("linked")
    file = bench.folder / "linked.json"
    file.rename(bench.folder / "elsewhere.json")
    file.symlink_to(bench.folder / "elsewhere.json")
    expected = {"linked": "is a symbolic link"}
    if os.geteuid() == 0:
        bench.add("theirs")
        os.chown(bench.folder / "theirs.json", 65534, -1)
        expected["theirs"] = "belongs to another user"
    bench.step("2026-11-30 22:00:01")
    assert bench.jobs() == []
    found = {event.payload["name"]: event.message for event in bench.events()}
    assert all(expected[name] in message for name, message in found.items())
    assert found.keys() == expected.keys()


def test_a_line_break_in_the_name_of_a_file_is_escaped_in_the_problem(bench: RecurringBench) -> None:
    folder = recurring_folder.recurring_folder(bench.home.root)
    folder.mkdir(exist_ok=True)
    (folder / "a\nb.yaml").write_text("every: daily\n", encoding="utf-8")
    bench.step("2026-11-30 21:00")
    assert bench.runs.problem is not None
    assert "a\\x0ab.yaml" in bench.runs.problem.sentence
    assert "\n" not in bench.runs.problem.sentence


def missed(bench: RecurringBench) -> list[str]:
    return [row.name for row in recurring_rows(bench.home.root, BEGIN) if row.is_missed]


def test_a_missed_run_needs_a_person_until_it_is_dismissed_queued_by_hand_or_due_again(
    bench: RecurringBench,
) -> None:
    root = bench.home.root
    bench.add(if_missed="skip")
    bench.step("2026-12-01 08:00")
    assert missed(bench) == ["nightly"]
    seen = MissedRun("nightly", at("2026-11-30 22:00"))
    assert acknowledge(root, [seen, MissedRun("other", seen.due_at)]) == [seen]
    assert missed(bench) == []
    assert acknowledge(root, [seen], acknowledged=False) == [seen]
    assert missed(bench) == ["nightly"]
    queue_by_hand(bench, "2026-12-01 09:00")
    assert missed(bench) == []
    accept(bench)
    bench.end_all()
    bench.step("2026-12-02 08:00")
    assert missed(bench) == ["nightly"], "the next one that is missed is another one"
    bench.step("2026-12-02 22:00:01")
    assert missed(bench) == []


def test_what_could_not_be_queued_needs_a_person_and_what_was_made_up_for_does_not(
    bench: RecurringBench,
) -> None:
    bench.add("late")
    bench.add("broken", file=None, template="gone", repo=str(bench.folder))
    bench.step("2026-12-01 08:00")
    assert missed(bench) == ["broken"]


def test_one_that_was_missed_since_a_person_looked_stays_in_sight(bench: RecurringBench) -> None:
    root = bench.home.root
    bench.add(if_missed="skip")
    bench.step("2026-12-01 08:00")
    seen = bench.note().missed("nightly")
    assert seen is not None
    bench.step("2026-12-02 08:00")
    assert acknowledge(root, [seen]) == []
    queue_now(root, "nightly", inbox=bench.home.inbox, now=at("2026-12-02 08:01"), seen=seen)
    assert missed(bench) == ["nightly"]
    assert bench.note().missed("nightly") == MissedRun("nightly", at("2026-12-01 22:00"))


def test_a_run_queued_by_hand_counts_as_open_while_its_file_is_in_the_inbox(bench: RecurringBench) -> None:
    bench.add()
    by_hand = queue_by_hand(bench, "2026-11-30 21:59")
    bench.runs.run_if_due(at("2026-11-30 22:00:01"))
    bench.runs.run_if_due(at("2026-11-30 22:00:01"))
    assert (bench.note().result, bench.note().blocked_by) == (DueResult.SKIPPED, by_hand)
    taking = bench.home.inbox / ".taking"
    taking.mkdir(exist_ok=True)
    (bench.home.inbox / f"{by_hand}.json").rename(taking / f"0123456789abcdef-{by_hand}.json")
    assert bench.inbox.is_waiting(f"{by_hand}.json")
    accept(bench)
    assert bench.job_ids() == [by_hand]
    assert not bench.inbox.is_waiting(f"{by_hand}.json")


def rename(bench: RecurringBench, name: str, to: str, now: str) -> None:
    recurring_folder.rename_recurring_run(bench.home.root, name, to, now=at(now))


def test_one_that_is_renamed_keeps_what_it_was_and_is_due_once_each_time(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2026-11-30 22:00:01")
    rename(bench, "nightly", "evening", "2026-11-30 23:00")
    bench.step("2026-12-01 22:00:01")
    assert bench.job_ids() == ["nightly-20261130-2200Z"], "the run before is not over, whatever its name"
    bench.end_all()
    bench.step("2026-12-02 22:00:01")
    assert bench.job_ids() == ["evening-20261202-2200Z", "nightly-20261130-2200Z"]
    assert bench.jobs()[0].title == "evening, 2 Dec 22:00"
    assert note_of(bench.home.root, "nightly") is None


def test_a_due_time_before_a_rename_is_made_up_for_under_the_name_it_had(bench: RecurringBench) -> None:
    bench.add()
    bench.step("2026-11-30 21:00")
    rename(bench, "nightly", "evening", "2026-12-01 07:00")
    bench.add("other", every="every hour")
    rename(bench, "other", "nightly", "2026-12-01 07:01")
    bench.step("2026-12-01 07:30")
    assert "nightly-20261130-2200Z" in bench.job_ids()
    assert not any(job.startswith("evening") for job in bench.job_ids())


@pytest.mark.parametrize(
    "point",
    ["recurring_placed", "recurring_rename_begun", "recurring_renaming", "recurring_renamed", "recurring_rename_ended"],
)  # fmt: skip
def test_whatever_is_killed_around_a_rename_nothing_is_due_twice_lost_or_left_behind(
    bench: RecurringBench, point: str
) -> None:
    bench.add()
    bench.step("2026-11-30 21:00")
    words = ["-m", "engine", "schedules", "rename", "nightly", "evening", "--home", str(bench.home.root)]
    words = ["-c", KILLED, str(bench.folder)] if point == "recurring_placed" else words
    killed = {**os.environ, "SIGNALBOX_FAULT": point}
    ended = subprocess.run([sys.executable, *words], cwd=Path(__file__).parents[3], env=killed, check=False)
    assert ended.returncode == -signal.SIGKILL
    schedules = bench.home.root / "schedules"
    if point != "recurring_placed":
        left = next(name for name in ("nightly", "evening") if not (schedules / f"{name}.yaml").exists())
        bench.add(left, enabled=False)
        assert note_of(bench.home.root, left).former == (), "it has nothing of the one that was renamed"
        recurring_folder.remove_recurring_run(bench.home.root, left, now=BEGIN)
        remove_note(bench.home.root, left)
    if (schedules / "nightly.yaml").exists():
        rename(bench, "nightly", "evening", "2026-11-30 22:01")
    for now in ("2026-11-30 22:01:10", "2026-11-30 22:01:20", "2026-11-30 22:30"):
        bench.restart()
        bench.step(now)
    assert [len(bench.jobs()), bench.job_ids()[0][-15:]] == [1, "-20261130-2200Z"]
    assert [file.name for file in (schedules / ".notes").iterdir()] == ["evening.json"]


def test_an_engine_that_starts_takes_back_what_a_killed_rename_has_left_beside_a_file_that_came_since(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-11-30 21:00")
    root, schedules = bench.home.root, bench.home.root / "schedules"
    file = schedules / "nightly.yaml"
    begun = {"before": "nightly.yaml", "after": "evening.yaml", "inode": file.stat().st_ino}
    (schedules / ".notes" / ".renaming.json").write_text(json.dumps(begun), encoding="utf-8")
    write_note(root, "evening", note=bench.note().renamed("nightly", at("2026-11-30 21:00")))
    (schedules / "evening.yaml").write_bytes(file.read_bytes())
    for now in ("2026-11-30 23:00", "2026-11-30 23:01"):
        bench.restart()
        bench.step(now)
    assert bench.job_ids() == ["nightly-20261130-2200Z"], (
        "the one that was written by hand counts from then on"
    )
    file.unlink()
    begun["inode"] = (schedules / "evening.yaml").stat().st_ino
    (schedules / ".notes" / ".renaming.json").write_text(json.dumps(begun), encoding="utf-8")
    bench.step("2026-11-30 23:10")
    assert sorted(one.name for one in (schedules / ".notes").iterdir()) == ["evening.json"]


def test_a_rename_replaces_none_and_an_edit_brings_back_none_that_was_renamed(bench: RecurringBench) -> None:
    root = bench.home.root
    bench.add()
    bench.add("other")
    with pytest.raises(CommandRefusedError, match="other already"):
        rename(bench, "nightly", "other", "2026-11-30 13:00")
    with pytest.raises(JobFileError, match="should be up to 40"):
        rename(bench, "nightly", "../up", "2026-11-30 13:00")
    with ThreadPoolExecutor(1) as pool:
        with KernelLock.take(root / LOCK_FILE, timeout_s=1):
            editing = pool.submit(
                recurring_folder.switch_recurring_run, root, "other", enabled=False, now=BEGIN
            )
            with pytest.raises(TimeoutError):
                editing.result(0.2)
            (root / "schedules" / "other.yaml").rename(root / "schedules" / "third.yaml")
        with pytest.raises(CommandRefusedError, match="is gone"):
            editing.result(PATIENCE_S)
    fields = {**recurring_folder.recurring_run_named(root, "third").run.to_json(), "every": "every hour"}
    with pytest.raises(CommandRefusedError, match="any more"):  # a form that was opened on it before
        recurring_folder.save_recurring_run(root, "other", fields=fields, now=BEGIN, replace=True)
    assert [one.name for one in recurring_folder.find_recurring_runs(root)] == ["nightly", "third"]


def test_run_now_of_one_that_is_renamed_meanwhile_is_refused_and_leaves_no_note(
    bench: RecurringBench,
) -> None:
    root = bench.home.root
    bench.add()
    with ThreadPoolExecutor(1) as pool:
        with KernelLock.take(root / LOCK_FILE, timeout_s=1):
            queueing = pool.submit(queue_by_hand, bench, "2026-11-30 13:00")
            with pytest.raises(TimeoutError):
                queueing.result(0.2)
            (root / "schedules" / "nightly.yaml").rename(root / "schedules" / "evening.yaml")
            remove_note(root, "nightly")
        with pytest.raises(CommandRefusedError, match="no recurring run nightly"):
            queueing.result(PATIENCE_S)
    assert note_of(root, "nightly") is None
    assert not list(bench.home.inbox.glob("nightly-*"))


def test_one_that_is_removed_while_it_is_read_is_not_queued(bench: RecurringBench) -> None:
    bench.add()
    bench.runs.run_if_due(at("2026-11-30 22:00:01"))
    recurring_folder.remove_recurring_run(bench.home.root, "nightly", now=BEGIN)
    bench.step("2026-11-30 22:00:02")
    assert bench.jobs() == []


def test_one_that_is_put_back_is_the_one_it_was_and_loses_or_doubles_no_due_time(
    bench: RecurringBench,
) -> None:
    root = bench.home.root
    bench.add()
    bench.step("2026-11-30 22:00:01")
    bench.end_all()
    file = root / "schedules" / "nightly.yaml"
    content = b"# mine\n" + file.read_bytes()
    file.write_bytes(content)
    removed = recurring_folder.remove_recurring_run(root, "nightly", now=at("2026-12-01 21:00"))
    bench.step("2026-12-01 22:00:01")
    bench.add("other")
    rename(bench, "other", "nightly", "2026-12-01 23:00")
    with pytest.raises(CommandRefusedError, match="nightly by now"):
        recurring_folder.put_back(root, removed, now=at("2026-12-01 23:01"))
    rename(bench, "nightly", "third", "2026-12-01 23:02")
    recurring_folder.put_back(root, removed, now=at("2026-12-02 07:00"))
    recurring_folder.remove_recurring_run(root, "third", now=at("2026-12-02 07:01"))
    assert file.read_bytes() == content
    for now in ("2026-12-02 07:02", "2026-12-02 07:03"):
        bench.restart()
        bench.step(now)
    assert bench.job_ids() == ["nightly-20261130-2200Z", "nightly-20261201-2200Z"]
    last = bench.events()[-1]
    assert (last.event_type, last.payload["cause"]) == ("recurring.missed", "removed")
    assert "while it was removed; it is queued once" in last.message


PUTTING_BACK_KILLED = """
import sys
from tests.engine.recurring.test_recurring_runs import killed_undo
killed_undo(sys.argv[1])
"""


def killed_undo(folder: str) -> None:
    """A removal and its undo, killed before the file is back."""
    root = Path(folder) / "home"
    removed = recurring_folder.remove_recurring_run(root, "nightly", now=at("2026-11-30 21:30"))
    recurring_folder.put_back(root, removed, now=at("2026-12-01 07:00"))
    os._exit(7)


def test_one_whose_return_was_killed_stays_removed_and_a_new_one_of_its_name_owes_nothing(
    bench: RecurringBench,
) -> None:
    bench.add()
    bench.step("2026-11-30 21:00")
    words = [sys.executable, "-c", PUTTING_BACK_KILLED, str(bench.folder)]
    killed = {**os.environ, "SIGNALBOX_FAULT": "recurring_putting_back"}
    ended = subprocess.run(words, cwd=Path(__file__).parents[3], env=killed, check=False)
    assert ended.returncode == -signal.SIGKILL
    bench.restart()
    bench.step("2026-12-01 07:01")
    assert (bench.jobs(), bench.events()) == ([], [])
    fields = {"file": str(bench.folder / "nightly.json"), "every": "every night 22:00", "timezone": "UTC"}
    recurring_folder.save_recurring_run(bench.home.root, "nightly", fields=fields, now=at("2026-12-01 08:00"))
    bench.restart()
    bench.step("2026-12-01 08:01")
    assert (bench.jobs(), bench.events()) == ([], [])
    bench.step("2026-12-01 22:00:01")
    assert bench.job_ids() == ["nightly-20261201-2200Z"]


def test_a_dismissal_outlives_that_its_recurring_run_is_removed_and_put_back(bench: RecurringBench) -> None:
    root = bench.home.root
    bench.add(if_missed="skip")
    bench.step("2026-11-30 21:00")
    bench.step("2026-12-01 07:00")
    removed = recurring_folder.remove_recurring_run(root, "nightly", now=at("2026-12-01 08:00"))
    acknowledge(root, [MissedRun("nightly", at("2026-11-30 22:00"))])
    recurring_folder.put_back(root, removed, now=at("2026-12-01 08:01"))
    assert not bench.note().needs_person
    assert bench.note().due_at == at("2026-11-30 22:00")


def test_an_edit_replaces_only_the_recurring_run_that_was_seen(bench: RecurringBench) -> None:
    root = bench.home.root
    bench.add(if_running="queue")
    seen = recurring_folder.recurring_run_named(root, "nightly").run
    assert seen is not None
    mine = {**seen.to_json(), "every": "every hour"}
    recurring_folder.switch_recurring_run(root, "nightly", enabled=False, now=BEGIN)
    file = root / "schedules" / "nightly.yaml"
    file.write_text(file.read_text().replace("22:00", "23:00"), encoding="utf-8")  # in an editor
    theirs = file.read_bytes()
    with pytest.raises(
        RecurringRunChangedError, match="every is every night 23:00 now; enabled is false"
    ) as found:
        recurring_folder.save_recurring_run(root, "nightly", fields=mine, now=BEGIN, replace=True, seen=seen)
    assert [(one.field, one.before, one.after) for one in found.value.changes] == [
        ("every", "every night 22:00", "every night 23:00"),
        ("enabled", "true", "false"),
    ]
    assert file.read_bytes() == theirs
    stored = found.value.stored
    recurring_folder.save_recurring_run(root, "nightly", fields=mine, now=BEGIN, replace=True, seen=stored)
    assert recurring_folder.recurring_run_named(root, "nightly").run.every == "every hour"
    file.write_text("every: [", encoding="utf-8")
    with pytest.raises(RecurringRunChangedError, match="not valid any more, line 1") as found:
        recurring_folder.save_recurring_run(
            root, "nightly", fields=mine, now=BEGIN, replace=True, seen=stored
        )
    assert found.value.stored is None


def test_a_run_says_which_recurring_run_queued_it_and_whether_by_hand(bench: RecurringBench) -> None:
    pipeline = {"title": "Night", "workstreams": {"one": {"steps": [python("print(1)")]}}}
    bench.add()
    by_hand = queue_by_hand(bench, "2026-11-30 13:00")
    (bench.folder / "nightly.json").write_text(json.dumps(pipeline), encoding="utf-8")
    of_pipeline = queue_by_hand(bench, "2026-11-30 13:01")
    accept(bench)
    bench.end_all()
    bench.step("2026-11-30 22:00:01")
    found = {run.run_id: run.recurring for run in bench.store.list_recent_runs(9)}
    started = RecurringSource("nightly", by_hand=True)
    due = RecurringSource("nightly", by_hand=False)
    assert found == {by_hand: started, of_pipeline: started, "nightly-20261130-2200Z": due}
