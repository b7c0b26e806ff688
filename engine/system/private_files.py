"""Write a file whole or not at all, readable by its owner alone: the one way state outside the database is written.

The shim and the git step have shorter ones of their own: they run under ``python -I -S`` without this package.
"""

import os
import secrets
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def write_private(file: Path, content: str | bytes, *, replace: bool = True) -> None:
    """Write `file` (0600) so that whoever reads it, even after a loss of power, finds the old content or the new.

    Without `replace` the first of several writers wins, and the others get FileExistsError.

    Raises:
        OSError: it cannot be written; the old content is unchanged.
    """
    data = content.encode() if isinstance(content, str) else content
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, _FLAGS, 0o600), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        if replace:
            draft.replace(file)
        else:
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)
