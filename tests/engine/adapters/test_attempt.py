"""What every adapter does alike: what a tool gets to see, where programs are found, how results look."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.adapters import ADAPTERS
from engine.errors import SpawnError
from engine.interfaces import Adapter
from engine.jobfile.job_file_reader import job_from_mapping
from engine.scheduling.path_scopes import covers
from engine.system import git
from engine.types import EndReason, FailureClass
from tests.helpers.attempts import Attempts

PRINT_ENV = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"]
PRINT_ARGV = (
    "import json, sys; print(json.dumps([a.encode(errors='surrogateescape').hex() for a in sys.argv[1:]]))"
)


def shell(repo: Path, exe: str, *args: str, **more: object) -> dict[str, object]:
    return {
        "tool": "shell",
        "command": {"exe": exe, "args": list(args)},
        "paths": {"repo_root": str(repo)},
        **more,
    }


def test_the_registry_names_each_adapter_by_its_tool() -> None:
    for tool, adapter in ADAPTERS.items():
        port: Adapter = adapter
        assert port.tool == tool
        assert len(port.tile) == 2


def test_a_tool_sees_the_allowed_part_of_the_environment_and_what_its_job_says(
    attempts: Attempts, repo: Path
) -> None:
    base = {
        "PATH": os.environ["PATH"],
        "HOME": "/h",
        "LC_ALL": "C",
        "AWS_SECRET_ACCESS_KEY": "x",
        "LD_PRELOAD": "y",
    }
    result = attempts.run(shell(repo, *PRINT_ENV, env={"DEBUG": "1"}), base_env=base)
    seen = json.loads(result.stdout)
    assert {
        "HOME": "/h",
        "LC_ALL": "C",
        "DEBUG": "1",
        "TERM": "dumb",
        "NO_COLOR": "1",
    }.items() <= seen.items()
    assert seen["PYTHONUNBUFFERED"] == "1"
    assert not {"AWS_SECRET_ACCESS_KEY", "LD_PRELOAD"} & seen.keys()


def test_a_reference_is_resolved_and_its_value_masked(attempts: Attempts, repo: Path) -> None:
    job = shell(repo, "true", env={"MY_KEY": "env:REAL_KEY"})
    base = {**os.environ, "REAL_KEY": "sk-canary"}
    invocation, _ = attempts.prepare(job, base_env=base)
    assert invocation.env["MY_KEY"] == "sk-canary"
    assert "sk-canary" in invocation.secrets
    assert "sk-canary" not in repr(invocation)
    with pytest.raises(SpawnError, match=r"uses the variable REAL_KEY, which is not set"):
        attempts.prepare(job, base_env={"PATH": os.environ["PATH"]})


def test_arguments_arrive_byte_for_byte_since_no_shell_reads_them(attempts: Attempts, repo: Path) -> None:
    args = ["; rm -rf ~", "$(id)", "`id`", "a\nb", "'\"", "*", "", "-n", "ä💥", "\\", "x" * 100_000]
    result = attempts.run(shell(repo, sys.executable, "-c", PRINT_ARGV, *args))
    invocation, _ = attempts.prepare(shell(repo, sys.executable, "-c", PRINT_ARGV, *args))
    assert list(invocation.argv[3:]) == args
    short = attempts.run(shell(repo, sys.executable, "-c", PRINT_ARGV, *args[:-1]))
    assert json.loads(short.stdout) == [arg.encode().hex() for arg in args[:-1]]
    assert result.success


# Programs


def program(folder: Path, name: str, mode: int = 0o755) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text("#!/bin/sh\necho found\n")
    file.chmod(mode)
    return file


def test_a_bare_name_is_found_on_path_and_never_in_the_working_folder(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    program(repo, "onlyhere")
    found = program(tmp_path / "bin", "tool")
    env = {"PATH": f".:{os.pathsep}{tmp_path / 'bin'}{os.pathsep}relative"}
    invocation, _ = attempts.prepare(shell(repo, "tool"), base_env=env)
    assert invocation.argv == (str(found),)
    with pytest.raises(SpawnError) as caught:
        attempts.prepare(shell(repo, "onlyhere"), base_env=env)
    assert "onlyhere was not found on PATH (1 folder, listed by `signalbox doctor`)" in str(caught.value)
    assert "onlyhere" in str(caught.value)
    assert "Settings" in str(caught.value)


def test_a_relative_path_starts_at_the_working_folder_and_stays_in_it(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    inside = program(repo / "scripts", "check")
    program(tmp_path, "outside")
    invocation, _ = attempts.prepare(shell(repo, "scripts/check"))
    assert invocation.argv == (str(inside),)
    with pytest.raises(SpawnError, match="leads out of"):
        attempts.prepare(shell(repo, "../outside"))


def test_a_program_is_not_taken_through_links(attempts: Attempts, repo: Path, tmp_path: Path) -> None:
    link = tmp_path / "venv-python"
    link.symlink_to(sys.executable)
    invocation, _ = attempts.prepare(shell(repo, str(link)))
    assert invocation.argv == (str(link),)


def test_settings_say_where_a_tool_is(attempts: Attempts, repo: Path, tmp_path: Path) -> None:
    mine = program(tmp_path / "mine", "make")
    invocation, _ = attempts.prepare(shell(repo, "make"), tool_paths={"make": str(mine)})
    assert invocation.argv == (str(mine),)


def test_what_cannot_be_started_is_told_before_the_start(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    plain = program(tmp_path, "plain", mode=0o644)
    for exe, told in [
        (str(plain), "chmod"),
        (str(tmp_path), "not a program"),
        (str(tmp_path / "no"), "no program"),
    ]:
        with pytest.raises(SpawnError, match=told):
            attempts.prepare(shell(repo, exe))
    with pytest.raises(SpawnError, match="does not exist"):
        attempts.prepare(shell(repo / "gone", "true"))
    with pytest.raises(SpawnError, match="is not a folder"):
        attempts.prepare(shell(repo / "hello.py", "true"))


def test_a_working_folder_that_a_link_leads_out_of_the_repository_is_refused(
    attempts: Attempts, repo: Path
) -> None:
    (repo / "away").symlink_to("/")
    job = shell(repo, "true")
    job["paths"] = {"repo_root": str(repo), "working_dir": "away"}
    with pytest.raises(SpawnError, match="by a link"):
        attempts.prepare(job)


# Results


def test_the_exit_code_decides_and_the_last_line_is_told(attempts: Attempts, repo: Path) -> None:
    result = attempts.run(shell(repo, "sh", "-c", "echo SUCCESS; echo; echo 'no disk' >&2; exit 3"))
    assert (result.success, result.exit_code) == (False, 3)
    assert result.metadata["summary"] == "sh ended with exit code 3: no disk"
    assert result.metadata["failure_class"] == "failed"
    assert attempts.run(shell(repo, "sh", "-c", "echo FAILED >&2")).success


@pytest.mark.parametrize(
    ("words", "failure"),
    [
        ("kill -9 $$", "crash"),
        ("exit 127", "spawn_failed"),
        ("exit 126", "spawn_failed"),
        ("exit 1", "failed"),
    ],
)
def test_how_a_command_ended_has_a_class(attempts: Attempts, repo: Path, words: str, failure: str) -> None:
    result = attempts.run(shell(repo, "sh", "-c", words))
    assert result.metadata["failure_class"] == failure


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        (EndReason.TIMEOUT, FailureClass.TIMEOUT),
        (EndReason.SILENCE, FailureClass.STALLED),
        (EndReason.CANCELLED, FailureClass.CANCELLED),
        (EndReason.SPAWN_FAILED, FailureClass.SPAWN_FAILED),
        (EndReason.INTERRUPTED, FailureClass.INTERRUPTED),
    ],
)
@pytest.mark.parametrize("tool", sorted(ADAPTERS))
def test_an_attempt_that_was_stopped_failed_whatever_its_exit_code(
    attempts: Attempts, repo: Path, tool: str, reason: EndReason, failure: FailureClass
) -> None:
    spec = job_from_mapping(
        {"tool": tool, "command": {"exe": "true", "args": ["x"]}, "paths": {"repo_root": str(repo)}}
    )
    context = attempts.context()
    result = ADAPTERS[tool].result(spec, context, attempts.ended(context, 0, reason=reason))
    assert (result.success, result.metadata["failure_class"]) == (False, failure)
    assert result.metadata["summary"]


def test_a_result_carries_the_ends_of_the_streams_and_a_failed_one_a_report(
    attempts: Attempts, repo: Path
) -> None:
    result = attempts.run(
        shell(repo, sys.executable, "-c", "print('x' * 200_000, 'end'); print('\\udcff'); 1/0")
    )
    assert len(result.stdout) <= 64 * 1024
    assert result.error_report_path is not None
    report = json.loads(Path(result.error_report_path).read_text())
    assert report["metadata"]["summary"] == result.metadata["summary"]
    assert Path(result.error_report_path).stat().st_mode & 0o077 == 0
    assert attempts.run(shell(repo, "true")).error_report_path is None
    json.dumps(result.to_json())


def test_what_a_command_changed_is_counted_line_by_line(
    attempts: Attempts, repo: Path, call_git: Callable[..., str]
) -> None:
    (repo / ".gitignore").write_text("*.log\n")
    (repo / "before.txt").write_text("was here\n")
    index = (repo / ".git" / "index").read_bytes()
    words = "echo two >> README.md; printf 'a\\nb\\n' > 'new ä.txt'; echo noise > x.log; rm hello.py"
    result = attempts.run(shell(repo, "sh", "-c", words))
    assert result.metadata["changed_files"] == [
        {"path": "README.md", "added": 1, "removed": 0},
        {"path": "hello.py", "added": 0, "removed": 2},
        {"path": "new ä.txt", "added": 2, "removed": 0},
    ]
    assert (repo / ".git" / "index").read_bytes() == index
    assert call_git("count-objects").startswith("4 objects")  # as many as before


def test_what_lay_there_uncommitted_before_is_not_counted(attempts: Attempts, repo: Path) -> None:
    (repo / "hello.py").write_text("mine\n")
    assert attempts.run(shell(repo, "true")).metadata["changed_files"] == []
    result = attempts.run(shell(repo, "sh", "-c", "echo more >> hello.py"))
    assert result.metadata["changed_files"] == [{"path": "hello.py", "added": 1, "removed": 0}]


def test_a_commit_made_by_the_command_is_seen_too(
    attempts: Attempts, repo: Path, call_git: Callable[..., str]
) -> None:
    words = "echo two >> README.md; git commit -qam more"
    result = attempts.run(shell(repo, "sh", "-c", words))
    assert result.metadata["changed_files"] == [{"path": "README.md", "added": 1, "removed": 0}]
    assert result.metadata["commit"] == call_git("rev-parse", "HEAD")


def test_a_reader_and_a_folder_without_git_say_nothing_of_changes(
    attempts: Attempts, repo: Path, tmp_path: Path
) -> None:
    assert "changed_files" not in attempts.run(shell(repo, "true", metadata={"writes": False})).metadata
    (tmp_path / "bare").mkdir()
    assert "changed_files" not in attempts.run(shell(tmp_path / "bare", "true")).metadata


def test_changes_outside_the_scope_fail_unless_they_are_only_to_be_reported(
    attempts: Attempts, repo: Path
) -> None:
    words = ["-c", "echo x >> README.md; echo y >> hello.py"]
    scope: dict[str, object] = {"files_scope": ["*.py"]}
    result = attempts.run(shell(repo, "sh", *words, metadata=scope))
    assert (result.success, result.metadata["failure_class"]) == (False, "bad_edit")
    assert result.metadata["outside_scope"] == ["README.md"]
    scope["evidence"] = {"scope": "reported"}
    result = attempts.run(shell(repo, "sh", *words, metadata=scope))
    assert (result.success, result.metadata["outside_scope"]) == (True, ["README.md"])


@pytest.mark.parametrize(
    ("glob", "inside", "beyond"),
    [
        ("a.py", ["a.py"], ["b.py", "x/a.py", "axpy"]),
        ("src", ["src/a.py", "src/x/b.py"], ["srcs/a.py"]),
        ("src/*.py", ["src/a.py"], ["src/x/a.py", "src/a.txt"]),
        ("src/**", ["src/a", "src/x/y/z"], ["other/src/a"]),
        ("**/test_?.py", ["test_a.py", "x/y/test_b.py"], ["test_ab.py"]),
        ("./docs/", ["docs/a.md"], ["doc/a.md"]),
        ("a[1].py", ["a[1].py"], ["a1.py"]),
    ],
)
def test_a_scope_covers_files_folders_and_globs(glob: str, inside: list[str], beyond: list[str]) -> None:
    assert [path for path in inside if not covers([glob], path)] == []
    assert [path for path in beyond if covers([glob], path)] == []


def test_renames_and_binary_files_are_counted() -> None:
    data = (Path(__file__).with_name("captures") / "git" / "diff_numstat_z.stdout").read_bytes()
    found = {file.path: (file.added, file.removed) for file in git.parse_numstat(data)}
    assert found == {
        "bin.dat": (None, None),
        "dir with space/é.txt": (1, 1),
        "gone.txt": (0, 1),
        "hello.py": (1, 1),
        "renamed.txt": (0, 0),
        "tab\tname.txt": (1, 0),
        "untracked é.txt": (1, 0),
    }
    assert list(git.parse_numstat(b"")) == []


HOSTILE = {
    "core.fsmonitor": "touch {canary}",
    "core.hooksPath": "{hooks}",
    "filter.bad.clean": "sh -c 'touch {canary}; cat'",
    "filter.bad.process": "touch {canary}",
    "filter.bad.required": "true",
    "diff.external": "touch {canary}",
    "diff.bad.textconv": "touch {canary}",
    "core.pager": "touch {canary}",
    "core.editor": "touch {canary}",
    "merge.bad.driver": "touch {canary}",
    "gpg.program": "touch {canary}",
    "commit.gpgSign": "true",
}


@pytest.fixture
def hostile(repo: Path, tmp_path: Path, call_git: Callable[..., str]) -> Path:
    """A repository that runs its own programs at every turn; the canary they leave is returned."""
    canary, hooks = tmp_path / "canary", tmp_path / "hooks"
    hooks.mkdir()
    for name in (
        "pre-commit",
        "post-commit",
        "post-checkout",
        "post-index-change",
        "commit-msg",
        "pre-merge-commit",
    ):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {canary}\n")
        (hooks / name).chmod(0o755)
    (repo / ".gitattributes").write_text("* filter=bad diff=bad merge=bad\n")
    for key, value in HOSTILE.items():
        call_git("config", key, value.format(canary=canary, hooks=hooks))
    return canary


def test_a_hostile_repository_runs_nothing_of_its_own(attempts: Attempts, repo: Path, hostile: Path) -> None:
    here = {"paths": {"repo_root": str(repo)}}
    result = attempts.run(shell(repo, "sh", "-c", "echo two >> README.md"))
    assert {"path": "README.md", "added": 1, "removed": 0} in result.metadata["changed_files"]
    refused = attempts.run({"tool": "git", "git": {"action": "commit", "message": "more"}, **here})
    assert "goes through the filter 'bad'" in refused.metadata["summary"]
    (repo / ".gitattributes").write_text("* diff=bad merge=bad\n")
    for step in (
        {"action": "diff"},
        {"action": "branch", "name": "side"},
        {"action": "commit", "message": "more"},
        {"action": "worktree", "path": "../wt", "branch": "wt"},
        {"action": "merge", "branch": "main", "fast_forward": "never"},
    ):
        assert attempts.run({"tool": "git", "git": step, **here}).success
    assert not hostile.exists()
