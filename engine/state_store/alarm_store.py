"""What an engine reads and writes about alarms: who runs, what was recorded already, and what is held."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from engine.errors import CommandRefusedError
from engine.state_store.store_access import StoreAccess
from state import attempt_queries, event_queries, queries
from state.records import Attempt, HoldCause, JobHold, JobStatus

ALARM_EVENT = "job.alarm"


class AlarmStore:
    """The alarms of a home as they are recorded."""

    def __init__(self, access: StoreAccess) -> None:
        self._access, self._ledger = access, access.ledger

    def running(self) -> list[Attempt]:
        """The attempts that run."""
        return self._access.read(attempt_queries.running_attempts)

    def newest(self) -> int:
        """The id of the newest attempt; 0 where there is none."""
        return max((attempt.id for attempt in self._access.read(attempt_queries.recent_attempts)), default=0)

    def started_after(self, attempt_id: int) -> list[Attempt]:
        """The attempts that began after this one, also those that have ended."""
        recent = self._access.read(attempt_queries.recent_attempts)
        return [attempt for attempt in recent if attempt.id > attempt_id]

    def recorded(self) -> set[tuple[str, str]]:
        """The jobs and the alarms that were recorded for them."""
        events = self._access.read(event_queries.events_of_type, ALARM_EVENT)
        return {(event.job_id or "", str(event.payload.get("alarm"))) for event in events}

    def record(
        self, job_id: str, message: str, *, alarm: str, attempt_id: int, printed_at: float, text: str
    ) -> None:
        """Record that a job printed a line which an alarm is for."""
        self._ledger.commands.record_alarm(
            job_id, message, alarm=alarm, attempt_id=attempt_id, printed_at=printed_at, text=text
        )

    def hold_queued(self, key: tuple[str, str], reason: str, *, but: Collection[str]) -> Sequence[str]:
        """Hold the queued jobs of a workstream, except some; return which."""
        jobs = self._access.read(queries.jobs_of_run, key[0])
        queued = [job for job in jobs if job.ws_key == key and job.status is JobStatus.QUEUED]
        held = []
        for job in queued:
            if job.job_id not in but:
                with suppress(CommandRefusedError):  # it has just started
                    self._ledger.commands.hold(job.job_id, JobHold(HoldCause.ALARM, reason))
                    held.append(job.job_id)
        return held
