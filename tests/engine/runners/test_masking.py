"""S6: secret values are masked in every form tools print them in, over the edges of reads, and nothing else is."""

import base64
import html
import json
import re
import shlex
import urllib.parse
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runners import output
from engine.runners.masking import MASK, Mask
from tests.engine.runners.stage import LocalStage
from tests.helpers import child_zoo

SECRET = "sk-Ab3'x\"y&z/+ü%20w<9>\\q"
PLAIN = "sk-1234567890abcdef"


def masked(pieces: Iterable[bytes], *secrets: str) -> bytes:
    mask = Mask(secrets)
    return b"".join([*map(mask.feed, pieces), mask.flush()])


def base64_within(before: bytes, after: bytes = b"after") -> Callable[[str], bytes]:
    return lambda secret: base64.b64encode(before + secret.encode() + after)


def _for_html(text: str) -> str:
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda secret: secret.encode(),
    "base64": lambda secret: base64.b64encode(secret.encode()),
    "base64 behind one byte": base64_within(b"x"),
    "base64 behind two bytes": base64_within(b"xy"),
    "base64 behind three bytes": base64_within(b"user:", b""),
    "base64 for URLs": lambda secret: base64.urlsafe_b64encode(b"x" + secret.encode()),
    "hex": lambda secret: secret.encode().hex().encode(),
    "upper hex": lambda secret: secret.encode().hex().upper().encode(),
    "URL": lambda secret: urllib.parse.quote(secret).encode(),
    "URL, slashes too": lambda secret: urllib.parse.quote(secret, safe="").encode(),
    "URL form": lambda secret: urllib.parse.quote_plus(secret).encode(),
    "JSON": lambda secret: json.dumps(secret)[1:-1].encode(),
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
    "HTML": lambda secret: html.escape(secret).encode(),
    "shell": lambda secret: shlex.quote(secret).encode(),
    "URL throughout": lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()).encode(),
    "URL throughout, lower": lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()).encode(),
    "hex with colons": lambda secret: secret.encode().hex(":").encode(),
    "upper hex with spaces": lambda secret: secret.encode().hex(" ").upper().encode(),
    "escaped bytes": lambda secret: "".join(f"\\x{byte:02x}" for byte in secret.encode()).encode(),
    "HTML by numbers": lambda secret: "".join(f"&#{ord(each)};" for each in secret).encode(),
    "HTML by hex numbers": lambda secret: "".join(f"&#x{ord(each):X};" for each in secret).encode(),
    "JSON of PHP": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/").encode(),
    "JSON of Go": lambda secret: _for_html(json.dumps(secret, ensure_ascii=False)[1:-1]).encode(),
    "URL in JavaScript": lambda secret: urllib.parse.quote(secret, safe="!~*'()").encode(),
    "address in JavaScript": lambda secret: urllib.parse.quote(secret, safe="!~*'();/?:@&=+$,#").encode(),
    "HTML with quotes": lambda secret: html.escape(secret, quote=False).encode(),
    "XML": lambda secret: html.escape(secret).replace("&#x27;", "&apos;").encode(),
    "shell by backslashes": lambda secret: re.sub(r"([^\w./:=+@%,^-])", r"\\\1", secret).encode(),
    "Python": lambda secret: repr(secret)[1:-1].encode(),
    "octal": lambda secret: "".join(f"\\{byte:03o}" for byte in secret.encode()).encode(),
    "JSON by numbers": lambda secret: "".join(
        f"\\u{int.from_bytes(secret.encode('utf-16-be')[at : at + 2], 'big'):04x}"
        for at in range(0, len(secret.encode("utf-16-be")), 2)
    ).encode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [SECRET, PLAIN, "pass word/with+much?of=it&all", "schlüssel-€-😀-lang"])
def test_each_form_is_masked_whatever_the_read_edges(form: str, secret: str) -> None:
    told = FORMS[form](secret)
    text = b"before [" + told + b"] behind\n"
    whole = masked([text], secret)
    assert whole.startswith(b"before [")
    assert whole.endswith(b"] behind\n")
    assert MASK in whole
    core = told[4:-8]  # of base64, the characters at both ends carry bits of their neighbours
    assert core not in whole
    for cut in range(len(text)):
        pieces = masked([text[:cut], text[cut:]], secret)
        assert core not in pieces
        assert MASK in pieces
    assert masked((text[at : at + 1] for at in range(len(text))), secret) == whole


@pytest.mark.parametrize(
    "noise", [b"\n", b"\r\n", b"\x1b[0m", b"\x1b[1;31m", b"\x1b]0;t\x07", b"\x1b[0m\n\x1b[1m"]
)
def test_a_secret_split_by_line_breaks_or_escapes_is_masked(noise: bytes) -> None:
    text = b"a " + PLAIN[:7].encode() + noise + PLAIN[7:].encode() + b" b\n"
    assert masked([text], PLAIN) == b"a *** b\n"
    for cut in range(len(text)):
        assert masked([text[:cut], text[cut:]], PLAIN) == b"a *** b\n"


def test_a_secret_with_what_a_backspace_takes_back_is_masked() -> None:
    assert masked([b"a sk-12x\b34567890\babcdef b"], PLAIN.replace("90abcdef", "9abcdef")) == b"a *** b"
    bold = b"".join(b"%c\b%c" % (byte, byte) for byte in PLAIN.encode())
    assert masked([b"a " + bold + b" b"], PLAIN) == b"a s\b*** b"


@pytest.mark.parametrize(
    "noise",
    [
        b"\x1b(B\x1b[m",
        b"\x1b[38:2::1:2:3m",
        b"\x1b[>4;1m",
        b"\x1b[<u",
        b"\x1b=",
        b"\x1b7",
        b"\x1b#8",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b_Gi=1;\x1b\\",
        b"\x1b]8;;https://example.invalid/" + b"a" * 1900 + b"\x1b\\",
        b"\a",
        b"\0",
        b"\x0e\x0f",
        b"\v\f\x7f",
    ],
    ids=repr,
)
def test_a11_a_secret_split_by_anything_a_terminal_does_not_show_is_masked(noise: bytes) -> None:
    text = b"a " + PLAIN[:7].encode() + noise + PLAIN[7:].encode() + b" b\n"
    assert masked([text], PLAIN) == b"a *** b\n"
    for cut in (*range(1, 40), len(text) - 14):
        assert masked([text[:cut], text[cut:]], PLAIN) == b"a *** b\n"
    assert masked([noise.join(b"%c" % byte for byte in PLAIN.encode())], PLAIN) == b"***"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\x1b]8;;https://example.invalid/?key=", b"\x1b\\the page\x1b]8;;\x1b\\"),
        (b"\x1b]0;deploy ", b"\x07"),
        (b"\x1b]0;never ends ", b""),
        (b"\x1bP+q", b"\x1b\\"),
        (b"\x1b", b""),
        (b"\x1b[", b""),
        (b"", b"\b"),
        (b"", b"\b \b"),
        (b"typed: ", b"\b" * len(PLAIN) + b"x" * len(PLAIN)),
    ],
)
def test_a11_a_secret_within_what_a_terminal_does_not_show_is_masked(before: bytes, after: bytes) -> None:
    text = before + PLAIN.encode() + after
    assert masked([text], PLAIN) == before + MASK + after
    for cut in range(len(text)):
        assert PLAIN.encode() not in masked([text[:cut], text[cut:]], PLAIN)


def test_a11_characters_that_several_backspaces_take_back_lie_within_no_secret() -> None:
    assert masked([b"a sk-12xyz\b\b\b34567890abcdef b"], PLAIN) == b"a *** b"
    assert masked(["a sk-12ü€\b\b34567890abcdef b".encode()], PLAIN) == b"a *** b"
    assert masked([b"above\n\b\b" + PLAIN.encode()], PLAIN) == b"above\n\b\b***"


def test_a11_text_in_utf_16_is_masked_where_it_is_ascii() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        kept = masked([f"<{PLAIN}>".encode(encoding)], PLAIN)
        assert kept.translate(None, b"\0") == b"<***>"


def test_base64_wrapped_in_lines_is_masked() -> None:
    secret = "k" * 40 + "0123456789" * 12
    text = base64.encodebytes(b"token: " + secret.encode())
    kept = masked([text], secret)
    assert len(kept) < 24
    assert MASK in kept


def test_a_secret_of_several_lines_is_masked() -> None:
    secret = "-----BEGIN KEY-----\nMIIabc\nMIIdef\n-----END KEY-----\n"
    assert masked([b"<" + secret.encode() + b">"], secret) == b"<***\n>"
    assert masked([json.dumps(secret).encode()], secret) == b'"***"'


def test_each_line_of_a_secret_of_several_lines_is_masked_on_its_own() -> None:
    key = "-----BEGIN KEY-----\nMIIabcdefgh\nMIIijklmnop\nxy==\n-----END KEY-----\n"
    assert masked([b"1: MIIabcdefgh\n3: MIIijklmnop 4: xy== -----END KEY-----"], key) == (
        b"1: ***\n3: *** 4: xy== -----END KEY-----"
    )


def test_any_number_of_colour_codes_between_two_halves_gives_away_no_more_than_the_first() -> None:
    codes = b"\x1b[31m" * 40_000
    text = PLAIN[:9].encode() + codes + PLAIN[9:].encode() + b"."
    assert masked([text], PLAIN) == b"***."
    pieces = [text[at : at + 4096] for at in range(0, len(text), 4096)]
    kept = masked(pieces, PLAIN)
    assert PLAIN[9:].encode() not in kept
    assert kept.endswith(b"***.")


def test_what_was_shown_after_a_pause_is_not_printed_again() -> None:
    mask = Mask(["CANAB123"])
    assert mask.feed(b"CANCAN") == b"CAN"
    assert mask.settle() == b"CAN"
    assert mask.feed(b"AB") == b""
    assert mask.flush() == b"AB"


def test_a_secret_that_comes_letter_by_letter_with_pauses_is_masked() -> None:
    mask = Mask([PLAIN])
    kept = b"".join(mask.feed(bytes([byte])) + mask.settle() for byte in PLAIN.encode()) + mask.flush()
    assert kept == b"sk-***"


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[str], bytes, list[tuple[bytes, bool]]]:
    """Secrets that overlap each other and themselves, a text of them, and that text in pieces, some with a pause."""
    letters = "AB密"
    secrets = draw(st.lists(st.text(letters, min_size=4, max_size=9), min_size=1, max_size=3))
    parts = st.one_of(st.sampled_from(secrets), st.text(letters + "\n", max_size=6))
    text = "".join(draw(st.lists(parts, max_size=6))).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return secrets, text, [(piece, draw(st.booleans())) for piece in pieces]


@given(streams())
def test_a11_no_byte_is_lost_or_doubled_however_a_stream_is_cut(
    case: tuple[list[str], bytes, list[tuple[bytes, bool]]],
) -> None:
    secrets, text, pieces = case
    whole = masked([text], *secrets)
    assert masked([piece for piece, _ in pieces], *secrets) == whole
    mask = Mask(secrets)
    kept = b"".join(mask.feed(piece) + (mask.settle() if pause else b"") for piece, pause in pieces)
    kept += mask.flush()
    assert not any(secret.encode() in kept.translate(None, b"\n") for secret in secrets)
    assert _is_masked_so(kept, text, secrets)


def _is_masked_so(kept: bytes, text: bytes, secrets: list[str]) -> bool:
    """Whether `kept` is the text with masks in place of bytes of secrets alone, and everything else once."""
    covered = _covered(text, secrets)
    places = {0}
    at = 0
    while at < len(kept):
        is_mask = kept.startswith(MASK, at)
        step = len(MASK) if is_mask else 1
        found = set()
        for place in places:
            if not is_mask and text[place : place + 1] == kept[at : at + 1]:
                found.add(place + 1)
            while is_mask and place < len(text) and covered[place]:
                place += 1  # noqa: PLW2901
                found.add(place)
        places, at = found, at + step
    return len(text) in places


def _covered(text: bytes, secrets: list[str]) -> list[bool]:
    """Which bytes of the text belong to a secret, with the line breaks inside one."""
    where = [at for at, byte in enumerate(text) if byte != ord("\n")]
    plain = text.translate(None, b"\n")
    covered = [False] * len(text)
    for secret in (each.encode() for each in secrets):
        for at in range(len(plain)):
            if plain.startswith(secret, at):
                start, end = where[at], where[at + len(secret) - 1] + 1
                covered[start:end] = [True] * (end - start)
    return covered


def test_what_cannot_be_part_of_a_secret_is_kept_at_once() -> None:
    mask = Mask([PLAIN])
    assert mask.feed(b"working on it\n") == b"working on it\n"
    assert mask.feed(b"no: sk-12") == b"no: "
    assert mask.feed(b"34 nothing\n") == b"sk-1234 nothing\n"
    assert mask.feed(b"yes: sk-12345678") == b"yes: "
    assert mask.feed(b"90abcdef!") == b"***!"
    assert mask.flush() == b""


def test_a_short_beginning_is_kept_after_a_while_and_the_rest_is_masked_all_the_same() -> None:
    mask = Mask([PLAIN])
    assert mask.feed(b"3 tests\n") == b"3 test"
    assert mask.settle() == b"s\n"
    assert mask.settle() == b""
    assert mask.feed(b"sk-") == b""
    assert mask.settle() == b"sk-"
    assert mask.feed(b"1234567890abcdef.") == b"***."
    assert mask.feed(b"sk-1") == b""
    assert mask.settle() == b""
    assert mask.feed(b"234567890abcdef.") == b"***."


def test_what_is_still_held_at_the_end_is_kept() -> None:
    mask = Mask([PLAIN])
    assert mask.feed(b"it was sk-12345") == b"it was "
    assert mask.flush() == b"sk-12345"
    assert mask.flush() == b""


def test_several_secrets_one_within_another_and_side_by_side() -> None:
    text = b"abcdefgh abcd efgh abcdabcdefgh"
    assert masked([text], "abcd", "abcdefgh", "efgh") == b"*** *** *** ***"
    for cut in range(len(text)):
        assert b"cd" not in masked([text[:cut], text[cut:]], "abcd", "abcdefgh", "efgh")


@pytest.mark.parametrize("secrets", [(), ("",), ("abc",), ("a", "\n\n\n\n\n")])
def test_values_too_short_to_be_secret_are_not_masked(secrets: tuple[str, ...]) -> None:
    assert masked([b"abc abc\n", b"a"], *secrets) == b"abc abc\na"


def test_breaks_and_escapes_without_end_are_not_held_for_ever() -> None:
    mask = Mask([PLAIN])
    kept = mask.feed(b"sk-1234" + b"\n" * 1_000_000)
    assert len(kept) > 900_000


@given(st.lists(st.binary(max_size=40)), st.lists(st.text(min_size=4, max_size=12), max_size=3))
def test_nothing_that_is_no_secret_is_changed(pieces: list[bytes], secrets: list[str]) -> None:
    kept = masked(pieces, *secrets)
    if MASK not in kept:
        assert kept == b"".join(pieces)


@given(
    st.binary(max_size=60),
    st.binary(max_size=60),
    st.integers(1, 7),
    st.text("abcdefgh'é/ ", min_size=8, max_size=30),
)
def test_a_secret_is_never_kept_whole(before: bytes, after: bytes, step: int, secret: str) -> None:
    text = before + secret.encode() + after
    kept = masked((text[at : at + step] for at in range(0, len(text), step)), secret)
    assert secret.encode() not in kept


def test_s6_no_form_of_a_secret_reaches_the_folder_of_an_attempt(stage: LocalStage) -> None:
    engine = stage.engine()
    told = [form(SECRET).decode() for form in FORMS.values()]
    halves = [half for text in told for half in (text[: len(text) // 2], text[len(text) // 2 :] + "|")]
    command = child_zoo.command(child_zoo.says_in_pieces, 0.002, *halves)
    ref = engine.start(stage.command(["/bin/sh", "-c", '"$@"; "$@" >&2', "sh", *command], secrets=(SECRET,)))
    assert engine.end_of(ref).exit_code == 0
    for name in ("stdout", "stderr"):
        kept = output.stream(stage.folder(ref), name)
        assert kept.count(MASK) == len(told)
        assert [text for text in told if text.encode()[4:-8] in kept] == []


def test_a_secret_in_the_sentence_of_a_failure_is_masked(stage: LocalStage) -> None:
    secret = "canary-161803398"
    end = stage.engine().run(stage.command([f"/nowhere/{secret}"], secrets=(secret,)))
    assert secret not in end.detail
    assert "/nowhere/***" in end.detail
