"""Say which branches cannot conflict because of the paths they change, so that most pairs need no git process.

Errs on the side of a rehearsal: of two branches for which this says no, git merges any versions without a conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.git_step.calls import NO_PROGRAMS, GitCalls

_MOST_COMMITS = 5_000
"""A branch with older commits than so many is always rehearsed."""

Span = tuple[str, str]
"""The commit that a branch starts from, and the one that it has come to."""


@dataclass(frozen=True)
class BranchChanges:
    """The paths that a branch changes since the commit it starts from, with all folders above them."""

    base: str
    paths: frozenset[str]
    folders: frozenset[str]
    has_added: bool
    has_removed: bool


def changes_of(git: GitCalls, spans: Sequence[Span]) -> Mapping[Span, BranchChanges]:
    """What branches change, read by two processes for all of them.

    One is left out where its commits are not one line, so that paths alone prove nothing.

    Raises:
        StepError: a commit is not there.
    """
    if not spans:
        return {}
    parents = _parents(git, spans)
    lines = [span for span in spans if _is_one_line(parents, span)]
    given = "".join(f"{tip} {base}\n" for base, tip in lines)
    options = ("--stdin", "--always", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", *NO_PROGRAMS)
    compared = git.run("diff-tree", *options, given=given)
    git.check(compared, "diff-tree")
    return {
        span: _changes(span[0], found) for span, found in zip(lines, _compared(compared.stdout), strict=True)
    }


def may_conflict(one: BranchChanges | None, other: BranchChanges | None) -> bool:
    """Whether two branches have to be rehearsed; None stands for changes that are not known.

    Paths that both change may conflict, and a path of one that is a folder of the other. Where one removes and the
    other adds, a folder may have been renamed, into which git then moves what was added.
    """
    if one is None or other is None or one.base != other.base:
        return True
    if one.paths & other.paths or one.paths & other.folders or other.paths & one.folders:
        return True
    return (one.has_removed and other.has_added) or (other.has_removed and one.has_added)


def _parents(git: GitCalls, spans: Iterable[Span]) -> Mapping[str, Sequence[str]]:
    """The parents of the commits that are on the branches alone."""
    bases, tips = zip(*spans, strict=True)
    excluded = [f"^{base}" for base in dict.fromkeys(bases)]
    listed = git.read(
        "rev-list", "--parents", f"--max-count={_MOST_COMMITS}", *dict.fromkeys(tips), *excluded
    )
    found = (line.split() for line in listed.splitlines())
    return {commit: parents for commit, *parents in found}


def _is_one_line(parents: Mapping[str, Sequence[str]], span: Span) -> bool:
    base, commit = span
    while commit != base:
        found = parents.get(commit, ())
        if len(found) != 1:
            return False
        (commit,) = found
    return True


def _changes(base: str, found: Sequence[tuple[str, str]]) -> BranchChanges:
    paths = frozenset(path for _, path in found)
    return BranchChanges(
        base=base,
        paths=paths,
        folders=_folders_above(paths),
        has_added=any(letter == "A" for letter, _ in found),
        has_removed=any(letter == "D" for letter, _ in found),
    )


def _folders_above(paths: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return frozenset(found)


def _compared(output: bytes) -> Sequence[Sequence[tuple[str, str]]]:
    """Letter and path of each change, for each commit that was given: ``--stdin --raw -z`` names it before them."""
    found: list[list[tuple[str, str]]] = []
    fields = iter(output.decode(errors="surrogateescape").split("\0")[:-1])
    for each in fields:
        if each.startswith(":"):
            found[-1].append((each.rpartition(" ")[2][:1], next(fields)))
        else:
            found.append([])
    return found
