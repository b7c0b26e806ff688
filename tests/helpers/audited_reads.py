"""Which threads read files below a folder, as the interpreter itself reports it."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LISTS = ("os.listdir", "os.scandir")
_open_audits: list[tuple[str, set[int]]] = []


@contextmanager
def reading_threads(below: Path) -> Iterator[set[int]]:
    """The idents of the threads that open a file for reading, or list a folder, below this folder meanwhile."""
    if not _hooked:
        sys.addaudithook(_note)  # stays for the life of the process, and costs a look at an empty list
        _hooked.append(True)
    audit = (os.fspath(below), set[int]())
    _open_audits.append(audit)
    try:
        yield audit[1]
    finally:
        _open_audits.remove(audit)


_hooked: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if not _open_audits or event not in {"open", *_LISTS}:
        return
    path = arguments[0]
    if not isinstance(path, str | os.PathLike):
        return
    if event == "open" and isinstance(flags := arguments[2], int) and flags & (os.O_WRONLY | os.O_RDWR):
        return
    for below, found in _open_audits:
        if os.fspath(path).startswith(below):
            found.add(threading.get_ident())
