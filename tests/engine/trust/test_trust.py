"""What a grant is bound to, what the file of grants survives, and what the card shows."""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.spec import JobSpec
from engine.system.home import Home, config_folder
from engine.trust.binding import Binding
from engine.trust.differences import differences
from engine.trust.launch import launch_plan, launch_plans
from engine.trust.launch_card import escaped, trust_card_text
from engine.trust.launch_plan import TASK, LaunchPlan
from engine.trust.policy import TrustPolicy, preview_launch
from engine.trust.repository_state import RepositoryStates
from engine.trust.trust_store import FILE, TrustStore, TrustStoreError
from state.records import HoldCause, Job, Origin


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
    fields_of_job = {"tool": "shell", "job_id": "j", "command": {"exe": "sh", "args": ["tools/gen.sh"]}}
    return job_from_mapping({**fields_of_job, "paths": {"repo_root": str(repo)}, **fields})


def agent(repo: Path, tool: str = "aider", **fields: Any) -> JobSpec:
    fields_of_job = {"tool": tool, "job_id": "j", "prompt": "Fix it.", "paths": {"repo_root": str(repo)}}
    return job_from_mapping({**fields_of_job, **fields})


# --- what a launch plan is ------------------------------------------------------------------------------------------


def test_a_script_given_to_an_interpreter_counts_as_what_runs(repo: Path) -> None:
    plan = launch_plan(job(repo))
    assert plan.script == str(repo / "tools" / "gen.sh")
    assert plan.script_print.startswith("sha256:")
    assert plan.exe_print == ""
    assert "runs tools/gen.sh of the repository" in plan.concerns


@pytest.mark.parametrize(
    ("exe", "args", "bound"),
    [
        ("./tools/gen.sh", [], "tools/gen.sh"),
        ("sh", ["-e", "tools/gen.sh"], "tools/gen.sh"),
        ("env", ["X=1", "sh", "tools/gen.sh"], "tools/gen.sh"),
        ("python3", ["-X", "dev", "tools/gen.sh"], "tools/gen.sh"),
        ("make", ["all"], "Makefile"),
    ],
)
def test_a_program_or_script_of_the_repository_is_reported_and_its_contents_are_bound(
    repo: Path, exe: str, args: list[str], bound: str
) -> None:
    (repo / "Makefile").write_text("all:\n", encoding="utf-8")
    if exe == "make":
        script(repo / "make", "true")  # a program of that name may be missing here
        exe = "./make"
    plan = launch_plan(job(repo, command={"exe": exe, "args": args}))
    bound_files = {plan.exe: plan.exe_print, **dict(plan.files)}
    assert bound_files[str(repo / bound)].startswith("sha256:")
    assert any("of the repository" in concern for concern in plan.concerns)


def test_code_given_inline_is_bound_by_the_arguments(repo: Path) -> None:
    plan = launch_plan(job(repo, command={"exe": sys.executable, "args": ["-c", "print(1)", "tools/gen.sh"]}))
    assert plan.script == ""
    assert plan.concerns == ("runs a command of its own", "names tools/gen.sh of the repository")
    assert plan.args == ("-c", "print(1)", "tools/gen.sh")


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
def test_a_switch_that_skips_approval_needs_a_grant_of_its_own(
    repo: Path, tool: str, extra: list[str]
) -> None:
    assert any(
        "runs without asking for approval" in concern
        for concern in launch_plan(agent(repo, tool, extra_args=extra)).concerns
    )
    assert launch_plan(agent(repo, tool)).concerns == ()


def test_the_python_of_the_repository_counts_as_its_program(repo: Path) -> None:
    python = repo / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    spec = job_from_mapping({"tool": "tests", "job_id": "t", "paths": {"repo_root": str(repo)}})
    plan = launch_plan(spec)
    assert plan.program == str(python)
    assert plan.exe == os.path.realpath(sys.executable)
    assert plan.concerns == ("runs .venv/bin/python of the repository",)


def test_prompt_and_files_change_from_job_to_job_and_everything_else_is_bound(repo: Path) -> None:
    first, second = agent(repo), agent(repo, prompt="Another task.", files=["a.py"], job_id="k")
    assert launch_plan(first).digest == launch_plan(second).digest
    assert launch_plan(first).args == (TASK,)
    for changed in (
        agent(repo, model="big"),
        agent(repo, extra_args=["--lint"]),
        agent(repo, env={"A": "1"}),
    ):
        assert launch_plan(changed).digest != launch_plan(first).digest


def test_a_harmless_variable_is_bound_by_its_name_and_every_other_by_its_value_too(repo: Path) -> None:
    assert (
        launch_plan(job(repo, env={"TZ": "UTC"})).digest == launch_plan(job(repo, env={"TZ": "CET"})).digest
    )
    for name in ("LD_PRELOAD", "PATH", "PYTHONPATH", "BASH_ENV", "GIT_SSH_COMMAND", "A"):
        one, other = launch_plan(job(repo, env={name: "/a"})), launch_plan(job(repo, env={name: "/b"}))
        assert one.digest != other.digest
        assert f"sets {name}" in one.concerns
    assert (
        launch_plan(job(repo, env={"K": "env:A"})).digest != launch_plan(job(repo, env={"K": "env:B"})).digest
    )


def test_a_grant_is_bound_to_every_tool_of_the_ladder(repo: Path) -> None:
    plans = launch_plans(agent(repo, metadata={"escalate_to": ["codex", "claude"]}))
    assert [plan.tool for plan in plans] == ["aider", "codex", "claude"]


def test_a_launch_plan_survives_json(repo: Path) -> None:
    plan = launch_plan(job(repo, env={"A": "1"}))
    assert LaunchPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


# --- S2: any change needs trust again -------------------------------------------------------------------------------


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
    ("change", "reason"),
    [
        (swap_script, "gen.sh has changed"),
        (swap_program, "run has changed"),
        (change_arguments, "the arguments differ"),
        (lead_elsewhere, "it starts in"),
        (replace_repository, "another folder is now where the repository was"),
        (add_variable, "the variables differ"),
    ],
)
def test_s02_what_changed_since_it_was_trusted_needs_trust_again_and_says_what_changed(
    repo: Path, grants: TrustStore, change: Callable[[Path], JobSpec], reason: str
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
    grants.grant(launch_plans(before))
    assert preview_launch(before, grants).granted
    preview = preview_launch(change(repo), grants)
    assert not preview.granted
    assert reason in preview.changed


def test_s02_trust_is_not_inherited_from_a_folder_above(
    repo: Path, grants: TrustStore, tmp_path: Path
) -> None:
    grants.grant(launch_plans(job(tmp_path, command={"exe": "true"})))
    assert not preview_launch(job(repo, command={"exe": "true"}), grants).granted


def test_differences_name_a_cause_and_not_what_follows_from_it(repo: Path) -> None:
    now = launch_plan(job(repo))
    assert differences(replace(now, program="/x/sh", exe="/x/sh"), now) == [f"the program was {now.program}"]
    assert differences(now, now) == []


# --- the file of grants ---------------------------------------------------------------------------------------------


def test_the_file_is_in_the_users_configuration_and_closed_to_others(
    repo: Path, grants: TrustStore, user_folders: Path
) -> None:
    mask = os.umask(0)
    try:
        grants.grant(launch_plans(job(repo)))
    finally:
        os.umask(mask)
    assert grants.file == user_folders / "config" / "signalbox" / FILE
    assert grants.folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o077 == 0 for file in grants.folder.iterdir())


def test_signalbox_config_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNALBOX_CONFIG", str(tmp_path / "mine"))
    assert config_folder() == tmp_path / "mine"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"format": 1, "grants": [{"at"', "is damaged"),
        (b"", "is damaged"),
        (b"[]", "is not a file of grants"),
        (b'{"format": 3, "grants": [], "jobs": {}}', "newer Signalbox"),
        (b'{"format": 1, "grants": [{"start": {}}], "jobs": {}}', "is not valid"),
        (b"[" * 100_000, "is damaged"),
    ],
)
def test_a_damaged_or_newer_file_grants_nothing_is_kept_and_reported(
    repo: Path, grants: TrustStore, content: bytes, reason: str
) -> None:
    grants.folder.mkdir(parents=True, mode=0o700)
    grants.file.write_bytes(content)
    grants.file.chmod(0o600)
    assert reason in grants.problem
    assert not preview_launch(job(repo), grants).granted
    with pytest.raises(TrustStoreError, match="Move it away"):
        grants.grant(launch_plans(job(repo)))
    assert grants.file.read_bytes() == content


def test_a_file_that_others_can_write_grants_nothing(repo: Path, grants: TrustStore) -> None:
    grants.grant(launch_plans(job(repo)))
    grants.file.chmod(0o666)
    fresh = TrustStore()
    assert "can be written by others" in fresh.problem
    assert not preview_launch(job(repo), fresh).granted


def test_a_file_that_is_a_link_grants_nothing(repo: Path, grants: TrustStore, tmp_path: Path) -> None:
    grants.grant(launch_plans(job(repo)))
    grants.file.rename(tmp_path / "mine.json")
    grants.file.symlink_to(tmp_path / "mine.json")
    assert TrustStore().problem
    assert not preview_launch(job(repo), TrustStore()).granted


def test_grants_of_another_process_are_seen(repo: Path, grants: TrustStore) -> None:
    assert not grants.covers(launch_plans(job(repo)))
    TrustStore().grant(launch_plans(job(repo)))
    assert grants.covers(launch_plans(job(repo)))


def test_a_revoked_grant_needs_trust_again(repo: Path, grants: TrustStore) -> None:
    grants.grant(launch_plans(job(repo)), source="gen.json")
    [grant] = grants.grants()
    assert grants.revoke([grant.grant_id]) == [grant]
    assert not preview_launch(job(repo), grants).granted
    assert grants.revoke(["nothing"]) == []


def test_a_grant_for_one_start_is_used_up_by_the_first_job_and_covers_its_retries(
    repo: Path, grants: TrustStore
) -> None:
    plans = launch_plans(job(repo))
    grants.grant(plans, binding=Binding.ONCE)
    states = RepositoryStates()
    assert grants.redeem("home", [("first", plans)], queued=lambda _ids: (), states=states) == [True]
    queued = {"first"}.intersection
    assert grants.redeem("home", [("second", plans)], queued=queued, states=states) == [False]
    assert grants.covers_job("home", "first", plans)
    assert not grants.covers_job("home", "second", plans)
    assert not grants.covers_job("another home", "first", plans)


def test_a_full_disk_grants_nothing(repo: Path, grants: TrustStore, monkeypatch: pytest.MonkeyPatch) -> None:
    grants.grant(launch_plans(job(repo)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.trust.trust_store.os.fsync", full)
    with pytest.raises(TrustStoreError, match="Nothing was granted"):
        grants.grant(launch_plans(agent(repo)))
    assert not grants.covers(launch_plans(agent(repo)))
    assert grants.covers(launch_plans(job(repo)))
    assert [file.name for file in grants.folder.iterdir() if file.name.startswith(".")] == []


# --- the trust policy -----------------------------------------------------------------------------------------------


def test_jobs_from_the_inbox_need_trust_and_jobs_a_person_added_do_not(repo: Path, tmp_path: Path) -> None:
    trust_policy = TrustPolicy(Home.at(tmp_path / "home").home_id())
    spec = job(repo)
    row = Job(job_id="j", run_id="r", ws_id="w")
    for origin in (Origin.WINDOW, Origin.COMMAND_LINE, Origin.API):
        assert trust_policy.objection(replace(row, origin=origin), spec) is None
    came = replace(row, origin=Origin.INBOX)
    held = trust_policy.objection(came, spec)
    assert held is not None
    assert held.cause is HoldCause.TRUST
    assert held.reason.startswith("needs trust: it runs a command of its own")
    trust_policy.allow(came, spec)
    assert trust_policy.objection(came, spec) is None
    script(repo / "tools" / "gen.sh", "echo something else")
    assert trust_policy.objection(came, spec) is not None


def test_a02_why_jobs_wait_is_found_out_before_anybody_is_kept_from_writing(
    repo: Path, grants: TrustStore, tmp_path: Path
) -> None:
    def jobs(word: str) -> list[JobSpec]:
        return [job(repo, command={"exe": "sh", "args": ["-c", f"echo {word}{one}"]}) for one in range(100)]

    grants.grant([plan for one in jobs("granted") for plan in launch_plans(one)], binding=Binding.ONCE)
    trust_policy, begun = TrustPolicy(Home.at(tmp_path / "home").home_id()), thread_time()
    holds = trust_policy.review(jobs("other"))
    reviewed = thread_time()
    assert all(hold is not None and "arguments differ" in hold.reason for hold in holds(lambda _ids: ()))
    assert thread_time() - reviewed < (reviewed - begun) / 5


# --- the card -------------------------------------------------------------------------------------------------------


def test_the_card_shows_every_argument_on_a_line_and_no_character_can_hide(
    repo: Path, grants: TrustStore
) -> None:
    nasty = "a\x1b[2K\u202eb\nc\\n"
    spec = job(repo, command={"exe": "sh", "args": ["tools/gen.sh", nasty]})
    card = trust_card_text(preview_launch(spec, grants, source="/drop/gen.json"), "gen\u202e.json")
    assert card.argv == (launch_plan(spec).program, "tools/gen.sh", "a\\e[2K\\u202eb\\nc\\\\n")
    assert all(word.isprintable() for word in (card.title, *card.argv))
    assert card.title == "gen\\u202e.json wants to run a command from the repository"
    assert card.script == str(repo / "tools" / "gen.sh")
    assert dict(card.facts)["From"] == "/drop/gen.json"
    assert dict(card.facts)["Changed"] == "you have not trusted this before"


def test_the_card_of_a_coding_tool_shows_the_task_the_keys_and_the_ladder(
    repo: Path, grants: TrustStore
) -> None:
    spec = agent(repo, env={"TOKEN": "env:MINE"}, metadata={"escalate_to": ["codex"]})
    card = trust_card_text(preview_launch(spec, grants), "j.json")
    facts = dict(card.facts)
    assert card.title == "j.json wants to let aider work in shop"
    assert (facts["Task"], facts["If it fails"]) == ("Fix it.", "codex")
    assert facts["May read"] == "PATH, HOME, LANG and the like, and the keys of aider and TOKEN=env:MINE"


def test_printable_text_is_not_escaped() -> None:
    assert escaped("C:\\path with spaces and ümläuts") == "C:\\path with spaces and ümläuts"


def test_threads_reading_at_the_same_time_all_see_what_was_granted(repo: Path, grants: TrustStore) -> None:
    plans = launch_plans(job(repo))
    grants.grant(plans)
    for _ in range(50):
        fresh = TrustStore()  # each has yet to read the file
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _number, fresh=fresh: fresh.covers(plans), range(16)))
        assert all(seen), "a job that was trusted would have been held"


def test_a_lock_that_cannot_be_taken_is_told_with_its_reason(repo: Path, grants: TrustStore) -> None:
    grants.folder.mkdir(parents=True, exist_ok=True)
    (grants.folder / "trust.lock").symlink_to(repo / "elsewhere")
    with pytest.raises(TrustStoreError, match=r"trust\.lock cannot be locked: .* Nothing was granted"):
        grants.grant(launch_plans(job(repo)))
