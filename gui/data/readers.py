"""Where panels read what events do not carry: old rows and the output of attempts. Short reads only, GUI thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.settings import Settings, read_settings

if TYPE_CHECKING:
    from engine.system.home import Home
    from state.reader import Reader


@dataclass(frozen=True)
class Readers:
    """A reading connection of the window's own and the home whose ``attempts`` folder holds the output."""

    reader: "Reader"
    home: "Home"

    def settings(self) -> Settings:
        """What is set for the home.

        Raises:
            DatabaseError: it cannot be read.
        """
        return read_settings(self.reader.all_settings()).settings
