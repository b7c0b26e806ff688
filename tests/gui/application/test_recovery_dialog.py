"""The dialog for a damaged database: nothing is overwritten, and the last good backup is one click away."""

from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.maintenance import backups
from engine.state_store.job_state_store import JobStateStore
from engine.system.home import Home
from gui.application.recovery_dialog import RecoveryDialog
from gui.theme.theme import Theme
from state.database_errors import DatabaseError, ForeignDatabaseError
from state.locks import KernelLock
from state.records import JobStatus
from tests.engine.maintenance.test_copied_homes import Original
from tests.engine.maintenance.test_restored_backups import end_the_job, saved, start_and_kill_the_engine
from tests.helpers.patience import PATIENCE_MS

LEFT = Qt.MouseButton.LeftButton
GARBAGE = b"not a database any more " * 400


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a backup, whose database is garbage."""
    made = Home.at(tmp_path / "home")
    with closing(JobStateStore(home=made)) as store:
        store.create_run("w", run_id="kept")
        backups.take(made, store.database)
    made.database.write_bytes(GARBAGE)
    return made


def opened(home: Home, theme: Theme, qtbot: QtBot) -> RecoveryDialog:
    with pytest.raises(ForeignDatabaseError) as raised:
        JobStateStore(home=home)
    dialog = RecoveryDialog(home, raised.value, theme)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_x11_it_says_what_is_wrong_and_changes_nothing(home: Home, theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(home, theme, qtbot)
    assert str(home.database) in dialog.sentence.text()
    assert dialog.restore_button.text().startswith("Restore the backup of 20")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.mouseClick(dialog.quit_button, LEFT)
    assert not dialog.isVisible()
    assert home.database.read_bytes() == GARBAGE


def test_x11_the_backup_is_restored_and_the_damaged_file_kept(home: Home, theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(home, theme, qtbot)
    with qtbot.waitSignal(dialog.recovered):
        qtbot.mouseClick(dialog.restore_button, LEFT)
    with closing(JobStateStore(home=home)) as store:
        assert store.get_run("kept") is not None
    (aside,) = home.root.glob("signalbox.db.before-restoring-*[0-9]")
    assert aside.read_bytes() == GARBAGE


def test_x11_what_has_ended_since_the_backup_is_settled_before_a_window_can_start_anything(
    tmp_path: Path, theme: Theme, qtbot: QtBot
) -> None:
    original = Original(tmp_path)
    original("submit", original.job_file())
    start_and_kill_the_engine(original)
    saved(original)
    end_the_job(original)
    original.home.database.write_bytes(GARBAGE)
    dialog = opened(original.home, theme, qtbot)
    with qtbot.waitSignal(dialog.recovered, timeout=PATIENCE_MS):
        qtbot.mouseClick(dialog.restore_button, LEFT)
    assert original.job("a").status is JobStatus.COMPLETED
    assert original.lines() == "SE"


def test_x11_an_empty_database_can_be_started_and_the_damaged_file_is_kept(
    home: Home, theme: Theme, qtbot: QtBot
) -> None:
    dialog = opened(home, theme, qtbot)
    with qtbot.waitSignal(dialog.recovered):
        qtbot.mouseClick(dialog.empty_button, LEFT)
    with closing(JobStateStore(home=home)) as store:
        assert store.list_recent_runs() == []
    (aside,) = home.root.glob("signalbox.db.damaged-*[0-9]")
    assert aside.read_bytes() == GARBAGE


def test_x11_while_an_engine_runs_it_says_so_and_does_nothing(home: Home, theme: Theme, qtbot: QtBot) -> None:
    dialog = opened(home, theme, qtbot)
    lock = KernelLock.try_take(home.engines / "living.lock")
    assert lock is not None
    with lock:
        qtbot.mouseClick(dialog.restore_button, LEFT)
        qtbot.waitUntil(lambda: "An engine is running" in dialog.answer.text(), timeout=PATIENCE_MS)
    assert dialog.restore_button.isEnabled()
    assert home.database.read_bytes() == GARBAGE


def test_x11_without_a_backup_none_is_offered(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    home = Home.at(tmp_path / "home")
    dialog = RecoveryDialog(home, DatabaseError("It cannot be read."), theme)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.restore_button.isVisible()
    assert dialog.sentence.text() == "It cannot be read."
