"""Which home a folder is: a random name that is bound to this host and this folder, so that a copy is another home.

Bound are the machine's id, the file system and the inode of the folder. A home that is moved on its disk, or reached
by a link or a bind mount, stays the same; one that was copied, unpacked or restored elsewhere gets a name of its own.
"""

import json
import os
import re
import secrets
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from engine.errors import HomeError
from engine.system.private_files import write_private
from state.locks import KernelLock

FILE = "home_id"
_LOCK = "home_id.lock"
_LOCK_TIMEOUT_S = 10.0
_LARGEST = 4096
_MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_UNBOUND = re.compile(r"[0-9a-f]{8,64}")
"""The whole file as former releases wrote it."""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a home lies.

    `file_system` is the id that the file system reports of itself. It is 0 where there is none, as on NFS; only then
    counts `device`, whose number may be another one after each `boot`.
    """

    host: str
    file_system: int
    device: int
    inode: int
    boot: str

    @classmethod
    def of(cls, root: Path) -> "_Place":
        found = root.stat()
        file_system = os.statvfs(root).f_fsid if hasattr(os, "statvfs") else 0
        return cls(
            host=_host(),
            file_system=file_system,
            device=found.st_dev,
            inode=found.st_ino,
            boot=_line(_BOOT_ID),
        )

    def is_known_as(self, bound: "_Place") -> bool:
        """The same, and nothing of how it was bound has to be written anew."""
        return self.host == bound.host and self.is_still(bound)

    def is_still(self, bound: "_Place") -> bool:
        """Whether a home that was bound to that place is the one that lies here."""
        if (self.inode, self.file_system) != (bound.inode, bound.file_system):
            return False
        # A machine that had no id was known by its name, and may have been given an id since.
        if bound.host not in {self.host, socket.gethostname()}:
            return False
        return bool(self.file_system) or self.device == bound.device or self.boot != bound.boot


@dataclass(frozen=True)
class _Identity:
    home_id: str
    place: _Place | None
    """None where a former release wrote it."""


def identity_of(root: Path) -> str:
    """The name of the home in this folder, made or made anew where the folder has none of its own.

    Raises:
        HomeError: it cannot be read or written.
    """
    try:
        here = _Place.of(root)
        known = _read(root / FILE)
        if known is not None and known.place is not None and here.is_known_as(known.place):
            return known.home_id
        return _bind(root, here)
    except OSError as error:
        raise HomeError(
            f"The identity of the home {root} cannot be written: {error.strerror}. "
            "Make the folder writable, or choose another with --home."
        ) from error


def known_identity(root: Path) -> str | None:
    """The same without writing anything; None where the folder has no name of its own yet."""
    try:
        known = _read(root / FILE)
        is_ours = known is not None and (known.place is None or _Place.of(root).is_still(known.place))
    except OSError:
        return None
    return known.home_id if known is not None and is_ours else None


def _bind(root: Path, here: _Place) -> str:
    with KernelLock.take(root / _LOCK, timeout_s=_LOCK_TIMEOUT_S):
        known = _read(root / FILE)  # another process may have been first
        # One that a former release wrote is bound now, once: whose copy it may be is not known any more.
        is_ours = known is not None and (known.place is None or here.is_still(known.place))
        home_id = known.home_id if known is not None and is_ours else secrets.token_hex(8)
        write_private(root / FILE, json.dumps({"home_id": home_id, **asdict(here)}))
        return home_id


def _read(file: Path) -> _Identity | None:
    """What the file says; None where there is none, or where it says nothing that can be used."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST).decode("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if _UNBOUND.fullmatch(text):
        return _Identity(text, None)
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        saved = json.loads(text)
        place = _Place(**{field.name: field.type(saved[field.name]) for field in fields(_Place)})  # type: ignore[operator]  # int or str
        if _UNBOUND.fullmatch(saved["home_id"]):
            return _Identity(saved["home_id"], place)
    return None


def _host() -> str:
    """The id of this machine; its name where it has none, as in many containers."""
    return next(filter(None, map(_line, _MACHINE_IDS)), "") or socket.gethostname()


def _line(path: str) -> str:
    try:
        return Path(path).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
