"""Which of 30 unmerged branches conflict, beside rehearsing each of their 435 pairs."""

import statistics
import time
from itertools import combinations
from pathlib import Path

from engine.git_step.merging import merge_trees
from engine.merging.conflict_rehearsal import ConflictRehearsal
from engine.merging.merge_calls import calls_in
from tests.benchmarks.figures import Figure, Figures
from tests.helpers.branches import TWENTY_LINES, Branches, line_of

BRANCHES, FILES, EDITS, REPEATS = 30, 2_000, 6, 3


def shop(root: Path) -> Branches:
    """A repository of 2,000 files, and 30 branches that change six of them; each third meets its neighbour in one."""
    made = Branches(root)
    for number in range(FILES):
        folder = root / f"part{number % 50}"
        folder.mkdir(exist_ok=True)
        (folder / f"file{number}.py").write_text(TWENTY_LINES)
    made.git("add", "-A")
    made.git("commit", "-qm", "many files")
    made.base = made.git("rev-parse", "HEAD")

    def name(number: int) -> str:
        return f"part{number % 50}/file{number}.py"

    for branch in range(BRANCHES):
        mine = [name(branch * EDITS + edit) for edit in range(EDITS)]
        met = [name((branch - 1) * EDITS)] if branch % 3 == 1 else []

        def edit(repo: Path, paths: tuple[str, ...] = (*mine, *met), text: str = f"branch {branch}") -> None:
            for path in paths:
                line_of(path, 3, text)(repo)

        made.branch(f"w{branch:02}", edit, target="main")
    return made


def test_thirty_branches_are_compared_in_a_fraction_of_the_time_of_all_pairs(
    tmp_path: Path, figures: Figures
) -> None:
    branches = shop(tmp_path / "shop")
    unmerged = list(branches.made.values())
    first, moved, naive = [], [], []
    for _ in range(REPEATS):
        rehearsal = ConflictRehearsal(lambda: False)
        begun = time.perf_counter()
        found = rehearsal.rehearse(unmerged, ()).found
        first.append(time.perf_counter() - begun)
        branches.more("signalbox/r1/w07", line_of("Readme", 3, str(begun)))
        begun = time.perf_counter()
        rehearsal.rehearse(unmerged, found)
        moved.append(time.perf_counter() - begun)
        git = calls_in(branches.repo)
        begun = time.perf_counter()
        pairs = [
            merge_trees(git, one.worktree.branch, other.worktree.branch, name=other.worktree.branch)
            for one, other in combinations(unmerged, 2)
        ]
        naive.append(time.perf_counter() - begun)
        assert len(found) == sum(bool(pair.conflicts) for pair in pairs) == BRANCHES // 3
    rival, against = "each pair through `git merge-tree`", statistics.median(naive) * 1000
    for what, took in (("all for the first time", first), ("after one has moved", moved)):
        ours = statistics.median(took) * 1000
        figures.add(
            Figure(
                what=f"conflicts of 30 branches, 435 pairs, {what}",
                ours=ours,
                rival=rival,
                theirs=against,
                unit="ms",
            )
        )
        assert ours < against
