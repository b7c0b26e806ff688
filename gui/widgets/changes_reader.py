"""Asks git on a pool thread what an attempt changed, and tells the GUI thread; only the latest question is answered."""

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from gui.models.diff import ChangesOf, DiffRequest, read_changes


class ChangesReader(QObject):
    """One question at a time.

    Signals:
        found: (ChangesOf) the answer to the latest question.
    """

    found = Signal(object)
    _answered = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._turn = 0
        self._answered.connect(self._on_answered)

    def ask(self, request: DiffRequest) -> None:
        """Ask; questions still waiting are dropped."""
        self._turn += 1
        self._pool.clear()
        self._pool.start(_Question(self._turn, request, self))

    def forget(self) -> None:
        """Want no answer any more."""
        self._turn += 1
        self._pool.clear()

    def wait(self) -> None:
        """Forget, and wait until git is no longer at work."""
        self.forget()
        self._pool.waitForDone()

    @Slot(int, object)
    def _on_answered(self, turn: int, changes: ChangesOf) -> None:
        if turn == self._turn:
            self.found.emit(changes)


class _Question(QRunnable):
    def __init__(self, turn: int, request: DiffRequest, reader: ChangesReader) -> None:
        super().__init__()
        self._turn, self._request, self._reader = turn, request, reader

    def run(self) -> None:
        changes = read_changes(self._request)
        self._reader._answered.emit(self._turn, changes)  # noqa: SLF001 - the other half of one thing
