"""The settings that are kept in the database."""

from state import rows
from state.change_writer import ChangeWriter
from state.row_changes import delete_rows, insert_row


class SettingWriter:
    """Changes settings; `engine.settings` defines their meaning and valid values."""

    def __init__(self, writer: ChangeWriter) -> None:
        self._writer = writer

    def change(self, key: str, value: object) -> None:
        """Change a setting; None removes it."""
        with self._writer.transaction() as connection:
            delete_rows(connection, "settings", "key = ?", (key,))
            if value is not None:
                insert_row(connection, "settings", {"key": key, "value_json": rows.dump(value)})
            message = f"The setting {key} was changed."
            self._writer.record_event(connection, "setting.changed", message, extra={"key": key})
