"""Rehearse with git which unmerged branches of a repository would conflict, with one another and with their targets.

What is compared of a workstream is what git has recorded of it: the tip of its branch, or its newest snapshot where
that is the tip with what was uncommitted. A rehearsal touches no file, index or ref, and what it writes goes to a
folder of its own that is deleted. Knows no database.
"""

import logging
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from engine.errors import GitError
from engine.git_step.calls import GitCalls, StepError
from engine.git_step.merging import merge_trees
from engine.merging.changed_paths import BranchChanges, changes_since, may_conflict
from engine.merging.merge_calls import calls_in
from state.worktree_records import PredictedConflict, UnmergedBranch, Worktree

log = logging.getLogger(__name__)

ConflictKey = tuple[str, str, str, str]
_HEADS = "refs/heads/"
_FORMAT = "%(refname)%00%(objectname)%00%(parent)"
_ANYWHERE = ("packed-refs", "reftable/tables.list")
"""Where git may keep refs, besides one file for each."""


RefTimes = Mapping[Path, tuple[int, int] | None]
"""Inode and time of files, None for one that does not exist."""


class RehearsalStoppedError(Exception):
    """The engine stops; nothing of the rehearsal counts."""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a rehearsal came to: conflicts that are new or changed, and those that are gone.

    `ref_times` identifies the files of the refs as they were before they were read: another one means a move.
    """

    found: Sequence[PredictedConflict] = ()
    gone: Sequence[ConflictKey] = ()
    ref_times: RefTimes = field(default_factory=dict)


@dataclass(frozen=True)
class _Side:
    """One side of a pair: a branch, the commit that is compared, and what it changes (None: unknown)."""

    tree: Worktree
    commit: str
    changes: BranchChanges | None


@dataclass
class _Pass:
    """What one pass over all repositories has found so far."""

    known: Mapping[ConflictKey, PredictedConflict]
    results: dict[ConflictKey, PredictedConflict | None] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)
    ref_times: dict[Path, tuple[int, int] | None] = field(default_factory=dict)


class ConflictRehearsal:
    """Rehearses pairs of branches, one git process at a time, and remembers those that it need not rehearse again.

    Every call comes from one thread. `stop` says whether the engine stops.
    """

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._clean: dict[ConflictKey, tuple[str, str]] = {}
        self._changes: dict[tuple[str, str], BranchChanges | None] = {}
        self._commons: dict[str, Path] = {}

    def rehearse(self, branches: Sequence[UnmergedBranch], known: Sequence[PredictedConflict]) -> Rehearsal:
        """Rehearse every pair of which a side has moved since it was rehearsed; `known` are the stored conflicts.

        Raises:
            RehearsalStoppedError: the engine stops.
        """
        work = _Pass({conflict.key: conflict for conflict in known})
        for repository in self._by_repository(branches, work):
            try:
                self._rehearse_repository(repository, work)
            except (GitError, StepError, OSError) as error:
                log.info("Which branches of %s conflict is not known: %s", repository[0].worktree.repo, error)
                work.unread |= {each.worktree.key for each in repository}
        self._clean = {key: commits for key, commits in self._clean.items() if key in work.results}
        return Rehearsal(
            found=[
                one for key, one in work.results.items() if one is not None and one != work.known.get(key)
            ],
            gone=[key for key, one in work.known.items() if _is_gone(one, work)],
            ref_times=work.ref_times,
        )

    def _by_repository(
        self, branches: Iterable[UnmergedBranch], work: _Pass
    ) -> Sequence[Sequence[UnmergedBranch]]:
        """The branches of each repository, also where its working trees have different paths."""
        found: defaultdict[Path, list[UnmergedBranch]] = defaultdict(list)
        for each in branches:
            try:
                found[self._common_folder(each.worktree.repo)].append(each)
            except (GitError, StepError, OSError) as error:
                log.info("Which branches of %s conflict is not known: %s", each.worktree.repo, error)
                work.unread.add(each.worktree.key)
        return list(found.values())

    def _common_folder(self, repo: str) -> Path:
        if repo not in self._commons:
            git = calls_in(Path(repo))
            self._commons[repo] = Path(
                git.read("rev-parse", "--path-format=absolute", "--git-common-dir")
            ).resolve()
        return self._commons[repo]

    def _rehearse_repository(self, branches: Sequence[UnmergedBranch], work: _Pass) -> None:
        repo = branches[0].worktree.repo
        git, common = calls_in(Path(repo)), self._commons[repo]
        work.ref_times |= times_of(common / name for name in (*_ANYWHERE, *_names(branches)))
        refs = _refs_of(git, branches)
        sides = [side for each in branches if (side := self._side(git, each, refs)) is not None]
        sides.sort(key=lambda side: side.tree.key)
        with tempfile.TemporaryDirectory(prefix="signalbox-rehearsal-") as scratch:
            apart = git.with_variables(_objects_in(scratch, common / "objects"))
            for one, other in combinations(sides, 2):
                needed = may_conflict(one.changes, other.changes)
                self._rehearse_pair(apart, _pair(one, other), work, needed=needed)
            for side in sides:
                self._rehearse_target(apart, side, refs, work)

    def _side(self, git: GitCalls, of: UnmergedBranch, refs: Mapping[str, "_Ref"]) -> _Side | None:
        """The recorded state of a branch; None where it does not exist, or nothing is on it yet."""
        tip = refs.get(_HEADS + of.worktree.branch)
        if tip is None:
            return None
        snapshot = refs.get(_snapshot_ref(of)) if of.worktree.head is None else None
        is_newer = snapshot is not None and tip.commit in snapshot.parents
        commit = snapshot.commit if is_newer and snapshot is not None else tip.commit
        base = of.worktree.base_commit or ""
        return None if commit == base else _Side(of.worktree, commit, self._changes_of(git, base, commit))

    def _changes_of(self, git: GitCalls, base: str, commit: str) -> BranchChanges | None:
        if (base, commit) not in self._changes:
            self._refuse_stopped()
            try:
                self._changes[base, commit] = changes_since(git, base, commit)
            except StepError:
                self._changes[base, commit] = None
        return self._changes[base, commit]

    def _rehearse_target(self, git: GitCalls, side: _Side, refs: Mapping[str, "_Ref"], work: _Pass) -> None:
        target = refs.get(_HEADS + side.tree.target) if side.tree.target else None
        if target is None or side.tree.target is None:
            return
        run_id, ws_id = side.tree.key
        pair = PredictedConflict(
            run_id=run_id,
            ws_id=ws_id,
            other_branch=side.tree.target,
            commit=side.commit,
            other_commit=target.commit,
        )
        has_moved = target.commit != side.tree.base_commit
        self._rehearse_pair(git, pair, work, needed=has_moved or side.changes is None)

    def _rehearse_pair(self, git: GitCalls, pair: PredictedConflict, work: _Pass, *, needed: bool) -> None:
        known, commits = work.known.get(pair.key), (pair.commit, pair.other_commit)
        if not needed or self._clean.get(pair.key) == commits:
            work.results[pair.key] = None
        elif known is not None and (known.commit, known.other_commit) == commits:
            work.results[pair.key] = known
        else:
            self._refuse_stopped()
            work.results[pair.key] = found = _merged(git, pair)
            if found is None:
                self._clean[pair.key] = commits

    def _refuse_stopped(self) -> None:
        if self._stop():
            raise RehearsalStoppedError


def times_of(files: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """The files as they are now; takes microseconds for each."""
    return {file: _time_of(file) for file in files}


def _time_of(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns)


@dataclass(frozen=True)
class _Ref:
    commit: str
    parents: Sequence[str]


def _is_gone(conflict: PredictedConflict, work: _Pass) -> bool:
    if work.unread.intersection(conflict.workstreams):
        return False  # the repository cannot be read at this moment
    return work.results.get(conflict.key) is None


def _pair(one: _Side, other: _Side) -> PredictedConflict:
    (run_id, ws_id), (other_run_id, other_ws_id) = one.tree.key, other.tree.key
    return PredictedConflict(
        run_id=run_id,
        ws_id=ws_id,
        other_run_id=other_run_id,
        other_ws_id=other_ws_id,
        other_branch=other.tree.branch,
        commit=one.commit,
        other_commit=other.commit,
    )


def _merged(git: GitCalls, pair: PredictedConflict) -> PredictedConflict | None:
    """The pair with its conflict; None where it merges, or where git cannot say."""
    try:
        merged = merge_trees(git, pair.commit, pair.other_commit, name=pair.other_branch)
    except StepError as error:
        log.info("Whether %s and %s conflict is not known: %s", pair.ws_id, pair.other_branch, error)
        return None
    if not merged.conflicts:
        return None
    files = dict.fromkeys(_path(name, pair) for name in merged.conflicts)
    return replace(pair, files=tuple(files), places=_places(git, merged.tree, pair.commit))


def _path(name: str, pair: PredictedConflict) -> str:
    """The path as people know it: where a folder takes the place of a file, git names the file after its side."""
    for commit in (pair.commit, pair.other_commit):
        name = re.sub(rf"~{commit}(_\d+)?$", "", name)
    return name.encode(errors="surrogateescape").decode(errors="replace")


def _places(git: GitCalls, tree: str, ours: str) -> int:
    """How many conflicts are marked in the lines of the merged tree."""
    found = git.run(
        *("grep", "--no-color", "--no-textconv", "--no-recurse-submodules", "-G", "-h", "-c"),
        *("-e", f"^<<<<<<< {ours}", tree),
    )
    return sum(int(line) for line in found.stdout.split() if line.isdigit())


def _refs_of(git: GitCalls, branches: Sequence[UnmergedBranch]) -> Mapping[str, _Ref]:
    """The branches, their targets and their newest snapshots, in one call."""
    names = [*_names(branches), *(_snapshot_ref(each) for each in branches if each.snapshot)]
    listed = git.read("for-each-ref", f"--format={_FORMAT}", *dict.fromkeys(names))
    found = {}
    for line in listed.splitlines():
        name, commit, parents = line.split("\0")
        found[name] = _Ref(commit, parents.split())
    return found


def _names(branches: Iterable[UnmergedBranch]) -> Iterator[str]:
    for each in branches:
        yield _HEADS + each.worktree.branch
        if each.worktree.target:
            yield _HEADS + each.worktree.target


def _snapshot_ref(of: UnmergedBranch) -> str:
    run_id, ws_id = of.worktree.key
    return f"refs/signalbox/{run_id}/{ws_id}/{of.snapshot}"


def _objects_in(scratch: str, objects: Path) -> Mapping[str, str]:
    """Let git write objects into a folder of their own, and read those of the repository too."""
    quoted = str(objects).replace("\\", "\\\\").replace('"', '\\"')
    return {"GIT_OBJECT_DIRECTORY": scratch, "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"'}
