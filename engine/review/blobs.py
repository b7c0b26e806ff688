"""Read sizes and contents of blobs, many in one call of git. Writes nothing; a blob that is missing is left out."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.system.git import git
from state.records import NOTHING


def sizes(repo: Path, ids: Iterable[str], *, env: Mapping[str, str] = NOTHING) -> Mapping[str, int]:
    """How many bytes each of these blobs has.

    Raises:
        GitError: the repository cannot be read.
    """
    given = _listed(ids)
    if not given:
        return {}
    answers = git(["cat-file", "--batch-check=%(objectname) %(objectsize)"], repo, env=env, stdin=given)
    fields = [line.split() for line in answers.decode().splitlines()]
    return {words[0]: int(words[1]) for words in fields if words[1].isdigit()}


def contents(repo: Path, ids: Iterable[str], *, env: Mapping[str, str] = NOTHING) -> Mapping[str, bytes]:
    """What is in each of these blobs; ask for `sizes` first, all of it comes at once.

    Raises:
        GitError: the repository cannot be read.
    """
    given = _listed(ids)
    if not given:
        return {}
    data, found, at = git(["cat-file", "--batch"], repo, env=env, stdin=given), {}, 0
    while at < len(data):
        end = data.index(b"\n", at)
        words = data[at:end].decode().split()
        at = end + 1
        if words[-1].isdigit():
            size = int(words[-1])
            found[words[0]] = data[at : at + size]
            at += size + 1
    return found


def content(repo: Path, blob: str) -> bytes:
    """What is in this blob; nothing where there is none.

    Raises:
        GitError: the repository cannot be read.
    """
    return contents(repo, [blob]).get(blob, b"")


def _listed(ids: Iterable[str]) -> bytes:
    return "".join(f"{each}\n" for each in dict.fromkeys(ids) if each).encode()
