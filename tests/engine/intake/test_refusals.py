"""The files that the inbox has refused: listed with their reasons until a person dismisses them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CommandRefusedError
from engine.host.commands import Redo, Undo
from engine.host.engine_service import EngineService
from engine.host.host_commands import DismissRefusals
from engine.intake.inbox import Inbox
from engine.intake.refusals import dismiss, refusals_in, show_again
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from tests.helpers.patience import PATIENCE_S


def refuse(home: Home, store: JobStateStore, *names: str) -> Path:
    """Have the inbox refuse files of these names, and return its folder."""
    folder = home.root / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text('{"tool": "nothing"}')
    inbox, until = Inbox(folder, home, store), time.monotonic() + PATIENCE_S
    while len(refusals_in(folder)) < len(names) and time.monotonic() < until:
        inbox.scan()
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineService]:
    made = EngineService(Home.at(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def inbox(engine: EngineService) -> Path:
    return refuse(engine.home, engine.store, "bad.json", "worse.json")


def names(inbox: Path) -> list[str]:
    return [refusal.name for refusal in refusals_in(inbox)]


def test_a_refused_file_is_listed_with_its_reason_and_time(inbox: Path) -> None:
    first, _ = refusals_in(inbox)
    assert (first.name, first.reason) == (
        "bad.json",
        (inbox / "rejected/bad.json.reason").read_text().strip(),
    )
    assert "nothing" in first.reason
    assert first.at == (inbox / "rejected/bad.json.reason").stat().st_mtime


def test_a_dismissed_file_stays_where_it_is_and_is_shown_again_when_that_is_undone(inbox: Path) -> None:
    assert dismiss(inbox, ["bad.json", "gone.json", "../bad.json"]) == ["bad.json"]
    assert names(inbox) == ["worse.json"]
    assert (inbox / "rejected/bad.json").exists()
    assert show_again(inbox, ["bad.json"]) == ["bad.json"]
    assert names(inbox) == ["bad.json", "worse.json"]


def test_a_file_that_a_person_has_taken_out_of_the_folder_needs_nobody(inbox: Path) -> None:
    (inbox / "rejected/bad.json").unlink()
    assert names(inbox) == ["worse.json"]
    assert refusals_in(inbox / "nowhere") == ()


def test_a_dismissal_is_a_command_that_is_undone_and_redone_and_survives_a_restart(
    engine: EngineService, inbox: Path
) -> None:
    outcome = engine.carry_out(DismissRefusals(names=["bad.json", "worse.json"]))
    assert outcome.refusals == ["bad.json", "worse.json"]
    assert refusals_in(inbox) == ()
    undo = Undo(undone=DismissRefusals.kind, refusals=outcome.refusals)
    assert engine.carry_out(undo).refusals == ["bad.json", "worse.json"]
    assert names(inbox) == ["bad.json", "worse.json"]
    engine.carry_out(Redo(undo=undo))
    with pytest.raises(CommandRefusedError, match="no such file"):
        engine.carry_out(DismissRefusals(names=["bad.json"]))
    assert refusals_in(inbox) == ()


@pytest.mark.timeout(60)  # to open the pipe would wait for ever
def test_a_named_pipe_in_the_place_of_a_reason_is_left_out(tmp_path: Path) -> None:
    rejected = tmp_path / "rejected"
    rejected.mkdir()
    (rejected / "a.json").write_text("{}")
    os.mkfifo(rejected / "a.json.reason")
    assert refusals_in(tmp_path) == ()
