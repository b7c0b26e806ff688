"""The window knows the recurring runs and what came of them, at its start and as it happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.recurring.recurring_folder import recurring_folder, save_recurring_run
from engine.recurring.recurring_rows import acknowledge
from gui.control.recurring_watch import RecurringWatch
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS
from tests.helpers.recurring import note_missed


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


def test_recurring_runs_are_known_as_they_are_due_dismissed_and_edited_by_anybody(
    parts: WindowParts, qtbot: QtBot
) -> None:
    root = parts.home.root
    fields = {"template": "nightly-tests", "repo": str(root), "every": "every hour"}
    save_recurring_run(root, "nightly", fields=fields, now=1.0)
    watch = RecurringWatch(parts.projection, parts.sources)
    parts.projection.reset.emit()

    def known(*names: str, missed: int = 0) -> None:
        qtbot.waitUntil(
            lambda: (
                tuple(row.name for row in parts.projection.recurring) == names
                and sum(row.is_missed for row in parts.projection.recurring) == missed
            ),
            timeout=PATIENCE_MS,
        )

    known("nightly")
    note = note_missed(root, "nightly", at=2.0)
    parts.ledger.record_event("recurring.missed", "nightly was missed")
    parts.follow()
    known("nightly", missed=1)
    seen = note.missed("nightly")
    assert seen is not None
    acknowledge(root, [seen])
    parts.ledger.record_event("recurring.settled", "nightly: dismissed.")
    parts.follow()
    known("nightly")
    (recurring_folder(root) / "weekly.yaml").write_text("every: every hour\n")
    known("nightly", "weekly")
    watch.stop()
