"""What a repository's own settings have git start on plain reading needs a grant, since every coding tool runs git."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.trust.launch import launch_plan
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import (
    change,
    committed_repository,
    facts,
    git_in,
    grant,
    preview,
    repository,
    write,
)

TOOLS = ("aider", "claude", "codex", "gemini")
PROGRAMS = {
    "core.fsmonitor": "./prog",
    "core.FSMonitor": "sh -c 'touch canary'",
    "diff.external": "./prog",
    "diff.x.command": "./prog",
    "diff.x.textconv": "./prog",
    "filter.x.clean": "./prog",
    "filter.x.process": "./prog",
}
HARMLESS = {
    "core.fsmonitor": "true",
    "core.untrackedCache": "true",
    "core.hooksPath": ".husky/_",
    "diff.algorithm": "histogram",
    "alias.x": "!./prog",
}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path)


def job(repo: Path, tool: str = "claude", **paths: str) -> JobSpec:
    paths = {"repo_root": str(repo), **paths}
    return job_from_mapping({"tool": tool, "job_id": "j", "prompt": "Mend it.", "paths": paths})


def concern(of: JobSpec) -> str:
    return next((each for each in launch_plan(of).concerns if "has git start" in each), "")


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("key", "value"), PROGRAMS.items(), ids=PROGRAMS)
def test_a03_a_program_that_git_starts_on_reading_needs_a_grant(
    repo: Path, tool: str, key: str, value: str
) -> None:
    assert not concern(job(repo, tool))
    git_in(repo, "config", key, value)
    assert concern(job(repo, tool)) == f"has git start programs that the repository names ({key.lower()})"


@pytest.mark.parametrize(("key", "value"), HARMLESS.items(), ids=HARMLESS)
def test_a03_settings_of_git_that_start_nothing_on_reading_need_no_grant(
    repo: Path, key: str, value: str
) -> None:
    git_in(repo, "config", key, value)
    assert not concern(job(repo))


def test_a03_what_the_user_has_git_start_needs_no_grant(repo: Path, user_folders: Path) -> None:
    write(user_folders / ".gitconfig", '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n')
    git_in(repo, "config", "filter.lfs.clean", "git-lfs clean -- %f")
    assert not concern(job(repo))


def in_included_settings(repo: Path) -> Path:
    write(repo / ".git" / "more", "[core]\n\tfsmonitor = ./prog\n")
    git_in(repo, "config", "include.path", "more")
    return repo


def in_settings_of_a_working_tree(repo: Path) -> Path:
    git_in(repo, "config", "extensions.worktreeConfig", "true")
    git_in(repo, "config", "--worktree", "core.fsmonitor", "./prog")
    return repo


def in_a_linked_working_tree(repo: Path) -> Path:
    git_in(repo, "config", "core.fsmonitor", "./prog")
    git_in(repo, "worktree", "add", "--quiet", str(repo.parent / "tree"))
    return repo.parent / "tree"


def in_a_submodule(repo: Path) -> Path:
    inner = repo.parent / "inner"
    write(inner / "x.py", "")
    committed_repository(inner)
    git_in(repo, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner), "inner")
    git_in(repo / "inner", "config", "core.fsmonitor", "./prog")
    return repo


def in_a_repository_that_is_committed_as_a_link(repo: Path) -> Path:
    write(repo / "deep" / "inner" / "x.py", "")
    committed_repository(repo / "deep" / "inner")
    git_in(repo / "deep" / "inner", "config", "core.fsmonitor", "./prog")
    git_in(repo, "add", "deep")
    return repo


def in_the_repository_around(repo: Path) -> Path:
    git_in(repo, "config", "core.fsmonitor", "./prog")
    return repo / "sub"


@pytest.mark.parametrize(
    "place",
    [
        in_included_settings,
        in_settings_of_a_working_tree,
        in_a_linked_working_tree,
        in_a_submodule,
        in_a_repository_that_is_committed_as_a_link,
        in_the_repository_around,
    ],
)
def test_a03_wherever_a_repository_has_its_settings_they_are_read(
    repo: Path, place: Callable[[Path], Path]
) -> None:
    assert concern(job(place(repo)))


def test_a03_a_repository_inside_that_the_tool_works_in_is_read_too(repo: Path) -> None:
    write(repo / "inner" / "x.py", "")
    committed_repository(repo / "inner")
    git_in(repo / "inner", "config", "core.fsmonitor", "./prog")
    assert concern(job(repo, working_dir="inner"))


@pytest.mark.parametrize("later", [None, "./other.sh"], ids=["a new program", "another program"])
def test_a03_a_lasting_grant_ends_with_any_other_program_that_git_starts(
    repo: Path, later: str | None
) -> None:
    if later:
        git_in(repo, "config", "core.fsmonitor", "./prog")
    grant(job(repo))
    git_in(repo, "config", "branch.main.remote", "origin")
    assert preview(job(repo)).granted
    git_in(repo, "config", "core.fsmonitor", later or "./prog")
    assert "config (core.fsmonitor)" in preview(job(repo)).changed


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_a03_a_lasting_grant_is_bound_to_the_program_that_git_starts(
    tmp_path: Path, repo: Path, where: str
) -> None:
    program = {"inside": repo / "prog", "outside": tmp_path / "monitor.sh"}[where]
    change(program)
    git_in(repo, "config", "core.fsmonitor", str(program))
    grant(job(repo))
    assert program.name in facts(job(repo))["If trusted"]
    change(program)
    assert f"{program.name} has changed" in preview(job(repo)).changed


def test_a03_settings_of_git_that_cannot_be_read_need_a_grant(repo: Path) -> None:
    write(repo / ".git" / "config", "[core\n\tfsmonitor = ./prog\n")
    assert any("settings of git cannot be read" in each for each in launch_plan(job(repo)).concerns)


def test_a03_the_command_line_holds_a_coding_tool_whose_git_would_start_a_program(
    tmp_path: Path, repo: Path
) -> None:
    signalbox = CommandLine(tmp_path)
    git_in(repo, "config", "core.fsmonitor", "touch canary; false")
    task = {"tool": "claude", "job_id": "j", "prompt": "Mend it.", "paths": {"repo_root": str(repo)}}
    file = signalbox.file("a.json", task)
    assert "core.fsmonitor" in signalbox("submit", file, code=3, trust=False).err
    assert not (repo / "canary").exists()
