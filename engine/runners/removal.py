"""Removes a folder whatever a tool has made of it: deeper than any stack or path, closed to its owner, full of links.

Imports only the standard library, as little of it as can be: the shim uses it as well.
"""

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def remove_tree(path: str) -> None:
    """Remove what has this name, and all that is in it; follows no link, and leaves what cannot be removed.

    Only the last part of the path may be what a tool has put there.
    """
    if os.open not in os.supports_dir_fd:
        import shutil

        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        _open_up(path, None)
        folder = os.open(path, _FOLDER)
    except OSError:  # not a folder
        _done(os.unlink, path, None)
        return
    try:
        _empty(folder)
    finally:
        os.close(folder)
    _done(os.rmdir, path, None)


def _empty(top: int) -> None:
    """Move up what lies deeper until nothing does: neither the stack nor the descriptors grow with the depth."""
    names, has_changed = _new_names(), True
    while has_changed:
        has_changed = False
        for name, is_folder in _entries(top):
            has_changed |= _flatten(top, name, names) if is_folder else _done(os.unlink, name, top)


def _flatten(top: int, name: str, names: "Iterator[str]") -> bool:
    """Remove one folder in `top`; its folders are moved up into `top`. Whether anything has changed."""
    try:
        _open_up(name, top)
        folder = os.open(name, _FOLDER, dir_fd=top)
    except OSError:
        return False
    has_changed = False
    try:
        for child, is_folder in _entries(folder):
            if is_folder:
                has_changed |= _moved_up(folder, child, top, next(names))
            else:
                has_changed |= _done(os.unlink, child, folder)
    finally:
        os.close(folder)
    return _done(os.rmdir, name, top) or has_changed


def _moved_up(folder: int, name: str, top: int, new_name: str) -> bool:
    try:
        if not _done(os.rmdir, name, folder):
            _open_up(name, folder)  # a folder that is moved must be writable itself
            os.rename(name, new_name, src_dir_fd=folder, dst_dir_fd=top)
    except OSError:
        return False
    return True


def _entries(folder: int) -> list[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except OSError:
        return []


def _open_up(name: str, folder: "int | None") -> None:
    """Let the owner into a folder that the tool closed even to itself; what a link names is left alone."""
    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if stat.S_ISDIR(mode) and mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(name, stat.S_IRWXU, dir_fd=folder)


def _done(remove: "Callable[..., None]", name: str, folder: "int | None") -> bool:
    try:
        remove(name, dir_fd=folder)
    except OSError:
        return False
    return True


def _new_names() -> "Iterator[str]":
    """Names that nothing has yet."""
    prefix, number = f".{os.urandom(6).hex()}.", 0
    while True:
        number += 1
        yield f"{prefix}{number}"
