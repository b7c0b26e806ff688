"""Says which files are job files by their name: the one rule for the inbox, the drop sheet and the command line."""

from pathlib import Path

SUFFIXES = (".json", ".yaml", ".yml")
"""What the names of job files end in, whatever their case; a list of all names that are none could not be complete."""
_NOT_FOR_US = (".", "~$", "#")
"""How hidden files and the lock files of editors begin."""


def is_job_file_name(name: str) -> bool:
    """Whether a file of this name, without its folder, is a job file."""
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith(_NOT_FOR_US)
