"""Masking secret values in a stream of bytes, in the forms tools print them in, and over the edges of reads.

A value is found plain, in base64 at each alignment, hex, URL, JSON, HTML and shell form, with every character escaped,
and line by line, also where line breaks, escape sequences or backspaces split it. What is not found is listed in
specs/promises.md (A11). Imports only the standard library: the shim loads this where there are secrets.
"""

import binascii
from bisect import bisect_right
from collections.abc import Iterable, Iterator

MASK = b"***"
SHORTEST = 4
"""Shorter values are not masked, and shorter beginnings of values not held for long: they occur everywhere."""
_SHORTEST_FORM = 6
_SHORTEST_LINE = 8
_HELD_AT_MOST = 64 * 1024
_LONGEST_ESCAPE = 300
"""Bytes; the longest that is looked for is a title of a window."""
_BREAKS = b"\r\n"
_NOISE = rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|[\r\n]"
_NOISE_WITH_BACKSPACE = _NOISE + rb"|[^\x1b\x08\r\n]?\x08"
_UNFINISHED_ESCAPE = rb"\x1b(?:\[[0-9;?]*[ -/]*|\][^\x07\x1b]{0,256}\x1b?)?\Z"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_HTML = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"))


class Mask:
    """One stream's mask: `feed` what was read and keep what it returns; `flush` gives the rest at the end.

    What it returns does not depend on how the stream was cut into pieces, unless `settle` comes between them.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret.encode("utf-8", "surrogateescape"))}
        self._longest = max(map(len, forms), default=0)
        self._heads: dict[bytes, list[bytes]] = {}
        """The forms by their first byte."""
        self._forms: dict[bytes, list[tuple[bytes, int]]] = {}
        """The forms by a byte that hardly any output has, as far as they have one: most need not be looked for."""
        for form in sorted(forms):
            self._heads.setdefault(form[:1], []).append(form)
            self._forms.setdefault(_rare_byte(form), []).append((form, _period(form)))
        self._lengths = {head: max(map(len, group)) for head, group in self._heads.items()}
        self._context = b""
        """The end of what was returned, without noise: a secret may have begun in it."""
        self._ends_masked = False
        """Whether what was returned ends with a secret, which the next one may overlap."""
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Return what can be kept now; a part that may be the beginning of a secret is held until more is known."""
        if not self._forms:
            return data
        fresh = self._held + data
        whole_to = _whole_to(fresh)
        window = _Window(self._context, fresh[:whole_to])
        spans = self._spans(window.squeezed)
        begun = self._begun(window.squeezed)
        end, least = whole_to if begun is None else window.start_of(begun), _least_end(fresh)
        if begun is not None and least <= end:
            spans = [span for span in spans if span[0] <= begun]  # a later one may be within what has begun
        return self._release(fresh, window, spans, max(end, least))

    def settle(self) -> bytes:
        """Return what is held if it is too short to give anything away; for when nothing has come for a while.

        What follows is masked all the same, should it complete a secret.
        """
        window = _Window(self._context, self._held)
        begun = self._begun(window.squeezed)
        first = window.at if begun is None else min(begun, window.at)
        if not self._held or len(window.squeezed) - first >= SHORTEST:
            return b""
        return self._release(self._held, window, [], len(self._held))

    def flush(self) -> bytes:
        """Return what is still held; nothing follows."""
        window = _Window(self._context, self._held)
        return self._release(self._held, window, self._spans(window.squeezed), len(self._held))

    def _spans(self, squeezed: bytes) -> list[tuple[int, int]]:
        """Where there are secrets, in order; those that overlap are one."""
        forms = [form for rare, group in self._forms.items() if rare in squeezed for form in group]
        merged: list[tuple[int, int]] = []
        for start, end in sorted(span for form in forms for span in _occurrences(squeezed, *form)):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def _begun(self, squeezed: bytes) -> int | None:
        """Where the longest beginning of a secret starts that runs to the end."""
        first = max(len(squeezed) - self._longest + 1, 0)
        tail = squeezed[first:]
        best = len(tail)
        for head, forms in self._heads.items():
            at = tail.find(head, max(len(tail) - self._lengths[head] + 1, 0), best)
            while at >= 0:
                rest = tail[at:]
                if any(len(form) > len(rest) and form.startswith(rest) for form in forms):
                    best = at
                    break
                at = tail.find(head, at + 1, best)
        return None if best == len(tail) else first + best

    def _release(self, fresh: bytes, window: "_Window", spans: list[tuple[int, int]], end: int) -> bytes:
        """Return the fresh bytes up to `end` with the spans masked, and hold the rest."""
        at, masked_to, pieces = 0, 0 if self._ends_masked else -1, []
        for first, last in spans:
            if last > window.at:
                start = window.start_of(first)
                pieces += [fresh[at:start], MASK if start > masked_to else b""]
                at = masked_to = window.end_of(last)
        end = max(at, end)
        pieces.append(fresh[at:end])
        self._ends_masked = masked_to == end
        released = window.squeezed if end == len(fresh) else self._context + _squeezed(fresh[:end])
        self._context = released[-self._longest :]
        self._held = fresh[end:]
        return b"".join(pieces)


class _Window:
    """What was returned last and what came since, without noise; leads back to the fresh bytes with it."""

    def __init__(self, context: bytes, fresh: bytes) -> None:
        squeezed = _squeezed(fresh)
        self.at = len(context)
        """Where the fresh bytes begin."""
        self.squeezed = context + squeezed
        self._fresh = fresh
        self._has_noise = len(squeezed) < len(fresh)
        self._starts: list[int] = []
        self._removed: list[int] = []

    def start_of(self, place: int) -> int:
        """Where in the fresh bytes something starts that starts at this place; 0 where it started before them."""
        return self._origin(place - self.at) if place >= self.at else 0

    def end_of(self, place: int) -> int:
        """Where in the fresh bytes something ends that ends before this place."""
        return self._origin(place - self.at - 1) + 1

    def _origin(self, fresh: int) -> int:
        if not self._has_noise:
            return fresh
        if not self._removed:
            self._find_gaps()
        return fresh + self._removed[bisect_right(self._starts, fresh)]

    def _find_gaps(self) -> None:
        import re

        self._removed = [0]
        for gap in re.finditer(_noise_in(self._fresh), self._fresh):
            self._starts.append(gap.start() - self._removed[-1])
            self._removed.append(self._removed[-1] + gap.end() - gap.start())


def _squeezed(data: bytes) -> bytes:
    """The bytes without what may lie within a secret: line breaks, escape sequences, what a backspace takes back."""
    if b"\x1b" not in data and b"\b" not in data:
        return data.translate(None, _BREAKS)
    import re  # costs 10 ms, which hardly any attempt needs

    return re.sub(_noise_in(data), b"", data)


def _noise_in(data: bytes) -> bytes:
    return _NOISE_WITH_BACKSPACE if b"\b" in data else _NOISE


def _whole_to(data: bytes) -> int:
    """Up to where there is no escape sequence of which the end is still missing."""
    if b"\x1b" not in data[-_LONGEST_ESCAPE:]:
        return len(data)
    import re

    unfinished = re.search(_UNFINISHED_ESCAPE, data[-_LONGEST_ESCAPE:])
    return len(data) if unfinished is None else max(len(data) - _LONGEST_ESCAPE, 0) + unfinished.start()


def _least_end(data: bytes) -> int:
    """Up to where the bytes are returned in any case, so that not too many are held."""
    return _whole_to(data[:-_HELD_AT_MOST]) if len(data) > _HELD_AT_MOST else 0


def _occurrences(data: bytes, form: bytes, period: int) -> Iterator[tuple[int, int]]:
    at = data.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = data.find(form, at + period)


def _rare_byte(form: bytes) -> bytes:
    return next((rare for rare in (b"%", b"&", b"\\") if rare in form), b"")


def _period(form: bytes) -> int:
    """By how much a form must be moved, at least, to lie on itself: where its next occurrence may start."""
    return next(shift for shift in range(1, len(form) + 1) if form.startswith(form[shift:]))


def _forms(secret: bytes) -> Iterator[bytes]:
    plain = secret.translate(None, _BREAKS)
    if len(plain) < SHORTEST:
        return
    yield plain
    for form in (*_encoded(secret), *_escaped(secret), *_lines(secret)):
        squeezed = form.translate(None, _BREAKS)
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
    for kept in (b"", b"/"):
        url = b"".join(
            bytes([byte]) if byte in _UNRESERVED or byte in kept else b"%%%02X" % byte for byte in secret
        )
        yield from (url, url.replace(b"%20", b"+"), b"".join(_lowered(url)))
    yield from _json(secret)
    html = secret
    for plain, entity in _HTML:
        html = html.replace(plain, entity)
    yield from (html, html.replace(b"'", b"&#x27;"), html.replace(b"'", b"&#39;"))
    yield from (secret.replace(b"'", b"'\"'\"'"), secret.replace(b"'", b"'\\''"))


def _escaped(secret: bytes) -> Iterator[bytes]:
    """Every character as an escape, as scripts do that want to be sure."""
    for pattern in (b"%%%02x", b"%%%02X", b"\\x%02x", b"\\x%02X"):
        yield b"".join(pattern % byte for byte in secret)
    text = secret.decode("utf-8", "surrogateescape")
    points = [ord(character) for character in text]
    for template in ("&#{};", "&#x{:x};", "&#x{:X};"):
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
        yield "".join(_json_character(each, ascii_only=ascii_only) for each in text).encode(
            "utf-8", "surrogateescape"
        )


def _json_character(character: str, *, ascii_only: bool) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
    if character in short:
        return short[character]
    if character < " " or (ascii_only and character > "~"):
        units = character.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
    return character
