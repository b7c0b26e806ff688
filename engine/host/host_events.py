"""Record what befell engines and the disk under them: one was killed, or there is little room. Decides nothing."""

import logging
from collections.abc import Sequence
from contextlib import suppress

from engine.health_problems import HealthProblem, HealthProblemKind
from engine.interfaces import Identity
from engine.state_store.job_state_store import NOTICED_WITHIN_S, JobStateStore
from state.database_errors import DatabaseError
from state.recordable import recordable

log = logging.getLogger(__name__)


class HostEvents:
    """Records ``engine.lost``, ``engine.disk_low`` and ``engine.disk_free``, each once, however many engines notice."""

    def __init__(self, store: JobStateStore, identity: Identity) -> None:
        self._store, self._identity = store, identity
        self._has_looked_back = self._is_low = False

    def look(self, problems: Sequence[HealthProblem], now: float) -> None:
        """Record what is new; what cannot be written now is not tried again: the disk may be full."""
        low = next((one for one in problems if one.kind is HealthProblemKind.SPACE), None)
        if (low is not None) is not self._is_low:
            self._is_low = low is not None
            with suppress(DatabaseError):
                self._record_space(low, now)
        if not self._has_looked_back and low is None:
            self._has_looked_back = True
            with suppress(DatabaseError):
                self._record_lost()

    def _record_space(self, low: HealthProblem | None, now: float) -> None:
        if low is not None:
            payload = {"text": low.sentence, "level": "warning"}
            self._store.record_event_once("engine.disk_low", payload, after=now - NOTICED_WITHIN_S)
        else:
            payload = {"text": recordable("There is enough room on the disk again.")}
            self._store.record_event_once("engine.disk_free", payload, after=now - NOTICED_WITHIN_S)

    def _record_lost(self) -> None:
        """Record the engines of this computer that ended without a word."""
        mine = self._identity.engine
        for one in self._store.open_engines():
            is_here = (one.home_id, one.host) == (mine.home_id, mine.host)
            if is_here and one.engine_id != mine.engine_id and not self._identity.is_alive(one.engine_id):
                self._store.engine_lost(one, before=mine.started_at)
