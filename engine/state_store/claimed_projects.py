"""Keeps the project files of the jobs that start next as they are now, read between the transactions that claim."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.state_store.store_access import StoreAccess

_MOST = 32
"""Of more repositories the project files are read only when a job of them may start."""


class ClaimedProjects:
    """The repositories of the last claims; those of `late` do not answer, so nothing starts there."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._repos: set[Path] = set()
        self._unread: set[Path] = set()
        self.late: set[Path] = set()

    @property
    def are_all_read(self) -> bool:
        """Whether no job waits for its project file to be read."""
        return not self.late and not self._unread

    def begin(self, more: Iterable[Path] = ()) -> None:
        """Read the project files that the last claims needed, and these."""
        self._learn(self._unread)
        self.late, self._unread = self._access.read_projects({*self._repos, *more}), set()

    def read_more(self) -> bool:
        """Read what the last transaction has missed; whether there was anything."""
        unread, self._unread = self._unread, set()
        self._learn(unread)
        self.late |= self._access.read_projects(unread)
        return bool(unread)

    def _learn(self, unread: set[Path]) -> None:
        self._repos = unread if unread and len(self._repos) > _MOST else self._repos | unread

    def waiting(self, repos: Mapping[str, Path]) -> set[str]:
        """Those of these jobs, with their repositories, whose project files were not read or do not answer."""
        self._unread |= set(repos.values()) - self._repos - self.late
        return {job_id for job_id, repo in repos.items() if repo in self.late or repo in self._unread}
