"""What the window remembers between two starts: layout, size, theme. Limits, tools and the inbox are stored elsewhere.

A file that cannot be read or comes from a newer Signalbox is left as it is: defaults apply, and `problem` says so.
"""

import base64
import binascii
import json
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.system.private_files import write_private
from gui.translation import tr

FORMAT = 1
_LARGEST_FILE = 256 * 1024


@dataclass(kw_only=True)
class Layout:
    """The remembered values; `geometry` and `docks` are Qt's saved states in base64."""

    theme: str = "system"
    language: str = "system"
    """A choice of `gui.translation.LANGUAGES`; it takes effect at the next start."""
    reduce_motion: bool = False
    text_size: int = 100
    """In percent of the usual size."""
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
    sound_needs_you: bool = False
    sound_failed: bool = False
    sound_done: bool = False
    sound_idle: bool = False
    quiet_from: str = ""
    quiet_until: str = ""
    """When no notifications are shown or heard, such as 22:00 and 07:00."""
    welcome: bool = True
    """Whether the welcome is shown at the start of a home without runs."""
    command_strip: bool = True
    """Whether the status bar shows the command line of what was just done."""
    layouts: dict[str, Any] = field(default_factory=dict)
    """The named layouts: each as `docks` is."""
    panels: dict[str, Any] = field(default_factory=dict)
    """The remembered state of each panel, by its object name; only the panel can interpret it."""
    inspector: dict[str, Any] = field(default_factory=dict)
    """Where the details were put; only `DetailsInspector` can interpret it."""


class Preferences:
    """The layout, read once and saved on request; never raises because of the file's content or a full disk."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problem = ""
        self.layout = Layout()
        self._is_unusable = False
        self._read()

    def save(self) -> bool:
        """Save the layout; False, with the reason in `problem`, if that failed."""
        if self._is_unusable:
            return False
        problem = self.write(self.text())
        self.problem = problem or self.problem
        return not problem

    @property
    def is_usable(self) -> bool:
        """Whether the file may be replaced: it was not there, or could be read."""
        return not self._is_unusable

    def text(self) -> str:
        """The layout as the file has it."""
        return json.dumps({"format": FORMAT, **asdict(self.layout)}, indent=1)

    def write(self, text: str) -> str:
        """Replace the file as a whole, on any thread; why that failed, or nothing."""
        try:
            write_private(self.file, text)
        except OSError as error:
            return tr(
                "The window's settings cannot be saved: {file}: {reason}. This layout lasts until the window closes.",
                file=self.file,
                reason=error.strerror,
            )
        return ""

    def _read(self) -> None:
        try:
            with self.file.open("rb") as source:
                content = source.read(_LARGEST_FILE + 1)
        except FileNotFoundError:
            return
        except OSError as error:
            self._reject(f"{error.strerror}")
            return
        try:
            values = _checked(content)
        except ValueError as error:
            self._reject(str(error))
            return
        self.layout = Layout(**values)

    def _reject(self, reason: str) -> None:
        self._is_unusable = True
        self.problem = tr(
            "The window's settings were not used: {file}: {reason}. Defaults apply and the file is kept; "
            "move it away to save settings again.",
            file=self.file,
            reason=reason,
        )


def encoded(state: bytes) -> str:
    """A state saved by Qt, as text with a checksum: Qt crashes as it restores a damaged one."""
    return f"{base64.b64encode(state).decode('ascii')}.{zlib.crc32(state):08x}"


def decoded(text: str) -> bytes:
    """The state from its text, from older texts without a checksum, too; empty if `encoded` did not write it."""
    content, dot, checksum = text.partition(".")
    try:
        state = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return state if not dot or checksum == f"{zlib.crc32(state):08x}" else b""


def _checked(content: bytes) -> dict[str, Any]:
    if len(content) > _LARGEST_FILE:
        raise ValueError(tr("it is larger than {number} bytes", number=_LARGEST_FILE))
    if not content.strip():
        raise ValueError(tr("it is empty"))
    try:
        values = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(tr("it is not valid JSON ({error})", error=error)) from error
    if not isinstance(values, dict):
        raise ValueError(tr("it is not a JSON object"))  # noqa: TRY004  # bad input, not a wrong call
    written = values.pop("format", None)
    if not isinstance(written, int) or isinstance(written, bool) or written < 1:
        raise ValueError(tr("it has no format number"))
    if written > FORMAT:
        raise ValueError(
            tr("it has format {written}, this Signalbox knows up to {known}", written=written, known=FORMAT)
        )
    known = {name: type(value) for name, value in asdict(Layout()).items()}
    wrong = [name for name, value in values.items() if name in known and type(value) is not known[name]]
    if wrong:
        raise ValueError(tr("{name} has a value of the wrong type", name=wrong[0]))
    return {name: value for name, value in values.items() if name in known}
