"""What a start of the system means for the notes that shims leave without a sync: those of before may be lost."""

import json
from contextlib import suppress
from pathlib import Path

from engine.runners import layout
from engine.runners.detached import boot_id
from engine.system.private_files import as_it_is, write_private

_LARGEST = 4096


class BootNote:
    """Knows up to which attempt none was claimed since the system was started; kept beside the notes of starts."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / layout.BOOT
        self._last = 0

    def begin(self, last_attempt_id: int) -> None:
        """Find out, when an engine starts; `last_attempt_id` is the newest attempt of all.

        The first engine since the system was started writes it down for those that follow. Where it cannot, the next
        one counts the attempts of this one as earlier ones, too, and so takes some for started that were not.
        """
        boot = boot_id()
        with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            with open(self._file, "rb", opener=as_it_is) as opened:
                noted = json.loads(opened.read(_LARGEST))
            if noted["boot"] == boot:
                self._last = int(noted["last_attempt"])
                return
        self._last = last_attempt_id
        with suppress(OSError):
            write_private(self._file, json.dumps({"boot": boot, "last_attempt": last_attempt_id}))

    def is_earlier(self, attempt_id: int) -> bool:
        """Whether this attempt was claimed before the system was started, so that a note of its start may be lost."""
        return attempt_id <= self._last
