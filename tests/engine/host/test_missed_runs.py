"""What a person does about missed recurring runs, as commands on an engine that can be undone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.host.command_words import command_words
from engine.host.commands import Redo, Undo
from engine.host.engine_service import EngineService
from engine.host.host_commands import DismissMissedRuns, RemoveRecurringRun, RunRecurringRuns
from engine.recurring.due_file import due_id
from engine.recurring.due_notes import DueNote, DueResult, LateCause, MissedRun, write_note
from engine.recurring.recurring_folder import remove_recurring_run, rename_recurring_run, save_recurring_run
from engine.recurring.recurring_rows import queue_now, recurring_rows
from engine.system.home import Home
from tests.helpers.command_line import python

NOW = 1_796_076_000.0
MISSED = MissedRun("nightly", NOW - 60)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EngineService]:
    home = Home.at(tmp_path / "home")
    file = tmp_path / "nightly.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    fields = {"file": str(file), "every": "every night 22:00", "if_missed": "skip"}
    made = EngineService(home, clock=lambda: NOW)
    save_recurring_run(home.root, "nightly", fields=fields, now=NOW)
    note = DueNote(
        settled_until=NOW,
        every="every night 22:00",
        due_at=NOW - 60,
        result=DueResult.MISSED,
        cause=LateCause.ASLEEP,
    )
    write_note(home.root, "nightly", note=note)
    yield made
    made.close("stop")


def is_missed(service: EngineService) -> bool:
    (row,) = recurring_rows(service.home.root, NOW)
    return row.is_missed


def test_dismissing_a_missed_run_can_be_undone_and_done_again(service: EngineService) -> None:
    command = DismissMissedRuns(missed=(MISSED,))
    assert service.carry_out(command).missed_runs == [MISSED]
    assert not is_missed(service)
    undo = Undo(undone=command.kind, missed_runs=(MISSED,))
    service.carry_out(undo)
    assert is_missed(service)
    service.carry_out(Redo(undo=undo))
    assert not is_missed(service)
    with pytest.raises(CommandRefusedError, match="None of these"):
        service.carry_out(command)


def test_what_was_renamed_or_removed_meanwhile_is_named_where_its_dismissal_is_undone(
    service: EngineService,
) -> None:
    command, root = DismissMissedRuns(missed=(MISSED,)), service.home.root
    undo = Undo(undone=command.kind, missed_runs=(MISSED,))
    with pytest.raises(CommandRefusedError, match="each is shown already, or was due since"):
        service.carry_out(undo)
    service.carry_out(command)
    rename_recurring_run(root, "nightly", "tests", now=NOW)
    for late in (undo, command, RunRecurringRuns(missed=(MISSED,))):
        with pytest.raises(CommandRefusedError, match="recurring run nightly is called tests now"):
            service.carry_out(late)
    remove_recurring_run(root, "tests", now=NOW)
    with pytest.raises(CommandRefusedError, match="there is no recurring run nightly any more"):
        service.carry_out(undo)


def test_a_recurring_run_is_removed_put_back_and_removed_again(service: EngineService) -> None:
    file = service.home.root / "schedules" / "nightly.yaml"
    content, command = file.read_bytes(), RemoveRecurringRun(name="nightly")
    removed = service.carry_out(command).removed
    assert not file.exists()
    undo = Undo(undone=command.kind, removed=removed)
    assert service.carry_out(undo).removed == removed
    assert file.read_bytes() == content
    assert is_missed(service), "what is known of its due times is back, too"
    with pytest.raises(CommandRefusedError, match="nightly by now"):
        service.carry_out(undo)
    assert service.carry_out(Redo(undo=undo)).removed is not None
    assert not file.exists()
    assert command_words(command) == command_words(Redo(undo=undo)) == ("schedules", "remove", "nightly")
    assert command_words(undo) == ()


def test_a_missed_run_is_queued_at_once(service: EngineService) -> None:
    service.carry_out(RunRecurringRuns(missed=(MISSED,)))
    assert [file.stem for file in service.home.inbox.glob("nightly-*")] == [due_id("nightly", NOW - 60)]
    assert not is_missed(service)
    assert "nightly is queued by hand" in service.store.list_events()[-1].message


def test_a_missed_run_is_made_up_for_once_however_often_it_is_requested_and_whatever_is_killed(
    service: EngineService,
) -> None:
    root, inbox = service.home.root, service.home.inbox
    code = (
        "import sys; from pathlib import Path; from engine.recurring.due_notes import MissedRun;"
        "from engine.recurring.recurring_rows import make_up_for;"
        "root = Path(sys.argv[1]); missed = MissedRun('nightly', float(sys.argv[2]));"
        "make_up_for(root, missed, inbox=root / 'inbox', now=float(sys.argv[3]))"
    )
    killed = {**os.environ, "SIGNALBOX_FAULT": "recurring_made_up"}
    words = [sys.executable, "-c", code, str(root), str(MISSED.due_at), str(NOW)]
    assert subprocess.run(words, env=killed, check=False, timeout=60).returncode == -signal.SIGKILL
    assert is_missed(service)
    (first,) = inbox.glob("nightly-*")
    text = first.read_text(encoding="utf-8")
    service.carry_out(RunRecurringRuns(missed=(MISSED,)))
    (second,) = inbox.glob("nightly-*")
    assert (second, second.read_text(encoding="utf-8")) == (first, text), "which an inbox accepts once"
    with pytest.raises(CommandRefusedError, match="None of these"):
        service.carry_out(RunRecurringRuns(missed=(MISSED,)))


def test_a_missed_run_stays_in_sight_until_the_file_that_makes_up_for_it_is_written(
    service: EngineService,
) -> None:
    root, blocked = service.home.root, service.home.root / "no-folder"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(CommandRefusedError, match="cannot be written"):
        queue_now(root, "nightly", inbox=blocked, now=NOW)
    assert is_missed(service)
    words = ["schedules", "run-now", "nightly", "--home", str(root)]
    killed = {**os.environ, "SIGNALBOX_FAULT": "recurring_by_hand"}
    ended = subprocess.run([sys.executable, "-m", "engine", *words], env=killed, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert is_missed(service)
    assert not list(service.home.inbox.glob("nightly-*"))


@pytest.mark.parametrize(
    "damage",
    ['{"settled_until": 1796076000.0, "due_at": "soon", "result": "missed"}', "[" * 100_000,
     '{"settled_until": 1796076000.0, "due_at": 1e300, "result": "missed"}'],
    ids=["word", "deep", "far"],
)  # fmt: skip
def test_a_damaged_note_hides_no_recurring_run(service: EngineService, damage: str) -> None:
    file = service.home.root / "schedules" / ".notes" / "nightly.json"
    file.write_text(damage, encoding="utf-8")
    (row,) = recurring_rows(service.home.root, NOW)
    assert (row.last, row.note) == (None, None)


def test_a_note_that_never_ends_stops_no_engine(service: EngineService) -> None:
    file = service.home.root / "schedules" / ".notes" / "nightly.json"
    file.unlink()
    os.mkfifo(file)
    (row,) = recurring_rows(service.home.root, NOW)
    assert row.note is None


def test_only_what_was_missed_can_be_dismissed(service: EngineService) -> None:
    note = DueNote(settled_until=NOW, every="every night 22:00", due_at=NOW - 60, result=DueResult.QUEUED)
    write_note(service.home.root, "nightly", note=note)
    with pytest.raises(CommandRefusedError, match="None of these"):
        service.carry_out(DismissMissedRuns(missed=(MISSED,)))
