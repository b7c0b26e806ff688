"""Counts the commits of other connections to a database, as its writing connection sees them; its own count nothing."""

import sqlite3

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError as DriverError

_VERSION = "PRAGMA data_version"


class ForeignWrites:
    """Counts for one writing connection; every call belongs to the thread that has it.

    A database of another kind gets its own way of noticing here, such as a notification that each commit sends.

    Attributes:
        count: a number that has grown if others have written, as of the last look. Any thread may read it.
    """

    def __init__(self) -> None:
        self.count = 0
        self._driver: sqlite3.Connection | None = None
        self._version = -1

    def look(self, connection: Connection) -> None:
        """Look through the connection of a transaction."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the dialect of the engine
        self._look(driver)

    def look_by(self, writer: Engine) -> None:
        """Look between transactions; costs microseconds, since it goes to the driver's connection of the last one."""
        if self._driver is not None:
            try:
                self._look(self._driver)
            except sqlite3.Error:  # the engine has closed that connection, or the file cannot be read now
                self._driver = None
            else:
                return
        try:
            with writer.connect() as connection:
                self.look(connection)
        except (DriverError, sqlite3.Error):
            self.count += 1  # nobody knows whether others have written

    def _look(self, driver: sqlite3.Connection) -> None:
        version = driver.execute(_VERSION).fetchone()[0]
        if driver is not self._driver or version != self._version:
            self._driver, self._version = driver, version
            self.count += 1
