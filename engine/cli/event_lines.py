"""Prints what happens while the engine runs, a line for each event; on a terminal not more often than one reads."""

import sys
import time
from collections.abc import Callable, Sequence

from engine.cli.printing import LIVE_REST_S, STYLES, Styled, is_terminal, print_styled_lines
from engine.system.formatting import clock_second
from state import event_queries
from state.database_errors import DatabaseError
from state.database_reader import DatabaseReader
from state.event_queries import EventLine

_MOST = 10_000


class EventLines:
    """Prints the events of a home from now on, except those for debugging."""

    def __init__(
        self,
        reader: DatabaseReader,
        *,
        rest_s: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Rest so long between two writes; on a terminal a tenth of a second, elsewhere not at all."""
        self._reader, self._monotonic = reader, monotonic
        self._rest_s = (LIVE_REST_S if is_terminal(sys.stdout) else 0.0) if rest_s is None else rest_s
        self._cursor = reader.read(event_queries.latest_event_id)
        self._version = -1
        self._due = monotonic()

    def print_new(self) -> None:
        """Print what has happened since the last time, unless that was a moment ago."""
        if self._monotonic() >= self._due:
            self.print_rest()

    def print_rest(self) -> None:
        """Print what has happened since the last time, however short that is ago."""
        try:
            version = self._reader.data_version()
            if version == self._version:
                return
            while self._print(self._reader.read(event_queries.event_lines_after, self._cursor, limit=_MOST)):
                pass
        except DatabaseError:
            return  # the engine reports the problem; the events missed here are read the next time
        self._version = version
        self._due = self._monotonic() + self._rest_s

    def _print(self, found: Sequence[EventLine]) -> bool:
        """Print these; return whether there may be more."""
        if found:
            self._cursor = found[-1].id
            print_styled_lines(
                Styled(f"{clock_second(event.at)} {event.message}", STYLES.get(event.level, ""))
                for event in found
                if event.level != "debug"
            )
        return len(found) == _MOST
