"""Two attempts of a job are compared in a sheet."""

import os
import signal
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.sheets.attempt_comparison_sheet import AttemptComparisonSheet
from gui.translation import use_language
from state.records import AttemptStatus, JobStatus
from tests.gui.details_records import spec
from tests.gui.window_parts import make_window_parts
from tests.helpers.patience import PATIENCE_MS


def compared(qtbot: QtBot, sheet: AttemptComparisonSheet) -> str:
    """The comparison, once it is there."""
    qtbot.waitUntil(lambda: bool(sheet.text.toPlainText()) and not sheet.is_comparing, timeout=PATIENCE_MS)
    return sheet.text.toPlainText()


def test_a_sheet_compares_the_last_two_attempts_and_says_why_where_it_cannot(
    qtbot: QtBot, tmp_path: Path
) -> None:
    parts = make_window_parts(tmp_path, qtbot)
    sheet = AttemptComparisonSheet(parts.theme, sources=parts.sources, parent=parts.window)
    try:
        parts.enter(spec("one"))
        job = parts.projection.jobs["one"]
        sheet.show_job(job)
        assert (
            sheet.sentence.text() == "This job has not had two attempts yet, so there is nothing to compare."
        )
        sheet.dismiss()
        parts.end(parts.start("one"), AttemptStatus.FAILED, then=JobStatus.QUEUED)
        parts.end(parts.start("one"), AttemptStatus.TIMEOUT, then=JobStatus.QUEUED)
        sheet.show_job(job)
        text = compared(qtbot, sheet)
        assert "ended: failed → timed out" in text
        for height, shown in ((800, 420), (680, 320), (480, 210)):
            parts.window.resize(1024, height)
            sheet.place()
            assert sheet.text.minimumHeight() == shown, "as much as the window has room for"
        assert "results of attempts are not kept" in text
        qtbot.keyClick(sheet.text, Qt.Key.Key_F7)
        assert sheet.text.textCursor().block().text() == "Difference between the results"
        assert "rompt" not in text, "a command has none"
        use_language("de")
        sheet.show_job(job)
        text = compared(qtbot, sheet)
        use_language("en")
        for words in ("Ende: fehlgeschlagen → Zeitüberschreitung", "Keiner der beiden hat etwas ausgegeben."):
            assert words in text
        sheet.boxes[0].setCurrentIndex(1)
        sheet.boxes[0].activated.emit(1)
        assert sheet.sentence.text() == "Choose two different attempts."
        assert sheet.helper.is_running
        sheet.dismiss()
        assert not sheet.helper.is_running, "its process ends with the sheet"
        third = parts.start("one")
        parts.end(third, AttemptStatus.FAILED, then=JobStatus.QUEUED)
        sheet.show_job(job, third.id - 1)
        assert [box.currentIndex() for box in sheet.boxes] == [0, 1], (
            "the one that was shown, with the one before"
        )
        os.kill(sheet.helper.process_id, signal.SIGKILL)
        qtbot.waitUntil(lambda: not sheet.is_comparing, timeout=PATIENCE_MS)
        assert "has ended unexpectedly" in sheet.sentence.text()
        parts.home.database.rename(parts.home.database.with_suffix(".away"))
        sheet.boxes[0].activated.emit(0)
        qtbot.waitUntil(lambda: not sheet.is_comparing, timeout=PATIENCE_MS)
        assert "does not exist" in sheet.sentence.text()
        assert sheet.sentence.text().startswith("The attempts could not be compared: ")
    finally:
        use_language("en")
        sheet.dismiss()
        sheet.stop_reading()
        parts.close()
