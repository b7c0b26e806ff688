"""Ctrl-C before and after a command is at work: ends the process without a word. Imports next to nothing.

Python raises `KeyboardInterrupt` wherever it is, so in the middle of imports, whose traceback nobody wants to see, and
in callbacks of theirs that can only print it. Nothing has begun there that has to be ended in order.
"""

import os
import signal
from types import FrameType

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""
_IMPORTER = "<frozen importlib._bootstrap>"


def end_quietly_from_now_on() -> None:
    """Let Ctrl-C end this process at once; it stays ignored where it is."""
    if signal.getsignal(signal.SIGINT) in {signal.default_int_handler, _interrupt}:
        signal.signal(signal.SIGINT, _end)


def raise_from_now_on() -> None:
    """Let Ctrl-C raise `KeyboardInterrupt` again in a command at work, but not in what that still has to import."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, _interrupt)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    os._exit(INTERRUPTED)


def _interrupt(number: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_filename == _IMPORTER:
            _end(number, frame)
        frame = frame.f_back
    raise KeyboardInterrupt
