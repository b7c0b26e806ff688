"""The window knows which files the inbox has refused, at its start and as it happens."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.intake.refusals import dismiss
from gui.control.refusal_watch import RefusalWatch
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS


@pytest.fixture
def parts(tmp_path: Path, qtbot: QtBot) -> Iterator[WindowParts]:
    made = make_window_parts(tmp_path, qtbot)
    yield made
    made.close()


def test_what_was_refused_before_and_what_is_refused_now_is_known_until_it_is_dismissed(
    parts: WindowParts, qtbot: QtBot
) -> None:
    rejected = parts.home.inbox / "rejected"
    rejected.mkdir(parents=True)
    _refuse(rejected, "old.json")
    watch = RefusalWatch(parts.projection, parts.sources)
    parts.projection.reset.emit()

    def known(*names: str) -> None:
        found = tuple(names)
        qtbot.waitUntil(
            lambda: tuple(one.name for one in parts.projection.refusals) == found, timeout=PATIENCE_MS
        )

    known("old.json")
    _refuse(rejected, "new.json")
    parts.ledger.record_event("inbox.rejected", "new.json was rejected")
    parts.follow()
    known("new.json", "old.json")
    dismiss(parts.home.inbox, ["old.json"])
    parts.ledger.record_event("inbox.settled", "old.json: dismissed.")
    parts.follow()
    known("new.json")
    watch.stop()


def _refuse(rejected: Path, name: str) -> None:
    for file in (rejected / name, rejected / f"{name}.reason"):
        file.write_text("it is empty")
    os.utime(rejected / f"{name}.reason", (1.0, 1.0))
