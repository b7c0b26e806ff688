"""A filter that only the repository names is neither run nor left out; a missing one of the user's is named."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.git_step.conftest import RunStep
from tests.helpers.attempts import git_caller

CallGit = Callable[..., str]
PATCH = "--- a/a.bin\n+++ b/a.bin\n@@ -1 +1 @@\n-one\n+two\n"


def everything(repo: Path) -> dict[str, Any]:
    git = git_caller(repo)
    return {
        "refs": git("for-each-ref"),
        "head": git("symbolic-ref", "HEAD"),
        "index": git("ls-files", "--stage"),
        "trees": git("worktree", "list", "--porcelain"),
        "files": {
            path: path.read_bytes() for path in repo.rglob("*") if path.is_file() and ".git" not in path.parts
        },
        "beside": sorted(path.name for path in repo.parent.iterdir() if path.name != "attempts"),
        "ours": sorted(path.name for path in (repo / ".git").rglob("*signalbox*")),
    }


@pytest.fixture
def filtered(repo: Path, call_git: CallGit, tmp_path: Path) -> Path:
    """Two branches whose files go through a filter that the repository names; the canary of the filter is returned."""
    canary = tmp_path / "canary"
    for content in ("zero", "one"):
        (repo / ".gitattributes").write_text("*.bin filter=big\n")
        (repo / "a.bin").write_text(f"{content}\n")
        call_git("add", "-A")
        call_git("commit", "-qm", content)
        call_git("branch", f"at-{content}")
    call_git("switch", "-q", "-c", "apart", "at-zero")
    (repo / "b.bin").write_text("b\n")
    call_git("add", "-A")
    call_git("commit", "-qm", "apart")
    call_git("switch", "-q", "main")
    for kind in ("clean", "smudge"):
        call_git("config", f"filter.big.{kind}", f"sh -c 'touch {canary}; cat'")
    call_git("config", "filter.big.required", "true")
    return canary


STEPS = {
    "commit": {"action": "commit", "message": "m"},
    "commit of the file": {"action": "commit", "message": "m", "files": ["a.bin"]},
    "apply": {"action": "apply", "patch": PATCH.replace("one", "edited")},
    "apply three-way": {"action": "apply", "patch": PATCH, "three_way": True},
    "branch elsewhere": {"action": "branch", "name": "old", "start": "apart"},
    "worktree": {"action": "worktree", "path": "../tree", "branch": "side"},
    "merge": {"action": "merge", "branch": "apart"},
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a18_a_step_that_needs_a_filter_of_the_repository_is_refused_and_leaves_all_as_it_was(
    repo: Path, filtered: Path, run_step: RunStep, step: dict[str, Any]
) -> None:
    if step["action"] in {"commit", "apply"}:
        (repo / "a.bin").write_text("edited\n")
    before = everything(repo)
    filtered.unlink(missing_ok=True)
    result = run_step(**step)
    assert not result.success
    assert (
        ".bin goes through the filter 'big', which only the configuration of the repository names"
        in (result.metadata["summary"])
    )
    assert "git config --global filter.big.clean" in result.metadata["summary"]
    assert not filtered.exists()
    assert everything(repo) == before


def test_a18_steps_that_touch_no_filtered_file_are_done(
    repo: Path, filtered: Path, run_step: RunStep
) -> None:
    filtered.unlink(missing_ok=True)
    (repo / "hello.py").write_text("edited\n")
    assert run_step("branch", name="here").success
    assert run_step("diff").success
    assert run_step("commit", message="m", files=["hello.py"]).success
    assert not filtered.exists()


def configure_user(monkeypatch: pytest.MonkeyPatch, file: Path, config: str) -> None:
    file.write_text(config)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))


LFS = """[filter "lfs"]
\tclean = {0} clean -- %f
\tsmudge = {0} smudge -- %f
\tprocess = {0} filter-process
\trequired = true
"""


def test_a18_a_working_tree_without_git_lfs_names_it_and_its_retry_succeeds(
    repo: Path, call_git: CallGit, run_step: RunStep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo / ".gitattributes").write_text("*.bin filter=lfs\n")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 3\n"
    (repo / "a.bin").write_text(pointer)
    call_git("add", "-A")
    call_git("commit", "-qm", "with a pointer")
    config = tmp_path / "gitconfig"
    configure_user(monkeypatch, config, LFS.format("git-lfs-that-is-missing"))
    before = everything(repo)
    failed = run_step("worktree", path="../tree", branch="side")
    # Whether git names the filter too depends on when it notices that the program is gone.
    assert re.search(
        r"program git-lfs-that-is-missing was not found.*\. Install it", failed.metadata["summary"]
    )
    assert everything(repo) == before
    config.write_text('[filter "lfs"]\n\tclean = cat\n\tsmudge = cat\n')
    assert run_step("worktree", path="../tree", branch="side").success
    assert (tmp_path / "tree" / "a.bin").read_text() == pointer


@pytest.mark.skipif(shutil.which("git-lfs") is None, reason="git-lfs is not on PATH")
def test_a18_git_lfs_of_the_repository_is_refused_and_that_of_the_user_stores_a_pointer(
    repo: Path, call_git: CallGit, run_step: RunStep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_git("lfs", "install", "--local")
    (repo / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    (repo / "a.bin").write_text("raw\n")
    refused = run_step("commit", message="m")
    assert "a.bin goes through the filter 'lfs'" in refused.metadata["summary"]
    assert "git lfs install" in refused.metadata["summary"]
    assert call_git("log", "--format=%s") == "first"
    configure_user(monkeypatch, tmp_path / "gitconfig", LFS.format("git-lfs"))
    assert run_step("commit", message="m").success
    assert call_git("cat-file", "-p", "HEAD:a.bin").startswith("version https://git-lfs.github.com/spec/v1")
