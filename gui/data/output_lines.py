"""What a tool printed as text that can be shown: no escape sequences, control characters or direction marks. Pure."""

import re

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # colours, cursor, erasing
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, links, the clipboard, and other strings
    r"|[ -/]*[0-~])?",
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
LONGEST_LINE = 4000


def plain_lines(text: str, most: int) -> list[str]:
    """The last `most` lines as a terminal would have left them: what a carriage return overwrote is gone."""
    lines = _ESCAPES.sub("", text).replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [_shown(line) for line in lines[-most:]]


def _shown(line: str) -> str:
    kept = line.rstrip("\r").rpartition("\r")[2]
    clean = _UNSEEN.sub("", kept).expandtabs(8)
    return clean if len(clean) <= LONGEST_LINE else f"{clean[:LONGEST_LINE]}…"
