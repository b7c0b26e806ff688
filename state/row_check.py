"""Finds rows with values that their columns cannot have, with the same functions that read them. Only reads."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, RowMapping, Table, select, text
from sqlalchemy.types import Boolean, Float, Integer

from state import rows, tables
from state.database_errors import DamagedRecordError

_READERS: Mapping[str, Callable[[RowMapping], object]] = {
    "runs": rows.run,
    "workstreams": rows.workstream,
    "jobs": lambda row: (rows.job(row), rows.spec(row["job_id"], row["spec_json"])),
    "step_attempts": rows.attempt,
    "events": rows.event,
    "workstream_files": rows.file,
    "errors": rows.error,
    "engines": rows.engine,
    "callbacks": rows.callback,
    "holds": rows.hold,
    "limits": rows.limit,
    "predicted_conflicts": rows.predicted_conflict,
}


def damaged_rows(connection: Connection, shown: int) -> Iterator[str]:
    """A sentence for each damaged row, at most so many of each table."""
    for table in tables.metadata.sorted_tables:
        found = [*_odd_types(connection, table, shown)]
        if not found and table.name in _READERS:
            found = [*_unreadable(connection, table, shown)]
        yield from found[:shown]
    yield from _settings(connection, shown)
    yield from _dependencies(connection, shown)
    if (owners := connection.execute(text("SELECT count(*) FROM owner")).scalar_one()) > 1:
        yield f"The table owner names {owners} homes and not one; delete its rows, and the next engine writes its own."


def _odd_types(connection: Connection, table: Table, shown: int) -> Iterator[str]:
    """Values of another type than their column: SQLite stores whatever it is given."""
    for column in table.columns:
        allowed = _storage(column.type) + (("null",) if column.nullable else ())
        words = ", ".join(f"'{name}'" for name in allowed)
        query = text(
            f'SELECT rowid, typeof("{column.name}"), quote(substr("{column.name}", 1, 60)) FROM {table.name} '
            f'WHERE typeof("{column.name}") NOT IN ({words}) LIMIT {shown}'
        )
        for row, type_, value in connection.execute(query):
            yield f"Row {row} of {table.name} is damaged: its {column.name} is {value} ({type_})."


def _storage(type_: object) -> tuple[str, ...]:
    match type_:
        case Float():
            return ("real", "integer")
        case Integer() | Boolean():
            return ("integer",)
        case _:
            return ("text",)


def _unreadable(connection: Connection, table: Table, shown: int) -> Iterator[str]:
    for row in connection.execute(select(table)).mappings():
        try:
            _READERS[table.name](row)
        except DamagedRecordError as error:
            yield f"In the table {table.name}: {error.sentence}"
            shown -= 1
            if not shown:
                return


def _settings(connection: Connection, shown: int) -> Iterator[str]:
    query = text("SELECT key FROM settings WHERE NOT json_valid(value_json) LIMIT :shown")
    for key in connection.execute(query, {"shown": shown}).scalars():
        yield f"The stored setting {key} is not JSON. Reset it with `signalbox settings reset {key}`."


def _dependencies(connection: Connection, shown: int) -> Iterator[str]:
    """Jobs that wait for one another, so that none of them would ever start."""
    query = text(
        "SELECT d.job_id, d.depends_on FROM job_dependencies d JOIN jobs ON jobs.job_id = d.job_id "
        "JOIN jobs parent ON parent.job_id = d.depends_on "
        "WHERE jobs.status IN ('held', 'queued') AND parent.status IN ('held', 'queued')"
    )
    waits_for: defaultdict[str, set[str]] = defaultdict(set)
    for job_id, parent in connection.execute(query):
        waits_for[job_id].add(parent)
    if circle := _circle(waits_for):
        more = f" and {len(circle) - shown} more" if len(circle) > shown else ""
        yield f"Jobs wait for one another: {', '.join(circle[:shown])}{more}. Cancel one of them."


def _circle(waits_for: Mapping[str, set[str]]) -> list[str]:
    """The jobs that are left when all that could start one after another have: those in a circle or behind one."""
    children: defaultdict[str, list[str]] = defaultdict(list)
    for job_id, parents in waits_for.items():
        for parent in parents:
            children[parent].append(job_id)
    open_parents = {job_id: len(parents) for job_id, parents in waits_for.items()}
    free = [job_id for job_id in children if not open_parents.get(job_id)]
    while free:
        for child in children.get(free.pop(), ()):
            open_parents[child] -= 1
            if not open_parents[child]:
                free.append(child)
    return sorted(job_id for job_id, number in open_parents.items() if number)
