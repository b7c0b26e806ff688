"""The client of the helper process that tries filter sets on history; the process lives only as long as a trial."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from engine.system.home import Home
from gui.control.line_process import LineProcess
from gui.data.trial_result import TrialResult, TriedJob
from gui.translation import tr

if TYPE_CHECKING:
    from engine.jobfile.filter_set import FilterSet


class TrialClient(QObject):
    """Tries one filter set at a time.

    Signals:
        progressed: (done, total) so many attempts were read.
        tried: (TrialResult) the trial has ended.
        failed: (sentence) it could not be carried out.
    """

    progressed = Signal(int, int)
    tried = Signal(object)
    failed = Signal(str)

    def __init__(self, home: Home, parent: QObject, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._home, self._clock = home, clock
        self._helper = LineProcess("gui.panels.logs.trial_server", self)
        self._helper.answered.connect(self._on_answered)
        self._helper.ended.connect(self._on_ended)

    def start(self, name: str, content: "FilterSet") -> None:
        """Try a filter set on the output of the last days, instead of what is being tried."""
        self.cancel()
        self._helper.send(
            {
                "database": str(self._home.database),
                "attempts": str(self._home.attempts),
                "name": name,
                "content": content.model_dump(mode="json", exclude_defaults=True),
                "now": self._clock(),
            }
        )

    def cancel(self) -> None:
        """End the trial without waiting for its process; nothing more is emitted of it."""
        self._helper.leave()

    def stop(self) -> None:
        """End the trial and its process; for the end of the program."""
        self._helper.close()

    @Slot(object)
    def _on_answered(self, answer: dict[str, Any]) -> None:
        if "done" in answer:
            self.progressed.emit(answer["done"], answer["total"])
            return
        self._helper.leave()
        if "failed" in answer:
            self.failed.emit(tr("The trial could not be carried out: {reason}", reason=answer["failed"]))
        else:
            jobs = tuple(TriedJob(*job) for job in answer["jobs"])
            self.tried.emit(TrialResult(jobs, answer["number"], answer["lines"]))

    @Slot()
    def _on_ended(self) -> None:
        self.failed.emit(tr("The process that reads the output ended. Try again."))
