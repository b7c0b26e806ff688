"""A filter set is tried on history in the window, and switched on as an alarm."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.filters.filter_folder import FilterFolder
from engine.filters.filter_trial import TRIAL_DAYS, FilterTrial
from engine.jobfile.filter_set import AlarmAction, FilterSet, LineSelection, SoughtText
from engine.jobfile.spec import JobSpec
from gui.panels.logs.saved_filters import SavedFilters
from gui.sheets.alarm_form import ALARM_WORDS
from gui.sheets.filter_sets_sheet import FilterSetsSheet
from state import attempt_queries
from state.records import Attempt
from tests.gui.panels.logs.output_printer import Printer
from tests.gui.window_parts import WindowParts, make_window_parts
from tests.helpers.patience import PATIENCE_MS

FATAL = FilterSet(show=LineSelection(text=(SoughtText(find="^FATAL", regex=True),)))
OFF, NOTIFY, HOLD = range(len(ALARM_WORDS))


class Scene:
    def __init__(self, parts: WindowParts, qtbot: QtBot) -> None:
        self.parts, self.qtbot = parts, qtbot
        parts.clock.now = time.time()
        self.folder = FilterFolder(parts.home.root)
        self.saved = SavedFilters(parts.home, parts.theme, present=dict, parent=parts.window)

    def printed(self, job_id: str, text: str) -> Attempt:
        fields = {
            "job_id": job_id,
            "workstream_id": job_id,
            "tool": "shell",
            "command": {"exe": "true"},
            "paths": {"repo_root": "/src/shop"},
        }
        self.parts.enter(JobSpec.model_validate(fields))
        attempt = self.parts.start(job_id)
        printer = Printer(self.parts.home.attempts / f"{attempt.id}-{attempt.token}")
        printer.print(text)
        printer.close()
        return attempt

    def open(self, *names: str) -> FilterSetsSheet:
        self.parts.window.show()
        self.saved.open_sheet()
        sheet = self.parts.window.findChild(FilterSetsSheet)
        assert sheet is not None
        self.sheet = sheet
        self.qtbot.waitUntil(lambda: sheet.list.count() == len(names), timeout=PATIENCE_MS)
        return sheet

    def choose(self, number: int) -> None:
        self.sheet.alarm.choice.show_choice(number)
        self.sheet.alarm.choice.chosen.emit(number)

    def alarm_of(self, name: str) -> AlarmAction | None:
        return self.folder.named(name).alarm


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot) -> Iterator[Scene]:
    parts = make_window_parts(tmp_path, qtbot, theme="dark")
    made = Scene(parts, qtbot)
    yield made
    made.saved.wait()
    parts.close()


def test_without_a_filter_set_the_sheet_says_how_to_get_one_and_offers_no_alarm(scene: Scene) -> None:
    sheet = scene.open()
    assert (sheet.list.isHidden(), sheet.alarm.isHidden()) == (True, True)
    assert sheet.empty.text().startswith("No filter is saved yet.")
    assert sheet.first_focus() is sheet.import_button
    scene.folder.save("fatal", FATAL)
    assert scene.open("fatal").empty.isHidden()
    assert (sheet.list.isHidden(), sheet.alarm.isHidden()) == (False, False)


def test_an_alarm_is_tried_on_history_before_it_can_be_switched_on(scene: Scene) -> None:
    scene.printed("a", "fine\nFATAL one\nFATAL two\n")
    scene.printed("b", "fine\nFATAL\u202e three")
    scene.printed("c", "fine\n")
    scene.folder.save("fatal", FATAL)
    path = scene.folder.path / "fatal.yaml"
    path.write_text(f"# ours\n{path.read_text()}")
    alarm = scene.open("fatal").alarm
    scene.choose(HOLD)
    assert not alarm.on_button.isEnabled()
    assert scene.sheet.show_button.property("kind") == "secondary"  # one button is primary at a time
    scene.qtbot.waitUntil(alarm.on_button.isEnabled, timeout=PATIENCE_MS)
    assert alarm.outcome.text() == "In the last 7 days it would have matched 3 lines of 2 jobs."
    rows = [alarm.jobs.item(row).text() for row in range(alarm.jobs.count())]
    assert ["(1 line): FATAL" in row for row in rows] == [True, False]
    assert all(row.isprintable() for row in rows)
    assert scene.alarm_of("fatal") is None
    alarm.on_button.click()
    scene.qtbot.waitUntil(lambda: scene.alarm_of("fatal") is AlarmAction.HOLD, timeout=PATIENCE_MS)
    scene.qtbot.waitUntil(alarm.on_button.isHidden, timeout=PATIENCE_MS)
    assert scene.sheet.show_button.property("kind") == "primary"
    assert "is an alarm for what jobs print from now on" in scene.sheet.note.text()
    assert alarm.choice.current == HOLD
    scene.choose(OFF)
    scene.qtbot.waitUntil(lambda: scene.alarm_of("fatal") is None, timeout=PATIENCE_MS)
    assert path.read_text().startswith("# ours\n")


def test_a_trial_that_is_cancelled_leaves_the_filter_set_as_it_was_and_no_process(scene: Scene) -> None:
    scene.printed("a", "FATAL one\n" * 20_000)
    scene.folder.save("fatal", FATAL)
    scene.folder.save("other", FATAL)
    sheet = scene.open("fatal", "other")
    for drop in (sheet.alarm.drop_button.click, lambda: sheet.list.setCurrentRow(1), sheet.dismiss):
        scene.choose(NOTIFY)
        assert sheet.alarm.drop_button.isVisible()
        drop()
        assert sheet.alarm.drop_button.isHidden()
        assert sheet.alarm.choice.current == OFF
    scene.saved.wait()
    assert scene.alarm_of("fatal") is None
    assert not sheet.alarm.jobs.count()


def test_a_filter_set_without_a_text_or_level_cannot_be_an_alarm_and_says_why(scene: Scene) -> None:
    scene.folder.save("mine", FilterSet(show=LineSelection(workstreams=("docs",))))
    sheet = scene.open("mine")
    scene.choose(NOTIFY)
    scene.qtbot.waitUntil(lambda: "needs a text or a level" in sheet.note.text(), timeout=PATIENCE_MS)
    assert sheet.alarm.drop_button.isHidden()
    assert sheet.alarm.choice.current == OFF


def test_a_trial_counts_the_lines_of_the_last_days_by_job(scene: Scene) -> None:
    attempt = scene.printed("a", "FATAL one\nfine\nFATAL two\nFATAL unfinished")
    attempts = scene.parts.sources.reader.read(attempt_queries.recent_attempts)
    for later, lines in ((0, 3), (TRIAL_DAYS + 1, 0)):
        trial = FilterTrial(FATAL, attempts, scene.parts.home.attempts, now=time.time() + later * 86_400)
        while trial.go_on():
            assert trial.done <= trial.total
        assert sum(job.lines for job in trial.jobs) == lines
        assert trial.done == trial.total == 1
    assert attempt.id == attempts[0].id
    elsewhere = FATAL.model_copy(update={"hide": LineSelection(jobs=("a",))})
    assert FilterTrial(elsewhere, attempts, scene.parts.home.attempts, now=time.time()).total == 0
