"""What the compiled shim's reader makes of an order, and what Python's makes of it, in the same words.

The words are those that `native/order_dump.c` prints: its program is fed one order after the other.
"""

import json
import math
import os
import struct
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.runners import native_shim
from engine.runners.supervised_run import LaunchOrder, Program

FOLDER = "/home/attempts/1-abc"
PROGRAMS = Path(__file__).with_name("native")


def an_order(**fields: Any) -> dict[str, Any]:
    """An order as the engine writes it, for a tool that prints a word."""
    return {
        "name": "1-abc",
        "token": "abc",
        "argv": ["/bin/echo", "printed"],
        "cwd": "/",
        "env_names": ["PATH"],
        "stdin_file": None,
        "timeout_s": None,
        "silence_timeout_s": None,
        "grace_s": 1.0,
        "output_cap": 1_000_000,
        "stop_signal": 15,
        "setup": None,
        "tests": None,
        **fields,
    }


def build_part(into: Path, name: str) -> Path:
    """A part of the shim as a program of its own, with sanitizers."""
    sources = [file for file in sorted(native_shim.SOURCES.glob("*.c")) if file.name != "shim.c"]
    return native_shim.compile_program([PROGRAMS / f"{name}.c", *sources], into / name, sanitized=True)


class OrderReader:
    """The program, running."""

    def __init__(self, program: Path, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [program],
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def read(self, text: bytes) -> list[str]:
        """The words for an order; the first is ``refused`` where it is none."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(struct.pack("<I", len(text)) + text)
        self._process.stdin.flush()
        line = self._process.stdout.readline().decode("ascii")
        if not line:
            _, complaint = self._process.communicate()
            raise AssertionError(f"the reader crashed on {text!r}: {complaint.decode(errors='replace')}")
        return line.split()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _, complaint = self._process.communicate()
        assert error or (self._process.returncode, complaint) == (0, b"")


def words_of_python(text: bytes, environ: Mapping[str, str]) -> list[str]:
    """The words for an order as Python reads it.

    Raises:
        ValueError, KeyError, TypeError, RecursionError, AttributeError, OverflowError: it is none.
    """
    fields = json.loads(text.decode("ascii"))
    of_system = {os.fsencode(name): os.fsencode(value) for name, value in environ.items()}
    order = LaunchOrder(FOLDER, fields, of_system)
    return list(_words(order))


def _words(order: LaunchOrder) -> Iterator[str]:
    yield from map(_of_text, (order.token, order.name))
    yield "none" if order.stdin_file is None else _of_text(order.stdin_file)
    yield from map(_of_seconds, (order.timeout_s, order.silence_timeout_s, order.grace_s))
    yield str(order.output_cap)
    yield from _of_program(order.tool)
    yield str(int(order.setup is not None))
    if order.setup is not None:
        yield from _of_program(order.setup)
        yield _of_seconds(order.setup_timeout_s)
        yield _of_text(order.setup_digest)
    yield str(int(order.tests is not None))
    if order.tests is not None:
        yield from _of_program(order.tests)
        yield str(len(order.tests_after))
        yield from map(str, order.tests_after)


def _of_program(program: Program) -> Iterator[str]:
    yield _of_text(program.cwd)
    yield str(program.stop_signal)
    yield _of_bytes(_unusable(program.argv).encode())
    yield str(len(program.argv))
    yield from map(_of_text, program.argv)
    yield str(len(program.env))
    ours = (b"SIGNALBOX_ATTEMPT", b"TMPDIR")
    names = [*(name for name in program.env if name not in ours), *ours]
    yield from (_of_bytes(name + b"=" + program.env[name]) for name in names)


def _unusable(argv: list[str]) -> str:
    """What Python says of arguments that no program can be given."""
    if not argv[0]:
        return "execve: argv first element cannot be empty"
    for argument in argv:
        try:
            os.fsencode(argument)
        except UnicodeEncodeError as error:
            return str(error)
        if "\0" in argument:
            return "embedded null byte"
    return ""


def _of_text(text: str) -> str:
    """Halves of characters that are no raw bytes are kept in three bytes."""
    return _of_bytes(b"".join(map(_of_character, text)))


def _of_character(character: str) -> bytes:
    try:
        return os.fsencode(character)
    except UnicodeEncodeError:
        return character.encode("utf-8", "surrogatepass")


def _of_bytes(data: bytes) -> str:
    return "x" + data.hex()


def _of_seconds(seconds: float | None) -> str:
    if seconds is None:
        return "none"
    return repr(math.nan) if math.isnan(seconds) else f"{seconds + 0.0:.17g}"
