"""`signalbox schedules`: recurring runs from the command line."""

import json
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.host.engine_service import EngineService
from engine.intake.inbox import Inbox
from engine.recurring.recurring_folder import save_recurring_run
from engine.recurring.recurring_words import words_to_add
from engine.state_store.job_state_store import JobStateStore
from state.records import BACKGROUND_KIND, JobStatus
from tests.helpers.command_line import CommandLine, python, until

HALF_A_DAY_S, DAY_S = 43_200.0, 86_400.0


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_schedules_are_added_listed_paused_resumed_and_removed(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    assert "Nothing recurs yet." in signalbox("schedules").out
    words = ("nightly-tests", "--every", "every night 22:00", "--set", "commits=3", "--repo", tmp_path)
    assert "nightly is due at " in signalbox("schedules", "add", "nightly", *words).out
    listed = signalbox("schedules").out.splitlines()
    assert listed[1].split()[:5] == ["nightly", "nightly-tests", "every", "night", "22:00"]
    (row,) = signalbox("schedules", "--json").json["schedules"]
    assert row["fields"]["values"] == {"commits": "3"}
    assert row["next_at"].endswith(("Z", "+00:00"))
    signalbox("schedules", "pause", "nightly")
    assert "paused" in signalbox("schedules").out
    signalbox("schedules", "resume", "nightly")
    assert "paused" not in signalbox("schedules").out
    assert "called evening" in signalbox("schedules", "rename", "nightly", "evening").out
    assert "no recurring run nightly" in signalbox("schedules", "remove", "nightly", code=2).err
    assert "'a b' should be up to 40" in signalbox("schedules", "rename", "evening", "a b", code=2).err
    signalbox("schedules", "remove", "evening")
    assert signalbox("schedules", "--json").json == {"schedules": []}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("Nightly", "nightly-tests", "--every", "every hour"), "name: should be up to 40 small letters"),
        (("nightly", "nightly-tests", "--every", "every 7 minutes"), "every: should be one of 2, 3"),
        (("nightly", "nightly-test", "--every", "every hour"), "did you mean nightly-tests?"),
        (("nightly", "fix-an-issue", "--every", "every hour"), "fix-an-issue: issue (text) is missing"),
        (("nightly", "nightly-tests", "--every", "every hour", "--timezone", "Mars"), "is no time zone"),
        (("nightly", "./gone.yaml", "--every", "every hour"), "is no file"),
        (
            ("nightly", "nightly-tests", "--every", "every hour", "--if-missed", "x"),
            "if_missed: 'x' is not one",
        ),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(
    signalbox: CommandLine, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    refused = signalbox("schedules", "add", *words, "--repo", tmp_path, code=2)
    assert reason in refused.err
    assert signalbox("schedules", "--json").json == {"schedules": []}


def test_a_schedule_that_is_not_valid_is_listed_with_its_line_and_the_others_stay(
    signalbox: CommandLine, tmp_path: Path
) -> None:
    signalbox("schedules", "add", "good", "nightly-tests", "--every", "every hour", "--repo", tmp_path)
    bad = signalbox.home.root / "schedules" / "bad.yaml"
    bad.write_text("template: x\nrepo: /srv\nevry: every hour\n", encoding="utf-8")
    listed = signalbox("schedules")
    assert "good" in listed.out
    assert f"{bad}: line 3: evry: is not a known key; did you mean every?" in listed.err
    assert signalbox("schedules", "add", "good", "nightly-tests", "--every", "every hour", code=2).err


def test_run_now_puts_the_file_into_the_inbox(signalbox: CommandLine) -> None:
    file = signalbox.file("count.json", python("print(1)"))
    signalbox("schedules", "add", "count", file, "--every", "every hour", "--if-missed", "skip")
    assert "its next run waits until you trust it" in signalbox("schedules", "run-now", "count").out
    (queued,) = signalbox.home.inbox.glob("count-*-now-*.json")
    assert json.loads(queued.read_text())["job_id"] == queued.stem
    signalbox("schedules", "run-now", "other", code=2)
    signalbox("schedules", "pause", "count")
    file.rename(file.with_suffix(".gone"))
    assert signalbox("schedules", "resume", "count").out == "count goes on.\n", (
        "what is gone is reported when it is due"
    )
    with closing(JobStateStore(home=signalbox.home)) as store:
        clock = iter(range(0, 1000, 10))
        inbox = Inbox(signalbox.home.inbox, signalbox.home, store, monotonic=lambda: float(next(clock)))
        until(lambda: store.get_run(queued.stem) if inbox.scan() else None)
    words = "Started by hand, of the recurring run count"
    assert words in signalbox("show", queued.stem).out
    assert signalbox("show", queued.stem, "--json").json["recurring"] == {"name": "count", "by_hand": True}
    status = signalbox("status")
    assert "RECURRING" in status.out
    assert "count, by hand" in status.out
    (run,) = signalbox("status", "--json").json["runs"]
    assert run["recurring"] == {"name": "count", "by_hand": True}


def test_an_engine_queues_what_is_due_by_its_clock(signalbox: CommandLine, tmp_path: Path) -> None:
    # The command line goes by the clock of the machine: the first time that is due for it has to be that of the engine.
    due_at = (time.time() + HALF_A_DAY_S) // 60 * 60
    every = time.strftime("every night %H:%M", time.gmtime(due_at))
    now = [due_at - 30]
    (folder := tmp_path / "work").mkdir()  # nothing else is written there: that would need a new grant
    file = folder / "count.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    words = ("--every", every, "--timezone", "UTC")
    added = signalbox("schedules", "add", "count", file, *words).out
    assert "its next run waits until you trust it, and due times meanwhile are skipped" in added
    assert "python" in signalbox("trust", "show", "--recurring", "count").out
    no_such = signalbox("trust", "grant", "--recurring", "count.json", code=2)
    assert "no recurring run count.json" in no_such.err
    fields = {"file": str(file), "every": every, "timezone": "UTC"}
    save_recurring_run(signalbox.home.root, "count", fields=fields, now=now[0], replace=True)
    service = EngineService(signalbox.home, clock=lambda: now[0], kind=BACKGROUND_KIND)
    job_id, job_id_of_next_day = (
        time.strftime("count-%Y%m%d-%H%MZ", time.gmtime(at)) for at in (due_at, due_at + DAY_S)
    )
    try:
        service.step()
        assert service.store.get_job(job_id) is None
        now[0] = due_at + 1

        def status(job_id: str) -> JobStatus | None:
            now[0] += 0.2
            service.step()
            job = service.store.get_job(job_id)
            return None if job is None else job.status

        assert until(lambda: status(job_id)) is JobStatus.HELD
        assert len(service.store.list_recent_runs()) == 1
        signalbox("trust", "grant", "--recurring", "count")
        assert "trust" not in signalbox("schedules", "add", "again", file, *words).out
        signalbox("cancel", job_id)
        now[0] = due_at + DAY_S + 1
        assert until(lambda: status(job_id_of_next_day)) is not JobStatus.HELD
        assert service.stays_for_recurring_runs, "a window has left it in the background"
    finally:
        service.close("stop")


def test_a_line_break_in_the_name_of_a_file_is_escaped_in_an_error(signalbox: CommandLine) -> None:
    folder = signalbox.home.root / "schedules"
    folder.mkdir(parents=True)
    (folder / "a\nb.yaml").write_text("every: daily\n", encoding="utf-8")
    (line,) = signalbox("schedules").err.splitlines()
    assert "a\\x0ab.yaml: " in line


def test_the_words_that_add_a_run_name_what_is_not_left_at_its_default() -> None:
    fields = {
        "template": "a",
        "every": "every hour",
        "timezone": "UTC",
        "if_missed": "skip",
        "if_running": "skip",
    }
    assert words_to_add("b", fields)[5:] == ("every hour", "--timezone", "UTC", "--if-missed", "skip")
