"""What git must see before a coding tool's work counts as done, and what follows where git cannot say."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.adapters import ADAPTERS, findings
from engine.adapters.findings import Finding
from engine.jobfile.job_file_reader import job_from_mapping
from engine.system import git
from engine.types import FailureClass, JobResult
from tests.helpers.attempts import Attempts
from tests.helpers.command_line import CommandLine

DONE = {"type": "result", "subtype": "success", "is_error": False, "result": "done"}
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def program(folder: Path, name: str, *lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    file.chmod(0o755)
    return file


def coding_tool(folder: Path, does: str = "true") -> Path:
    """A claude that does this and then reports success."""
    return program(folder, "claude", does, f"echo '{json.dumps(DONE)}'")


class Work:
    """Lets a coding tool do something in the repository, and says what git saw of it."""

    def __init__(self, attempts: Attempts, repo: Path, bin_folder: Path) -> None:
        self.attempts, self.repo, self.bin = attempts, repo, bin_folder

    def __call__(self, does: str = "true", *, change: str = "required", **metadata: Any) -> JobResult:
        tool = coding_tool(self.bin, does)
        job = {
            "tool": "claude",
            "prompt": "Mend it.",
            "paths": {"repo_root": str(self.repo)},
            "metadata": {"evidence": {"change": change}, **metadata},
        }
        return self.attempts.run(job, tool_paths={"claude": str(tool)})


@pytest.fixture
def work(attempts: Attempts, repo: Path, tmp_path: Path) -> Work:
    return Work(attempts, repo, tmp_path / "bin")


def unverified(result: JobResult) -> str:
    """The sentence of an attempt of which git cannot say what it changed."""
    assert (result.success, result.metadata["failure_class"]) == (False, "unverified"), result.metadata
    assert "changed_files" not in result.metadata
    return str(result.metadata["summary"])


def give_away(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


# Before it starts


def no_repository(repo: Path) -> None:
    shutil.rmtree(repo / ".git")


def damaged_index(repo: Path) -> None:
    (repo / ".git" / "index").write_bytes(b"DIRCgarbage")


def damaged_head(repo: Path) -> None:
    (repo / ".git" / "HEAD").write_text("garbage\n")


def damaged_branch(repo: Path) -> None:
    (repo / ".git" / "refs" / "heads" / "main").write_text("garbage\n")


def damaged_configuration(repo: Path) -> None:
    (repo / ".git" / "config").write_text("[core\n")


def no_objects(repo: Path) -> None:
    shutil.rmtree(repo / ".git" / "objects")


def newer_format(repo: Path) -> None:
    subprocess.run(["git", "config", "core.repositoryformatversion", "99"], cwd=repo, check=True)


def link_to_nowhere(repo: Path) -> None:
    shutil.rmtree(repo / ".git")
    (repo / ".git").write_text("gitdir: /nowhere\n")


def filter_with_an_equals_sign(repo: Path) -> None:
    """Git reads a switch up to the first ``=``, so this filter could not be switched off."""
    with (repo / ".git" / "config").open("a") as config:
        config.write('[filter "a=b"]\n\tclean = cat\n')


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "no repository": (no_repository, "git init"),
    "damaged index": (damaged_index, "git fsck"),
    "damaged HEAD": (damaged_head, "not a git repository"),
    "damaged configuration": (damaged_configuration, "bad config"),
    "no objects": (no_objects, "not a git repository"),
    "newer format": (newer_format, "newer git"),
    "link to nowhere": (link_to_nowhere, "not a git repository"),
    "filter with an equals sign": (filter_with_an_equals_sign, "a=b"),
}


@pytest.mark.parametrize("change", ["required", "forbidden"])
@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_a17_what_git_cannot_say_before_the_start_needs_a_person(
    work: Work, repo: Path, fault: Callable[[Path], None], words: str, change: str
) -> None:
    fault(repo)
    for does in ("true", "echo more >> hello.py"):
        sentence = unverified(work(does, change=change))
        assert words in sentence
        assert "accept the job as is" in sentence


@pytest.mark.parametrize(("fault", "words"), FAULTS.values(), ids=FAULTS)
def test_a17_where_no_change_is_required_the_job_is_done_and_says_that_the_change_is_not_known(
    work: Work, fault: Callable[[Path], None], repo: Path, words: str
) -> None:
    fault(repo)
    result = work(change="optional")
    assert result.success
    assert words in result.metadata["changes_unknown"]
    assert "not known" in result.metadata["summary"]


@as_root
@pytest.mark.parametrize("change", ["required", "forbidden"])
def test_a17_a_repository_of_another_user_needs_a_person_and_the_exact_command_is_shown(
    work: Work, repo: Path, change: str
) -> None:
    give_away(repo)
    sentence = unverified(work(change=change))
    assert f"git config --global --add safe.directory {repo}" in sentence
    assert "another user" in sentence


def by_nobody(code: str) -> "subprocess.CompletedProcess[str]":
    """What a Python prints that another user runs; our modules must be readable to that user."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(git.__file__).parents[2])}
    words = ["setpriv", "--reuid", str(NOBODY), "--clear-groups", sys.executable, "-c"]
    given: dict[str, Any] = {"cwd": "/", "env": environment, "capture_output": True, "text": True}
    if subprocess.run([*words, "import engine"], check=False, **given).returncode:
        pytest.skip("another user may not read this checkout")
    return subprocess.run([*words, code], check=False, **given)


@as_root
def test_a17_a_repository_that_may_not_be_read_needs_a_person(repo: Path) -> None:
    """Root reads everything, so somebody else looks."""
    give_away(repo)
    (repo / ".git" / "objects").chmod(0)
    for folder in repo.parents:
        if stat.S_IMODE(folder.stat().st_mode) & 0o011 != 0o011:
            folder.chmod(0o755)
    done = by_nobody(
        f"import pathlib; from engine.system import git; git.git(['status'], pathlib.Path({str(repo)!r}))"
    )
    assert "engine.errors.GitError" in done.stderr


@as_root
def test_a17_a_program_is_found_although_a_folder_of_path_is_closed(tmp_path: Path) -> None:
    """Path.is_file raises in a folder one may not enter."""
    (tmp_path / "closed").mkdir(mode=0o700)
    for folder in tmp_path.parents:
        if stat.S_IMODE(folder.stat().st_mode) & 0o011 != 0o011:
            folder.chmod(0o755)
    tmp_path.chmod(0o755)
    done = by_nobody(
        "from engine.system.tool_paths import resolve\n"
        f"print(resolve('true', path='{tmp_path / 'closed'}:/usr/bin:/bin'))"
    )
    assert done.stdout.strip().endswith("/true"), done.stderr


def test_a17_without_git_a_person_decides(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "git_program", lambda: None)
    assert "Install git" in unverified(work("echo more >> hello.py"))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("exec sleep 60",), "took longer than"),
        (("echo 'error: unknown option `show-scope' >&2", "exit 129"), "newer git"),
        (("exit 3",), "exit code 3"),
        (("kill -9 $$",), "SIGKILL"),
        (("printf 'fatal: \\033[31mno\\302\\205 ' >&2", "exit 128"), "no"),
    ],
    ids=["too slow", "too old", "silent", "killed", "colours"],
)
def test_a17_whatever_ails_git_a_person_decides(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...], words: str
) -> None:
    program(tmp_path / "git", "git", *lines)
    monkeypatch.setattr(git, "git_program", lambda: str(tmp_path / "git" / "git"))
    monkeypatch.setattr(git, "TIMEOUT_S", 0.5)
    sentence = unverified(work("echo more >> hello.py"))
    assert words in sentence
    assert sentence.isprintable()


# While it runs

SPOILS = {
    "the repository": "rm -rf .git",
    "the index": "echo garbage > .git/index",
    "HEAD": "echo garbage > .git/HEAD",
    "the branch": "echo garbage > .git/refs/heads/main",
    "the objects": "rm -rf .git/objects",
    "the configuration": "echo '[core' > .git/config",
    "the note": 'rm -f "$NOTE_FOLDER"/before.json; rm -f ../attempts/*/before.json',
    "the note's text": "for each in ../attempts/*/before.json; do echo '{' > $each; done",
    "what was stored": "rm -rf ../attempts/*/objects",
    "the whole folder": 'here=$(pwd); rm -rf "$here"; mkdir "$here"',
}


@pytest.mark.parametrize("change", ["required", "forbidden"])
@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_a17_what_git_can_no_longer_say_afterwards_needs_a_person(
    work: Work, repo: Path, spoil: str, change: str
) -> None:
    (repo / "untracked.txt").write_text("lies only in the snapshot\n")
    assert "accept the job as is" in unverified(work(f"echo more >> hello.py; {spoil}", change=change))


def test_a17_a_repository_around_the_removed_one_does_not_answer_for_it(work: Work, repo: Path) -> None:
    subprocess.run(["git", "init", "-q", str(repo.parent)], check=True)
    assert "not a git repository" in unverified(work("rm -rf .git"))


@pytest.mark.parametrize("change", ["required", "forbidden", "optional"])
def test_a17_a_lock_on_the_index_hides_no_change(work: Work, repo: Path, change: str) -> None:
    (repo / ".git" / "index.lock").touch()
    assert [
        file["path"] for file in work("echo more >> hello.py", change=change).metadata["changed_files"]
    ] == ["hello.py"]


def test_a17_before_the_first_commit_git_sees_changes_as_well(attempts: Attempts, tmp_path: Path) -> None:
    root = tmp_path / "new"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    work = Work(attempts, root, tmp_path / "bin")
    assert work("echo x > a.txt").success
    assert work().metadata["failure_class"] == "no_change"
    assert work("git -c user.name=A -c user.email=a@b commit -q --allow-empty -m x").metadata[
        "failure_class"
    ] == ("no_change")


def test_a17_a_new_branch_without_a_commit_is_no_damage(work: Work) -> None:
    assert work("git checkout -q --orphan other; echo more >> hello.py").success


# The scope of any job


def test_a17_a_scope_git_cannot_check_needs_a_person(attempts: Attempts, repo: Path) -> None:
    damaged_index(repo)
    job: dict[str, Any] = {
        "tool": "shell",
        "command": {"exe": "true"},
        "paths": {"repo_root": str(repo)},
        "metadata": {"files_scope": ["*.py"]},
    }
    assert "outside its scope" in unverified(attempts.run(job))
    job["metadata"]["evidence"] = {"scope": "reported"}
    assert attempts.run(job).success
    del job["metadata"]
    assert attempts.run(job).success


def test_a17_a_job_that_fails_keeps_its_own_reason(work: Work, repo: Path) -> None:
    damaged_index(repo)
    result = work("exit 3")
    assert result.metadata["failure_class"] != "unverified"
    assert result.metadata["changes_unknown"]


def test_a17_an_attempt_of_a_tool_whose_command_is_the_jobs_own_is_judged_by_its_exit_code(
    attempts: Attempts, repo: Path
) -> None:
    damaged_index(repo)
    job = {"tool": "claude", "command": {"exe": "true"}, "paths": {"repo_root": str(repo)}}
    assert attempts.run(job).success


# From the outside


@as_root
def test_a17_the_command_line_holds_the_job_with_the_reason_and_the_way_out(
    tmp_path: Path, repo: Path
) -> None:
    run = CommandLine(tmp_path)
    give_away(repo / ".git")
    tool = coding_tool(tmp_path / "bin")
    run("settings", "set", "tool_paths", "claude", str(tool))
    # In place: no worktree can be made of such a repository, which is an error of its own.
    job_file = {"tool": "claude", "job_id": "mend", "prompt": "x", "paths": {"repo_root": str(repo)}}
    file = run.file("job.json", {**job_file, "metadata": {"isolation": "in_place"}})
    shown = run("run", file, code=1)
    assert "safe.directory" in shown.out + shown.err
    job = run.job("mend")
    assert (job.status, job.hold_cause) == ("held", "unverified")
    assert "safe.directory" in run("show", "mend").out
    assert "safe.directory" in (job.hold_reason or "")
    run("skip", "mend")
    assert run.job("mend").status == "skipped"


def test_a17_the_reason_is_data_not_a_sentence(attempts: Attempts, repo: Path) -> None:
    spec = job_from_mapping({"tool": "claude", "prompt": "x", "paths": {"repo_root": str(repo)}})
    context = attempts.context(tool_paths={"claude": sys.executable})
    ADAPTERS["claude"].prepare(spec, context)
    note = json.loads((context.folder / "before.json").read_text())
    assert set(note) == {"root", "head", "tree", "apart", "taken", "settings", "earlier"}


# What a tool was denied


@pytest.mark.parametrize(("rule", "failure"), [("forbidden", "bad_edit"), ("allowed", None)])
def test_t6_evidence_can_demand_that_nothing_was_denied(
    attempts: Attempts, repo: Path, rule: str, failure: str | None
) -> None:
    job = {"tool": "claude", "prompt": "x", "paths": {"repo_root": str(repo)}}
    spec = job_from_mapping({**job, "metadata": {"evidence": {"denied": rule}}})
    context = attempts.context()
    for denied, expected in ((["Bash: rm -rf build", "Write: /etc/x"], failure), ([], None)):
        found = Finding(summary="Done.").with_metadata(denied=denied)
        result = findings.finished(spec, context, attempts.ended(context), found)
        assert result.metadata.get("failure_class") == expected
    failed = Finding(summary="No.", failure=FailureClass.NETWORK).with_metadata(denied=["Bash: x"])
    result = findings.finished(spec, context, attempts.ended(context), failed)
    assert result.metadata["failure_class"] == "network"


def test_t6_what_was_denied_is_named(attempts: Attempts, repo: Path) -> None:
    job = {"tool": "claude", "prompt": "x", "paths": {"repo_root": str(repo)}}
    spec = job_from_mapping({**job, "metadata": {"evidence": {"denied": "forbidden"}}})
    context = attempts.context()
    found = Finding(summary="Done.").with_metadata(denied=["a", "b", "c", "d"])
    result = findings.finished(spec, context, attempts.ended(context), found)
    assert result.metadata["summary"] == "Was to be denied nothing, and was denied a, b, c and 1 more."
