"""The project file on the command line: validate and doctor."""

from pathlib import Path

import pytest

from engine.jobfile.project_file import PROJECT_FILE
from tests.helpers.command_line import CommandLine, python
from tests.helpers.small_repository import small_repository

GOOD = "setup: {exe: make, args: [deps]}\ncheck: {exe: make}\n"
BAD = "target: main\nsetup: {exe: make, timeout: 5}\ntools: {cluade: {}}\n"


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return small_repository(tmp_path / "repo")


def test_validate_knows_a_project_file_by_its_name_and_by_its_folder(
    signalbox: CommandLine, repo: Path
) -> None:
    file = repo / PROJECT_FILE
    file.write_text(GOOD)
    sentence = f"{file}: a valid project file, setup runs make deps, check runs make\n"
    assert signalbox("validate", file).out == sentence
    assert signalbox("validate", repo).out == sentence
    answer = signalbox("validate", "--json", repo).json
    assert answer == {
        "valid": [{"file": str(file), "kind": "project", "title": "repo", "jobs": 0}],
        "errors": [],
    }


def test_validate_reports_every_error_of_a_project_file_with_its_line(
    signalbox: CommandLine, repo: Path
) -> None:
    file = repo / PROJECT_FILE
    file.write_text(BAD)
    refused = signalbox("validate", repo, code=2)
    assert f"{file}:2: setup.timeout: is not a known key; did you mean timeout_seconds?" in refused.err
    assert f"{file}:3: tools.cluade: 'cluade' is not one of shell" in refused.err
    errors = signalbox("validate", "--json", file, code=2).json["errors"]
    assert [(error["line"], error["field"]) for error in errors] == [
        (2, "setup.timeout"),
        (3, "tools.cluade"),
    ]


def test_validate_of_a_folder_checks_its_job_files_too(signalbox: CommandLine, repo: Path) -> None:
    (repo / PROJECT_FILE).write_text(GOOD)
    (repo / "a.yaml").write_text("tool: shell\ncommand: {exe: 'true'}\n")
    lines = signalbox("validate", repo).out.splitlines()
    assert {line.split(": ")[0] for line in lines} == {str(repo / PROJECT_FILE), str(repo / "a.yaml")}


def test_validate_of_a_project_file_that_is_missing_says_so(signalbox: CommandLine, repo: Path) -> None:
    assert "No such file" in signalbox("validate", repo / PROJECT_FILE, code=2).err


def test_doctor_checks_the_project_files_of_repositories_with_open_workstreams_alone(
    signalbox: CommandLine, repo: Path, tmp_path: Path
) -> None:
    done = small_repository(tmp_path / "done")
    for folder in (repo, done):
        (folder / PROJECT_FILE).write_text(BAD)
    for name, folder, more in (("a", repo, ["--hold"]), ("b", done, ["--hold"])):
        job = python("", name, paths={"repo_root": str(folder)})
        signalbox("submit", signalbox.file(f"{name}.json", job), *more)
    signalbox("cancel", "b")
    found = [one for one in signalbox("doctor", "--json", code=1).json if one["topic"] == "project file"]
    assert {one["level"] for one in found} == {"problem"}
    assert [one["text"].split(": ", 3)[:3] for one in found] == [
        [f"{repo}/.signalbox.yaml", "line 2", "setup.timeout"],
        [f"{repo}/.signalbox.yaml", "line 3", "tools.cluade"],
    ]


def test_doctor_says_which_command_of_a_project_file_cannot_be_started(
    signalbox: CommandLine, repo: Path
) -> None:
    (repo / PROJECT_FILE).write_text("setup: {exe: ./setup.sh}\ncheck: {exe: git}\n")
    job = python("", "a", paths={"repo_root": str(repo)})
    signalbox("submit", signalbox.file("a.json", job), "--hold")
    (found,) = (one for one in signalbox("doctor", "--json", code=1).json if one["topic"] == "project file")
    assert found["text"].startswith(f"{repo}/.signalbox.yaml: setup: ")
    (repo / "setup.sh").write_text("#!/bin/sh\n")
    (repo / "setup.sh").chmod(0o755)
    (found,) = (one for one in signalbox("doctor", "--json").json if one["topic"] == "project file")
    assert (found["level"], found["text"]) == (
        "ok",
        f"{repo}/.signalbox.yaml is valid, and 2 commands of it can be started",
    )
