"""Make the standard streams of a program safe to use: none is missing, and printing never fails. Prints nothing.

A closed stream is replaced by the null device, so that no file opened later takes its number. What cannot be written is
dropped and remembered: a command that has begun is carried out, and `Printing` knows at the end what was lost.
For programs with a main thread of their own, not for whoever imports us.
"""

import codecs
import errno
import io
import os
import select
import sys
from dataclasses import dataclass
from typing import TextIO

_ESCAPES = "signalbox-escapes"
_READER_GONE = frozenset({errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET})


class _UnfailingWriter(io.RawIOBase):
    """Writes to a descriptor; after the first error it drops everything, and `lost` says why."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self.lost: OSError | None = None

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        while self.lost is None:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # whoever reads has made the pipe non-blocking and is slow
                select.select((), (self._descriptor,), ())
            except OSError as error:
                self.lost = error
        return len(data)


@dataclass(frozen=True)
class Printing:
    """What became of what this program printed."""

    output: _UnfailingWriter
    messages: _UnfailingWriter

    @property
    def reader_is_gone(self) -> bool:
        """Whether standard output was a pipe that nobody reads any more."""
        lost = self.output.lost
        return lost is not None and lost.errno in _READER_GONE

    @property
    def problem(self) -> str:
        """Why output was lost that somebody still expects; empty if none was."""
        lost = self.output.lost
        return "" if lost is None or self.reader_is_gone else str(lost.strerror)


def make_safe() -> Printing:
    """Replace `sys.stdin`, `sys.stdout` and `sys.stderr` by streams that are there and never fail."""
    for descriptor in (0, 1, 2):
        _fill(descriptor)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - stays open like any standard stream
    output, messages = _UnfailingWriter(1), _UnfailingWriter(2)
    sys.stdout = _text(output, sys.stdout)
    sys.stderr = _text(messages, sys.stderr, line_buffering=True)
    return Printing(output, messages)


def nobody_reads() -> bool:
    """Whether what is printed goes nowhere: its reader is gone, or it could not be written. Asks the system."""
    writer = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if not isinstance(writer, _UnfailingWriter):
        return False
    poll = select.poll()
    poll.register(writer.fileno(), 0)
    return writer.lost is not None or any(state & select.POLLERR for _, state in poll.poll(0))


def _fill(descriptor: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null == descriptor:
            os.set_inheritable(null, True)  # noqa: FBT003 - its own signature
        else:
            os.dup2(null, descriptor)
            os.close(null)


def _text(
    writer: _UnfailingWriter, before: TextIO | None, *, line_buffering: bool = False
) -> io.TextIOWrapper:
    """A text stream in the encoding of the one before; characters it does not have are written as escapes."""
    if before is not None:
        before.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(writer),  # type: ignore[type-var]  # a raw stream, whose `write` never answers None
        encoding="utf-8" if before is None else before.encoding,
        errors=_ESCAPES,
        line_buffering=line_buffering or writer.isatty() or bool(getattr(before, "line_buffering", False)),
        write_through=bool(getattr(before, "write_through", False)),
    )


def _escape(error: UnicodeError) -> "tuple[str | bytes, int]":
    """The bytes of a file name as they are, and an escape for any other character that the encoding does not have."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.backslashreplace_errors(error)


codecs.register_error(_ESCAPES, _escape)
