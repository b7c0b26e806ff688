"""What a person does about missed recurring runs, as commands on an engine that can be undone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.host.commands import DismissMissedRuns, Redo, RunRecurringRuns, Undo
from engine.host.engine_service import EngineService
from engine.recurring.due_notes import DueNote, DueResult, write_note
from engine.recurring.recurring_folder import save_recurring_run
from engine.recurring.recurring_rows import recurring_rows
from engine.system.home import Home
from tests.helpers.command_line import python

NOW = 1_796_076_000.0


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EngineService]:
    home = Home.at(tmp_path / "home")
    file = tmp_path / "nightly.json"
    file.write_text(json.dumps(python("print(1)")), encoding="utf-8")
    fields = {"file": str(file), "every": "every night 22:00", "if_missed": "skip"}
    made = EngineService(home, clock=lambda: NOW)
    save_recurring_run(home.root, "nightly", fields=fields, now=NOW)
    note = DueNote(
        settled_until=NOW, every="every night 22:00", due_at=NOW - 60, result=DueResult.MISSED, detail="why"
    )
    write_note(home.root, "nightly", note=note)
    yield made
    made.close("stop")


def is_missed(service: EngineService) -> bool:
    (row,) = recurring_rows(service.home.root, NOW)
    return row.is_missed


def test_dismissing_a_missed_run_can_be_undone_and_done_again(service: EngineService) -> None:
    command = DismissMissedRuns(names=("nightly",))
    assert service.carry_out(command).missed_runs == ["nightly"]
    assert not is_missed(service)
    undo = Undo(undone=command.kind, missed_runs=("nightly",))
    service.carry_out(undo)
    assert is_missed(service)
    service.carry_out(Redo(undo=undo))
    assert not is_missed(service)
    with pytest.raises(CommandRefusedError, match="None of these"):
        service.carry_out(command)


def test_a_missed_run_is_queued_at_once(service: EngineService) -> None:
    service.carry_out(RunRecurringRuns(names=("nightly",)))
    assert len(list(service.home.inbox.glob("nightly-*-now-*.json"))) == 1
    assert not is_missed(service)
    assert "nightly is queued by hand" in service.store.list_events()[-1].message
