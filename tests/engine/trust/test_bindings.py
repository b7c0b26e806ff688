"""What a grant can be bound to, how that is shown, and what becomes of grants of before."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from engine.cli.root import app
from engine.jobfile.job_file_reader import job_from_mapping
from engine.trust.binding import Binding
from engine.trust.launch import launch_plan
from engine.trust.trust_store import TrustStore
from tests.helpers.command_line import CommandLine
from tests.helpers.trusted_repository import (
    change,
    grant,
    listed,
    preview,
    repository,
    shell,
    spec,
    write,
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return repository(tmp_path)


# --- a program that loads nothing -----------------------------------------------------------------------------------


def test_a_program_that_loads_nothing_is_bound_to_the_files_it_names_alone(repo: Path) -> None:
    granted = spec(repo, "cat", "run.py")
    grant(granted)
    assert preview(granted).lasting is Binding.FILES
    change(repo / "other.py")
    assert preview(granted).granted
    change(repo / "run.py")
    assert not preview(granted).granted


# --- whatever the repository holds ----------------------------------------------------------------------------------


def test_a_command_trusted_whatever_the_repository_holds_starts_after_any_change_and_is_listed_as_such(
    tmp_path: Path, repo: Path
) -> None:
    signalbox = CommandLine(tmp_path)
    file = signalbox.file("a.json", shell(repo, ["sh", "run.sh"], job_id="a"))
    answer = signalbox("trust", "grant", file, "--whatever-the-repository-holds")
    assert "Trusted whatever the repository holds, until you revoke it." in answer.out
    change(repo / "run.sh")
    change(repo / "other.sh")
    signalbox("submit", file, trust=False)
    assert "whatever the repository holds" in listed()
    [one] = json.loads(listed("--json"))["grants"]
    assert one["binding"] == "anything"
    other = signalbox.file("b.json", shell(repo, ["sh", "run.sh", "-x"], job_id="b"))
    assert "the arguments differ" in signalbox("submit", other, code=3, trust=False).err
    assert CliRunner().invoke(app, ["trust", "revoke", one["grant"]]).exit_code == 0
    signalbox(
        "submit", signalbox.file("c.json", shell(repo, ["sh", "run.sh"], job_id="c")), code=3, trust=False
    )


def test_the_command_line_says_what_a_grant_is_bound_to(tmp_path: Path, repo: Path) -> None:
    signalbox = CommandLine(tmp_path)
    for words, binding in ((["cat", "run.py"], "files"), (["make"], "repository")):
        file = signalbox.file("a.json", shell(repo, words))
        [shown] = json.loads(signalbox("trust", "show", file, "--json").out)
        assert shown["binding"] == binding
        assert "Trusted as it is now: any change of the " in signalbox("trust", "grant", file).out
    assert "it may load any file of the repository" in signalbox("trust", "show", file).out
    assert "runs Makefile" not in signalbox("trust", "show", file).out
    signalbox("trust", "grant", file, "--once", "--whatever-the-repository-holds", code=2)


# --- grants of before -----------------------------------------------------------------------------------------------


def of_first_format(plan: Any, *, once: bool = False) -> dict[str, Any]:
    saved = plan.to_json()
    for name in ("files", "folders", "loads_any", "state", "unbound"):
        del saved[name]
    return {"at": 1.0, "source": "a.json", "once": once, "start": saved}


def test_grants_of_before_ask_again_where_they_bound_too_little_and_hold_elsewhere(
    repo: Path,
) -> None:
    agent = job_from_mapping(
        {"tool": "aider", "job_id": "j", "prompt": "Mend it.", "paths": {"repo_root": str(repo)}}
    )
    making, plain = spec(repo, "make", "-f", "rules.mk"), spec(repo, "true")
    old = [of_first_format(launch_plan(each)) for each in (agent, making, plain)]
    store = TrustStore()
    store.folder.mkdir(parents=True, mode=0o700)
    store.file.write_text(json.dumps({"format": 1, "grants": old, "jobs": {"h/j": ["digest"]}}))
    store.file.chmod(0o600)
    assert store.problem == ""
    assert preview(agent).granted
    assert preview(plain).granted
    assert not preview(making).granted
    assert preview(making).changed == "it was trusted before Signalbox bound all that it may load"
    grants = json.loads(listed("--json"))["grants"]
    assert [each["needs_new_grant"] for each in grants] == [False, True, False]
    assert "granted before Signalbox bound all it may load" in listed()
    grant(making)
    assert json.loads(store.file.read_text())["format"] == 2
    assert preview(agent).granted


def test_a02_the_card_of_a_folder_without_git_speaks_of_the_folder_and_counts_its_files(
    tmp_path: Path,
) -> None:
    signalbox, folder = CommandLine(tmp_path), tmp_path / "plain"
    folder.mkdir()
    for number in range(3):
        write(folder / f"{number}.py", "pass\n")
    outside = signalbox.file("job.json", shell(folder, ["python3", "0.py"]))
    (folder / "job.json").write_bytes(outside.read_bytes())
    counts = {outside: "all 4 files of the folder", folder / "job.json": "all 3 files of the folder besides"}
    for file, count in counts.items():
        card = " ".join(signalbox("trust", "show", file).out.split())
        assert count in card
        assert "any file of the folder" in card
        assert "any file of the repository" not in card


def test_a03_concerns_of_one_kind_are_one_clause(repo: Path) -> None:
    several = {"CC": "x", "X": "1", "Y": "2", "A": "keyring:s/a", "B": "keyring:s/b"}
    found = launch_plan(spec(repo, "python3", "run.py", env=several)).concerns
    assert "sets A, B, CC, X and Y" in found
    assert "reads s/a and s/b from the keyring" in found
    assert len([each for each in found if each.startswith("sets ")]) == 1


def test_a19_commands_on_trust_and_validate_take_a_home_like_every_other(tmp_path: Path, repo: Path) -> None:
    signalbox = CommandLine(tmp_path)
    file = signalbox.file("a.json", shell(repo, ["python3", "run.py"]))
    signalbox("trust", "grant", file)
    [found] = signalbox("trust", "list", "--json").json["grants"]
    signalbox("validate", file)
    signalbox("trust", "revoke", found["grant"])
    assert signalbox("trust", "list", "--json").json["grants"] == []
