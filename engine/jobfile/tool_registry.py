"""Says which tools there are: those built in, those shipped as files, and those of the user's own.

A file `tools/NAME.yaml` in the user's configuration folder describes the tool NAME, or replaces the shipped description
of that name. Files are read when a name is used that is not built in, and again when they have changed. A file that is
not valid costs its own tool alone.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import JobFileError, SignalboxError
from engine.jobfile.safe_read import read_bytes
from engine.jobfile.tool_names import BUILT_IN, TOOL_PATTERN, is_coding_tool
from engine.system.home import config_folder
from engine.types import Permission

if TYPE_CHECKING:  # most commands read no description and start faster without
    from engine.jobfile.tool_description import Events, ToolDescription

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "tools"
_OF_JOBS = frozenset({"tool", "workstreams", "command", "job_id"})
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})

Stamp = tuple[int, int, int]
"""What identifies the file that was read: its time, size and inode."""


class ToolFileError(SignalboxError):
    """The file that describes a tool cannot be used, or is gone."""


@dataclass(frozen=True, slots=True)
class ToolFile:
    """A file that describes a tool, not yet read."""

    path: Path
    stamp: Stamp
    is_own: bool = True

    def description(self) -> "ToolDescription":
        """What the file says.

        Raises:
            JobFileError: the first error; it carries all others of the file.
        """
        return _described(self.path, self.stamp, is_own=self.is_own)


@dataclass(frozen=True)
class Tools:
    """The tools there are at one moment."""

    files: Mapping[str, ToolFile]
    """Those that a file describes, by name; whether a file is valid shows when it is read."""
    refused: tuple[str, ...] = ()
    """A sentence for each file in the user's folder that can describe no tool."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every tool, the built-in ones first."""
        return (*BUILT_IN, *self.files)

    @property
    def coding(self) -> tuple[str, ...]:
        """Every coding tool, by name."""
        return tuple(sorted(filter(is_coding_tool, self.names)))

    def resumes(self, name: str) -> bool:
        """Whether a coding tool can go on in a session of its own."""
        if name not in self.files:
            return is_coding_tool(name)
        try:
            return self.files[name].description().resume_args is not None
        except JobFileError:
            return False

    def problem(self, name: object) -> str:
        """Why no job can be for this tool, as the end of a sentence; empty if one can."""
        if not isinstance(name, str) or name not in self.names:
            from engine.jobfile.error_messages import nearest  # noqa: PLC0415 - slow to load

            return f"{name!r} is not one of {', '.join(self.names)}{nearest(str(name), self.names)}"
        if name in BUILT_IN:
            return ""
        try:
            self.files[name].description()
        except JobFileError as error:
            return _unusable(name, self.files[name].path, error)
        return ""

    def problems(self) -> Iterator[str]:
        """A sentence for each file that is of no use."""
        yield from self.refused
        yield from (f"{problem}." for problem in map(self.problem, self.files) if problem)

    def description(self, name: str) -> "ToolDescription":
        """What the file of a tool says.

        Raises:
            ToolFileError: there is none, or it is not valid.
        """
        file = self.files.get(name)
        if file is None:
            raise ToolFileError(
                f"There is no tool {name}: {user_folder() / name}.yaml does not exist. "
                "Put the file back, or retry the job with another tool."
            )
        try:
            return file.description()
        except JobFileError as error:
            raise ToolFileError(f"{_unusable(name, file.path, error)}. Correct the file.") from error

    def program(self, name: str, tool_paths: Mapping[str, str]) -> str:
        """The program of a tool: from the settings under the tool's name, or as its file names it.

        Raises:
            ToolFileError: a file is to describe the tool, and there is none or it is not valid.
        """
        return name if name in BUILT_IN else tool_paths.get(name) or self.description(name).exe

    def loads(self, name: str) -> tuple[str, ...]:
        """The files by which a repository has a described tool start programs."""
        found = self._usable(name)
        return () if found is None else found.loads

    def events(self, name: str) -> "Events | None":
        """How the events of a described tool read; None where it prints text, or its file is of no use."""
        found = self._usable(name)
        return None if found is None or found.output == "text" else found.events

    def words(self, name: str, permission: Permission) -> tuple[str, ...]:
        """What the command line and the environment of a described tool always say at a permission."""
        found = self._usable(name)
        if found is None:
            return ()
        switches = found.permissions.given.get(permission)
        args, more = (switches.args, switches.env) if switches else ((), {})
        env = {**found.env, **more}
        return (*found.args, *args, *found.last_args, *(f"{key}={env[key]}" for key in sorted(env)))

    def can_only_read(self, name: str) -> bool:
        """Whether a coding tool can be kept to reading."""
        found = self._usable(name)
        return name in BUILT_IN or (found is not None and found.permissions.read is not None)

    def tile(self, name: str) -> str:
        """The two letters on the tile of a tool."""
        found = self._usable(name)
        return BUILT_IN.get(name) or (found.tile if found is not None else None) or name[:2]

    def _usable(self, name: str) -> "ToolDescription | None":
        try:
            return self.description(name) if name in self.files else None
        except ToolFileError:
            return None


def tools() -> Tools:
    """The tools there are now."""
    folder = user_folder()
    try:
        found = _stamps(folder)
    except FileNotFoundError:
        found = {}
    except OSError as error:
        return Tools(_shipped(), (f"{folder} cannot be read: {error.strerror}. Correct it, or remove it.",))
    return _with_files(folder, tuple(sorted(found.items())))


def tool_problem(name: object) -> str:
    """Why no job can be for this tool, as the end of a sentence; looks at no disk for a built-in one."""
    return "" if isinstance(name, str) and name in BUILT_IN else tools().problem(name)


@lru_cache(maxsize=256)
def tile_letters(name: str) -> str:
    """The two letters on the tile of a tool; looked up once, since painting must not wait for a disk."""
    return tools().tile(name)


def user_folder() -> Path:
    """Where the user's own descriptions are."""
    return (config_folder() / "tools").expanduser().absolute()


def is_tool_file(path: Path) -> bool:
    """Whether a file is meant to describe a tool: it is in the user's folder of them, or says so by its keys."""
    if path.absolute().parent == user_folder():
        return True
    from engine.jobfile.parsing import parse  # noqa: PLC0415 - slow to load

    try:
        data = parse(read_bytes(path, guarded=False), path.name).data
    except JobFileError:
        return False
    return isinstance(data, Mapping) and "exe" in data and not data.keys() & _OF_JOBS


def read_description(path: Path) -> "ToolDescription":
    """Read one description, wherever it is.

    Raises:
        JobFileError: the first error; it carries all others of the file.
    """
    from engine.jobfile.error_messages import validated  # noqa: PLC0415 - slow to load
    from engine.jobfile.parsing import parse  # noqa: PLC0415 - as above
    from engine.jobfile.tool_description import ToolDescription  # noqa: PLC0415 - as above

    if path.absolute().parent == user_folder() and (reason := _unfit(path)):
        raise JobFileError(f"describes no tool: {reason}", file=path)
    return validated(ToolDescription, parse(read_bytes(path, guarded=False), path.name))


@lru_cache(maxsize=64)
def _described(path: Path, _stamp: Stamp, *, is_own: bool) -> "ToolDescription":
    if is_own and (who := _others(path)):
        raise JobFileError(f"{who}, and it says which program starts; make it yours alone", file=path)
    return read_description(path)


def _others(path: Path) -> str:
    """Who else could have written this file; empty where nobody could."""
    try:
        file, folder = path.stat(), path.parent.stat()
    except OSError:  # reading it says so
        return ""
    if hasattr(os, "geteuid") and not {file.st_uid, folder.st_uid} <= {os.geteuid(), 0}:
        return "belongs to another user"
    return "can be written by every user" if (file.st_mode | folder.st_mode) & stat.S_IWOTH else ""


@lru_cache(maxsize=4)
def _with_files(folder: Path, found: tuple[tuple[str, Stamp], ...]) -> Tools:
    own, refused = {}, []
    for file_name, stamp in found:
        path = folder / file_name
        if reason := _unfit(path):
            refused.append(f"{path} describes no tool: {reason}.")
        else:
            own[path.stem] = ToolFile(path, stamp)
    return Tools({**_shipped(), **own}, tuple(refused))


def _unfit(path: Path) -> str:
    """Why a file in the user's folder can describe no tool, whatever it says."""
    if path.suffix != ".yaml":
        return f"call it {path.stem}.yaml"
    if path.stem in BUILT_IN:
        return f"{path.stem} is built in; give yours another name"
    if re.fullmatch(TOOL_PATTERN, path.stem) is None:
        return "its name should be up to 32 small letters, digits, '-' and '_', the first one a letter"
    return ""


@cache
def _shipped() -> Mapping[str, ToolFile]:
    return {path.stem: ToolFile(path, (0, 0, 0), is_own=False) for path in sorted(SHIPPED.glob("*.yaml"))}


def _stamps(folder: Path) -> dict[str, Stamp]:
    with os.scandir(folder) as entries:
        return {entry.name: _stamp(entry) for entry in entries if Path(entry.name).suffix in _SUFFIXES}


def _stamp(entry: "os.DirEntry[str]") -> Stamp:
    try:
        found = entry.stat()
    except OSError:  # a link that leads nowhere; reading it says so
        return (0, 0, 0)
    return (max(found.st_mtime_ns, found.st_ctime_ns), found.st_size, found.st_ino)


def _unusable(name: str, path: Path, error: JobFileError) -> str:
    more = f" (and {len(error.others)} more)" if error.others else ""
    return f"{name} cannot be used: {path}: {error.in_file}{more}"
