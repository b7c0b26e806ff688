"""Where panels read what events do not carry: old rows and the output of attempts. Short reads in the GUI thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.settings import Settings, read_settings
from state import queries

if TYPE_CHECKING:
    from engine.system.home import Home
    from state.database_reader import DatabaseReader


@dataclass(frozen=True)
class Readers:
    """A reading connection of the window's own and the home whose ``attempts`` folder holds the output."""

    reader: "DatabaseReader"
    home: "Home"

    def settings(self) -> Settings:
        """What is set for the home.

        Raises:
            DatabaseError: it cannot be read.
        """
        return read_settings(self.reader.read(queries.all_settings)).settings
