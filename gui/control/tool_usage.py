"""Reads in the background what each coding tool has cost today and how much of its quotas is used."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.maintenance.tool_overview import records_of_tools, usage_texts
from gui.control.background_tasks import BackgroundTasks
from state.database_errors import DatabaseError

if TYPE_CHECKING:
    from state.database_reader import DatabaseReader


class ToolUsage(QObject):
    """Reads on request, with a database connection of its own: the results of a thousand attempts may be large.

    Signals:
        read: (Mapping) what is known of the use of each tool, as text by tool.
    """

    read = Signal(object)

    def __init__(self, reader: "DatabaseReader", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._background = BackgroundTasks(self)

    def request(self) -> None:
        """Read it as it is now; what was requested before is dropped."""
        self._background.run_latest(lambda: _texts(self._reader), self.read.emit)

    def stop(self) -> None:
        """Wait for the current read; nothing is emitted afterwards."""
        self._background.stop()


def _texts(other: "DatabaseReader") -> Mapping[str, str]:
    now = time.time()
    try:
        reader = other.another()
        try:
            return usage_texts(reader.read(records_of_tools, now), now)
        finally:
            reader.close()
    except DatabaseError:
        return {}  # locked or damaged, which other places report
