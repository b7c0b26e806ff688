"""Predicted conflicts in words, the same in the window and on the command line."""

from collections.abc import Iterable, Sequence

from state.shown_names import ShownNames, rival_name
from state.worktree_records import PredictedConflict

_NAMED = 3
"""So many files are named where a line has to hold them."""


def files_in_words(files: Sequence[str]) -> str:
    """The first files by name, and how many more there are."""
    more = len(files) - _NAMED
    return ", ".join(files[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def predicted_with(conflicts: Iterable[PredictedConflict], key: tuple[str, str], names: ShownNames) -> str:
    """What the work of a workstream would collide with: ``with lexer-split: idents.py``; empty where with nothing."""
    mine = (one for one in conflicts if key in one.workstreams)
    return "; ".join(f"with {rival_name(one, key, names)}: {files_in_words(one.files)}" for one in mine)
