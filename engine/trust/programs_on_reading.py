"""Finds the programs that a repository's own settings have git start when it only reads: on ``status`` or ``diff``.

Every coding tool runs git. Hooks and aliases start on other commands and are none of these.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import GitError
from engine.system.git import work_tree_root
from engine.trust.elsewhere import files_elsewhere
from engine.trust.fingerprints import BoundFile, bound_file, fingerprint
from engine.trust.git_settings import Setting, settings
from engine.trust.named_files import named_files
from engine.trust.repository_reading import submodules

_STARTS = re.compile(
    r"core\.fsmonitor|diff\.external|diff\..*\.(command|textconv)|filter\..*\.(clean|smudge|process)"
)
_IS_A_SWITCH = re.compile(r"(true|false|yes|no|on|off|[+-]?\d+[kmg]?)?", re.IGNORECASE)
_PERHAPS = re.compile(rb"fsmonitor|diff|filter|include", re.IGNORECASE)
_SUBMODULE_MODE = (0o160000).to_bytes(4, "big")
_CONFIGS = ("config", "config.worktree")
_LARGEST = 1024 * 1024


@dataclass(frozen=True)
class ProgramsOnReading:
    """The settings that name such programs, each once, what they are bound to, and whether git cannot say."""

    keys: tuple[str, ...] = ()
    bound: tuple[BoundFile, ...] = ()
    is_known: bool = True


def programs_on_reading(folder: str) -> ProgramsOnReading:
    """What git would start for a tool that works in this folder; runs git only if the settings may name something."""
    root = work_tree_root(Path(folder))
    if root is None:
        return ProgramsOnReading()
    try:
        found = [each for place in _places(root) for each in _named_in(place)]
    except (OSError, GitError):
        return ProgramsOnReading(is_known=False)
    keys = tuple(dict.fromkeys(setting.key for setting in found))
    return ProgramsOnReading(keys, tuple(dict.fromkeys(_bound(found, str(root)))))


def _places(root: Path) -> Iterator[Path]:
    """The folders to read git's settings in: the working tree, and the repositories of its submodules."""
    own = _git_folder(root)
    common = own
    if (own / "commondir").is_file():
        common = own / (own / "commondir").read_text(encoding="utf-8", errors="surrogateescape").strip()
    if any(_may_name(each / name) for each in (own, common) for name in _CONFIGS):
        yield root
    for here, folders, names in os.walk(common / "modules"):
        if "HEAD" in names:
            folders[:] = [name for name in folders if name == "modules"]
            if any(_may_name(Path(here, name)) for name in _CONFIGS):
                yield Path(here)
    if _may_have_submodules(own):
        for path in submodules(str(root)):
            if (root / path / ".git").exists():
                yield from _places(root / path)


def _may_have_submodules(git_folder: Path) -> bool:
    """Whether the index seems to list a submodule; one that was added by hand has no folder in `modules`."""
    indexes = [git_folder / "index", *git_folder.glob("sharedindex.*")]
    return any(_SUBMODULE_MODE in index.read_bytes() for index in indexes if index.is_file())


def _git_folder(root: Path) -> Path:
    file = root / ".git"
    if file.is_dir():
        return file
    text = file.read_text(encoding="utf-8", errors="surrogateescape")
    return root / text.removeprefix("gitdir:").strip()


def _may_name(config: Path) -> bool:
    try:
        with config.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return False
    return len(data) > _LARGEST or _PERHAPS.search(data) is not None


def _named_in(place: Path) -> list[Setting]:
    """The settings of the repository itself; what the user's own configuration repeats is left out."""
    every = [each for each in settings(str(place)) if _starts_a_program(each)]
    users = {(each.key, each.value) for each in every if not each.is_own}
    return [each for each in every if each.is_own and (each.key, each.value) not in users]


def _starts_a_program(setting: Setting) -> bool:
    if not _STARTS.fullmatch(setting.key):
        return False
    return setting.key != "core.fsmonitor" or not _IS_A_SWITCH.fullmatch(setting.value)


def _bound(found: list[Setting], root: str) -> Iterator[BoundFile]:
    for setting in found:
        yield BoundFile(f"{setting.file} ({setting.key})", fingerprint(os.fsencode(setting.value)))
        files = (
            *named_files([setting.value], root, root).files,
            *files_elsewhere([setting.value], root, root),
        )
        yield from map(bound_file, files)
