"""Finds out where every tool is and which version it has, beside the GUI thread, since an answer may take seconds."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.interfaces import Adapter
from gui.control.background_tasks import BackgroundTasks


class ToolProbes(QObject):
    """Probes tools.

    Signals:
        probed: (ToolProbe) one tool has answered, or it is known why it cannot be used.
    """

    probed = Signal(object)

    def __init__(self, adapters: Mapping[str, Adapter], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._adapters = adapters
        self._background = BackgroundTasks(self, threads=2)

    @property
    def tools(self) -> list[str]:
        """The tools this version knows."""
        return sorted(self._adapters)

    def ask(self, tool_paths: Mapping[str, str]) -> None:
        """Probe all tools anew; what an earlier probe still finds is dropped."""
        self._background.forget()
        for adapter in self._adapters.values():
            self._background.run_in_background(partial(adapter.probe, dict(tool_paths)), self.probed.emit)

    def stop(self) -> None:
        """Return once no tool is probed any more; for the end of the program."""
        self._background.stop()
