"""Write keys as this system does, alone or behind what they do."""

from PySide6.QtGui import QKeySequence


def key_text(keys: QKeySequence | str) -> str:
    """The keys of a shortcut: ``Ctrl+K``; empty where there are none."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def with_keys(title: str, keys: QKeySequence | str) -> str:
    """A title with the keys that do the same, for a tip: ``Retry  (R)``; the title alone where there are none."""
    shown = key_text(keys)
    return f"{title}  ({shown})" if shown else title
