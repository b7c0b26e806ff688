"""The sheet of the support bundle."""

import zipfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.system.home import Home
from gui.sheets.support_sheet import SupportSheet
from gui.theme.theme import Theme
from tests.helpers.patience import PATIENCE_MS


def test_the_bundle_is_looked_at_before_what_is_checked_is_written(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    window = QWidget()
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    sheet = SupportSheet(Home.at(tmp_path / "home"), theme, window)
    sheet.open()
    assert not sheet.save_button.isEnabled()
    qtbot.waitUntil(sheet.save_button.isEnabled, timeout=PATIENCE_MS)
    assert list(tmp_path.glob("*.zip")) == []
    assert "SQLAlchemy" in sheet.text.toPlainText()
    assert sheet.list.item(1).text().startswith("doctor.json, ")
    for row in range(1, sheet.list.count()):
        sheet.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    performed: list[tuple[str, ...]] = []
    sheet.performed.connect(performed.append)
    sheet.save(tmp_path / "bundle.zip")
    qtbot.waitUntil(lambda: "was sent" in sheet.sentence.text(), timeout=PATIENCE_MS)
    [(*words, first, name)] = [words[:5] for words in performed]
    assert words == ["support-bundle", "--output", str(tmp_path / "bundle.zip")]
    assert (first, name) == ("--without", "doctor.json")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert archive.namelist() == ["signalbox-support/versions.json"]
    sheet.save(tmp_path / "nowhere" / "bundle.zip")
    qtbot.waitUntil(lambda: "could not be written" in sheet.sentence.text(), timeout=PATIENCE_MS)
    assert "Choose another place" in sheet.sentence.text()
    sheet.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not sheet.save_button.isEnabled()
    sheet.stop_reading()
