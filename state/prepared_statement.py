"""Statements of the turn of an engine, made into text once and given to the driver as it is.

Each job needs the same dozen of statements. SQLAlchemy takes ten times as long to carry one out as SQLite does, most of
it for what never differs: which text it is, in which order the values go, how a result is read. The statement itself
stays one of SQLAlchemy, which the dialect of the connection puts into text: another database needs nothing here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Boolean, Connection, Dialect, Executable, Select, bindparam
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

from state.storable import storable_values

Row = tuple[Any, ...]


class _Text(NamedTuple):
    """What the driver is given: the text, how the values of a row go into it, and which results are true or false."""

    text: str
    values: Callable[[Mapping[str, Any]], Any]
    flags: tuple[int, ...]


class PreparedStatement:
    """One statement; every value that it needs is a named bind parameter.

    Defaults of columns are those of the table's schema alone, so an insert names every other column that may not be
    empty.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._texts: dict[Dialect, _Text] = {}
        self.names: tuple[str, ...] = ()
        """The names of the columns of a result."""
        if isinstance(statement, Select):
            self.names = tuple(statement.selected_columns.keys())

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Every row that a select finds."""
        made = self._made(connection)
        with _cursor(connection, made.text) as cursor:
            cursor.execute(made.text, made.values(values))
            found: list[Row] = [*map(tuple, cursor.fetchall())]
        return [_with_flags(row, made.flags) for row in found] if made.flags else found

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Carry out a change; return how many rows it concerned."""
        made = self._made(connection)
        with _cursor(connection, made.text) as cursor:
            cursor.execute(made.text, made.values(values))
            return cursor.rowcount

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Carry out the same change for each of these rows."""
        made = self._made(connection)
        with _cursor(connection, made.text) as cursor:
            cursor.executemany(made.text, [made.values(row) for row in rows])

    def _made(self, connection: Connection) -> _Text:
        dialect = connection.dialect
        made = self._texts.get(dialect)
        if made is None:
            made = self._texts[dialect] = self._make(dialect)
        return made

    def _make(self, dialect: Dialect) -> _Text:
        compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]  # of every statement
        if compiled.positional:
            values = _in_order(compiled.positiontup, compiled.params)
        else:
            values = lambda row: {**compiled.params, **row}  # noqa: E731
        flags: tuple[int, ...] = ()
        if isinstance(self._statement, Select):
            columns = self._statement.selected_columns
            flags = tuple(place for place, column in enumerate(columns) if isinstance(column.type, Boolean))
        return _Text(str(compiled), values, flags)


class PreparedByLength:
    """A statement with lists, prepared for each number of values there are: 1, 2, 4, 8 and so on.

    Args:
        build: makes the statement for lists of these lengths.
    """

    def __init__(self, build: Callable[..., Executable], *lists: str) -> None:
        """`lists` name the lists, whose parameters are their names with a number, as `numbered` makes them."""
        self._build, self._lists = build, lists
        self._prepared: dict[tuple[int, ...], PreparedStatement] = {}
        self.names = PreparedStatement(build(*[0] * len(lists))).names
        """The names of the columns of a result."""

    def rows(
        self, connection: Connection, lists: Mapping[str, Sequence[Any]], values: Mapping[str, Any]
    ) -> list[Row]:
        """Every row found for these lists and the other values; an empty list stays one."""
        padded = {name: _padded(lists[name]) for name in self._lists}
        lengths = tuple(map(len, padded.values()))
        statement = self._prepared.get(lengths)
        if statement is None:
            statement = self._prepared[lengths] = PreparedStatement(self._build(*lengths))
        numbered = {
            f"{name}_{place}": one for name, found in padded.items() for place, one in enumerate(found)
        }
        return statement.rows(connection, {**values, **numbered})


def numbered(name: str, length: int) -> Sequence[BindParameter[Any]] | None:
    """The parameters of a list of this length; None for an empty one, whose condition the statement does without."""
    return [bindparam(f"{name}_{place}") for place in range(length)] or None


def _padded(values: Sequence[Any]) -> Sequence[Any]:
    """The values, the last one repeated up to a power of two."""
    if not values:
        return values
    length = 1 << (len(values) - 1).bit_length()
    return [*values, *[values[-1]] * (length - len(values))]


def _in_order(names: Sequence[str], constants: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """What puts the values of a row into the order of the text; `constants` are those that the statement has itself."""
    fixed = {
        name: value.value if isinstance(value, Enum) else value
        for name, value in constants.items()
        if value is not None
    }
    if not names:
        return lambda _row: ()
    pick = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    if not fixed:
        return lambda row: storable_values(pick(row))
    return lambda row: storable_values(pick({**fixed, **row}))


def _with_flags(row: Row, flags: Sequence[int]) -> Row:
    values = [*row]
    for place in flags:
        values[place] = None if values[place] is None else bool(values[place])
    return tuple(values)


@contextmanager
def _cursor(connection: Connection, text: str) -> Iterator[DBAPICursor]:
    """A cursor of the driver, whose errors are raised as those of SQLAlchemy."""
    cursor = connection.connection.cursor()
    dialect: Any = connection.dialect
    try:
        yield cursor
    except dialect.dbapi.Error as error:
        raise DBAPIError.instance(text, None, error, dialect.dbapi.Error, dialect=dialect) from error
    finally:
        cursor.close()
