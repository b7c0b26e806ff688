"""Predicted conflicts in words, the same in the window and on the command line."""

from collections.abc import Iterable, Sequence

from state.worktree_records import PredictedConflict

_NAMED = 3
"""So many files are named where a line has to hold them."""


def files_in_words(files: Sequence[str]) -> str:
    """The first files by name, and how many more there are."""
    more = len(files) - _NAMED
    return ", ".join(files[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def predicted_with(conflicts: Iterable[PredictedConflict], key: tuple[str, str]) -> str:
    """What the work of a workstream would collide with: ``with lexer-split: idents.py``; empty where with nothing."""
    mine = (one for one in conflicts if key in one.workstreams)
    return "; ".join(f"with {one.rival_of(key)}: {files_in_words(one.files)}" for one in mine)


def conflict_sentence(conflict: PredictedConflict) -> str:
    """Both sides and the files: ``cart-totals and price-rules both changed totals.py``."""
    files = files_in_words(conflict.files)
    return f"{conflict.ws_id} and {conflict.rival_of(conflict.first)} both changed {files}"
