"""Masking secret values in a stream of bytes, in the forms tools print them in, and over the edges of reads.

A value is found plain, in base64 at each alignment, hex, URL, JSON, HTML and shell form, also where line breaks or
escape sequences split it. What it cannot find is a value in an encoding of the tool's own. Imports only the standard
library: the shim loads this where there are secrets.
"""

import binascii
from bisect import bisect_right
from collections.abc import Iterable, Iterator

MASK = b"***"
SHORTEST = 4
"""Shorter values are not masked, and shorter beginnings of values not held for long: they occur everywhere."""
_SHORTEST_FORM = 6
_HELD_AT_MOST = 64 * 1024
_BREAKS = b"\r\n"
_NOISE = rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|[\r\n]"
_UNFINISHED_ESCAPE = rb"\x1b(?:\[[0-9;?]*[ -/]*|\][^\x07\x1b]{0,256}\x1b?)?\Z"
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_HTML = ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"))


class Mask:
    """One stream's mask: `feed` what was read and keep what it returns; `flush` gives the rest at the end."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in _forms(secret.encode("utf-8", "surrogateescape"))}
        self._forms = sorted(forms, key=len, reverse=True)
        self._longest = max(map(len, forms), default=0)
        self._context = self._longest * 4
        self._released = b""
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Return what can be kept now; a part that may be the beginning of a secret is held until more is known."""
        if not self._forms:
            return data
        window = self._released + self._held + data
        squeezed = _squeezed(window)
        spans = self._spans(window, squeezed)
        end = self._safe_end(window, squeezed, spans[-1][1] if spans else 0)
        return self._release(window, spans, end)

    def settle(self) -> bytes:
        """Return what is held if it is too short to give anything away; for when nothing has come for a while.

        What follows is masked all the same, should it complete a secret.
        """
        if not self._held or len(_squeezed(self._held)) >= SHORTEST:
            return b""
        return self._release(self._released + self._held, [], len(self._released) + len(self._held))

    def flush(self) -> bytes:
        """Return what is still held; nothing follows."""
        held, self._held = self._held, b""
        return held

    def _spans(self, window: bytes, squeezed: bytes) -> list[tuple[int, int]]:
        """Where the window holds secrets, in order and without overlaps."""
        found = sorted(span for form in self._forms for span in _occurrences(squeezed, form))
        if not found:
            return []
        origin = _Origin(window) if len(squeezed) < len(window) else None
        merged: list[tuple[int, int]] = []
        for first, last in found:
            start, end = (first, last) if origin is None else (origin.of(first), origin.of(last - 1) + 1)
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def _safe_end(self, window: bytes, squeezed: bytes, masked_to: int) -> int:
        """Up to where the window may be released, as what follows may be the beginning of a secret."""
        end = len(window)
        if b"\x1b" in window[-260:]:
            import re  # costs 10 ms, which hardly any attempt needs

            if unfinished := re.search(_UNFINISHED_ESCAPE, window):
                end = unfinished.start()
                squeezed = _squeezed(window[:end])
        tail_at = max(len(squeezed) - self._longest + 1, 0)
        if (begun := self._begun(squeezed[tail_at:])) is not None:
            first = tail_at + begun
            end = _Origin(window).of(first) if len(squeezed) < len(window) else first
        return max(end, masked_to, len(window) - _HELD_AT_MOST)

    def _begun(self, tail: bytes) -> int | None:
        """Where in the tail the longest beginning of a secret starts that runs to its end."""
        best: int | None = None
        for form in self._forms:
            head = form[:1]
            at = tail.find(head, max(len(tail) - len(form) + 1, 0))
            while at >= 0 and (best is None or at < best):
                if form.startswith(tail[at:]):
                    best = at
                    break
                at = tail.find(head, at + 1)
        return best

    def _release(self, window: bytes, spans: list[tuple[int, int]], end: int) -> bytes:
        at = len(self._released)
        pieces = []
        for start, stop in spans:
            if stop > at:
                pieces += [window[at:start], MASK]
                at = stop
        pieces.append(window[at:end])
        self._released = window[max(end - self._context, 0) : end]
        self._held = window[end:]
        return b"".join(pieces)


class _Origin:
    """Leads from a place in squeezed bytes back to the place in the bytes they came from."""

    def __init__(self, window: bytes) -> None:
        import re

        self._starts: list[int] = []
        self._removed = [0]
        for gap in re.finditer(_NOISE, window):
            self._starts.append(gap.start() - self._removed[-1])
            self._removed.append(self._removed[-1] + gap.end() - gap.start())

    def of(self, place: int) -> int:
        return place + self._removed[bisect_right(self._starts, place)]


def _squeezed(data: bytes) -> bytes:
    if b"\x1b" not in data:
        return data.translate(None, _BREAKS)
    import re

    return re.sub(_NOISE, b"", data)


def _occurrences(data: bytes, form: bytes) -> Iterator[tuple[int, int]]:
    at = data.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = data.find(form, at + len(form))


def _forms(secret: bytes) -> Iterator[bytes]:
    plain = secret.translate(None, _BREAKS)
    if len(plain) < SHORTEST:
        return
    yield plain
    for form in _encoded(secret):
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
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
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
