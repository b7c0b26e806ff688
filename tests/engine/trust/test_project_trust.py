"""What a project file has run is trusted like any content of the repository, and a grant holds in its worktrees."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.jobfile.job_file_reader import job_from_mapping
from engine.jobfile.project_file import PROJECT_FILE
from engine.jobfile.spec import JobSpec
from engine.system.home import Home
from engine.trust.launch import launch_plans
from engine.trust.launch_card import trust_card_text
from engine.trust.launch_plan import OF_PROJECT, concerns_of
from engine.trust.placed_jobs import PlacedJob, as_in_repository, placed_plans
from engine.trust.policy import TrustPolicy
from engine.types import TreeContext
from state.records import HoldCause, Job, JobHold, Origin
from tests.helpers.attempts import git_caller
from tests.helpers.small_repository import small_repository

SETUP = "setup: {exe: sh, args: [scripts/setup.sh]}\n"
ALL = SETUP + "teardown: {exe: sh, args: [scripts/down.sh]}\ncheck: {exe: make, args: [test]}\n"


class Stage:
    """A repository, the worktree of a workstream, and the trust policy of a home."""

    def __init__(self, folder: Path) -> None:
        self.repo = small_repository(folder / "repo")
        self.git = git_caller(self.repo)
        self.home = Home.at(folder / "home")
        self.tree = self.home.root / "worktrees" / "r" / "w"
        self.policy = TrustPolicy(self.home.home_id(), home=self.home.root)
        self.base = ""

    def commit(self, **files: str) -> None:
        for name, text in files.items():
            path = self.repo / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A", "-f")
        self.git("commit", "-qm", "more")

    def make_tree(self) -> None:
        self.base = self.git("rev-parse", "HEAD").strip()
        self.git("worktree", "add", "-q", "-b", "signalbox/r/w", str(self.tree))

    def job(self, tool: str = "claude", root: Path | None = None, **fields: Any) -> JobSpec:
        prompt = {"prompt": "Mend it."} if tool == "claude" else {}
        paths = {"repo_root": str(root or self.repo)}
        return job_from_mapping({"tool": tool, "job_id": "j", **prompt, "paths": paths, **fields})

    def shell(self, *words: str, root: Path | None = None) -> JobSpec:
        return self.job("shell", root, command={"exe": words[0], "args": list(words[1:])})

    def placed(self, spec: JobSpec, **more: Any) -> PlacedJob:
        there = spec.evolve(paths=spec.paths.model_copy(update={"repo_root": str(self.tree)}))
        return PlacedJob.of(there, self.worktree(**more))

    def worktree(self, *, is_set_up: bool = True) -> TreeContext:
        setup = () if is_set_up else ("sh", "scripts/setup.sh")
        return TreeContext(
            run_id="r",
            ws_id="w",
            job_id="j",
            path=self.tree,
            setup=setup,
            repo=self.repo,
            base_commit=self.base,
        )

    def arrives(self, spec: JobSpec) -> JobHold | None:
        """Why a job of the inbox is held when it comes in."""
        return self.policy.review([spec])(lambda _ids: ())[0]

    def starts(self, spec: JobSpec, **more: Any) -> JobHold | None:
        """Why a job of the inbox is held just before its start in the worktree."""
        row = Job(job_id=spec.job_id, run_id="r", ws_id="w", tool=spec.tool, origin=Origin.INBOX)
        placed = self.placed(spec, **more)
        return self.policy.objection(row, spec, placed=placed.spec, worktree=self.worktree(**more))

    def trust(self, spec: JobSpec) -> None:
        self.policy.grants.grant(self.policy.preview(spec).plans)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def with_setup(stage: Stage, text: str = SETUP) -> None:
    stage.commit(
        scripts__setup_dot_sh="echo one\n", scripts__down_dot_sh="echo down\n", _dot_signalbox_dot_yaml=text
    )


# --- what the project file has run ------------------------------------------------------------------------------


def test_each_command_of_the_project_file_is_a_concern_of_its_own_and_a_line_of_the_card(
    stage: Stage,
) -> None:
    with_setup(stage, ALL)
    assert concerns_of(launch_plans(stage.job())) == (
        "runs scripts/setup.sh of the repository",
        OF_PROJECT["setup"],
        "runs scripts/down.sh of the repository",
        OF_PROJECT["teardown"],
        OF_PROJECT["check"],
    )
    facts = dict(trust_card_text(stage.policy.preview(stage.job()), "a.json").facts)
    program = shutil.which("sh")
    assert facts["Setup"] == f"{program} scripts/setup.sh"
    assert facts["Teardown"] == f"{program} scripts/down.sh"
    assert facts["Check"].endswith("make test")
    assert "If it fails" not in facts
    assert (
        facts["If trusted"] == "bound to this command and the contents of scripts/setup.sh, scripts/down.sh"
    )


def test_a_job_of_the_inbox_whose_tree_would_run_a_setup_nobody_has_reviewed_is_held(stage: Stage) -> None:
    stage.trust(stage.job())
    assert stage.arrives(stage.job()) is None
    with_setup(stage)
    held = stage.arrives(stage.job())
    assert held is not None
    assert held.cause is HoldCause.TRUST
    stage.trust(stage.job())
    assert stage.arrives(stage.job()) is None


@pytest.mark.parametrize("change", ["scripts/setup.sh", "scripts/down.sh", PROJECT_FILE])
def test_a_job_is_held_again_once_what_the_project_file_has_run_has_changed(
    stage: Stage, change: str
) -> None:
    with_setup(stage, ALL)
    stage.trust(stage.job())
    stage.make_tree()
    assert stage.starts(stage.job()) is None
    for root in (stage.repo, stage.tree):
        path = root / change
        path.write_text(path.read_text().replace("test", "all") if change == PROJECT_FILE else "echo two\n")
    assert stage.arrives(stage.job()) is not None
    assert stage.starts(stage.job()) is not None


def test_a_job_that_works_in_place_runs_none_of_it(stage: Stage) -> None:
    with_setup(stage, ALL)
    in_place = stage.job(metadata={"isolation": "in_place"})
    assert concerns_of(launch_plans(in_place)) == ()
    assert concerns_of(launch_plans(stage.job(), isolation="in_place")) == ()
    asked = stage.job(metadata={"isolation": "worktree"})
    assert concerns_of(launch_plans(asked, isolation="in_place")) != ()
    stage.commit(_dot_signalbox_dot_yaml=f"{ALL}isolation: in_place\n")
    assert concerns_of(launch_plans(stage.job())) == ()


def test_a_step_that_runs_no_coding_tool_needs_the_setup_granted_only_where_it_has_to_run_it(
    stage: Stage,
) -> None:
    with_setup(stage)
    stage.make_tree()
    step = stage.shell("sh", "scripts/down.sh")
    stage.trust(step)
    assert stage.starts(step) is None
    assert stage.starts(step, is_set_up=False) is not None


# --- a grant of the repository holds in its worktrees -----------------------------------------------------------


def test_a_grant_for_the_repository_holds_in_a_worktree_with_the_same_contents(stage: Stage) -> None:
    with_setup(stage, ALL)
    stage.commit(_dot_claude__settings_dot_json="{}", run_dot_py="print(1)\n")
    for spec in (stage.job(), stage.shell("python3", "run.py"), stage.shell("git", "log")):
        stage.trust(spec)
    stage.make_tree()
    for spec in (stage.job(), stage.shell("python3", "run.py"), stage.shell("git", "log")):
        assert stage.starts(spec) is None, spec


def test_it_holds_there_although_the_user_has_worked_on(stage: Stage) -> None:
    stage.commit(run_dot_py="print(1)\n")
    spec = stage.shell("python3", "run.py")
    stage.trust(spec)
    stage.make_tree()
    stage.commit(run_dot_py="print(2)\n")
    assert stage.starts(spec) is None
    (stage.repo / "new.py").write_text("print(3)\n")
    assert stage.starts(spec) is None


def test_it_does_not_hold_where_the_worktree_has_what_nobody_has_seen(stage: Stage) -> None:
    stage.commit(run_dot_py="print(1)\n")
    spec = stage.shell("python3", "run.py")
    stage.make_tree()
    stage.commit(run_dot_py="print(2)\n")
    stage.trust(spec)
    held = stage.starts(spec)
    assert held is not None
    assert "in its worktree, run.py has changed" in held.reason or "commit" in held.reason


@pytest.mark.parametrize("path", ["run.py", "other.py", ".claude/settings.json"])
def test_what_an_earlier_step_has_changed_there_counts_as_it_does_in_place(stage: Stage, path: str) -> None:
    stage.commit(run_dot_py="print(1)\n", other_dot_py="x = 1\n", _dot_claude__settings_dot_json="{}")
    spec = stage.job() if path.startswith(".claude") else stage.shell("python3", "run.py")
    stage.trust(spec)
    stage.make_tree()
    row = Job(job_id="j", run_id="r", ws_id="w", tool=spec.tool, origin=Origin.INBOX)
    (stage.tree / path).write_text('{"hooks": {}}')
    there = stage.starts(spec)
    (stage.repo / path).write_text('{"hooks": {}}')
    here = stage.policy.objection(row, spec)
    assert here is not None
    assert there is not None
    assert (there.cause, here.cause) == (HoldCause.TRUST, HoldCause.TRUST)


def test_a_coding_tool_goes_on_after_an_edit_of_files_that_it_is_not_bound_to(stage: Stage) -> None:
    stage.trust(stage.job())
    stage.make_tree()
    (stage.tree / "hello.py").write_text("print('edited')\n")
    (stage.tree / "new.py").write_text("print('new')\n")
    assert stage.starts(stage.job()) is None


def test_files_that_git_ignores_need_not_be_in_the_worktree(stage: Stage) -> None:
    stage.commit(_dot_gitignore=".claude/settings.local.json\n.env\n")
    for name in (".claude/settings.local.json", ".env"):
        (stage.repo / name).parent.mkdir(exist_ok=True)
        (stage.repo / name).write_text("{}")
    for spec in (stage.job(), stage.shell("python3", "hello.py")):
        stage.trust(spec)
    stage.make_tree()
    assert stage.starts(stage.job()) is None
    assert stage.starts(stage.shell("python3", "hello.py")) is None


def test_a_bound_file_that_a_step_has_deleted_is_a_change(stage: Stage) -> None:
    stage.commit(_dot_claude__settings_dot_json='{"permissions": {"deny": ["Bash"]}}')
    stage.trust(stage.job())
    stage.make_tree()
    (stage.tree / ".claude" / "settings.json").unlink()
    held = stage.starts(stage.job())
    assert held is not None
    assert "settings.json has changed" in held.reason


def test_a_grant_given_in_a_worktree_holds_there_and_never_for_the_users_own_tree(stage: Stage) -> None:
    stage.commit(run_dot_py="print(1)\n")
    stage.make_tree()
    for spec in (stage.job(), stage.shell("python3", "run.py")):
        there = stage.placed(spec)
        stage.policy.grants.grant(placed_plans(there, {}, stage.policy.states()))
        assert stage.starts(spec) is None
        assert stage.arrives(spec) is not None
        row = Job(job_id="j", run_id="r", ws_id="w", tool=spec.tool, origin=Origin.INBOX)
        assert stage.policy.objection(row, spec) is not None
        assert not stage.policy.preview(spec).granted


def test_a_program_in_the_worktree_is_that_of_the_repository_only_with_the_same_contents(
    stage: Stage,
) -> None:
    stage.commit(tool_dot_sh="#!/bin/sh\necho one\n")
    (stage.repo / "tool.sh").chmod(0o755)
    stage.git("commit", "-qam", "executable")
    spec = stage.shell("./tool.sh")
    stage.trust(spec)
    stage.make_tree()
    assert stage.starts(spec) is None
    (stage.tree / "tool.sh").write_text("#!/bin/sh\necho two\n")
    assert stage.starts(spec) is not None


def test_one_start_that_was_allowed_is_allowed_in_the_worktree(stage: Stage) -> None:
    with_setup(stage)
    stage.make_tree()
    spec = stage.job()
    assert stage.starts(spec) is not None
    row = Job(job_id="j", run_id="r", ws_id="w", tool="claude", origin=Origin.INBOX)
    stage.policy.allow(row, spec)
    assert stage.starts(spec) is None
    assert stage.arrives(replace_id(spec)) is not None


def test_what_a_person_lets_run_in_the_worktree_runs_as_it_lies_there(stage: Stage) -> None:
    stage.commit(_dot_claude__settings_dot_json="{}")
    stage.make_tree()
    (stage.tree / ".claude" / "settings.json").write_text('{"hooks": {}}')
    spec = stage.job()
    row = Job(job_id="j", run_id="r", ws_id="w", tool="claude", origin=Origin.INBOX)
    stage.policy.allow(row, spec)
    assert stage.starts(spec) is not None
    stage.policy.allow(row, spec, placed=stage.placed(spec).spec, worktree=stage.worktree())
    assert stage.starts(spec) is None
    (stage.tree / ".claude" / "settings.json").write_text('{"hooks": {"Stop": []}}')
    assert stage.starts(spec) is not None


def replace_id(spec: JobSpec) -> JobSpec:
    return spec.evolve(job_id="another")


def test_the_plans_of_a_clean_worktree_are_those_of_the_repository(stage: Stage) -> None:
    with_setup(stage, ALL)
    stage.make_tree()
    states: Callable[[], Any] = stage.policy.states
    for spec in (stage.job(), stage.shell("python3", "hello.py"), stage.job("tests")):
        placed = stage.placed(spec)
        moved = as_in_repository(placed_plans(placed, {}, states()), placed)
        own = [plan.with_state(states()) for plan in launch_plans(spec)]
        for there, here in zip(moved, own, strict=True):
            assert there.digest == here.digest
            assert replace(there, state=None) == replace(here, state=None)
            assert there.shown_digest == here.shown_digest, (there.state, here.state)
