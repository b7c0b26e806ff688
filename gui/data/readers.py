"""Where panels read what events do not carry: old rows and the output of attempts. Short reads in the GUI thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.loading import LOADING
from state import queries

if TYPE_CHECKING:
    from pathlib import Path

    from engine.settings import Settings
    from engine.system.home import Home
    from state.database_reader import DatabaseReader


@dataclass(frozen=True)
class Readers:
    """A reading connection of the window's own and the home whose ``attempts`` folder holds the output."""

    reader: "DatabaseReader"
    home: "Home"

    def stored_settings(self) -> Mapping[str, str]:
        """What differs from the defaults, as JSON texts by key.

        Raises:
            DatabaseError: it cannot be read.
        """
        return self.reader.read(queries.all_settings)

    def settings(self) -> "Settings":
        """What is set for the home.

        Raises:
            DatabaseError: it cannot be read.
        """
        return settings_of(self.stored_settings())


def settings_of(stored: Mapping[str, str]) -> "Settings":
    """What is set, of what is stored; in a background thread if that is to be known soon after the start."""
    with LOADING:
        from engine.settings import read_settings  # noqa: PLC0415 - slow to load, and few homes have settings

    return read_settings(stored).settings


def accounts_of(stored: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The names of the accounts of each tool that has some."""
    if "tools" not in stored:
        return {}
    settings = settings_of(stored)
    from engine.tool_defaults import account_pools  # noqa: PLC0415 - loaded with the settings

    return account_pools(settings.tools)


def tool_paths_of(stored: Mapping[str, str]) -> Mapping[str, str]:
    """The paths that were set for tools."""
    return settings_of(stored).tool_paths if "tool_paths" in stored else {}


def inbox_of(stored: Mapping[str, str], home: "Home") -> "Path":
    """The folder that is watched for files."""
    return settings_of(stored).inbox_folder(home) if "inbox" in stored else home.inbox_at(None)
