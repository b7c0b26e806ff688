"""Say why git failed and what to do about it, in one sentence of git's own words, cleaned, and the way out.

Imports only the standard library: the process of a git step loads this module too.
"""

import errno
import os
import random
import re
import shlex
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_LOCK = re.compile(r"Unable to create '([^']*\.lock)'")
_OWNER = re.compile(r"dubious ownership in repository at '(.+)'|unsafe repository \('(.+?)' is owned by")
_MISSING = re.compile(
    r"(?m)^.+?: (?:line )?\d+: (\S+): (?:command )?not found$|cannot run (\S+): No such file"
)
_FILTER = re.compile(r"(?:clean|smudge) filter '?(\S+?)'? failed")
_PROGRAM = re.compile(r"external filter '?(.+?)'? (?:is not available|failed)")
_BUSY = re.compile(
    rb"index\.lock|could not lock config file|cannot lock ref"
    rb"|failed to read [^\n]*worktrees/[^\n]*/(?:commondir|locked)"
    rb"|Invalid path '[^\n]*/worktrees/[^\n]*': No such file"
)
"""What git says while another one holds a lock, or is just adding or removing a worktree: it reads what that has half
written, or misses the folder of all worktrees, which goes with the last one."""
_OF_DISK: Mapping[str, tuple[int, str]] = {
    "No space left on device": (errno.ENOSPC, "the disk is full. Make room, then run this again."),
    "Disk quota exceeded": (errno.EDQUOT, "the disk is full. Make room, then run this again."),
    "Read-only file system": (errno.EROFS, "Read-only file system. Make it writable, then run this again."),
    "Input/output error": (errno.EIO, "the disk fails. Look at it, then run this again."),
    "Stale file handle": (errno.ESTALE, "the drive is gone. Connect it, then run this again."),
    "Transport endpoint is not connected": (
        errno.ENOTCONN,
        "the drive is gone. Connect it, then run this again.",
    ),
    r"unable to write (?:loose object )?file (?!.*Permission denied)|file '.*' write error|Out of diskspace": (
        errno.ENOSPC,
        "a file could not be written whole. Make room on the disk, then run this again.",
    ),
}
"""What git prints, in the language of its environment, when a disk is full, damaged or gone.

It names no reason where it writes less than it wanted to: a file that it could open is not written for want of room.
"""
_TRIES = 5
_USAGE = 129
"""The exit code of git for an option it does not know."""


def is_busy(stderr: bytes, tries: int) -> bool:
    """Whether to call git again after this many tries, because another was just at work; waits before it says so."""
    if tries > _TRIES or not _BUSY.search(stderr) or disk_error(stderr) is not None:
        return False
    time.sleep(min(0.4, 0.025 * 2**tries) * random.uniform(0.8, 1.2))  # noqa: S311 - spreads the tries
    return True


def disk_error(stderr: bytes) -> OSError | None:
    """The state of a disk that git reports, as the error that the system gave it; None where it reports none."""
    text = stderr.decode(errors="replace")
    found = (number for pattern, (number, _) in _OF_DISK.items() if re.search(pattern, text))
    number = next(found, None)
    return None if number is None else OSError(number, os.strerror(number))


def explained(stderr: bytes, code: int, *, command: str, folder: str) -> str:
    """Why ``git command`` in `folder` ended with this exit code, and what to do, in one line."""
    text = stderr.decode(errors="replace")
    for pattern, sentence in _RULES.items():
        if found := re.search(pattern, text):
            return f"git {command} in {folder}: {_clean(sentence(found, folder))}"
    if code == _USAGE:
        return f"git {command} in {folder}: this git lacks an option. Install a newer git ({_first_line(text, code)})."
    return f"git {command} in {folder}: {_first_line(text, code)}"


def too_slow(command: str, folder: str, seconds: float) -> str:
    """The sentence for a call that was ended because it took too long."""
    reason = f"it took longer than {seconds:g} s and was ended. Run it again when the machine is less busy."
    return f"git {command} in {folder}: {reason}"


def _first_line(text: str, code: int) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("hint:")]
    lines.sort(key=lambda line: not line.startswith(("fatal:", "error:")))
    if not lines:
        return f"ended by {_signal_name(code)}" if code < 0 else f"exit code {code}"
    return _clean(lines[0].removeprefix("fatal: ").removeprefix("error: "))


def _clean(text: str) -> str:
    """The text on one line without anything a terminal would act on."""
    plain = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)
    return "".join(sign if sign.isprintable() else " " for sign in plain).strip()


def _signal_name(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _of_another_user(found: re.Match[str], folder: str) -> str:
    path = found[1] or found[2] or folder
    command = f"git config --global --add safe.directory {shlex.quote(path)}"
    return f"{path} belongs to another user, so git refuses it. If you trust it, run: {command}"


def locked(lock: str) -> str:
    """The sentence for a lock of git that somebody else keeps, and what to do."""
    return f"{lock} {_age_of(lock)}. If no git is at work there, delete it."


def _locked(found: re.Match[str], folder: str) -> str:
    del folder
    return locked(found[1])


def _age_of(lock: str) -> str:
    try:
        age = time.time() - Path(lock).stat().st_mtime
    except OSError:
        return "is held by another git"
    return f"was left by another git {age:.0f} s ago"


def _program_missing(found: re.Match[str], folder: str) -> str:
    del folder
    name, failed = found[1] or found[2], _filter_of(found.string)
    program = f"the filter program {name}" if failed else f"the filter or merge program {name}"
    consequence = f", so the filter {failed} failed" if failed else ""
    return f"{program} was not found{consequence}. Install it, then run this again."


def _filter_failed(found: re.Match[str], folder: str) -> str:
    del folder
    name = _filter_of(found.string)
    advice = "Install git-lfs" if name == "lfs" else "Correct it in git's configuration"
    return f"the filter {name} failed. {advice}, then run this again."


def _filter_of(text: str) -> str | None:
    """The filter that failed; git names it in one line, and its program in another, which may come alone."""
    found = _FILTER.search(text) or _PROGRAM.search(text)
    return found[1] if found else None


def _always(sentence: str) -> Callable[[re.Match[str], str], str]:
    def say(found: re.Match[str], folder: str) -> str:
        del found, folder
        return sentence

    return say


def _denied(found: re.Match[str], folder: str) -> str:
    del folder
    line = next(line for line in found.string.splitlines() if found[0] in line).strip()
    reason = line.removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
    return f"{reason}. Give yourself access to it, then run this again."


def _overlooked(found: re.Match[str], folder: str) -> str:
    del folder
    command = f"git update-index --no-assume-unchanged --no-skip-worktree -- {shlex.quote(found[1])}"
    return (
        f"{found[1]} has changes, which git may be set to overlook ({command}). Commit or stash them there."
    )


_UNFINISHED = _always("an earlier merge is unfinished. Resolve or abort it first.")
_DAMAGED = _always("the repository is damaged. Run git fsck there, and repair it or clone it again.")
_LACKING = _always(
    "the repository lacks objects of its partial clone, and fetching them could start a program that the repository "
    "names. If you trust it, run git fetch --refetch --no-filter there, then run this again."
)
_RULES: Mapping[str, Callable[[re.Match[str], str], str]] = {
    **{pattern: _always(sentence) for pattern, (_, sentence) in _OF_DISK.items()},
    _OWNER.pattern: _of_another_user,
    _LOCK.pattern: _locked,
    "lazy fetching disabled|transport '.*' not allowed": _LACKING,
    _MISSING.pattern: _program_missing,
    f"{_FILTER.pattern}|{_PROGRAM.pattern}": _filter_failed,
    "not a git repository|invalid gitfile format|not a valid repository": _always(
        "this is not a git repository. Correct paths.repo_root, or run git init there."
    ),
    "Expected git repo version|unknown repository extension": _always(
        "the repository needs a newer git. Install one."
    ),
    "would be overwritten": _always(
        "files with uncommitted changes would be overwritten. Commit them first."
    ),
    r"Entry '(.+)' not uptodate": _overlooked,
    "you need to resolve your current index first|unmerged files|MERGE_HEAD exists": _UNFINISHED,
    "must be run in a work tree": _always(
        "core.bare is set there, so git compares nothing. Run git config core.bare false there."
    ),
    "corrupt patch": _always("the patch is damaged; make it again with git diff."),
    "No valid patches in input": _always("the patch is empty or no patch at all."),
    "Permission denied": _denied,
    "index file (corrupt|smaller)|bad (index file|signature)|unsupported index|index uses .* extension"
    "|unable to read tree|object file .* is empty|loose object .* is corrupt|inflate:|broken ref": _DAMAGED,
}
