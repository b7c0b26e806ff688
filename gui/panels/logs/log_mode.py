"""What the Logs show or load."""

from enum import Enum


class Mode(Enum):
    """What the flow is doing."""

    CLOSED = "closed"
    OPENING = "opening"
    LIVE = "live"
    OLDER = "older"
    SEARCH = "search"
    ERRORS = "errors"


OF_ALL_OUTPUT = frozenset({Mode.SEARCH, Mode.ERRORS})
"""Lines of all stored output instead of the live ones."""
