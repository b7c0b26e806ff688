"""What the window remembers between two starts: layout, size, theme. Limits, tools and the inbox are not here.

A file that cannot be read or comes from a newer Signalbox is kept as it is: defaults hold, and `problem` says so.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.system.private_files import write_private

FORMAT = 1
_LARGEST_FILE = 256 * 1024


@dataclass(kw_only=True)
class Layout:
    """The remembered values; `geometry` and `docks` are base64 of what Qt saved."""

    theme: str = "system"
    reduce_motion: bool = False
    geometry: str = ""
    docks: str = ""
    last_folder: str = ""
    editor: str = ""
    terminal: str = ""
    tray: bool = True
    notify_needs_you: bool = True
    notify_failed: bool = True
    notify_done: bool = False
    notify_idle: bool = True
    quiet_from: str = ""
    quiet_until: str = ""
    """When no notices are shown, such as 22:00 and 07:00."""
    last_seen: float = 0.0
    """When the window was last closed, epoch seconds; 0 where it never was."""
    panels: dict[str, Any] = field(default_factory=dict)
    """What each panel remembers, by its object name; only the panel knows what it means."""


class Preferences:
    """The layout, read once and written when asked; never raises for what is in the file or for a full disk."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problem = ""
        self.layout = Layout()
        self._kept = False
        self._read()

    def save(self) -> bool:
        """Write the layout; False, with `problem` telling why, where that was not possible."""
        if self._kept:
            return False
        text = json.dumps({"format": FORMAT, **asdict(self.layout)}, indent=1)
        try:
            write_private(self.file, text)
        except OSError as error:
            self.problem = (
                f"The window's settings cannot be saved: {self.file}: {error.strerror}. "
                "This layout lasts until the window closes."
            )
            return False
        return True

    def _read(self) -> None:
        try:
            with self.file.open("rb") as source:
                content = source.read(_LARGEST_FILE + 1)
        except FileNotFoundError:
            return
        except OSError as error:
            self._keep(f"{error.strerror}")
            return
        try:
            values = _checked(content)
        except ValueError as error:
            self._keep(str(error))
            return
        self.layout = Layout(**values)

    def _keep(self, why: str) -> None:
        self._kept = True
        self.problem = (
            f"The window's settings were not used: {self.file}: {why}. Defaults hold and the file is kept; "
            "move it away to save settings again."
        )


def encoded(state: bytes) -> str:
    """Bytes that Qt saved, as text."""
    return base64.b64encode(state).decode("ascii")


def decoded(text: str) -> bytes:
    """The bytes again; none where the text is not what `encoded` wrote."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _checked(content: bytes) -> dict[str, Any]:
    if len(content) > _LARGEST_FILE:
        raise ValueError(f"it is larger than {_LARGEST_FILE} bytes")
    if not content.strip():
        raise ValueError("it is empty")
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is torn ({error})") from error
    if not isinstance(values, dict):
        raise ValueError("it does not hold an object")  # noqa: TRY004  # bad input, not a wrong call
    written = values.pop("format", None)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise ValueError("it says no format")
    if written > FORMAT:
        raise ValueError(f"it has format {written}, this Signalbox knows up to {FORMAT}")
    known = {name: type(value) for name, value in asdict(Layout()).items()}
    wrong = [name for name, value in values.items() if name in known and type(value) is not known[name]]
    if wrong:
        raise ValueError(f"{wrong[0]} has a value of the wrong kind")
    return {name: value for name, value in values.items() if name in known}
