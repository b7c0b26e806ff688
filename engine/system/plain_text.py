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
_ESCAPES_IN_LINES = re.compile(_ESCAPES.pattern.replace(r"[^\x07", r"[^\n\x07"))
# Control characters, halves of surrogate pairs, line and paragraph separators, marks that change the direction of
# text, and invisible characters. One regular expression is far faster than the category of each character.
_NEVER_SHOWN = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffb"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# Letters and marks without a shape: Python calls them printable, and programs hide names and data in them.
_WITHOUT_SHAPE = r"\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
# The form of the sign before it: a digit of a keycap, a symbol, an emoji, an ideograph. Elsewhere it does nothing.
_SELECTOR = r"\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HAS_FORMS = (
    r"\xa9\xae\u1820-\u18aa\u203c-\u205e\u2070-\u3163\u3165-\u3299"
    r"\u3400-\u9fff\uf900-\ufaff\U0001f000-\U0001faff\U00020000-\U000323af"
)
_INVISIBLE = re.compile(
    rf"[{_NEVER_SHOWN}{_WITHOUT_SHAPE}]|(?<![{_HAS_FORMS}])(?!(?<=[#*0-9])\ufe0f\u20e3)[{_SELECTOR}]"
)
_PRINTABLE_YET_INVISIBLE = re.compile(f"[{_WITHOUT_SHAPE}{_SELECTOR}]")


def is_plain(text: str) -> bool:
    """Whether every character of the text shows as what it is; nearly every line is like that."""
    return text.isprintable() and (text.isascii() or not _PRINTABLE_YET_INVISIBLE.search(text))


def plain_line(line: str) -> str:
    """One clean line, without its newline and trailing blanks."""
    if is_plain(line):
        return line.rstrip()
    text = line.rstrip("\r \t").rpartition("\r")[2] if "\r" in line else line
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    if "\b" in text:
        text = _struck_over(text)
    return escape_invisible(text.expandtabs(_TAB)).rstrip()


def without_escapes(text: str) -> str:
    """Several lines without escape sequences; none goes on in the next line."""
    return _ESCAPES_IN_LINES.sub("", text)


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
    return text if is_plain(text) else _INVISIBLE.sub(lambda found: code_of(found[0]), text)


def escaped_characters(text: str) -> list[str]:
    """The characters of the text one by one, every invisible one escaped."""
    shown = list(text)
    for found in _INVISIBLE.finditer(text):
        shown[found.start()] = code_of(found[0])
    return shown


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
