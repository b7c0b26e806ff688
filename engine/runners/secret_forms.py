"""The forms in which tools print a secret value: plain, encoded, escaped, line by line.

What is not among them is listed in specs/promises.md (A11). Imports only the standard library, as `masking` does.
"""

import binascii
from collections.abc import Iterator

SHORTEST = 4
"""Shorter values are not masked, and shorter beginnings of values not held for long: they occur everywhere."""
UNSEEN = bytes({*range(32), 127} - {*b"\t\b\x1b"})
"""Line breaks and control characters that show nothing: they may lie anywhere within a secret."""
_SHORTEST_FORM = 6
_SHORTEST_LINE = 8
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_HTML = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"))
_QUOTES = ((b"&#x27;", b"&quot;"), (b"&#39;", b"&quot;"), (b"&#39;", b"&#34;"), (b"&apos;", b"&quot;"))


def forms_of(secret: bytes) -> Iterator[bytes]:
    """Every form to look for, without what is not seen; none if the value is too short to be a secret."""
    plain = secret.translate(None, UNSEEN)
    if len(plain) < SHORTEST:
        return
    yield plain
    for form in (*_encoded(secret), *_escaped(secret), *_lines(secret)):
        squeezed = form.translate(None, UNSEEN)
        if len(squeezed) >= _SHORTEST_FORM:
            yield squeezed


def _encoded(secret: bytes) -> Iterator[bytes]:
    for shift in range(3):
        # The characters that a neighbour's bits have a part in are left out at both ends.
        whole = binascii.b2a_base64(bytes(shift) + secret, newline=False)
        core = whole[-(-8 * shift // 6) : (shift + len(secret)) * 8 // 6]
        yield core
        yield core.replace(b"+", b"-").replace(b"/", b"_")
    for between in ("", ":", " "):
        joined = secret.hex(between).encode() if between else secret.hex().encode()
        yield from (joined, joined.upper())
    for kept in (b"", b"/", b"!~*'()", b"!~*'();/?:@&=+$,#"):
        url = b"".join(
            bytes([byte]) if byte in _UNRESERVED or byte in kept else b"%%%02X" % byte for byte in secret
        )
        yield from (url, url.replace(b"%20", b"+"), b"".join(_lowered(url)))
    yield from _json(secret)
    yield from _html(secret)
    yield from _shell(secret)


def _html(secret: bytes) -> Iterator[bytes]:
    html = secret
    for plain, entity in _HTML:
        html = html.replace(plain, entity)
    yield from (html, html.replace(b'"', b"&quot;"))
    for single, double in _QUOTES:
        yield html.replace(b"'", single).replace(b'"', double)


def _shell(secret: bytes) -> Iterator[bytes]:
    yield from (secret.replace(b"'", b"'\"'\"'"), secret.replace(b"'", b"'\\''"))
    text = secret.decode("utf-8", "surrogateescape")
    by_backslash = "".join(each if each.isalnum() or each in "_-./:=+@%,^" else f"\\{each}" for each in text)
    yield from (by_backslash.encode("utf-8", "surrogateescape"), secret.replace(b"\\", b"\\\\"))
    for quote in (b"'", b'"'):
        yield secret.replace(b"\\", b"\\\\").replace(quote, b"\\" + quote).replace(b"\n", b"\\n")


def _escaped(secret: bytes) -> Iterator[bytes]:
    """Every character as an escape, as scripts do that want to be sure."""
    for pattern in (b"%%%02x", b"%%%02X", b"\\x%02x", b"\\x%02X", b"\\%03o"):
        yield b"".join(pattern % byte for byte in secret)
    text = secret.decode("utf-8", "surrogateescape")
    points = [ord(character) for character in text]
    for template in ("&#{};", "&#x{:x};", "&#x{:X};", "\\u{{{:x}}}", "\\U{:08x}"):
        yield "".join(map(template.format, points)).encode()
    units = text.encode("utf-16-be", "surrogatepass")
    for form in ("\\u{:04x}", "\\u{:04X}"):
        yield "".join(
            form.format(int.from_bytes(units[at : at + 2], "big")) for at in range(0, len(units), 2)
        ).encode()


def _lines(secret: bytes) -> Iterator[bytes]:
    """Each line of a key on its own; its first and last line, which say what it is, are no secret."""
    lines = [line.strip() for line in secret.splitlines()]
    if len(lines) > 1:
        yield from (line for line in lines if len(line) >= _SHORTEST_LINE and not line.startswith(b"-----"))


def _lowered(url: bytes) -> Iterator[bytes]:
    first, *rest = url.split(b"%")
    yield first
    for part in rest:
        yield b"%" + part[:2].lower() + part[2:]


def _json(secret: bytes) -> Iterator[bytes]:
    text = secret.decode("utf-8", "surrogateescape")
    for ascii_only in (False, True):
        found = "".join(_json_character(each, ascii_only=ascii_only) for each in text)
        of_go = found
        for sign in "<>&":
            of_go = of_go.replace(sign, f"\\u{ord(sign):04x}")
        for each in (found, found.replace("/", "\\/"), of_go, _upper_units(of_go), _upper_units(found)):
            yield each.encode("utf-8", "surrogateescape")


def _json_character(character: str, *, ascii_only: bool) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    if character in short:
        return short[character]
    if character < " " or (ascii_only and character > "~"):
        units = character.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return character


def _upper_units(text: str) -> str:
    first, *rest = text.split("\\u")
    return "\\u".join([first, *(each[:4].upper() + each[4:] for each in rest)])
