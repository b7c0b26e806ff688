"""The git steps, performed on real repositories, and the plain words for what goes wrong with them."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS
from engine.errors import SpawnError
from engine.jobfile.job_file_reader import job_from_mapping
from engine.types import JobResult
from tests.helpers.attempts import Attempts
from tests.helpers.patience import PATIENCE_S
from tests.helpers.racy_change import change_without_a_trace
from tests.helpers.small_repository import PATCH_OF_HELLO, commit_ours, commit_theirs

CallGit = Callable[..., str]


@pytest.fixture
def step(attempts: Attempts, repo: Path) -> Callable[..., JobResult]:
    def run(action: str, **more: Any) -> JobResult:
        paths = {"repo_root": str(more.pop("root", repo))}
        return attempts.run({"tool": "git", "git": {"action": action, **more}, "paths": paths})

    return run


Step = Callable[..., JobResult]


def told(result: JobResult) -> str:
    assert not result.success
    assert result.metadata["summary"] in result.stderr
    return str(result.metadata["summary"])


def test_a_branch_is_made_and_switched_to(step: Step, call_git: CallGit) -> None:
    assert step("branch", name="mend").metadata["summary"] == "On branch mend."
    assert call_git("branch", "--show-current") == "mend"
    assert step("branch", name="side", switch=False).success
    assert call_git("branch", "--show-current") == "mend"


def test_a_branch_already_at_that_commit_is_taken_and_one_elsewhere_refused(
    step: Step, call_git: CallGit
) -> None:
    call_git("branch", "mend")
    assert step("branch", name="mend").success
    call_git("commit", "-q", "--allow-empty", "-m", "second")
    call_git("switch", "-q", "main")
    assert "is there already, at another commit" in told(step("branch", name="mend"))
    assert "cannot be the name" in told(step("branch", name="a..b"))


def test_a_branch_keeps_uncommitted_work(step: Step, repo: Path) -> None:
    (repo / "hello.py").write_text("mine\n")
    assert step("branch", name="mend").success
    assert (repo / "hello.py").read_text() == "mine\n"


def test_a_patch_is_applied_and_its_files_counted(step: Step, repo: Path) -> None:
    result = step("apply", patch=PATCH_OF_HELLO)
    assert result.success
    assert result.metadata["summary"] == "Applied a patch to 1 file (+1 -1)."
    assert result.metadata["changed_files"] == [{"path": "hello.py", "added": 1, "removed": 1}]
    assert "hello, world" in (repo / "hello.py").read_text()
    assert "$ git apply" in result.stdout


def test_a_patch_file_of_the_repository_is_applied(step: Step, repo: Path) -> None:
    (repo / "mend.patch").write_text(PATCH_OF_HELLO)
    assert step("apply", patch_file="mend.patch").success


def test_a_patch_that_does_not_fit_changes_nothing(step: Step, repo: Path) -> None:
    (repo / "hello.py").write_text("something else\n")
    result = step("apply", patch=PATCH_OF_HELLO)
    assert told(result) == "The patch does not fit: patch failed: hello.py:1. Nothing was changed."
    assert result.metadata["failure_class"] == "bad_edit"
    assert (repo / "hello.py").read_text() == "something else\n"


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ("no patch at all\n", "empty or no patch"),
        (PATCH_OF_HELLO.replace("@@ -1,2 +1,2 @@", "@@ -1,9 +1,9 @@"), "damaged"),
    ],
)
def test_a_text_that_is_no_patch_is_told_as_such(step: Step, patch: str, reason: str) -> None:
    assert reason in told(step("apply", patch=patch))


def test_a_patch_that_is_already_in_is_no_change(step: Step) -> None:
    assert step("apply", patch=PATCH_OF_HELLO).success
    result = step("apply", patch=PATCH_OF_HELLO)
    assert told(result) == "The patch is already applied: nothing was changed."
    assert result.metadata["failure_class"] == "no_change"


def test_a_patch_never_reaches_outside_the_repository(step: Step, repo: Path) -> None:
    (repo.parent / "outside.txt").write_text("old\n")
    patch = "--- a/../outside.txt\n+++ b/../outside.txt\n@@ -1 +1 @@\n-old\n+new\n"
    assert not step("apply", patch=patch).success
    assert (repo.parent / "outside.txt").read_text() == "old\n"


def test_a_three_way_patch_names_its_conflicts(step: Step, repo: Path, call_git: CallGit) -> None:
    blob = call_git("hash-object", "hello.py")
    patch = f"diff --git a/hello.py b/hello.py\nindex {blob}..{'0' * 39}1 100644\n{PATCH_OF_HELLO}"
    (repo / "hello.py").write_text('def hello():\n    return "bye"\n')
    call_git("commit", "-qam", "bye")
    assert "conflicts in hello.py" in told(step("apply", patch=patch, three_way=True))


def test_everything_is_committed_with_the_message_as_it_is(step: Step, repo: Path, call_git: CallGit) -> None:
    (repo / "new.txt").write_text("new\n")
    (repo / "README.md").unlink()
    result = step("commit", message="Mend it\n\n$(id) 'quoted' ä\n")
    assert result.success
    assert result.metadata["commit"] == call_git("rev-parse", "HEAD")
    assert call_git("log", "-1", "--format=%B") == "Mend it\n\n$(id) 'quoted' ä"
    assert call_git("status", "--porcelain") == ""


def test_only_the_named_files_are_committed(step: Step, repo: Path, call_git: CallGit) -> None:
    for name in ("a.txt", "b*.txt", "bx.txt"):
        (repo / name).write_text("new\n")
    call_git("add", "a.txt")
    assert step("commit", message="b", files=["b*.txt"]).success
    assert call_git("show", "--name-only", "--format=") == "b*.txt"
    assert call_git("status", "--porcelain") == "A  a.txt\n?? bx.txt"


def test_nothing_to_commit_is_no_change_unless_it_may_be_empty(step: Step) -> None:
    result = step("commit", message="x")
    assert told(result) == "There was nothing to commit."
    assert result.metadata["failure_class"] == "no_change"
    assert step("commit", message="x", allow_empty=True).success


def test_a_machine_without_an_identity_still_commits(
    attempts: Attempts, repo: Path, call_git: CallGit
) -> None:
    call_git("config", "--unset", "user.name")
    call_git("config", "--unset", "user.email")
    call_git("config", "user.useConfigOnly", "true")
    (repo / "new.txt").write_text("new\n")
    job = {"tool": "git", "git": {"action": "commit", "message": "x"}, "paths": {"repo_root": str(repo)}}
    env = {"PATH": os.environ["PATH"], "HOME": str(repo.parent)}
    assert attempts.run(job, base_env=env).success
    assert call_git("log", "-1", "--format=%an") == "Signalbox"


def test_a_difference_is_printed_new_files_too_and_nothing_changes(step: Step, repo: Path) -> None:
    (repo / "README.md").write_text("# Demo\n")
    (repo / "new.txt").write_text("new\n")
    before = (repo / ".git" / "index").read_bytes()
    result = step("diff")
    assert result.metadata["summary"] == "The difference: 2 files (+2 -1)."
    assert "+# Demo" in result.stdout
    assert "+new" in result.stdout
    assert (repo / ".git" / "index").read_bytes() == before
    assert step("diff", files=["hello.py"]).metadata["summary"] == "Nothing differs."


def test_a_change_of_the_same_size_in_the_second_of_the_commit_is_in_the_difference(
    step: Step, repo: Path
) -> None:
    change_without_a_trace(repo / "README.md", "# Demo\n")
    assert step("diff").metadata["summary"] == "The difference: 1 file (+1 -1)."


def test_two_commits_are_compared(step: Step, repo: Path, call_git: CallGit) -> None:
    (repo / "hello.py").write_text("x\n")
    call_git("commit", "-qam", "second")
    assert step("diff", base="HEAD~1", head="HEAD").metadata["summary"] == "The difference: 1 file (+1 -2)."
    assert "nope" in told(step("diff", base="nope"))


def test_a_working_tree_is_added_and_removed_but_never_with_work_in_it(step: Step, repo: Path) -> None:
    tree = repo.parent / "tree"
    assert step("worktree", path=str(tree), branch="side").success
    assert (tree / "hello.py").exists()
    (tree / "hello.py").write_text("mine\n")
    assert "not committed" in told(step("worktree", operation="remove", path=str(tree)))
    assert (tree / "hello.py").read_text() == "mine\n"
    assert step("diff", root=tree).metadata["summary"] == "The difference: 1 file (+1 -2)."
    (tree / "hello.py").write_text('def hello():\n    return "hello"\n')
    assert step("worktree", operation="remove", path=str(tree)).success
    assert not tree.exists()


def test_a_locked_working_tree_is_respected(step: Step, repo: Path, call_git: CallGit) -> None:
    tree = repo.parent / "tree"
    assert step("worktree", path=str(tree), branch="side").success
    call_git("worktree", "lock", "--reason", "mine", str(tree))
    assert "locked" in told(step("worktree", operation="remove", path=str(tree)))
    assert tree.exists()


def test_a_path_or_branch_in_use_is_told(step: Step, repo: Path, call_git: CallGit) -> None:
    call_git("branch", "side")
    assert "already exists" in told(step("worktree", path="../tree", branch="side"))
    (repo.parent / "full").mkdir()
    (repo.parent / "full" / "x").write_text("x")
    assert "not empty" in told(step("worktree", path="../full", branch="other"))


def test_a_branch_is_merged(step: Step, repo: Path, call_git: CallGit) -> None:
    call_git("switch", "-qc", "mend")
    (repo / "hello.py").write_text("mended\n")
    call_git("commit", "-qam", "mended")
    call_git("switch", "-q", "main")
    result = step("merge", branch="mend", fast_forward="never", message="Mend it")
    assert result.success
    assert result.metadata["commit"] == call_git("rev-parse", "HEAD")
    assert call_git("log", "-1", "--format=%s") == "Mend it"
    summary = result.metadata["summary"]
    assert summary == f"Joined mend into the branch that is checked out ({result.metadata['commit'][:9]})."
    again = step("merge", branch="mend").metadata["summary"]
    assert again == "Nothing to do: the branch that is checked out has all of mend already."
    assert "merged" not in (summary + again).lower()  # a step of a job is not the merge of a workstream


def test_a_conflict_is_named_and_nothing_is_changed(step: Step, repo: Path, call_git: CallGit) -> None:
    commit_theirs(repo, "mend")
    commit_ours(repo)
    assert told(step("merge", branch="mend")) == "Merging mend conflicts in hello.py; nothing was changed."
    assert call_git("status", "--porcelain") == ""
    assert (repo / "hello.py").read_text() == "ours\n"


def test_a_git_too_old_to_merge_is_named_with_the_version_that_is_needed(
    attempts: Attempts, repo: Path, call_git: CallGit, tmp_path: Path
) -> None:
    call_git("switch", "-qc", "mend")
    call_git("commit", "-q", "--allow-empty", "-m", "mended")
    call_git("switch", "-q", "main")
    old = tmp_path / "old" / "git"
    old.parent.mkdir()
    old.write_text(
        "#!/bin/bash\nfor word; do\n"
        'if [ "$word" = merge-tree ]; then echo "usage: git merge-tree <base> <one> <two>" >&2; exit 129; fi\n'
        'if [ "$word" = version ]; then echo "git version 2.30.2"; exit; fi\ndone\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    old.chmod(0o755)
    job = {"tool": "git", "git": {"action": "merge", "branch": "mend", "fast_forward": "never"}}
    result = attempts.run(job | {"paths": {"repo_root": str(repo)}}, tool_paths={"git": str(old)})
    assert told(result) == "Merging mend needs git 2.38 or newer, and this is git version 2.30.2."


def test_work_a_merge_would_overwrite_is_left_alone(step: Step, repo: Path) -> None:
    commit_theirs(repo, "mend")
    (repo / "hello.py").write_text("not committed\n")
    assert "uncommitted changes would be overwritten" in told(step("merge", branch="mend"))
    assert (repo / "hello.py").read_text() == "not committed\n"


@pytest.mark.parametrize(
    "request_", [{"action": "merge", "branch": "mend"}, {"action": "branch", "name": "mend", "switch": True}]
)
def test_a_file_that_git_ignores_is_never_overwritten(
    step: Step, repo: Path, call_git: CallGit, request_: dict[str, Any]
) -> None:
    call_git("switch", "-qc", "mend")
    (repo / "local.env").write_text("theirs\n")
    call_git("add", "local.env")
    call_git("commit", "-qm", "Add local.env")
    call_git("switch", "-q", "main")
    (repo / ".git" / "info" / "exclude").write_text("local.env\n")
    (repo / "local.env").write_text("mine\n")
    if request_["action"] == "branch":
        request_ = request_ | {"start": "mend"}
    result = step(**request_)
    assert "local.env would be overwritten, and it is in no commit" in told(result)
    assert (repo / "local.env").read_text() == "mine\n"
    assert call_git("symbolic-ref", "HEAD") == "refs/heads/main"
    (repo / "local.env").unlink()
    assert step(**request_).success


# What stands in the way


def test_a_lock_that_goes_away_is_waited_for(attempts: Attempts, repo: Path) -> None:
    lock = repo / ".git" / "index.lock"
    lock.touch()
    (repo / "new.txt").write_text("new\n")
    job = {"tool": "git", "git": {"action": "commit", "message": "x"}, "paths": {"repo_root": str(repo)}}
    invocation, _ = attempts.prepare(job)
    with subprocess.Popen(
        invocation.argv,
        cwd=invocation.cwd,
        env=dict(invocation.env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        while b"git add" not in child.stdout.readline():  # the next thing it does is to run into the lock
            pass
        lock.unlink()
        child.communicate(timeout=PATIENCE_S)
    assert child.returncode == 0


def test_a_lock_left_behind_is_named_and_never_removed(step: Step, repo: Path) -> None:
    lock = repo / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (time.time() - 300, time.time() - 300))
    (repo / "new.txt").write_text("new\n")
    summary = told(step("commit", message="x"))
    assert str(lock) in summary
    assert "was left by another git 30" in summary
    assert "delete it" in summary
    assert lock.exists()


def test_a_folder_that_is_no_repository_is_told_before_the_start(step: Step, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(SpawnError, match="is no git repository"):
        step("diff", root=tmp_path / "plain")
    with pytest.raises(SpawnError, match="does not exist"):
        step("diff", root=tmp_path / "gone")


def test_a_broken_repository_is_told(step: Step, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / ".git").write_text("gitdir: /nowhere\n")
    assert "git" in told(step("diff", root=tmp_path / "broken"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_another_users_repository_is_told(step: Step, repo: Path) -> None:
    for path in (repo, *repo.rglob("*")):
        os.chown(path, 65534, 65534)
    assert "belongs to another user" in told(step("commit", message="x"))


def test_an_unfinished_merge_is_told(step: Step, repo: Path) -> None:
    commit_theirs(repo, "mend")
    commit_ours(repo)
    subprocess.run(["git", "merge", "mend"], cwd=repo, capture_output=True, check=False)
    assert "earlier merge is unfinished" in told(step("commit", message="x"))
    assert "earlier merge is unfinished" in told(step("merge", branch="mend"))


def test_a_missing_patch_and_one_a_link_leads_to_are_told_before_the_start(step: Step, repo: Path) -> None:
    with pytest.raises(SpawnError, match="does not exist"):
        step("apply", patch_file="gone.patch")
    (repo.parent / "outside.patch").write_text(PATCH_OF_HELLO)
    (repo / "link.patch").symlink_to("../outside.patch")
    with pytest.raises(SpawnError, match="by a link"):
        step("apply", patch_file="link.patch")


def test_a_command_of_the_jobs_own_is_run_as_it_is(attempts: Attempts, repo: Path) -> None:
    job = {
        "tool": "git",
        "command": {"exe": "git", "args": ["log", "--oneline"]},
        "paths": {"repo_root": str(repo)},
    }
    result = attempts.run(job)
    assert result.success
    assert "first" in result.stdout


def test_a_child_that_dies_leaves_a_crash(attempts: Attempts, repo: Path) -> None:
    spec = job_from_mapping({"tool": "git", "git": {"action": "diff"}, "paths": {"repo_root": str(repo)}})
    context = attempts.context()
    result = ADAPTERS["git"].result(spec, context, attempts.ended(context, 0))
    assert (result.success, result.metadata["failure_class"]) == (False, "crash")
