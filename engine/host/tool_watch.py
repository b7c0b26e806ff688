"""Records that a coding tool has another version than when it was last probed, once however many engines notice."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from engine.adapters.known_versions import (
    KnownVersion,
    forget_changes,
    known_versions,
    note_version,
    stamp_of_program,
)
from engine.interfaces import Pool
from engine.state_store.job_state_store import JobStateStore
from engine.system.plain_text import escape_invisible
from engine.types import ToolProbe

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


class ToolWatch:
    """Looks whether the programs of the tools at work are those that were probed; calls come from the engine.

    A tool that was never probed in this home is not started for that: its first probe is a person's.

    Args:
        store: where a change is recorded.
        pool: probes, which may take seconds.
        probe: asks one tool for its version.
    """

    def __init__(self, store: JobStateStore, pool: Pool, probe: Callable[[str], ToolProbe]) -> None:
        self._store, self._pool, self._probe = store, pool, probe
        self._looked_at = float("-inf")
        self._is_looking = False
        self._found: Sequence[tuple[str, KnownVersion]] = ()
        self._recorded: Sequence[tuple[str, KnownVersion]] = ()
        self._answerless: dict[str, tuple[int, int] | None] = {}
        """Programs that printed no version: each is probed once."""

    def look(self, tools: Collection[str], now: float) -> None:
        """Record changes that are noted, and probe those of the tools at work whose program has changed.

        Raises:
            DatabaseError: a change could not be recorded; the next look tries again.
        """
        self._record()
        if self._is_looking or 0 <= now - self._looked_at < LOOK_EVERY_S:
            return
        self._looked_at, self._is_looking = now, True
        self._pool.submit(self._read, frozenset(tools), now)

    def _record(self) -> None:
        found = self._found  # the pool may put another one there meanwhile
        for tool, known in found:
            for change in known.changes:
                name = escape_invisible(tool)
                old, new = escape_invisible(change.old), escape_invisible(change.new)
                text = f"{name} has another version than before: {new} instead of {old}."
                payload = {"text": text, "name": tool, "old": change.old, "new": change.new, "at": change.at}
                self._store.record_event_once(
                    "tool.version_changed", payload, after=change.at - 1, is_same=True
                )
        if found:
            self._recorded, self._found = found, ()

    def _read(self, tools: frozenset[str], now: float) -> None:
        try:
            self._forget_recorded()
            known = known_versions(self._store.home.root)
            for tool in sorted(tools & known.keys()):
                self._probe_if_changed(tool, known[tool], now)
            self._found = _unrecorded(known_versions(self._store.home.root))
        except Exception:  # the next look has another chance
            log.exception("Could not look at the versions of tools")
        finally:
            self._is_looking = False

    def _forget_recorded(self) -> None:
        """Forget changes here and not in a turn of the engine: somebody may have the lock of the file for long."""
        for tool, known in self._recorded:
            with suppress(OSError, TimeoutError):  # recorded again, which the database prevents
                forget_changes(self._store.home.root, tool, known.changes)
        self._recorded = ()

    def _probe_if_changed(self, tool: str, known: KnownVersion, now: float) -> None:
        stamp = stamp_of_program(known.path)
        if stamp == known.stamp or (tool in self._answerless and self._answerless[tool] == stamp):
            return
        found = self._probe(tool)
        self._answerless[tool] = stamp
        note_version(self._store.home.root, found, now)


def _unrecorded(known: Mapping[str, KnownVersion]) -> Sequence[tuple[str, KnownVersion]]:
    return [(tool, one) for tool, one in known.items() if one.changes]
