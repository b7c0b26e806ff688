"""Finds out where every tool is and which version it has, in the background, since an answer may take seconds."""

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from engine.adapters.known_versions import note_version
from engine.errors import SignalboxError
from engine.interfaces import Adapter
from engine.jobfile.tool_names import is_coding_tool
from engine.jobfile.tool_registry import tools
from engine.system.tool_paths import resolve, search_path
from engine.types import ToolProbe
from gui.control.background_tasks import BackgroundTasks
from gui.data.tool_presence import ToolPresence, unusable_tools


class ToolProbes(QObject):
    """Probes all tools.

    Signals:
        probed: (ToolProbe) the result for one tool: its version, or why it cannot be used.
        located: (ToolPresence) which tools are installed, found without starting one.
    """

    probed = Signal(object)
    located = Signal(object)

    def __init__(self, adapters: Mapping[str, Adapter], parent: QObject, *, home: Path) -> None:
        """Probe these; what is found is noted in the home, where engines compare versions with it."""
        super().__init__(parent)
        self._adapters, self._home = adapters, home
        self._background, self._places = BackgroundTasks(self, threads=2), BackgroundTasks(self)
        self._results: dict[str, ToolProbe] = {}
        self.probed.connect(self._on_probed)

    @property
    def tools(self) -> list[str]:
        """The names of the tools this version supports."""
        return sorted(self._adapters)

    def probe(self, tool_paths: Mapping[str, str]) -> None:
        """Probe all tools again; outstanding results of an earlier probe are dropped."""
        self._background.forget()
        for tool in self._adapters:
            self._background.run_in_background(
                partial(_probed, self._adapters, tool, tool_paths=dict(tool_paths), home=self._home),
                self.probed.emit,
            )

    def locate(self, tool_paths: Mapping[str, str]) -> None:
        """Look where the tools are, and start none; what an earlier probe knows of their log-ins counts, too."""
        paths = dict(tool_paths)
        self._places.run_latest(lambda: _missing(paths), self._on_located)

    def stop(self) -> None:
        """Return once no tool is being probed or looked for; for the end of the program."""
        self._background.stop()
        self._places.stop()

    @Slot(object)
    def _on_probed(self, probe: ToolProbe) -> None:
        self._results[probe.tool] = probe

    def _on_located(self, missing: frozenset[str]) -> None:
        unusable = unusable_tools(self._results.values())
        self.located.emit(ToolPresence(missing=missing, unusable=unusable))


def _probed(
    adapters: Mapping[str, Adapter], tool: str, *, tool_paths: Mapping[str, str], home: Path
) -> ToolProbe:
    found = adapters[tool].probe(tool_paths)  # the adapter of a described tool is slow to load
    note_version(home, found, time.time())
    return found


def _missing(tool_paths: Mapping[str, str]) -> frozenset[str]:
    """The coding tools, and git, whose programs do not exist; `shell` and `tests` start none of their own."""
    names = (name for name in tools().names if name == "git" or is_coding_tool(name))
    return frozenset(name for name in names if not _is_there(name, tool_paths))


def _is_there(name: str, tool_paths: Mapping[str, str]) -> bool:
    try:
        resolve(tools().program(name, tool_paths), path=search_path(), tool_paths=tool_paths)
    except SignalboxError:
        return False
    return True
