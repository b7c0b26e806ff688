"""`signalbox new`: lists templates, and makes job files of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import CommandLine
from tests.helpers.patience import PATIENCE_S

LINES = """template:
  title: Count lines
  parameters:
    file: {type: path, help: The file to count.}
    wide: {type: boolean, default: false}
tool: shell
command: {exe: wc, args: [-l, '{{ file }}', '{{ wide }}']}
"""


@pytest.fixture
def signalbox(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo" / ".signalbox" / "templates"
    folder.mkdir(parents=True)
    (folder / "lines.yaml").write_text(LINES)
    (tmp_path / "repo" / ".git").mkdir()
    return tmp_path / "repo"


def test_new_lists_the_templates_with_their_parameters_and_what_is_wrong(
    signalbox: CommandLine, repo: Path
) -> None:
    broken = repo / ".signalbox" / "templates" / "broken.yaml"
    broken.write_text("template: {title: x, titel: x}\n")
    listed = signalbox("new", "--repo", repo)
    assert "lines               repository  Count lines         file [wide]" in listed.out
    assert "fix-an-issue        shipped" in listed.out
    assert f"{broken}: line 1: template.titel: is not a known key; did you mean title?" in listed.err
    answer = signalbox("new", "--repo", repo, "--json").json
    assert [one["name"] for one in answer["templates"]] == [
        "fix-a-failing-test",
        "fix-an-issue",
        "lines",
        "nightly-tests",
        "run-a-command",
        "run-the-tests",
    ]
    assert answer["templates"][2]["parameters"]["file"]["type"] == "path"
    assert answer["errors"][0]["file"] == str(broken)


def test_new_writes_a_job_file_into_the_inbox(signalbox: CommandLine, repo: Path) -> None:
    done = signalbox("new", "lines", "--set", "file=a; rm -rf x", "--repo", repo)
    (file,) = (signalbox.home.inbox).glob("*.json")
    assert str(file) in done.out
    job = json.loads(file.read_text())
    assert job["command"] == {"exe": "wc", "args": ["-l", "a; rm -rf x", "false"]}
    assert job["paths"]["repo_root"] == str(repo)
    assert file.stat().st_mode & 0o077 == 0


def test_a_dry_run_prints_the_file_and_writes_nothing(signalbox: CommandLine, repo: Path) -> None:
    printed = signalbox("new", "lines", "--set", "file=a.py", "--repo", repo, "--dry-run")
    assert json.loads(printed.out)["tool"] == "shell"
    assert list((signalbox.home.inbox).glob("*.json")) == []


def test_an_output_file_is_queued_by_submit_and_never_overwritten(
    signalbox: CommandLine, repo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "made.json"
    words = ("new", "lines", "--set", "file=a.py", "--repo", repo, "--output", file)
    signalbox(*words)
    before = file.read_text()
    assert "exists already" in signalbox(*words, code=2).err
    assert file.read_text() == before
    signalbox("submit", "--hold", file)
    assert [job["job_id"] for job in signalbox("jobs", "--json").json] == [json.loads(before)["job_id"]]


def test_missing_parameters_are_named_with_their_types_where_nobody_can_be_asked(
    signalbox: CommandLine, repo: Path
) -> None:
    refused = signalbox("new", "lines", "--set", "wide=maybe", "--repo", repo, code=2)
    assert "lines: file (path) is missing. The file to count." in refused.err
    assert "lines: wide (true or false) should be true or false, not 'maybe'." in refused.err
    assert "give values with --set KEY=VALUE" in refused.err
    assert list((signalbox.home.inbox).glob("*.json")) == []


def test_validate_checks_a_template_and_submit_refuses_it(
    signalbox: CommandLine, repo: Path, tmp_path: Path
) -> None:
    file = repo / ".signalbox" / "templates" / "lines.yaml"
    assert signalbox("validate", file).out == f"{file}: a valid template with 2 parameters\n"
    bad = tmp_path / "bad.yaml"
    bad.write_text(LINES + "metadata: {retries: 3}\n")
    assert f"{bad}:8: metadata.retries: is not a known key" in signalbox("validate", bad, code=2).err
    assert "is a template; `signalbox new`" in signalbox("submit", file, code=2).err


def test_at_a_terminal_a_missing_value_is_asked_for(signalbox: CommandLine, repo: Path) -> None:
    ours, terminal = os.openpty()
    words = ("new", "lines", "--repo", str(repo), "--dry-run", "--home", str(signalbox.home.root))
    with subprocess.Popen(
        [sys.executable, "-m", "engine", *words], stdin=terminal, stdout=subprocess.PIPE, text=True
    ) as started:
        os.write(ours, b"src/cart.py\n")
        out, _ = started.communicate(timeout=PATIENCE_S)
    os.close(terminal)
    os.close(ours)
    assert started.returncode == 0
    assert "file (path):" in out
    assert json.loads(out[out.index("{") :])["command"]["args"][1] == "src/cart.py"
