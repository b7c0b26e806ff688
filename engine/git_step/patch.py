"""Apply a patch whole or not at all, and complete one whose application was interrupted."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError, UnfinishedError
from engine.git_step.half_done import HalfDone
from engine.git_step.index_transaction import IndexTransaction
from engine.git_step.journal import StepJournal
from engine.system.git_failures import disk_error


def apply_patch(git: GitCalls, step: Mapping[str, Any], journal: StepJournal, *, scratch: Path) -> str:
    """Apply the patch in the file `patch_path`.

    git computes the files in an index of its own and they are written afterwards, so that a kill loses none of them.

    Raises:
        StepError: it does not fit, or is applied already.
    """
    patch = step["patch_path"]
    counted = git.run("apply", "--numstat", "-z", patch)
    git.check(counted, "apply")
    git.refuse_foreign_filters(_paths(counted.stdout))
    if step["three_way"]:
        _apply_three_way(git, patch, journal, scratch=scratch)
    else:
        _apply(git, patch, journal, scratch=scratch)
    return f"Applied a patch to {counts_in_words(counted.stdout)}."


def counts_in_words(numstat: bytes) -> str:
    """How many files and lines an output of ``--numstat -z`` names."""
    rows = [field.split(b"\t", 2) for field in numstat.split(b"\0") if field.count(b"\t") >= 2]  # noqa: PLR2004
    added = sum(int(row[0]) for row in rows if row[0].isdigit())
    removed = sum(int(row[1]) for row in rows if row[1].isdigit())
    return f"{len(rows)} file{'' if len(rows) == 1 else 's'} (+{added} -{removed})"


def _check(git: GitCalls, patch: str) -> None:
    checked = git.show("apply", "--check", patch)
    if checked.returncode == 1:
        if not git.run("apply", "--check", "--reverse", patch).returncode:
            raise StepError("The patch is already applied: nothing was changed.", "no_change")
        raise StepError(f"The patch does not fit: {git.reason(checked)}. Nothing was changed.", "bad_edit")
    if checked.returncode > 0:
        raise StepError(git.explained(checked, "apply"), "bad_edit") from disk_error(checked.stderr)
    git.check(checked, "apply")


def _apply(git: GitCalls, patch: str, journal: StepJournal, *, scratch: Path) -> None:
    env = {"GIT_INDEX_FILE": str(scratch / "git_patch_index")}
    if "way" not in journal.facts:
        _check(git, patch)
        _tree_of(git, _touched(git, patch), env)
        before = git.read("write-tree", env=env)
        git.must("apply", "--cached", "--whitespace=nowarn", patch, env=env)
        journal.note(way=[before, git.read("write-tree", env=env)])
    git.read("read-tree", journal.facts["way"][0], env=env)
    _write(git, journal, env, scratch)


def _apply_three_way(git: GitCalls, patch: str, journal: StepJournal, *, scratch: Path) -> None:
    index = IndexTransaction(git, journal)
    if (
        "conflicts" in journal.facts
        and index.is_left
        and git.names("ls-files", "--unmerged", "-z", env=index.env)
    ):
        index.finish()  # git had written everything, and was only not reported
        raise _conflict(git) or StepError("The patch does not fit.", "bad_edit")
    index.take()
    try:
        if "way" in journal.facts or _fits_three_way(git, patch, journal, index.env, scratch=scratch):
            _write(git, journal, index.env, scratch)
            done = None
        else:
            done = _apply_as_far_as_it_goes(git, patch, journal, index.env)
    except (StepError, OSError):
        index.discard()
        raise
    if done is not None and done.returncode < 0 and not index.is_changed:
        index.discard()
    index.finish()
    if done is not None and done.returncode:
        raise _misfit(git, done)


def _apply_as_far_as_it_goes(
    git: GitCalls, patch: str, journal: StepJournal, env: Mapping[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    if journal.is_repetition:  # git takes all the old files away before it writes the first new one
        touched = "".join(f"{path}\0" for path in _touched(git, patch))
        git.run("checkout-index", "--quiet", "-z", "--stdin", given=touched)
    journal.note(conflicts=True)
    return git.show("apply", "--3way", "--whitespace=nowarn", patch, env=env)


def _misfit(git: GitCalls, done: "subprocess.CompletedProcess[bytes]") -> StepError:
    if done.returncode < 0:
        return UnfinishedError(git.explained(done, "apply"))
    return _conflict(git) or StepError(f"The patch does not fit: {git.reason(done)}.", "bad_edit")


def _conflict(git: GitCalls) -> StepError | None:
    """That the patch has conflicts, where it has any."""
    files = git.names("diff", "--name-only", "--diff-filter=U", "-z", *NO_PROGRAMS)
    return (
        StepError(f"The patch does not fit: conflicts in {', '.join(files)}.", "bad_edit") if files else None
    )


def _fits_three_way(
    git: GitCalls, patch: str, journal: StepJournal, env: Mapping[str, str], *, scratch: Path
) -> bool:
    """Whether there is no conflict and no uncommitted work in its files; where it goes is noted then."""
    copy = scratch / "git_patch_index"
    if Path(env["GIT_INDEX_FILE"]).exists():
        shutil.copy2(env["GIT_INDEX_FILE"], copy)
    index = {"GIT_INDEX_FILE": str(copy)}
    before = git.run("write-tree", env=index)
    applied = git.show("apply", "--3way", "--cached", "--whitespace=nowarn", patch, env=index)
    after = git.run("write-tree", env=index)
    for done in (before, applied, after):
        if done.returncode < 0:
            git.check(done, "apply")
    if before.returncode or applied.returncode or after.returncode:
        return False
    way = (before.stdout.decode().strip(), after.stdout.decode().strip())
    half_done = HalfDone(git, env, scratch, way)
    if half_done.files() or half_done.foreign():
        return False
    journal.note(way=way)
    return True


def _write(git: GitCalls, journal: StepJournal, env: Mapping[str, str], scratch: Path) -> None:
    before, after = journal.facts["way"]
    half_done = HalfDone(git, env, scratch, (before, after))
    if foreign := half_done.foreign():
        raise UnfinishedError(
            f"The patch was interrupted while it was applied, and {foreign[0]} is neither as before nor as after it. "
            "Restore that file, then run this again."
        )
    half_done.complete()


def _touched(git: GitCalls, patch: str) -> list[str]:
    """The files a patch reads or writes: a renamed one has its old name in the reversed patch."""
    words = ("apply", "--numstat", "-z")
    return [
        *_paths(git.run(*words, patch).stdout),
        *_paths(git.run(*words, "--reverse", patch).stdout),
    ]


def _tree_of(git: GitCalls, paths: Iterable[str], env: Mapping[str, str]) -> None:
    """Let the index hold these files as they are now, and nothing else."""
    top = git.within(Path(git.read("rev-parse", "--show-toplevel")))
    top.read("read-tree", "--empty", env=env)
    listed = "".join(f"{path}\0" for path in paths)
    top.read("update-index", "--add", "--remove", "-z", "--stdin", given=listed, env=env)


def _paths(numstat: bytes) -> list[str]:
    rows = [field.split(b"\t", 2) for field in numstat.split(b"\0") if field.count(b"\t") >= 2]  # noqa: PLR2004
    return [row[2].decode(errors="surrogateescape") for row in rows if row[2]]
