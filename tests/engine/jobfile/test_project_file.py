"""The project file: what it may say, where it is found, that errors name file, line and field."""

import os
from pathlib import Path

import pytest

from engine.errors import JobFileError
from engine.jobfile.project_file import (
    NO_PROJECT_FILE,
    PROJECT_FILE,
    parsed_project_file,
    project_of,
    project_problem,
)
from engine.jobfile.tool_registry import tool_problem
from tests.helpers.small_repository import small_repository


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


def errors(text: str) -> list[str]:
    with pytest.raises(JobFileError) as caught:
        parsed_project_file(text.encode(), PROJECT_FILE, tool_problem=tool_problem)
    return [str(error) for error in caught.value.every]


def settled(file: Path, text: str) -> None:
    """Write a file as if that was some time ago, except for the time that no program can set."""
    file.write_text(text)
    os.utime(file, (1_000_000_000, 1_000_000_000))


def test_a_repository_without_a_project_file_says_nothing(repo: Path, tmp_path: Path) -> None:
    assert project_of(repo) == NO_PROJECT_FILE
    assert project_of(tmp_path / "nowhere") == NO_PROJECT_FILE
    assert project_problem(repo) == ""


def test_the_project_file_is_at_the_top_of_the_repository_around_a_folder(repo: Path) -> None:
    (repo / PROJECT_FILE).write_text("target: develop\n")
    (repo / "src").mkdir()
    assert project_of(repo / "src").target == "develop"


def test_a_folder_without_git_has_a_project_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / PROJECT_FILE).write_text("carry: [.env]\n")
    assert project_of(tmp_path).carry == (".env",)


def test_a_changed_file_is_read_anew_be_it_changed_twice_within_one_tick(repo: Path) -> None:
    for number in range(50):
        settled(repo / PROJECT_FILE, f"target: t{number % 10}\n")
        assert project_of(repo).target == f"t{number % 10}"
    (repo / PROJECT_FILE).unlink()
    assert project_of(repo) == NO_PROJECT_FILE


def test_a_command_is_a_program_with_its_arguments_and_a_time_limit(repo: Path) -> None:
    (repo / PROJECT_FILE).write_text(
        "setup: {exe: make, args: [deps]}\ncheck: {exe: make, timeout_seconds: 5}\n"
    )
    project = project_of(repo)
    assert {field: (one.exe, one.args, one.timeout_seconds) for field, one in project.runs.items()} == {
        "setup": ("make", ("deps",), 600.0),
        "check": ("make", (), 5.0),
    }


def test_every_error_names_file_line_and_field() -> None:
    assert errors(
        "target: main\nsetup: {exe: make, arg: [x]}\nmerg: squash\ncarry: [../.env]\nfetch: perhaps\n"
    ) == [
        ".signalbox.yaml: line 2: setup.arg: is not a known key; did you mean args?",
        ".signalbox.yaml: line 3: merg: is not a known key; did you mean merge?",
        ".signalbox.yaml: line 4: carry[0]: must be a path inside the repository, without '..'",
        ".signalbox.yaml: line 5: fetch: should be a valid boolean, unable to interpret input, not 'perhaps'",
    ]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("signalbox/{run}", "needs {workstream}: each workstream has a branch of its own"),
        ("x/{job}/{workstream}", "{job} is not one of {run}, {workstream}"),
        ("x/{workstream", "{workstream is not one of {run}, {workstream}"),
        ("-x/{workstream}", "must not start with '-', because git would read it as an option"),
        ("a b/{workstream}", "'a b/{workstream}' is no name that git allows for a branch"),
        ("a..b/{workstream}", "'a..b/{workstream}' is no name that git allows for a branch"),
        ("{workstream}.lock", "'{workstream}.lock' is no name that git allows for a branch"),
        ("{workstream}/", "'{workstream}/' is no name that git allows for a branch"),
    ],
)
def test_a_template_that_gives_no_branch_is_refused(template: str, reason: str) -> None:
    assert errors(f"target: main\nbranch: '{template}'\n") == [f".signalbox.yaml: line 2: branch: {reason}"]


def test_a_tool_that_there_is_not_is_named_when_the_file_is_checked_and_costs_no_job() -> None:
    (error,) = errors("tools:\n  cluade: {model: opus}\n")
    assert error.startswith(".signalbox.yaml: line 2: tools.cluade: 'cluade' is not one of shell, tests, git")
    assert error.endswith("did you mean claude?")
    assert "cluade" in parsed_project_file(b"tools:\n  cluade: {model: opus}\n", PROJECT_FILE).tools


def test_accounts_and_variables_are_not_for_a_repository_to_set() -> None:
    found = errors(
        "tools:\n  claude:\n    accounts: {work: {config_folder: .claude}}\n    env: [AWS_SECRET_KEY]\n"
    )
    assert [error.split(": ", 2)[2] for error in found] == [
        "tools.claude.accounts: is not a known key",
        "tools.claude.env: is not a known key",
    ]


@pytest.mark.parametrize("text", ["[a]\n", "word\n"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    assert errors(text) == [".signalbox.yaml: line 1: is not a mapping of keys to values"]


def test_a_file_of_comments_says_nothing() -> None:
    assert parsed_project_file(b"# nothing yet\n", PROJECT_FILE) == NO_PROJECT_FILE


def test_a_link_a_pipe_and_a_huge_file_are_refused_without_waiting(repo: Path, tmp_path: Path) -> None:
    file = repo / PROJECT_FILE
    (tmp_path / "else.yaml").write_text("target: main\n")
    file.symlink_to(tmp_path / "else.yaml")
    assert "is a symbolic link" in project_problem(repo)
    file.unlink()
    os.mkfifo(file)
    assert "is not a regular file" in project_problem(repo)
    file.unlink()
    file.write_bytes(b"#" * (1024 * 1024 + 1))
    assert "is larger than 1 MB" in project_problem(repo)


def test_the_problem_is_a_sentence_that_begins_with_the_reason_and_ends_with_the_way_out(repo: Path) -> None:
    (repo / PROJECT_FILE).write_text("# ours\nreview: maybe\n")
    assert project_problem(repo) == (
        ".signalbox.yaml: line 2: review: 'maybe' is not one of required, none. "
        f"Correct the project file in {repo}; `signalbox validate {repo}/.signalbox.yaml` shows every error."
    )


def test_the_target_is_the_short_name_of_its_branch(repo: Path) -> None:
    (repo / PROJECT_FILE).write_text("target: refs/heads/release\n")
    assert project_of(repo).target == "release"
