"""The one rule on programs that a repository names itself: they are switched off, and who needs one is refused.

A filter changes what git stores of a file, so work that such a filter would touch cannot be done without it. What the
user's own configuration names stays on, also where the repository repeats it.
Imports only the standard library: the process of a git step loads this module too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

QUERY = (
    *("config", "--show-scope", "-z", "--get-regexp"),
    r"^(filter\..*\.(clean|smudge|process)|merge\..*\.driver)$",
)
"""The arguments of the git command whose output `programs_of` reads; it exits with 1 where nothing is named."""
BY_THE_REPOSITORY = frozenset({"local", "worktree"})
"""The scopes of git's configuration that a repository brings itself."""


class UnsafeNameError(ValueError):
    """A program is named so that git cannot switch it off."""


@dataclass(frozen=True)
class RepositoryPrograms:
    """The filters a repository names itself, and the switches before git's command that disable its programs."""

    filters: frozenset[str]
    switches: tuple[str, ...]


def programs_of(output: bytes) -> RepositoryPrograms:
    """Read the output of git's command `QUERY`.

    Raises:
        UnsafeNameError: a name contains ``=``, up to which git would read it.
    """
    own: dict[str, str] = {}
    theirs: dict[str, str] = {}
    for scope, key, value in program_settings(output):
        (theirs if scope in BY_THE_REPOSITORY else own)[key] = value
    named = sorted(key for key, value in theirs.items() if own.get(key) != value)
    if unsafe := next((key for key in named if "=" in key), None):
        raise UnsafeNameError(
            f"the repository's configuration names a program under {unsafe!r}, which git cannot switch off. "
            "Rename it without an equals sign."
        )
    filters = frozenset(_driver(key) for key in named if key.startswith("filter."))
    values = {key: "false" if key.startswith("merge.") else "" for key in named}
    values |= {f"filter.{name}.required": "false" for name in sorted(filters)}
    return RepositoryPrograms(filters, tuple(_switches(values)))


def filtered(
    paths: Iterable[str], filters: frozenset[str], attributes: Callable[[bytes], bytes]
) -> dict[str, str]:
    """Which of these paths go through one of these filters, and through which.

    `attributes` runs ``git check-attr --stdin -z filter`` on what it is given.
    """
    names = [path for path in paths if path]
    if not filters or not names:
        return {}
    listed = "\0".join([*names, ""]).encode(errors="surrogateescape")
    fields = attributes(listed).decode(errors="surrogateescape").split("\0")
    return {path: value for path, value in zip(fields[::3], fields[2::3], strict=False) if value in filters}


def refusal(path: str, name: str) -> str:
    """Why a file cannot be handled without the filter that the repository names, and what to do."""
    return (
        f"{path} goes through the filter {name!r}, which only the configuration of the repository names, and "
        f"Signalbox runs no program that a repository names. If you trust it, make it your own "
        f"(git config --global filter.{name}.clean …, for Git LFS git lfs install), then run this again."
    )


def program_settings(output: bytes) -> Iterable[tuple[str, str, str]]:
    """What git's command `QUERY` prints, as triples of scope, key and value; a key without a value has an empty one."""
    fields = output.decode(errors="surrogateescape").split("\0")
    for scope, setting in zip(fields[::2], fields[1::2], strict=False):
        key, _, value = setting.partition("\n")
        yield scope, key, value


def _driver(key: str) -> str:
    return key.partition(".")[2].rpartition(".")[0]


def _switches(values: Mapping[str, str]) -> Iterable[str]:
    for key, value in values.items():
        yield from ("-c", f"{key}={value}")
