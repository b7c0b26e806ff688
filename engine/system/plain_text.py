"""Text from tools, files and databases made fit for a terminal: no escapes, no controls, nothing unseen. Pure."""

import re

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours, cursor, erasing
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links, the clipboard, and other strings
    r"|[ -/]*[0-~])?",
)
_UNSEEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def one_line(text: str) -> str:
    """The text as one line; what a carriage return overwrote is gone."""
    kept = text.rstrip("\r\n").rpartition("\r")[2]
    return _UNSEEN.sub(" ", _ESCAPES.sub("", kept)).expandtabs(8)


def last_line(text: str) -> str:
    """The last line that shows anything, empty where there is none."""
    shown = (one_line(line).strip() for line in reversed(text.splitlines()))
    return next((line for line in shown if line), "")
