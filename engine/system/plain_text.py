r"""Text from tools, files and databases made fit to show: nothing in it acts on a terminal, turns or hides text. Pure.

The one rule for the window, the command line and the adapters. A line reads as a terminal would have left it: escape
sequences are gone, a carriage return starts the line over, a backspace takes a character back. What would not show is
written out, such as ``\x00`` or ``\u202e``. Imports only the standard library: a helper process of the window loads
this at its start.
"""

import re

_TAB = 8
_BACKSLASH_X_UP_TO, _BACKSLASH_U_UP_TO = 0xFF, 0xFFFF

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # colours, cursor, erasing
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links, the clipboard, and other strings
    r"|\x1b[ -/]*[0-~]?"
)
# Control characters, halves of surrogate pairs, separators of lines and paragraphs, marks that turn the direction of
# text, and invisible ones. A regular expression finds them at once; asking for the category of each would be slow.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def plain_line(line: str) -> str:
    """One line, without its newline and without blanks at its end."""
    if line.isprintable():  # nearly every line
        return line.rstrip()
    text = line.rstrip("\r \t").rpartition("\r")[2] if "\r" in line else line
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    if "\b" in text:
        text = _struck_over(text)
    return written_out(text.expandtabs(_TAB)).rstrip()


def plain_lines(text: str) -> list[str]:
    """Every line of a text; a newline at its end begins no further one."""
    lines = text.split("\n")
    return [plain_line(line) for line in (lines if lines[-1] else lines[:-1])]


def one_line(text: str) -> str:
    """The text on one line: lines that show anything follow each other after a blank."""
    if "\n" not in text:
        return plain_line(text)
    return " ".join(line for line in plain_lines(text) if line)


def last_line(text: str) -> str:
    """The last line that shows anything, without blanks around it; empty where there is none."""
    shown = (plain_line(line).strip() for line in reversed(text.split("\n")))
    return next((line for line in shown if line), "")


def written_out(text: str) -> str:
    """The text with every character that would not show written out, and nothing taken away."""
    return text if text.isprintable() else _UNSEEN.sub(lambda found: code_of(found[0]), text)


def code_of(character: str) -> str:
    r"""One character written out as Python would: ``\x1b``, ``\u202e``, ``\U000e0041``."""
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
