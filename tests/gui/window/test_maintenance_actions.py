"""Backups, old history, runs and grants from the window, with a real home and a real database."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.jobfile.job_file_reader import read_file
from engine.maintenance import backups
from engine.maintenance.pruning import PruneSummary
from engine.system.home import Home
from engine.trust.policy import TrustPolicy
from engine.trust.trust_store import TrustStore
from gui.__main__ import _restore
from gui.app import ControlRoom
from gui.control.maintenance_tasks import PrunePreview
from gui.sheets.maintenance_sheet import MaintenanceSheet
from tests.helpers.leftovers import deliver_deletions
from tests.helpers.patience import PATIENCE_MS

DAY_S = 24 * 3600.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home")


@pytest.fixture
def room(qtbot: QtBot, home: Home) -> Iterator[ControlRoom]:
    made = ControlRoom(home.root)
    made.theme.reduce_motion = True
    qtbot.waitUntil(lambda: made.host.is_running, timeout=PATIENCE_MS)
    yield made
    made.close("stop")


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=PATIENCE_MS)


def banner_text(room: ControlRoom, key: str) -> str:
    banner = room.window.banners.banner(key)
    return "" if banner is None else banner.sentence


def work(tmp_path: Path, name: str, code: str = "print('hello')") -> Path:
    fields = {
        "job_id": name,
        "tool": "shell",
        "command": {"exe": sys.executable, "args": ["-c", code]},
        "paths": {"repo_root": str(tmp_path)},
    }
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(fields))
    return file


def commit(room: ControlRoom, qtbot: QtBot, *files: Path) -> None:
    room.add_files(files)
    sheet = room.sheets.drop
    until(qtbot, lambda: not sheet._reader.is_busy and sheet.commit_button.isEnabled())
    qtbot.mouseClick(sheet.commit_button, Qt.MouseButton.LeftButton)


def status(room: ControlRoom, job_id: str) -> str:
    job = room.projection.jobs.get(job_id)
    return "" if job is None else job.status.value


def opened(room: ControlRoom, qtbot: QtBot, command: str) -> MaintenanceSheet:
    room.actions.action(command).trigger()
    sheet = room.maintenance.sheet
    until(qtbot, lambda: sheet.is_open)
    return sheet


def choose(room: ControlRoom, qtbot: QtBot, name: str, folder: Path) -> None:
    """Choose a folder in the file dialog that is open."""
    until(qtbot, lambda: room.window.findChild(QFileDialog, name) is not None)
    dialog = room.window.findChild(QFileDialog, name)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(folder))
    dialog.close()


def line(room: ControlRoom) -> str:
    """What the status bar shows as the command line of what was done."""
    return room.window.status_bar.command_strip.line


def test_a_backup_is_made_by_its_key_and_the_sheet_opens_at_the_requested_part_and_on_no_button(
    room: ControlRoom, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    a_backup_is_made_by_its_key_and_reported_with_its_file(room, qtbot, home)
    sheet = room.maintenance.sheet
    places = {"restore": sheet.backup, "prune": sheet.days, "export_run": sheet.run, "trusted": sheet.grant}
    for command, place in places.items():
        opened(room, qtbot, command)
        assert sheet.first_focus() is place
        sheet.dismiss()
    grants_are_listed_and_revoked(room, qtbot, home, tmp_path)
    a_folder_that_is_no_run_is_refused_with_its_file(room, qtbot, tmp_path)


def a_backup_is_made_by_its_key_and_reported_with_its_file(
    room: ControlRoom, qtbot: QtBot, home: Home
) -> None:
    room.actions.action("backup").trigger()
    until(qtbot, lambda: banner_text(room, "done").startswith("The database was copied to "))
    [backup] = backups.newest_first(home)
    assert str(backup.path) in banner_text(room, "done")
    assert line(room).startswith("signalbox backup --home ")


def grants_are_listed_and_revoked(room: ControlRoom, qtbot: QtBot, home: Home, tmp_path: Path) -> None:
    [accepted] = read_file(work(tmp_path, "nightly")).jobs
    TrustStore().grant(TrustPolicy(home.home_id(), {}).preview(accepted).plans, source="nightly.json")
    sheet = opened(room, qtbot, "trusted")
    until(qtbot, sheet.revoke_button.isEnabled)
    assert sheet.grant.currentText().startswith("[while the repository stays the same] shell in ")
    [grant] = TrustStore().grants()
    qtbot.mouseClick(sheet.revoke_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: not TrustStore().grants())
    until(qtbot, lambda: line(room).startswith(f"signalbox trust revoke {grant.grant_id} "))
    until(qtbot, lambda: not sheet.revoke_button.isEnabled())
    sheet.dismiss()


def a_folder_that_is_no_run_is_refused_with_its_file(room: ControlRoom, qtbot: QtBot, tmp_path: Path) -> None:
    room.actions.action("import_run").trigger()
    choose(room, qtbot, "importDialog", tmp_path)
    until(qtbot, lambda: str(tmp_path / "sums.json") in banner_text(room, "command"))


def test_backups_are_made_listed_and_not_restored_beside_another_engine(
    room: ControlRoom, qtbot: QtBot, home: Home
) -> None:
    the_sheet_lists_the_backups_and_the_newest_is_selected(room, qtbot, home)
    a_backup_is_not_restored_while_another_engine_runs(room, home)
    another_engine_is_named_before_the_window_closes_for_a_backup(room, qtbot, home)


def the_sheet_lists_the_backups_and_the_newest_is_selected(
    room: ControlRoom, qtbot: QtBot, home: Home
) -> None:
    sheet = opened(room, qtbot, "restore")
    until(qtbot, lambda: sheet.backup.currentText() == "none yet")
    assert not sheet.restore_button.isEnabled()
    qtbot.mouseClick(sheet.backup_button, Qt.MouseButton.LeftButton)
    until(qtbot, sheet.restore_button.isEnabled)
    assert sheet.message.text().startswith("The database was copied to ")
    assert sheet.backup.currentData().path == backups.newest_first(home)[0].path
    assert ", by hand, " in sheet.backup.currentText()
    sheet.dismiss()


def a_backup_is_not_restored_while_another_engine_runs(room: ControlRoom, home: Home) -> None:
    assert "An engine is running" in _restore(home, home.database)
    assert room.host.is_running


def another_engine_is_named_before_the_window_closes_for_a_backup(
    room: ControlRoom, qtbot: QtBot, home: Home
) -> None:
    argv = [sys.executable, "-m", "engine", "engine", "--home", str(home.root)]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
        try:
            until(qtbot, lambda: room.maintenance.tasks.other_engines() == [str(other.pid)])
            sheet = opened(room, qtbot, "restore")
            until(qtbot, sheet.restore_button.isEnabled)
            qtbot.mouseClick(sheet.restore_button, Qt.MouseButton.LeftButton)
            assert sheet.message.text().startswith(f"Another engine is running here (process {other.pid}).")
            assert room.maintenance.question is None
        finally:
            other.terminate()
    sheet.dismiss()


def test_a_backup_is_restored_between_two_windows(
    room: ControlRoom, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    room.actions.action("backup").trigger()
    until(qtbot, lambda: bool(banner_text(room, "done")))
    commit(room, qtbot, work(tmp_path, "late", "import time; time.sleep(60)"))
    until(qtbot, lambda: status(room, "late") == "running")
    sheet = opened(room, qtbot, "restore")
    until(qtbot, sheet.restore_button.isEnabled)
    qtbot.mouseClick(sheet.restore_button, Qt.MouseButton.LeftButton)
    question = room.maintenance.question
    assert question is not None
    with qtbot.waitSignal(room.ended, timeout=PATIENCE_MS):
        qtbot.mouseClick(question.buttons["restore"], Qt.MouseButton.LeftButton)
    assert room.restore_from == backups.newest_first(home)[0].path
    assert _restore(home, room.restore_from) == ""
    deliver_deletions()
    again = ControlRoom(home.root)
    try:
        until(qtbot, lambda: "was restored" in banner_text(again, "pause"))
        assert "late" not in again.projection.jobs
        assert list(home.database.parent.glob("*.before-restoring-*"))
    finally:
        again.close("stop")


def test_a_run_is_exported_and_imported_elsewhere_and_pruned_here_once_its_preview_was_seen(
    room: ControlRoom, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(room, qtbot, work(tmp_path, "old"))
    until(qtbot, lambda: status(room, "old") == "completed")
    nothing_is_pruned_before_a_person_has_seen_the_preview(room, qtbot)
    a_preview_of_other_days_is_not_shown(room, qtbot)
    exported = a_run_is_exported(room, qtbot, tmp_path / "out")
    old_history_is_pruned_from_the_window_too(room, qtbot, monkeypatch)
    room.close("stop")
    deliver_deletions()
    it_is_imported_elsewhere(qtbot, tmp_path / "other", exported)


def nothing_is_pruned_before_a_person_has_seen_the_preview(room: ControlRoom, qtbot: QtBot) -> None:
    sheet = opened(room, qtbot, "prune")
    assert not sheet.prune_button.isEnabled()
    qtbot.mouseClick(sheet.preview_button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: sheet.found.text() == "Nothing is that old.")
    assert not sheet.prune_button.isEnabled()
    sheet.dismiss()


def a_preview_of_other_days_is_not_shown(room: ControlRoom, qtbot: QtBot) -> None:
    sheet = opened(room, qtbot, "prune")
    sheet.days.setValue(7)
    before = sheet.found.text()
    summary = PruneSummary(runs=1, jobs=1)
    sheet.show_preview(PrunePreview(days=90, pruned=summary))
    assert (sheet.found.text(), sheet.prune_button.isEnabled()) == (before, False)
    sheet.show_preview(PrunePreview(days=7, pruned=summary))
    assert sheet.prune_button.isEnabled()
    sheet.days.setValue(8)
    assert (sheet.found.text(), sheet.prune_button.isEnabled()) == (before, False)
    sheet.dismiss()


def a_run_is_exported(room: ControlRoom, qtbot: QtBot, target: Path) -> Path:
    """Export the run; returns the folder it was written to."""
    run_id = room.projection.jobs["old"].run_id
    sheet = opened(room, qtbot, "export_run")
    assert sheet.run.currentData() == run_id
    qtbot.mouseClick(sheet.export_button, Qt.MouseButton.LeftButton)
    target.mkdir()
    choose(room, qtbot, "exportDialog", target)
    until(qtbot, lambda: "exported to" in sheet.message.text())
    assert line(room).startswith(f"signalbox export {run_id} {target}")
    sheet.dismiss()
    return target / f"signalbox-{run_id}"


def it_is_imported_elsewhere(qtbot: QtBot, home: Path, exported: Path) -> None:
    other = ControlRoom(home, engine=False)
    try:
        other.actions.action("import_run").trigger()
        choose(other, qtbot, "importDialog", exported)
        until(qtbot, lambda: "was imported as history" in banner_text(other, "done"))
        until(qtbot, lambda: status(other, "old") == "completed")
    finally:
        other.close("leave")


def old_history_is_pruned_from_the_window_too(
    room: ControlRoom, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = opened(room, qtbot, "prune")
    sheet.days.setValue(1)
    monkeypatch.setattr(
        "engine.maintenance.pruning.DAY_S", -DAY_S
    )  # the days run backwards: all that has ended is old
    qtbot.mouseClick(sheet.preview_button, Qt.MouseButton.LeftButton)
    until(qtbot, sheet.prune_button.isEnabled)
    assert sheet.found.text().startswith("Would be pruned: 1 run with 1 job")
    sheet.days.setValue(2)
    assert not sheet.prune_button.isEnabled(), "the preview was of other days"
    sheet.days.setValue(1)
    qtbot.mouseClick(sheet.preview_button, Qt.MouseButton.LeftButton)
    until(qtbot, sheet.prune_button.isEnabled)
    qtbot.mouseClick(sheet.prune_button, Qt.MouseButton.LeftButton)
    assert sheet.message.text() == "Pruning…"
    assert not sheet.found.text().startswith("Would be pruned")
    until(qtbot, lambda: sheet.message.text().startswith("Pruned: 1 run "))
    until(qtbot, lambda: "old" not in room.projection.jobs)
    assert line(room).startswith("signalbox prune --older-than 1d --now --home ")
