"""Starts aider so that it retries few requests by itself, and keeps its cache of the code out of the working tree.

The queue retries, so that a slot is not held for minutes; what lies in the tree would be taken for work. Aider has no
switch for either, so the Python of its installation gets a short program that sets it. Where aider is not installed in
an environment of its own, it is started as it is.
"""

from collections.abc import Sequence
from pathlib import Path

from engine.system.private_files import write_private

_NAME = "start_aider.py"
_PROGRAM = """import pathlib
import sys
import tempfile

import aider.models
import aider.repomap

aider.repomap.RepoMap.TAGS_CACHE_DIR = str(pathlib.Path(tempfile.gettempdir(), "aider-tags"))
# Waits between requests are doubled until they exceed this, in seconds.
aider.models.RETRY_TIMEOUT = 1
configure = aider.models.Model.configure_model_settings


def configure_without_retries(self, *arguments):
    configure(self, *arguments)
    self.extra_params = {"max_retries": 0, **(self.extra_params or {})}


aider.models.Model.configure_model_settings = configure_without_retries

from aider.main import main

sys.exit(main())
"""


def start_command(program: str, folder: Path) -> Sequence[str]:
    """The words that start the aider at this path; what they need is written into the attempt's folder."""
    environment = environment_of(program)
    python = environment / "bin" / "python"
    installed = any(environment.glob("lib/python*/site-packages/aider/models.py"))
    if not (installed and python.is_file()):
        return (program,)
    file = folder / _NAME
    write_private(file, _PROGRAM)
    return (str(python), str(file))


def environment_of(program: str) -> Path:
    """The environment that a program is installed in; it may be reached through a link of pipx or uv."""
    return Path(program).resolve().parent.parent
