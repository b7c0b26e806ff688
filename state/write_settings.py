"""The verbs around the queue: stop signs, limits, settings, engines, and notes of what happened."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from state import queries, rows
from state.records import (
    Engine,
    Hold,
    HoldKind,
    JobStatus,
    Limit,
    LimitKind,
)
from state.tables import (
    engines,
    holds,
    jobs,
    limits,
    settings,
)
from state.writer import LedgerWriter, columns


class Switching(LedgerWriter):
    """Changes what decisions are made on."""

    def set_hold(self, hold: Hold) -> Hold:
        """Set a stop sign, or change the one that stands there."""
        with self.transaction() as connection:
            return self._set_hold(connection, hold)

    def lift_hold(self, kind: HoldKind, key: str) -> bool:
        """Take a stop sign away; False where none stood."""
        with self.transaction() as connection:
            row = (
                connection.execute(select(holds).where(holds.c.kind == kind, holds.c.key == key))
                .mappings()
                .first()
            )
            if row is None:
                return False
            connection.execute(delete(holds).where(holds.c.kind == kind, holds.c.key == key))
            message = (
                "The engine was resumed."
                if kind is HoldKind.ENGINE
                else f"The hold on {kind} {key} was lifted."
            )
            self._tell(connection, "hold.lifted", message, hold=rows.hold(row))
            self._end_quota(connection, kind, key)
            return True

    def _end_quota(self, connection: Connection, kind: HoldKind, key: str) -> None:
        """What waited for the quota of this account or tool waits no longer."""
        match kind:
            case HoldKind.ACCOUNT:
                whose = jobs.c.account == key
            case HoldKind.TOOL:
                whose = jobs.c.account.is_(None) & (jobs.c.tool == key)
            case _:
                return
        waiting = (jobs.c.status == JobStatus.QUEUED) & (jobs.c.waits_for == "quota") & whose
        for job in queries.jobs_where(connection, select(*queries.JOB_COLUMNS).where(waiting)):
            due = self._change(connection, job, not_before=None, waits_for=None)
            message = f"{job.job_id} no longer waits for the quota of {key}."
            self._tell(connection, "job.due", message, job=due)

    def set_limit(self, limit: Limit) -> Limit:
        """Set how many jobs of a kind run at once."""
        with self.transaction() as connection:
            values = columns(limit, "kind", "key", "value")
            statement = upsert(limits).values(**values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["kind", "key"], set_={"value": limit.value})
            )
            named = f" for {limit.kind} {limit.key}" if limit.kind is not LimitKind.GLOBAL else ""
            self._tell(
                connection, "limit.set", f"At most {limit.value} jobs run at once{named}.", limit=limit
            )
            return limit

    def remove_limit(self, kind: LimitKind, key: str) -> bool:
        """Take a limit away; False where there was none."""
        with self.transaction() as connection:
            found = select(limits).where(limits.c.kind == kind, limits.c.key == key)
            row = connection.execute(found).mappings().first()
            if row is None:
                return False
            connection.execute(delete(limits).where(limits.c.kind == kind, limits.c.key == key))
            self._tell(
                connection, "limit.removed", f"{kind} {key} has no limit any more.", limit=rows.limit(row)
            )
            return True

    def change_setting(self, key: str, value: Any) -> None:
        """Change a setting; None takes it away."""
        with self.transaction() as connection:
            connection.execute(delete(settings).where(settings.c.key == key))
            if value is not None:
                connection.execute(insert(settings).values(key=key, value_json=rows.dump(value)))
            self._tell(connection, "setting.changed", f"The setting {key} was changed.", extra={"key": key})

    def engine_started(self, engine: Engine) -> None:
        """Record that an engine took up work."""
        with self.transaction() as connection:
            names = ("engine_id", "home_id", "host", "pid", "kind", "started_at")
            connection.execute(insert(engines).values(**columns(engine, *names)))
            self._tell(
                connection, "engine.started", f"An engine started (process {engine.pid}).", engine=engine
            )

    def engine_stopped(self, engine_id: str, why: str) -> None:
        """Record that an engine laid down its work."""
        with self.transaction() as connection:
            mine = (engines.c.engine_id == engine_id) & engines.c.stopped_at.is_(None)
            if connection.execute(update(engines).where(mine).values(stopped_at=self._clock())).rowcount:
                extra = {"engine_id": engine_id}
                self._tell(connection, "engine.stopped", f"The engine stopped{why}.", extra=extra)

    def record(
        self,
        event_type: str,
        message: str,
        *,
        level: str = "info",
        extra: Mapping[str, Any] | None = None,
        run_id: str | None = None,
        ws_id: str | None = None,
        job_id: str | None = None,
        tool: str | None = None,
    ) -> int:
        """Record something that happened beside the rows."""
        with self.transaction() as connection:
            return self._tell(
                connection, event_type, message, level=level, extra=extra,
                where={"run_id": run_id, "ws_id": ws_id, "job_id": job_id, "tool": tool},
            )  # fmt: skip
