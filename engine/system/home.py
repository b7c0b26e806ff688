"""The home folder, where all state lives: its layout, its modes and its identity."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from engine.errors import HomeError, NoHomeError

_MARKS = frozenset({"signalbox.db", "home_id", "attempts", "engines", "accepted", "inbox", "window.json"})
"""Names that mark a home; a folder with files but none of these is something else, and its mode stays as it is."""

FILTERS = "filters"
"""The folder of a home with its filter sets."""
SCHEDULES = "schedules"
"""The folder of a home with its recurring runs, and in ``.notes`` what became of them."""


def default_home() -> Path:
    """``$SIGNALBOX_HOME``, else the platform's folder for user data."""
    if named := os.environ.get("SIGNALBOX_HOME"):
        return Path(named)
    import platformdirs  # noqa: PLC0415 - short commands need as little as can be

    return Path(platformdirs.user_data_dir("signalbox", appauthor=False))


def config_folder() -> Path:
    """``$SIGNALBOX_CONFIG``, else the platform's folder for user configuration: what is for every home of the user."""
    if named := os.environ.get("SIGNALBOX_CONFIG"):
        return Path(named)
    import platformdirs  # noqa: PLC0415 - as above

    return Path(platformdirs.user_config_dir("signalbox", appauthor=False))


def at_home(path: str) -> Path:
    """The path with a leading ``~`` expanded; that of an unknown user stays as it is."""
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path.expanduser raises for an unknown user


@dataclass(frozen=True)
class Home:
    """The paths of one home. `database` may be elsewhere: then everything else is in ``<database>.d`` next to it."""

    root: Path
    database: Path

    @classmethod
    def at(cls, root: Path | str | None = None) -> "Home":
        """The home at `root` (default: `default_home`), created with mode 0700 if it does not exist.

        Raises:
            HomeError: the path is a file, belongs to another user, contains other files, or cannot be created.
        """
        return _created(cls.named(root))

    @classmethod
    def existing(cls, root: Path | str | None = None) -> "Home":
        """The home at `root` (default: `default_home`), which is there already; nothing is made.

        Raises:
            NoHomeError: there is no such folder.
            HomeError: as of `at`.
        """
        home = cls.named(root)
        if not home.is_there:
            raise NoHomeError(home.nothing_yet if root is None else _no_home(home))
        return _created(home)

    @classmethod
    def named(cls, root: Path | str | None = None) -> "Home":
        """The paths of the home at `root` (default: `default_home`), whether or not it is there."""
        folder = Path(root).expanduser().absolute() if root is not None else default_home().absolute()
        return cls(folder, folder / "signalbox.db")

    @classmethod
    def beside(cls, database: Path | str) -> "Home":
        """The home of a database that is outside any home."""
        file = Path(database).expanduser().absolute()
        return _created(cls(file.with_name(file.name + ".d"), file))

    @property
    def is_there(self) -> bool:
        """Whether there is a folder for it, be it empty: somebody has made that on purpose."""
        return os.path.lexists(self.root)

    @property
    def shown(self) -> str:
        """Its folder in sentences: plain text on one line."""
        return _shown(self.root)

    @property
    def nothing_yet(self) -> str:
        """What to do where nothing is there yet, as sentences."""
        return (
            f"There is nothing yet: no job was ever added, and {self.shown} is made with the first one. "
            "`signalbox new` lists templates for it, `signalbox submit FILE` queues a job file, `signalbox` opens the "
            "window, and `signalbox demo` shows all of it."
        )

    @property
    def attempts(self) -> Path:
        """One folder per attempt, ``<id>-<token>``."""
        return self.root / "attempts"

    @property
    def started(self) -> Path:
        """One empty file per attempt whose tool may have been started, out of reach of what the tool removes."""
        return self.root / "started"

    @property
    def engines(self) -> Path:
        """One lock file per engine, ``<engine_id>.lock``."""
        return self.root / "engines"

    @property
    def inbox(self) -> Path:
        """The watched folder, unless the settings name another one."""
        return self.root / "inbox"

    def inbox_at(self, setting: str | None) -> Path:
        """The folder that is watched: the one the setting names, else that of the home."""
        return Path(setting) if setting else self.inbox

    @property
    def accepted(self) -> Path:
        """Accepted job files, under names of our own."""
        return self.root / "accepted"

    @property
    def backups(self) -> Path:
        """Copies of the database, made before each migration."""
        return self.root / "backups"

    @property
    def logs(self) -> Path:
        """Signalbox's own log, and the copies that jobs request."""
        return self.root / "logs"

    def home_id(self) -> str:
        """The name of this home on this host, made anew for a copy; a copy recovers no attempt of another home.

        Raises:
            HomeError: it cannot be read or written.
        """
        from engine.system.home_identity import identity_of  # noqa: PLC0415 - as above

        return identity_of(self.root)

    def known_id(self) -> str | None:
        """The same without making one: None for a home that is new or a copy."""
        from engine.system.home_identity import known_identity  # noqa: PLC0415 - as above

        return known_identity(self.root)


def _created(home: Home) -> Home:
    if _is_something_else(home.root):
        raise HomeError(
            f"{home.shown} is not a Signalbox home: it contains other files. "
            "Name a new or empty folder with --home or SIGNALBOX_HOME."
        )
    try:
        for folder in (
            home.root,
            home.attempts,
            home.started,
            home.engines,
            home.inbox,
            home.accepted,
            home.backups,
            home.logs,
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"{_shown(error.filename)}: {error.strerror}. Choose another folder with --home."
        ) from error
    found = home.root.stat()
    if hasattr(os, "getuid") and found.st_uid != os.getuid():
        raise HomeError(f"{home.shown} belongs to another user. Choose another folder with --home.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        try:
            home.root.chmod(0o700)
        except OSError as error:  # such as on a disk that can only be read
            raise HomeError(
                f"{home.shown} is open to other users, and that cannot be changed: {error.strerror}. "
                "Choose another folder with --home."
            ) from error
    return home


def _shown(path: Path | str) -> str:
    from engine.system.plain_text import escape_invisible  # noqa: PLC0415 - short commands need as little as can be

    return escape_invisible(str(path))


def _no_home(home: Home) -> str:
    return (
        f"There is no Signalbox home at {home.shown}; nothing was made. Check what --home says. "
        "What adds work makes a new home, as `signalbox submit`, and so does what sets one up, as `limits set`."
    )


def _is_something_else(root: Path) -> bool:
    try:
        found = {entry.name for entry in os.scandir(root)}
    except OSError:
        return False  # it does not exist, or its first use reports the problem
    return bool(found) and not found & _MARKS
