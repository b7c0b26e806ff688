"""Which attempts the output is requested of: those of a period, and those that are followed while they run."""

from collections.abc import Callable, Mapping
from pathlib import Path

from gui.panels.logs.output_client import OutputClient
from state.records import Attempt, AttemptStatus

_CLOSE_S = 60
"""An attempt may print until a minute after it was recorded as ended."""


class AttemptRequests:
    """Remembers of which attempts everything was requested, and of which only what they had printed by then.

    `attempts` are those that are known; their owner adds to them.
    """

    def __init__(
        self, client: OutputClient, attempts: Mapping[int, Attempt], folder_of: Callable[[Attempt], Path]
    ) -> None:
        self._client, self._attempts, self._folder_of = client, attempts, folder_of
        self._done: set[int] = set()
        self._begun: set[int] = set()
        self.opened_at = 0.0
        """When the newest lines were requested: what is followed begins there."""

    def clear(self) -> None:
        """Request everything anew."""
        self._done.clear()
        self._begun.clear()

    def of_period(self, since: int, until: int, *, opens: bool) -> list[tuple[int, Path, str, bool]]:
        """What to load for a period (ns): attempt, folder, tool, has ended; `opens` if following begins at its end."""
        found = []
        for attempt in self._attempts.values():
            ended = attempt.status is not AttemptStatus.RUNNING
            over = (
                ended and attempt.completed_at is not None and (attempt.completed_at + _CLOSE_S) * 1e9 < since
            )
            if attempt.token and attempt.started_at * 1e9 < until and not over:
                found.append((attempt.id, self._folder_of(attempt), attempt.tool, ended))
                if opens:
                    (self._done if ended else self._begun).add(attempt.id)
        return found

    def follow_all(self) -> None:
        """Follow every attempt that runs."""
        for attempt in list(self._attempts.values()):
            self.follow(attempt)

    def follow(self, attempt: Attempt) -> None:
        """Follow a running attempt; read one that has just ended to its end."""
        if not attempt.token or attempt.id in self._done:
            return
        since = self.opened_at if attempt.id in self._begun else 0.0
        self._client.follow(attempt.id, self._folder_of(attempt), attempt.tool, since=since)
        if attempt.status is not AttemptStatus.RUNNING:
            self._client.finish(attempt.id)
            self._done.add(attempt.id)
