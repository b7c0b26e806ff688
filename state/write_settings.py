"""The settings that are kept in the database."""

from sqlalchemy import delete, insert

from state import rows
from state.ledger_writer import LedgerWriter
from state.tables import settings


class SettingWriter:
    """Changes settings; `engine.settings` defines their meaning and valid values."""

    def __init__(self, writer: LedgerWriter) -> None:
        self._writer = writer

    def change(self, key: str, value: object) -> None:
        """Change a setting; None removes it."""
        with self._writer.transaction() as connection:
            connection.execute(delete(settings).where(settings.c.key == key))
            if value is not None:
                connection.execute(insert(settings).values(key=key, value_json=rows.dump(value)))
            message = f"The setting {key} was changed."
            self._writer.record_event(connection, "setting.changed", message, extra={"key": key})
