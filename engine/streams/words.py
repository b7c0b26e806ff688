"""The words of a stream's sentences: paths, commands, tokens, delays, and messages that came wrapped in JSON. Pure."""

import re
import shlex
from collections.abc import Sequence

from engine.streams.tool_json import unwrapped
from engine.system.formatting import money

_COMMAND = 200
_MESSAGE = 500
_TENTHS = 10
"""Seconds below which a tenth still means something."""
_COMPARED = 400
"""Lines of an edit that are compared to count it; of more, only the file is named."""
_SHELL = re.compile(r"^(?:/usr)?(?:/bin/)?(?:ba|z|da)?sh -l?c (.+)$", re.DOTALL)
_DATA = re.compile(r" ?[\[(]{0,3}\{ ?[\"'}].*$")
_EXAMINED = 4_000
"""Characters of a command or a message that are looked at: more than are shown, and few enough for any of them."""


def shortened(text: str, most: int) -> str:
    """The text on one line of at most this many characters, its blanks joined."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def worded(message: str) -> str:
    """The words of a tool's or a provider's message: what they wrap in JSON is unwrapped, other data is left out."""
    line = " ".join(unwrapped(message).split())[:_EXAMINED]
    return shortened(_DATA.sub("…", line), _MESSAGE)


def command_words(command: str) -> str:
    """A command as a person would type it, on one line; the shell that a tool wraps around it is left out."""
    wrapped = _SHELL.match(command[:_EXAMINED])
    if wrapped:
        try:
            inner = shlex.split(wrapped[1])
        except ValueError:
            inner = [wrapped[1].lstrip("'\"")]  # cut, or quoted in a way of its own
        command = inner[0] if len(inner) == 1 else command
    return shortened(command, _COMMAND)


def shown_path(path: str, root: str) -> str:
    """A path as seen from the working folder, where it lies in it."""
    prefix = root.rstrip("/") + "/"
    inside = path.removeprefix(prefix) if root and path.startswith(prefix) else path
    return shortened(inside.removeprefix("./"), _COMMAND)


def edited(path: str, added: int | None = None, removed: int | None = None, *, verb: str = "edited") -> str:
    """``edited src/a.py +4 -1``; without the numbers where the tool does not report them."""
    return f"{verb} {path}" if added is None or removed is None else f"{verb} {path} +{added} -{removed}"


def ran(command: str, code: int | None) -> str:
    """``ran pytest -q, exit 1``; without the exit code where the tool does not report it."""
    return f"ran {command}" if code is None else f"ran {command}, exit {code}"


def tokens(
    sent: int | None, received: int | None, *, cached: int | None = None, cost: float | None = None
) -> str:
    """``1,200 in / 300 out``, with what of it came from a cache and what the tool says that it cost; "" for nothing."""
    if not sent and not received:
        return ""
    known = " / ".join(
        f"{count:,} {word}" for count, word in ((sent, "in"), (received, "out")) if count is not None
    )
    more = (f"{cached:,} cached" if cached else "", money(cost) if cost else "")
    return ", ".join(filter(None, (known, *more)))


def retry(seconds: float | None, reason: str = "") -> str:
    """``retry in 8 s: Rate limit reached``."""
    when = "" if seconds is None else f" in {round(seconds, None if seconds >= _TENTHS else 1):g} s"
    return f"retry{when}" + (f": {worded(reason)}" if reason else "")


def counted(old: str, new: str) -> tuple[int, int] | None:
    """How many lines an edit of these texts adds and removes; None where they are too long to compare."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - most who read words compare none

    before, after = old.splitlines(), new.splitlines()
    if len(before) + len(after) > _COMPARED:
        return None
    same = sum(block.size for block in SequenceMatcher(None, before, after).get_matching_blocks())
    return len(after) - same, len(before) - same


def patched(lines: Sequence[str]) -> tuple[int, int]:
    """How many lines a patch adds and removes."""
    return (
        sum(line.startswith("+") and not line.startswith("+++ ") for line in lines),
        sum(line.startswith("-") and not line.startswith("--- ") for line in lines),
    )
