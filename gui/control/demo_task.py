"""Lays out the demo on a pool thread, since that runs git, and hands back what to commit; starts nothing itself."""

from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.errors import SignalboxError
from engine.host.demo import make_demo
from engine.host.engine_service import Commitment
from engine.interfaces import Accepted
from engine.jobfile.reader import read_file


class DemoMaker(QObject):
    """Makes demos.

    Signals:
        made: (Commitment) the jobs of a fresh demo.
        failed: (sentence)
    """

    made = Signal(object)
    failed = Signal(str)
    _done = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None, *, pace: float = 1.2) -> None:
        super().__init__(parent)
        self._folder, self._pace = folder, pace
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._done.connect(self._on_done)

    def make(self) -> None:
        """Lay out a fresh demo; an earlier one is left as it is."""
        self._pool.start(_Making(self._folder, self._pace, self))

    def wait(self) -> None:
        """Wait until nothing is being made; for the end of the program."""
        self._pool.waitForDone()

    def deliver(self, outcome: Commitment | str) -> None:
        """Called on the pool thread with what came of it."""
        self._done.emit(outcome)

    @Slot(object)
    def _on_done(self, outcome: Commitment | str) -> None:
        if isinstance(outcome, Commitment):
            self.made.emit(outcome)
        else:
            self.failed.emit(outcome)


class _Making(QRunnable):
    """One demo."""

    def __init__(self, folder: Path, pace: float, maker: DemoMaker) -> None:
        super().__init__()
        self._folder, self._pace, self._maker = folder, pace, maker

    def run(self) -> None:
        try:
            read = read_file(make_demo(self._folder, pace=self._pace))
        except (SignalboxError, OSError) as error:
            self._maker.deliver(str(error))
            return
        source = str(read.path)
        jobs = [Accepted(spec=spec, digest=spec.digest(), source_path=source) for spec in read.jobs]
        self._maker.deliver(Commitment(jobs=jobs, title=read.title))
