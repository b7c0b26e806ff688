"""Git steps in repositories as people leave them: no commit yet, locks, rebases, submodules, odd names."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.git_step.conftest import RunStep
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import commit_ours, commit_theirs

CallGit = Callable[..., str]


@pytest.fixture
def unborn(tmp_path: Path) -> Path:
    root = tmp_path / "unborn"
    root.mkdir()
    git_caller(root)("init", "-q", "-b", "main")
    (root / "new.txt").write_text("new\n")
    return root


def test_a18_the_steps_before_the_first_commit(unborn: Path, run_step: RunStep) -> None:
    assert run_step("diff", root=unborn).metadata["summary"] == "The difference: 1 file (+1 -0)."
    for action, fields in {
        "branch": {"name": "side"},
        "worktree": {"path": "../tree", "branch": "side"},
        "merge": {"branch": "side"},
    }.items():
        assert "There is no commit yet" in run_step(action, root=unborn, **fields).metadata["summary"]
    assert git_caller(unborn)("status", "--porcelain") == "?? new.txt"
    assert run_step("commit", message="first", root=unborn).success
    assert git_caller(unborn)("log", "--format=%s") == "first"


def test_a18_the_difference_before_the_first_commit_has_what_is_added_already(
    unborn: Path, run_step: RunStep
) -> None:
    git_caller(unborn)("add", "new.txt")
    (unborn / "later.txt").write_text("later\n")
    assert run_step("diff", root=unborn).metadata["summary"] == "The difference: 2 files (+2 -0)."
    assert run_step("diff", root=unborn, files=["later.txt"]).metadata["summary"].endswith("1 file (+1 -0).")
    assert git_caller(unborn)("status", "--porcelain") == "A  new.txt\n?? later.txt"


def test_a18_an_orphan_branch_differs_in_everything(repo: Path, call_git: CallGit, run_step: RunStep) -> None:
    call_git("switch", "-q", "--orphan", "empty")
    (repo / "new.txt").write_text("new\n")
    assert run_step("diff").metadata["summary"] == "The difference: 1 file (+1 -0)."


def test_a18_the_steps_work_on_a_detached_head(repo: Path, call_git: CallGit, run_step: RunStep) -> None:
    call_git("branch", "other")
    call_git("switch", "-q", "--detach")
    (repo / "hello.py").write_text("edited\n")
    assert run_step("diff").success
    assert run_step("commit", message="m").success
    assert run_step("worktree", path="../tree", branch="side").success
    assert run_step("merge", branch="other").success
    assert run_step("branch", name="named").success
    assert call_git("log", "-1", "--format=%s", "named") == "m"


ODD = (
    "a\nb.txt",
    'with "quotes".txt',
    "-dash.txt",
    ":(top)magic.txt",
    "*.txt",
    "tab\t.txt",
    "é ü.txt",
    " space ",
)


def test_a18_odd_names_are_committed_one_by_one_and_together(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    for name in ODD:
        (repo / name).write_text("x\n")
    for name in ODD[1:]:  # a job file names no file with a line break; all of them together may have some
        assert run_step("commit", message=f"m {name.strip()!r}", files=[name]).success, name
    assert call_git("ls-files", "-z", "--others") == f"{ODD[0]}\0"
    assert run_step("commit", message="the rest").success
    for name in ODD:
        (repo / name).write_text("y\n")
    assert (
        run_step("diff").metadata["summary"] == f"The difference: {len(ODD)} files (+{len(ODD)} -{len(ODD)})."
    )
    assert run_step("commit", message="all").success
    assert call_git("status", "--porcelain") == ""


@pytest.mark.parametrize("message", ["#12: mend it", "Mend it\n\n# Why\n#12 asks for it"])
def test_a18_lines_of_a_message_that_git_would_take_for_comments_are_kept(
    repo: Path, call_git: CallGit, run_step: RunStep, message: str
) -> None:
    (repo / "new.txt").write_text("new\n")
    assert run_step("commit", message=message).success
    assert call_git("log", "-1", "--format=%B").strip() == message


def test_a18_hooks_and_signing_are_not_run(
    repo: Path, call_git: CallGit, run_step: RunStep, tmp_path: Path
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction"):
        for folder in (hooks, repo / ".git" / "hooks"):
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(f"#!/bin/sh\ntouch {tmp_path / 'canary'}\nexit 1\n")
            (folder / name).chmod(0o755)
    for key, value in {
        "core.hooksPath": str(hooks),
        "commit.gpgSign": "true",
        "tag.gpgSign": "true",
        "user.signingKey": "none",
        "gpg.format": "ssh",
        "gpg.ssh.program": f"touch {tmp_path / 'canary'}",
    }.items():
        call_git("config", key, value)
    (repo / "hello.py").write_text("edited\n")
    assert run_step("commit", message="m").success
    assert run_step("worktree", path="../tree", branch="side").success
    assert run_step("branch", name="third").success
    assert not (tmp_path / "canary").exists()


def test_a18_a_lock_of_the_index_is_named_and_nothing_changes(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    call_git("branch", "elsewhere")
    (repo / "hello.py").write_text("edited\n")
    index = (repo / ".git" / "index").read_bytes()
    lock = repo / ".git" / "index.lock"
    lock.touch()
    for action, fields in {"commit": {"message": "m"}, "branch": {"name": "new"}}.items():
        assert "index.lock was left by another git" in run_step(action, **fields).metadata["summary"]
    assert (repo / ".git" / "index").read_bytes() == index
    assert call_git("branch", "--list", "new") == ""
    lock.unlink()
    assert run_step("commit", message="m").success
    assert run_step("branch", name="new").success


@pytest.mark.parametrize("command", ["rebase", "cherry-pick", "merge", "revert"])
def test_a18_a_rebase_or_the_like_that_somebody_is_in_is_refused_and_kept(
    repo: Path, call_git: CallGit, run_step: RunStep, command: str
) -> None:
    commit_theirs(repo)
    commit_ours(repo)
    names = {"revert": "HEAD~1", "rebase": "side", "cherry-pick": "side", "merge": "side"}
    if command == "revert":
        call_git("commit", "-q", "--allow-empty", "-m", "more")
        (repo / "hello.py").write_text("later\n")
        call_git("commit", "-qam", "later")
        names["revert"] = "HEAD~2"
    done = subprocess.run(
        ["git", command, names[command]],
        cwd=repo,
        capture_output=True,
        env={"GIT_EDITOR": "true", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode
    (repo / "hello.py").write_text("resolved by a person\n")
    call_git("add", "hello.py")
    before = (
        sorted(path.name for path in (repo / ".git").iterdir()),
        call_git("status"),
        call_git("for-each-ref"),
    )
    for action, fields in {
        "commit": {"message": "m"},
        "merge": {"branch": "side"},
        "branch": {"name": "new"},
    }.items():
        summary = run_step(action, **fields).metadata["summary"]
        assert "unfinished" in summary, (action, summary)
        assert command in summary, (action, summary)
    assert (
        sorted(path.name for path in (repo / ".git").iterdir()),
        call_git("status"),
        call_git("for-each-ref"),
    ) == before
    assert (repo / "hello.py").read_text() == "resolved by a person\n"


@pytest.fixture
def with_submodule(repo: Path, call_git: CallGit) -> Path:
    source = repo.parent / "source"
    source.mkdir()
    inner = git_caller(source)
    inner("init", "-q", "-b", "main")
    (source / "part.txt").write_text("part\n")
    inner("add", "-A")
    inner("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "part")
    call_git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(source), "part")
    call_git("commit", "-qm", "with a submodule")
    return repo / "part"


def test_a18_a_submodule_is_committed_as_the_commit_it_is_at_and_never_as_files(
    repo: Path, call_git: CallGit, run_step: RunStep, with_submodule: Path
) -> None:
    inner = git_caller(with_submodule)
    (with_submodule / "part.txt").write_text("edited\n")
    assert run_step("commit", message="nothing of ours").metadata["failure_class"] == "no_change"
    inner("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qam", "more")
    (repo / "hello.py").write_text("edited\n")
    assert run_step("commit", message="one", files=["hello.py"]).success
    assert run_step("commit", message="forward").success
    assert call_git("rev-parse", "HEAD:part") == inner("rev-parse", "HEAD")
    assert run_step("worktree", path="../tree", branch="side").success
    assert call_git("status", "--porcelain") == ""


def test_a18_a_submodule_that_is_not_checked_out_stays_as_it_is(
    repo: Path, call_git: CallGit, run_step: RunStep, with_submodule: Path
) -> None:
    call_git("submodule", "deinit", "-q", "-f", "part")
    (repo / "hello.py").write_text("edited\n")
    before = call_git("rev-parse", "HEAD:part")
    assert run_step("commit", message="m").success
    assert call_git("rev-parse", "HEAD:part") == before
    assert not any(with_submodule.iterdir())


@pytest.mark.parametrize("form", ["--cone", "--no-cone"])
def test_a18_files_outside_a_sparse_checkout_are_no_deletions(
    repo: Path, call_git: CallGit, run_step: RunStep, form: str
) -> None:
    for folder in ("in", "out"):
        (repo / folder).mkdir()
        (repo / folder / "file.txt").write_text("one\n")
    call_git("add", "-A")
    call_git("commit", "-qm", "folders")
    call_git("sparse-checkout", "set", form, "in")
    assert not (repo / "out").exists()
    assert run_step("diff").metadata["summary"] == "Nothing differs."
    assert run_step("commit", message="none").metadata["failure_class"] == "no_change"
    (repo / "in" / "file.txt").write_text("two\n")
    assert run_step("commit", message="m").success
    assert "out/file.txt" in call_git("ls-tree", "-r", "--name-only", "HEAD")
    (repo / "in" / "file.txt").write_text("three\n")
    assert run_step("commit", message="n", files=["in/file.txt"]).success
    assert "out/file.txt" in call_git("ls-tree", "-r", "--name-only", "HEAD")
    assert call_git("status", "--porcelain") == ""


def test_a18_what_a_person_has_staged_is_as_before_after_a_failure_and_a_commit_of_other_files(
    repo: Path, call_git: CallGit, run_step: RunStep
) -> None:
    (repo / "staged.txt").write_text("staged\n")
    call_git("add", "staged.txt")
    (repo / "staged.txt").write_text("staged and edited\n")
    (repo / "hello.py").write_text("edited\n")
    before = call_git("status", "--porcelain"), call_git("ls-files", "--stage")
    assert not run_step("commit", message="m", files=["no such file"]).success
    assert not run_step("merge", branch="none").success
    assert not run_step("apply", patch="nonsense").success
    assert (call_git("status", "--porcelain"), call_git("ls-files", "--stage")) == before
    assert run_step("commit", message="m", files=["hello.py"]).success
    assert call_git("status", "--porcelain") == "AM staged.txt"
    assert call_git("show", ":staged.txt") == "staged"


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "branch", "name": "old", "start": "theirs"},
        {"action": "merge", "branch": "theirs", "fast_forward": "allow"},
        {"action": "worktree", "path": "../tree", "branch": "old", "start": "theirs"},
    ],
    ids=lambda fields: str(fields["action"]),
)
def test_a18_a_step_to_a_commit_of_which_a_file_is_lost_is_refused_and_changes_nothing(
    repo: Path, call_git: CallGit, run_step: RunStep, fields: dict[str, str]
) -> None:
    call_git("switch", "-q", "-c", "theirs")
    (repo / "lost.txt").write_text("lost\n")
    call_git("add", "lost.txt")
    call_git("commit", "-q", "-m", "lost")
    blob = call_git("rev-parse", "HEAD:lost.txt").strip()
    call_git("switch", "-q", "main")
    (repo / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    before = call_git("rev-parse", "HEAD"), call_git("status", "--porcelain"), call_git("branch", "--list")
    result = run_step(fields.pop("action"), **fields)
    assert not result.success
    after = call_git("rev-parse", "HEAD"), call_git("status", "--porcelain"), call_git("branch", "--list")
    assert after == before
    assert not (repo / "lost.txt").exists()
    assert not (repo.parent / "tree").exists()
