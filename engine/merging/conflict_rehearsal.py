"""Rehearse with git which unmerged branches of a repository would conflict, with one another and with their targets.

What is compared of a workstream is what git has recorded of it: the tip of its branch, or its newest snapshot where
that is the tip with what was uncommitted. A rehearsal touches no file, index or ref, and what it writes goes to a
folder of its own that is deleted. Knows no database.
"""

import logging
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from pathlib import Path

from engine.errors import GitError
from engine.git_step.calls import GitCalls, StepError
from engine.git_step.merging import TreeMerge, merge_trees
from engine.merging.branch_refs import HEADS, Ref, RefTimes, recorded_commit, ref_files, refs_of, times_of
from engine.merging.candidate import sides_from
from engine.merging.changed_paths import BranchChanges, Span, changes_of, may_conflict
from engine.merging.merge_calls import calls_in
from engine.system.merged_part import merged_already
from state.worktree_records import PredictedConflict, UnmergedBranch, Worktree

log = logging.getLogger(__name__)

ConflictKey = tuple[str, str, str, str]
_MOST_COUNTED = 500
"""In so many files the conflicts are counted; a command line has no room for all names of a large conflict."""


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

    of: UnmergedBranch
    commit: str
    changes: BranchChanges | None

    @property
    def tree(self) -> Worktree:
        return self.of.worktree

    def part_in(self, commit: str) -> str:
        """What another side has of it already where no history shows it."""
        repo, base = Path(self.tree.repo), self.tree.base_commit or ""
        return merged_already(repo, self.of.merged, base, self.of.needed, head=self.commit, onto=commit)


@dataclass
class _Pass:
    """What one pass over all repositories has found so far."""

    known: Mapping[ConflictKey, PredictedConflict]
    results: dict[ConflictKey, PredictedConflict | None] = field(default_factory=dict)
    spans: set[Span] = field(default_factory=set)
    unread: set[tuple[str, str]] = field(default_factory=set)
    ref_times: dict[Path, tuple[int, int] | None] = field(default_factory=dict)


class ConflictRehearsal:
    """Rehearses pairs of branches, one git process at a time, and remembers those that it need not rehearse again.

    Every call comes from one thread. `stop` says whether the engine stops.
    """

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop
        self._clean: dict[ConflictKey, tuple[str, str]] = {}
        self._changes: dict[Span, BranchChanges] = {}
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
        self._changes = {span: changes for span, changes in self._changes.items() if span in work.spans}
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
        work.ref_times |= times_of(ref_files(common, branches))
        refs = refs_of(git, branches)
        sides = self._sides(git, refs, work, of=branches)
        with tempfile.TemporaryDirectory(prefix="signalbox-rehearsal-") as scratch:
            apart = git.with_variables(_objects_in(scratch, common / "objects"))
            for one, other in combinations(sides, 2):
                needed = may_conflict(one.changes, other.changes)
                self._rehearse_pair(
                    apart, _pair(one, other), work, needed=needed, start=partial(_start, one, other)
                )
            for side in sides:
                self._rehearse_target(apart, side, refs, work)

    def _sides(
        self, git: GitCalls, refs: Mapping[str, Ref], work: _Pass, *, of: Iterable[UnmergedBranch]
    ) -> Sequence[_Side]:
        """The branches that exist and have something on them, by run and workstream, with what they change."""
        found = [(each, commit) for each in of if (commit := recorded_commit(each, refs))]
        spans = [(each.worktree.base_commit or "", commit) for each, commit in found]
        work.spans.update(spans)
        self._changes |= self._new_changes(git, [span for span in spans if span not in self._changes])
        sides = [
            _Side(each, span[1], self._changes.get(span))
            for (each, _), span in zip(found, spans, strict=True)
        ]
        return sorted(sides, key=lambda side: side.tree.key)

    def _new_changes(self, git: GitCalls, spans: Sequence[Span]) -> Mapping[Span, BranchChanges]:
        self._refuse_stopped()
        try:
            return changes_of(git, spans)
        except StepError as error:
            log.info("What some branches change is not known, so they are all rehearsed: %s", error)
            return {}

    def _rehearse_target(self, git: GitCalls, side: _Side, refs: Mapping[str, Ref], work: _Pass) -> None:
        target = refs.get(HEADS + side.tree.target) if side.tree.target else None
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
        needed = has_moved or side.changes is None
        self._rehearse_pair(git, pair, work, needed=needed, start=partial(side.part_in, target.commit))

    def _rehearse_pair(
        self, git: GitCalls, pair: PredictedConflict, work: _Pass, *, needed: bool, start: Callable[[], str]
    ) -> None:
        """`start` says where the merge begins, if not at what both histories share."""
        known, commits = work.known.get(pair.key), (pair.commit, pair.other_commit)
        if not needed or self._clean.get(pair.key) == commits:
            work.results[pair.key] = None
        elif known is not None and (known.commit, known.other_commit) == commits:
            work.results[pair.key] = known
        else:
            self._refuse_stopped()
            work.results[pair.key] = found = _merged(git, pair, start())
            if found is None:
                self._clean[pair.key] = commits

    def _refuse_stopped(self) -> None:
        if self._stop():
            raise RehearsalStoppedError


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


def _start(one: _Side, other: _Side) -> str:
    return one.part_in(other.commit) or other.part_in(one.commit)


def _merged(git: GitCalls, pair: PredictedConflict, start: str) -> PredictedConflict | None:
    """The pair with its conflict; None where it merges, or where git cannot say."""
    try:
        sides = sides_from(git, start, (pair.commit, pair.other_commit))
        merged = merge_trees(git, *sides, name=pair.other_branch)
    except StepError as error:
        log.info("Whether %s and %s conflict is not known: %s", pair.ws_id, pair.other_branch, error)
        return None
    if not merged.conflicts:
        return None
    files = dict.fromkeys(_path(name, sides) for name in merged.conflicts)
    return replace(pair, files=tuple(files), places=_places(git, merged, sides[0]))


def _path(name: str, sides: tuple[str, str]) -> str:
    """The path as people know it: where a folder takes the place of a file, git names the file after its side."""
    for commit in sides:
        name = re.sub(rf"~{commit}(_\d+)?$", "", name)
    return name.encode(errors="surrogateescape").decode(errors="replace")


def _places(git: GitCalls, merged: TreeMerge, ours: str) -> int:
    """How many conflicts are marked in the lines of the merged files."""
    found = git.run(
        *("grep", "--no-color", "--no-textconv", "--no-recurse-submodules", "-G", "-h", "-c"),
        *("-e", f"^<<<<<<< {ours}", merged.tree, "--"),
        *(f":(top,literal){name}" for name in merged.conflicts[:_MOST_COUNTED]),
    )
    return sum(int(line) for line in found.stdout.split() if line.isdigit())


def _objects_in(scratch: str, objects: Path) -> Mapping[str, str]:
    """Let git write objects into a folder of their own, and read those of the repository too."""
    quoted = str(objects).replace("\\", "\\\\").replace('"', '\\"')
    return {"GIT_OBJECT_DIRECTORY": scratch, "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"'}
