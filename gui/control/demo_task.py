"""Creates the demo in the background, since that runs git, and returns the jobs to add. Starts nothing."""

from PySide6.QtCore import QObject, Signal

from engine.errors import SignalboxError
from engine.host.commands import AddJobs
from engine.interfaces import Accepted
from engine.system.home import Home
from gui.control.background_tasks import BackgroundTasks


class DemoTask(QObject):
    """Creates demos.

    Signals:
        made: (AddJobs) the jobs of a new demo.
        failed: (sentence) why it could not be created.
    """

    made = Signal(object)
    failed = Signal(str)

    def __init__(self, home: Home, parent: QObject | None = None, *, pace: float = 1.2) -> None:
        super().__init__(parent)
        self._home, self._pace = home, pace
        self._background = BackgroundTasks(self)

    def make(self) -> None:
        """Create a new demo; an earlier one is left as it is."""
        self._background.run_in_background(self._jobs_to_add, self.made.emit, failed=self._on_failed)

    def wait(self) -> None:
        """Return once no demo is being created; for the end of the program."""
        self._background.wait()

    def _jobs_to_add(self) -> AddJobs:
        from engine.host.demo import open_demo  # noqa: PLC0415 - few windows show the demo
        from engine.jobfile.job_file_reader import read_file  # noqa: PLC0415

        read = read_file(open_demo(self._home, pace=self._pace))
        source = str(read.path)
        jobs = [Accepted(spec=spec, digest=spec.digest(), source_path=source) for spec in read.jobs]
        return AddJobs(jobs=jobs, title=read.title)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, SignalboxError | OSError):
            raise error
        self.failed.emit(str(error))
