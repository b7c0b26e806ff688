"""Masking secret values in a stream of bytes, in the forms tools print them in, and over the edges of reads.

A value is found in each of its forms (`secret_forms`) and in each way to read the output (`readings`), so also where
line breaks, escape sequences or backspaces split it. What is not found is listed in specs/promises.md (A11). Imports
only the standard library: the shim loads this where there are secrets.
"""

TYPE_CHECKING = False
if TYPE_CHECKING or __package__:
    from engine.runners.readings import WAYS, Reading, differs, outside_escape, squeeze, whole_to
    from engine.runners.secret_forms import SHORTEST, forms_of
else:  # in the shim
    from readings import WAYS, Reading, differs, outside_escape, squeeze, whole_to
    from secret_forms import SHORTEST, forms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MASK = b"***"
_HELD_AT_MOST = 64 * 1024
Span = tuple[int, int]
"""Where something starts and ends."""


class Mask:
    """One stream's mask: `feed` what was read and keep what it returns; `flush` gives the rest at the end.

    What it returns does not depend on how the stream was cut into pieces, unless `settle` comes between them.
    """

    def __init__(self, secrets: "Iterable[str]") -> None:
        forms = {form for secret in secrets for form in forms_of(secret.encode("utf-8", "surrogateescape"))}
        self._longest = max(map(len, forms), default=0)
        self._heads: dict[bytes, list[bytes]] = {}
        """The forms by their first byte."""
        self._forms: dict[bytes, list[tuple[bytes, int]]] = {}
        """The forms by a byte that hardly any output has, as far as they have one: most need not be looked for."""
        for form in sorted(forms):
            self._heads.setdefault(form[:1], []).append(form)
            self._forms.setdefault(_rare_byte(form), []).append((form, _period(form)))
        self._lengths = {head: max(map(len, group)) for head, group in self._heads.items()}
        self._contexts = [b""] * len(WAYS)
        """The end of what was returned, in each way to read: a secret may have begun in it."""
        self._ends_masked = False
        """Whether what was returned ends with a secret, which the next one may overlap."""
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        """Return what can be kept now; a part that may be the beginning of a secret is held until more is known."""
        if not self._forms:
            return data
        fresh = self._held + data
        end = whole_to(fresh)
        readings = self._readings(fresh[:end])
        spans = _merged(span for reading in _distinct(readings) for span in self._spans(reading))
        begun = min((reading.start_of(place) for reading, place in self._begun(readings)), default=None)
        if begun is not None:
            end, least = max(begun, 0), _least_end(fresh)
            if least <= end:
                spans = [
                    span for span in spans if span[0] <= begun
                ]  # a later one may be within what has begun
            end = max(outside_escape(fresh, end), least)
        return self._release(fresh, readings, spans, max(end, _least_end(fresh)))

    def settle(self) -> bytes:
        """Return what is held if it is too short to give anything away; for when nothing has come for a while.

        What follows is masked all the same, should it complete a secret.
        """
        readings = self._readings(self._held)
        sizes = [
            len(reading.squeezed) - min(place, reading.at) for reading, place in self._begun(readings)
        ] or [len(self._held)]
        if not self._held or max(sizes) >= SHORTEST:
            return b""
        return self._release(self._held, readings, [], len(self._held))

    def flush(self) -> bytes:
        """Return what is still held; nothing follows."""
        readings = self._readings(self._held)
        spans = _merged(span for reading in _distinct(readings) for span in self._spans(reading))
        return self._release(self._held, readings, spans, len(self._held))

    def _readings(self, fresh: bytes) -> list[Reading]:
        """The fresh bytes, read in each way."""
        found: list[Reading] = []
        for way, context in zip(WAYS, self._contexts, strict=True):
            same = found[-1].fresh_squeezed if found and not differs(way, fresh) else None
            found.append(Reading(way, context, fresh, squeeze(way, fresh) if same is None else same))
        return found

    def _spans(self, reading: Reading) -> "Iterator[Span]":
        """Where in the fresh bytes there are secrets, also those that started before."""
        squeezed = reading.squeezed
        forms = [form for rare, group in self._forms.items() if rare in squeezed for form in group]
        for start, end in (span for form in forms for span in _occurrences(squeezed, *form)):
            if end > reading.at:
                yield reading.start_of(start), reading.end_of(end)

    def _begun(self, readings: list[Reading]) -> "Iterator[tuple[Reading, int]]":
        """Where in each reading the longest beginning of a secret starts that runs to its end, if there is one."""
        for reading in _distinct(readings):
            place = self._begun_in(reading.squeezed)
            if place is not None:
                yield reading, place

    def _begun_in(self, squeezed: bytes) -> int | None:
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

    def _release(self, fresh: bytes, readings: list[Reading], spans: list[Span], end: int) -> bytes:
        """Return the fresh bytes up to `end` with the spans masked, and hold the rest."""
        at, hidden_to, pieces = 0, 0 if self._ends_masked else -1, []
        for first, last in spans:
            start = max(first, 0)
            pieces += [fresh[at:start], MASK if start > hidden_to else b""]
            at = hidden_to = last
        end = max(at, end)
        pieces.append(fresh[at:end])
        self._ends_masked = hidden_to == end
        whole = [self._released(reading, fresh[:end]) for reading in readings]
        self._contexts = [squeezed[-self._longest :] for squeezed in whole]
        self._held = fresh[end:]
        return b"".join(pieces)

    def _released(self, reading: Reading, released: bytes) -> bytes:
        """What was returned up to now, as far as it is known, in this way to read."""
        if len(released) == len(reading.fresh):
            return reading.squeezed
        return self._contexts[reading.way] + squeeze(reading.way, released)


def _distinct(readings: list[Reading]) -> "Iterator[Reading]":
    """The readings in which a search may find something else than in those before."""
    for at, reading in enumerate(readings):
        if all((reading.at, reading.squeezed) != (other.at, other.squeezed) for other in readings[:at]):
            yield reading


def _merged(spans: "Iterable[Span]") -> list[Span]:
    """The spans in order; those that overlap are one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _least_end(data: bytes) -> int:
    """Up to where the bytes are returned in any case, so that not too many are held."""
    return whole_to(data[:-_HELD_AT_MOST]) if len(data) > _HELD_AT_MOST else 0


def _occurrences(data: bytes, form: bytes, period: int) -> "Iterator[Span]":
    at = data.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = data.find(form, at + period)


def _rare_byte(form: bytes) -> bytes:
    return next((rare for rare in (b"%", b"&", b"\\") if rare in form), b"")


def _period(form: bytes) -> int:
    """By how much a form must be moved, at least, to lie on itself: where its next occurrence may start."""
    return next(shift for shift in range(1, len(form) + 1) if form.startswith(form[shift:]))
