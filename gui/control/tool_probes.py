"""Asks every tool where it is and which version answers, on pool threads, since an answer may take seconds."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from engine.interfaces import Adapter
from engine.types import ToolProbe


class ToolProbes(QObject):
    """Probes tools.

    Signals:
        probed: (ToolProbe) one tool has answered, or it is known why it cannot be used.
    """

    probed = Signal(object)
    _answered = Signal(int, object)

    def __init__(self, adapters: Mapping[str, Adapter], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._adapters = adapters
        self._turn = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._answered.connect(self._on_answered)

    @property
    def tools(self) -> list[str]:
        """The tools this version knows."""
        return sorted(self._adapters)

    def ask(self, tool_paths: Mapping[str, str]) -> None:
        """Ask all tools anew; answers to an earlier question are dropped."""
        self._turn += 1
        for adapter in self._adapters.values():
            self._pool.start(_Probing(self._turn, adapter, dict(tool_paths), self))

    def wait(self) -> None:
        """Wait until no thread asks any more; for the end of the program."""
        self._pool.clear()
        self._pool.waitForDone()

    def deliver(self, turn: int, probe: ToolProbe) -> None:
        """Called on a pool thread with an answer."""
        self._answered.emit(turn, probe)

    @Slot(int, object)
    def _on_answered(self, turn: int, probe: ToolProbe) -> None:
        if turn == self._turn:
            self.probed.emit(probe)


class _Probing(QRunnable):
    """One question to one tool."""

    def __init__(
        self, turn: int, adapter: Adapter, tool_paths: Mapping[str, str], probes: ToolProbes
    ) -> None:
        super().__init__()
        self._turn, self._adapter, self._tool_paths, self._probes = turn, adapter, tool_paths, probes

    def run(self) -> None:
        self._probes.deliver(self._turn, self._adapter.probe(self._tool_paths))
