"""Read what git prints of many files, each compared with the file that the list of changes names beside it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from engine.review.diff_records import FileChange
from engine.review.patch_parser import Sides
from engine.review.tree_diff import tree_diff
from state.records import NOTHING

_AT_ONCE = 200  # so many long paths are still arguments that every system takes
_Parsed = TypeVar("_Parsed")


def diffs_by_sides(
    repo: Path,
    commits: tuple[str, str],
    *options: str,
    files: Sequence[FileChange],
    parse: Callable[[bytes], Mapping[Sides, _Parsed]],
    ignore_whitespace: bool = False,
    env: Mapping[str, str] = NOTHING,
) -> dict[Sides, _Parsed]:
    """What `parse` finds in the patches of these files, by their blob ids.

    Which files git takes for renamed depends on how many it compares: with fewer it may find one where the list has a
    file removed and another added. So those are compared without renames, and a renamed one that is missing by itself.

    Raises:
        GitError: the commits or the files cannot be read.
    """

    def read(some: Sequence[FileChange], *more: str) -> Mapping[Sides, _Parsed]:
        words = (*options, *more)
        return parse(
            tree_diff(
                repo, commits, *words, paths=paths_of(some), ignore_whitespace=ignore_whitespace, env=env
            )
        )

    found: dict[Sides, _Parsed] = {}
    renamed = [file for file in files if file.old_path is not None]
    for some in in_calls([file for file in files if file.old_path is None]):
        found |= read(some, "--no-renames")
    for some in in_calls(renamed):
        found |= read(some)
    for file in renamed:
        if (file.old_blob, file.new_blob) not in found:
            found |= read([file])
    return found


def in_calls(files: Sequence[FileChange]) -> Iterator[Sequence[FileChange]]:
    """These files in parts, each of which one call of git can name."""
    for start in range(0, len(files), _AT_ONCE):
        yield files[start : start + _AT_ONCE]


def paths_of(files: Sequence[FileChange]) -> list[str]:
    """Where these files are, and where they were."""
    return [path for file in files for path in (file.path, file.old_path) if path]
