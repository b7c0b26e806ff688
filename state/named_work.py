"""The jobs, runs, workstreams and levels that a reader names, and reads of their attempts and events alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from state import rows
from state.attempt_queries import ATTEMPTS
from state.event_payloads import with_records
from state.records import Attempt, Event
from state.sql_text import Connection, Values, as_list, mappings, tuples

ORDINARY_EVENTS = ("job.", "run.", "workstream.")
"""Events of these types occur with every job; others are shown as information."""
_LEVELS = ("error", "warning", "debug")
"""The levels by which events are shown; what else they may have depends on their type."""


@dataclass(frozen=True, slots=True)
class NamedWork:
    """What is named; kinds that are empty limit nothing.

    A workstream is (run_id, ws_id), with an empty run_id that of every run. With `with_engine` the events of no run
    belong to it. Levels are those of `Level` of lines, in lower case; they limit events and lines, not attempts.
    """

    jobs: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    workstreams: frozenset[tuple[str, str]] = frozenset()
    with_engine: bool = False
    levels: frozenset[str] = frozenset()

    @property
    def is_of_work(self) -> bool:
        """Whether it names anything but levels."""
        return bool(self.jobs or self.runs or self.workstreams)

    def has(self, run_id: str | None, ws_id: str | None, job_id: str | None) -> bool:
        """Whether something of this job, workstream or run belongs to it."""
        if not run_id:
            return self.with_engine
        named = {(run_id, ws_id or ""), ("", ws_id or "")}
        return (
            (not self.jobs or job_id in self.jobs)
            and (not self.runs or run_id in self.runs)
            and (not self.workstreams or not named.isdisjoint(self.workstreams))
        )


def attempts_of_work(connection: Connection, named: NamedWork) -> list[Attempt]:
    """The attempts without their results, oldest first."""
    jobs, values = _jobs(named)
    query = f"{ATTEMPTS} WHERE job_id IN ({jobs}) ORDER BY id"
    return [rows.attempt(row) for row in mappings(connection, query, values)]


def events_of_work(connection: Connection, named: NamedWork, *, before: int, limit: int) -> list[Event]:
    """The newest events before an id, ascending."""
    meant, values = _meant(named)
    query = f"SELECT * FROM events WHERE {meant} AND id < ? ORDER BY id DESC LIMIT ?"
    found = mappings(connection, query, (*values, before, limit))
    return with_records(connection, [rows.event(row) for row in found][::-1])


def count_of_work(connection: Connection, named: NamedWork, *, before: int) -> tuple[int, int]:
    """The number of events before an id, and how many of them are errors."""
    meant, values = _meant(named)
    query = f"SELECT count(*), sum(level = 'error') FROM events WHERE {meant} AND id < ?"
    number, failed = tuples(connection, query, (*values, before))[0]
    return int(number), int(failed or 0)


def _meant(named: NamedWork) -> tuple[str, Values]:
    """The condition of the events."""
    ids, values = _events(named) if named.is_of_work else ("", ())
    conditions = [f"id IN ({ids})"] if ids else []
    if named.levels:
        conditions.append(f"({' OR '.join(_of_levels(named.levels))})")
    return " AND ".join(conditions) or "1", values


def _of_levels(levels: frozenset[str]) -> Iterator[str]:
    """Conditions of which the events of some levels meet one."""
    yield from (f"level = '{level}'" for level in _LEVELS if level in levels)
    other = f"level NOT IN ({', '.join(map(repr, _LEVELS))})"
    ordinary = " OR ".join(f"event_type GLOB '{start}*'" for start in ORDINARY_EVENTS)
    if "event" in levels:
        yield f"{other} AND ({ordinary})"
    if "info" in levels:
        yield f"{other} AND NOT ({ordinary})"
    yield "0"


def _jobs(named: NamedWork) -> tuple[str, Values]:
    """The query of the ids of the jobs."""
    conditions, values = _places(named)
    if named.jobs:
        conditions.append("job_id IN (SELECT value FROM json_each(?))")
        values = (*values, as_list(sorted(named.jobs)))
    return f"SELECT job_id FROM jobs WHERE {' AND '.join(conditions) or '1'}", values


def _events(named: NamedWork) -> tuple[str, Values]:
    """The query of the ids of the events: those of the jobs, and those of no job."""
    jobs, values = _jobs(named)
    query = f"SELECT id FROM events WHERE job_id IN ({jobs})"
    if not named.jobs:
        conditions, places = _places(named)
        query += f" UNION ALL SELECT id FROM events WHERE {' AND '.join(['job_id IS NULL', *conditions])}"
        values = (*values, *places)
    if named.with_engine:
        query += " UNION ALL SELECT id FROM events WHERE job_id IS NULL AND run_id IS NULL"
    return query, values


def _places(named: NamedWork) -> tuple[list[str], Values]:
    """The conditions of runs and workstreams."""
    conditions: list[str] = []
    values: list[str] = []
    if named.runs:
        conditions.append("run_id IN (SELECT value FROM json_each(?))")
        values.append(as_list(sorted(named.runs)))
    if named.workstreams:
        one = "(ws_id = ? AND ? IN ('', run_id))"
        meant = " OR ".join([one] * len(named.workstreams))
        conditions.append(f"(run_id, ws_id) IN (SELECT run_id, ws_id FROM workstreams WHERE {meant})")
        for run_id, ws_id in sorted(named.workstreams):
            values += [ws_id, run_id]
    return conditions, tuple(values)
