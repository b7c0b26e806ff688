"""Reading how an attempt ended out of its folder, and writing it where no shim does; decides nothing."""

import errno
import json
import logging
from pathlib import Path
from typing import Any

from engine.runners import layout
from engine.system.disk_errors import OF_DISK, OF_OUR_FOLDERS
from engine.system.private_files import read_start, write_private
from engine.types import AttemptEnd, AttemptRef, EndReason, EvidenceEnd, SetupEnd

_LARGEST = 64 * 1024
_LONGEST_S = 1e9
_MOST_LEFTOVERS = 1_000_000
_NO_FILE = frozenset({errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO})
"""What opening says of something that is no result of the shim: a folder, a link, a socket."""
_log = logging.getLogger(__name__)


def read_result(folder: Path, ref: AttemptRef) -> AttemptEnd | None:
    """The end as it was written down; None where there is none, or where it is not this attempt's.

    Raises:
        OSError: whether there is one cannot be said now.
    """
    file = folder / layout.RESULT
    try:
        fields = json.loads(read_start(file, _LARGEST))
        return _end_of(ref, fields) if fields["token"] == ref.token else None
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        _log.warning("%s cannot be read: %s", file, error)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        _log.warning("%s cannot be read: %s", file, error)
    return None


def _end_of(ref: AttemptRef, fields: dict[str, Any]) -> AttemptEnd:
    """The end that these fields describe, which the tool itself may have written."""
    code, duration_s = _code(fields["exit_code"]), float(fields["duration_s"])
    if not 0 <= duration_s < _LONGEST_S:
        raise ValueError(f"exit code {code!r} after {duration_s} s")
    detail = f"{fields['detail']}{_about_lost(int(fields['lost_bytes']))}".strip()
    return AttemptEnd(
        ref=ref,
        reason=_reason_of(fields),
        exit_code=code,
        duration_s=duration_s,
        leftovers=min(max(int(fields["leftovers"]), 0), _MOST_LEFTOVERS),
        detail=_text(detail),
        tests=_tests_of(fields),
        setup=_setup_of(fields),
    )


def _tests_of(fields: dict[str, Any]) -> EvidenceEnd | None:
    if not fields.get("tests_ran"):
        return None
    return EvidenceEnd(exit_code=_code(fields["tests_exit_code"]), detail=_text(fields["tests_detail"]))


def _setup_of(fields: dict[str, Any]) -> SetupEnd | None:
    if not fields.get("setup_ran"):
        return None
    detail, digest = (_text(fields[name]) for name in ("setup_detail", "setup_digest"))
    return SetupEnd(exit_code=_code(fields["setup_exit_code"]), detail=detail, digest=digest)


def _text(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _code(value: object) -> int | None:
    if value is None or (isinstance(value, int) and abs(value) < 2**31):
        return value
    raise ValueError(f"exit code {value!r}")


def _reason_of(fields: dict[str, Any]) -> EndReason:
    """The reason as the shim gave it, which leaves it to us what an error number says."""
    reason = EndReason(fields["reason"])
    known = OF_OUR_FOLDERS if fields.get("of_our_folder") else OF_DISK
    is_of_disk = reason is EndReason.SPAWN_FAILED and fields.get("errno") in known
    return EndReason.DISK if is_of_disk else reason


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
