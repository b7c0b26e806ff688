"""Draws every panel, sheet and empty state in both themes and all sizes.

`python -m tests.helpers.gallery build/gallery`: for looking at one by one; the pictures of the README are those of
`tests.helpers.screenshots`. With ``QT_SCALE_FACTOR`` it draws one size in that scale. It fails when a sheet of the
program has no picture.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import ControlRoom
from gui.panels.logs.logs_panel import LogsPanel
from gui.widgets.sheet import Sheet
from gui.widgets.sheet_with_banner import SheetWithBanner
from gui.window.screenshot import Screenshot
from tests.helpers.screenshots import Studio

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
}
"""Actions that open something, and the workstream and step they are for."""
_MADE_ELSEWHERE = {"CheckLogSheet", "JobFileSheet"}
"""The log of a check needs a merge, so the pictures of the review have it; the other is what two forms share."""


class Gallery:
    """One room and the folder of its pictures."""

    def __init__(self, room: ControlRoom, out: Path) -> None:
        self._room, self._out = room, out
        self.drawn: set[str] = set()

    def take(self, name: str, prepare: Callable[[], object] = lambda: None) -> None:
        """A picture of the window in each theme and size, each time prepared anew."""
        room = self._room
        for theme in THEMES:
            room.theme.set_preference(theme)
            for size in SIZES:
                room.window.resize(size)
                prepare()
                self._settle()
                self._save(room.window, f"{theme}-{size.width()}x{size.height()}", name)
                self._close_all()

    def take_panels(self, state: str) -> None:
        """The window as it opens, then each panel alone in it."""
        room = self._room
        self.take(f"{state}window", lambda: room.actions.run("reset_layout"))
        for name, dock in room.window.docks.items():
            for other in room.window.docks.values():
                other.setVisible(other is dock)
            self.take(f"{state}panel-{name}")
        for dock in room.window.docks.values():
            dock.setVisible(True)
        room.actions.run("reset_layout")

    def _settle(self) -> None:
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
        gallery = Gallery(room, out)
        gallery.take_panels("")
        for action in WITHOUT_JOBS:
            gallery.take(f"sheet-{action}", lambda action=action: room.actions.run(action))  # type: ignore[misc]  # a default binds it
        for action, (ws_id, step) in ON_JOBS.items():
            job = studio._job(ws_id, step)
            assert job is not None, (ws_id, step)
            gallery.take(
                f"sheet-{action}",
                lambda action=action, job_id=job.job_id: room.actions.run(action, [job_id]),  # type: ignore[misc]  # as above
            )
        arrivals = studio.scene.arrivals()
        logs = room.window.findChild(LogsPanel)
        assert logs is not None
        gallery.take("sheet-filter-sets", logs.saved.open_sheet)
        gallery.take("sheet-drop", lambda: room.add_files(arrivals))
    finally:
        studio.close()
    return gallery.drawn


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
