"""Follow the links in a path, whatever they lead to. `Path.resolve` fails where they lead in a circle."""

import os
from pathlib import Path


def real_path(path: Path) -> Path:
    """The absolute path without links; from where they lead in a circle on, or nothing can be seen, as it was given."""
    return Path(os.path.realpath(path))
