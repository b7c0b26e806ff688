"""Two attempts of a job are compared in a sheet."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.sheets.attempt_comparison_sheet import AttemptComparisonSheet
from state.records import AttemptStatus, JobStatus
from tests.gui.details_records import spec
from tests.gui.window_parts import make_window_parts
from tests.helpers.patience import PATIENCE_MS


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
        qtbot.waitUntil(lambda: bool(sheet.text.toPlainText()), timeout=PATIENCE_MS)
        text = sheet.text.toPlainText()
        assert "ended: failed → timed out" in text
        assert "results of attempts are not kept" in text
        qtbot.keyClick(sheet.text, Qt.Key.Key_F7)
        assert sheet.text.textCursor().block().text() == "Prompt"
        sheet.boxes[0].setCurrentIndex(1)
        sheet.boxes[0].activated.emit(1)
        assert sheet.sentence.text() == "Choose two different attempts."
    finally:
        sheet.dismiss()
        sheet.stop_reading()
        parts.close()
