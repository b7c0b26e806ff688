"""Watches the check of the merge that is being checked: each second, in the background, and only while it is shown."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.control.background_tasks import BackgroundTasks
from gui.data.check_log import CheckProgress, check_progress

_SECOND_MS = 1000


class WatchedCheck(NamedTuple):
    """A check that runs: of which merge, where its log is, and the repository whose project file names it."""

    merge_id: int
    log: Path
    repo: Path


class CheckWatch(QObject):
    """Reads how far checks are.

    Signals:
        changed: one of them has printed more.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = BackgroundTasks(self)
        self._checks: Sequence[WatchedCheck] = ()
        self._known: dict[int, CheckProgress] = {}
        self._timer = QTimer(self, interval=_SECOND_MS)
        self._timer.timeout.connect(self._on_due)

    def progress(self, merge_id: int) -> CheckProgress:
        """What is known of the check of a merge."""
        return self._known.get(merge_id, CheckProgress())

    def watch(self, checks: Sequence[WatchedCheck]) -> None:
        """Watch these instead of those before; without any, nothing is read."""
        if checks == self._checks:
            return
        self._checks = checks
        kept = {check.merge_id for check in checks}
        self._known = {number: known for number, known in self._known.items() if number in kept}
        if checks:
            self._timer.start()
            self._on_due()
        else:
            self._timer.stop()

    @Slot()
    def _on_due(self) -> None:
        if not self.tasks.is_busy:
            for check in self._checks:
                read = partial(check_progress, check.log, check.repo)
                self.tasks.run_in_background(read, partial(self._on_read, check.merge_id))

    def _on_read(self, merge_id: int, progress: CheckProgress) -> None:
        is_watched = any(check.merge_id == merge_id for check in self._checks)
        if is_watched and self._known.get(merge_id) != progress:
            self._known[merge_id] = progress
            self.changed.emit()
