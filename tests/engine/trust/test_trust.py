"""What a grant is bound to, what the file of grants survives, and what the card tells."""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.system.home import Home
from engine.trust.launch import TASK, LaunchPlan, differences, start_of, starts_of
from engine.trust.launch_card import card_of, escaped
from engine.trust.policy import TrustPolicy, look_at
from engine.trust.trust_store import FILE, TrustStore, TrustStoreError, default_folder
from state.records import Job, Origin


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    (made / "tools").mkdir(parents=True)
    script(made / "tools" / "gen.sh", "echo generated")
    return made


@pytest.fixture
def grants() -> TrustStore:
    return TrustStore()


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def job(repo: Path, **fields: Any) -> JobSpec:
    said = {"tool": "shell", "job_id": "j", "command": {"exe": "sh", "args": ["tools/gen.sh"]}}
    return job_from_mapping({**said, "paths": {"repo_root": str(repo)}, **fields})


def agent(repo: Path, tool: str = "aider", **fields: Any) -> JobSpec:
    said = {"tool": tool, "job_id": "j", "prompt": "Mend it.", "paths": {"repo_root": str(repo)}}
    return job_from_mapping({**said, **fields})


# --- what a start is ------------------------------------------------------------------------------------------------


def test_the_script_an_interpreter_is_given_counts_as_what_runs(repo: Path) -> None:
    start = start_of(job(repo))
    assert start.script == str(repo / "tools" / "gen.sh")
    assert start.script_print.startswith("sha256:")
    assert start.exe_print == ""
    assert "runs tools/gen.sh of the repository" in start.concerns


@pytest.mark.parametrize(
    ("exe", "args", "bound"),
    [
        ("./tools/gen.sh", [], "exe_print"),
        ("sh", ["-e", "tools/gen.sh"], "script_print"),
        ("env", ["X=1", "sh", "tools/gen.sh"], "script_print"),
        ("python3", ["-X", "dev", "tools/gen.sh"], "script_print"),
        ("make", ["all"], "script_print"),
    ],
)
def test_a_program_or_script_of_the_repository_is_told_and_its_contents_are_bound(
    repo: Path, exe: str, args: list[str], bound: str
) -> None:
    (repo / "Makefile").write_text("all:\n", encoding="utf-8")
    if exe == "make":
        script(repo / "make", "true")  # a program of that name may be missing here
        exe = "./make"
    start = start_of(job(repo, command={"exe": exe, "args": args}))
    assert start.to_json()[bound].startswith("sha256:")
    assert any("of the repository" in concern for concern in start.concerns)


def test_code_given_inline_is_bound_by_the_arguments(repo: Path) -> None:
    start = start_of(job(repo, command={"exe": sys.executable, "args": ["-c", "print(1)", "tools/gen.sh"]}))
    assert start.script == ""
    assert start.concerns == ("runs a command of its own",)
    assert start.args == ("-c", "print(1)", "tools/gen.sh")


@pytest.mark.parametrize(
    ("tool", "extra"),
    [
        ("aider", ["--yes-always"]),
        ("claude", ["--dangerously-skip-permissions"]),
        ("claude", ["--permission-mode", "bypassPermissions"]),
        ("gemini", ["--yolo"]),
        ("gemini", ["--approval-mode", "yolo"]),
        ("codex", ["-s", "danger-full-access"]),
        ("codex", ["-c", "sandbox_mode=danger-full-access"]),
        ("codex", ["--dangerously-bypass-approvals-and-sandbox"]),
    ],
)
def test_a_switch_that_asks_nobody_needs_a_grant_of_its_own(repo: Path, tool: str, extra: list[str]) -> None:
    assert any(
        "is told to ask nobody" in concern
        for concern in start_of(agent(repo, tool, extra_args=extra)).concerns
    )
    assert start_of(agent(repo, tool)).concerns == ()


def test_the_python_of_the_repository_counts_as_a_program_of_it(repo: Path) -> None:
    python = repo / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    spec = job_from_mapping({"tool": "tests", "job_id": "t", "paths": {"repo_root": str(repo)}})
    start = start_of(spec)
    assert start.program == str(python)
    assert start.exe == os.path.realpath(sys.executable)
    assert start.concerns == ("runs .venv/bin/python of the repository",)


def test_prompt_and_files_change_from_job_to_job_and_everything_else_is_bound(repo: Path) -> None:
    first, second = agent(repo), agent(repo, prompt="Another task.", files=["a.py"], job_id="k")
    assert start_of(first).digest == start_of(second).digest
    assert start_of(first).args == (TASK,)
    for changed in (
        agent(repo, model="big"),
        agent(repo, extra_args=["--lint"]),
        agent(repo, env={"A": "1"}),
    ):
        assert start_of(changed).digest != start_of(first).digest


def test_a_variable_is_bound_by_its_name_and_one_that_steers_by_its_value_too(repo: Path) -> None:
    assert start_of(job(repo, env={"A": "1"})).digest == start_of(job(repo, env={"A": "2"})).digest
    for name in ("LD_PRELOAD", "PATH", "PYTHONPATH", "BASH_ENV", "GIT_SSH_COMMAND"):
        one, other = start_of(job(repo, env={name: "/a"})), start_of(job(repo, env={name: "/b"}))
        assert one.digest != other.digest
        assert f"sets {name}" in one.concerns
    assert start_of(job(repo, env={"K": "env:A"})).digest != start_of(job(repo, env={"K": "env:B"})).digest


def test_a_ladder_is_bound_rung_by_rung(repo: Path) -> None:
    starts = starts_of(agent(repo, metadata={"escalate_to": ["codex", "claude"]}))
    assert [start.tool for start in starts] == ["aider", "codex", "claude"]


def test_a_start_survives_json(repo: Path) -> None:
    start = start_of(job(repo, env={"A": "1"}))
    assert LaunchPlan.from_json(json.loads(json.dumps(start.to_json()))) == start


# --- S2: any change asks again --------------------------------------------------------------------------------------


def swap_script(repo: Path) -> JobSpec:
    script(repo / "tools" / "gen.sh", "echo something else")
    return job(repo)


def swap_program(repo: Path) -> JobSpec:
    script(repo / "run", "echo other")
    return job(repo, command={"exe": "./run"})


def change_arguments(repo: Path) -> JobSpec:
    return job(repo, command={"exe": "sh", "args": ["tools/gen.sh", "--all"]})


def lead_elsewhere(repo: Path) -> JobSpec:
    other = repo / "elsewhere"
    (other / "tools").mkdir(parents=True)
    script(other / "tools" / "gen.sh", "echo generated")
    (repo / "work").unlink()
    (repo / "work").symlink_to(other)
    return job(repo, paths={"repo_root": str(repo), "working_dir": "work"})


def replace_repository(repo: Path) -> JobSpec:
    repo.rename(repo.with_name("old"))
    (repo / "tools").mkdir(parents=True)
    script(repo / "tools" / "gen.sh", "echo generated")
    return job(repo)


def add_variable(repo: Path) -> JobSpec:
    return job(repo, env={"EXTRA": "1"})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (swap_script, "gen.sh has changed"),
        (swap_program, "run has changed"),
        (change_arguments, "the arguments differ"),
        (lead_elsewhere, "it starts in"),
        (replace_repository, "another folder lies where the repository was"),
        (add_variable, "the variables differ"),
    ],
)
def test_s02_what_was_trusted_and_has_changed_asks_again_and_says_what_changed(
    repo: Path, grants: TrustStore, change: Callable[[Path], JobSpec], told: str
) -> None:
    before = job(repo)
    if change is swap_program:
        script(repo / "run", "echo one")
        before = job(repo, command={"exe": "./run"})
    if change is lead_elsewhere:
        (repo / "same").mkdir()
        (repo / "same" / "tools").symlink_to(repo / "tools")
        (repo / "work").symlink_to(repo / "same")
        before = job(repo, paths={"repo_root": str(repo), "working_dir": "work"})
    grants.grant(starts_of(before))
    assert look_at(before, grants).granted
    look = look_at(change(repo), grants)
    assert not look.granted
    assert told in look.changed


def test_s02_trust_is_not_inherited_from_a_folder_above(
    repo: Path, grants: TrustStore, tmp_path: Path
) -> None:
    grants.grant(starts_of(job(tmp_path, command={"exe": "true"})))
    assert not look_at(job(repo, command={"exe": "true"}), grants).granted


def test_differences_name_a_cause_and_not_what_follows_from_it(repo: Path) -> None:
    now = start_of(job(repo))
    assert differences(replace(now, program="/x/sh", exe="/x/sh"), now) == [f"the program was {now.program}"]
    assert differences(now, now) == []


# --- the file of grants ---------------------------------------------------------------------------------------------


def test_the_file_lies_in_the_users_configuration_and_is_closed_to_others(
    repo: Path, grants: TrustStore, user_folders: Path
) -> None:
    mask = os.umask(0)
    try:
        grants.grant(starts_of(job(repo)))
    finally:
        os.umask(mask)
    assert grants.file == user_folders / "config" / "signalbox" / FILE
    assert grants.folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in grants.folder.iterdir())


def test_signalbox_config_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALBOX_CONFIG", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"format": 1, "grants": [{"at"', "is torn"),
        (b"", "is torn"),
        (b"[]", "is no file of grants"),
        (b'{"format": 2, "grants": [], "jobs": {}}', "newer Signalbox"),
        (b'{"format": 1, "grants": [{"start": {}}], "jobs": {}}', "cannot be understood"),
        (b"[" * 100_000, "is torn"),
    ],
)
def test_a_torn_or_newer_file_grants_nothing_is_kept_and_said(
    repo: Path, grants: TrustStore, content: bytes, told: str
) -> None:
    grants.folder.mkdir(parents=True, mode=0o700)
    grants.file.write_bytes(content)
    grants.file.chmod(0o600)
    assert told in grants.problem
    assert not look_at(job(repo), grants).granted
    with pytest.raises(TrustStoreError, match="Move it away"):
        grants.grant(starts_of(job(repo)))
    assert grants.file.read_bytes() == content


def test_a_file_that_others_can_write_grants_nothing(repo: Path, grants: TrustStore) -> None:
    grants.grant(starts_of(job(repo)))
    grants.file.chmod(0o666)
    fresh = TrustStore()
    assert "can be written by others" in fresh.problem
    assert not look_at(job(repo), fresh).granted


def test_a_file_that_is_a_link_grants_nothing(repo: Path, grants: TrustStore, tmp_path: Path) -> None:
    grants.grant(starts_of(job(repo)))
    grants.file.rename(tmp_path / "mine.json")
    grants.file.symlink_to(tmp_path / "mine.json")
    assert TrustStore().problem
    assert not look_at(job(repo), TrustStore()).granted


def test_grants_of_another_process_are_seen(repo: Path, grants: TrustStore) -> None:
    assert not grants.covers(starts_of(job(repo)))
    TrustStore().grant(starts_of(job(repo)))
    assert grants.covers(starts_of(job(repo)))


def test_a_revoked_grant_asks_again(repo: Path, grants: TrustStore) -> None:
    grants.grant(starts_of(job(repo)), source="gen.json")
    [grant] = grants.grants()
    assert grants.revoke([grant.grant_id]) == [grant]
    assert not look_at(job(repo), grants).granted
    assert grants.revoke(["nothing"]) == []


def test_a_grant_for_once_is_used_up_by_the_first_job_and_covers_its_retries(
    repo: Path, grants: TrustStore
) -> None:
    starts = starts_of(job(repo))
    grants.grant(starts, once=True)
    assert grants.take("home", "first", starts)
    assert not grants.take("home", "second", starts)
    assert grants.covers_job("home", "first", starts)
    assert not grants.covers_job("home", "second", starts)
    assert not grants.covers_job("another home", "first", starts)


def test_a_full_disk_grants_nothing(repo: Path, grants: TrustStore, monkeypatch: pytest.MonkeyPatch) -> None:
    grants.grant(starts_of(job(repo)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.trust.trust_store.os.fsync", full)
    with pytest.raises(TrustStoreError, match="Nothing was granted"):
        grants.grant(starts_of(agent(repo)))
    assert not grants.covers(starts_of(agent(repo)))
    assert grants.covers(starts_of(job(repo)))
    assert [file.name for file in grants.folder.iterdir() if file.name.startswith(".")] == []


# --- the gatekeeper -------------------------------------------------------------------------------------------------


def test_what_a_person_committed_is_not_asked_about_and_what_came_by_the_inbox_is(
    repo: Path, tmp_path: Path
) -> None:
    gatekeeper = TrustPolicy(Home.at(tmp_path / "home").home_id())
    spec = job(repo)
    row = Job(job_id="j", run_id="r", ws_id="w")
    for origin in (Origin.WINDOW, Origin.COMMAND_LINE, Origin.API):
        assert gatekeeper.objection(replace(row, origin=origin), spec) == ""
    came = replace(row, origin=Origin.INBOX)
    assert gatekeeper.objection(came, spec).startswith("needs trust: it runs a command of its own")
    gatekeeper.allow(came, spec)
    assert gatekeeper.objection(came, spec) == ""
    script(repo / "tools" / "gen.sh", "echo something else")
    assert gatekeeper.objection(came, spec).startswith("needs trust: ")


# --- the card -------------------------------------------------------------------------------------------------------


def test_the_card_shows_every_word_on_a_line_and_no_character_can_hide(
    repo: Path, grants: TrustStore
) -> None:
    nasty = "a\x1b[2K\u202eb\nc\\n"
    spec = job(repo, command={"exe": "sh", "args": ["tools/gen.sh", nasty]})
    card = card_of(look_at(spec, grants, source="/drop/gen.json"), "gen\u202e.json")
    assert card.argv == (start_of(spec).program, "tools/gen.sh", "a\\e[2K\\u202eb\\nc\\\\n")
    assert all(word.isprintable() for word in (card.title, *card.argv))
    assert card.title == "gen\\u202e.json wants to run a command from the repository"
    assert card.script == str(repo / "tools" / "gen.sh")
    assert dict(card.facts)["From"] == "/drop/gen.json"
    assert dict(card.facts)["Changed"] == "you have not trusted this before"


def test_the_card_of_a_coding_tool_tells_the_task_the_keys_and_the_ladder(
    repo: Path, grants: TrustStore
) -> None:
    spec = agent(repo, env={"TOKEN": "env:MINE"}, metadata={"escalate_to": ["codex"]})
    card = card_of(look_at(spec, grants), "j.json")
    facts = dict(card.facts)
    assert card.title == "j.json wants to let aider work in shop"
    assert (facts["Task"], facts["If it fails"]) == ("Mend it.", "codex")
    assert facts["May read"] == "PATH, HOME, LANG and the like, the keys of aider, and TOKEN=env:MINE"


def test_text_that_shows_as_it_is_stays_as_it_is() -> None:
    assert escaped("C:\\path with spaces and ümläuts") == "C:\\path with spaces and ümläuts"


def test_threads_that_look_at_the_same_time_all_see_what_was_granted(repo: Path, grants: TrustStore) -> None:
    starts = starts_of(job(repo))
    grants.grant(starts)
    for _ in range(50):
        fresh = TrustStore()  # each has yet to read the file
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _number, fresh=fresh: fresh.covers(starts), range(16)))
        assert all(seen), "a job that was trusted would have been held"
