"""Reading how an attempt ended out of its folder, and writing it where no shim does; decides nothing."""

import json
import logging
import os
from pathlib import Path

from engine.runners import layout
from engine.system.private_files import write_private
from engine.types import AttemptEnd, AttemptRef, EndReason

_LARGEST = 64 * 1024
_log = logging.getLogger(__name__)


def read_result(folder: Path, ref: AttemptRef) -> AttemptEnd | None:
    """The end as it was written down; None where there is none, or where it is not this attempt's."""
    file = folder / layout.RESULT
    try:
        with open(file, "rb", opener=_as_it_is) as opened:  # Path.open has no opener
            fields = json.loads(opened.read(_LARGEST))
        if fields["token"] != ref.token:
            return None
        return AttemptEnd(
            ref=ref,
            reason=EndReason(fields["reason"]),
            exit_code=fields["exit_code"],
            duration_s=float(fields["duration_s"]),
            leftovers=int(fields["leftovers"]),
            detail=f"{fields['detail']}{_about_lost(int(fields['lost_bytes']))}".strip(),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read: %s", file, error)
        return None


def write_result(folder: Path, end: AttemptEnd) -> None:
    """Write an end down as the shim does: whole or not at all."""
    fields = {
        "token": end.ref.token,
        "reason": end.reason.value,
        "exit_code": end.exit_code,
        "duration_s": end.duration_s,
        "leftovers": end.leftovers,
        "detail": end.detail,
        "lost_bytes": 0,
    }
    write_private(folder / layout.RESULT, json.dumps(fields))


def _about_lost(count: int) -> str:
    return f" {count} bytes of its output could not be kept." if count else ""


def _as_it_is(path: str, flags: int) -> int:
    """Open neither what a link leads to nor, by waiting for a writer, a FIFO."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
