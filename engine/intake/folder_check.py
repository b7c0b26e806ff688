"""Says why a folder cannot be the inbox: it is not there, or others could put files into it. Changes nothing."""

import os
import stat
from pathlib import Path

from engine.system.git import work_tree_root
from engine.system.home import Home


def problem_of_folder(folder: Path, home: Home) -> str:
    """Why the inbox is not read, in a sentence; empty if it is."""
    try:
        found = folder.stat()
    except OSError as error:
        return (
            f"The inbox {folder} cannot be read: {error.strerror}. Create it or choose another in Settings."
        )
    if not stat.S_ISDIR(found.st_mode):
        return f"The inbox {folder} is not a folder. Choose another in Settings."
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        return f"The inbox {folder} can be written by others, so no file is accepted. Run chmod 700 on it."
    return _problem_above(folder, home)


def _problem_above(folder: Path, home: Home) -> str:
    """Why others could put files here although the folder itself is closed; empty if they cannot."""
    resolved = folder.resolve()
    above = resolved.parent
    mode = above.stat().st_mode
    if hasattr(os, "getuid") and mode & 0o022 and not mode & stat.S_ISVTX:
        return f"Others could replace the inbox {folder} with a folder of their own. Run chmod go-w {above}."
    if resolved.is_relative_to(home.root.resolve()):
        return ""
    root = work_tree_root(folder)
    if root is not None:
        return f"The inbox {folder} is inside the repository {root}: files checked out there would come in."
    return ""
