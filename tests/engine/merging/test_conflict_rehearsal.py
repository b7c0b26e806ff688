"""Which unmerged branches conflict is what git says of real repositories, and a rehearsal leaves nothing in them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from engine.merging.conflict_rehearsal import ConflictRehearsal, Rehearsal, RehearsalStoppedError
from state.worktree_records import Merge, MergeState, PredictedConflict, UnmergedBranch
from tests.helpers.attempts import git_caller
from tests.helpers.branches import Branches, line_of, new_file, renamed
from tests.helpers.counted_git import count_git
from tests.helpers.small_repository import small_repository


@pytest.fixture
def branches(tmp_path: Path) -> Branches:
    return Branches(tmp_path / 'a shop: "tills"')


@pytest.fixture
def merges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many merges git has rehearsed so far."""
    counted = count_git(tmp_path / "counted", monkeypatch)
    return lambda: sum("merge-tree" in words for words in counted.calls())


def rehearsed(branches: Branches, *known: PredictedConflict) -> Rehearsal:
    return ConflictRehearsal(lambda: False).rehearse(list(branches.made.values()), known)


def conflicts(branches: Branches) -> dict[tuple[str, str], tuple[str, ...]]:
    """The files of each conflict, by the names of both sides."""
    found = rehearsed(branches).found
    return {(one.ws_id, one.rival_of(one.first)): tuple(one.files) for one in found}


def test_two_branches_that_change_the_same_line_conflict_in_that_file(branches: Branches) -> None:
    branches.branch("cart-totals", line_of("totals.py", 3, "cents"))
    branches.branch("price-rules", line_of("totals.py", 3, "euros"))
    branches.branch("docs", line_of("Readme", 3, "how"))
    (found,) = rehearsed(branches).found
    assert (found.ws_id, found.other_ws_id, found.files) == ("cart-totals", "price-rules", ("totals.py",))
    assert found.places == 1
    assert found.commit == branches.git("rev-parse", "signalbox/r1/cart-totals")
    assert found.other_commit == branches.git("rev-parse", "signalbox/r1/price-rules")


def test_work_after_a_squash_conflicts_only_where_the_target_has_gone_on(branches: Branches) -> None:
    made = branches.branch("a", line_of("totals.py", 3, "cents"), target="main")
    head = branches.git("rev-parse", "signalbox/r1/a")
    squashed = branches.more("main", line_of("totals.py", 3, "cents"))
    merged = Merge(
        id=1, run_id="r1", ws_id="a", repo=str(branches.repo), target="main", state=MergeState.MERGED, head=head,
        result=squashed,
    )  # fmt: skip
    branches.made["a"] = replace(made, merged=merged)
    branches.more("signalbox/r1/a", line_of("totals.py", 3, "euros"))
    assert conflicts(branches) == {}
    branches.more("main", line_of("totals.py", 3, "pounds"))
    (found,) = rehearsed(branches).found
    assert (found.files, found.places) == (("totals.py",), 1)


def test_places_are_the_conflicts_in_the_lines(branches: Branches) -> None:
    def both(text: str) -> Callable[[Path], None]:
        def edit(repo: Path) -> None:
            line_of("totals.py", 1, text)(repo)
            line_of("totals.py", 15, text)(repo)
            line_of("rules.py", 5, text)(repo)

        return edit

    branches.branch("a", both("one"))
    branches.branch("b", both("two"))
    (found,) = rehearsed(branches).found
    assert (found.files, found.places) == (("rules.py", "totals.py"), 3)


def test_the_same_edit_twice_and_edits_far_apart_do_not_conflict(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "same"))
    branches.branch("b", line_of("totals.py", 3, "same"))
    branches.branch("c", line_of("totals.py", 15, "far away"))
    assert conflicts(branches) == {}


def test_a_rename_takes_the_edit_of_the_other_branch_with_it(branches: Branches) -> None:
    branches.branch("a", renamed("totals.py", "sums.py"))
    branches.branch("b", line_of("totals.py", 3, "edited"))
    assert conflicts(branches) == {}


def test_a_file_renamed_to_two_names_conflicts(branches: Branches) -> None:
    branches.branch("a", renamed("totals.py", "sums.py"))
    branches.branch("b", renamed("totals.py", "amounts.py"))
    (files,) = conflicts(branches).values()
    assert {"sums.py", "amounts.py"} <= set(files)


def test_a_deletion_conflicts_with_an_edit(branches: Branches) -> None:
    branches.branch("a", lambda repo: (repo / "totals.py").unlink())
    branches.branch("b", line_of("totals.py", 3, "edited"))
    assert conflicts(branches) == {("a", "b"): ("totals.py",)}
    assert rehearsed(branches).found[0].places == 0


def test_a_file_in_a_folder_that_the_other_branch_renames_conflicts_although_no_path_is_the_same(
    branches: Branches,
) -> None:
    branches.branch("a", renamed("src", "lib"))
    branches.branch("b", new_file("src/tokens.py"))
    assert conflicts(branches) == {("a", "b"): ("lib/tokens.py",)}


def test_a_file_where_the_other_branch_has_a_folder_conflicts_under_its_own_name(branches: Branches) -> None:
    branches.branch("a", new_file("tools"))
    branches.branch("b", new_file("tools/build.py"))
    assert conflicts(branches) == {("a", "b"): ("tools",)}


def test_a_rename_of_case_alone_does_not_conflict_with_an_edit(branches: Branches) -> None:
    branches.branch("a", renamed("Readme", "README"))
    branches.branch("b", line_of("Readme", 3, "edited"))
    assert conflicts(branches) == {}


def test_two_edits_of_a_binary_file_conflict(branches: Branches) -> None:
    branches.branch("a", lambda repo: (repo / "logo.bin").write_bytes(b"\0one"))
    branches.branch("b", lambda repo: (repo / "logo.bin").write_bytes(b"\0two"))
    assert conflicts(branches) == {("a", "b"): ("logo.bin",)}


def test_a_submodule_moved_to_two_commits_conflicts(branches: Branches, tmp_path: Path) -> None:
    inner = git_caller(small_repository(tmp_path / "inner"))
    first = inner("rev-parse", "HEAD")
    tips = [inner("commit-tree", "HEAD^{tree}", "-p", first, "-m", text) for text in ("one", "two")]
    branches.git("update-index", "--add", "--cacheinfo", f"160000,{first},inner")
    branches.git("commit", "-qm", "a submodule")
    branches.base = branches.git("rev-parse", "HEAD")
    for ws_id, tip in zip("ab", tips, strict=True):
        name = f"signalbox/r1/{ws_id}"
        branches.branch(ws_id, new_file(f"{ws_id}.txt"))
        branches.git("switch", "-q", name)
        branches.git("update-index", "--add", "--cacheinfo", f"160000,{tip},inner")
        branches.git("commit", "-q", "--amend", "-m", ws_id)
        branches.git("switch", "-qf", "main")
    assert conflicts(branches) == {("a", "b"): ("inner",)}


def test_a_path_of_any_characters_is_named(branches: Branches) -> None:
    name = 'src/ä b"c\td.py'
    branches.branch("a", new_file(name, "one\n"))
    branches.branch("b", new_file(name, "two\n"))
    assert conflicts(branches) == {("a", "b"): (name,)}


def test_a_branch_conflicts_with_its_target_once_that_has_moved(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"), target="main")
    assert conflicts(branches) == {}
    branches.more("main", line_of("totals.py", 3, "theirs"))
    (found,) = rehearsed(branches).found
    assert (found.second, found.other_branch, found.files) == (None, "main", ("totals.py",))
    assert found.rival_of(found.first) == "main"


def test_branches_of_different_bases_are_compared_by_what_they_have_in_common(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.base = branches.more("main", line_of("rules.py", 3, "meanwhile"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    branches.branch("c", line_of("Readme", 3, "other"))
    assert conflicts(branches) == {("a", "b"): ("totals.py",)}


def test_a_snapshot_with_uncommitted_work_counts_while_it_is_newer_than_the_branch(
    branches: Branches,
) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", new_file("b.txt"))
    tip = branches.git("rev-parse", "signalbox/r1/b")
    branches.git("switch", "-q", "--detach", tip)
    line_of("totals.py", 3, "uncommitted")(branches.repo)
    branches.git("add", "-A")
    snapshot = branches.git("commit-tree", branches.git("write-tree"), "-p", tip, "-m", "Snapshot 1")
    branches.git("update-ref", "refs/signalbox/r1/b/1", snapshot)
    branches.git("switch", "-qf", "main")
    assert conflicts(branches) == {}
    branches.made["b"] = replace(branches.made["b"], snapshot=1)
    assert conflicts(branches) == {("a", "b"): ("totals.py",)}
    branches.made["b"] = replace(branches.made["b"], is_finished=True)
    assert conflicts(branches) == {}
    branches.made["b"] = replace(branches.made["b"], is_finished=False)
    branches.more("signalbox/r1/b", new_file("later.txt"))
    assert conflicts(branches) == {}


def test_a_branch_that_is_gone_has_no_conflict_and_one_that_was_known_goes(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    (known,) = rehearsed(branches).found
    branches.git("branch", "-qD", "signalbox/r1/b")
    after = rehearsed(branches, known)
    assert (after.found, after.gone) == ([], [known.key])


def test_a_conflict_of_the_same_commits_is_not_rehearsed_again(
    branches: Branches, merges: Callable[[], int]
) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    branches.branch("c", line_of("totals.py", 15, "far away"))
    rehearsal = ConflictRehearsal(lambda: False)
    (known,) = rehearsal.rehearse(list(branches.made.values()), ()).found
    assert merges() == 3
    again = rehearsal.rehearse(list(branches.made.values()), [known])
    assert (again.found, again.gone, merges()) == ([], [], 3)
    branches.more("signalbox/r1/b", line_of("totals.py", 3, "line 3"))
    branches.more("signalbox/r1/b", line_of("totals.py", 10, "elsewhere"))
    after = rehearsal.rehearse(list(branches.made.values()), [known])
    assert (after.found, after.gone, merges()) == ([], [known.key], 5)


def test_pairs_that_change_other_files_need_no_merge(branches: Branches, merges: Callable[[], int]) -> None:
    for number in range(6):
        branches.branch(f"w{number}", new_file(f"folder{number}/file.py"))
    assert conflicts(branches) == {}
    assert merges() == 0


def edits() -> Iterator[Callable[[Path], object]]:
    yield line_of("totals.py", 3, "one")
    yield line_of("totals.py", 3, "two")
    yield new_file("tools")
    yield new_file("tools/build.py")
    yield new_file("src/tokens.py")
    yield new_file("src/deep/er.py")
    yield renamed("src", "lib")
    yield renamed("src/lexer.py", "src/scanner.py")
    yield renamed("totals.py", "src/totals.py")
    yield lambda repo: (repo / "rules.py").unlink()
    yield line_of("rules.py", 0, "first")
    yield new_file("lib/other.py")


def test_what_is_not_rehearsed_never_conflicts(branches: Branches) -> None:
    """Every two of these edits, once as the rehearsal decides and once as git says of all pairs."""
    for number, edit in enumerate(edits()):
        branches.branch(f"w{number:02}", edit)
    found = {(one.ws_id, one.other_ws_id) for one in rehearsed(branches).found}
    assert found == {pair for pair in combinations(branches.made, 2) if _conflict(branches, *pair)}
    assert len(found) > 5


def _conflict(branches: Branches, one: str, other: str) -> bool:
    try:
        branches.git("merge-tree", "--write-tree", f"signalbox/r1/{one}", f"signalbox/r1/{other}")
    except Exception as error:  # noqa: BLE001 - it exits with 1
        return "exit status 1" in str(error)
    return False


def test_a_rehearsal_leaves_nothing_in_the_repository(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    before = {file: file.stat().st_mtime_ns for file in branches.repo.rglob("*")}
    assert conflicts(branches)
    assert {file: file.stat().st_mtime_ns for file in branches.repo.rglob("*")} == before


def test_a_merge_program_of_the_repository_is_not_run(branches: Branches, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    branches.git("config", "merge.own.driver", f"touch {mark}; true")
    (branches.repo / ".git" / "info" / "attributes").write_text("*.py merge=own\n")
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    assert conflicts(branches)
    assert not mark.exists()


def test_two_working_trees_of_a_repository_are_the_same_repository(
    branches: Branches, tmp_path: Path
) -> None:
    branches.git("worktree", "add", "-q", "--detach", str(tmp_path / "second"))
    branches.branch("a", line_of("totals.py", 3, "ours"))
    there = branches.branch("b", line_of("totals.py", 3, "theirs"))
    branches.made["b"] = UnmergedBranch(replace(there.worktree, repo=str(tmp_path / "second")))
    assert conflicts(branches) == {("a", "b"): ("totals.py",)}


def test_a_repository_that_cannot_be_read_keeps_what_is_known_and_the_others_are_rehearsed(
    branches: Branches, tmp_path: Path
) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    (known,) = rehearsed(branches).found
    other = Branches(tmp_path / "other")
    other.branch("c", line_of("totals.py", 3, "ours"), run_id="r2")
    other.branch("d", line_of("totals.py", 3, "theirs"), run_id="r2")
    branches.repo.rename(tmp_path / "elsewhere")
    both = [*branches.made.values(), *other.made.values()]
    after = ConflictRehearsal(lambda: False).rehearse(both, [known])
    assert [one.key for one in after.found] == [("r2", "c", "r2", "d")]
    assert after.gone == []


def test_a_rehearsal_stops_with_the_engine(branches: Branches) -> None:
    branches.branch("a", line_of("totals.py", 3, "ours"))
    branches.branch("b", line_of("totals.py", 3, "theirs"))
    with pytest.raises(RehearsalStoppedError):
        ConflictRehearsal(lambda: True).rehearse(list(branches.made.values()), ())
