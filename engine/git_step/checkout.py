"""Move the branch and its files to another commit so that a repetition completes what an interruption has half done.

git works on a copy of the index. If it is killed, the index is still that of the commit before; the files that it has
written are recognised and completed first, and then git does the rest.
"""

from collections.abc import Sequence
from pathlib import Path

from engine.git_step.calls import GitCalls, StepError, UnfinishedError
from engine.git_step.half_done import HalfDone
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal


def move(git: GitCalls, journal: StepJournal, words: Sequence[str], *, target: str, scratch: Path) -> None:
    """Run ``git`` with these words, which check out the commit `target`.

    Raises:
        StepError: git refuses, and all is as before.
        UnfinishedError: it was interrupted.
    """
    way = (git.commit_of("HEAD"), target)
    is_repetition = journal.facts.get("moving") == [*way]
    index = IndexTransaction(git, journal)
    index.take()
    journal.note(moving=way)
    half_done = HalfDone(git, index.env, scratch, way)
    if is_repetition:
        half_done.complete(half_done.files())
    done = git.show(*words, env=index.env)
    if done.returncode > 0:
        is_partial = is_repetition or half_done.files()
        index.discard()
        raise (UnfinishedError if is_partial else StepError)(git.explained(done, words[0]))
    git.check(done, words[0])
    index.finish()
