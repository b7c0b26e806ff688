r"""Clean text from tools, files and databases for display, so that nothing in it acts on a terminal or hides text.

The one rule for the window, the command line and the adapters. A line reads as a terminal would leave it: escape
sequences are removed, a carriage return starts the line over, a backspace removes a character. Invisible characters
are escaped, such as ``\x00`` or ``\u202e``. Pure. Imports only the standard library: a helper process of the window
loads this module at its start.
"""

import re

_TAB = 8
_BACKSLASH_X_UP_TO, _BACKSLASH_U_UP_TO = 0xFF, 0xFFFF

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor, erasing
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, the clipboard, and other strings
    r"|\x1b[ -/]*[0-~]?"
)
# Control characters, halves of surrogate pairs, line and paragraph separators, marks that change the direction of
# text, and invisible characters. One regular expression is far faster than the category of each character.
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def plain_line(line: str) -> str:
    """One clean line, without its newline and trailing blanks."""
    if line.isprintable():  # nearly every line
        return line.rstrip()
    text = line.rstrip("\r \t").rpartition("\r")[2] if "\r" in line else line
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    if "\b" in text:
        text = _struck_over(text)
    return escape_invisible(text.expandtabs(_TAB)).rstrip()


def plain_lines(text: str) -> list[str]:
    """The clean lines of a text; a newline at its end starts no further line."""
    lines = text.split("\n")
    return [plain_line(line) for line in (lines if lines[-1] else lines[:-1])]


def one_line(text: str) -> str:
    """The text on one line: its visible lines, joined by blanks."""
    if "\n" not in text:
        return plain_line(text)
    return " ".join(line for line in plain_lines(text) if line)


def last_line(text: str) -> str:
    """The last visible line, without surrounding blanks; empty when there is none."""
    shown = (plain_line(line).strip() for line in reversed(text.split("\n")))
    return next((line for line in shown if line), "")


def escape_invisible(text: str) -> str:
    """The text with every invisible character escaped, and nothing removed."""
    return text if text.isprintable() else _INVISIBLE.sub(lambda found: code_of(found[0]), text)


def code_of(character: str) -> str:
    r"""The Python escape of one character: ``\x1b``, ``\u202e``, ``\U000e0041``."""
    code = ord(character)
    if code <= _BACKSLASH_X_UP_TO:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _BACKSLASH_U_UP_TO else f"\\U{code:08x}"


def _struck_over(text: str) -> str:
    kept: list[str] = []
    for one in text:
        if one != "\b":
            kept.append(one)
        elif kept:
            kept.pop()
    return "".join(kept)
