"""A job names the user's folders, and gets the same places in the worktree of its workstream."""

from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.placing import is_in_tree, placed, repository_of, with_copies_in
from engine.jobfile.spec import JobSpec
from state.worktree_records import Worktree


@pytest.fixture
def tree(tmp_path: Path) -> Worktree:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "api").mkdir()
    repo, place = str(tmp_path / "repo"), str(tmp_path / "worktrees" / "r" / "w")
    return Worktree(run_id="r", ws_id="w", repo=repo, path=place, branch="b")


def job(tree: Worktree, **paths: Any) -> JobSpec:
    fields = {"job_id": "j", "tool": "claude", "prompt": "x", "paths": {"repo_root": tree.repo, **paths}}
    return JobSpec.model_validate(fields)


def test_its_folders_are_the_same_places_in_the_worktree(tree: Worktree) -> None:
    found = placed(job(tree, working_dir="api"), tree)
    assert (found.repo_root, found.working_dir) == (Path(tree.path), Path(tree.path) / "api")


def test_a_repository_that_is_reached_by_a_link_is_the_same(tree: Worktree, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tree.repo)
    spec = job(tree, repo_root=str(tmp_path / "link" / "api"))
    assert is_in_tree(spec, tree)
    assert repository_of(spec) == Path(tree.repo)
    assert placed(spec, tree).working_dir == Path(tree.path) / "api"


def test_a_job_outside_or_in_a_repository_that_is_nested_is_not_in_the_tree(
    tree: Worktree, tmp_path: Path
) -> None:
    nested = Path(tree.repo) / "vendor"
    (nested / ".git").mkdir(parents=True)
    assert not is_in_tree(job(tree, repo_root=str(nested)), tree)
    assert not is_in_tree(job(tree, repo_root=str(tmp_path)), tree)
    assert not is_in_tree(job(tree, repo_root=str(Path(tree.repo) / ".git")), tree)
    assert repository_of(job(tree, repo_root=str(tmp_path))) is None


def test_copies_that_are_requested_in_the_repository_are_no_part_of_the_work(
    tree: Worktree, tmp_path: Path
) -> None:
    inside = str(Path(tree.repo) / "out" / "j.json")
    spec = with_copies_in(tmp_path / "logs", job(tree, log_file="api/j.log", error_report=inside), tree)
    assert spec.paths.log_file == str(tmp_path / "logs" / "api" / "j.log")
    assert spec.paths.error_report == str(tmp_path / "logs" / "out" / "j.json")


def test_copies_outside_of_the_repository_stay_where_they_are(tree: Worktree, tmp_path: Path) -> None:
    given = str(tmp_path / "elsewhere" / "j.log")
    spec = with_copies_in(tmp_path / "logs", job(tree, log_file=given, error_report="../j.json"), tree)
    assert (spec.paths.log_file, spec.paths.error_report) == (given, "../j.json")
