"""End what a script left of its windows before Qt ends: at the end of the interpreter no order is kept any more.

A widget that is deleted after the application still starts timers, and a thread that is deleted while it runs aborts
the process. Programs with an event loop leave nothing for this.
"""

import atexit
from typing import Protocol
from weakref import WeakSet

from PySide6.QtCore import QCoreApplication, QEvent


class Closable(Protocol):
    """A window with all that belongs to it."""

    def close(self) -> None:
        """Close it; does nothing if it is closed already."""


_ROOMS: WeakSet[Closable] = WeakSet()


def close_at_exit(room: Closable) -> None:
    """Close this at the end of the interpreter at the latest."""
    _ROOMS.add(room)


def _end() -> None:
    for room in list(_ROOMS):
        room.close()
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# What is registered last runs first: importing Qt above has registered the end of the application.
atexit.register(_end)
