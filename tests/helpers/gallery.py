"""Draws every panel, sheet and empty state in both themes and all sizes.

`python -m tests.helpers.gallery build/gallery`: for looking at one by one; the pictures of the README are those of
`tests.helpers.screenshots`. With ``QT_SCALE_FACTOR`` it draws one size in that scale. It fails when a sheet of the
program has no picture.
"""

import dataclasses
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt
if "SIGNALBOX_CONFIG" not in os.environ:
    _config = tempfile.TemporaryDirectory(prefix="signalbox-config-")  # not that of whoever draws
    os.environ["SIGNALBOX_CONFIG"] = _config.name

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from engine.filters.filter_folder import FilterFolder, checked_filter
from engine.host.commands import LabelJobs, SetNote
from engine.recurring.due_notes import write_note
from engine.recurring.recurring_folder import save_recurring_run
from gui.app import ControlRoom
from gui.control.background_tasks import BackgroundTasks
from gui.sheets.attempt_comparison_sheet import AttemptComparisonSheet
from gui.sheets.filter_sets_sheet import FilterSetsSheet
from gui.sheets.help_sheet import HelpSheet
from gui.sheets.recurring_sheet import RecurringSheet
from gui.sheets.settings_sheet import SettingsSheet
from gui.widgets.page_scroll import PageScroll
from gui.widgets.sheet import Sheet
from gui.widgets.sheet_with_banner import SheetWithBanner
from gui.window.screenshot import Screenshot
from tests.helpers.recurring import missed_note
from tests.helpers.screenshots import PATIENCE_S, Studio

Kind = TypeVar("Kind", bound=QWidget)
SCALE = os.environ.get("QT_SCALE_FACTOR", "")
SIZES = (QSize(1280, 800),) if SCALE else (QSize(1024, 680), QSize(1280, 800), QSize(1920, 1080))
THEMES = ("dark", "light")
WITHOUT_JOBS = (
    "new_job",
    "new_pipeline",
    "new_from_template",
    "recurring_runs",
    "settings",
    "limits",
    "layouts",
    "shortcuts",
    "job_file_help",
    "support_bundle",
    "welcome",
    "about",
    "restore",
    "palette",
    "quit",
)
"""Actions that open something over the window, and need nothing selected."""
ON_JOBS: Mapping[str, tuple[str, str]] = {
    "cancel": ("cart-totals", "edit again"),
    "retry_with": ("stripe-webhooks", "test"),
    "follow-up": ("cart-totals", "edit"),
    "priority": ("locale-de", "edit"),
    "compare_attempts": ("stripe-webhooks", "test"),
    "edit_job": ("locale-de", "edit"),
    "note": ("cart-totals", "edit again"),
    "label": ("cart-totals", "edit again"),
}
"""Actions that open something, and the workstream and step they are for."""
_MADE_ELSEWHERE = {"CheckLogSheet", "JobFileSheet"}
"""The log of a check needs a merge, so the pictures of the review have it; the other is what two forms share."""


class Gallery:
    """One room and the folder of its pictures."""

    def __init__(self, room: ControlRoom, out: Path) -> None:
        self._room, self._out = room, out
        self.drawn: set[str] = set()

    def take(
        self,
        name: str,
        prepare: Callable[[], object] = lambda: None,
        holds: Callable[[], bool] = lambda: True,
    ) -> None:
        """A picture of the window in each theme and size, each time prepared anew, once `holds`."""
        room = self._room
        for theme in THEMES:
            room.theme.set_preference(theme)
            for size in SIZES:
                room.window.resize(size)
                prepare()
                self.settle(holds)
                self._save(room.window, f"{theme}-{size.width()}x{size.height()}", name)
                self._close_all()

    def take_panels(self, state: str) -> None:
        """The window as it opens, then each panel alone in it."""
        room = self._room
        self.take(f"{state}window", lambda: room.actions.run("reset_layout"))
        for name in room.window.docks:
            self.only(name)
            self.take(f"{state}panel-{name}")
        room.actions.run("reset_layout")
        self.settle()

    def only(self, name: str) -> None:
        """Show one panel, which then has the whole window."""
        for other, dock in self._room.window.docks.items():
            dock.setVisible(other == name)

    def settle(self, holds: Callable[[], bool] = lambda: True) -> None:
        """Wait until this holds and no panel reads any more."""
        deadline = time.monotonic() + PATIENCE_S
        tasks = self._room.window.findChildren(BackgroundTasks)
        while (any(one.is_busy for one in tasks) or not holds()) and time.monotonic() < deadline:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            time.sleep(0.005)
        loop = QEventLoop()
        Screenshot(self._room.panels, self._room).wait(loop.quit)
        loop.exec()

    def _save(self, what: QWidget, folder: str, name: str) -> None:
        self.drawn.update(type(sheet).__name__ for sheet in self._sheets() if sheet.is_open)
        place = self._out / (f"{folder}@{SCALE}" if SCALE else folder)
        place.mkdir(parents=True, exist_ok=True)
        assert what.grab().save(str(place / f"{name}.png"))

    def _close_all(self) -> None:
        for sheet in self._sheets():
            sheet.dismiss()
        for popup in QApplication.topLevelWidgets():
            if popup.isVisible() and popup.windowType() is Qt.WindowType.Popup:
                popup.close()

    def _sheets(self) -> Sequence[Sheet]:
        return self._room.window.findChildren(Sheet)


def all_sheets(kind: type[Sheet] = Sheet) -> set[str]:
    """The names of all sheets of the program."""
    found = {kind.__name__} - {Sheet.__name__, SheetWithBanner.__name__}
    return found.union(*(all_sheets(each) for each in kind.__subclasses__()))


def _take_full(folder: Path, out: Path) -> set[str]:
    folder.mkdir()
    studio = Studio(folder, out)
    room = studio.room
    try:
        studio.play()
        _annotate(studio)
        gallery = Gallery(room, out)
        gallery.take_panels("")
        _take_details(gallery, studio)
        for action in WITHOUT_JOBS:
            gallery.take(
                f"sheet-{action}",
                lambda action=action: room.actions.run(action),  # type: ignore[misc]  # a default binds it
                lambda: all(help_sheet.is_complete for help_sheet in room.window.findChildren(HelpSheet)),
            )
        for action, (ws_id, step) in ON_JOBS.items():
            job = studio._job(ws_id, step)
            assert job is not None, (ws_id, step)
            gallery.take(
                f"sheet-{action}",
                lambda action=action, job_id=job.job_id: room.actions.run(action, [job_id]),  # type: ignore[misc]  # as above
                lambda: (
                    not any(sheet.is_comparing for sheet in room.window.findChildren(AttemptComparisonSheet))
                ),
            )
        arrivals = studio.scene.arrivals()
        gallery.take("sheet-drop", lambda: room.add_files(arrivals))
        _take_settings(gallery, room)
        _take_alarm(gallery, room)
        _take_recurring(gallery, room)
    finally:
        studio.close()
    return gallery.drawn


def _found(room: ControlRoom, kind: type[Kind]) -> Kind:
    """The one widget of this kind in the window."""
    found = room.window.findChild(kind)
    assert found is not None, kind
    return found


def _annotate(studio: Studio) -> None:
    """Give a job a note and labels."""
    job = studio._job("cart-totals", "edit again")
    assert job is not None
    note = "Rounds twice: once in Money, once in the template.\nAsk Mia before it is merged."
    studio.room.host.run_command(SetNote(job_ids=[job.job_id], note=note))
    studio.room.host.run_command(LabelJobs(job_ids=[job.job_id], add=["flaky", "money"]))


def _take_details(gallery: Gallery, studio: Studio) -> None:
    """The details of a job that runs, and of one that failed."""
    for ws_id, step in (("cart-totals", "edit again"), ("stripe-webhooks", "test")):
        job = studio._job(ws_id, step)
        assert job is not None
        gallery.take(
            f"details-{ws_id}",
            lambda job_id=job.job_id: studio.room.actions.run("show_details", [job_id]),  # type: ignore[misc]  # a default binds it
        )
    studio.room.actions.run("reset_layout")
    gallery.settle()


def _take_settings(gallery: Gallery, room: ControlRoom) -> None:
    """The pages of the settings, and the part of the first one that has the sounds."""

    def show(page: int) -> None:
        room.actions.run("settings")
        sheet = _found(room, SettingsSheet)
        sheet.pages.setCurrentIndex(page)
        if page == 0:
            general = sheet.findChild(PageScroll)
            assert general is not None
            general.verticalScrollBar().setValue(general.verticalScrollBar().maximum())

    for page, name in enumerate(("sounds", "tools", "levels")):
        gallery.take(f"sheet-settings-{name}", lambda page=page: show(page))  # type: ignore[misc]  # a default binds it


def _take_alarm(gallery: Gallery, room: ControlRoom) -> None:
    """The filter sets, and one that was tried on history."""
    folder = FilterFolder(room.home.root)
    for name, sought in (("Failing tests", "FAILED"), ("Rate limits", "usage limit")):
        folder.save(name, checked_filter(name, {"show": {"text": [sought]}}))

    def open_sheet() -> FilterSetsSheet:
        room.actions.run("filter_sets")
        return _found(room, FilterSetsSheet)

    def is_tried() -> bool:
        sheet = _found(room, FilterSetsSheet)
        if sheet.list.count() and sheet.alarm.drop_button.isHidden():
            sheet.alarm.choice.chosen.emit(1)
        return sheet.alarm.on_button.isEnabled() and not sheet.alarm.drop_button.isHidden()

    gallery.take("sheet-filter-sets", open_sheet, lambda: _found(room, FilterSetsSheet).list.count() > 0)
    gallery.take("sheet-alarm", open_sheet, is_tried)


def _take_recurring(gallery: Gallery, room: ControlRoom) -> None:
    """The recurring runs, their form, and what became of missed ones."""
    now, home = time.time(), room.home.root
    runs = {
        "nightly-tests": ("every night 22:00", True),
        "deps": ("every monday 07:30", True),
        "audit": ("0 6 1 * *", False),
    }
    for name, (every, enabled) in runs.items():
        fields = {"template": "nightly-tests", "repo": str(home.parent / "shop"), "every": every}
        save_recurring_run(home, name, fields={**fields, "enabled": enabled, "if_missed": "skip"}, now=now)
    missed = dataclasses.replace(missed_note(now - 3_600), settled_until=now, every=runs["nightly-tests"][0])
    write_note(home, "nightly-tests", note=missed)
    room.recurring_watch.read_soon()
    gallery.settle(lambda: any(row.is_missed for row in room.projection.recurring))
    gallery.take("missed-window", lambda: room.actions.run("reset_layout"))
    gallery.only("dashboard")
    gallery.take("missed-panel-dashboard")
    room.actions.run("reset_layout")

    def show_form() -> None:
        room.actions.run("recurring_runs")
        _found(room, RecurringSheet).new_button.click()

    def edit() -> bool:
        sheet = _found(room, RecurringSheet)
        if sheet.list.selected() is not None and not sheet.is_form:
            sheet.edit_button.click()
        return sheet.is_form

    gallery.take("sheet-recurring-new", show_form)
    gallery.take("sheet-recurring-list", lambda: room.actions.run("recurring_runs"))
    gallery.take("sheet-recurring-edit", lambda: room.actions.run("recurring_runs"), edit)


def _take_empty(folder: Path, out: Path) -> set[str]:
    room = ControlRoom(folder / "home", remember=False)
    room.theme.reduce_motion = True
    try:
        gallery = Gallery(room, out)
        gallery.take_panels("empty-")
        for action in ("new_from_template", "layouts", "restore", "limits"):
            gallery.take(f"empty-sheet-{action}", lambda action=action: room.actions.run(action))  # type: ignore[misc]  # a default binds it
    finally:
        room.close("stop")
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return gallery.drawn


def main(out: Path) -> None:
    """Draw everything.

    Raises:
        SystemExit: a sheet has no picture.
    """
    _application = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="signalbox-", ignore_cleanup_errors=True) as folder:
        drawn = _take_empty(Path(folder) / "empty", out) | _take_full(Path(folder) / "full", out)
    if missing := all_sheets() - drawn - _MADE_ELSEWHERE:
        sys.exit(f"No picture of {', '.join(sorted(missing))}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
