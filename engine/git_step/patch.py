"""Apply a patch whole or not at all, and complete one whose application was interrupted."""

import re
from collections.abc import Mapping
from typing import Any

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError, UnfinishedError
from engine.git_step.journal import StepJournal

_SPECIAL = re.compile(r"([*?\[\\])")


def apply_patch(git: GitCalls, step: Mapping[str, Any], journal: StepJournal) -> str:
    """Apply the patch in the file `patch_path`.

    Raises:
        StepError: it does not fit, or is applied already.
    """
    patch = step["patch_path"]
    counted = git.run("apply", "--numstat", "-z", patch)
    git.check(counted, "apply")
    git.refuse_foreign_filters(_paths(counted.stdout))
    if step["three_way"]:
        is_done = journal.is_repetition and not git.run("apply", "--check", "--reverse", patch).returncode
        journal.note(checked=True)
        if not is_done:
            _apply_three_way(git, patch)
    elif journal.is_repetition:
        _complete(git, patch, _paths(counted.stdout))
    else:
        _check(git, patch)
        journal.note(checked=True)
        git.must("apply", "--whitespace=nowarn", patch)
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
        raise StepError(git.explained(checked, "apply"), "bad_edit")
    git.check(checked, "apply")


def _apply_three_way(git: GitCalls, patch: str) -> None:
    done = git.show("apply", "--3way", "--whitespace=nowarn", patch)
    if done.returncode < 0:
        git.check(done, "apply")
    if done.returncode:
        files = git.names("diff", "--name-only", "--diff-filter=U", "-z", *NO_PROGRAMS)
        reason = f"conflicts in {', '.join(files)}" if files else git.reason(done)
        raise StepError(f"The patch does not fit: {reason}.", "bad_edit")


def _complete(git: GitCalls, patch: str, paths: list[str]) -> None:
    """Apply what an interrupted attempt has not, file by file; the whole had been checked before it began."""
    for path in paths:
        only = ("--include", _SPECIAL.sub(r"\\\1", path))
        if not git.run("apply", "--check", *only, patch).returncode:
            git.must("apply", "--whitespace=nowarn", *only, patch)
        elif git.run("apply", "--check", "--reverse", *only, patch).returncode:
            raise UnfinishedError(
                f"The patch was interrupted while it was applied, and {path} is neither as before nor as after it. "
                "Restore that file, then run this again."
            )


def _paths(numstat: bytes) -> list[str]:
    rows = [field.split(b"\t", 2) for field in numstat.split(b"\0") if field.count(b"\t") >= 2]  # noqa: PLR2004
    return [row[2].decode(errors="surrogateescape") for row in rows if row[2]]
