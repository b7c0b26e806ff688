"""One open database, shared by the roles of a store: the ledger, reads, the settings, and subscriptions."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from engine.jobfile.known_projects import PATIENCE_S, read_projects
from engine.settings import Settings, read_settings
from engine.state_store.subscription import Subscription
from engine.system.home import Home
from state import queries
from state.database import Connection, Database
from state.database_reader import DatabaseReader
from state.ledger import Ledger
from state.records import Event

P = ParamSpec("P")
R = TypeVar("R")
_BUSY_MS = 5_000


class StoreAccess:
    """The database of one home, for several threads; `clock` returns epoch seconds."""

    def __init__(self, home: Home, *, clock: Callable[[], float]) -> None:
        self.home, self.clock = home, clock
        self.database = Database(home.database, backups=home.backups)
        self.ledger = Ledger(self.database, clock=clock)
        self._reader = DatabaseReader(self.database, busy_ms=_BUSY_MS)
        self._reading_lock = threading.RLock()
        self._ahead = threading.local()
        self._subscriptions: list[Subscription] = []
        self.database.after_commit = self._wake_subscriptions

    def close(self) -> None:
        """Close the connections, and end every subscription."""
        for subscription in list(self._subscriptions):
            subscription.close()
        self._reader.close()
        self.database.close()

    def read(
        self, query: Callable[Concatenate[Connection, P], R], /, *arguments: P.args, **named: P.kwargs
    ) -> R:
        """The result of one query of `state`; a thread that writes sees what it has written so far."""
        if (joined := self.database.joined) is not None:
            return query(joined, *arguments, **named)
        with self._reading_lock:
            return self._reader.read(query, *arguments, **named)

    def change_stamp(self, *tables: str) -> int:
        """A number that differs once another connection has written, or this process to one of these tables.

        Without tables, to any. It costs microseconds.
        """
        if self.database.view_only_because is None:
            return self.database.change_stamp(*tables)
        with self._reading_lock:
            return self._reader.data_version()

    def kept(
        self,
        query: Callable[Concatenate[Connection, P], R],
        tables: Sequence[str],
        /,
        *arguments: P.args,
        **named: P.kwargs,
    ) -> R:
        """The result of a query that reads these tables, from memory as long as none of them can have changed."""
        if self.database.view_only_because is not None:
            return self.read(query, *arguments, **named)
        key = (query, arguments, *named.items())
        return self.database.kept(key, tables, lambda: self.read(query, *arguments, **named))

    def settings(self) -> Settings:
        """The settings of the home; they are needed for each job."""
        return self.kept(_settings, ("settings",))

    def read_projects(self, repos: Iterable[Path], *, patience_s: float = PATIENCE_S) -> set[Path]:
        """Read project files that the next transaction needs; return the repositories that do not answer.

        Inside of a transaction only what was not read before it is: others wait meanwhile to write.
        """
        needed = set(repos)
        if self.database.joined is not None:
            needed -= self._read_ahead()
        else:
            self._ahead.repos = needed
        return read_projects(needed, patience_s=patience_s)

    def _read_ahead(self) -> set[Path]:
        """The repositories whose project files this thread has read for the transaction that it is in."""
        found: set[Path] = getattr(self._ahead, "repos", set())
        return found

    @contextmanager
    def subscribe(self, after_id: int | None) -> Iterator[Iterator[Event]]:
        """Follow events, including those of other processes; None follows from now."""
        with Subscription(DatabaseReader(self.database, busy_ms=_BUSY_MS), after_id) as subscription:
            self._subscriptions.append(subscription)
            try:
                yield subscription
            finally:
                with suppress(ValueError):
                    self._subscriptions.remove(subscription)

    def _wake_subscriptions(self) -> None:
        for subscription in self._subscriptions:
            subscription.hint()


def _settings(connection: Connection) -> Settings:
    return read_settings(queries.all_settings(connection)).settings
