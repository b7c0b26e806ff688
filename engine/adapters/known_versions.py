"""Which version each tool had when it was last probed, in a file of the home, and changes nobody has recorded yet.

Whoever probes a tool for a person notes it here, and so does an engine when the program of a tool has changed.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.system.private_files import write_private
from engine.types import ToolProbe
from state.locks import KernelLock

log = logging.getLogger(__name__)

FILE = "tool-versions.json"
_LOCK, _LOCK_S = "tool-versions.lock", 5.0
_MOST_CHANGES = 20


@dataclass(frozen=True, kw_only=True)
class VersionChange:
    """A version other than at the probe before; `at` is when that was found."""

    old: str
    new: str
    at: float


@dataclass(frozen=True, kw_only=True)
class KnownVersion:
    """What a probe has found; `stamp` changes whenever the program does. `changes` wait to be recorded."""

    path: str
    stamp: tuple[int, int]
    version: str
    changes: tuple[VersionChange, ...] = ()


_KNOWN = TypeAdapter(dict[str, KnownVersion])


def known_versions(home: Path) -> Mapping[str, KnownVersion]:
    """What is noted of each tool; nothing where no file can be read."""
    try:
        return _KNOWN.validate_json(read_bytes(home / FILE))
    except (JobFileError, ValueError):
        return {}


def note_version(home: Path, probe: ToolProbe, now: float) -> None:
    """Note what a probe has found, and that it differs from before; a probe that found no version notes nothing."""
    if probe.path is None or not probe.version or (stamp := stamp_of_program(probe.path)) is None:
        return
    before = known_versions(home).get(probe.tool)
    if before is not None and (before.path, before.stamp, before.version) == (
        probe.path,
        stamp,
        probe.version,
    ):
        return
    try:
        with KernelLock.take(home / _LOCK, timeout_s=_LOCK_S):
            known = dict(known_versions(home))
            before = known.get(probe.tool)
            changes = () if before is None else before.changes
            if before is not None and before.version != probe.version:
                changes = (*changes, VersionChange(old=before.version, new=probe.version, at=now))
            known[probe.tool] = KnownVersion(
                path=probe.path, stamp=stamp, version=probe.version, changes=changes[-_MOST_CHANGES:]
            )
            _write(home, known)
    except (OSError, TimeoutError) as error:
        log.warning("The version of %s cannot be noted: %s", probe.tool, error)


def forget_changes(home: Path, tool: str, recorded: Iterable[VersionChange]) -> None:
    """Note that these changes are recorded.

    Raises:
        OSError, TimeoutError: it cannot be noted.
    """
    with KernelLock.take(home / _LOCK, timeout_s=_LOCK_S):
        known, done = dict(known_versions(home)), set(recorded)
        if (one := known.get(tool)) is not None:
            known[tool] = replace(one, changes=tuple(each for each in one.changes if each not in done))
            _write(home, known)


def stamp_of_program(path: str) -> tuple[int, int] | None:
    """What changes whenever a program, or what a link leads to, is replaced; None where there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _write(home: Path, known: Mapping[str, KnownVersion]) -> None:
    write_private(
        home / FILE, json.dumps({tool: asdict(one) for tool, one in known.items()}, indent=1) + "\n"
    )
