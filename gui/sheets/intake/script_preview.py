"""Read the script a job would run, so that a person can review it. Runs nothing."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import JobFileError
from engine.jobfile.safe_read import read_bytes
from engine.trust.fingerprints import fingerprint
from engine.trust.launch_card import escaped
from gui.translation import tr

_SHOWN = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class ScriptPreview:
    """A file, and the text shown of it."""

    path: str
    text: str


def read_script(path: str, *, expected: str) -> ScriptPreview:
    """The text of the file, or the reason why it is not shown; `expected` is the fingerprint that was previewed."""
    return ScriptPreview(path=path, text=_shown(path, expected))


def _shown(path: str, expected: str) -> str:
    try:
        data = read_bytes(Path(path), guarded=False)
    except JobFileError as error:
        return tr("The script cannot be shown: {reason}.", reason=error.reason)
    if expected and fingerprint(data) != expected:
        return tr("The script has changed since this preview. Close it and open it again.")
    text = data[:_SHOWN].decode("utf-8", "backslashreplace")
    lines = [escaped(line.expandtabs(4)) for line in text.split("\n")]
    if (more := len(data) - _SHOWN) > 0:
        lines.append(tr("[{more:,} bytes more; open it in an editor]", more=more))
    return "\n".join(lines)
