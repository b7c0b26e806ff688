"""Reports that something in the inbox may have changed; never what.

If the system cannot watch the folder, the scan every few seconds has to do.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

log = logging.getLogger(__name__)

_CHANGES: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirModifiedEvent,
    DirMovedEvent,
]
"""All that is watched for: who only opens and reads, as each scan of ours does, wakes no thread."""


class InboxWatch(FileSystemEventHandler):
    """Calls `wake`, on watchdog's thread, whenever something happens in a folder."""

    def __init__(self, folder: Path, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._observer = Observer()
        self.problem = ""
        """Why the folder is not watched and only checked every few seconds; empty if it is watched."""
        try:
            self._observer.schedule(self, str(folder), recursive=False, event_filter=_CHANGES)
            self._observer.start()
        except OSError as error:
            self.problem = (
                f"The inbox is only checked every few seconds: it cannot be watched ({error.strerror})."
            )

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Wake the engine for a change."""
        del event
        self._wake()

    def close(self) -> None:
        """Stop watching."""
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
