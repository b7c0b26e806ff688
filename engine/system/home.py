"""The folder where all state lives: its layout, its modes and its identity. Knows nothing of what the files mean."""

import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from engine.errors import HomeError
from engine.system.private_files import write_private

_MARKS = frozenset({"signalbox.db", "home_id", "attempts", "engines", "accepted", "inbox", "window.json"})
"""What a home holds; a folder with files and none of these is somebody else's, and its mode is not ours to change."""


def default_home() -> Path:
    """``$SIGNALBOX_HOME``, else the platform's folder for user data."""
    named = os.environ.get("SIGNALBOX_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("signalbox", appauthor=False))


def at_home(path: str) -> Path:
    """The path with a leading ``~`` made the home folder; one of a user there is not stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises for an unknown user


@dataclass(frozen=True)
class Home:
    """Paths under one home. `database` may lie elsewhere: then everything else lies in ``<database>.d`` beside it."""

    root: Path
    database: Path

    @classmethod
    def at(cls, root: Path | str | None = None) -> "Home":
        """The home at `root` (default: `default_home`), made with mode 0700 if it is not there.

        Raises:
            HomeError: the folder is a file, not ours, holds other things, or cannot be made.
        """
        folder = Path(root).expanduser().absolute() if root is not None else default_home().absolute()
        return _made(cls(folder, folder / "signalbox.db"))

    @classmethod
    def beside(cls, database: Path | str) -> "Home":
        """The home of a database that lies outside any home."""
        file = Path(database).expanduser().absolute()
        return _made(cls(file.with_name(file.name + ".d"), file))

    @property
    def attempts(self) -> Path:
        """One folder an attempt, ``<id>-<token>``."""
        return self.root / "attempts"

    @property
    def engines(self) -> Path:
        """One lock file an engine, ``<engine_id>.lock``."""
        return self.root / "engines"

    @property
    def inbox(self) -> Path:
        """The watched folder, unless the settings name another."""
        return self.root / "inbox"

    @property
    def accepted(self) -> Path:
        """Job files that were taken in, under names of our own."""
        return self.root / "accepted"

    @property
    def backups(self) -> Path:
        """Copies of the database, made before each migration."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Signalbox's own log and copies that jobs ask for."""
        return self.root / "logs"

    def home_id(self) -> str:
        """A random name made once a home and host; attempts of another home are never recovered here."""
        file = self.root / "home_id"
        try:
            return file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            pass
        with suppress(FileExistsError):  # another process was first: its id counts
            write_private(file, secrets.token_hex(8), replace=False)
        return file.read_text(encoding="ascii").strip()


def _made(home: Home) -> Home:
    if _is_something_else(home.root):
        raise HomeError(
            f"{home.root} is no home of Signalbox: other files lie there. "
            "Name a folder that is new or empty with --home or SIGNALBOX_HOME."
        )
    try:
        for folder in (
            home.root,
            home.attempts,
            home.engines,
            home.inbox,
            home.accepted,
            home.backups,
            home.logs,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(f"{error.filename}: {error.strerror}. Choose another folder with --home.") from error
    found = home.root.stat()
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise HomeError(f"{home.root} belongs to another user. Choose another folder with --home.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        home.root.chmod(0o700)
    return home


def _is_something_else(root: Path) -> bool:
    try:
        found = {entry.name for entry in os.scandir(root)}
    except OSError:
        return False  # not there, or told by the first attempt to use it
    return bool(found) and not found & _MARKS
