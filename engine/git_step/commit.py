"""Commit files whole or not at all, and know a commit that an interrupted attempt has made."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.git_step.calls import NO_PROGRAMS, GitCalls, StepError, UnfinishedError
from engine.git_step.index_transaction import CHANGING, IndexTransaction
from engine.git_step.journal import StepJournal
from engine.system.git_failures import disk_error

FALLBACK_IDENTITY = ("-c", "user.name=Signalbox", "-c", "user.email=signalbox@localhost")
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
_TRIES = 5


def commit_files(git: GitCalls, step: Mapping[str, Any], journal: StepJournal) -> str:
    """Commit `files` of the step, or everything but other repositories and working trees inside.

    Raises:
        StepError: there is nothing to commit, or git refuses; index and branch are as before.
    """
    index = IndexTransaction(git, journal)
    if "before" in journal.facts and (made := _known_commit(git, step, journal)):
        index.finish()  # an interrupted attempt made it and could not say so
        return _committed(git, step, made)
    try:
        left_out = _staged(git, step, index)
        journal.note(before=git.commit_of("HEAD"))
    except (StepError, OSError):
        index.discard()
        raise
    made = _commit(git, step, journal, index)
    index.finish()
    return _committed(git, step, made) + _without(left_out)


def _staged(git: GitCalls, step: Mapping[str, Any], index: IndexTransaction) -> Sequence[str]:
    """Put the files into the copy of the index and lock the index; returns what was left out."""
    files = step["files"]
    for _ in range(_TRIES):
        index.begin()
        left_out = git.add("--all", paths=files, env=index.env)
        paths = ["--", *files] if files else ["--", "."]
        compared = ("diff", "--cached", "--quiet", *NO_PROGRAMS, *paths)
        differs = git.run(*compared, env={**_LITERAL, **index.env})
        if differs.returncode != 1:
            git.check(differs, "diff")
        if not step["allow_empty"] and not differs.returncode:
            raise StepError(f"There was nothing to commit.{_without(left_out)}", "no_change")
        if index.lock():
            return left_out
    raise StepError(CHANGING)


def _commit(git: GitCalls, step: Mapping[str, Any], journal: StepJournal, index: IndexTransaction) -> str:
    options = ["--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=whitespace", "--file=-"]
    options += ["--allow-empty"] if step["allow_empty"] else []
    only = ["--only", "--", *step["files"]] if step["files"] else []
    identity = () if git.line("var", "GIT_COMMITTER_IDENT") else FALLBACK_IDENTITY
    words = (*identity, "commit", *options, *only)
    done = git.show(*words, given=step["message"], env={**_LITERAL, **index.env})
    try:
        made = _known_commit(git, step, journal)
    except StepError as error:
        raise UnfinishedError(str(error)) from error
    if not made:
        index.discard()
        raise StepError(git.explained(done, "commit")) from disk_error(done.stderr)
    return made


def _known_commit(git: GitCalls, step: Mapping[str, Any], journal: StepJournal) -> str:
    """The same as `_own_commit`, also where a stop of the step ends the call of git that runs just then."""
    try:
        return _own_commit(git, step, journal)
    except UnfinishedError:
        return _own_commit(git, step, journal)


def _own_commit(git: GitCalls, step: Mapping[str, Any], journal: StepJournal) -> str:
    """The commit with this message that came directly after the noted one, or nothing."""
    before = journal.facts["before"]
    if not git.commit_of("HEAD"):
        return ""
    known = f"{before}..HEAD" if before else "HEAD"
    listed = git.must("rev-list", "--first-parent", "--parents", "--reverse", known)
    first = listed.partition("\n")[0].split()
    if not first or first[1:] != ([before] if before else []):
        return ""
    message = git.run("stripspace", given=step["message"])
    git.check(message, "stripspace")
    found = git.run("log", "-1", "--format=%B", first[0])
    git.check(found, "log")
    return first[0] if found.stdout.strip() == message.stdout.strip() else ""


def _committed(git: GitCalls, step: Mapping[str, Any], made: str) -> str:
    git.show("show", "--stat", "--format=%h %s", *NO_PROGRAMS, made)
    return f"Committed {made[:9]}: {step['message'].strip().splitlines()[0][:100]}"


def _without(left_out: Sequence[str]) -> str:
    names = ", ".join(left_out[:5])
    return (
        f" Left out, since they are repositories or working trees of their own: {names}." if left_out else ""
    )
