"""Filter sets in the window: saved from the present filter, renamed, deleted, imported and exported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from engine.filters.filter_folder import FilterFolder, checked_filter
from engine.jobfile.filter_set import FilterSet
from engine.system.home import Home
from gui.panels.logs.filter import Chip, Query, since
from gui.panels.logs.saved_chips import chips_of, fields_of
from gui.panels.logs.saved_filters import SavedFilters
from gui.sheets.filter_sets_sheet import FilterSetsSheet
from gui.theme.theme import Theme
from tests.helpers.patience import PATIENCE_MS

NOW = 1_000_000.0
CHIPS = (
    Chip("text", "to+tal", is_regex=True),
    Chip("text", "noise", hide=True),
    Chip("level", "error"),
    Chip("workstream", "docs", hide=True),
)


def test_the_present_filter_is_saved_and_shown_again_as_it_was() -> None:
    query = Query(chips=(*CHIPS, since(NOW - 5_000)), needle="sum", is_case=True)
    content = checked_filter("sums", fields_of(query, now=NOW))
    assert set(chips_of(content, now=NOW)) == {
        *CHIPS,
        Chip("text", "sum", is_case=True),
        since(NOW - 86_400),
    }
    assert fields_of(Query(needle="sum", only_matching=False), now=NOW) == {}


class Scene:
    def __init__(self, home: Path, theme: Theme, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.folder = QWidget(), qtbot, FilterFolder(home)
        qtbot.addWidget(self.window)
        self.window.resize(900, 680)
        self.query = Query(chips=CHIPS)
        self.saved = SavedFilters(
            Home.at(home), theme, present=lambda: fields_of(self.query, now=NOW), parent=self.window
        )
        self.window.show()
        self.saved.open_sheet()
        sheet = self.window.findChild(FilterSetsSheet)
        assert sheet is not None
        self.sheet = sheet

    def names(self) -> list[str]:
        return [self.sheet.list.item(row).text() for row in range(self.sheet.list.count())]

    def until_names(self, *names: str) -> None:
        self.qtbot.waitUntil(lambda: self.names() == list(names), timeout=PATIENCE_MS)

    def until_note(self, part: str) -> None:
        self.qtbot.waitUntil(lambda: part in self.sheet.note.text(), timeout=PATIENCE_MS)

    def save(self, name: str) -> None:
        self.sheet.name.setText(name)
        self.qtbot.keyClick(self.sheet.name, Qt.Key.Key_Return)

    def choose(self, path: Path) -> None:
        (dialog,) = self.window.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(path))
        dialog.done(0)


@pytest.fixture
def scene(tmp_path: Path, theme: Theme, qtbot: QtBot) -> Iterator[Scene]:
    made = Scene(tmp_path / "home", theme, qtbot)
    yield made
    made.saved.wait()


def test_a_filter_set_is_saved_renamed_and_deleted_in_the_window_and_deleting_is_undone(scene: Scene) -> None:
    scene.save("sums")
    scene.until_names("sums")
    scene.save("sums")
    scene.until_note("There is a filter set 'sums' already")
    scene.sheet.list.item(0).setText("totals")
    scene.until_names("totals")
    scene.until_note("Renamed sums to totals.")
    kept = scene.folder.named("totals")
    scene.sheet.delete_button.click()
    scene.until_names()
    assert not scene.folder.find().filters
    scene.sheet.undo_button.click()
    scene.until_names("totals")
    assert scene.folder.named("totals") == kept
    with scene.qtbot.waitSignal(scene.saved.show_requested, timeout=PATIENCE_MS) as shown:
        scene.sheet.show_button.click()
    assert shown.args == [kept]
    assert not scene.sheet.is_open


def test_a_refused_name_or_pattern_is_explained_and_the_list_shows_what_there_is(scene: Scene) -> None:
    scene.save("sums")
    scene.until_names("sums")
    scene.sheet.list.item(0).setText("../x")
    scene.until_note("'../x' cannot be the name of a filter set")
    scene.until_names("sums")
    scene.query = Query(chips=(Chip("text", "(a+)+b", is_regex=True),))
    scene.save("slow")
    scene.until_note("show.text[0].find: '(a+)+b' repeats")
    assert scene.sheet.note.text().startswith("slow.yaml: line ")
    scene.until_names("sums")


def test_a_filter_set_is_exported_and_imported_and_a_bad_file_is_named_with_line_and_field(
    scene: Scene, tmp_path: Path
) -> None:
    scene.save("sums")
    scene.until_names("sums")
    scene.sheet.export_button.click()
    scene.choose(tmp_path / "shared.yaml")
    scene.until_note("Exported sums")
    scene.sheet.import_button.click()
    scene.choose(tmp_path / "shared.yaml")
    scene.until_names("shared", "sums")
    assert scene.folder.named("shared") == scene.folder.named("sums") != FilterSet()
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nshow:\n  levels: [eror]\n")
    scene.sheet.import_button.click()
    scene.choose(bad)
    scene.until_note("bad.yaml: line 3: show.levels[0]")
    assert scene.names() == ["shared", "sums"]


def test_a_window_that_only_observes_saves_no_filter_set_and_switches_no_alarm_on(scene: Scene) -> None:
    scene.save("errors")
    scene.until_names("errors")
    sheet = scene.sheet
    changing = (sheet.save_button, sheet.import_button, sheet.rename_button, sheet.delete_button)
    rename_tip = sheet.rename_button.toolTip()
    sheet.import_button.click()  # its dialog stays open
    scene.saved.set_observing(True)
    assert not any(part.isEnabled() for part in (*changing, sheet.name, sheet.alarm))
    assert all("only observes" in part.toolTip() for part in (*changing, sheet.name, sheet.alarm))
    assert sheet.show_button.isEnabled()
    assert sheet.export_button.isEnabled()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        scene.qtbot.keyClick(sheet.list, key)
    assert not sheet.list.findChildren(QLineEdit)
    scene.choose(scene.folder.path / "errors.yaml")
    scene.until_note("only observes")
    scene.saved.wait()
    assert [one.name for one in scene.folder.find().filters] == ["errors"]
    scene.saved.set_observing(False)
    assert all(part.isEnabled() for part in (sheet.import_button, sheet.rename_button, sheet.alarm))
    assert sheet.rename_button.toolTip() == rename_tip
