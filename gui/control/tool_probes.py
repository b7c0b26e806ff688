"""Finds out where every tool is and which version it has, in the background, since an answer may take seconds."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.adapters.known_versions import note_version
from engine.interfaces import Adapter
from engine.types import ToolProbe
from gui.control.background_tasks import BackgroundTasks


class ToolProbes(QObject):
    """Probes all tools.

    Signals:
        probed: (ToolProbe) the result for one tool: its version, or why it cannot be used.
    """

    probed = Signal(object)

    def __init__(self, adapters: Mapping[str, Adapter], parent: QObject, *, home: Path) -> None:
        """Probe these; what is found is noted in the home, where engines compare versions with it."""
        super().__init__(parent)
        self._adapters, self._home = adapters, home
        self._background = BackgroundTasks(self, threads=2)

    @property
    def tools(self) -> list[str]:
        """The names of the tools this version supports."""
        return sorted(self._adapters)

    def probe(self, tool_paths: Mapping[str, str]) -> None:
        """Probe all tools again; outstanding results of an earlier probe are dropped."""
        self._background.forget()
        for adapter in self._adapters.values():
            self._background.run_in_background(
                partial(_probed, adapter, dict(tool_paths), self._home), self.probed.emit
            )

    def stop(self) -> None:
        """Return once no tool is being probed; for the end of the program."""
        self._background.stop()


def _probed(adapter: Adapter, tool_paths: Mapping[str, str], home: Path) -> ToolProbe:
    found = adapter.probe(tool_paths)
    note_version(home, found, time.time())
    return found
