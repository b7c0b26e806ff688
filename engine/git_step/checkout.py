"""Move the branch and its files to another commit so that a repetition completes what an interruption has half done.

git works on a copy of the index. If it is killed, the index is still that of the commit before; the files that it has
written are recognised and completed first, and then git does the rest.
"""

import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError, UnfinishedError
from engine.git_step.half_done import HalfDone
from engine.git_step.in_the_way import in_the_way
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal
from engine.system.git_failures import disk_error


def move(git: GitCalls, journal: StepJournal, words: Sequence[str], *, target: str, scratch: Path) -> None:
    """Run ``git`` with these words, which check out the commit `target`.

    Raises:
        StepError: git refuses, and all is as before.
        UnfinishedError: it was interrupted.
    """
    index = IndexTransaction(git, journal)
    if journal.facts.get("moving", [None])[-1] == target == git.commit_of("HEAD"):
        index.finish()  # git came to its end, and the attempt was killed
    index.take()
    try:
        done, is_partial = _moved(git, journal, words, index, target=target, scratch=scratch)
    except (StepError, OSError):
        index.discard()
        raise
    if done.returncode < 0 and git.commit_of("HEAD") == target:
        index.finish()  # git was stopped when it had done all
    elif done.returncode:
        index.discard()
    if done.returncode > 0 and is_partial:
        raise UnfinishedError(git.explained(done, words[0])) from disk_error(done.stderr)
    git.check(done, words[0])
    index.finish()


def _moved(
    git: GitCalls,
    journal: StepJournal,
    words: Sequence[str],
    index: IndexTransaction,
    *,
    target: str,
    scratch: Path,
) -> tuple["subprocess.CompletedProcess[bytes]", bool]:
    """What git answers, and whether it has left the files on their way."""
    way = (git.commit_of("HEAD"), target)
    is_repetition = journal.facts.get("moving") == [*way]
    journal.note(moving=way)
    half_done = HalfDone(git, index.env, scratch, way)
    ours = half_done.files() if is_repetition else []
    try:
        _refuse_overwriting(git, index, way, but=ours)
        if is_repetition:
            half_done.complete(ours)
    except StepError as error:
        if not ours:
            raise
        raise UnfinishedError(str(error)) from error
    half_done.refuse_missing()
    done = git.show(*words, env=index.env)
    return done, done.returncode > 0 and bool(is_repetition or half_done.files())


def _refuse_overwriting(
    git: GitCalls, index: IndexTransaction, way: tuple[str, str], *, but: Sequence[str]
) -> None:
    """Make sure that no file is in the way that git takes for worthless because it is to ignore it."""
    top = Path(git.read("rev-parse", "--show-toplevel"))
    names = partial(git.within(top).names, env=index.env)
    if found := [path for path in in_the_way(names, top, *way) if path not in but]:
        raise StepError(
            f"{found[0]} would be overwritten, and it is in no commit. Move or commit it, then run this again."
        )
